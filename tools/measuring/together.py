"""What was answered for each test of a panel -> one answer for the panel.

Systolic and diastolic pressure of one moment are told together ("128/77"). Left out: which tests a panel has.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from tools.calls.evidence import Fact, Outcome, Scalar
from tools.measuring.picks import BEHIND, Picked, Query, by_rank, line, values_of
from tools.measuring.series import Point
from tools.wording.facts import cut
from tools.wording.lines import asides
from tools.wording.words import number, on_day, with_unit

Parts = Sequence[tuple[str, Picked]]
"""Each test's name and what was answered for it."""

_MOST = 24


def together(parts: Parts, query: Query, *, pair: bool) -> Picked:
    """Return the answer for the panel: each test's values in the order of the facts.

    Args:
        parts: the tests, in the order to show.
        query: what was asked of each. A count is of the moments at which any of the tests was measured, a day
            that of the panel as a whole. A panel is in range if all of its tests are, and high, low, out of range,
            above or below a limit if one of them is.
        pair: the tests are systolic and diastolic pressure.
    """
    found: Parts = [(label, picked) for label, picked in parts if picked.outcome == "found"]
    found = _telling(found, query) or found
    used = sorted((point for _, picked in found for point in picked.points), key=lambda point: point.moment)
    units = {picked.unit for _, picked in found}
    values = _values(parts, used, query)
    whole = Picked(
        outcome="found" if found and values else _outcome(parts),
        values=values,
        unit=units.pop() if len(units) == 1 else "",
        facts=_facts(found or parts, query),
        total=sum(picked.total for _, picked in found or parts),
        points=tuple(used),
        notes=_notes(parts),
        unclear=sum(picked.unclear for _, picked in parts),
        behind=_behind(parts),
        measured=sum(picked.measured or picked.total for _, picked in parts),
        working="; ".join(f"{label}: {picked.working}" for label, picked in parts if picked.working),
    )
    if query.how or query.statistic:
        return whole
    if query.give != "value":
        return _at_the_time(whole, used, query)
    return _paired(whole, found, query) if pair and len(found) == 2 else whole


def _telling(found: Parts, query: Query) -> Parts:
    """Return the tests on which a "some" or a "not none" stands: those that meet what was asked."""
    decisive = {"any": True, "none": False}
    return [each for each in found if query.how in decisive and each[1].values == (decisive[query.how],)]


def _outcome(parts: Parts) -> Outcome:
    return "no value" if any(picked.outcome == "no value" for _, picked in parts) else "none recorded"


def _values(parts: Parts, used: Sequence[Point], query: Query) -> tuple[Scalar, ...]:
    if query.counts:
        unclear = query.numeric and any(picked.unclear for _, picked in parts)
        if unclear or (not used and _outcome(parts) == "no value"):
            return ()
        days = values_of(used, query) if query.give == "date" else {point.moment for point in used}
        return (len(days),)
    values = tuple(value for _, picked in parts for value in picked.values)
    if not values or not (query.how or query.tests_statistic):
        return values
    if query.how == "all" and query.criterion and query.criterion.test == "in range":
        return (all(values),)
    decisive = query.how != "none"
    if decisive in values:
        return (decisive,)
    return () if any(picked.unclear for _, picked in parts) else (not decisive,)


def _facts(parts: Parts, query: Query) -> tuple[Fact, ...]:
    if query.computes and not query.tests_statistic:
        return tuple(_summary(label, picked, query) for label, picked in parts if picked.points)
    return cut([line for _, picked in parts for line in picked.facts], _MOST)


def _behind(parts: Parts) -> tuple[Fact, ...]:
    """Return what is behind the answers of the tests, named: the most telling of each test before the others.

    Where one was picked of each, those are behind it for which the facts had no room.
    """
    if not any(picked.behind for _, picked in parts):
        return tuple(each for _, picked in parts for each in picked.facts)[:_MOST]
    named = [[replace(each, text=_named(label, each)) for each in picked.behind] for label, picked in parts]
    return tuple(each for row in zip_longest(*named) for each in row if each is not None)[:_MOST]


