"""The words for kinds of resource -> the FHIR resource types they mean.

The words are those of the tools' schemas; a FHIR type name is accepted wherever a word is.
"""

from tools.errors import BadArgument

KINDS: dict[str, tuple[str, ...]] = {
    "condition": ("Condition",),
    "medication": ("MedicationRequest", "MedicationStatement"),
    "administration": ("MedicationAdministration", "MedicationDispense"),
    "procedure": ("Procedure",),
    "encounter": ("Encounter",),
    "observation": ("Observation",),
    "immunization": ("Immunization",),
    "allergy": ("AllergyIntolerance",),
    "report": ("DiagnosticReport",),
    "imaging": ("ImagingStudy",),
    "document": ("DocumentReference",),
    "care plan": ("CarePlan",),
    "care team": ("CareTeam",),
    "goal": ("Goal",),
    "device": ("Device",),
    "supply": ("SupplyDelivery",),
    "claim": ("Claim", "ExplanationOfBenefit"),
    "coverage": ("Coverage",),
}


def types_of(kind: str) -> tuple[str, ...]:
    """Return the FHIR resource types of a kind.

    >>> types_of("allergy")
    ('AllergyIntolerance',)

    Raises:
        BadArgument: neither a known word nor a FHIR type name.
    """
    if kind in KINDS:
        return KINDS[kind]
    if kind[:1].isupper() and kind.isalpha():
        return (kind,)
    raise BadArgument("kind", kind, f"one of {', '.join(KINDS)} or a FHIR resource type", "condition")
