"""Observations by name and period -> the value, extreme, mean, count, change or trend that was asked for.

A panel (vital signs, blood pressure, a metabolic panel) is answered test by test. Left out: conversion of
units, and judging a value without the record's own reference range or flag.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from tools.concepts import Reading, link
from tools.entries.entry import Entry
from tools.errors import BadArgument
from tools.evidence import Evidence
from tools.facts import shown_name, within
from tools.panels import together
from tools.periods import Period, resolve
from tools.picks import Give, Pick, Picked, Wish, pick_from
from tools.record import PatientRecord
from tools.series import Flag, Point, points
from tools.text import normal

_KIND = "Observation"
_DAYLESS = ("mean", "count", "exists", "trend")
_PRESSURES = (("8480-6", "systolic"), ("8462-4", "diastolic"))


@dataclass(frozen=True, slots=True)
class _Test:
    """One test of a panel, or the only one; its measurements oldest first."""

    label: str
    points: tuple[Point, ...]


def measure(
    record: PatientRecord,
    concept: str,
    *,
    give: Give = "value",
    pick: Pick = "last",
    period: str | None = None,
    above: float | None = None,
    below: float | None = None,
    flagged: Flag | None = None,
) -> Evidence:
    """Lab results, vital signs, scores of one test or panel.

    Args:
        record: the patient's record.
        concept: the test or panel as people call it, e.g. "HbA1c", "vital signs".
        give: the value, the day, or the patient's age in years at it.
        pick: which; change is last minus first, count is of distinct measurements.
        period: e.g. "since 2015"; any time if None.
        above: only values strictly above, in the record's unit.
        below: only values strictly below.
        flagged: only values that are so by the reference range that the record gives, else by its flag.

    Returns:
        Evidence; values are numbers or words as recorded, a mean or change to two decimals, a trend "rising",
        "falling", "stable" or "varying". Panels: the tests' values in the order of their facts.

    Raises:
        BadArgument: no concept, a limit that is no number, a period that is not understood, or the day or age
            of a mean, count, trend or yes/no.
    """
    wish = Wish(give, pick, _limit("above", above), _limit("below", below), flagged, _born(record))
    _check(concept, wish)
    asked = Evidence(
        tool="measure",
        arguments=_call(concept, give, pick, period, above, below, flagged),
        outcome="none recorded",
        about=concept,
        coverage=record.coverage(_KIND),
    )
    when = resolve(period, record) if period else None
    if period and when is None:
        return replace(asked, period=period, notes=(f"the record has nothing that dates {period!r}",))
    asked = replace(asked, period=when.label if when else "")
    readings = link(concept, record, (_KIND,))
    if not readings:
        return _evidence(asked, pick_from((), wish))
    asked = replace(asked, about=readings[0].label, readings=_rivals(readings))
    return _answer(asked, _tests(readings[0], record, when), wish)


def _limit(name: str, value: object) -> Decimal | None:
    if value is None:
        return None
    try:
        limit = Decimal(str(value).strip())
    except InvalidOperation:
        limit = Decimal("NaN")
    if not limit.is_finite():
        raise BadArgument(name, value, "a number in the unit of the record", "140")
    return limit


def _born(record: PatientRecord) -> date | None:
    return record.patient.birth.first if record.patient.birth else None


def _check(concept: str, wish: Wish) -> None:
    if not concept.strip():
        raise BadArgument("concept", concept, "a test, vital sign or panel", "HbA1c")
    if wish.give != "value" and wish.pick in _DAYLESS:
        raise BadArgument("give", wish.give, f"'value' for a {wish.pick}", "value")


def _call(concept: str, give: str, pick: str, *limits: object) -> dict[str, object]:
    names = ("period", "above", "below", "flagged")
    chosen = {name: value for name, value in zip(names, limits, strict=True) if value is not None}
    return {"concept": concept, "give": give, "pick": pick, **chosen}


def _rivals(readings: Sequence[Reading]) -> tuple[str, ...]:
    best = readings[0]
    return tuple(reading.label for reading in readings[1:] if reading.score >= 0.95 * best.score)


def _tests(reading: Reading, record: PatientRecord, when: Period | None) -> list[_Test]:
    groups: dict[str, list[Entry]] = {}
    labels: dict[str, str] = {}
    several = reading.how == "panel"
    seen: set[int] = set()
    for entry, parted in _leaves(reading.entries):
        if id(entry) in seen or not within(entry, when):
            continue
        seen.add(id(entry))
        key = _test_key(entry) if several or parted else ""
        groups.setdefault(key, []).append(entry)
        labels[key] = shown_name(entry) if key else reading.label
    tests = [_Test(labels[key], points(entries, record)) for key, entries in groups.items()]
    return sorted(tests, key=_rank) or [_Test(reading.label, ())]


def _test_key(entry: Entry) -> str:
    return entry.codings[0].code if entry.codings else normal(entry.display)


def _leaves(entries: Iterable[Entry]) -> Iterator[tuple[Entry, bool]]:
    for entry in entries:
        if entry.value is None and entry.components:
            yield from ((part, True) for part in entry.components)
        else:
            yield entry, False


def _rank(test: _Test) -> int:
    return next((n for n in range(len(_PRESSURES)) if _is(test, n)), len(_PRESSURES))


def _is(test: _Test, which: int) -> bool:
    code, word = _PRESSURES[which]
    entry = test.points[0].entry
    return any(coding.code == code for coding in entry.codings) or word in normal(entry.display)


def _answer(asked: Evidence, tests: list[_Test], wish: Wish) -> Evidence:
    if len(tests) == 1:
        return _evidence(asked, pick_from(tests[0].points, wish))
    notes: tuple[str, ...] = ()
    if _is(tests[0], 0) and len(tests) == 2 and (wish.above is not None or wish.below is not None):
        notes = (f"judged by {tests[0].label}",)
        return _evidence(asked, pick_from(tests[0].points, wish), notes)
    parts = [(test.label, pick_from(test.points, wish)) for test in tests]
    pair = len(tests) == 2 and _is(tests[0], 0) and _is(tests[1], 1)
    return _evidence(asked, together(parts, wish, pair=pair))


def _evidence(asked: Evidence, picked: Picked, notes: tuple[str, ...] = ()) -> Evidence:
    return replace(
        asked,
        outcome=picked.outcome,
        values=picked.values,
        unit=picked.unit,
        facts=picked.facts,
        total=picked.total,
        references=picked.references,
        notes=(*asked.notes, *notes, *picked.notes),
    )
