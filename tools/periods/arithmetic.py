"""Calendar arithmetic: months back, whole months, weeks, birthdays. Pure.

Results outside the years 1 to 9999 are clamped.

>>> plus_months(date(2021, 3, 31), -1)
datetime.date(2021, 2, 28)
"""

import calendar
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: "18 months", "90 days". `text` is how a label says it."""

    months: int
    days: int
    text: str
    unit: str


def plus_days(day: date, days: int) -> date:
    """Return the day `days` later (earlier if negative)."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def plus_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later; the last of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def back(day: date, length: Length) -> date:
    """Return the day `length` before `day`."""
    return plus_days(plus_months(day, -length.months), -length.days)


def ahead(day: date, length: Length) -> date:
    """Return the day `length` after `day`."""
    return plus_days(plus_months(day, length.months), length.days)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def week_of(day: date) -> tuple[date, date]:
    """Return Monday and Sunday of the week that holds `day`."""
    monday = plus_days(day, -day.weekday())
    return monday, plus_days(monday, 6)


def birthday(born: date, age: int) -> date:
    """Return the first day at that age; born on 29 February, that is 1 March in other years.

    >>> birthday(date(1980, 2, 29), 41)
    datetime.date(2021, 3, 1)
    """
    year = min(born.year + age, date.max.year)
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)
