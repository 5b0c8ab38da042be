"""One test's measurements -> an answer for each day, month or year that has any: the mean, the first, the highest.

Pure. Left out: panels of several tests; days without a measurement.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from tools.calls.evidence import Fact, Scalar
from tools.measuring.answers import answer, called_so, one_series
from tools.measuring.picks import Picked, Query, cautions, nothing, without_value
from tools.measuring.series import Point, one_unit
from tools.wording.facts import cut
from tools.wording.words import counted, number, with_unit

Per = Literal["day", "month", "year"]
_SIZES: dict[Per, int] = {"day": 10, "month": 7, "year": 4}
_MOST = 24


def per_time(measured: Sequence[Point], query: Query, per: Per) -> Picked:
    """Return what a query asks of the measurements of each day, month or year, in order: of one series, in one unit."""
    if not measured:
        return nothing(replace(query, statistic=None))
    measured, name, other = called_so(measured, query.words)
    series = tuple(point for point in measured if point.value is not None)
    if not series:
        return replace(without_value(measured), name=name)
    series, one, apart = one_series(series)
    alike = one_unit(series)
    groups: dict[str, list[Point]] = {}
    for point in alike.points:
        if point.entry.start and len(point.entry.start.day) >= _SIZES[per]:
            groups.setdefault(point.entry.start.day[: _SIZES[per]], []).append(point)
    found = {group: answer(points, replace(query, words="")) for group, points in groups.items()}
    told = {group: each for group, each in found.items() if each.values}
    silent = len(series) - sum(map(len, groups.values()))
    notes = (
        *other,
        *apart,
        *alike.notes,
        *((f"{silent} without a {per}, or in another unit, left out",) if silent else ()),
        *((f"no value for {len(found) - len(told)} of {counted(len(found), per)}",) if told != found else ()),
    )
    points = tuple(point for each in told.values() for point in each.points)
    if not told:
        return replace(without_value(series, *notes), name=name or one)
    units = {each.unit for each in told.values()}
    return Picked(
        values=tuple(value for each in told.values() for value in each.values),
        unit=units.pop() if len(units) == 1 else "",
        facts=cut([_line(group, each, groups[group]) for group, each in told.items()], _MOST),
        total=len(told),
        points=points,
        notes=(*notes, *cautions(points)),
        name=name or one,
    )


def _line(group: str, found: Picked, points: Sequence[Point]) -> Fact:
    newest = (found.points or points)[-1].entry
    values = ", ".join(_said(value) for value in found.values)
    several = f" ({counted(len(found.points), 'measurement')})" if len(found.points) > 1 else ""
    return Fact(f"{group}: {with_unit(values, found.unit)}{several}", newest.reference, newest.display, group)


def _said(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number(Decimal(value))
