"""What a text denies: "no fever or cough" denies fever, "concussion with no loss of sight" denies loss.

Left out: how far a denial reaches beyond the first word that tells something.
"""

from collections.abc import Sequence
from functools import lru_cache

from agent.check.segments import bare
from agent.check.tokens import stem
from agent.check.vocabulary import allowed
from tools.wording.text import words

_REACH = 5


def negated(masked: str) -> bool:
    """Tell whether a piece denies in its own words."""
    return how_often_denied(masked) > 0


def how_often_denied(masked: str) -> int:
    """Return how many denials a piece has in its own words."""
    return len(denials_in(words(bare(masked))))


@lru_cache(maxsize=8192)
def denied(text: str) -> frozenset[str]:
    """Return the word that each denial of a text stands before, "" for one that stands before none but a date.

    >>> sorted(denied("Concussion with no loss of consciousness")), denied("Chest pain: none")
    (['loss'], frozenset({''}))
    """
    said = [*map(stem, words(text))]
    found: set[str] = set()
    for n in denials_in(said):
        reached = said[n + 1 : n + 1 + _REACH]
        after = [word for word in reached if word not in allowed("plain") and not word[0].isdigit()]
        found.add(after[0] if after else "")
    return frozenset(found)


def denials_in(said: Sequence[str]) -> list[int]:
    """Return which of the words deny."""
    return [n for n, word in enumerate(said) if word in allowed("negation") or word.endswith("n't")]
