"""Records that hold nothing but names, to test what words are linked to.

A name may carry a code: "Prediabetes|15777000"; several names of one resource are parted by "~".
"""

from datetime import date
from typing import Any

from tools.record import PatientRecord

_ROOM = {
    "MedicationRequest": "medicationCodeableConcept",
    "MedicationAdministration": "medicationCodeableConcept",
    "Immunization": "vaccineCode",
    "Goal": "description",
    "CarePlan": "category",
    "Encounter": "type",
    "ImagingStudy": "procedureCode",
    "Device": "type",
}
_LISTS = ("CarePlan", "Encounter", "ImagingStudy")
_WHEN = {
    "Condition": "onsetDateTime",
    "MedicationRequest": "authoredOn",
    "MedicationAdministration": "effectiveDateTime",
    "Observation": "effectiveDateTime",
    "DiagnosticReport": "effectiveDateTime",
    "Procedure": "performedDateTime",
    "Immunization": "occurrenceDateTime",
    "AllergyIntolerance": "recordedDate",
}


def record_of(**names: str | tuple[str, ...]) -> PatientRecord:
    """A record with one resource for each name of each FHIR type."""
    kinds = {kind: [held] if isinstance(held, str) else list(held) for kind, held in names.items()}
    held = {
        kind: [_resource(kind, at, name) for at, name in enumerate(listed)] for kind, listed in kinds.items()
    }
    counts = {kind: len(resources) for kind, resources in held.items()}
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1960-05-01"}
    return PatientRecord(patient, counts, lambda kind: held.get(kind, []), date(2021, 7, 1))


def _resource(kind: str, at: int, name: str) -> dict[str, Any]:
    coding = []
    for one in name.split("~"):
        display, _, code = one.partition("|")
        coding.append(
            {"system": "http://example.org", "code": code or f"local-{kind}-{at}", "display": display}
        )
    concept = {"coding": coding}
    resource: dict[str, Any] = {
        "resourceType": kind,
        "id": f"{kind.lower()}-{at}",
        "subject": {"reference": "Patient/p"},
        _ROOM.get(kind, "code"): [concept] if kind in _LISTS else concept,
    }
    if kind in ("AllergyIntolerance", "Immunization", "Device"):
        resource["patient"] = resource.pop("subject")
    if kind in _WHEN:
        resource[_WHEN[kind]] = f"20{10 + at % 10}-01-01"
    return resource
