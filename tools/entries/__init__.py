"""A FHIR R4 resource -> one `Entry`; a Patient -> `Demographics`; an entry -> the text written in it.

One file for each kind of resource, named as FHIR names it; `generic` reads the rest. Nothing in here raises
on a resource of a broken shape: what cannot be read is empty, a date that is none stands in the details.
"""

from collections.abc import Callable

from tools.entries import (
    allergy_intolerance,
    care_plan,
    care_team,
    claim,
    composition,
    condition,
    coverage,
    device,
    diagnostic_report,
    document_reference,
    encounter,
    explanation_of_benefit,
    generic,
    goal,
    imaging_study,
    immunization,
    location,
    medication,
    medication_administration,
    medication_dispense,
    medication_request,
    medication_statement,
    observation,
    organization,
    patient,
    practitioner,
    practitioner_role,
    procedure,
    provenance,
    supply_delivery,
)
from tools.entries.demographics import Address, Contact, Demographics, Identifier
from tools.entries.entry import JSON, Amount, Coding, Entry, Link, Quantity, Range
from tools.entries.medication import Resolve, nowhere
from tools.entries.notes import text_of
from tools.entries.patient import parse_patient
from tools.entries.shape import obj, text
from tools.entries.written import Written

__all__ = [
    "JSON",
    "Address",
    "Amount",
    "Coding",
    "Contact",
    "Demographics",
    "Entry",
    "Identifier",
    "Link",
    "Quantity",
    "Range",
    "Resolve",
    "Written",
    "parse",
    "parse_patient",
    "text_of",
]

_PARSERS: dict[str, Callable[[JSON], Entry]] = {
    "AllergyIntolerance": allergy_intolerance.parse,
    "CarePlan": care_plan.parse,
    "CareTeam": care_team.parse,
    "Claim": claim.parse,
    "Composition": composition.parse,
    "Condition": condition.parse,
    "Coverage": coverage.parse,
    "Device": device.parse,
    "DiagnosticReport": diagnostic_report.parse,
    "DocumentReference": document_reference.parse,
    "Encounter": encounter.parse,
    "ExplanationOfBenefit": explanation_of_benefit.parse,
    "Goal": goal.parse,
    "ImagingStudy": imaging_study.parse,
    "Immunization": immunization.parse,
    "Location": location.parse,
    "Medication": medication.parse,
    "Organization": organization.parse,
    "Patient": patient.parse,
    "Practitioner": practitioner.parse,
    "PractitionerRole": practitioner_role.parse,
    "Procedure": procedure.parse,
    "Provenance": provenance.parse,
    "SupplyDelivery": supply_delivery.parse,
}
_RESOLVING_PARSERS: dict[str, Callable[[JSON, Resolve], Entry]] = {
    "MedicationAdministration": medication_administration.parse,
    "MedicationDispense": medication_dispense.parse,
    "MedicationRequest": medication_request.parse,
    "MedicationStatement": medication_statement.parse,
    "Observation": observation.parse,
}


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
        return _RESOLVING_PARSERS[kind](resource, resolve)
    return _PARSERS.get(kind, generic.parse)(resource)


def _keep_written(entry: Entry, resource: Written) -> None:
    """Keep the text in place of the JSON that an entry was just made of; nobody else has it yet."""
    object.__setattr__(entry, "resource", resource)
    for part in entry.components:
        _keep_written(part, resource)
