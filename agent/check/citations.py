"""Text -> the resources it cites, as "[Observation/76ad…]" or "[Condition/1; Condition/2]".

Recorded names carry brackets too ("Glucose [Mass/volume] in Blood"): a citation begins with a FHIR resource type.
"""

import re

RESOURCE_TYPES = frozenset(
    "Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic "
    "Binary BiologicallyDerivedProduct BodyStructure Bundle CarePlan CareTeam CatalogEntry ChargeItem Claim "
    "ClaimResponse ClinicalImpression Communication CommunicationRequest Composition Condition Consent Contract "
    "Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceMetric "
    "DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference Encounter Endpoint "
    "EnrollmentRequest EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Flag Goal Group GuidanceResponse "
    "HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation InsurancePlan "
    "Invoice List Location Measure MeasureReport Media Medication MedicationAdministration MedicationDispense "
    "MedicationKnowledge MedicationRequest MedicationStatement MolecularSequence NutritionOrder Observation "
    "Organization Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner "
    "PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup "
    "ResearchStudy ResearchSubject RiskAssessment Schedule ServiceRequest Slot Specimen Substance SupplyDelivery "
    "SupplyRequest Task VisionPrescription".split()
)
_REFERENCE = r"[A-Z][A-Za-z]+/[^\s\[\],;]+"
CITATION = re.compile(rf"\[\s*({_REFERENCE}(?:\s*[,;]\s*{_REFERENCE})*)\s*\]")


def references_in(citation: str) -> tuple[str, ...]:
    """Return the references inside one pair of brackets; () if it is a name's bracket, not a citation.

    >>> references_in("Condition/1; Condition/2"), references_in("Mass/volume")
    (('Condition/1', 'Condition/2'), ())
    """
    references = tuple(part.strip() for part in citation.replace(";", ",").split(","))
    return references if references[0].partition("/")[0] in RESOURCE_TYPES else ()


def cited(text: str) -> tuple[str, ...]:
    """Return every reference that `text` cites, in order, each once.

    >>> cited("Glucose [Mass/volume] in Blood 92 mg/dL [Observation/1] [Observation/1].")
    ('Observation/1',)
    """
    return tuple(dict.fromkeys(r for match in CITATION.finditer(text) for r in references_in(match[1])))


def without_citations(text: str) -> str:
    """Return recorded text so that nothing in it can pass for a citation.

    >>> without_citations("Aspirin [Observation/1] 81 MG")
    'Aspirin (Observation/1) 81 MG'
    """
    return CITATION.sub(lambda match: f"({match[1]})" if references_in(match[1]) else match[0], text)
