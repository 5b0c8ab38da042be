"""Reading one FHIR R4 resource: its reference, day, name, codes, whether it counts.

Every function is a few lines over the JSON, and nothing else in this package reads these elements.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from evaluation.gold.reading import Resource

_WHEN = {
    "Condition": ("onsetDateTime", "onsetPeriod.start", "recordedDate"),
    "MedicationRequest": ("authoredOn",),
    "MedicationAdministration": ("effectiveDateTime", "effectivePeriod.start"),
    "Procedure": ("performedDateTime", "performedPeriod.start"),
    "Encounter": ("period.start",),
    "Observation": ("effectiveDateTime", "effectivePeriod.start", "issued"),
    "DiagnosticReport": ("effectiveDateTime", "effectivePeriod.start", "issued"),
    "Immunization": ("occurrenceDateTime",),
    "AllergyIntolerance": ("onsetDateTime", "recordedDate"),
    "ImagingStudy": ("started",),
    "CarePlan": ("period.start",),
    "CareTeam": ("period.start",),
    "Coverage": ("period.start",),
    "Claim": ("billablePeriod.start", "created"),
    "ExplanationOfBenefit": ("billablePeriod.start", "created"),
    "DocumentReference": ("date",),
    "Goal": ("startDate",),
    "SupplyDelivery": ("occurrenceDateTime",),
    "Device": ("manufactureDate",),
}
_CODE = {
    "MedicationRequest": "medicationCodeableConcept",
    "MedicationAdministration": "medicationCodeableConcept",
    "Immunization": "vaccineCode",
    "Encounter": "type",
    "ImagingStudy": "procedureCode",
    "Device": "type",
    "DocumentReference": "type",
}
_NEVER_WAS = {
    "entered-in-error",
    "cancelled",
    "not-done",
    "planned",
    "draft",
    "refuted",
    "proposed",
    "unknown",
}
_COVERAGE_MAY_BE_CANCELLED = {"Coverage"}
_TAG = re.compile(r"\s*\([a-z][a-z /]*\)$")


def reference(resource: Resource) -> str:
    """Return "Type/id"."""
    return f"{resource['resourceType']}/{resource['id']}"


def at(resource: Any, path: str) -> Any:
    """Return the element at a dotted path, the first of each list, None if there is none.

    >>> at({"code": {"coding": [{"code": "1"}, {"code": "2"}]}}, "code.coding.code")
    '1'
    """
    for step in path.split("."):
        if isinstance(resource, list):
            resource = resource[0] if resource else None
        resource = resource.get(step) if isinstance(resource, dict) else None
    return resource[0] if isinstance(resource, list) and resource else resource


def when(resource: Resource) -> str:
    """Return the time of the event as recorded, "" if there is none: onset, authored, performed, started."""
    return next(
        (at(resource, path) for path in _WHEN.get(resource["resourceType"], ()) if at(resource, path)), ""
    )


def day(resource: Resource) -> str:
    """Return the local day of the event as recorded, e.g. "2019-03-04"; "2019-03" if only that is known."""
    return when(resource)[:10]


def moment(resource: Resource) -> float:
    """Return the time of the event for sorting, in seconds; a day without a time is its start."""
    return instant(when(resource))


@lru_cache(maxsize=65_536)
def instant(time: str) -> float:
    """Return a FHIR date or dateTime in seconds since 1970, UTC where it has no offset."""
    whole = time if len(time) > 7 else f"{time}-01" if len(time) == 7 else f"{time}-01-01"
    read = datetime.fromisoformat(whole)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def codings(resource: Resource) -> list[Resource]:
    """Return the codings of what the resource is: a diagnosis, drug, test, vaccine, kind of visit."""
    concept = resource.get(_CODE.get(resource["resourceType"], "code")) or {}
    first = (concept[0] if concept else {}) if isinstance(concept, list) else concept
    return list(first.get("coding") or ())


def name(resource: Resource) -> str:
    """Return the name of what the resource is, as recorded; "" if it has none."""
    concept = resource.get(_CODE.get(resource["resourceType"], "code")) or {}
    first = (concept[0] if concept else {}) if isinstance(concept, list) else concept
    displays = (coding.get("display") for coding in codings(resource))
    return str(next(filter(None, displays), None) or first.get("text") or "").strip()


def untagged(text: str) -> str:
    """Return a name without the SNOMED tag behind it.

    >>> untagged("Diabetes mellitus type 2 (disorder)")
    'Diabetes mellitus type 2'
    """
    return _TAG.sub("", text)


def counts(resource: Resource) -> bool:
    """Whether the event was: not entered in error, refuted, cancelled, planned or left undone."""
    kind, status = resource["resourceType"], resource.get("status")
    verified = at(resource, "verificationStatus.coding.code")
    if kind in _COVERAGE_MAY_BE_CANCELLED:
        return status != "entered-in-error"
    return status not in _NEVER_WAS and verified not in _NEVER_WAS


def categories(resource: Resource) -> set[str]:
    """Return the codes of the resource's categories, e.g. {"laboratory"}."""
    given = resource.get("category") or ()
    concepts = given if isinstance(given, list) else [given]
    return {
        coding.get("code", "")
        for concept in concepts
        if isinstance(concept, dict)
        for coding in concept.get("coding") or ()
    }


def latest_day(records: Iterable[Iterable[Resource]]) -> str:
    """Return the day after the last event that counts, the clock by which all of it has happened."""
    days = (day(resource) for resources in records for resource in resources if counts(resource))
    last = max(each for each in days if len(each) == len("2026-01-01"))
    return (date.fromisoformat(last) + timedelta(days=1)).isoformat()
