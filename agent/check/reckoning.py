"""Cited facts -> the numbers that may be said of them: how many they are, how much and how long they are apart.

A number is held only against what its unit says it is, a length of time against lengths of time: "four times" is not
right because the facts are four years apart.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from agent.check.points import Point, series_of
from agent.check.support import Support

_SIGNED = re.compile(r"\bchange", re.IGNORECASE)
_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": Decimal("30.4375"), "year": Decimal("365.25")}
_MOST = 8
"""Cited facts from which on pairs of them are no longer compared: something would always fit."""


def reckoned(text: str, points: Sequence[Point], now: date) -> Support:
    """Return the numbers that may be said of cited facts.

    Args:
        text: the statement; a change is told with its sign, so that nothing is reckoned for "changed by".
        points: the facts.
        now: the clock.
    """
    numbers = {*(() if _SIGNED.search(text) else _apart(points)), *_long(points, now)}
    counts = {len({p.fact.reference for p in points})}
    counts |= {len({p.fact.reference for p in points if p.name == name}) for name in {p.name for p in points}}
    counts |= {len({p.name for p in points})}
    return Support(reckoned=frozenset(numbers), counts=frozenset(counts))


def _apart(points: Sequence[Point]) -> Iterator[tuple[Decimal, str]]:
    """Yield how much numbers of one test differ, and by how many percent of the earlier one."""
    for series in series_of(points):
        if len(series) > _MOST:
            continue
        for one, other in combinations([p.number for p in series if p.number is not None], 2):
            apart = abs(other - one)
            yield from ((apart, series[0].unit), (apart, "score"))
            if one:
                percent = abs(apart / one * 100)
                yield from ((value, "%") for value in (percent, round(percent, 0), round(percent, 1)))


def _long(points: Sequence[Point], now: date) -> Iterator[tuple[Decimal, str]]:
    """Yield how long cited days are apart, and how long ago they are, in whole units of time."""
    if len(points) > _MOST:
        return
    days = sorted({day for p in points for day in p.days})
    for one, other in combinations([*days, now], 2):
        yield from in_units((other - one).days)


def in_units(days: int) -> Iterator[tuple[Decimal, str]]:
    """Yield a number of days in each unit of time, down and rounded."""
    for unit, length in _DAYS.items():
        exact = Decimal(days) / length
        for value in {Decimal(int(exact)), round(exact, 0)}:
            if value > 0:
                yield value, unit
