"""When something counts: in a period of the question's words, and next to what another call found.

A `Window` is made once a call, and asked of every entry. Left out: words for times (`tools.periods`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar

from tools.calls.results import Item
from tools.entries.entry import Entry
from tools.entries.times import When
from tools.periods import Period
from tools.record import PatientRecord
from tools.record.stays import parts_of

Relation = Literal["before", "after", "after end", "at", "during", "nearest"]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Next to what another call found: the argument `when` of a call.

    Attributes:
        relation: "before" and "after" are strict and of its start, "at" is the same day or overlaps it.
        of: the call.
        within: at most so many days from it; None if any.
        item: what the call found; None until it has run.
        name: what that is called, e.g. "insulin".
        encounters: of an encounter its own reference and those of its parts.
    """

    relation: Relation
    of: str
    within: int | None = None
    item: Item | None = None
    name: str = ""
    encounters: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """The window in words: "before the start of insulin (2019-03-02)"."""
        day = self.item.start.day if self.item and self.item.start else "no day"
        lead = (
            _LEADS[self.relation]
            if self.within is None
            else f"within {self.within} days {_WITHIN[self.relation]}"
        )
        return f"{lead} {self.name} ({day})"


_LEADS: Mapping[Relation, str] = {
    "before": "before",
    "after": "after",
    "after end": "after the end of",
    "at": "at the time of",
    "during": "during",
    "nearest": "nearest to",
}
_WITHIN: Mapping[Relation, str] = {**_LEADS, "at": "of", "during": "of", "nearest": "of"}


def beside(
    relation: Relation, of: str, within: int | None, item: Item, name: str, record: PatientRecord
) -> Beside:
    """Return the place next to an item that a call found."""
    stay = item.entry if item.entry and item.entry.kind == "Encounter" else None
    encounters = parts_of(stay, record) if stay else frozenset[str]()
    return Beside(relation=relation, of=of, within=within, item=item, name=name, encounters=encounters)


@dataclass(frozen=True, slots=True)
class Window:
    """When something counts: whenever, in a period, next to an event, or both."""

    record: PatientRecord
    period: Period | None = None
    beside: Beside | None = None

    @property
    def open(self) -> bool:
        """Whether everything counts."""
        return self.period is None and self.beside is None

    @property
    def label(self) -> str:
        """The window in words; "" where everything counts."""
        return ", ".join(part.label for part in (self.period, self.beside) if part)

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry lies inside: by its date or, where a visit or stay bounds the window, as part of it.

        An entry without a date has that of its encounter.
        """
        return self._in_period(entry) and self._beside(entry)

    def holds_time(self, when: When | None) -> bool:
        """Tell whether a time lies inside."""
        inside = self.period is None or self.period.span.holds(when)
        return inside and (self.beside is None or (when is not None and _is_beside(when, self.beside)))

    def _in_period(self, entry: Entry) -> bool:
        period = self.period
        if period is None:
            return True
        if period.results is not None:
            return entry.reference in period.results
        if period.encounter:
            return period.encounter in (entry.encounter, entry.reference)
        return period.span.holds(dated(entry, self.record))

    def _beside(self, entry: Entry) -> bool:
        place = self.beside
        if place is None:
            return True
        if place.relation in ("during", "at") and place.encounters & {entry.encounter, entry.reference}:
            return True
        when = dated(entry, self.record)
        return when is not None and _is_beside(when, place)


def dated(entry: Entry, record: PatientRecord) -> When | None:
    """Return when an entry began, else when its encounter did."""
    if entry.start or not entry.encounter:
        return entry.start
    visit = record.get(entry.encounter)
    return visit.start if visit else None


def span_of(item: Item) -> tuple[When, When | None] | None:
    """Return the first and last time of an item, None for a last one that is open; None if it has no time."""
    if item.start is None:
        return None
    return item.start, None if item.goes_on and not item.end else item.end or item.start


def nearest(things: Sequence[_T], place: Beside, time_of: Callable[[_T], When | None]) -> list[_T]:
    """Return what is nearest in time to an item, on either side; several if they are equally near."""
    event = place.item.start if place.item else None
    apart = [
        (
            abs((when.moment - event.moment) if when.clocked and event.clocked else when.first - event.first),
            thing,
        )
        for thing in things
        if event and (when := time_of(thing))
    ]
    least = min((distance for distance, _ in apart), default=None)
    return [thing for distance, thing in apart if distance == least]


def _is_beside(when: When, place: Beside) -> bool:
    span = span_of(place.item) if place.item else None
    if span is None:
        return False
    first, last = span
    edge = last if place.relation == "after end" else first
    near = place.within is None or (edge is not None and _apart(when, edge, place.within))
    return near and _TESTS[place.relation](when, first, last)


def _apart(when: When, edge: When, days: int) -> bool:
    return abs(when.first - edge.first) <= timedelta(days=days)


def _inside(when: When, first: When, last: When | None) -> bool:
    return not when.before(first) and not (last is not None and last.before(when))


_TESTS: Mapping[Relation, Callable[[When, When, When | None], bool]] = {
    "before": lambda when, first, last: when.before(first),
    "after": lambda when, first, last: first.before(when),
    "after end": lambda when, first, last: last is not None and last.before(when),
    "at": lambda when, first, last: _same_day(when, first) if last is first else _inside(when, first, last),
    "during": _inside,
    "nearest": lambda when, first, last: True,
}


def _same_day(when: When, other: When) -> bool:
    return when.first <= other.last and when.last >= other.first


def in_window(entries: Iterable[Entry], window: Window) -> tuple[Entry, ...]:
    """Return the entries that a window holds."""
    return tuple(entries) if window.open else tuple(filter(window.holds, entries))
