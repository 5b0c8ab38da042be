"""Words for kinds in questions <-> FHIR resource types, both ways."""

from tools.record.kinds import KINDS

KIND_OF_TYPE = {fhir_type: kind for kind, types in KINDS.items() for fhir_type in types}
_TYPES_OF_CUE = {
    "condition": ("Condition",),
    "medication": ("MedicationRequest", "MedicationStatement", "MedicationAdministration"),
    "administration": ("MedicationAdministration", "MedicationRequest", "MedicationStatement"),
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
    "encounter": ("Encounter",),
    "supply": ("SupplyDelivery",),
    "coverage": ("Coverage",),
}


def types_for(kind: str) -> tuple[str, ...]:
    """Return the FHIR types that a word for a kind may mean; () when it names no one type."""
    return _TYPES_OF_CUE.get(kind, ())
