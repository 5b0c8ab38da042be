"""A misspelt word -> the words it may stand for.

Strict: one slip in a short word, two in a long one or where the consonants agree. Words that differ by a
letter and never mean each other (hyper-, hypo-) are listed in the lexicon.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from tools.concepts.lexicon import lexicon

_SHORTEST = 5
_LONG = 11
_ENDINGS = (("ase", "ate"), ("ase", "ose"), ("ine", "ide"), ("ate", "ite"), ("one", "ole"), ("itis", "osis"))


def corrections(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that `word` may be meant for, nearest first.

    >>> corrections("hypertention", ["hypertension", "hypotension"])
    ['hypertension']
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return []
    distance = cast(Any, OSA.distance)
    near = extract(word, known, scorer=distance, score_cutoff=2, limit=8)
    return [other for other, slips, _ in near if slips and _may_be(word, other, int(slips))]


@lru_cache(maxsize=4096)
def said_for(word: str) -> tuple[str, ...]:
    """Return the words of the lexicon that `word` may be meant for, nearest first."""
    return tuple(corrections(word, list(lexicon().words)))


def spelt(text: str) -> str:
    """Return a text with its misspelt words as the lexicon has them; words that it has, and unknown ones, stay.

    >>> spelt("siezures at night")
    'seizures at night'
    """
    known = lexicon().words
    words = text.lower().split()
    return " ".join(word if word in known else next(iter(said_for(word)), word) for word in words)


def _may_be(word: str, other: str, slips: int) -> bool:
    shorter = min(len(word), len(other))
    if shorter < _SHORTEST or _confusable(word, other):
        return False
    if slips == 1:
        return word[0] == other[0] or shorter >= 8
    return shorter >= _LONG or (shorter >= 6 and _skeleton(word) == _skeleton(other))


def _confusable(word: str, other: str) -> bool:
    pairs = lexicon().confusable
    apart = any((a in word and b in other) or (b in word and a in other) for a, b in pairs)
    return apart or any(
        (word.endswith(a) and other.endswith(b)) or (word.endswith(b) and other.endswith(a))
        for a, b in _ENDINGS
    )


@lru_cache(maxsize=4096)
def _skeleton(word: str) -> str:
    """Consonants as they sound, without doubles: "colestorol" and "cholesterol" agree."""
    sound = word.replace("ph", "f").replace("ck", "k").replace("c", "k").replace("z", "s").replace("x", "ks")
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyhw]", "", sound))
