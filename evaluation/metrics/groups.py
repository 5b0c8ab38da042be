"""Entries -> groups of them: by category, voice, kind of question, size of the record, steps and outcome.

A group without entries is left out, and so are records whose size and results whose outcome is not known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from evaluation.entries import Entry

BANDS = 3
Groups = dict[str, list[Entry]]


def bands(sizes: Iterable[int], parts: int = BANDS) -> dict[int, tuple[int, int]]:
    """Return the band (smallest, largest) of each size; about as many sizes in each band.

    >>> bands([900, 100, 300, 200, 100])
    {100: (100, 100), 200: (200, 200), 300: (300, 900), 900: (300, 900)}
    """
    ordered = sorted(set(sizes))
    cuts = [
        ordered[part * len(ordered) // parts : (part + 1) * len(ordered) // parts] for part in range(parts)
    ]
    return {size: (cut[0], cut[-1]) for cut in cuts for size in cut}


def by_category(entries: Sequence[Entry]) -> Groups:
    """Split by what the questions are about."""
    return _split(entries, lambda entry: entry.case.category)


def by_view(entries: Sequence[Entry]) -> Groups:
    """Split by voice: the clinician's or the patient's."""
    return _split(entries, lambda entry: entry.case.view)


def by_template(entries: Sequence[Entry]) -> Groups:
    """Split by kind of question."""
    return _split(entries, lambda entry: entry.case.template)


def by_record_size(entries: Sequence[Entry]) -> Groups:
    """Split into three bands of about as many records, named by their bounds in resources."""
    sized = [entry for entry in entries if entry.case.record_size]
    band = bands(entry.case.record_size for entry in sized)
    return _split(
        sized, lambda entry: band[entry.case.record_size], lambda bounds: f"{bounds[0]}–{bounds[1]}"
    )


def by_steps(entries: Sequence[Entry]) -> Groups:
    """Split by the number of look-ups that the answer takes."""
    return _split(entries, lambda entry: entry.case.steps)


def by_outcome(entries: Sequence[Entry]) -> Groups:
    """Split by how the questions ended, as the solver tells it."""
    told = [entry for entry in entries if entry.result.outcome]
    return _split(told, lambda entry: entry.result.outcome)


def _split(entries: Sequence[Entry], key: Callable[[Entry], Any], name: Callable[[Any], str] = str) -> Groups:
    found: dict[Any, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[key(entry)].append(entry)
    return {name(each): found[each] for each in sorted(found)}


DIMENSIONS: Mapping[str, Callable[[Sequence[Entry]], Groups]] = MappingProxyType(
    {
        "category": by_category,
        "view": by_view,
        "record_size": by_record_size,
        "steps": by_steps,
        "outcome": by_outcome,
        "template": by_template,
    }
)
