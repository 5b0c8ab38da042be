"""A resource of another version of FHIR -> the same in R4, as far as it means the same.

Which version it is is told by what only that version has: DSTU2, STU3 or R5. What negates there (notGiven, taken)
negates here. What R4 has no place for stays where it is, and `validation` tells that it was not read.
"""

from collections.abc import Callable, Mapping
from typing import Any

Move = tuple[str, str, str]
"""An element there, its version, and the element of R4 that it is; "" if R4 has none."""

_KINDS = {
    "MedicationOrder": "DSTU2",
    "MedicationPrescription": "DSTU2",
    "DiagnosticOrder": "DSTU2",
    "Conformance": "DSTU2",
    "DeviceUseRequest": "DSTU2",
    "Order": "DSTU2",
    "OrderResponse": "DSTU2",
    "ProcedureRequest": "STU3",
    "ReferralRequest": "STU3",
    "EligibilityRequest": "STU3",
    "EligibilityResponse": "STU3",
    "Sequence": "STU3",
    "BodySite": "STU3",
    "DataElement": "STU3",
    "ServiceDefinition": "STU3",
    "DeviceComponent": "STU3",
    "ProcessRequest": "STU3",
    "ProcessResponse": "STU3",
    "ActorDefinition": "R5",
    "BiologicallyDerivedProductDispense": "R5",
    "DeviceDispense": "R5",
    "DeviceUsage": "R5",
    "EncounterHistory": "R5",
    "FormularyItem": "R5",
    "GenomicStudy": "R5",
    "ImagingSelection": "R5",
    "InventoryItem": "R5",
    "MedicationUsage": "R5",
    "Permission": "R5",
    "RequestOrchestration": "R5",
    "Requirements": "R5",
    "TestPlan": "R5",
    "Transport": "R5",
}
_MOVED: dict[str, tuple[Move, ...]] = {
    "AllergyIntolerance": (
        ("substance", "DSTU2", "code"),
        ("reporter", "DSTU2", "asserter"),
        ("assertedDate", "STU3", "recordedDate"),
    ),
    "CarePlan": (("context", "STU3", "encounter"), ("definition", "STU3", "")),
    "Claim": (("organization", "STU3", ""), ("information", "STU3", "")),
    "Condition": (
        ("dateRecorded", "DSTU2", "recordedDate"),
        ("patient", "DSTU2", "subject"),
        ("assertedDate", "STU3", "recordedDate"),
        ("context", "STU3", "encounter"),
    ),
    "Device": (("udi", "STU3", ""),),
    "DiagnosticReport": (
        ("codedDiagnosis", "STU3", "conclusionCode"),
        ("image", "STU3", ""),
        ("context", "STU3", "encounter"),
    ),
    "DocumentReference": (
        ("created", "DSTU2", "date"),
        ("indexed", "STU3", "date"),
        ("class", "STU3", "category"),
    ),
    "Encounter": (
        ("patient", "DSTU2", "subject"),
        ("indication", "DSTU2", "reasonReference"),
        ("reason", "STU3", "reasonCode"),
        ("actualPeriod", "R5", "period"),
        ("admission", "R5", "hospitalization"),
    ),
    "ExplanationOfBenefit": (("information", "STU3", ""), ("organization", "STU3", "")),
    "Goal": (("targetDate", "DSTU2", ""), ("statusReason", "STU3", "")),
    "ImagingStudy": (("uid", "STU3", ""), ("patient", "STU3", "subject"), ("context", "STU3", "encounter")),
    "Immunization": (
        ("reported", "DSTU2", ""),
        ("wasNotGiven", "DSTU2", "notGiven"),
        ("notGiven", "STU3", "notGiven"),
        ("date", "STU3", "occurrenceDateTime"),
    ),
    "MedicationAdministration": (
        ("wasNotGiven", "DSTU2", "notGiven"),
        ("notGiven", "STU3", "notGiven"),
        ("patient", "DSTU2", "subject"),
        ("medication", "R5", "medication"),
    ),
    "MedicationDispense": (("notDone", "STU3", "notGiven"), ("medication", "R5", "medication")),
    "MedicationRequest": (
        ("dateWritten", "DSTU2", "authoredOn"),
        ("prescriber", "DSTU2", "requester"),
        ("patient", "DSTU2", "subject"),
        ("context", "STU3", "encounter"),
        ("definition", "STU3", ""),
        ("medication", "R5", "medication"),
    ),
    "MedicationStatement": (
        ("wasNotTaken", "DSTU2", "notTaken"),
        ("patient", "DSTU2", "subject"),
        ("taken", "STU3", "taken"),
        ("medication", "R5", "medication"),
    ),
    "Observation": (
        ("comments", "DSTU2", "note"),
        ("comment", "STU3", "note"),
        ("context", "STU3", "encounter"),
        ("related", "STU3", ""),
    ),
    "Patient": (("animal", "STU3", ""), ("careProvider", "DSTU2", "generalPractitioner")),
    "Procedure": (
        ("notPerformed", "DSTU2", "notGiven"),
        ("notDone", "STU3", "notGiven"),
        ("context", "STU3", "encounter"),
        ("occurrenceDateTime", "R5", "performedDateTime"),
        ("occurrencePeriod", "R5", "performedPeriod"),
    ),
    "Questionnaire": (("group", "DSTU2", ""),),
    "QuestionnaireResponse": (("group", "DSTU2", ""), ("context", "STU3", "encounter")),
}
_PLAIN_CODES = {"Condition": "clinicalStatus", "AllergyIntolerance": "clinicalStatus", "Encounter": "class"}
_CLASSES = {
    "inpatient": "IMP",
    "outpatient": "AMB",
    "ambulatory": "AMB",
    "emergency": "EMER",
    "home": "HH",
    "field": "FLD",
    "daytime": "SS",
    "virtual": "VR",
}
"""Codes of Encounter.class in DSTU2 -> those of R4."""
_ENDED = {"completed": "finished", "discharged": "finished"}
"""Statuses of visits in R5 -> those of R4."""
_SAME_KINDS = {
    "MedicationOrder": "MedicationRequest",
    "MedicationPrescription": "MedicationRequest",
    "MedicationUsage": "MedicationStatement",
}
"""Kinds of which R4 has the same by another name."""

