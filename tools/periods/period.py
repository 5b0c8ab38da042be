"""The shapes that pass between the readers of time, and the clock they read by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tools.entries.times import Span


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of a question that names a period.

    Attributes:
        text: the phrase as `resolve` takes it, e.g. "since 03/2012", "before starting insulin".
        start: where it starts in the question.
        end: where it ends. `question[start:end]` is `text`, except where two phrases share words: of
            "before and after starting insulin" the first mention covers "before and" and says "before
            starting insulin".
        anchored: the period hangs on an event of the record ("before the overdose"), not on the calendar.
    """

    text: str
    start: int
    end: int
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """A period as understood.

    Attributes:
        span: its days; an open end is None.
        label: for people, e.g. "in 2015", "since 2012-03", "last year (2020)".
        anchors: references of the entries it was computed from.
        encounter: "Encounter/…" when the period is that encounter: entries linked to it count even if
            their date is off; else "".
        results: references of what a report lists when the period is that report: nothing else counts.
    """

    span: Span
    label: str
    anchors: tuple[str, ...] = ()
    encounter: str = ""
    results: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """What relative times are read by: the day that counts as now, and the day of birth if it is known."""

    now: date
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of time with a name, before a relation ("since", "before") is applied to it.

    Attributes:
        first: first day, None if open.
        last: last day, None if open.
        label: the name, e.g. "2015", "last year (2020)".
        point: the one day meant when a relation needs a day: three years ago to the day.
        loose: days to widen by when "around" is said.
        yearless: the year was not said ("March"), so the end of a range may supply it.
        lead: how "in" is said: "in", "on", "at", "" ("last year").
        minute: the time of day that was said, with its day: "2025-06-15 05:34"; "" if none was.
        until: the last minute, where that is another.
        anchors: see `Period`.
        encounter: see `Period`.
    """

    first: date | None
    last: date | None
    label: str
    point: date | None = None
    loose: int = 30
    yearless: bool = False
    lead: str = "in"
    anchors: tuple[str, ...] = ()
    encounter: str = ""
    minute: str = ""
    until: str = ""

    @property
    def last_minute(self) -> str:
        """The last minute, where a time of day is known."""
        return self.until or self.minute


class NotInRecord(Exception):  # noqa: N818 - a finding on its way to `resolve`, never seen outside this package
    """The record has no such event, or no day of birth to count an age from."""


class UnknownEvent(NotInRecord):
    """Nothing recorded goes by this name; `resolve` tells whether it is something that a record can hold."""


Groups = Mapping[str, str | None]
Read = Callable[[Groups, Clock], Named | None]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to name a time: a pattern (one blank stands for any white space) and its reader.

    Attributes:
        pattern: with named groups; matched whole, without regard to case.
        read: given the groups and the clock, the time; None if the match means nothing (month 13).
        bare: it names a time also without a preposition before it ("last year" does, "March" does not).
    """

    pattern: str
    read: Read
    bare: bool = True
