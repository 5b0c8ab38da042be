"""tools/concepts/concepts.toml -> its tables, the label of the line that has a code, and codes whose names disagree.

The lines are read here only for what they say of codes and whole names; what words can mean is read by
tools/concepts.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from tools.wording.text import words

_FILE = Path(__file__).parent.parent / "concepts" / "concepts.toml"
_CODE = re.compile(r"\d{1,7}-\d|\d{5,18}")
_COMPARED = {
    "Observation": ("tests", "vitals", "panels"),
    "Condition": ("conditions", "condition_classes"),
}
"""Tables in which a code and a name of a kind are compared."""


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Mapping[str, str]]:
    """Return the tables of the file, read once per process."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def label_of(code: str) -> str:
    """Return the label of the first line that holds a LOINC or SNOMED CT code, "" if none does.

    >>> label_of("4548-4"), label_of("38341003"), label_of("1-1")
    ('hemoglobin A1c', 'hypertension', '')
    """
    return _first_labels().get(code, "")


@lru_cache(maxsize=1)
def _first_labels() -> Mapping[str, str]:
    labels: dict[str, str] = {}
    for table in tables():
        for label, _, held in _lines(table):
            for code in _codes(held):
                labels.setdefault(code, label)
    return labels


@lru_cache(maxsize=16384)
def disagreement(kind: str, codes: frozenset[str], names: tuple[str, ...]) -> str:
    """Return in words that a code and a name are of different things, "" if they may be of one.

    Only whole names and codes of the file are compared, and a wider or narrower name is none of another thing.

    >>> disagreement("Observation", frozenset({"2823-3"}), ("Sodium",))
    'its code says potassium, its name sodium'
    >>> disagreement("Observation", frozenset({"2823-3"}), ("Potassium level",))
    ''
    """
    if kind not in _COMPARED:
        return ""
    by_code, by_name, wider = _compared(kind)
    coded = {label for code in codes for label in by_code.get(code, ())}
    named = {label for name in names for label in by_name.get(words(name), ())}
    if not coded or not named or _related(coded, named, wider):
        return ""
    return f"its code says {sorted(coded)[0]}, its name {sorted(named)[0]}"


def _related(some: set[str], others: set[str], wider: Mapping[str, set[str]]) -> bool:
    """Tell whether a label is among both, is a part of one, or has all the words of one."""
    if not {*some, *(part for label in some for part in wider.get(label, ()))}.isdisjoint(others):
        return True
    if not {part for label in others for part in wider.get(label, ())}.isdisjoint(some):
        return True
    pairs = [(set(words(one)), set(words(other))) for one in some for other in others]
    return any(one <= other or other <= one for one, other in pairs)


@lru_cache(maxsize=2)
def _compared(
    kind: str,
) -> tuple[Mapping[str, set[str]], Mapping[tuple[str, ...], set[str]], Mapping[str, set[str]]]:
    """Return the labels by code and by whole name, and the labels that a label holds."""
    by_code: dict[str, set[str]] = defaultdict(set)
    by_name: dict[tuple[str, ...], set[str]] = defaultdict(set)
    wider: dict[str, set[str]] = defaultdict(set)
    for table in _COMPARED[kind]:
        for label, said, held in _lines(table):
            for code in _codes(held):
                by_code[code].add(label)
            for name in (label, *said.split(",")):
                by_name[words(name)].add(label)
            wider[label].update(item.strip() for item in held.split(","))
    return by_code, by_name, wider


def _lines(table: str) -> Iterator[tuple[str, str, str]]:
    """Yield the lines of a table: the label, what people say, what records hold."""
    for label, line in tables()[table].items():
        said, _, held = line.partition("|")
        yield label, said, held.partition("|")[0]


def _codes(held: str) -> list[str]:
    return _CODE.findall(held)
