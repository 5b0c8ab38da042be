"""Exact numbers of one series -> mean, median, sum, range, change, trend, with what they stand on.

Pure. Left out: which measurements are looked at (`picks`), and which series they are of (`answers`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import median

from tools.calls.evidence import Fact
from tools.measuring.picks import (
    Picked,
    Query,
    chosen,
    exact_of,
    extreme,
    line,
    lines,
    most,
    values_of,
    with_notes,
    without_value,
)
from tools.measuring.rounding import as_exact, rounded
from tools.measuring.series import Point, direction, slope
from tools.wording.words import number, with_unit

_SHOWN = 6
_LONG = 60 * 24 * 3600
"""Seconds over which a slope is told for a year rather than a day."""


def computed(series: Sequence[Point], query: Query) -> Picked:
    """Return a statistic over measurements of one series and unit, oldest first."""
    if not series:
        return Picked(outcome="no value")
    if query.statistic == "count":
        return _count(series, query)
    exact, notes = exact_of(series)
    if query.statistic in ("change", "percent change"):
        return with_notes(_change(exact or series, query), *notes)
    if query.statistic == "range":
        return _range(series, query)
    if not exact:
        return without_value(series, *notes)
    return with_notes(_COMPUTED[str(query.statistic)](exact, query), *notes)


def _count(series: Sequence[Point], query: Query) -> Picked:
    whole = chosen(series, query)
    counted = len(whole.values) if query.give == "date" else len(series)
    return replace(whole, values=(counted,), unit="", exact=Decimal(counted))


def _summed(exact: Sequence[Point], query: Query) -> Picked:
    numbers = _numbers(exact)
    what = str(query.statistic)
    value = _SUMS[what](numbers)
    whole = replace(chosen(exact, query), values=(as_exact(value, numbers),), exact=value)
    return replace(whole, facts=lines(exact, _SHOWN), notes=(f"{what} of {len(numbers)}",))


_SUMS: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "mean": lambda numbers: sum(numbers, Decimal(0)) / len(numbers),
    "median": median,
    "sum": lambda numbers: sum(numbers, Decimal(0)),
}


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
    measured = sum(point.amount is not None for point in series)
    return replace(
        whole, values=values, facts=facts, total=measured, notes=(*notes, f"of {measured} measurements")
    )


def _change(series: Sequence[Point], query: Query) -> Picked:
    first, last = (_at(series, end) for end in (0, -1))
    if first[0].moment == last[0].moment:
        return without_value(series, "measured at one time only: no change can be told")
    # A change stands on two records, one of each end, also where an end was recorded twice.
    one, other = first[0], replace(last[-1], entry=(last[-1].entry, *last[-1].twins)[-1], twins=())
    one = replace(one, twins=())
    whole = chosen((one, other), replace(query, pick="all", beside=None))
    whole = replace(
        whole, facts=(_labelled("First", one), _labelled("Last", other)), notes=_several(first, last)
    )
    if one.exact is None or other.exact is None:
        return whole
    change = other.exact - one.exact
    if query.statistic == "change":
        return replace(whole, values=(as_exact(change, (one.exact, other.exact)),), exact=change)
    if not one.exact:
        notes = (*whole.notes, "the first is 0: there is no percent of it")
        return replace(whole, outcome="no value", values=(), notes=notes)
    percent = change / abs(one.exact) * 100
    return replace(whole, values=(rounded(percent),), unit="%", exact=percent)


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
    exact = [point for point in series if point.entry.start]
    way = direction(exact)
    if way is None:
        return without_value(series, "fewer than two numbers over time: no trend can be told")
    telling = {
        "First": exact[0],
        "Last": exact[-1],
        "Lowest": extreme(exact, "min")[0],
        "Highest": extreme(exact, "max")[0],
    }
    facts = tuple(_labelled(label, point) for label, point in telling.items())
    undated = len(series) - len(exact)
    notes = (f"{undated} without a date left out",) if undated else ()
    notes = (*notes, f"{len(exact)} measurements", _slope(exact))
    return replace(chosen(exact, query), values=(way,), facts=facts, notes=notes)


def _slope(exact: Sequence[Point]) -> str:
    """Return by how much values change in a year, or in a day if they are of a few weeks."""
    long = (exact[-1].moment - exact[0].moment).total_seconds() >= _LONG
    by = Decimal(repr(slope(exact) / (1 if long else 365.25)))
    amount = with_unit(number(rounded(by, max(2, 1 - by.adjusted()))), exact[-1].unit)
    return f"{'+' if by > 0 else ''}{amount} a {'year' if long else 'day'}"


def _labelled(label: str, point: Point) -> Fact:
    recorded = line(point)
    return replace(recorded, text=f"{label}: {recorded.text}")


def _numbers(exact: Sequence[Point]) -> list[Decimal]:
    return [point.exact for point in exact if point.exact is not None]


_COMPUTED: Mapping[str, Callable[[Sequence[Point], Query], Picked]] = {
    "mean": _summed,
    "median": _summed,
    "sum": _summed,
    "trend": _trend,
}
