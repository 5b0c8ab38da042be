"""A question as it was written -> as it is asked: on one line, neither empty nor too long."""

import re

from tools.calls.errors import BadArgument
from tools.wording.text import normal

LONGEST_QUESTION = 2000
"""Characters; a longer question is refused, never cut."""
MOST_WORDS = 80
"""Words and marks of a sentence that is read; one with more is left to a model, none is cut."""
_WORD_OR_MARK = re.compile(r"[^\W_]+|[^\w\s]|_")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
"""What JSON can say and neither UTF-8 nor a database can keep."""


def readable(question: str) -> str:
    r"""Return a question on one line, without what is no text.

    Example:
        >>> readable("How old\n is she?\x00")
        'How old is she?'

    Raises:
        BadArgument: it is empty or too long.
    """
    text = " ".join(_NO_TEXT.sub(" ", question).split())
    example = "What was the last HbA1c?"
    if not text:
        raise BadArgument("question", question, "words", example)
    if len(text) > LONGEST_QUESTION:
        raise BadArgument("question", question, f"at most {LONGEST_QUESTION} characters", example)
    return text


def words_of(question: str) -> int:
    """Return how many words and marks a question has.

    >>> words_of("Is 'type-2 diabetes' active?")
    9
    """
    return len(_WORD_OR_MARK.findall(normal(question)))
