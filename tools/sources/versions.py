"""A resource that is not valid R4 -> the FHIR version it was probably written for, by what only that has."""

from collections.abc import Mapping
from typing import Any

_KINDS = {
    "MedicationOrder": "DSTU2",
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
    "Permission": "R5",
    "RequestOrchestration": "R5",
    "Requirements": "R5",
    "TestPlan": "R5",
    "Transport": "R5",
}
_ELEMENTS = {
    "Condition": {"dateRecorded": "DSTU2", "patient": "DSTU2", "assertedDate": "STU3", "context": "STU3"},
    "Observation": {"comments": "DSTU2", "comment": "STU3", "context": "STU3", "related": "STU3"},
    "Encounter": {"patient": "DSTU2", "reason": "STU3", "actualPeriod": "R5", "admission": "R5"},
    "AllergyIntolerance": {"substance": "DSTU2", "reporter": "DSTU2", "assertedDate": "STU3"},
    "Immunization": {"reported": "DSTU2", "wasNotGiven": "DSTU2", "notGiven": "STU3", "date": "STU3"},
    "Procedure": {"notPerformed": "DSTU2", "notDone": "STU3", "context": "STU3", "occurrenceDateTime": "R5"},
    "MedicationRequest": {"context": "STU3", "definition": "STU3", "medication": "R5"},
    "MedicationStatement": {"wasNotTaken": "DSTU2", "taken": "STU3", "medication": "R5"},
    "MedicationAdministration": {"wasNotGiven": "DSTU2", "notGiven": "STU3", "medication": "R5"},
    "MedicationDispense": {"notDone": "STU3", "medication": "R5"},
    "DiagnosticReport": {"codedDiagnosis": "STU3", "image": "STU3", "context": "STU3"},
    "CarePlan": {"context": "STU3", "definition": "STU3"},
    "Goal": {"targetDate": "DSTU2", "statusReason": "STU3"},
    "Claim": {"organization": "STU3", "information": "STU3"},
    "ExplanationOfBenefit": {"information": "STU3", "organization": "STU3"},
    "ImagingStudy": {"uid": "STU3", "patient": "STU3", "context": "STU3"},
    "DocumentReference": {"indexed": "STU3", "created": "DSTU2", "class": "STU3"},
    "Patient": {"animal": "STU3", "careProvider": "DSTU2"},
    "Device": {"udi": "STU3"},
    "Questionnaire": {"group": "DSTU2"},
    "QuestionnaireResponse": {"group": "DSTU2", "context": "STU3"},
}
_PLAIN_CODES = {"Condition": "clinicalStatus", "AllergyIntolerance": "clinicalStatus", "Encounter": "class"}


NOW_CALLED = {
    "MedicationOrder": "MedicationRequest",
    "MedicationPrescription": "MedicationRequest",
    "ImagingObjectSelection": "ImagingStudy",
    "DeviceUseRequest": "DeviceRequest",
    "DiagnosticOrder": "ServiceRequest",
    "ProcedureRequest": "ServiceRequest",
    "ReferralRequest": "ServiceRequest",
}
"""Kinds of other versions -> the kind of R4 that a reader would look for them under."""


def likely_version(resource: Mapping[str, Any]) -> str:
    """Return "DSTU2", "STU3" or "R5" if something in it belongs to that version only, else "".

    >>> likely_version({"resourceType": "Condition", "dateRecorded": "2014-01-01"})
    'DSTU2'
    """
    kind = str(resource.get("resourceType"))
    if kind in _KINDS:
        return _KINDS[kind]
    for element, version in _ELEMENTS.get(kind, {}).items():
        if element in resource:
            return version
    plain = _PLAIN_CODES.get(kind)
    if plain and isinstance(resource.get(plain), str):
        return "DSTU2" if kind == "Encounter" else "STU3"
    return "R5" if kind == "Encounter" and isinstance(resource.get("class"), list) else ""
