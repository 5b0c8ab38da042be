"""Cited facts -> the numbers that may be said of them: how many they are, how much and how long they are apart.

A number is held only against what its unit says it is, a length of time against lengths of time: "four times" is not
right because the facts are four years apart.
"""

import re
from collections.abc import Iterator, Sequence, Set
from datetime import date
from decimal import Decimal
from itertools import combinations

from agent.check.points import Point, series_of
from agent.check.support import Support
from agent.check.tokens import TO_TWELVE
from agent.check.units import DAYS_IN

_SIGNED = re.compile(r"\bchange", re.IGNORECASE)
_A_DECADE = re.compile(r"\ba decade\b", re.IGNORECASE)
_AND_MONTHS = re.compile(r"\byears? and (?:\d+|[a-z]+) months?\b", re.IGNORECASE)
_MORE = re.compile(
    rf"\b(?:(?P<more>more than|over)|less than|under)\s+(?P<count>an?|\d+|{'|'.join(TO_TWELVE[1:])})\s+"
    r"(?P<unit>day|week|month|year|decade)s?\b",
    re.IGNORECASE,
)
_A_LITTLE = Decimal("1.5")
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
    return Support(_decade(text, numbers), reckoned=frozenset(numbers), counts=frozenset(counts))


def _decade(text: str, numbers: Set[tuple[Decimal, str]]) -> frozenset[str]:
    """Return the word "decade", where "a decade" is how long it was."""
    return frozenset(["decade"] if _A_DECADE.search(text) and (Decimal(1), "decade") in numbers else [])


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
    """Yield the round lengths of time that the cited days are a little more, or less, than apart, or ago."""
    for found in _MORE.finditer(text):
        said, unit = found["count"].casefold(), found["unit"].casefold()
        least = Decimal(TO_TWELVE.index(said) if said in TO_TWELVE else 1 if said in ("a", "an") else said)
        days = sorted({day for p in points for day in p.days})
        lengths = (
            Decimal((other - one).days) / DAYS_IN[unit] for one, other in combinations([*days, now], 2)
        )
        low, high = (least, least * _A_LITTLE) if found["more"] else (least / _A_LITTLE, least)
        if any(low < length <= high for length in lengths):
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
    for unit, length in DAYS_IN.items():
        exact = Decimal(days) / length
        for value in {Decimal(int(exact)), round(exact, 0), round(exact, 1)}:
            if value > 0:
                yield value, unit
