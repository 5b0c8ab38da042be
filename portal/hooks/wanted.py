"""What the card needs of a record, as prefetch templates and as searches.

The templates keep to the subset that the specification recommends: reads, and searches by reference, token and date.
"""

from dataclasses import dataclass
from datetime import date

PATIENT = "patient"
"""Key of the template that reads the patient."""
_TOKEN = "{{context.patientId}}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One search.

    Attributes:
        key: of its template.
        kind: FHIR resource type.
        terms: how it is narrowed besides by patient; "{since}" is a day.
        needed: without it there is no card.
        name: for people.
    """

    key: str
    kind: str
    terms: tuple[tuple[str, str], ...]
    needed: bool
    name: str

    def template(self, since: date) -> str:
        """Return the prefetch template."""
        terms = "".join(f"&{name}={value}" for name, value in self._terms(since))
        return f"{self.kind}?patient={_TOKEN}{terms}"

    def search(self, patient: str, since: date) -> dict[str, str]:
        """Return the parameters of the same search for "Patient/…"."""
        return {"patient": patient, **dict(self._terms(since))}

    def _terms(self, since: date) -> list[tuple[str, str]]:
        return [(name, value.format(since=since.isoformat())) for name, value in self.terms]


_SINCE = ("date", "ge{since}")
WANTED = (
    Wanted(
        "conditions",
        "Condition",
        (("clinical-status", "active,recurrence,relapse"),),
        True,
        "active conditions",
    ),
    Wanted("prescriptions", "MedicationRequest", (("status", "active"),), True, "prescriptions"),
    Wanted("allergies", "AllergyIntolerance", (), True, "allergies"),
    Wanted("medications", "MedicationStatement", (("status", "active"),), False, "reported medications"),
    Wanted("results", "Observation", (("category", "laboratory"), _SINCE), False, "laboratory results"),
    Wanted("visits", "Encounter", (_SINCE,), False, "visits"),
)
NAMES = {wanted.kind: wanted.name for wanted in WANTED}


def year_before(day: date) -> date:
    """Return the same day of the year before.

    >>> year_before(date(2024, 2, 29))
    datetime.date(2023, 2, 28)
    """
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def templates(since: date) -> dict[str, str]:
    """Return all prefetch templates by their keys."""
    return {PATIENT: f"Patient/{_TOKEN}"} | {wanted.key: wanted.template(since) for wanted in WANTED}
