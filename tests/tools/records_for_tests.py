"""Kinds of resources that only some tests need: notes, care teams, insurance, a whole small record."""

import base64
from typing import Any

from tests.builders import (
    LOINC,
    SNOMED,
    concept,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    patient,
    patient_record,
    practitioner,
    procedure,
)
from tools.record import PatientRecord

Resource = dict[str, Any]


def note(id: str, text: str | bytes, day: str = "2020-01-01", kind: str = "text/plain") -> Resource:
    data = base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "type": concept("Progress note", "11506-3", LOINC),
        "subject": {"reference": "Patient/p1"},
        "date": f"{day}T09:00:00+00:00",
        "content": [{"attachment": {"contentType": kind, "data": data}}],
    }


def report(id: str, text: str, day: str = "2020-01-01") -> Resource:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DiagnosticReport",
        "id": id,
        "status": "final",
        "code": concept("History and physical note", "34117-2", LOINC),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": day,
        "presentedForm": [{"contentType": "text/plain", "data": data}],
    }


def care_team(id: str, member: str, status: str = "active") -> Resource:
    return {
        "resourceType": "CareTeam",
        "id": id,
        "status": status,
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2015-01-01"},
        "participant": [
            {"member": {"reference": member}, "role": [concept("Diabetes nurse", "310182000", SNOMED)]}
        ],
    }


def insurance(id: str, payor: str, status: str, start: str, end: str = "") -> Resource:
    return {
        "resourceType": "Coverage",
        "id": id,
        "status": status,
        "beneficiary": {"reference": "Patient/p1"},
        "period": {"start": start, **({"end": end} if end else {})},
        "payor": [{"display": payor}],
    }


DOCTOR = practitioner("doc", name=[{"prefix": ["Dr."], "given": ["Lloyd"], "family": "Effertz"}])
SEEN = {"participant": [{"individual": {"reference": "Practitioner/doc"}}]}
PULSE = observation("pulse", "Heart rate", code="8867-4", value=70, unit="/min", category="vital-signs")
HIGH_A1C = observation("a1c", value=8.1, interpretation=[{"coding": [{"code": "H"}]}])
WHOLE = (
    patient(),
    DOCTOR,
    condition("dm", "Diabetes mellitus type 2 (disorder)", code="44054006", onset="2015-03-01"),
    condition("job", "Full-time employment (finding)", code="160903007", onset="2016-01-01"),
    condition("cold", "Common cold (disorder)", code="82272006", onset="2014-01-01", status="resolved"),
    medication_request("met"),
    medication_request("old", "Glipizide 5 MG Oral Tablet", code="310488", status="stopped"),
    encounter("check", **SEEN),
    encounter("stay", "Hospital admission", of_class="IMP", start="2020-12-04", end="2020-12-07", **SEEN),
    procedure("scope"),
    immunization("flu"),
    PULSE,
    HIGH_A1C,
)


def whole_record() -> PatientRecord:
    """A record with a little of everything, as of 2021-07-01."""
    return patient_record(*WHOLE)
