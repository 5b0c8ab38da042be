"""A FHIR R4 resource -> one `Entry`; a Patient -> `Demographics`; an entry -> the text written in it.

One file for each kind of resource, named as FHIR names it; `generic` reads the rest. Nothing in here raises
on a resource of a broken shape: what cannot be read is empty, a date that is none stands in the details.
"""

from collections.abc import Callable
from dataclasses import replace
from operator import is_

from tools.entries import (
    adverse_event,
    allergy_intolerance,
    appointment,
    care_plan,
    care_team,
    claim,
    clinical_impression,
    communication,
    composition,
    condition,
    consent,
    coverage,
    detected_issue,
    device,
    device_request,
    device_use_statement,
    diagnostic_report,
    document_reference,
    encounter,
    explanation_of_benefit,
    family_member_history,
    flag,
    generic,
    goal,
    imaging_study,
    immunization,
    immunization_recommendation,
    location,
    media,
    medication,
    medication_administration,
    medication_dispense,
    medication_request,
    medication_statement,
    nutrition_order,
    observation,
    organization,
    patient,
    practitioner,
    practitioner_role,
    procedure,
    provenance,
    questionnaire_response,
    risk_assessment,
    service_request,
    supply_delivery,
)
from tools.entries.concepts import dispute
from tools.entries.demographics import Address, Contact, Demographics, Identifier
from tools.entries.entry import JSON, Amount, Attached, Coding, Entry, Link, Quantity, Range, Sense
from tools.entries.medication import Resolve, nowhere
from tools.entries.notes import narrative_of, read_text, text_of
from tools.entries.patient import parse_patient
from tools.entries.senses import certainty_of, sense_of
from tools.entries.shape import obj, objs, text
from tools.entries.unread import unread
from tools.entries.written import Written
from tools.wording.text import normal

__all__ = [
    "JSON",
    "Address",
    "Amount",
    "Attached",
    "Coding",
    "Contact",
    "Demographics",
    "Entry",
    "Identifier",
    "Link",
    "Quantity",
    "Range",
    "Resolve",
    "Sense",
    "narrative_of",
    "Written",
    "parse",
    "parse_patient",
    "read_text",
    "text_of",
]

_PARSERS: dict[str, Callable[[JSON], Entry]] = {
    "AdverseEvent": adverse_event.parse,
    "AllergyIntolerance": allergy_intolerance.parse,
    "Appointment": appointment.parse,
    "CarePlan": care_plan.parse,
    "CareTeam": care_team.parse,
    "Claim": claim.parse,
    "ClinicalImpression": clinical_impression.parse,
    "Communication": communication.parse,
    "Composition": composition.parse,
    "Condition": condition.parse,
    "Consent": consent.parse,
    "Coverage": coverage.parse,
    "DetectedIssue": detected_issue.parse,
    "Device": device.parse,
    "DeviceRequest": device_request.parse,
    "DeviceUseStatement": device_use_statement.parse,
    "DiagnosticReport": diagnostic_report.parse,
    "DocumentReference": document_reference.parse,
    "Encounter": encounter.parse,
    "ExplanationOfBenefit": explanation_of_benefit.parse,
    "FamilyMemberHistory": family_member_history.parse,
    "Flag": flag.parse,
    "Goal": goal.parse,
    "ImagingStudy": imaging_study.parse,
    "Immunization": immunization.parse,
    "ImmunizationRecommendation": immunization_recommendation.parse,
    "Location": location.parse,
    "Media": media.parse,
    "Medication": medication.parse,
    "NutritionOrder": nutrition_order.parse,
    "Organization": organization.parse,
    "Patient": patient.parse,
    "Practitioner": practitioner.parse,
    "PractitionerRole": practitioner_role.parse,
    "Procedure": procedure.parse,
    "Provenance": provenance.parse,
    "QuestionnaireResponse": questionnaire_response.parse,
    "RiskAssessment": risk_assessment.parse,
    "ServiceRequest": service_request.parse,
    "SupplyDelivery": supply_delivery.parse,
}
_RESOLVING_PARSERS: dict[str, Callable[[JSON, Resolve], Entry]] = {
    "MedicationAdministration": medication_administration.parse,
    "MedicationDispense": medication_dispense.parse,
    "MedicationRequest": medication_request.parse,
    "MedicationStatement": medication_statement.parse,
    "Observation": observation.parse,
}


