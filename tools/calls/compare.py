"""Two events or tests of one record -> order, days between, one during the other, values around one.

Left out: causes. What the record leaves open (two overlapping months, a prescription whose end is not given)
stays open: outcome "no value" with the reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence, Fact
from tools.entries.entry import Entry
from tools.entries.times import When
from tools.finding.events import Event, Stay, named, stay, time_of
from tools.measuring.panels import assays
from tools.measuring.picks import at_end
from tools.measuring.rounding import rounded
from tools.measuring.series import Point
from tools.record import PatientRecord
from tools.wording.facts import cut, fact
from tools.wording.words import short_name

Give = Literal["before", "earlier", "days", "during", "around", "difference", "higher"]
_OBSERVATION = ("Observation",)


def compare(record: PatientRecord, first: str, second: str, *, give: Give) -> Evidence:
    """Compare two events or tests, e.g. "condition: asthma".

    Args:
        record: the patient's record.
        first: words, after "condition:", "medication:", "procedure:", "encounter:", "measure:" or another
            kind if that is known, e.g. "measure: previous LDL" (or first, last); or a date, e.g. "2015-03".
            For "around", "difference" and "higher" a test.
        second: the same.
        give: "before": did first happen before second, by the first time of each. "earlier": the one that
            came first. "days": whole days from the one to the other. "during": did first last at a time of
            second. "around": the last value of the test `first` up to the first time of second, and the next
            after it. "difference": the last value of first minus the last of second, in the same unit only;
            "higher": whether it is above 0.

    Returns:
        Evidence; outcome "none recorded" with no values when either is not in the record; "no value" when the
        record leaves the answer open.

    Raises:
        BadArgument: first or second is empty or names no kind that there is.
    """
    asked = Evidence(
        tool="compare",
        arguments={"first": first, "second": second, "give": give},
        outcome="none recorded",
        about=f"{first} / {second}",
    )
    valued = give in ("difference", "higher")
    tests = (valued or give == "around", valued)
    pair = [
        named(name, words, record, _OBSERVATION if test else None)
        for name, words, test in zip(("first", "second"), (first, second), tests, strict=True)
    ]
    one, other = pair
    kinds = tuple(dict.fromkeys(kind for event in pair for kind in event.kinds))
    asked = replace(
        asked, about=f"{one.label} / {other.label}", coverage=record.coverage(*kinds), readings=one.rivals
    )
    missing = [event for event in pair if not event.recorded]
    if any(record.may_hide(*event.kinds) for event in missing):
        return replace(asked, outcome="unreadable")
    if missing:
        never = (False,) if give == "during" and one in missing else ()
        return replace(asked, values=never, notes=tuple(f"not recorded: {event.asked}" for event in missing))
    return _COMPARERS[give](asked, one, other, record)


def _before(asked: Evidence, one: Event, other: Event, record: PatientRecord) -> Evidence:
    sure = _ordered(asked, one, other)
    order = _order(one, other)
    if order is None:
        return sure
    same = ("both at the same time",) if order == 0 else ()
    return replace(sure, outcome="found", values=(order < 0,), notes=(*sure.notes, *same))


def _earlier(asked: Evidence, one: Event, other: Event, record: PatientRecord) -> Evidence:
    sure = _ordered(asked, one, other)
    order = _order(one, other)
    if order is None:
        return sure
    if order == 0:
        both = (one.asked, other.asked)
        return replace(sure, outcome="found", values=both, notes=("both at the same time",))
    return replace(sure, outcome="found", values=(one.asked if order < 0 else other.asked,))


def _days(asked: Evidence, one: Event, other: Event, record: PatientRecord) -> Evidence:
    starts = [event.start for event in (one, other)]
    picked = _ordered(asked, one, other)
    begin, end = starts
    if begin is None or end is None:
        return picked
    days = abs((end.first - begin.first).days)
    partial = [event.asked for event in (one, other) if event.start and event.start.first != event.start.last]
    notes = [f"{words} is dated to a month or year only; its first day was counted" for words in partial]
    notes += [f"{days} days are about {_long(days)}"] if days > 60 else []
    return replace(picked, outcome="found", values=(days,), unit="days", notes=tuple(notes))


def _long(days: int) -> str:
    """Return a length in words.

    >>> _long(400), _long(75)
    ('1.1 years', '2.5 months')
    """
    return f"{days / 365.25:.1f} years" if days > 365 else f"{days / 30.44:.1f} months"


def _ordered(asked: Evidence, one: Event, other: Event) -> Evidence:
    undated = [event.asked for event in (one, other) if event.start is None]
    notes = tuple(f"recorded without a date: {words}" for words in undated)
    if not undated and _order(one, other) is None:
        notes = ("the recorded dates overlap: the order is open",)
    facts = (*_first_facts(one), *_first_facts(other))
    references = tuple(dict.fromkeys(e.reference for event in (one, other) for e in event.firsts))
    return replace(
        asked, outcome="no value", facts=facts, total=len(facts), references=references, notes=notes
    )


def _first_facts(event: Event) -> tuple[Fact, ...]:
    return tuple(fact(entry) for entry in event.firsts[:3])


def _order(one: Event, other: Event) -> int | None:
    """Return -1, 0 or 1; None if the dates leave the order open."""
    a, b = one.start, other.start
    if a is None or b is None:
        return None
    if a.last < b.first or b.last < a.first:
        return -1 if a.last < b.first else 1
    if _clocked(a) and _clocked(b):
        return (a.moment > b.moment) - (a.moment < b.moment)
    return 0 if (a.first, a.last) == (b.first, b.last) and a.first == a.last else None


def _clocked(when: When) -> bool:
    return len(when.text) > 10


def _during(asked: Evidence, one: Event, other: Event, record: PatientRecord) -> Evidence:
    if one.day is not None:
        raise BadArgument("first", one.asked, "an event that lasts, not a date", "medication: metformin")
    stays = [stay(entry, one.entries) for entry in one.entries if entry.start]
    times = other.times
    held = [known for known in stays if any(known.holds(time) for time in times)]
    if held:
        met = [e for e in other.entries if any(k.holds(t) for k in held for t in time_of(e))]
        found = _told(asked, [*(known.entry for known in held), *met], held)
        return replace(found, outcome="found", values=(True,))
    unclear = [known for known in stays if any(known.holds(time) is None for time in times)]
    if unclear or not times or not stays:
        return _told(asked, [*(known.entry for known in unclear[-1:]), *other.firsts], unclear[-1:])
    told = _told(asked, [*one.firsts, *other.firsts], ())
    return replace(told, outcome="found", values=(False,))


def _told(asked: Evidence, entries: Sequence[Entry], stays: Sequence[Stay]) -> Evidence:
    facts = [fact(entry) for entry in entries]
    return replace(
        asked,
        outcome="no value",
        facts=cut(facts),
        total=len(facts),
        references=tuple(dict.fromkeys(entry.reference for entry in entries)),
        notes=tuple(dict.fromkeys(known.why for known in stays if known.why)),
    )


def _around(asked: Evidence, one: Event, other: Event, record: PatientRecord) -> Evidence:
    start = other.start
    if start is None:
        return replace(asked, outcome="no value", notes=(f"recorded without a date: {other.asked}",))
    before: list[Point] = []
    after: list[Point] = []
    for points in _series(one, record):
        earlier = [point for point in points if _up_to(point, start)]
        later = [point for point in points if point not in earlier]
        before += at_end(earlier, "last") if earlier else ()
        after += at_end(later, "first") if later else ()
    facts = [_labelled("Before", point) for point in before]
    facts += [_labelled("After", point) for point in after]
    notes = [] if before else [f"no {short_name(one.label)} up to {start.day}"]
    notes += [] if after else [f"no {short_name(one.label)} after {start.day}"]
    return _points_told(asked, [*before, *after], [*facts, *_first_facts(other)], notes)


def _up_to(point: Point, start: When) -> bool:
    taken = point.entry.start
    if taken is None:
        return False
    if taken.first == start.first and not (_clocked(taken) and _clocked(start)):
        return True
    return taken.moment <= start.moment


def _difference(asked: Evidence, one: Event, other: Event, record: PatientRecord) -> Evidence:
    lasts = [_last_number(event, record) for event in (one, other)]
    points = [point for point in lasts if point]
    told = _points_told(asked, points, [_labelled("Last", point) for point in points], [])
    numbers = [point.exact for point in points if point.exact is not None]
    if len(numbers) < 2:
        return replace(told, outcome="no value", values=(), notes=("one of them has no number",))
    if points[0].unit != points[1].unit:
        notes = (f"the units differ ({points[0].unit}, {points[1].unit}); they are not converted",)
        return replace(told, outcome="no value", values=(), unit="", notes=notes)
    return replace(told, values=(rounded(numbers[0] - numbers[1]),))


def _higher(asked: Evidence, one: Event, other: Event, record: PatientRecord) -> Evidence:
    told = _difference(asked, one, other, record)
    above = tuple(isinstance(value, Decimal) and value > 0 for value in told.values)
    return replace(told, values=above, unit="")


def _last_number(event: Event, record: PatientRecord) -> Point | None:
    series = [point for points in _series(event, record)[:1] for point in points if point.exact is not None]
    return at_end(series, "last")[-1] if series else None


def _series(event: Event, record: PatientRecord) -> list[list[Point]]:
    if event.reading is None:
        raise BadArgument("first", event.asked, "a test", "measure: HbA1c")
    meant = {entry.reference for entry in event.entries}
    parts = assays(event.reading, record, None)
    return [
        [point for point in part.points if point.value is not None and meant.intersection(point.references)]
        for part in parts
    ]


def _labelled(label: str, point: Point) -> Fact:
    line = fact(point.entry)
    return replace(line, text=f"{label}: {line.text}")


def _points_told(
    asked: Evidence, points: Sequence[Point], facts: Sequence[Fact], notes: Sequence[str]
) -> Evidence:
    units = {point.unit for point in points}
    return replace(
        asked,
        outcome="found" if points else "no value",
        values=tuple(point.value for point in points if point.value is not None),
        unit=units.pop() if len(units) == 1 else "",
        facts=tuple(facts),
        total=len(facts),
        references=tuple(dict.fromkeys(ref for point in points for ref in point.references)),
        notes=tuple(notes),
    )


_COMPARERS: dict[Give, Callable[[Evidence, Event, Event, PatientRecord], Evidence]] = {
    "before": _before,
    "earlier": _earlier,
    "days": _days,
    "during": _during,
    "around": _around,
    "difference": _difference,
    "higher": _higher,
}
