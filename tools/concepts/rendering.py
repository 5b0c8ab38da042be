"""A recorded name -> further names for it, in plain English and without what only says how it was measured.

"Metoprololsuccinat" is metoprolol, "Herzinsuffizienz" heart failure, "Xray exam" x ray exam (renderings.toml);
"Height (cm)" and "Daily Weight" are height and weight ([words] of concepts.toml). They are compared, never shown.
Left out: grammar; words of a question.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from pathlib import Path

from tools.concepts.lexicon import lexicon
from tools.concepts.wording import Words, stem, tokens

_FILE = Path(__file__).parent / "renderings.toml"
_BRACKETS = re.compile(r"\(([^()]*)\)")
_DRUGS = ("Medication", "AllergyIntolerance")
_SHORTEST = 4
"""Letters that must be left of a word without its ending."""


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def in_english(words: Words, kind: str) -> Words:
    """Return the words of a recorded name with those put in English that are not.

    >>> in_english(("metoprololsuccinat", "47"), "MedicationRequest")
    ('metoprolol', '47')
    >>> in_english(("chronische", "herzinsuffizienz"), "Condition")
    ('chronic', 'heart', 'failure')
    """
    drugs = kind.startswith(_DRUGS)
    return tuple(chain.from_iterable(_rendered(word, drugs) for word in words))


@lru_cache(maxsize=8192)
def _rendered(word: str, drugs: bool) -> Words:
    tables = _tables()
    english = (tables["drugs"].get(word) if drugs else None) or tables["words"].get(word)
    if english:
        return tuple(english.split())
    if not drugs or len(word) <= _SHORTEST or _is_said(word):
        return (word,)
    for ending, instead in tables["endings"].items():
        first, *rest = (word.removesuffix(ending) + instead).split() or [word]
        if word.endswith(ending) and len(first) > _SHORTEST and _is_said(first):
            return (first, *rest)
    return (word,)


def _is_said(word: str) -> bool:
    return stem(word) in _stems_said()


@lru_cache(maxsize=1)
def _stems_said() -> frozenset[str]:
    return frozenset(map(stem, lexicon().words))


def label_words(label: str) -> Words:
    """Return the words of a test's local name without those that say where, in what unit or by what it was measured.

    >>> [label_words(each) for each in ("Height (cm)", "Daily Weight", "Heart Rate", "Heart rate (Set)")]
    [('height',), ('weight',), ('heart', 'rate'), ('heart', 'rate', 'set')]
    """
    lists = lexicon().lists
    beside, within = lists["beside a label"], lists["in brackets"]

    def kept(match: re.Match[str]) -> str:
        inner = tokens(match[1])
        return " " if all(stem(word) in within or word[0].isdigit() for word in inner) else f" {match[1]} "

    plain = tokens(_BRACKETS.sub(kept, label))
    return tuple(word for word in plain if stem(word) not in beside) or plain
