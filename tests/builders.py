"""Small FHIR R4 resources for tests: valid as they come, changed by keyword, `None` leaves an element out.

record = patient_record(patient(), observation("a1c", value=6.4), condition("dm", "Diabetes"))
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from tools.record import PatientRecord

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

Resource = dict[str, Any]


def patient(id: str = "p1", given: str = "Ada", family: str = "Moser", **more: Any) -> Resource:
    """A Patient, a woman born on 1980-02-29."""
    name = [{"use": "official", "given": given.split(), "family": family}]
    return _made("Patient", id, {"name": name, "gender": "female", "birthDate": "1980-02-29"}, more)


def observation(
    id: str,
    display: str = "Hemoglobin A1c/Hemoglobin.total in Blood",
    *,
    code: str = "4548-4",
    value: float | str | None = 6.4,
    unit: str = "%",
    when: str | None = "2020-12-04",
    subject: str = "p1",
    category: str = "laboratory",
    **more: Any,
) -> Resource:
    """An Observation with a quantity (or, given text, a string)."""
    body: Resource = {
        "status": "final",
        "category": [{"coding": [{"code": category}]}],
        "code": concept(display, code, LOINC),
        "subject": {"reference": f"Patient/{subject}"},
        "effectiveDateTime": when,
    }
    if isinstance(value, str):
        body["valueString"] = value
    elif value is not None:
        body["valueQuantity"] = {"value": value, "unit": unit}
    return _made("Observation", id, body, more)


def condition(
    id: str,
    display: str = "Essential hypertension (disorder)",
    *,
    code: str = "",
    onset: str | None = "2015-03-01",
    status: str = "active",
    subject: str = "p1",
    **more: Any,
) -> Resource:
    """A Condition, confirmed and active; without a code it has one that means nothing."""
    body = {
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": status}]},
        "code": concept(display, code or ("59621000" if "hypertension" in display else "1"), SNOMED),
        "subject": {"reference": f"Patient/{subject}"},
        "onsetDateTime": onset,
    }
    return _made("Condition", id, body, more)


def medication_request(
    id: str,
    display: str = "Metformin hydrochloride 500 MG Oral Tablet",
    *,
    code: str = "860975",
    authored: str | None = "2018-06-01",
    status: str = "active",
    subject: str = "p1",
    **more: Any,
) -> Resource:
    """A prescription."""
    body = {
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": concept(display, code, RXNORM),
        "subject": {"reference": f"Patient/{subject}"},
        "authoredOn": authored,
    }
    return _made("MedicationRequest", id, body, more)


def encounter(
    id: str,
    display: str = "Encounter for check up",
    *,
    start: str = "2019-05-02T10:00:00+02:00",
    end: str | None = "2019-05-02T10:30:00+02:00",
    of_class: str = "AMB",
    subject: str = "p1",
    **more: Any,
) -> Resource:
    """A finished Encounter; `of_class` is AMB, IMP, EMER, …"""
    period = {"start": start, "end": end} if end else {"start": start}
    body = {
        "status": "finished",
        "class": {"system": ACT_CODE, "code": of_class},
        "type": [concept(display, "185349003", SNOMED)],
        "subject": {"reference": f"Patient/{subject}"},
        "period": period,
    }
    return _made("Encounter", id, body, more)


def procedure(
    id: str,
    display: str = "Colonoscopy",
    *,
    code: str = "73761001",
    when: str | None = "2017-04-05T09:00:00+02:00",
    subject: str = "p1",
    **more: Any,
) -> Resource:
    """A completed Procedure."""
    body = {
        "status": "completed",
        "code": concept(display, code, SNOMED),
        "subject": {"reference": f"Patient/{subject}"},
        "performedDateTime": when,
    }
    return _made("Procedure", id, body, more)


def allergy(id: str, display: str = "Allergy to peanuts", *, subject: str = "p1", **more: Any) -> Resource:
    """An AllergyIntolerance, active."""
    body = {
        "clinicalStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                    "code": "active",
                }
            ]
        },
        "code": concept(display, "91935009", SNOMED),
        "patient": {"reference": f"Patient/{subject}"},
        "recordedDate": "2001-07-08",
    }
    return _made("AllergyIntolerance", id, body, more)


def immunization(
    id: str,
    display: str = "Influenza, seasonal, injectable, preservative free",
    *,
    code: str = "140",
    when: str = "2019-10-01",
    subject: str = "p1",
    **more: Any,
) -> Resource:
    """A completed Immunization."""
    body = {
        "status": "completed",
        "vaccineCode": concept(display, code, "http://hl7.org/fhir/sid/cvx"),
        "patient": {"reference": f"Patient/{subject}"},
        "occurrenceDateTime": when,
    }
    return _made("Immunization", id, body, more)


def practitioner(id: str, family: str = "Sommer", npi: str = "", **more: Any) -> Resource:
    """A Practitioner, with an NPI if given."""
    identifier = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}] if npi else None
    return _made("Practitioner", id, {"name": [{"family": family}], "identifier": identifier}, more)


def organization(id: str, name: str = "General Hospital", **more: Any) -> Resource:
    """An Organization."""
    return _made("Organization", id, {"name": name}, more)


def concept(display: str, code: str, system: str) -> Resource:
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def bundle(*resources: Resource, urls: str = "", type: str = "collection") -> Resource:
    """A Bundle; with `urls`, e.g. "urn:uuid:", entries carry it and their id as full URL."""
    entries = [
        {"fullUrl": f"{urls}{resource['id']}", "resource": resource} if urls else {"resource": resource}
        for resource in resources
    ]
    return {"resourceType": "Bundle", "type": type, "entry": entries}


def patient_record(
    *resources: Resource, now: str = "2021-07-01", problems: Mapping[str, tuple[str, ...]] | None = None
) -> PatientRecord:
    """The record of the one Patient among `resources`, straight from memory."""
    people = [resource for resource in resources if resource["resourceType"] == "Patient"]
    counts = Counter(resource["resourceType"] for resource in resources)

    def load(kind: str) -> list[Mapping[str, Any]]:
        return [resource for resource in resources if resource["resourceType"] == kind]

    return PatientRecord(people[0], counts, load, date.fromisoformat(now), problems)


def _made(kind: str, id: str, body: Resource, more: Resource) -> Resource:
    whole = {"resourceType": kind, "id": id, **body, **more}
    return {name: value for name, value in whole.items() if value is not None}
