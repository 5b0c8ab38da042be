"""The resources of one patient -> their entries and the names these go by, loaded kind by kind, whatever the clock.

No entry of another patient is ever let in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tools.calls.errors import WrongPatient
from tools.codes import classified
from tools.entries import Entry, Written, parse
from tools.entries.entry import JSON
from tools.entries.head import patient_of
from tools.entries.times import When
from tools.entries.versions import VERSIONED, latest
from tools.record.collecting import uncollected
from tools.record.scope import Scope
from tools.wording.specimens import BLOOD, site_of, specimen_of
from tools.wording.text import normal, words

Load = Callable[[str], Iterable[JSON | Written]]
"""Given a FHIR resource type, yields that type's resources in one patient's record."""

Narrow = Callable[[str, Scope], tuple[bool, Iterable[JSON | Written]]]
"""Given a type and a scope: whether these are all of the type, and resources, among them all in the scope."""

_REFERRED = ("Medication", "Specimen")
"""Kinds that give another entry its name, or tell what it examined."""
_AN_ENTRY, _ITS_JSON = 700, 3_000
"""Bytes that an entry takes, and the JSON of its resource where it is kept: measured on Observations."""
_NARROWED = 64
"""Kinds in a scope that are kept."""
_UNDATED = When(datetime.min.replace(tzinfo=UTC), date.min, date.min, "")
"""Orders entries without a time: they come first."""


@dataclass(frozen=True, slots=True)
class Term:
    """One name under which entries of a kind stand in this record.

    Attributes:
        display: as recorded.
        names: every name that its codings carry, as recorded, the display first.
        codes: every code, without its system.
        entries: oldest first; for observations also the components of panels.
        coded: what its codes are called in their classifications.
    """

    kind: str
    display: str
    names: tuple[str, ...]
    codes: frozenset[str]
    entries: tuple[Entry, ...]
    coded: tuple[str, ...] = ()


class Shelf:
    """What was loaded.

    Args:
        reference: "Patient/…", whose record it is.
        load: yields the resources of one type.
        narrow: yields fewer of them where a reader narrowed the record; without it all are loaded.
    """

    def __init__(self, reference: str, load: Load, narrow: Narrow | None = None) -> None:
        self.reference = reference
        self._load, self._narrow = load, narrow
        self._some: dict[tuple[str, Scope], tuple[Entry, ...]] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._terms: dict[str, tuple[Term, ...]] = {}
        self._referred: dict[str, dict[str, JSON]] = {}
        self.size = 0
        """About how many bytes it takes."""

    def has(self, kind: str) -> bool:
        """Tell whether a kind was loaded."""
        return kind in self._entries

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """Return all entries of a FHIR resource type, oldest first; those without a time come first.

        Raises:
            WrongPatient: one of them is another patient's.
        """
        if kind not in self._entries:
            self._entries[kind] = self._parsed(self._load(kind))
        return self._entries[kind]

    def within(self, kind: str, scope: Scope) -> tuple[Entry, ...]:
        """Return entries of a type, among them all that are within a scope; a part is never kept as the whole.

        Raises:
            WrongPatient: one of them is another patient's.
        """
        if kind in self._entries or not scope or self._narrow is None:
            return self.entries(kind)
        if (kind, scope) not in self._some:
            whole, resources = self._narrow(kind, scope)
            entries = self._parsed(resources)
            if whole:
                self._entries[kind] = entries
                return entries
            if len(self._some) >= _NARROWED:
                self._some.clear()
            self._some[kind, scope] = entries
        return self._some[kind, scope]

    def number(self, kind: str) -> int | None:
        """Return how many entries of a type there are; None if not all were loaded."""
        return len(self._entries[kind]) if kind in self._entries else None

    def _parsed(self, resources: Iterable[JSON | Written]) -> tuple[Entry, ...]:
        with uncollected():
            loaded = [parse(resource, self._resolve) for resource in resources]
        for entry in loaded:
            if entry.patient not in ("", self.reference):
                raise WrongPatient(f"{entry.reference} belongs to {entry.patient}, not to {self.reference}.")
        known = latest(loaded) if loaded and loaded[0].kind in VERSIONED else loaded
        self.size += sum(map(_bytes_of, known))
        return tuple(sorted(known, key=lambda entry: entry.start or _UNDATED))

    def _resolve(self, reference: str) -> JSON | None:
        """Return what an entry only refers to: a drug, a specimen.

        Raises:
            WrongPatient: it is another patient's.
        """
        kind = reference.partition("/")[0]
        if kind not in _REFERRED:
            return None
        if kind not in self._referred:
            loaded = (each.json if isinstance(each, Written) else each for each in self._load(kind))
            self._referred[kind] = {f"{kind}/{each.get('id')}": each for each in loaded}
        found = self._referred[kind].get(reference)
        if found and patient_of(found) not in ("", self.reference):
            raise WrongPatient(f"{reference} belongs to {patient_of(found)}, not to {self.reference}.")
        return found

    def terms(self, kind: str) -> tuple[Term, ...]:
        """Return the names of the entries that are not void."""
        if kind not in self._terms:
            self._terms[kind] = group_by_name(kind, [e for e in self.entries(kind) if not e.void])
        return self._terms[kind]


def _bytes_of(entry: Entry) -> int:
    kept = entry.resource.size if isinstance(entry.resource, Written) else _ITS_JSON
    return kept + _AN_ENTRY * (1 + len(entry.components))


def moment(entry: Entry) -> datetime:
    """Return the moment by which entries are ordered."""
    return (entry.start or _UNDATED).moment


def group_by_name(kind: str, entries: Iterable[Entry]) -> tuple[Term, ...]:
    """Group entries, and the components of observations, by their recorded name and what it was looked for in."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        for part in (entry, *entry.components):
            where = _where(part) if part.details and kind == "Observation" else ""
            groups.setdefault((normal(part.display), where), []).append(part)
    return tuple(_term(kind, members, where) for (_, where), members in groups.items())


def _where(entry: Entry) -> str:
    """Return the body site and the specimen of a test, but for blood, as far as its name does not say them."""
    said = f"{site_of(entry)} {specimen if (specimen := specimen_of(entry)) != BLOOD else ''}".strip()
    return "" if set(words(said)) <= set(words(entry.display)) else said


def _term(kind: str, members: list[Entry], where: str) -> Term:
    newest = members[-1]
    codings = [coding for member in members for coding in member.codings]
    names = dict.fromkeys([newest.display, *[coding.display for coding in codings if coding.display]])
    names |= {f"{newest.display} {where}": None} if where else {}
    codes = frozenset([coding.code for coding in codings])
    coded = dict.fromkeys([classified(each.system, each.code) for each in dict.fromkeys(codings)])
    return Term(kind, newest.display, tuple(names), codes, tuple(members), tuple(filter(None, coded)))
