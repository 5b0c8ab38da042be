"""Numbers of one series -> mean, median, sum, range, change, trend, with what they stand on.

A statistic of which a bound ("< 5") leaves open what it is has no value, only a span in which it lies.

Pure. Left out: which measurements are looked at (`picks`), and which series they are of (`answers`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tools.calls.evidence import Fact
from tools.entries.entry import Quantity
from tools.measuring.picks import (
    Picked,
    Query,
    chosen,
    extreme,
    left_out_words,
    line,
    lines,
    most,
    values_of,
    with_notes,
    without_value,
)
from tools.measuring.rounding import as_exact, rounded, significant
from tools.measuring.series import Point, direction, slope
from tools.measuring.spans import Span, mean, middle, percent_change, span_of, total
from tools.wording.words import counted, number, with_unit

_SHOWN = 6
_LONG = 60 * 24 * 3600
"""Seconds over which a slope is told for a year rather than a day."""


def computed(series: Sequence[Point], query: Query) -> Picked:
    """Return a statistic over measurements of one series and unit, oldest first."""
    if not series:
        return Picked(outcome="no value")
    if query.statistic == "count":
        return _count(series, query)
    if query.statistic == "range":
        return _range(series, query)
    numbers = [point for point in series if point.span]
    if query.statistic in ("change", "percent change"):
        picked = _change(numbers or series, query)
    elif not numbers:
        return without_value(series)
    else:
        picked = _COMPUTED[str(query.statistic)](numbers, query)
    return (
        with_notes(picked, *left_out_words([point for point in series if not point.span]))
        if numbers
        else picked
    )


def _left_open(picked: Picked, bounds: int, among: int, query: Query) -> Picked:
    """Return a statistic as one that bounds leave open; where it lies may still tell whether it meets a test."""
    why = f"{bounds} of {among} {'is' if bounds == 1 else 'are'} given only as a bound"
    notes = (*picked.notes, f"{why}, which leaves the {query.statistic} open")
    return replace(picked, outcome="no value", values=(), unit="", notes=notes, unclear=bounds)


def _count(series: Sequence[Point], query: Query) -> Picked:
    whole = chosen(series, query)
    many = len(whole.values) if query.give == "date" else len(series)
    return replace(whole, values=(many,), unit="", span=span_of(Quantity(Decimal(many))))


def _summed(series: Sequence[Point], query: Query) -> Picked:
    what = str(query.statistic)
    span = _SUMS[what]([span for point in series if (span := point.span)])
    numbers = [point.amount.value for point in series if point.amount]
    whole = replace(chosen(series, query), span=span, facts=lines(series, _SHOWN))
    whole = replace(whole, notes=(f"{what} of {len(series)}",))
    if span.exact is None:
        return _left_open(whole, _bounds(series), len(series), query)
    return replace(whole, values=(as_exact(span.exact, numbers),))


_SUMS: Mapping[str, Callable[[Sequence[Span]], Span]] = {"mean": mean, "median": middle, "sum": total}


def _bounds(series: Sequence[Point]) -> int:
    return sum(point.exact is None for point in series)


def _range(series: Sequence[Point], query: Query) -> Picked:
    (lowest, why), (highest, too) = most(series, "min"), most(series, "max")
    notes = tuple(dict.fromkeys((*why, *too)))
    if not (lowest and highest):
        return without_value(series, *notes)
    ends = (lowest, highest)
    points = {id(point): point for end in ends for point in end}
    whole = chosen(sorted(points.values(), key=lambda point: point.moment), query)
    facts = (_labelled("Lowest", ends[0][0]), _labelled("Highest", ends[1][0]))
    values = tuple(value for end in ends for value in values_of(end, replace(query, pick="max")))
    measured = sum(point.span is not None for point in series)
    notes = (*notes, f"of {counted(measured, 'measurement')}")
    return replace(whole, values=values, facts=facts, total=measured, notes=notes)


def _change(series: Sequence[Point], query: Query) -> Picked:
    first, last = (_at(series, end) for end in (0, -1))
    if first[0].moment == last[0].moment:
        return without_value(series, "measured at one time only: no change can be told")
    # A change stands on two records, one of each end, also where an end was recorded twice.
    one, other = first[0], replace(last[-1], entry=(last[-1].entry, *last[-1].twins)[-1], twins=())
    one = replace(one, twins=())
    whole = chosen((one, other), replace(query, pick="all", beside=None))
    whole = replace(
        whole,
        facts=(_labelled("First", one), _labelled("Last", other)),
        notes=_several(first, last),
        working=_from_to(one, other),
    )
    if not (one.span and other.span):
        return whole
    if query.statistic == "change":
        span: Span | None = other.span.minus(one.span)
    else:
        span = percent_change(one.span, other.span)
    if span is None:
        notes = (*whole.notes, "the first is 0: there is no percent of it")
        return replace(whole, outcome="no value", values=(), notes=notes)
    if _within_rounding(one, other):
        span = Span(Decimal(0), Decimal(0))
        whole = with_notes(whole, "they differ by no more than their rounding")
    whole = replace(whole, span=span)
    if span.exact is None:
        return _left_open(whole, _bounds((one, other)), 2, query)
    if query.statistic == "percent change":
        return replace(whole, values=(rounded(span.exact),), unit="%")
    return replace(whole, values=(as_exact(span.exact, (one.span.low, other.span.low)),))


def _within_rounding(one: Point, other: Point) -> bool:
    """Tell whether two amounts that were recorded in unlike units may be the same: 13.2 g/dL and 8.2 mmol/L."""
    if one.exact is None or other.exact is None or not (one.converted or other.converted):
        return False
    return 2 * abs(other.exact - one.exact) <= max(_last_place(one), _last_place(other))


def _last_place(point: Point) -> Decimal:
    """Return what one more in the last recorded digit of an amount is, in the unit in which it is compared."""
    recorded = replace(point, converted=None).amount
    if recorded is None or point.amount is None:
        return Decimal(0)
    place = Decimal(1).scaleb(int(recorded.value.as_tuple().exponent))
    return abs(place * point.amount.value / recorded.value) if recorded.value else place


def _at(series: Sequence[Point], end: int) -> tuple[Point, ...]:
    dated = [point for point in series if point.entry.start] or list(series)
    return tuple(point for point in dated if point.moment == dated[end].moment)


def _several(first: Sequence[Point], last: Sequence[Point]) -> tuple[str, ...]:
    return tuple(
        f"{len(points)} different values at the {name} time"
        for name, points in (("first", first), ("last", last))
        if len({point.value for point in points}) > 1
    )


def _trend(series: Sequence[Point], query: Query) -> Picked:
    dated = [point for point in series if point.entry.start]
    undated = len(series) - len(dated)
    notes = (f"{undated} without a date left out",) if undated else ()
    if bounds := _bounds(dated):
        picked = replace(chosen(dated, query), facts=lines(dated, _SHOWN), notes=notes)
        return _left_open(picked, bounds, len(dated), query)
    way = direction(dated)
    if way is None:
        return without_value(series, "fewer than two numbers over time: no trend can be told")
    telling = {
        "First": dated[0],
        "Last": dated[-1],
        "Lowest": extreme(dated, "min")[0],
        "Highest": extreme(dated, "max")[0],
    }
    facts = tuple(_labelled(label, point) for label, point in telling.items())
    notes = (*notes, counted(len(dated), "measurement"), _slope(dated))
    working = f"{_slope(dated)}, {_from_to(dated[0], dated[-1])}"
    return replace(chosen(dated, query), values=(way,), facts=facts, notes=notes, working=working)


def _slope(exact: Sequence[Point]) -> str:
    """Return by how much values change in a year, or in a day if they are of a few weeks."""
    long = (exact[-1].moment - exact[0].moment).total_seconds() >= _LONG
    by = Decimal(repr(slope(exact) / (1 if long else 365.25)))
    amount = with_unit(number(rounded(by, max(2, 1 - by.adjusted()))), exact[-1].unit)
    return f"{'+' if by > 0 else ''}{amount} a {'year' if long else 'day'}"


def _from_to(first: Point, last: Point) -> str:
    ends = (
        f"{word} {_amount(point)} ({point.entry.start.day if point.entry.start else 'without a date'})"
        for word, point in (("from", first), ("to", last))
    )
    return " ".join(ends)


def _amount(point: Point) -> str:
    amount = point.amount
    if amount is None:
        return point.words
    return f"{amount.comparator} {with_unit(number(significant(amount.value)), amount.unit)}".strip()


def _labelled(label: str, point: Point) -> Fact:
    recorded = line(point)
    return replace(recorded, text=f"{label}: {recorded.text}")


_COMPUTED: Mapping[str, Callable[[Sequence[Point], Query], Picked]] = {
    "mean": _summed,
    "median": _summed,
    "sum": _summed,
    "trend": _trend,
}
