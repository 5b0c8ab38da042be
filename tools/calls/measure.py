"""Observations by name and period -> the value, extreme, mean, count, change or trend that was asked for.

A panel (vital signs, blood pressure, a metabolic panel) is answered test by test. Left out: conversion of
units, and judging a value without the record's own reference range or flag.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence
from tools.concepts import Reading, link
from tools.finding.matching import not_counted, undated
from tools.measuring.panels import Assay, assays
from tools.measuring.picks import Give, Pick, Picked, Wish, pick_from
from tools.measuring.series import Flag
from tools.measuring.together import together
from tools.periods import resolve
from tools.record import PatientRecord

_KIND = "Observation"
_DAYLESS = ("mean", "count", "exists", "none", "found", "trend")
_UNJUDGED = ("mean", "count", "exists", "none", "found")


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
    """Values of one test, vital sign or panel.

    Args:
        record: the patient's record.
        concept: the test or panel as people call it, e.g. "HbA1c", "vital signs".
        give: the value, the day, the patient's age in years at it, the unit as recorded; "fits": whether all that
            is picked is above, below or flagged as said; above 0 a change or trend goes up, below 0 down.
        pick: which; "previous" is the last but one, change is last minus first, count is of distinct
            measurements, of days if days are to be given; whether it "exists", there is "none", or something was
            "found": a negative result is no finding.
        period: e.g. "since 2015"; any time if None.
        above: only values strictly above, in the record's unit.
        below: only values strictly below.
        flagged: only values that are so by the reference range that the record gives, else by its flag; positive
            or negative by their words.

    Returns:
        Evidence; values are numbers or words as recorded, a mean or change to two decimals, a trend "rising",
        "falling", "stable" or "varying". Panels: the tests' values in the order of their facts.

    Raises:
        BadArgument: no concept, a limit that is no number, a period that is not understood, the day or age
            of a mean, count, trend or yes/no, or "fits" without anything to fit.
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
        return undated(replace(asked, period=period), record, f"the record has nothing that dates {period!r}")
    asked = replace(asked, period=when.label if when else "")
    asked = replace(asked, notes=not_counted(record, (_KIND,), concept))
    readings = link(concept, record, (_KIND,))
    if not readings:
        found = _evidence(asked, pick_from((), wish))
    else:
        asked = replace(asked, about=readings[0].label, readings=_rivals(readings))
        found = _answer(asked, assays(readings[0], record, when), wish)
    hidden = record.may_hide(_KIND) and (not readings or _rests_on_all(found, wish))
    return replace(found, outcome="unreadable", values=()) if hidden else found


def _rests_on_all(evidence: Evidence, wish: Wish) -> bool:
    """Tell whether a result that could not be read might turn this one: nothing of the sort, or all of them so."""
    if wish.give == "fits":
        return wish.pick == "all" and evidence.values == (True,)
    return evidence.outcome == "none recorded" or (wish.pick == "found" and evidence.values == (False,))


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
    if wish.give == "fits" and (wish.pick in _UNJUDGED or not wish.limited):
        raise BadArgument("give", wish.give, "above, below or flagged, and a pick of measurements", "value")
    told = (wish.give, wish.pick)
    if wish.give != "value" and wish.pick in _DAYLESS and told not in (("date", "count"), ("fits", "trend")):
        raise BadArgument("give", wish.give, f"'value' for a {wish.pick}", "value")


def _call(concept: str, give: str, pick: str, *limits: object) -> dict[str, object]:
    names = ("period", "above", "below", "flagged")
    chosen = {name: value for name, value in zip(names, limits, strict=True) if value is not None}
    return {"concept": concept, "give": give, "pick": pick, **chosen}


def _rivals(readings: Sequence[Reading]) -> tuple[str, ...]:
    best = readings[0]
    return tuple(reading.label for reading in readings[1:] if reading.score >= 0.95 * best.score)


def _answer(asked: Evidence, parts: list[Assay], wish: Wish) -> Evidence:
    if len(parts) == 1:
        return _evidence(asked, pick_from(parts[0].points, wish))
    pair = [assay.pressure for assay in parts] == ["systolic", "diastolic"]
    if pair and wish.bounded:
        return _evidence(asked, pick_from(parts[0].points, wish), (f"judged by {parts[0].label}",))
    picked = [(assay.label, pick_from(assay.points, wish)) for assay in parts]
    if wish.pick == "found" and len(parts) > 1:  # of which test something was found is not said
        picked = [(label, replace(each, outcome="no value", values=())) for label, each in picked]
    return _evidence(asked, together(picked, wish, pair=pair))


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
