"""When something counts: in a period of the question's words, and next to what another call found.

A `Window` is made once a call, and asked of every entry. Left out: words for times (`tools.periods`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, TypeVar

from tools.calls.results import Item, Result
from tools.entries.entry import Entry
from tools.entries.times import Span, When
from tools.finding.lasting import Lasting, goes_on, lasting
from tools.finding.undecided import all_of
from tools.periods import Period
from tools.record import PatientRecord
from tools.record.stays import covers, parts_of, wholes_of
from tools.wording.words import counted

Relation = Literal["before", "after", "after end", "at", "during", "nearest"]
_T = TypeVar("_T")
_LASTING = frozenset(
    (
        "Condition",
        "MedicationRequest",
        "MedicationStatement",
        "AllergyIntolerance",
        "CarePlan",
        "Goal",
        "Coverage",
    )
)
"""Kinds that go on for months or years: what is at one of them is where it began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Next to what another call found: the argument `when` of a call.

    Attributes:
        relation: "before" and "after" are strict and of its start; "at" is its day, of a visit or stay all its days;
            "during" is all its time.
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
    def span(self) -> tuple[When, When | None] | None:
        """When it began and ended, None of an end that is open or not known; None if it has no time.

        At what lasts, a problem or an order, is when it began: what lies in all of its time is during it.
        """
        known = span_of(self.item) if self.item else None
        if known and self.relation == "at" and self.item and self.item.entry:
            return (known[0], known[0]) if self.item.entry.kind in _LASTING else known
        return (known[0], None) if known and self.endless else known

    @property
    def visits(self) -> frozenset[str]:
        """The visit or stay that it is at or during, and its parts."""
        return self.encounters if self.relation in ("at", "during") else frozenset()

    @property
    def ended(self) -> bool:
        """Whether it has ended, though the record may not say when."""
        return self.item is not None and not self.item.goes_on

    @property
    def label(self) -> str:
        """The window in words: "before the start of insulin (2019-03-02)"."""
        edge = _edge(self.relation, self.span)
        lead = _LEADS[self.relation]
        if self.within is not None:
            lead = f"within {counted(self.within, 'day')} {_WITHIN[self.relation]}"
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
    visit: Entry | None = field(init=False, default=None)
    whole: frozenset[str] = field(init=False, default=frozenset())
    """What the visit is a part of."""

    def __post_init__(self) -> None:
        """Look for the parts of the stay that the period is."""
        visit = self.record.get(self.period.encounter) if self.period and self.period.encounter else None
        if visit:
            object.__setattr__(self, "visit", visit)
            object.__setattr__(self, "encounters", parts_of(visit, self.record))
            object.__setattr__(self, "whole", wholes_of(visit, self.record))

    @property
    def open(self) -> bool:
        """Whether everything counts."""
        return self.period is None and self.beside is None

    @property
    def visits(self) -> frozenset[str]:
        """The visit or stay that the window is, and its parts; none where it is another time."""
        return self.encounters or (self.beside.visits if self.beside else frozenset())

    @property
    def label(self) -> str:
        """The window in words; "" where everything counts."""
        return ", ".join(part.label for part in (self.period, self.beside) if part)

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry surely lies inside."""
        return self.places(entry) is True

    def places(self, entry: Entry) -> bool | None:
        """Tell whether an entry lies inside: by its date or, where a visit or stay bounds the window, as part of it.

        An entry without a date has that of its encounter. None where the record leaves it open.
        """
        when = entry.start or dated(entry, self.record)
        if self.period and (self.period.encounter or self.period.results is not None):
            inside: bool | None = self._as_part(entry) or self._meanwhile(entry)
        else:
            inside = self.period.span.places(when) if self.period else True
        if self.beside is None or self._belongs(entry):
            return inside
        return all_of(inside, _placed(self.beside, when))

    def places_time(self, when: When | None) -> bool | None:
        """Tell whether a time lies inside; None where that is open."""
        inside = self.period.span.places(when) if self.period else True
        return all_of(inside, _placed(self.beside, when) if self.beside else True)

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
        return all_of(True if self.period is None else met, next_to)

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

    def _meanwhile(self, entry: Entry) -> bool:
        """Tell whether what belongs to the stay as a whole lies in the time of the part of it that the period is."""
        return self.visit is not None and entry.encounter in self.whole and covers(self.visit, entry)

    def _belongs(self, entry: Entry) -> bool:
        """Tell whether an entry belongs to the visit or stay that the window is at or during."""
        return bool(self.beside and self.beside.visits & {entry.encounter, entry.reference})


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


def _placed(place: Beside, when: When | None) -> bool | None:
    """Tell whether a time is where it is to be; None where the record leaves it open."""
    span = place.span
    if span is None:
        return False
    if when is None:
        return None
    near: bool | None = True
    if edge := _edge(place.relation, span) if place.within is not None else None:
        near = Span(*_near(place, edge)).places(when)
    return all_of(near, _TESTS[place.relation](place, when, *span))


def _near(place: Beside, edge: When) -> tuple[date, date]:
    """Return the days that are near enough to a time."""
    days = timedelta(days=place.within or 0)
    return edge.first - days, edge.last + days


def _edge(relation: Relation, span: tuple[When, When | None] | None) -> When | None:
    """Return the time from which a relation counts: the end or the start."""
    return span and (span[1] if relation == "after end" else span[0])


def _lies_in(place: Beside, when: When, first: When, last: When | None) -> bool | None:
    """Tell whether a time lies between the days of an event, of which the last may be open or not known."""
    begun = None if when.last >= first.first else False
    if when.first >= first.last:
        begun = True
    if last is None and place.ended:
        return all_of(begun, True if when.last <= first.first else None)
    if last is None or when.last <= last.first:
        return begun
    return all_of(begun, None if when.first <= last.last else False)


_TESTS: Mapping[Relation, Callable[[Beside, When, When, When | None], bool | None]] = {
    "before": lambda place, when, first, last: when.precedes(first),
    "after": lambda place, when, first, last: first.precedes(when),
    "after end": lambda place, when, first, last: last.precedes(when) if last else None,
    "at": _lies_in,
    "during": _lies_in,
    "nearest": lambda place, when, first, last: True,
}


def _overlaps(place: Beside, span: Lasting) -> bool | None:
    """Tell whether something that lasted is where it is to be; None where the record leaves it open."""
    event = place.span
    if event is None:
        return False
    first, last = event
    edge = _edge(place.relation, event) if place.within is not None else None
    near = span.meets(*_near(place, edge)) if edge else True
    rest: bool | None = True
    if place.relation == "before":
        rest = span.first.precedes(first)
    elif place.relation == "after":
        rest = span.goes_beyond(first)
    elif place.relation == "after end":
        rest = span.goes_beyond(last) if last else None
    elif place.relation in ("at", "during"):
        rest = _meet(place, span, first, last)
    return all_of(near, rest)


def _meet(place: Beside, span: Lasting, first: When, last: When | None) -> bool | None:
    """Tell whether something lasted on a day of an event, of which the last may be open or not known."""
    possibly = span.meets(first.first, last.last if last else None)
    if possibly is False:
        return False
    surely = span.meets(
        first.last, first.first if last is None and place.ended else last.first if last else None
    )
    return True if surely else None
