"""The resources of one patient -> their entries and the names these go by, loaded kind by kind, whatever the clock.

No entry of another patient is ever let in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tools.collecting import uncollected
from tools.entries import Entry, parse
from tools.entries.entry import JSON
from tools.errors import WrongPatient
from tools.text import normal
from tools.times import When

Load = Callable[[str], Iterable[JSON]]
"""Given a FHIR resource type, yields that type's resources in one patient's record."""

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


class Shelf:
    """What was loaded.

    Args:
        reference: "Patient/…", whose record it is.
        load: yields the resources of one type.
    """

    def __init__(self, reference: str, load: Load) -> None:
        self.reference = reference
        self._load = load
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._terms: dict[str, tuple[Term, ...]] = {}
        self._medications: dict[str, JSON] | None = None

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """Return all entries of a FHIR resource type, oldest first; those without a time come first.

        Raises:
            WrongPatient: one of them is another patient's.
        """
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
        """Return the names of the entries that are not void."""
        if kind not in self._terms:
            self._terms[kind] = group_by_name(kind, (e for e in self.entries(kind) if not e.void))
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
