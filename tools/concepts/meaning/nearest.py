"""Words of a question, a record -> the recorded names that are nearest in meaning, and how near."""

from collections.abc import Container, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tools.concepts.lexicon import lexicon
from tools.concepts.linking import is_known, link
from tools.concepts.meaning.vectors import Floats, unit, vectors
from tools.concepts.wording import stem, stems, tokens
from tools.record import PatientRecord
from tools.wording.text import plain_name

_MOST_WORDS = 7
"""Words of a stretch that is held against names."""
ALIKE = 0.65
"""The likeness from which on a name may be meant: 2 % of words for what is not recorded have one so near."""
_LOOKED_AT = 6
"""The nearest names of which those are left out that say another number: "stage 4" is not "stage 1"."""


@dataclass(frozen=True, slots=True)
class Near:
    """A recorded name that words may mean.

    Attributes:
        name: as recorded.
        kinds: the FHIR resource types that hold something of that name.
        likeness: of 1, how near the words are to it in meaning; 1 where they have the same words.
        next: the likeness of the next name.
    """

    name: str
    kinds: tuple[str, ...]
    likeness: float
    next: float = 0.0


@dataclass(frozen=True, slots=True)
class _Names:
    """The recorded names of some types, with these types and their stems: a row of the matrix each."""

    names: tuple[tuple[str, tuple[str, ...]], ...]
    stems: tuple[frozenset[str], ...]
    rows: Floats


def nearest(text: str, record: PatientRecord, types: Sequence[str], most: int = 3) -> tuple[Near, ...]:
    """Return the recorded names that are nearest to a text, the nearest first.

    Args:
        text: what something was called.
        record: the patient's record.
        types: FHIR resource types of the names.
        most: how many are wanted.
    """
    return record.once(_nearest, text, tuple(types), most)


def _nearest(record: PatientRecord, text: str, types: tuple[str, ...], most: int) -> tuple[Near, ...]:
    held = record.once(_names, types)
    if not held.names:
        return ()
    likeness = _likeness(vectors().of([text]), held.rows)
    return _best(held, likeness[0], most, tokens(text))


def unknown_but_near(text: str, record: PatientRecord, types: Sequence[str]) -> str:
    """Return the recorded name that a text may mean; "" if none is near, and for what the record or the lexicon has."""
    if not text or is_known(tokens(text)) or link(text, record, types):
        return ""
    near = nearest(text, record, types, 1)
    return near[0].name if near and near[0].likeness >= ALIKE else ""


def may_be(text: str, name: str) -> str:
    """Return the remark that a name may mean what was asked for."""
    return f"no entry is called {text}; {plain_name(name)} may be what is meant"


def stretches(
    words: Sequence[str], record: PatientRecord, types: Sequence[str], never: Container[int], least: float
) -> Iterator[tuple[int, int, Near]]:
    """Yield stretches of a question that have a recorded name near them: the first word, the one after, and the name.

    Args:
        words: of the question.
        record: the patient's record.
        types: FHIR resource types of the names.
        never: places of words that are in none.
        least: the likeness from which on a name is near.
    """
    held = record.once(_names, tuple(types))
    if not held.names:
        return
    lists, short = lexicon().lists, stems(tuple(words))
    outside = {place for place, word in enumerate(short) if place in never or word in lists["asking"]}
    bounds = [
        (first, end)
        for first in range(len(words))
        for end in range(first + 1, min(len(words), first + _MOST_WORDS) + 1)
        if lists["joining"].isdisjoint((short[first], short[end - 1]))
        and outside.isdisjoint(range(first, end))
        and not lists["weak"].issuperset(short[first:end])
    ]
    if not bounds:
        return
    rows = vectors().of_words(words)
    sums = np.concatenate([np.zeros((1, rows.shape[1]), np.float32), rows.cumsum(0)])
    likeness = _likeness(unit(np.stack([sums[end] - sums[first] for first, end in bounds])), held.rows)
    for (first, end), row in zip(bounds, likeness, strict=True):
        if row.max() >= least:
            near = _best(held, row, 1, words[first:end])
            yield from ((first, end, each) for each in near if each.likeness >= least)


def _likeness(these: Floats, those: Floats) -> Floats:
    """Return how near each row is to each other one; in one thread, as more of them wait longer than they work here."""
    found: Floats = np.einsum("ik,jk->ij", these, those)
    return found


def _best(held: _Names, likeness: Floats, most: int, words: Sequence[str]) -> tuple[Near, ...]:
    """Return the names that are nearest, of those that say neither another number nor the opposite."""
    said = frozenset(map(stem, words))
    order = np.argsort(-likeness)[:_LOOKED_AT].tolist()
    fitting = [at for at in order if not _apart(said, held.stems[at])]
    told = [float(likeness[at]) for at in fitting]
    return tuple(
        Near(held.names[at][0], held.names[at][1], told[n], told[n + 1] if n + 1 < len(told) else 0.0)
        for n, at in enumerate(fitting[:most])
    )


def _apart(said: Set[str], name: Set[str]) -> bool:
    """Tell whether words and a name say two numbers, or two sides of which one never means the other."""
    numbers = [{word for word in words if word[0].isdigit()} for words in (said, name)]
    if all(numbers) and numbers[0].isdisjoint(numbers[1]):
        return True
    for sides in lexicon().opposites:
        here, there = ([n for n, side in enumerate(sides) if side & words] for words in (said, name))
        if here and there and set(here).isdisjoint(there):
            return True
    return False


def _names(record: PatientRecord, types: tuple[str, ...]) -> _Names:
    """Return the names of a record, each once with its types; none that denies, suspects or tells of relatives."""
    found: dict[str, tuple[str, list[str]]] = {}
    for kind in types:
        for term in record.terms(kind):
            plain = plain_name(term.display)
            denied = lexicon().negating.intersection(tokens(plain)[:1])
            if plain and not denied and not any(entry.sense for entry in term.entries):
                found.setdefault(plain.casefold(), (term.display, []))[1].append(kind)
    names = tuple((name, tuple(dict.fromkeys(kinds))) for name, kinds in found.values())
    words, rows = _in_vectors(tuple(plain_name(name) for name, _ in names))
    return _Names(names, words, rows)


@lru_cache(maxsize=64)
def _in_vectors(names: tuple[str, ...]) -> tuple[tuple[frozenset[str], ...], Floats]:
    """Return the stems of names, and a row for each; records with the same names share them."""
    return tuple(frozenset(map(stem, tokens(name))) for name in names), vectors().of(names)
