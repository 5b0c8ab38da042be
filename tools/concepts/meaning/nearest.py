"""Words of a question, a record -> the recorded names that are nearest in meaning, and how near."""

from collections.abc import Container, Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np

from tools.concepts.lexicon import lexicon
from tools.concepts.linking import is_known, link
from tools.concepts.meaning.vectors import Floats, unit, vectors
from tools.concepts.wording import stem, tokens
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
        kind: its FHIR resource type.
        likeness: of 1, how near the words are to it in meaning; 1 where they have the same words.
        next: the likeness of the next name.
    """

    name: str
    kind: str
    likeness: float
    next: float = 0.0


@dataclass(frozen=True, slots=True)
class _Names:
    """The recorded names of some types: a row of the matrix each."""

    names: tuple[tuple[str, str], ...]
    numbers: tuple[frozenset[str], ...]
    rows: Floats


def nearest(text: str, record: PatientRecord, types: Sequence[str], most: int = 3) -> tuple[Near, ...]:
    """Return the recorded names that are nearest to a text, the nearest first.

    Args:
        text: what something was called.
        record: the patient's record.
        types: FHIR resource types of the names.
        most: how many are wanted.
    """
    held = record.once(_names, tuple(types))
    if not held.names:
        return ()
    likeness = vectors().of([text])[0] @ held.rows.T
    return _best(held, likeness, most, _numbers(tokens(text)))


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
    joining, weak = lexicon().lists["joining"], lexicon().lists["weak"]
    bounds = [
        (first, end)
        for first in range(len(words))
        for end in range(first + 1, min(len(words), first + _MOST_WORDS) + 1)
        if words[first] not in joining
        and words[end - 1] not in joining
        and not any(place in never for place in range(first, end))
        and not weak.issuperset(map(stem, words[first:end]))
    ]
    if not held.names or not bounds:
        return
    rows = vectors().of_words(words)
    sums = np.concatenate([np.zeros((1, rows.shape[1]), np.float32), rows.cumsum(0)])
    likeness = unit(np.stack([sums[end] - sums[first] for first, end in bounds])) @ held.rows.T
    for (first, end), row in zip(bounds, likeness, strict=True):
        if row.max() >= least:
            near = _best(held, row, 1, _numbers(words[first:end]))
            yield from ((first, end, each) for each in near if each.likeness >= least)


def _best(held: _Names, likeness: Floats, most: int, numbers: Set[str]) -> tuple[Near, ...]:
    """Return the names that are nearest, of those that say no other number."""
    order = np.argsort(-likeness)[:_LOOKED_AT].tolist()
    fitting = [at for at in order if not numbers or not held.numbers[at] or numbers & held.numbers[at]]
    told = [float(likeness[at]) for at in fitting]
    return tuple(
        Near(held.names[at][0], held.names[at][1], told[n], told[n + 1] if n + 1 < len(told) else 0.0)
        for n, at in enumerate(fitting[:most])
    )


def _numbers(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if word[0].isdigit())


def _names(record: PatientRecord, types: tuple[str, ...]) -> _Names:
    """Return the names of a record, each once for its type."""
    named = [(term.display, kind) for kind in types for term in record.terms(kind) if term.display]
    names = tuple(dict.fromkeys(named))
    plain = [plain_name(name) for name, _ in names]
    numbers = tuple(_numbers(tokens(name)) for name in plain)
    return _Names(names, numbers, vectors().of(plain))
