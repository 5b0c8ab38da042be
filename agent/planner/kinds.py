"""Words for kinds in questions <-> FHIR resource types, both ways."""

from tools.record.kinds import KINDS, TYPES

KIND_OF_TYPE = {name: kind for kind, types in reversed(KINDS.items()) for name in types}
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
    **{kind: KINDS[kind] for kind in ("order", "referral", "flag", "questionnaire", "adverse event")},
}
WHERE_HELD = ("order", "referral")
"""Kinds whose words ask for something else where a record has none of them: what was ordered was done."""
FURTHER = tuple(
    name for name in TYPES if name not in ("Claim", "ExplanationOfBenefit", "Encounter", "SupplyDelivery")
)
"""Kinds in which a name is looked for that no kind has which is asked for often."""


def kind_of(types: tuple[str, ...]) -> str:
    """Return the kind of a name that entries of these types have, the likeliest first.

    An operation on a device goes by its name too, and may have taken it out.

    >>> kind_of(("Condition", "Observation")), kind_of(("ServiceRequest", "Consent")), kind_of(("Procedure", "Device"))
    ('condition', 'directive', 'device')
    """
    if "Consent" in types and len(types) > 1:
        return "directive"
    if types[0] == "Procedure" and "Device" in types:
        return "device"
    return "any" if types[0] == "QuestionnaireResponse" else KIND_OF_TYPE[types[0]]


def types_for(kind: str) -> tuple[str, ...]:
    """Return the FHIR types that a word for a kind may mean; () when it names no one type."""
    return _TYPES_OF_CUE.get(kind, ())
