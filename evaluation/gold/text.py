"""Names -> the words that carry their meaning, to tell whether one name could mean another thing."""

import re
from functools import lru_cache

_LONGEST = 100
_WORD = re.compile(r"[^\W_]+")
_EMPTY = re.compile(
    r"an?|and|a[st]|by|due|for|from|i[nst]|into|its|o[fnr]|other|per|than|the|to|using|via|with|without|not?"
    r"|procedure|disorder|finding|situation|regime|therapy|substance|m[gl]|hr|oral|tablet|capsule|solution"
    r"|injectable|blood|serum|plasma|volume|mass|moles|ratio|automated|count|presence"
)


@lru_cache(maxsize=65_536)
def words(name: str) -> frozenset[str]:
    """Return the words of a name that carry meaning, without plural s.

    >>> sorted(words("Laceration of the feet"))
    ['feet', 'laceration']
    """
    found = (word.lower() for word in _WORD.findall(name))
    return frozenset(_single(word) for word in found if not _EMPTY.fullmatch(word))


def could_mean(asked: str, other: str) -> bool:
    """Whether a name that is asked for could mean another name: all its words are in there."""
    wanted = words(asked)
    return not wanted or wanted <= words(other)


def askable(name: str) -> bool:
    """Whether a name can stand within a question: it is no question itself, and short enough to be said."""
    return "?" not in name and len(name) <= _LONGEST


def in_sentence(name: str) -> str:
    """Return a name as it stands within a sentence; one with capitals further on stays as it is.

    >>> in_sentence("Viral sinusitis"), in_sentence("HDL"), in_sentence("Metabolic syndrome X")
    ('viral sinusitis', 'HDL', 'Metabolic syndrome X')
    """
    return name if name[1:] != name[1:].lower() else name.lower()


def _single(word: str) -> str:
    return (
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
    )
