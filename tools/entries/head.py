"""What every entry needs from its resource: reference, patient, encounter, and whether it counts.

`void` and `caution` follow the status codes of FHIR R4, kind by kind; other kinds follow the common ones. What is not
to be done, what is only proposed or planned, and what a modifier that is not known changes, is void in every kind.
Not covered: modifier extensions within elements.
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
    "Procedure": _NEVER | {"preparation", "on-hold", "stopped"},
    "Encounter": _NEVER | {"planned"},
    "DiagnosticReport": _NEVER | {"registered"},
    "ImagingStudy": _NEVER | {"registered"},
    "Goal": _NEVER | {"rejected", "proposed"},
    # A cancelled policy was in force until it was cancelled: a former insurance, not one that never was.
    "Coverage": frozenset({"entered-in-error", "draft"}),
}
_CAUTION = frozenset({"preliminary", "partial", "unknown", "superseded", "intended"})
_CAUTION_OF: dict[str, frozenset[str]] = {
    "MedicationDispense": _CAUTION | {"stopped"},
    "MedicationAdministration": _CAUTION | {"stopped", "on-hold"},
}
_INTENTS = {"proposal": "proposed", "option": "option", "plan": "planned"}
_OF_PLANS = ("CarePlan", "RequestGroup")
"""Kinds that are plans: their intent is no reason to set them aside."""
_NOT_TO_DO, _STOPPED = "request-doNotPerform", "ext-StopType"
"""Modifier extensions that are known, by the last part of their address: an order not to, a drug that was stopped."""
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
    void = void or _changed(resource, kind)
    if "modifierExtension" in resource and _STOPPED in _modifiers(resource):
        shown = "stopped"
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


def _changed(resource: JSON, kind: str) -> str:
    """Return why something is not what its status says: not to be done, not ordered yet, changed by a modifier."""
    if resource.get("doNotPerform") is True:
        return "do not perform"
    if "modifierExtension" in resource:
        modifiers = _modifiers(resource)
        if unknown := ", ".join(name for name in modifiers if name not in (_NOT_TO_DO, _STOPPED)):
            return f"its meaning is changed by a modifier extension that is not known: {unknown}"
        if modifiers.get(_NOT_TO_DO) is True:
            return "do not perform"
    if rules := text(resource.get("implicitRules")):
        return f"its meaning is changed by implicit rules that are not known: {_last_part(rules)}"
    intent = _INTENTS.get(text(resource.get("intent")), "") if "intent" in resource else ""
    reported = (
        resource.get("reportedBoolean") is True
    )  # US Core: what a patient takes without an order is a plan
    return "" if intent == "planned" and (reported or kind in _OF_PLANS) else intent


def _modifiers(resource: JSON) -> dict[str, Any]:
    """Return the last parts of the addresses of modifier extensions, with their truths."""
    return {
        _last_part(text(each.get("url"))): each.get("valueBoolean")
        for each in objs(resource["modifierExtension"])
    }


def _last_part(address: str) -> str:
    """Return the last part of an address: "negated" of "http://example.org/negated"."""
    return address.rstrip("/").rpartition("/")[2] or address


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
