"""A question as it was written -> as it is asked: on one line, neither empty nor too long."""

from tools.errors import BadArgument

LONGEST_QUESTION = 2000
"""Characters; a longer question is refused, never cut."""


def readable(question: str) -> str:
    """Return a question on one line.

    Raises:
        BadArgument: it is empty or too long.
    """
    text = " ".join(question.split())
    example = "What was the last HbA1c?"
    if not text:
        raise BadArgument("question", question, "words", example)
    if len(text) > LONGEST_QUESTION:
        raise BadArgument("question", question, f"at most {LONGEST_QUESTION} characters", example)
    return text
