"""A resource -> the patient whose compartment it is in, and the day it is about.

FHIR R4 CompartmentDefinition "patient", by the elements that name the subject of care. Authors, recorders and
performers who happen to be patients do not put a resource into their compartment here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

SHARED = frozenset(
    (
        *("Organization", "Practitioner", "PractitionerRole", "Location", "HealthcareService", "Endpoint"),
        *("OrganizationAffiliation", "Medication", "MedicationKnowledge", "Substance", "Device", "Binary"),
        *(
            "DeviceDefinition",
            "PlanDefinition",
            "ActivityDefinition",
            "Questionnaire",
            "ValueSet",
            "CodeSystem",
        ),
        *("ConceptMap", "StructureDefinition", "NamingSystem", "Library", "Measure", "InsurancePlan"),
    )
)
"""Kinds that belong to nobody, unless they name a patient, and may be named by anybody's record."""

_SUBJECT = (
    *("patient", "subject", "beneficiary", "individual", "for", "candidate", "securityContext", "deliverTo"),
)
_LISTED = (("target", ""), ("participant", "actor"), ("entity", "what"))
_DAYS = (
    *("effectiveDateTime", "effectiveInstant", "performedDateTime", "occurrenceDateTime", "onsetDateTime"),
    *("authoredOn", "recordedDate", "started", "issued", "date", "created", "startDate", "recorded"),
    *("dateAsserted", "assertedDate"),
)
_PERIODS = (
    *("period", "effectivePeriod", "performedPeriod", "occurrencePeriod", "onsetPeriod", "billablePeriod"),
    *("servicedPeriod", "context"),
)


def owner(resource: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    """Return ("Patient/…", as written) of the patient it belongs to; ("", "") if it names none.

    Args:
        resource: FHIR JSON.
        names: full URL -> "Type/id" within the same file. A patient who is only named by a URL that is not
            among them gives ("", the URL).
    """
    if resource.get("resourceType") == "Patient":
        own = f"Patient/{resource.get('id')}"
        return own, own
    unknown = ""
    for written in _subjects(resource):
        reference = names.get(written, written).partition("/_history/")[0]
        if reference.startswith("Patient/") and reference.count("/") == 1:
            return reference, written
        if "Patient" in written or written.startswith(("urn:", "resource:")):
            unknown = unknown or written
    return "", unknown


def day_of(resource: Mapping[str, Any]) -> str:
    """Return the ISO day (or month, or year) the resource is about, "" if it has none."""
    for name in _PERIODS:
        period = resource.get(name)
        if isinstance(period, dict):
            inner = period.get("period", period)
            start = inner.get("start") if isinstance(inner, dict) else None
            if isinstance(start, str):
                return _day(start)
    for name in _DAYS:
        text = resource.get(name)
        if isinstance(text, str):
            return _day(text)
    return ""


def _day(text: str) -> str:
    return text[:10] if text[:4].isdecimal() else ""


def _subjects(resource: Mapping[str, Any]) -> Iterator[str]:
    for name in _SUBJECT:
        yield from _references(resource.get(name))
    for name, inner in _LISTED:
        for item in _dicts(resource.get(name)):
            yield from _references(item.get(inner) if inner else item)


def _references(value: object) -> Iterator[str]:
    for item in _dicts(value):
        reference = item.get("reference")
        if isinstance(reference, str) and not reference.startswith("#"):
            yield reference


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
