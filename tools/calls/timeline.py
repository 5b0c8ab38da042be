"""A period -> what happened in it, across kinds, in the order of time; the most telling when there is much.

Observations without a flag are counted, not listed (`measure` tells them). Left out unless asked for: claims,
supplies, documents.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tools.calls.evidence import Evidence
from tools.calls.results import Result
from tools.entries.entry import Entry
from tools.finding.gives import distinct
from tools.finding.key_results import is_abnormal
from tools.finding.matching import undated
from tools.finding.onsets import first_recorded
from tools.finding.windows import Beside, Window, item_of, nearest
from tools.periods import resolve
from tools.record import PatientRecord
from tools.record.kinds import types_of
from tools.wording.facts import LIMIT, clinical_rank, fact, head, moment
from tools.wording.lines import encounter_class
from tools.wording.text import normal

_WEIGHTS = {
    "AllergyIntolerance": 1,
    "Condition": 1,
    "Procedure": 2,
    "MedicationRequest": 2,
    "MedicationStatement": 2,
    "ImagingStudy": 2,
    "Device": 2,
    "CarePlan": 3,
    "Encounter": 3,
    "Observation": 3,
    "Immunization": 3,
    "DiagnosticReport": 4,
}
"""Kinds that a timeline shows by itself; the lower, the more telling."""
SHOWN = tuple(_WEIGHTS)
_BACKGROUND = 5


def timeline(
    record: PatientRecord, period: str | None = None, kinds: str | None = None, *, when: Beside | None = None
) -> Evidence:
    """What happened in a period, across kinds.

    Args:
        record: the patient's record.
        period: e.g. "in 2015", "since the last visit", "during the last admission"; any time if None.
        kinds: words of `KINDS`, separated by commas, e.g. "condition, procedure"; None for all but claims.
        when: next to what another call found.

    Returns:
        Evidence; values are the names in the order of time.

    Raises:
        BadArgument: the period or a kind is not understood.
    """
    types = _types(kinds)
    blank = Evidence(
        outcome="none recorded",
        about="what happened",
        coverage=record.coverage(*(name for name in types if record.holds(name))),
    )
    resolved = resolve(period, record) if period else None
    if period and resolved is None:
        return undated(blank, record, f'the record has no such event: "{period}"')
    window = Window(record, resolved, when)
    told, untold = happened(record, types if kinds else (), window)
    if when and when.relation == "nearest":
        told, untold = nearest(told, when, lambda entry: entry.start), 0
    blank = replace(blank, period=window.label, notes=_not_counted(record, types, window))
    if not (told or untold) and record.unread(*types):
        return replace(blank, outcome="unreadable")
    return _evidence(blank, record, told, untold)


def happened(
    record: PatientRecord, types: tuple[str, ...] = (), window: Window | None = None
) -> tuple[list[Entry], int]:
    """Return what happened in the order of time, and how many observations without a flag are not among it.

    Args:
        record: the patient's record.
        types: FHIR resource types; () for those that a timeline shows by itself.
        window: when; None is any time.
    """
    kinds = types or SHOWN
    inside = [
        entry
        for name in kinds
        for entry in record.entries(name)
        if entry.start and (window is None or window.holds(entry)) and _stands_here(entry, name, kinds)
    ]
    told = [e for e in inside if types or e.kind != "Observation" or is_abnormal(e)]
    return _ordered(told), len(inside) - len(told)


def _stands_here(entry: Entry, name: str, kinds: Sequence[str]) -> bool:
    """Tell whether an entry is told under a kind: an allergy among the problems once only."""
    return entry.kind == name or entry.kind not in kinds


def telling(entries: Sequence[Entry], most: int) -> list[Entry]:
    """Return the most telling entries, of those as telling the newest, in the order in which they were given."""
    newest_first = sorted(reversed(entries), key=weight)
    kept = {id(entry) for entry in newest_first[:most]}
    return [entry for entry in entries if id(entry) in kept]


def _not_counted(record: PatientRecord, types: tuple[str, ...], window: Window) -> tuple[str, ...]:
    void = (
        e.void for name in types for e in record.set_aside(name) if e.void and e.start and window.holds(e)
    )
    return tuple(f"{n} not counted: {reason}" for reason, n in Counter(void).items())


def _types(kinds: str | None) -> tuple[str, ...]:
    if not kinds:
        return SHOWN
    names = (word.strip() for word in kinds.split(","))
    return tuple(name for word in names for name in types_of(word if word[:1].isupper() else normal(word)))


def _ordered(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (moment(entry), weight(entry)))


def weight(entry: Entry) -> int:
    """Return how telling an entry is, 0 most: a stay in hospital before a problem before a routine visit."""
    if encounter_class(entry) in ("inpatient", "emergency"):
        return 0
    return _BACKGROUND if clinical_rank(entry) else _WEIGHTS.get(entry.kind, _BACKGROUND)


def _evidence(blank: Evidence, record: PatientRecord, told: list[Entry], untold: int) -> Evidence:
    newest_first = sorted(reversed(told), key=weight)
    shown = {f.reference for f in head(map(fact, newest_first), LIMIT)}
    first = record.once(first_recorded)
    notes = (f"not listed: {untold} observations without a flag",) if untold else ()
    return replace(
        blank,
        outcome="found" if told or untold else "none recorded",
        values=distinct(entry.display for entry in told if entry.display),
        facts=tuple(fact(e, first.get(e.reference, "")) for e in told if e.reference in shown),
        total=len(told),
        references=tuple(entry.reference for entry in told),
        notes=blank.notes + notes,
        result=Result(type="entries", items=tuple(item_of(entry, record) for entry in told)),
    )
