"""Days on which something happened -> periods to ask about, with the words people use.

"in 2015" is that year, "in March 2015" that month, "since 2015" and "until 2015" include it, "last year" is the
calendar year before the clock's, "this year" the clock's until the clock, "in the past 3 years" begins on that day
three years back. Both ends are included.
"""

from calendar import month_name, monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from evaluation.gold.reading import Resource
from evaluation.gold.resource import day

_BEGIN, _END = "0001-01-01", "9999-12-31"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both included, and how people say it; "" is all of the record."""

    words: str
    first: str = _BEGIN
    last: str = _END

    def within(self, resources: Iterable[Resource]) -> list[Resource]:
        """Return the resources whose day lies in the period."""
        return [resource for resource in resources if self.first <= day(resource) <= self.last]


ALWAYS = Period("")


def draw(resources: Sequence[Resource], now: str, random: Random, most: int = 3) -> list[Period]:
    """Return some periods in which there is something, or just not.

    Args:
        resources: whose days the periods are drawn from; each has a full day.
        now: the clock, an ISO day.
        random: draws.
        most: how many at most.
    """
    days = [day(resource) for resource in resources if len(day(resource)) == 10]
    if not days:
        return []
    anchor = random.choice(days)
    year, month = int(anchor[:4]), int(anchor[5:7])
    offered = [
        Period(f"in {year}", f"{year}-01-01", f"{year}-12-31"),
        Period(f"since {year}", f"{year}-01-01"),
        Period(f"until {year}", last=f"{year}-12-31"),
        Period(f"in {month_name[month]} {year}", *_month(year, month)),
        *_relative(now, days),
    ]
    return random.sample(offered, min(most, len(offered)))


def _month(year: int, month: int) -> tuple[str, str]:
    return f"{year}-{month:02}-01", f"{year}-{month:02}-{monthrange(year, month)[1]}"


def _relative(now: str, days: Sequence[str]) -> list[Period]:
    """Return periods that are told from the clock; of a record that ended long ago there are none."""
    clock = date.fromisoformat(now)
    if max(days) < f"{clock.year - 10}":
        return []
    last = Period("last year", f"{clock.year - 1}-01-01", f"{clock.year - 1}-12-31")
    this = [Period("this year", f"{clock.year}-01-01", now)] if now[5:] != "01-01" else []
    rolling = [Period(f"in the past {n} years", _years_back(clock, n)) for n in (2, 3, 5)]
    return [last, *this, *rolling]


def _years_back(clock: date, years: int) -> str:
    day_of_month = 28 if (clock.month, clock.day) == (2, 29) else clock.day
    return date(clock.year - years, clock.month, day_of_month).isoformat()
