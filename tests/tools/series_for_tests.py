"""Small records in FHIR JSON, made by hand, for the tests of tools."""

from collections import defaultdict
from datetime import date
from typing import Any

from tools.record import PatientRecord

PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1960-05-10", "name": [{"text": "Ann Lee"}]}
A1C = ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood")
GLUCOSE = ("2339-0", "Glucose")
SYSTOLIC = ("8480-6", "Systolic Blood Pressure")
DIASTOLIC = ("8462-4", "Diastolic Blood Pressure")
SMOKING = ("72166-2", "Tobacco smoking status NHIS")


def record_of(*resources: dict[str, Any], now: date = date(2021, 7, 1)) -> PatientRecord:
    """Return the record of Ann Lee, born 1960-05-10, that holds these resources."""
    shelves: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for resource in resources:
        shelves[resource["resourceType"]].append({"subject": {"reference": "Patient/p"}, **resource})
    counts = {kind: len(members) for kind, members in shelves.items()}
    return PatientRecord(PATIENT, counts, lambda kind: shelves.get(kind, []), now)


def code(kind: tuple[str, str], system: str = "http://loinc.org") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": kind[0], "display": kind[1]}], "text": kind[1]}


def amount(value: float, unit: str, comparator: str = "") -> dict[str, Any]:
    found = {"value": value, "unit": unit}
    return found | ({"comparator": comparator} if comparator else {})


def observation(
    name: str,
    kind: tuple[str, str],
    when: str,
    value: float | str | None = None,
    unit: str = "%",
    **more: Any,
) -> dict[str, Any]:
    """Return one test; text becomes a concept, `comparator` goes with the number."""
    said: dict[str, Any] = {}
    if isinstance(value, str):
        said = {"valueCodeableConcept": {"text": value}}
    elif value is not None:
        said = {"valueQuantity": amount(value, unit, more.pop("comparator", ""))}
    category = [{"coding": [{"code": more.pop("category", "laboratory")}]}]
    base = {"resourceType": "Observation", "id": name, "status": "final", "category": category}
    return base | {"code": code(kind), "effectiveDateTime": when} | said | more


def pressure(name: str, when: str, systolic: float, diastolic: float) -> dict[str, Any]:
    """Return a blood pressure with its two components."""
    parts = [
        {"code": code(kind), "valueQuantity": amount(value, "mm[Hg]")}
        for kind, value in ((DIASTOLIC, diastolic), (SYSTOLIC, systolic))
    ]
    return observation(name, ("85354-9", "Blood Pressure"), when, category="vital-signs", component=parts)


def condition(name: str, display: str, onset: str, status: str = "active", **more: Any) -> dict[str, Any]:
    base = {"resourceType": "Condition", "id": name, "code": {"text": display}, "onsetDateTime": onset}
    return base | {"clinicalStatus": {"coding": [{"code": status}]}} | more


def prescription(name: str, display: str, on: str, status: str = "active", **more: Any) -> dict[str, Any]:
    base = {"resourceType": "MedicationRequest", "id": name, "status": status, "intent": "order"}
    return base | {"medicationCodeableConcept": {"text": display}, "authoredOn": on} | more


def encounter(name: str, display: str, start: str, end: str, kind: str = "AMB") -> dict[str, Any]:
    base = {"resourceType": "Encounter", "id": name, "status": "finished", "class": {"code": kind}}
    return base | {"type": [{"text": display}], "period": {"start": start, "end": end}}
