"""Where records come from: the protocol every source serves, and what it says of a patient in a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from tools.record import PatientRecord
from tools.wording.text import normal


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSummary:
    """One line of a list of patients.

    Attributes:
        reference: "Patient/…".
        name: as recorded, e.g. "María Abreu"; the reference if no name is recorded.
        birth: FHIR date as recorded, e.g. "1970-03"; "" if none.
        gender: FHIR code; "" if none.
        died: FHIR date or "true"; "" if not recorded as dead.
        identifiers: "system|value" each.
        counts: resources by FHIR type, shared ones (Organization, …) left out.
        location: the file or files it was read from.
    """

    reference: str
    name: str
    birth: str = ""
    gender: str = ""
    died: str = ""
    identifiers: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    location: str = ""

    def line(self) -> str:
        """Return the patient as one line: "María Abreu, female, born 1970-03-01 (Patient/1)"."""
        born = f"born {self.birth}" if self.birth else ""
        return ", ".join(part for part in (self.name, self.gender, born) if part) + f" ({self.reference})"


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of the patients that were found, and how many there are."""

    patients: tuple[PatientSummary, ...]
    total: int


def listed(found: Iterable[PatientSummary], most: int) -> Listed:
    """Return the first of some patients by name."""
    ordered = sorted(found, key=lambda patient: (patient.name.casefold(), patient.reference))
    return Listed(tuple(ordered[:most]), len(ordered))


def answers_to(patient: PatientSummary, text: str) -> bool:
    """Tell whether every word of a text is in a patient's name, id, birth date or identifiers."""
    told = [normal(part) for part in (patient.name, patient.reference, patient.birth, *patient.identifiers)]
    return all(any(word in part for part in told) for word in normal(text).split())


class RecordSource(Protocol):
    """Lists, finds and opens patients. Read-only."""

    def patients(self) -> list[PatientSummary]:
        """Return all patients, by name."""
        ...

    def find(self, text: str) -> PatientSummary:
        """Return the one patient meant by an id, reference, identifier, name, part of a name or birth date.

        Raises:
            UnknownPatient: nobody, or more than one; the message names them. Empty text means nobody.
        """
        ...

    def search(self, text: str, most: int) -> "Listed":
        """Return whom an id, identifier, birth date, name or part of these may mean, by name; "" means anybody.

        Args:
            text: what was typed so far.
            most: patients that are listed.
        """
        ...

    def open(self, reference: str, now: date) -> PatientRecord:
        """Return the record of "Patient/…" as of the day `now`; kinds are read when they are asked for.

        Raises:
            UnknownPatient: no such patient here.
        """
        ...


class OpenedRecords(RecordSource, Protocol):
    """A record source at a location, until it is closed."""

    @property
    def location(self) -> str:
        """What `open_location` opens the same source by, e.g. in another process."""
        ...

    def close(self) -> None:
        """Let go of files and connections; records that were opened can load nothing more."""
        ...
