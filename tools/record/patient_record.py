"""One patient's entries, as of one day, loaded kind by kind.

A `PatientRecord` never holds another patient's data: each entry is checked when it is loaded. Entries
that do not count (entered in error, refuted, not done) and entries dated after the clock are kept apart and
counted. What its reader narrowed it to is all that is there; that something was left out is then a problem of its
kind, as what could not be read is.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from tools.calls.evidence import Coverage
from tools.entries import Demographics, Entry, parse, parse_patient
from tools.entries.entry import JSON
from tools.entries.senses import names_allergy
from tools.entries.times import parse_when
from tools.record.kinds import TYPES
from tools.record.scope import EVERYTHING, Scope
from tools.record.shelf import Load, Narrow, Shelf, Term, group_by_name, moment
from tools.wording.text import normal

T = TypeVar("T")

_VIEWS = 8
"""Clocks and scopes under which a record stays ready; which names and notes it holds is worked out once for each."""
_MADE = 1024
"""Things made of a record that are kept under one clock and scope."""
_LINKED = {
    "replaces": "this record replaces {}, which may hold more",
    "replaced-by": "this record was replaced by {}, which may hold more",
}
"""What a link to another record of the same person means (FHIR R4 LinkType); others, that it may hold more."""
_KNOWN = frozenset(TYPES)
"""Kinds of which every source knows how many resources there are before any is read."""


class PatientRecord:
    """The record of one patient as of the start of the day `now`.

    Args:
        patient: the Patient resource.
        counts: how many resources there are of each type, so that nothing is loaded to know what is there.
        load: yields the resources of one type; may correct `counts` and add to `problems`.
        now: the clock; entries that start after it are not counted as having been.
        problems: what went wrong while reading, by resource type ("" for the record as a whole).
        outdated: tells whether the record should be opened anew, as its source may say something else by now.
        narrow: yields fewer resources of a type than `load` where the record was narrowed, if that is less work.
        binary: reads what is attached to a resource of the record, by its reference, where it is not loaded by kind.
    """

    def __init__(
        self,
        patient: JSON,
        counts: Mapping[str, int],
        load: Load,
        now: date,
        problems: Mapping[str, tuple[str, ...]] | None = None,
        outdated: Callable[[], bool] = lambda: False,
        narrow: Narrow | None = None,
        binary: Callable[[str], JSON | None] = lambda reference: None,
    ) -> None:
        self.outdated, self._binary = outdated, binary
        self.patient: Demographics = parse_patient(patient)
        self.reference = self.patient.reference
        self._counts, self._problems = counts, {} if problems is None else problems
        self.now, self.scope = now, EVERYTHING
        self._shelf = Shelf(self.reference, load, narrow)
        self._by_reference: dict[str, dict[str, Entry]] = {}
        self._views: dict[tuple[date, Scope], PatientRecord] = {}
        self._forget()

    @property
    def counts(self) -> dict[str, int]:
        """How many resources there are of each type in the scope's kinds, whatever its period, as far as is known."""
        if not self.scope.kinds:
            return dict(self._counts)
        return {kind: number for kind, number in self._counts.items() if self.scope.admits(kind)}

    @property
    def problems(self) -> dict[str, tuple[str, ...]]:
        """What went wrong while reading, or was left out, by resource type, as far as is known now."""
        kinds = dict.fromkeys([*self._problems, *(self._counts if self.scope.kinds else ())])
        troubles = {kind: said for kind in kinds if kind and (said := self._trouble(kind))}
        return troubles | ({"": self.of_the_whole} if self.of_the_whole else {})

    @property
    def of_the_whole(self) -> tuple[str, ...]:
        """Why anything of the record may be missing: its ingest is not finished, or there is another record."""
        elsewhere = (
            _LINKED.get(how, "{} is a record of the same person and may hold more").format(other)
            for how, other in self.patient.others
        )
        return (*self._problems.get("", ()), *elsewhere)

    @property
    def dead(self) -> bool:
        """Whether the patient has died, by the clock's day; where no day of death is recorded, by any day."""
        died = self.patient.died
        return self.patient.deceased and not (died and died.first > self.now)

    @property
    def size(self) -> int:
        """About how many bytes of memory what was loaded takes."""
        return self._shelf.size

    def _forget(self) -> None:
        """Begin without anything that depends on the clock."""
        self._current: dict[str, tuple[Entry, ...]] = {}
        self._aside: dict[str, tuple[Entry, ...]] = {}
        self._terms: dict[str, tuple[Term, ...]] = {}
        self._covered: dict[str, Coverage] = {}
        self._uncounted: PatientRecord | None = None
        self._made: dict[Hashable, Any] = {}

    def once(self, make: Callable[..., T], *about: Hashable) -> T:
        """Return what `make` makes of this record and `about`, made once for this clock and scope.

        What words mean here is asked for by whoever plans, computes and checks: they share one reading of it. It is
        kept no longer than this view of the record. What `make` raises is not kept.
        """
        try:
            known: T = self._made[make, about]
        except KeyError:
            known = make(self, *about)
            if len(self._made) >= _MADE:
                self._made.clear()
            self._made[make, about] = known
        return known

    def as_of(self, now: date) -> "PatientRecord":
        """Return the same record under another clock; what was loaded is shared."""
        return self._seen(now, self.scope)

    def within(self, scope: Scope) -> "PatientRecord":
        """Return the same record narrowed to a scope, in place of the one before; what was loaded is shared."""
        return self._seen(self.now, scope)

    def _seen(self, now: date, scope: Scope) -> "PatientRecord":
        if (now, scope) == (self.now, self.scope):
            return self
        known = self._views.get((now, scope))
        if known is None:
            known = PatientRecord.__new__(PatientRecord)
            known.__dict__.update(self.__dict__)
            known._views = {}  # its own: a record in a circle would outlive its use
            known.now, known.scope = now, scope
            if scope != self.scope:
                known._by_reference = {}
            known._forget()
            if len(self._views) >= _VIEWS:
                self._views.clear()
            self._views[now, scope] = known
        return known

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of a FHIR resource type that count and lie before the clock's day, oldest first.

        Entries without a time come first.
        """
        if kind not in self._current:
            there = self._there(kind)
            late = self._late(there)
            self._current[kind] = tuple([e for e in there if not e.void and id(e) not in late])
        return self._current[kind]

    def set_aside(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries that do not count: entered in error, refuted, not done, or after the clock."""
        if kind not in self._aside:
            there = self._there(kind)
            late = self._late(there)
            self._aside[kind] = tuple([e for e in there if e.void or id(e) in late])
        return self._aside[kind]

    def terms(self, kind: str) -> tuple[Term, ...]:
        """Return the distinct names of a kind with their entries, components of observations among them."""
        if kind not in self._terms:
            there = self._there(kind)
            whole = (
                self.scope.admits(kind) and not self.scope.dated and len(there) == self._shelf.number(kind)
            )
            if whole and not self._late(there):
                self._terms[kind] = self._shelf.terms(kind)
            else:
                self._terms[kind] = group_by_name(kind, self.entries(kind))
        return self._terms[kind]

    def not_counted(self) -> "PatientRecord":
        """Return the same record with only what was set aside in it, to look for names there."""
        if self._uncounted is None:
            self._uncounted = _NotCounted(self)
        return self._uncounted

    def holds(self, kind: str) -> bool:
        """Tell whether there is anything of a kind, be it unreadable or left out."""
        return bool(self._counts.get(kind) or self._trouble(kind))

    def number(self, kind: str) -> int:
        """Return how many resources of a kind are there, whether they count or not."""
        return len(self._there(kind)) if self.scope.dated else self.counts.get(kind, 0)

    def unread(self, *kinds: str) -> bool:
        """Tell whether nothing of one of these kinds counts, but some of it could not be read, or all was left out."""
        return any(not self.entries(kind) and self._trouble(kind) for kind in kinds)

    def may_hide(self, *kinds: str) -> bool:
        """Tell whether something of these kinds may be missing, so that what is not found is not denied.

        So it is where some of it could not be read, where the ingest of the record is not finished, and where all
        of a kind was left out.
        """
        return bool(self.of_the_whole) or any(self._trouble(kind) for kind in kinds)

    def left_out(self, *kinds: str) -> bool:
        """Tell whether one of these kinds is not within the scope, and the record may hold something of it."""
        return any(
            not self.scope.admits(kind)
            and (self._counts.get(kind) or self._problems.get(kind) or kind not in _KNOWN)
            for kind in kinds
        )

    def get(self, reference: str) -> Entry | None:
        """Return the entry "Type/id" (also one that does not count), or None if this record has none."""
        kind = reference.partition("/")[0]
        if kind not in self._counts or (self.scope.kinds and not self.scope.admits(kind)):
            return None
        if kind not in self._by_reference:
            self._by_reference[kind] = {e.reference: e for e in self._there(kind)}
        return self._by_reference[kind].get(reference)

    def attached(self, reference: str) -> Entry | None:
        """Return a Binary that is attached to a resource of this record, or None; a server is asked for it anew."""
        known = self.get(reference)
        read = None if known else self._binary(reference)
        return parse(read) if read else known

    def coverage(self, *kinds: str) -> tuple[Coverage, ...]:
        """Say what these kinds hold: how many count, from when to when, and what was set aside."""
        for kind in kinds:
            if kind not in self._covered:
                self._covered[kind] = self._cover(kind)
        return tuple(self._covered[kind] for kind in kinds)

    def _cover(self, kind: str) -> Coverage:
        entries = self.entries(kind)
        dated = [e.start for e in entries if e.start]
        span = (dated[0].day, dated[-1].day) if dated else None
        aside = Counter(entry.void or f"after {self.now.isoformat()}" for entry in self.set_aside(kind))
        problems = [f"{n} not counted: {reason}" for reason, n in aside.items()]
        problems += [*self._trouble(kind), *self.of_the_whole]
        return Coverage(kind, len(entries), span, (*problems, *self._outside(kind)))

    def _there(self, kind: str) -> tuple[Entry, ...]:
        """Everything of a kind that is within the scope; of kinds that are not, nothing is loaded."""
        if not self.scope.admits(kind):
            return ()
        every = self._shelf.within(kind, self.scope)
        there = tuple(filter(self.scope.holds, every)) if self.scope.dated else every
        return self._with_problems(there) if kind == "AllergyIntolerance" else there

    def _with_problems(self, allergies: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Return the allergies with those that stand among the problems, where the scope admits these."""
        problems = tuple(filter(names_allergy, self._there("Condition")))
        return tuple(sorted((*allergies, *problems), key=moment)) if problems else allergies

    def _trouble(self, kind: str) -> tuple[str, ...]:
        """Why a kind may hold more than is there, whatever the period."""
        if self.scope.kinds and self.left_out(kind):
            return (self.scope.why,)
        return self._problems.get(kind, ())

    def _outside(self, kind: str) -> tuple[str, ...]:
        """What the period of the scope keeps out of a kind."""
        kept_out = self.scope.dated and self.scope.admits(kind)
        there = len(self._there(kind)) if kept_out else 0
        every = self._shelf.number(kind)
        number = (self._counts.get(kind, 0) if every is None else every) - there if kept_out else 0
        return (f"{number} {self.scope.why}",) if number else ()

    def _late(self, there: tuple[Entry, ...]) -> frozenset[int]:
        """Return which entries, by `id`, start after the clock's day.

        They are the last ones: whatever its time zone, no local day after it begins before that day in UTC.
        """
        day = datetime.combine(self.now, time(), UTC)
        last = there[bisect_left(there, day, key=moment) :]
        return frozenset(
            [id(e) for e in last if e.start and e.start.first > self.now and not self._booked(e)]
        )

    def _booked(self, entry: Entry) -> bool:
        """Tell whether what lies ahead is known by the clock's day: a visit that was booked by then."""
        booked = parse_when(entry.detail("booked")) if entry.kind == "Appointment" else None
        return entry.kind == "Appointment" and not (booked and booked.first > self.now)


class _NotCounted(PatientRecord):
    """A record seen from its other side: what is set aside, and what is only about a thing, by the thing's name."""

    def __init__(self, record: PatientRecord) -> None:
        self.__dict__.update(record.__dict__)
        self._forget()

    def entries(self, kind: str) -> tuple[Entry, ...]:
        about = [entry for entry in super().entries(kind) if entry.sense]
        aside = self.set_aside(kind)
        return tuple(sorted((*aside, *about), key=moment)) if about else aside

    def terms(self, kind: str) -> tuple[Term, ...]:
        if kind not in self._terms:
            self._terms[kind] = group_by_name(kind, map(_as_thing, self.entries(kind)))
        return self._terms[kind]


def _as_thing(entry: Entry) -> Entry:
    """Return an entry under the name of the thing that it is about: "stroke" of "Family history of stroke"."""
    thing = entry.sense.thing if entry.sense else ""
    if not thing or thing == normal(entry.display):
        return entry
    return replace(entry, display=thing, codings=())