def _named(label: str, measured: Fact) -> str:
    return measured.text if measured.text.startswith(label) else f"{label} {measured.text}"


def _summary(label: str, picked: Picked, query: Query) -> Fact:
    shown = " to ".join(
        number(value) if isinstance(value, Decimal) else str(value) for value in picked.values
    )
    last = picked.points[-1].entry
    day = last.start.day if last.start else ""
    shown = shown if query.statistic == "trend" else with_unit(shown, picked.unit)
    return Fact(f"{label}: {query.statistic} {shown}", last.reference, last.display, day)


def _notes(parts: Parts) -> tuple[str, ...]:
    labels: dict[str, list[str]] = {}
    for label, picked in parts:
        for note in picked.notes:
            labels.setdefault(note, []).append(label)
    everyone = len(parts)
    return tuple(
        note if len(who) == everyone else f"{', '.join(who)}: {note}" for note, who in labels.items()
    )


def _at_the_time(whole: Picked, used: Sequence[Point], query: Query) -> Picked:
    """Return the days, times or ages of the panel as a whole: of one moment where one was picked of each test."""
    if query.give == "unit" or not used:
        return replace(whole, values=tuple(dict.fromkeys(whole.values)))
    several = query.pick in ("all", "max", "min") or (query.pick != "nth" and (query.n or 1) > 1)
    early = query.pick == "first" or (query.pick == "nth" and (query.n or 1) > 0)
    moment = used[0 if early else -1].moment
    points = tuple(point for point in used if several or point.moment == moment)
    held = {reference for point in points for reference in point.references}
    facts = tuple(line for line in whole.facts if line.reference in held)
    total = whole.total if several else len(points)
    return replace(whole, values=values_of(points, query), facts=facts, total=total, points=points)


def _paired(whole: Picked, found: Parts, query: Query) -> Picked:
    """Tell systolic and diastolic pressure of one measurement together, one that stands alone by itself."""
    if query.pick in ("max", "min"):
        return whole
    (_, systolic), (_, diastolic) = found
    pairs = _pairs(systolic.points, diastolic.points)
    if not pairs:
        return whole
    paired = {id(point) for pair in pairs for point in pair}
    alone: list[tuple[Point, ...]] = [
        (point,) for point in (*systolic.points, *diastolic.points) if id(point) not in paired
    ]
    told = sorted([*pairs, *alone], key=lambda points: points[0].moment)
    values = tuple(value for points in told for point in points if (value := point.value) is not None)
    facts = {id(points[0]): _pressure(*points) if len(points) == 2 else line(points[0]) for points in told}
    ranked = by_rank([points[0] for points in told]) if query.of_series else []
    return replace(
        whole,
        values=values,
        facts=cut(list(facts.values())),
        total=len(told),
        behind=tuple(facts[id(point)] for point in ranked[:BEHIND]),
        measured=len(ranked),
    )


def _pairs(upper: Sequence[Point], lower: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Return the numbers that belong together: of one resource, else recorded by themselves at one moment."""
    left, pairs = list(lower), []
    for point in upper:
        same = [other for other in left if other.moment == point.moment]
        one = next((other for other in same if not set(other.references).isdisjoint(point.references)), None)
        alone = None if one or _parted(point) else next((other for other in same if not _parted(other)), None)
        if match := one or alone:
            left.remove(match)
            pairs.append((point, match))
    return pairs


def _parted(point: Point) -> bool:
    return point.entry.is_component


def _pressure(systolic: Point, diastolic: Point) -> Fact:
    high, low = (_shown(point) for point in (systolic, diastolic))
    entry = systolic.entry
    day = entry.start.day if entry.start else ""
    text = with_unit(f"Blood pressure {high}/{low}", systolic.unit) + (f" {on_day(day)}" if day else "")
    judged = (("systolic", asides(systolic.entry)), ("diastolic", asides(diastolic.entry)))
    more = "; ".join(f"{part}{said}" for part, said in judged if said)
    text += f", {entry.caution}" if entry.caution else ""
    return Fact(text, entry.reference, entry.display, day, more)


def _shown(point: Point) -> str:
    value = point.value
    return number(value) if isinstance(value, Decimal) else str(value)
