"""Words for kinds in questions <-> FHIR resource types, both ways."""

KIND_OF_TYPE = {
    "Condition": "condition",
    "Observation": "observation",
    "MedicationRequest": "medication",
    "MedicationStatement": "medication",
    "MedicationAdministration": "administration",
    "Procedure": "procedure",
    "Immunization": "immunization",
    "AllergyIntolerance": "allergy",
    "DiagnosticReport": "report",
    "ImagingStudy": "imaging",
    "CarePlan": "care plan",
    "Device": "device",
    "Goal": "goal",
}
_TYPES_OF_CUE = {
    "condition": ("Condition",),
    "medication": ("MedicationRequest", "MedicationStatement", "MedicationAdministration"),
    "procedure": ("Procedure", "ImagingStudy"),
    "laboratory": ("Observation", "DiagnosticReport"),
    "vital": ("Observation",),
    "observation": ("Observation",),
    "imaging": ("ImagingStudy", "Procedure"),
    "immunization": ("Immunization",),
    "allergy": ("AllergyIntolerance",),
    "report": ("DiagnosticReport",),
    "care plan": ("CarePlan",),
    "device": ("Device",),
    "goal": ("Goal",),
}


def types_for(kind: str) -> tuple[str, ...]:
    """Return the FHIR types that a word for a kind may mean; () when it names no one type."""
    return _TYPES_OF_CUE.get(kind, ())
