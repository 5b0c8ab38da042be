"""What was picked of each test of a panel -> one answer for the panel.

Systolic and diastolic pressure of one moment are said together ("128/77"). Left out: which tests a panel has.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tools.calls.evidence import Fact, Outcome, Scalar
from tools.measuring.picks import Picked, Wish, at_end, given
from tools.measuring.series import Point
from tools.wording.facts import cut
from tools.wording.words import number, with_unit

Parts = Sequence[tuple[str, Picked]]
"""Each test's name and what was picked of it."""

_MOST = 24
_SUMMARIES = ("mean", "change", "trend")


def together(parts: Parts, wish: Wish, *, pair: bool) -> Picked:
    """Return the answer for the panel: each test's values in the order of the facts.

    Args:
        parts: the tests, in the order to show.
        wish: what was asked of each. A count is of the moments at which any of the tests was measured, a day
            that of the panel as a whole.
        pair: the tests are systolic and diastolic pressure.
    """
    found = [(label, picked) for label, picked in parts if picked.outcome == "found"]
    used = sorted((point for _, picked in found for point in picked.points), key=lambda point: point.moment)
    units = {picked.unit for _, picked in found}
    whole = Picked(
        outcome="found" if found else _outcome(parts),
        values=_values(parts, used, wish),
        unit=units.pop() if len(units) == 1 else "",
        facts=_facts(found or parts, wish),
        total=sum(picked.total for _, picked in found or parts),
        points=tuple(used),
        notes=_notes(parts),
    )
    if wish.give != "value":
        return _on_the_day(whole, used, wish)
    return _paired(whole, found, wish) if pair and len(found) == 2 else whole


def _outcome(parts: Parts) -> Outcome:
    return "no value" if any(picked.outcome == "no value" for _, picked in parts) else "none recorded"


def _values(parts: Parts, used: Sequence[Point], wish: Wish) -> tuple[Scalar, ...]:
    if wish.pick == "count":
        return (len(given(used, wish) if wish.give == "date" else {point.moment for point in used}),)
    values = tuple(value for _, picked in parts for value in picked.values)
    if wish.give == "fits" and values:
        return (all(values) if wish.flagged == "normal" else any(values),)
    if wish.pick == "none" and values:
        return (False not in values,)
    return (True in values,) if wish.pick == "exists" and values else values


def _facts(parts: Parts, wish: Wish) -> tuple[Fact, ...]:
    if wish.pick in _SUMMARIES:
        return tuple(_summary(label, picked, wish) for label, picked in parts if picked.points)
    return cut([line for _, picked in parts for line in picked.facts], _MOST)


def _summary(label: str, picked: Picked, wish: Wish) -> Fact:
    said = " to ".join(number(value) if isinstance(value, Decimal) else str(value) for value in picked.values)
    last = picked.points[-1].entry
    day = last.start.day if last.start else ""
    said = said if wish.pick == "trend" else with_unit(said, picked.unit)
    return Fact(f"{label}: {wish.pick} {said}", last.reference, last.display, day)


def _notes(parts: Parts) -> tuple[str, ...]:
    said: dict[str, list[str]] = {}
    for label, picked in parts:
        for note in picked.notes:
            said.setdefault(note, []).append(label)
    everyone = len(parts)
    return tuple(note if len(who) == everyone else f"{', '.join(who)}: {note}" for note, who in said.items())


def _on_the_day(whole: Picked, used: Sequence[Point], wish: Wish) -> Picked:
    if wish.pick not in ("first", "previous", "last") or not used or wish.give in ("unit", "fits"):
        return replace(whole, values=tuple(dict.fromkeys(whole.values)))
    chosen = at_end(used, "first" if wish.pick == "first" else "last")
    held = {reference for point in chosen for reference in point.references}
    facts = tuple(line for line in whole.facts if line.reference in held)
    return replace(whole, values=given(chosen, wish), facts=facts, total=len(chosen), points=chosen)


def _paired(whole: Picked, found: Parts, wish: Wish) -> Picked:
    if wish.pick not in ("first", "previous", "last", "all"):
        return whole
    (_, systolic), (_, diastolic) = found
    lower = {point.moment: point for point in diastolic.points}
    pairs = [(point, lower[point.moment]) for point in systolic.points if point.moment in lower]
    if len(pairs) < len(systolic.points) or len(pairs) < len(diastolic.points):
        return whole
    values = tuple(value for pair in pairs for point in pair if (value := point.value) is not None)
    return replace(whole, values=values, facts=cut([_pressure(*pair) for pair in pairs]), total=len(pairs))


def _pressure(systolic: Point, diastolic: Point) -> Fact:
    high, low = (_shown(point) for point in (systolic, diastolic))
    entry = systolic.entry
    day = entry.start.day if entry.start else ""
    said = with_unit(f"Blood pressure {high}/{low}", systolic.unit) + (f" on {day}" if day else "")
    return Fact(said + (f", {entry.caution}" if entry.caution else ""), entry.reference, entry.display, day)


def _shown(point: Point) -> str:
    value = point.value
    return number(value) if isinstance(value, Decimal) else str(value)
