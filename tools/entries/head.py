"""What every entry needs from its resource: reference, patient, encounter, and whether it counts.

`void` and `caution` follow the status codes of FHIR R4, kind by kind; other kinds follow the common ones.
"""

import hashlib
import json
from typing import Any

from tools.entries.entry import JSON
from tools.entries.references import literal
from tools.entries.shape import obj, objs, text

_NEVER = frozenset({"entered-in-error", "cancelled", "not-done"})
_COMMON = _NEVER | {
    "draft",
    "proposed",
    "rejected",
    "declined",
    "noshow",
    "abandoned",
    "not-taken",
    "nullified",
}
_VOID: dict[str, frozenset[str]] = {
    "Observation": _NEVER,
    "MedicationRequest": _NEVER | {"draft"},
    "MedicationStatement": _NEVER | {"not-taken"},
    "MedicationDispense": _NEVER | {"preparation", "on-hold", "declined"},
    "Procedure": _NEVER | {"preparation"},
    "Encounter": _NEVER | {"planned"},
    "DiagnosticReport": _NEVER | {"registered"},
    "ImagingStudy": _NEVER | {"registered"},
    "Goal": _NEVER | {"rejected"},
    # A cancelled policy was in force until it was cancelled: a former insurance, not one that never was.
    "Coverage": frozenset({"entered-in-error", "draft"}),
}
_CAUTION = frozenset({"preliminary", "partial", "unknown", "superseded", "intended"})
_CAUTION_OF: dict[str, frozenset[str]] = {
    "Procedure": _CAUTION | {"stopped", "on-hold"},
    "MedicationDispense": _CAUTION | {"stopped"},
    "MedicationAdministration": _CAUTION | {"stopped", "on-hold"},
    "Goal": _CAUTION | {"proposed"},
}
_HOLDERS = ("subject", "patient", "beneficiary", "for", "individual")
_OTHER_SUBJECTS = (
    "Group/",
    "Device/",
    "Location/",
    "Organization/",
    "Practitioner/",
    "Substance/",
    "Medication/",
)


def head(
    resource: JSON, *, status: str | None = None, void: str | None = None, caution: str | None = None
) -> dict[str, Any]:
    """Return the fields of `Entry` that are read alike for every kind.

    Args:
        resource: any FHIR resource.
        status: the status to show, if it is not `status`.
        void: why it does not count, if the status does not tell.
        caution: what must be said with it, if the status does not tell.
    """
    kind = kind_of(resource)
    shown = text(resource.get("status")) if status is None else status
    if void is None:
        void = shown if shown in _VOID.get(kind, _COMMON) else ""
    if caution is None:
        caution = shown if shown in _CAUTION_OF.get(kind, _CAUTION) else ""
    identity = text(resource.get("id"))
    if not identity:
        identity, caution = _hash(resource), f"{caution}; no id" if caution else "no id"
    return {
        "reference": f"{kind}/{identity}",
        "kind": kind,
        "patient": patient_of(resource),
        "encounter": encounter_of(resource),
        "status": shown,
        "void": void,
        "caution": caution,
        "resource": resource,
    }


def kind_of(resource: JSON) -> str:
    """Return the resource type; "Resource" if it does not say."""
    return text(resource.get("resourceType")) or "Resource"


def patient_of(resource: JSON) -> str:
    """Return the reference of the patient whose it is, "" for shared resources."""
    for key in _HOLDERS:
        holder = resource.get(key)
        if holder:
            target = literal(obj(holder).get("reference"))
            return "" if target.startswith(_OTHER_SUBJECTS) else target
    return ""


def encounter_of(resource: JSON) -> str:
    """Return the encounter it belongs to, "" if it does not say."""
    for key in ("encounter", "context"):
        holder = resource.get(key)
        if isinstance(holder, dict) and "encounter" in holder:
            holder = obj(holder["encounter"])
        if holder:
            target = literal(obj(holder).get("reference"))
            return target if target.startswith("Encounter") else ""
    items = objs(resource.get("item"))
    met = (literal(obj(item.get("encounter")).get("reference")) for item in items if "encounter" in item)
    return next(met, "")


def _hash(resource: JSON) -> str:
    written = json.dumps(resource, sort_keys=True, default=str)
    return "no-id-" + hashlib.sha256(written.encode()).hexdigest()[:16]
