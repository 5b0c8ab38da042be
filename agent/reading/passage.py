"""A longer text -> the sentences of it that may be the question; the rest is context, as a note pasted before it."""

import re
from collections.abc import Iterator

from agent.asking import MOST_WORDS, words_of
from agent.reading.words import WORDS, any_of, words_in

SHORT = 45
"""Words of a text that is read as a whole."""
_TRIED = 2
_SAYS_NOTHING = {
    "what", "which", "who", "when", "where", "why", "how", "is", "was", "are", "were", "has", "had", "the", "and",
    "she", "her", "his",
}  # fmt: skip
"""Words with which a question begins and that ask nothing alone."""
_END = re.compile(r"(?<=[.?!:;])\s+(?=[\"'“(\[]?\w)|\s*[\r\n]+\s*|\s+[-–—]{1,2}\s+(?=\w)")
_WORD = re.compile(r"\w+")
_JOINTS = any_of(WORDS["joints"]["and"])
_JOINT = re.compile(rf"[?;]\s+(?:(?:{_JOINTS})\s+)?|,?\s+(?:{_JOINTS}),?\s+", re.I)
_FEWEST = 2
"""Words of a question that stands beside another."""
_TRIED_JOINTS = 3
"""Places that are tried for where one question ends and the next begins."""


def questions_in(text: str) -> tuple[str, ...]:
    """Return what of a text may be the question: the sentences with a question mark, else the last and the first.

    A sentence of more than 80 words and marks is not read.

    >>> questions_in("What was the last HbA1c?")
    ('What was the last HbA1c?',)
    >>> questions_in("Seen in clinic. " * 20 + "When was metformin started? Thanks.")[0]
    'When was metformin started?'
    """
    if not any(len(word) > 1 and word not in _SAYS_NOTHING for word in words_in(text)):
        return ()
    if len(_WORD.findall(text)) <= SHORT:
        return (text,) if words_of(text) <= MOST_WORDS else ()
    parts = [part.strip() for part in _END.split(text) if len(_WORD.findall(part)) > 1]
    parts = [part for part in parts or [text] if words_of(part) <= MOST_WORDS]
    if len(parts) < 2:
        return tuple(parts)
    asked = [part for part in parts if part.endswith("?")]
    return tuple(dict.fromkeys(reversed(asked) if asked else (parts[-1], parts[0])))[:_TRIED]


def halves_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield ways to take a text for two questions, one after the other.

    >>> list(halves_of("What is her A1c and when was her last colonoscopy?"))
    [('What is her A1c', 'when was her last colonoscopy?')]
    """
    if len(_WORD.findall(text)) > SHORT:
        return
    for joint in list(_JOINT.finditer(text))[:_TRIED_JOINTS]:
        first, second = text[: joint.start()].strip(), text[joint.end() :].strip()
        if min(len(_WORD.findall(first)), len(_WORD.findall(second))) >= _FEWEST:
            yield first, second