NOW_CALLED = _SAME_KINDS | {
    "ImagingObjectSelection": "ImagingStudy",
    "DeviceUseRequest": "DeviceRequest",
    "DiagnosticOrder": "ServiceRequest",
    "ProcedureRequest": "ServiceRequest",
    "ReferralRequest": "ServiceRequest",
}
"""Kinds of other versions -> the kind of R4 that a reader would look for them under."""


def as_r4(resource: dict[str, Any]) -> str:
    """Write a resource as R4 does, in place, if it is of another version, and return that version; "" if of none.

    >>> order = {"resourceType": "MedicationOrder", "dateWritten": "2014-01-01"}
    >>> as_r4(order), order
    ('DSTU2', {'resourceType': 'MedicationRequest', 'authoredOn': '2014-01-01'})
    """
    version = likely_version(resource)
    if not version:
        return ""
    kind = str(resource["resourceType"])
    kind = resource["resourceType"] = _SAME_KINDS.get(kind, kind)
    for element, _, target in _MOVED.get(kind, ()):
        if target and element in resource:
            value = resource.pop(element)
            _PLACES.get(target, _move)(resource, target, value)
    if kind == "Encounter":
        _class(resource)
        resource["status"] = _ENDED.get(str(resource.get("status")), resource.get("status"))
    return version


def likely_version(resource: Mapping[str, Any]) -> str:
    """Return "DSTU2", "STU3" or "R5" if something in it belongs to that version only, else "".

    >>> likely_version({"resourceType": "Condition", "dateRecorded": "2014-01-01"})
    'DSTU2'
    """
    kind = str(resource.get("resourceType"))
    if kind in _KINDS:
        return _KINDS[kind]
    for element, version, _ in _MOVED.get(kind, ()):
        if element in resource:
            return version
    plain = _PLAIN_CODES.get(kind)
    if plain and isinstance(resource.get(plain), str):
        return "DSTU2" if kind == "Encounter" else "STU3"
    return "R5" if kind == "Encounter" and isinstance(resource.get("class"), list) else ""


def _move(resource: dict[str, Any], target: str, value: Any) -> None:
    resource.setdefault(target, value)


def _not_done(resource: dict[str, Any], target: str, value: Any) -> None:
    """Not given, not done, not taken: a status of its own in R4."""
    if value is not False:
        taken = resource["resourceType"] == "MedicationStatement"
        resource["status"] = "not-taken" if taken else "not-done"


def _taken(resource: dict[str, Any], target: str, value: Any) -> None:
    if value in ("n", "na"):
        resource["status"] = "not-taken"
    elif value != "y":
        resource.setdefault("status", "unknown")


def _note(resource: dict[str, Any], target: str, value: Any) -> None:
    if isinstance(value, str) and value:
        resource["note"] = [*(resource.get("note") or []), {"text": value}]


def _reasons(resource: dict[str, Any], target: str, value: Any) -> None:
    """CodeableConcepts in STU3; in R5 each with values that are CodeableReferences."""
    listed = value if isinstance(value, list) else [value]
    found = [v for each in listed if isinstance(each, dict) for v in each.get("value") or [{"concept": each}]]
    resource[target] = [v["concept"] for v in found if isinstance(v, dict) and "concept" in v]
    if links := [v["reference"] for v in found if isinstance(v, dict) and "reference" in v]:
        resource["reasonReference"] = links


def _drug(resource: dict[str, Any], target: str, value: Any) -> None:
    """A CodeableReference of R5."""
    if isinstance(value, dict):
        for part, name in (("concept", "medicationCodeableConcept"), ("reference", "medicationReference")):
            if part in value and "medicationCodeableConcept" not in resource:
                resource[name] = value[part]


def _class(resource: dict[str, Any]) -> None:
    """A code in DSTU2, CodeableConcepts in R5: a Coding."""
    value = resource.get("class")
    if isinstance(value, str):
        resource["class"] = {"code": _CLASSES.get(value, value)}
    elif isinstance(value, list):
        codings = [
            c for v in value if isinstance(v, dict) for c in v.get("coding") or () if isinstance(c, dict)
        ]
        resource["class"] = codings[0] if codings else {}


_PLACES: dict[str, Callable[[dict[str, Any], str, Any], None]] = {
    "notGiven": _not_done,
    "notTaken": _not_done,
    "taken": _taken,
    "note": _note,
    "medication": _drug,
    "reasonCode": _reasons,
}
