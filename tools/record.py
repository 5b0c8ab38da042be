"""One patient's entries, as of one day, loaded kind by kind.

A `PatientRecord` never holds another patient's data: each entry is checked when it is loaded. Entries
that do not count (entered in error, refuted, not done) and entries dated after the clock are kept apart and
counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tools.collecting import uncollected
from tools.entries import Demographics, Entry, parse, parse_patient
from tools.entries.entry import JSON
from tools.errors import WrongPatient
from tools.evidence import Coverage
from tools.text import normal
from tools.times import When

Load = Callable[[str], Iterable[JSON]]
"""Given a FHIR resource type, yields that type's resources in one patient's record."""

_CLOCKS = 8
"""Clocks under which a record stays ready; which names and notes it holds is worked out once for each."""
_UNDATED = When(datetime.min.replace(tzinfo=UTC), date.min, date.min, "")


@dataclass(frozen=True, slots=True)
class Term:
    """One name under which entries of a kind stand in this record.

    Attributes:
        display: as recorded.
        names: every name that its codings carry, as recorded, the display first.
        codes: every code, without its system.
        entries: oldest first; for observations also the components of panels.
    """

    kind: str
    display: str
    names: tuple[str, ...]
    codes: frozenset[str]
    entries: tuple[Entry, ...]


class _Shelf:
    """What was loaded, whatever the clock."""

    def __init__(self, reference: str, load: Load) -> None:
        self.reference = reference
        self._load = load
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._terms: dict[str, tuple[Term, ...]] = {}
        self._medications: dict[str, JSON] | None = None

    def entries(self, kind: str) -> tuple[Entry, ...]:
        if kind not in self._entries:
            with uncollected():
                loaded = [parse(resource, self._medication) for resource in self._load(kind)]
            for entry in loaded:
                if entry.patient not in ("", self.reference):
                    raise WrongPatient(
                        f"{entry.reference} belongs to {entry.patient}, not to {self.reference}."
                    )
            self._entries[kind] = tuple(sorted(loaded, key=lambda entry: entry.start or _UNDATED))
        return self._entries[kind]

    def _medication(self, reference: str) -> JSON | None:
        if self._medications is None:
            self._medications = {f"Medication/{drug.get('id')}": drug for drug in self._load("Medication")}
        return self._medications.get(reference)

    def terms(self, kind: str) -> tuple[Term, ...]:
        if kind not in self._terms:
            self._terms[kind] = group_by_name(kind, (e for e in self.entries(kind) if not e.void))
        return self._terms[kind]


class PatientRecord:
    """The record of one patient as of the start of the day `now`.

    Args:
        patient: the Patient resource.
        counts: how many resources there are of each type, so that nothing is loaded to know what is there.
        load: yields the resources of one type; may correct `counts` and add to `problems`.
        now: the clock; entries that start after it are not counted as having been.
        problems: what went wrong while reading, by resource type ("" for the record as a whole).
        outdated: tells whether the record should be opened anew, as its source may say something else by now.
    """

    def __init__(
        self,
        patient: JSON,
        counts: Mapping[str, int],
        load: Load,
        now: date,
        problems: Mapping[str, tuple[str, ...]] | None = None,
        outdated: Callable[[], bool] = lambda: False,
    ) -> None:
        self.outdated = outdated
        self.patient: Demographics = parse_patient(patient)
        self.reference = self.patient.reference
        self._counts, self._problems = counts, {} if problems is None else problems
        self.now = now
        self._shelf = _Shelf(self.reference, load)
        self._by_reference: dict[str, dict[str, Entry]] = {}
        self._clocks: dict[date, PatientRecord] = {}
        self._forget()

    @property
    def counts(self) -> dict[str, int]:
        """How many resources there are of each type, as far as is known now."""
        return dict(self._counts)

    @property
    def problems(self) -> dict[str, tuple[str, ...]]:
        """What went wrong while reading, by resource type, as far as is known now."""
        return dict(self._problems)

    def _forget(self) -> None:
        """Begin without anything that depends on the clock."""
        self._current: dict[str, tuple[Entry, ...]] = {}
        self._aside: dict[str, tuple[Entry, ...]] = {}
        self._terms: dict[str, tuple[Term, ...]] = {}
        self._covered: dict[str, Coverage] = {}
        self._uncounted: PatientRecord | None = None

    def as_of(self, now: date) -> "PatientRecord":
        """Return the same record under another clock; what was loaded is shared."""
        if now == self.now:
            return self
        known = self._clocks.get(now)
        if known is None:
            known = PatientRecord.__new__(PatientRecord)
            known.__dict__.update(self.__dict__)
            known.now, known._clocks = now, {}  # its own: a record in a circle would outlive its use
            known._forget()
            if len(self._clocks) >= _CLOCKS:
                self._clocks.clear()
            self._clocks[now] = known
        return known

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of a FHIR resource type that count and lie before the clock's day, oldest first.

        Entries without a time come first.
        """
        if kind not in self._current:
            self._current[kind] = tuple(
                e for e in self._shelf.entries(kind) if not e.void and not self._ahead(e)
            )
        return self._current[kind]

    def set_aside(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries that do not count: entered in error, refuted, not done, or after the clock."""
        if kind not in self._aside:
            self._aside[kind] = tuple(e for e in self._shelf.entries(kind) if e.void or self._ahead(e))
        return self._aside[kind]

    def terms(self, kind: str) -> tuple[Term, ...]:
        """Return the distinct names of a kind with their entries, components of observations among them."""
        if kind not in self._terms:
            shelf = self._shelf
            ahead = any(self._ahead(e) for e in shelf.entries(kind)[-1:])
            self._terms[kind] = group_by_name(kind, self.entries(kind)) if ahead else shelf.terms(kind)
        return self._terms[kind]

    def not_counted(self) -> "PatientRecord":
        """Return the same record with only what was set aside in it, to look for names there."""
        if self._uncounted is None:
            self._uncounted = _NotCounted(self)
        return self._uncounted

    def holds(self, kind: str) -> bool:
        """Tell whether there is anything of a kind, be it unreadable."""
        return bool(self._counts.get(kind) or self._problems.get(kind))

    def unread(self, *kinds: str) -> bool:
        """Tell whether nothing of one of these kinds counts, but some of it could not be read."""
        return any(not self.entries(kind) and self._problems.get(kind) for kind in kinds)

    def get(self, reference: str) -> Entry | None:
        """Return the entry "Type/id" (also one that does not count), or None if this record has none."""
        kind = reference.partition("/")[0]
        if kind not in self._counts:
            return None
        if kind not in self._by_reference:
            self._by_reference[kind] = {e.reference: e for e in self._shelf.entries(kind)}
        return self._by_reference[kind].get(reference)

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
        aside: dict[str, int] = {}
        for entry in self.set_aside(kind):
            reason = entry.void or f"after {self.now.isoformat()}"
            aside[reason] = aside.get(reason, 0) + 1
        problems = [f"{n} not counted: {reason}" for reason, n in aside.items()]
        problems += [*self._problems.get(kind, ()), *self._problems.get("", ())]
        return Coverage(kind, len(entries), span, tuple(problems))

    def _ahead(self, entry: Entry) -> bool:
        return entry.start is not None and entry.start.first > self.now


class _NotCounted(PatientRecord):
    """A record seen from its other side: entries entered in error, refuted, not done, or after the clock."""

    def __init__(self, record: PatientRecord) -> None:
        self.__dict__.update(record.__dict__)
        self._forget()

    def entries(self, kind: str) -> tuple[Entry, ...]:
        return self.set_aside(kind)

    def terms(self, kind: str) -> tuple[Term, ...]:
        if kind not in self._terms:
            self._terms[kind] = group_by_name(kind, self.entries(kind))
        return self._terms[kind]


def group_by_name(kind: str, entries: Iterable[Entry]) -> tuple[Term, ...]:
    """Group entries, and the components of observations, by their recorded name."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        for part in (entry, *entry.components):
            groups.setdefault(normal(part.display), []).append(part)
    return tuple(_term(kind, members) for members in groups.values())


def _term(kind: str, members: list[Entry]) -> Term:
    newest = members[-1]
    names = dict.fromkeys([newest.display, *(c.display for m in members for c in m.codings if c.display)])
    codes = frozenset(c.code for m in members for c in m.codings)
    return Term(kind, newest.display, tuple(names), codes, tuple(members))
