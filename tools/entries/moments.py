"""FHIR R4 date, dateTime, Period and Timing -> when something began and ended.

What stands there but is no date is told, as the detail "date as recorded".
"""

from typing import Any, NamedTuple

from tools.entries.concepts import Details
from tools.entries.entry import JSON
from tools.entries.shape import obj, text
from tools.entries.times import When, parse_when

AS_RECORDED = "date as recorded"


class Times(NamedTuple):
    """When something began and ended; `odd` tells what stood there when it is no date."""

    start: When | None
    end: When | None
    odd: Details


NO_TIMES = Times(None, None, ())


def times(resource: JSON, *keys: str) -> Times:
    """Read the first of these elements that is present: a date, a Period or a Timing."""
    for key in keys:
        if key in resource:
            return span_of(resource[key])
    return NO_TIMES


def span_of(value: Any) -> Times:
    """Read a date, a Period or a Timing. What is no date is told in `odd`."""
    if isinstance(value, str):
        when = parse_when(value)
        return Times(when, None, () if when else _odd(value))
    if isinstance(value, dict):
        events = value.get("event")
        start = events[0] if isinstance(events, list) and events else value.get("start")
        return _span(start, value.get("end"))
    return Times(None, None, _odd(value))


def _span(start: Any, end: Any) -> Times:
    began = parse_when(start) if isinstance(start, str) else None
    ended = parse_when(end) if isinstance(end, str) else None
    odd = (() if began else _odd(start)) + (() if ended else _odd(end))
    return Times(began, ended, odd)


def _odd(value: Any) -> Details:
    return ((AS_RECORDED, str(value)[:200]),) if value not in (None, "", [], {}) else ()


def day(value: Any) -> str:
    """Return the local day of a date as recorded, "" if there is none."""
    return text(value)[:10]


def period_words(value: Any) -> str:
    """Return a Period in words.

    >>> period_words({"start": "2015-01-02T10:00:00Z", "end": "2015-02-03"}), period_words({"start": "2015"})
    ('2015-01-02 to 2015-02-03', 'since 2015')
    """
    read = obj(value)
    start, end = day(read.get("start")), day(read.get("end"))
    if start and end:
        return f"{start} to {end}"
    return f"since {start}" if start else f"until {end}" if end else ""
