"""One phrase and one patient's record -> `Period`."""

import re
from datetime import date
from typing import TYPE_CHECKING

from tools.calls.errors import BadArgument
from tools.entries.times import Span
from tools.periods.anchors import anchored, is_an_event
from tools.periods.period import Clock, NotInRecord, Period, UnknownEvent
from tools.periods.recorded import recorded
from tools.periods.relations import timed
from tools.periods.relative import EVER
from tools.periods.scan import mentions
from tools.periods.words import plain
from tools.record.kinds import TYPES

if TYPE_CHECKING:
    from tools.record import PatientRecord

_EVER_BEFORE = re.compile(rf"^{EVER},? (?=\w)", re.IGNORECASE)
"""In "in total until 2016" only the limit bounds anything."""
WISH = "a period"
EXAMPLE = "since 03/2012"


def resolve(text: str, record: "PatientRecord") -> Period | None:
    """Return the period that `text` names for this patient, as of the record's clock.

    Args:
        text: one phrase, with or without its preposition: "2015", "since 03/2012", "last year", "at age 40",
            "before starting insulin", "during the last admission". Several limits ("since 2012 but before
            2015") hold together.
        record: gives the clock, the day of birth and the events that a phrase may hang on.

    Returns:
        The days, a label for people, and what it was computed from; None if the record has no such event.

    Raises:
        BadArgument: the text is not understood as a time or an event, or its limits leave no day.
    """
    return record.once(_resolve, text)


def _resolve(record: "PatientRecord", text: str) -> Period | None:
    try:
        return _period(text, record)
    except UnknownEvent:
        if _names_an_event(text, record):
            return None
        raise BadArgument("period", text, "a time, or an event that a record can hold", EXAMPLE) from None
    except NotInRecord:
        return None


def _period(text: str, record: "PatientRecord") -> Period:
    phrase = _EVER_BEFORE.sub("", " ".join(plain(text).split()).strip(" ,.;:?!"))
    clock = Clock(record.now, _born(record))
    period = recorded(phrase, record) or timed(phrase, clock) or _together(phrase, record)
    period = period or anchored(phrase, record, clock)
    if period is None:
        raise BadArgument("period", text, WISH, EXAMPLE)
    return period


def _names_an_event(phrase: str, record: "PatientRecord") -> bool:
    """Tell whether a clause hangs on something that a record can hold: "the stroke", a visit, not "the earthquake"."""
    from tools.concepts import (
        mentions as names_in,  # concepts may ask for periods; bound late so that neither needs the other first
    )

    return is_an_event(phrase) or bool(names_in(phrase, record, TYPES))


def _born(record: "PatientRecord") -> date | None:
    birth = record.patient.birth
    return birth.first if birth else None


def _together(phrase: str, record: "PatientRecord") -> Period | None:
    """Return what several limits leave: "since 2012 but before 2015"; None if one of them is not recorded.

    "Before the diagnosis of childhood asthma" is such a limit as a whole only.
    """
    parts = [mention.text for mention in mentions(phrase)]
    if len(parts) < 2 or phrase in parts:
        return None
    try:
        period = both([_period(part, record) for part in parts])
    except NotInRecord:
        return None
    if period is None:
        raise BadArgument("period", phrase, "limits that leave at least one day", EXAMPLE)
    return period


def both(periods: list[Period]) -> Period | None:
    """Return the days that all periods share, None if there is none."""
    firsts = [p.span.first for p in periods if p.span.first]
    lasts = [p.span.last for p in periods if p.span.last]
    first, last = max(firsts, default=None), min(lasts, default=None)
    earliest = max((p.span.earliest for p in periods if p.span.first == first), default="")
    latest = min((p.span.latest for p in periods if p.span.last == last and p.span.latest), default="")
    if first and last and first > last:
        return None
    anchors = tuple(dict.fromkeys(a for p in periods for a in p.anchors))
    encounter = next((p.encounter for p in periods if p.encounter), "")
    return Period(
        Span(first, last, earliest, latest), ", ".join(p.label for p in periods), anchors, encounter
    )
