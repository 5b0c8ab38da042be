"""What words were read as -> the tests that are meant, each with its measurements.

A panel is several tests; a panel's observation without a value of its own stands for its components. Left
out: which words mean a panel (concepts), and what is picked of a test (picks).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tools.concepts import Reading
from tools.entries.entry import Entry
from tools.finding.cultures import grown_in, is_microbiology, members, of_microbiology
from tools.finding.windows import Window, in_window
from tools.measuring.series import Point, points
from tools.record import PatientRecord
from tools.wording.text import words
from tools.wording.words import shown_name

Pressure = Literal["systolic", "diastolic"]
_DEEPEST = 3
"""Levels of members within members."""
_PRESSURES: dict[str, Pressure] = {"8480-6": "systolic", "8462-4": "diastolic"}


@dataclass(frozen=True, slots=True)
class Assay:
    """One test; its measurements oldest first; which half of a blood pressure it is, if any."""

    label: str
    points: tuple[Point, ...]
    pressure: Pressure | None = None


def assays(reading: Reading, record: PatientRecord, window: Window) -> list[Assay]:
    """Return the tests that a reading means, with their measurements in a window; at least one, maybe empty.

    Components are tests of their own where the observation has no value itself, together with what is recorded
    of the same test without a panel; so are systolic and diastolic pressure where words mean both. Systolic comes
    before diastolic, otherwise the order is that of the record.
    """
    leaves = _with_singles(list(_leaves(reading.entries, record)), record)
    by_code: dict[str, list[Entry]] = {}
    for entry, _ in leaves:
        by_code.setdefault(_code(entry), []).append(entry)
    pressures = {code: _pressure(group[-1]) for code, group in by_code.items()}
    several = reading.how == "panel" or any(parted for _, parted in leaves)
    groups: dict[str, list[Entry]] = {}
    if several or {"systolic", "diastolic"} <= set(pressures.values()):
        for code, group in by_code.items():
            groups.setdefault(pressures[code] or code, []).extend(in_window(group, window))
    else:
        groups[""] = list(in_window((entry for entry, _ in leaves), window))
    found = [
        Assay(
            shown_name(group[-1]) if key else reading.label,
            _grown(points(group, record), record),
            _pressure(group[-1]),
        )
        for key, group in groups.items()
        if group
    ]
    return sorted(found, key=_rank) or [Assay(reading.label, ())]


def _with_singles(leaves: list[tuple[Entry, bool]], record: PatientRecord) -> list[tuple[Entry, bool]]:
    """Add to the parts of panels the entries of the same tests that are recorded by themselves."""
    parts = {_code(entry) for entry, parted in leaves if parted}
    if not parts:
        return leaves
    seen = {id(entry) for entry, _ in leaves}
    others = [entry for entry in record.entries("Observation") if id(entry) not in seen]
    coded = [entry for entry in others if (not entry.codings or entry.codings[0].code in parts)]
    return [*leaves, *((entry, True) for entry in coded if _code(entry) in parts)]


def _leaves(entries: Iterable[Entry], record: PatientRecord) -> Iterator[tuple[Entry, bool]]:
    """Yield what was measured, and whether it is a part: of what has no value itself its components or members.

    With a component that stands beside a value whose name holds its own, the whole is meant: a Gram stain.
    """
    seen: set[int] = set()
    for entry in entries:
        parts = _parts(entry, record) if entry.value is None else _whole(entry, record)
        for part in parts or (entry,):
            if id(part) not in seen:
                seen.add(id(part))
                yield part, bool(parts) and entry.value is None


def _parts(entry: Entry, record: PatientRecord, depth: int = _DEEPEST) -> tuple[Entry, ...]:
    """Return what stands for an observation without a value; of microbiology it stands for itself."""
    if entry.components or not entry.parts or not depth or of_microbiology(entry, record):
        return entry.components
    inner = members(entry, record)
    return tuple(part for one in inner for part in _parts(one, record, depth - 1) or (one,))


def _whole(entry: Entry, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the observation of a component where the name of the whole holds its name and it has a value."""
    whole = record.get(entry.reference) if entry.is_component else None
    if whole is None or whole.value is None or not set(words(entry.display)) <= set(words(whole.display)):
        return ()
    return (whole,)


def _grown(measured: tuple[Point, ...], record: PatientRecord) -> tuple[Point, ...]:
    """Return measurements with what grew, where they are of microbiology."""
    if not (measured and any(is_microbiology(point.entry, record) for point in (measured[0], measured[-1]))):
        return measured
    return tuple(replace(point, grown=grown_in(point.entry, record)) for point in measured)


def _code(entry: Entry) -> str:
    return entry.codings[0].code if entry.codings else shown_name(entry).casefold()


def _pressure(entry: Entry) -> Pressure | None:
    coded = next((_PRESSURES[coding.code] for coding in entry.codings if coding.code in _PRESSURES), None)
    named = set(words(entry.display))
    if coded or not {"blood", "pressure"} <= named or {"systolic", "diastolic"} <= named:
        return coded
    return "systolic" if "systolic" in named else ("diastolic" if "diastolic" in named else None)


def _rank(assay: Assay) -> int:
    return ("systolic", "diastolic", None).index(assay.pressure)