_OWN_NAMES = frozenset(
    ("Condition", "AllergyIntolerance", "Procedure", "Immunization", "Device", "Flag")
    + ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense")
)
"""Kinds whose names say what they mean; those of tests, orders and documents name what was looked for or wanted."""
_REFUSALS = ("declined", "not done")
"""As a problem, these are one."""
_OF_DRUGS = ("to stop",)
_CERTAINTY = "icd-10-gm-diagnosesicherheit"


def parse(resource: JSON | Written, resolve: Resolve = nowhere) -> Entry:
    """Read a resource of any kind.

    Args:
        resource: the resource; of one that is `Written`, the entry keeps the text alone.
        resolve: finds a Medication or Specimen of the same record by its reference, for what is only referred to.

    Returns:
        the entry; its kind is "Resource" if the JSON does not name a resource type.
    """
    if isinstance(resource, Written):
        entry = _parsed(resource.json, resolve)
        _keep_written(entry, resource)
        return entry
    return _parsed(obj(resource), resolve)


def _parsed(resource: JSON, resolve: Resolve) -> Entry:
    kind = text(resource.get("resourceType"))
    if kind in _RESOLVING_PARSERS:
        entry = _RESOLVING_PARSERS[kind](resource, resolve)
    else:
        entry = _PARSERS.get(kind, generic.parse)(resource)
    lacking = unread(resource)
    entry = _cautioned(entry, lacking) if lacking else entry
    return _disputed(_as_meant(entry, resource) if kind in _OWN_NAMES else entry)


def _cautioned(entry: Entry, lacking: str) -> Entry:
    """Return an entry, and what it is made of, with what could not be read of it; that may be why a value is absent."""
    empty = entry.value is None and not (entry.absent or entry.components)
    is_why = empty and entry.kind == "Observation"
    return replace(
        entry,
        absent=lacking if is_why else entry.absent,
        caution=entry.caution if is_why else "; ".join(filter(None, (entry.caution, lacking))),
        components=tuple(_cautioned(component, lacking) for component in entry.components),
    )


def _as_meant(entry: Entry, resource: JSON) -> Entry:
    """Return an entry with what its name says of the thing it names, set aside if that is not there at all."""
    sense = _certainty(entry, resource) or sense_of(entry.display, entry.codings)
    if sense is None or (sense.how in _OF_DRUGS and not entry.kind.startswith("Medication")):
        return entry
    counts = sense.counts or (entry.kind == "Condition" and sense.how in _REFUSALS)
    return replace(entry, sense=sense, void=entry.void or ("" if counts else sense.how))


def _certainty(entry: Entry, resource: JSON) -> Sense | None:
    """Return how certain a German diagnosis is, where its code says so; None where it is certain."""
    for coding in objs(obj(resource.get("code")).get("coding")) if entry.kind == "Condition" else ():
        for extension in objs(coding.get("extension")):
            if text(extension.get("url")).endswith(_CERTAINTY):
                how = certainty_of(text(obj(extension.get("valueCoding")).get("code")))
                return Sense(how, normal(entry.display), how != "negated") if how else None
    return None


def _disputed(entry: Entry) -> Entry:
    """Return the entry, or its components, with the caution that code and name are of different things."""
    said = dispute(entry.kind, entry.display, entry.codings)
    parts = tuple(map(_disputed, entry.components)) if entry.components else ()
    if not said and all(map(is_, parts, entry.components)):
        return entry
    cautions = "; ".join(filter(None, (entry.caution, said)))
    return replace(entry, caution=cautions, components=parts)


def _keep_written(entry: Entry, resource: Written) -> None:
    """Keep the text in place of the JSON that an entry was just made of; nobody else has it yet."""
    object.__setattr__(entry, "resource", resource)
    for part in entry.components:
        _keep_written(part, resource)
