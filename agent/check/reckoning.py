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
_AND_MONTHS = re.compile(r"\byears? and (?:\d+|[a-z]+) months?\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more than|over)\s+(\d+)\s+(day|week|month|year)s?\b", re.IGNORECASE)
_A_LITTLE = Decimal("1.1")
_MOST = 8
"""Cited facts from which on pairs of them are no longer compared: something would always fit."""


def reckoned(text: str, points: Sequence[Point], now: date) -> Support:
    """Return the numbers that may be said of cited facts.

    Args:
        text: the statement; a change is told with its sign, so that nothing is reckoned for "changed by".
        points: the facts.
        now: the clock.
    """
    numbers = {
        *_more_than(text, points, now),
        *(() if _SIGNED.search(text) else _apart(points)),
        *_long(points, now, bool(_AND_MONTHS.search(text))),
    }
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


def _more_than(text: str, points: Sequence[Point], now: date) -> Iterator[tuple[Decimal, str]]:
    """Yield the round lengths of time that the cited days are a little more than apart, or ago."""
    for found in _MORE.finditer(text):
        least, unit = Decimal(found[1]), found[2].casefold()
        days = sorted({day for p in points for day in p.days})
        lengths = (Decimal((other - one).days) / _DAYS[unit] for one, other in combinations([*days, now], 2))
        if any(least < length <= least * _A_LITTLE for length in lengths):
            yield least, unit


def _long(points: Sequence[Point], now: date, months: bool = False) -> Iterator[tuple[Decimal, str]]:
    """Yield how long cited days are apart, and how long ago they are, in whole units of time."""
    if len(points) > _MOST:
        return
    days = sorted({day for p in points for day in p.days})
    for one, other in combinations([*days, now], 2):
        yield from in_units((other - one).days)
        if months:
            whole = (other.year - one.year) * 12 + other.month - one.month - (other.day < one.day)
            yield from ((Decimal(whole // 12), "year"), (Decimal(whole % 12), "month"))


def in_units(days: int) -> Iterator[tuple[Decimal, str]]:
    """Yield a number of days in each unit of time, down and rounded."""
    for unit, length in _DAYS.items():
        exact = Decimal(days) / length
        for value in {Decimal(int(exact)), round(exact, 0)}:
            if value > 0:
                yield value, unit
