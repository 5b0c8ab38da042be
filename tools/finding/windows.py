"""When something counts: in a period of the question's words, and next to what another call found.

A `Window` is made once a call, and asked of every entry. Left out: words for times (`tools.periods`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, TypeVar

from tools.calls.results import Item, Result
from tools.entries.entry import Entry
from tools.entries.times import When
from tools.finding.lasting import Lasting, goes_on, lasting
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
        item: what the call found; None until it has run. Its end is inferred where that can be done.
        name: what that is called, e.g. "insulin".
        encounters: of an encounter its own reference and those of its parts.
        endless: why nothing can be after the end of it: it goes on, or its end is not known; else "".
        notes: what must be said with it, e.g. that it is the first of several.
    """

    relation: Relation
    of: str
    within: int | None = None
    item: Item | None = None
    name: str = ""
    encounters: frozenset[str] = frozenset()
    endless: str = ""
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The window in words: "before the start of insulin (2019-03-02)"."""
        edge = _edge(self.relation, span_of(self.item) if self.item else None)
        lead = _LEADS[self.relation]
        if self.within is not None:
            lead = f"within {self.within} day{'s' * (self.within != 1)} {_WITHIN[self.relation]}"
        return f"{lead} {self.name} ({edge.day if edge else 'no day'})"


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
    relation: Relation, of: str, within: int | None, found: Result, name: str, record: PatientRecord
) -> Beside | None:
    """Return the place next to the first thing that a call found; None where nothing has a time."""
    item = found.first
    if item is None or item.start is None:
        return None
    visit = item.entry if item.entry and item.entry.kind == "Encounter" and found.type == "entries" else None
    encounters = parts_of(visit, record) if visit else frozenset[str]()
    item, notes, endless = _with_end(item, found, record)
    moments = len({each.start.moment for each in found.items if each.start})
    if moments > 1:
        notes = (
            f"of {moments} times of {name} the first is meant ({item.start.day if item.start else ''})",
            *notes,
        )
    return Beside(
        relation=relation,
        of=of,
        within=within,
        item=item,
        name=name,
        encounters=encounters,
        endless=endless,
        notes=notes,
    )


def _with_end(item: Item, found: Result, record: PatientRecord) -> tuple[Item, tuple[str, ...], str]:
    """Return an item with the end that can be inferred, what must be said of it, and why it has none."""
    if item.goes_on and not (item.end and item.end.first <= record.now):
        return replace(item, end=None), (), "it goes on"
    if item.entry is None or item.end or found.type != "entries":
        return item, (), ""
    spans = lasting([each.entry for each in found.items if each.entry], record)
    span = next((span for entry, span in spans if entry is item.entry), None)
    if span is None:
        return item, (), ""
    why = (span.why,) if span.why else ()
    return replace(item, end=span.last), why, "" if span.last else span.why


@dataclass(frozen=True, slots=True)
class Window:
    """When something counts: whenever, in a period, next to an event, or both."""

    record: PatientRecord
    period: Period | None = None
    beside: Beside | None = None
    encounters: frozenset[str] = field(init=False, default=frozenset())
    """The visit or stay that bounds the window, and its parts."""

    def __post_init__(self) -> None:
        """Look for the parts of the stay that the period is."""
        visit = self.record.get(self.period.encounter) if self.period and self.period.encounter else None
        if visit:
            object.__setattr__(self, "encounters", parts_of(visit, self.record))

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
        when = entry.start or dated(entry, self.record)
        if self.period and (self.period.encounter or self.period.results is not None):
            inside = self._as_part(entry)
        else:
            inside = self.period is None or self.period.span.holds(when)
        return bool(inside) and (self.beside is None or self._belongs(entry) or _holds(self.beside, when))

    def holds_time(self, when: When | None) -> bool:
        """Tell whether a time lies inside."""
        inside = self.period is None or self.period.span.holds(when)
        return inside and (self.beside is None or _holds(self.beside, when))

    def overlaps(self, entry: Entry, span: Lasting | None) -> bool | None:
        """Tell whether something that lasted meets the window; None if that hangs on what is not known."""
        if self.open:
            return True
        met = self._as_part(entry)
        if self.period and not met and self.period.results is None:
            met = span.meets(self.period.span.first, self.period.span.last) if span else None
        next_to: bool | None = True
        if self.beside and not self._belongs(entry):
            next_to = _overlaps(self.beside, span) if span else None
        both = (True if self.period is None else met, next_to)
        return False if False in both else None if None in both else True

    def _as_part(self, entry: Entry) -> bool | None:
        """Tell whether an entry belongs to the report or visit that the period is; None if the period is neither."""
        if self.period is None:
            return None
        if self.period.results is not None:
            return entry.reference in self.period.results
        if self.period.encounter:
            whole = self.encounters or {self.period.encounter}
            return entry.encounter in whole or entry.reference in whole
        return None

    def _belongs(self, entry: Entry) -> bool:
        """Tell whether an entry belongs to the visit or stay that the window is at or during."""
        place = self.beside
        return bool(
            place
            and place.relation in ("during", "at")
            and place.encounters & {entry.encounter, entry.reference}
        )


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


def item_of(entry: Entry, record: PatientRecord) -> Item:
    """Return an entry as another call can build on it."""
    return Item(
        name=entry.display,
        start=entry.start,
        end=entry.end,
        goes_on=goes_on(entry, record),
        references=(entry.reference,),
        entry=entry,
    )


def nearest(things: Sequence[_T], place: Beside, time_of: Callable[[_T], When | None]) -> list[_T]:
    """Return what is nearest in time to an item, on either side; several if they are equally near.

    By the instant where both have one; a day without a time is as near as any time of that day.
    """
    event = place.item.start if place.item else None
    if event is None:
        return []
    timed = [(when, thing) for thing in things if (when := time_of(thing))]
    by_instant = [(when, thing) for when, thing in timed if when.clocked and event.clocked]
    instant = min((abs(when.moment - event.moment) for when, _ in by_instant), default=None)
    by_day = [(when, thing) for when, thing in timed if not (when.clocked and event.clocked)]
    closest = [pair for pair in by_instant if abs(pair[0].moment - event.moment) == instant]
    kept = [(abs(when.first - event.first), thing) for when, thing in (*closest, *by_day)]
    least = min((days for days, _ in kept), default=None)
    return [thing for days, thing in kept if days == least]


def in_window(entries: Iterable[Entry], window: Window) -> tuple[Entry, ...]:
    """Return the entries that a window holds."""
    return tuple(entries) if window.open else tuple(filter(window.holds, entries))


def _holds(place: Beside, when: When | None) -> bool:
    span = span_of(place.item) if place.item else None
    if span is None or when is None:
        return False
    near = _near(place, span)
    inside = near is None or (when.first <= near[1] and when.last >= near[0])
    return inside and _TESTS[place.relation](when, *span)


def _near(place: Beside, span: tuple[When, When | None]) -> tuple[date, date] | None:
    """Return the days that are near enough; None if all are."""
    edge = _edge(place.relation, span)
    if place.within is None or edge is None:
        return None
    days = timedelta(days=place.within)
    return edge.first - days, edge.last + days


def _edge(relation: Relation, span: tuple[When, When | None] | None) -> When | None:
    """Return the time from which a relation counts: the end or the start."""
    return span and (span[1] if relation == "after end" else span[0])


_TESTS: Mapping[Relation, Callable[[When, When, When | None], bool]] = {
    "before": lambda when, first, last: when.before(first),
    "after": lambda when, first, last: first.before(when),
    "after end": lambda when, first, last: last is not None and last.before(when),
    "at": lambda when, first, last: when.last >= first.first and (last is None or when.first <= last.last),
    "during": lambda when, first, last: (
        when.first >= first.first and (last is None or when.last <= last.last)
    ),
    "nearest": lambda when, first, last: True,
}


def _overlaps(place: Beside, span: Lasting) -> bool | None:
    event = span_of(place.item) if place.item else None
    if event is None:
        return False
    first, last = event
    near = _near(place, event)
    met = span.meets(*near) if near else True
    if met is False:
        return False
    if place.relation == "before":
        rest: bool | None = span.first.before(first)
    elif place.relation == "after":
        rest = span.goes_beyond(first)
    elif place.relation == "after end":
        rest = span.goes_beyond(last) if last else False
    elif place.relation == "nearest":
        rest = True
    else:
        rest = span.meets(first.first, last.last if last else None)
    return False if rest is False else None if None in (rest, met) else True
