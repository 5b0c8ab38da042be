"""The words for kinds of resource -> the FHIR resource types they mean.

The words are those of the tools' schemas; a FHIR type name is accepted wherever a word is. What clinicians call the
entries of a type is in `label`.
"""

import re

from tools.calls.errors import BadArgument

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
    "picture": ("Media", "DocumentReference", "DiagnosticReport"),
    "care plan": ("CarePlan",),
    "care team": ("CareTeam",),
    "goal": ("Goal",),
    "device": ("Device",),
    "supply": ("SupplyDelivery",),
    "claim": ("Claim", "ExplanationOfBenefit"),
    "coverage": ("Coverage",),
    "order": ("ServiceRequest", "DeviceRequest", "NutritionOrder"),
    "referral": ("ServiceRequest",),
    "appointment": ("Appointment",),
    "consent": ("Consent",),
    "flag": ("Flag",),
    "questionnaire": ("QuestionnaireResponse",),
    "family history": ("FamilyMemberHistory",),
    "adverse event": ("AdverseEvent",),
    "directive": ("Consent", "ServiceRequest", "DocumentReference", "Observation", "Flag", "Condition"),
}
TYPES = tuple(dict.fromkeys(name for types in KINDS.values() for name in types))
"""The FHIR types that any of the words means, each once."""
PICTURE = "picture"
"""The word that means, of its types, only what has a picture."""
CLASSES: dict[str, str] = {"referral": "referral", "directive": "advance directive"}
"""Words that mean only some entries of their types, and the concept that those go by."""


_LABELS = {
    "Condition": "Problems and diagnoses",
    "MedicationRequest": "Prescriptions",
    "MedicationStatement": "Reported medications",
    "MedicationAdministration": "Given medications",
    "MedicationDispense": "Dispensed medications",
    "Procedure": "Procedures",
    "Encounter": "Visits and stays",
    "Observation": "Labs, vitals and other findings",
    "Immunization": "Immunizations",
    "AllergyIntolerance": "Allergies",
    "DiagnosticReport": "Reports",
    "ImagingStudy": "Imaging",
    "DocumentReference": "Notes and documents",
    "Media": "Pictures",
    "CarePlan": "Care plans",
    "CareTeam": "Care teams",
    "Goal": "Goals",
    "Device": "Devices and implants",
    "SupplyDelivery": "Supplies",
    "Claim": "Claims",
    "ExplanationOfBenefit": "Insurance decisions",
    "Coverage": "Insurance",
    "ServiceRequest": "Orders and referrals",
    "DeviceRequest": "Device orders",
    "NutritionOrder": "Diet orders",
    "Appointment": "Appointments",
    "Consent": "Consents and directives",
    "Flag": "Warnings",
    "QuestionnaireResponse": "Questionnaires",
    "FamilyMemberHistory": "Family history",
    "AdverseEvent": "Adverse events",
}


def label(kind: str) -> str:
    """Return what clinicians call the entries of a FHIR resource type.

    >>> label("Observation"), label("VisionPrescription")
    ('Labs, vitals and other findings', 'Vision prescription')
    """
    return _LABELS.get(kind) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize()


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
