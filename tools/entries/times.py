"""FHIR date, dateTime, instant -> `When`; two ends -> `Span`.

A FHIR date is a span: `2024-03` is the whole of March 2024 (FHIR R4, datatypes, dateTime). Days are the local
days as recorded. Times of day are in the order of their instants, whatever their zones; a day without a time comes
after whatever is of a local day before it, and before whatever is of one after it. Pure: no clock.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

_BETWEEN = time(11, 0, 0, 1, tzinfo=UTC)
"""Where a day without a time stands in UTC: the day before is over then from UTC-11 on, the day after has begun nowhere
before UTC+13. So it is in order with all times of other days there, however clocks change; of its own day it stands in
the middle, as nothing says what was first. It is the instant of no time that people record.
"""
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True, order=True)
class When:
    """A point in time as recorded.

    Attributes:
        moment: the instant, in UTC; for a date one within its first day that orders it among events of other days.
        first: first local day it may mean, e.g. 2024-03-01 for "2024-03".
        last: last local day it may mean, e.g. 2024-03-31 for "2024-03".
        text: as recorded, e.g. "2024-03" or "2012-07-01T15:22:50+02:00".
    """

    moment: datetime
    first: date
    last: date
    text: str

    @property
    def day(self) -> str:
        """The local day or, when recorded less precisely, the month or year: "2012-07-01", "2024-03"."""
        return self.text[:10]

    @property
    def clocked(self) -> bool:
        """Whether a time of day is recorded."""
        return len(self.text) > 10

    @property
    def zone(self) -> str:
        """The offset from UTC as recorded, "+02:00" or "Z"; "" where there is none."""
        clock = self.text[11:]
        return next((clock[clock.index(sign) :] for sign in "Z+-" if sign in clock), "")

    def beside(self, other: "When") -> "When":
        """Return a time of day that has no zone in that of another time; any other time as it is.

        >>> parse_when("2024-03-01T08:00").beside(parse_when("2024-02-01T09:00:00-05:00")).text
        '2024-03-01T08:00-05:00'
        """
        lacks = self.clocked and not self.zone and other.zone
        return (parse_when(self.text + other.zone) or self) if lacks else self

    def begun(self, other: "When") -> "When":
        """Return the first minute of a day, in the zone of another time; a time of day as it is.

        >>> parse_when("2024-03-01").begun(parse_when("2024-02-01T09:00:00Z")).minute
        '2024-03-01 00:00'
        """
        return self if self.clocked else parse_when(f"{self.first.isoformat()}T00:00:00{other.zone}") or self

    @property
    def minute(self) -> str:
        """The local day and minute, "2012-07-01 15:22"; the day or what is recorded of it where there is no time."""
        return self.text[:16].replace("T", " ")

    def before(self, other: "When") -> bool:
        """Tell whether it is surely before another time: by the instant if both have one, else by the day.

        >>> parse_when("2024-03-01").before(parse_when("2024-03-01T08:00:00Z"))
        False
        """
        return self.moment < other.moment if self.clocked and other.clocked else self.last < other.first

    def precedes(self, other: "When") -> bool | None:
        """Tell whether it is before another time, as `before`; None where it is a month or year that leaves it open.

        A day is not before itself.

        >>> parse_when("2024-03").precedes(parse_when("2024-03-05")) is None
        True
        """
        if self.before(other) or other.before(self):
            return self.before(other)
        return False if self.first == self.last and other.first == other.last else None


@dataclass(frozen=True, slots=True)
class Span:
    """Whole local days from `first` to `last`, both included; None is open.

    Attributes:
        first: first day.
        last: last day.
        earliest: local minute, "2025-06-15 05:34", before which nothing on the first day lies inside; "" if all does.
        latest: local minute after which nothing on the last day lies inside.
    """

    first: date | None = None
    last: date | None = None
    earliest: str = ""
    latest: str = ""

    def holds(self, when: When | None) -> bool:
        """Tell whether all of `when` lies inside. An unknown time lies in the unbounded span only.

        >>> Span(date(2024, 1, 1), date(2024, 12, 31)).holds(parse_when("2024-03"))
        True
        >>> Span(date(2024, 3, 15), None).holds(parse_when("2024-03"))
        False
        >>> Span(date(2024, 3, 1), None, earliest="2024-03-01 08:00").holds(parse_when("2024-03-01T07:59:00Z"))
        False
        """
        if self.first is None and self.last is None:
            return True
        if when is None:
            return False
        inside = (self.first is None or when.first >= self.first) and (
            self.last is None or when.last <= self.last
        )
        return inside and self._in_time(when)

    def places(self, when: When | None) -> bool | None:
        """Tell whether a time lies inside; None where that is open: of an unknown time, of a month across an end.

        >>> Span(date(2024, 3, 15), None).places(parse_when("2024-03")) is None
        True
        """
        if self.holds(when):
            return True
        if when is None:
            return None
        after = self.last is not None and when.first > self.last
        before = self.first is not None and when.last < self.first
        return False if after or before or when.clocked else None

    def _in_time(self, when: When) -> bool:
        """Tell whether a time on the first or last day lies inside; a day without a time does not, not all of it."""
        late = (
            not self.earliest or when.first != self.first or (when.clocked and when.minute >= self.earliest)
        )
        early = not self.latest or when.last != self.last or (when.clocked and when.minute <= self.latest)
        return late and early


@lru_cache(maxsize=65536)
def parse_when(text: str) -> When | None:
    """Read a FHIR date, dateTime or instant; None if it is none.

    >>> parse_when("2024-02").last
    datetime.date(2024, 2, 29)
    >>> parse_when("around Easter") is None
    True
    >>> leap = parse_when("2016-12-31T23:59:60Z")
    >>> leap.day, leap.moment == parse_when("2017-01-01T00:00:00Z").moment
    ('2016-12-31', True)
    """
    if len(text) > 10:
        leap = text[16:19] == ":60"
        try:
            moment = datetime.fromisoformat(f"{text[:17]}59{text[19:]}" if leap else text)
        except ValueError:
            return None
        day = moment.date()
        try:
            aware = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            aware += timedelta(seconds=leap)
        except OverflowError:  # the first or last day of the calendar, used for "always" and "never"
            aware = moment.replace(tzinfo=UTC)
        return When(aware, day, day, text)
    match = _PARTIAL.fullmatch(text)
    if not match:
        return None
    year, month, day_of_month = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day_of_month or 1)
    except ValueError:
        return None
    last = first
    if day_of_month is None:
        end_month = month or 12
        last = date(first.year, end_month, calendar.monthrange(first.year, end_month)[1])
    return When(datetime.combine(first, _BETWEEN), first, last, text)


def completed_years(born: date, on: date) -> int:
    """Return the age in completed years.

    >>> completed_years(date(1980, 2, 29), date(2021, 2, 28))
    40
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
