"""Whether a drug is being taken at the clock: what is prescribed or stated and active, and else what was given last.

FHIR R4 `MedicationRequest` and `MedicationStatement` say that a drug is being taken, by their status; a
`MedicationAdministration` or `MedicationDispense` only that it once was given. Left out: end dates of courses.
"""

from dataclasses import replace

from tools.concepts import link
from tools.entries.entry import Entry
from tools.finding.filters import is_active
from tools.finding.matching import Found
from tools.record import PatientRecord
from tools.record.kinds import KINDS
from tools.wording.facts import moment


def taking_types(record: PatientRecord) -> tuple[str, ...]:
    """Return the FHIR types that say what is being taken, of those that this record has or could not read."""
    types = KINDS["medication"]
    return tuple(name for name in types if record.counts.get(name) or record.problems.get(name)) or types[:1]


def goes_on(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an entry goes on at the clock: by its status; nobody takes a drug after death."""
    return is_active(entry) and not (record.dead and entry.kind in KINDS["medication"])


def with_last_given(found: Found, record: PatientRecord, concept: str | None) -> Found:
    """Return what was found and, where it is given rather than prescribed, when it was given last."""
    given = [
        entry
        for kind in KINDS["administration"]
        if concept and record.counts.get(kind)
        for reading in link(concept, record, (kind,))[:1]
        for entry in reading.entries
    ]
    last = max(given, key=moment, default=None)
    return replace(found, entries=(*found.entries, last)) if last else found
