"""An access -> a FHIR R4 AuditEvent, shaped as IHE's Basic Audit Log Patterns are.

https://hl7.org/fhir/R4/auditevent.html, https://profiles.ihe.net/ITI/BALP. No profile of BALP is claimed: a query is
never kept in clear, since a question may name people, and of the caller's program nothing is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from portal.caller import Caller
from portal.trail.parts import JSON, SOFTWARE, coding, identified, instant, person, resource, software

Kind = Literal[
    "read", "search", "asked", "refused", "signed in", "signed out", "token", "deleted", "trail read"
]
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_REST = coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "Restful Operation")
_AUTHENTICATION = coding(_DICOM, "110114", "User Authentication")
_ALERT = coding(_DICOM, "110113", "Security Alert")
_LOG_USED = coding(_DICOM, "110101", "Audit Log Used")


def _interaction(code: str) -> JSON:
    return coding("http://hl7.org/fhir/restful-interaction", code, code)


_KINDS: Mapping[Kind, tuple[JSON, JSON | None, str]] = {
    "read": (_REST, _interaction("read"), "R"),
    "search": (_REST, _interaction("search-type"), "E"),
    "asked": (_REST, _interaction("operation"), "E"),
    "refused": (_ALERT, coding(_DICOM, "110132", "Use of Restricted Function"), "E"),
    "signed in": (_AUTHENTICATION, coding(_DICOM, "110122", "Login"), "E"),
    "signed out": (_AUTHENTICATION, coding(_DICOM, "110123", "Logout"), "E"),
    "token": (_AUTHENTICATION, _interaction("operation"), "E"),
    "deleted": (_REST, _interaction("delete"), "D"),
    "trail read": (_LOG_USED, None, "R"),
}
"""Type, subtype and action of each kind."""
_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_PERSON, _OBJECT = coding(_ENTITY, "1", "Person"), coding(_ENTITY, "2", "System Object")
_PATIENT, _DOMAIN = coding(_ROLE, "1", "Patient"), coding(_ROLE, "4", "Domain Resource")
_SECURITY, _QUERY = coding(_ROLE, "13", "Security Resource"), coding(_ROLE, "24", "Query")
_RECIPIENT = {
    "coding": [
        coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP", "information recipient")
    ]
}
_SERVER = {"coding": [coding(_DICOM, "110152", "Destination Role ID")]}
_APPLICATION_SERVER = coding(
    "http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server"
)


class Outcome(StrEnum):
    """https://hl7.org/fhir/R4/valueset-audit-event-outcome.html."""

    DONE = "0"
    REFUSED = "4"
    FAILED = "8"
    BROKEN = "12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What happened.

    Attributes:
        kind: of event.
        caller: who did it.
        at: when.
        outcome: how it ended.
        why: one sentence where it was not done, of an answer its outcome; it names no person.
        entities: what it was about, as `the_patient` and the like make them.
    """

    kind: Kind
    caller: Caller
    at: datetime
    outcome: Outcome = Outcome.DONE
    why: str = ""
    entities: Iterable[JSON] = ()


def audit_event(id: str, access: Access, site: str) -> JSON:
    """Return an access as an AuditEvent.

    Args:
        id: of the event.
        access: what happened.
        site: where the portal is reached, a URL.
    """
    kind, detail, action = _KINDS[access.kind]
    event: JSON = {"resourceType": "AuditEvent", "id": id, "type": kind, "action": action}
    if detail:
        event["subtype"] = [detail]
    event |= {"recorded": instant(access.at), "outcome": access.outcome.value}
    if access.why:
        event["outcomeDesc"] = access.why
    event["agent"] = [
        {"type": _RECIPIENT, "who": person(access.caller), "requestor": True},
        {
            "type": _SERVER,
            "who": software(),
            "name": SOFTWARE,
            "requestor": False,
            "network": {"address": site, "type": "5"},
        },
    ]
    event["source"] = {"site": site, "observer": software(), "type": [_APPLICATION_SERVER]}
    entities = list(access.entities)
    return event | {"entity": entities} if entities else event


def the_patient(reference: str, server: str = "") -> JSON:
    """Return whose data it was as an entity."""
    return {"what": resource(reference, server), "type": _PERSON, "role": _PATIENT}


def what_was_read(references: Iterable[str], server: str = "") -> Iterable[JSON]:
    """Yield the entity of each resource or kind, once."""
    for reference in dict.fromkeys(references):
        yield {"what": resource(reference, server), "type": _OBJECT, "role": _DOMAIN}


def the_question(id: str, text: str) -> JSON:
    """Return a question as an entity: which one, and the hash by which its text can be recognised."""
    told = {"type": "sha256", "valueString": sha256(text.encode()).hexdigest()}
    return {"what": identified(id), "type": _OBJECT, "role": _QUERY, "detail": [told]}


def patients_found(number: int) -> JSON:
    """Return a list of patients as an entity."""
    told = {"type": "patients", "valueString": str(number)}
    return {"what": {"type": "Patient"}, "type": _OBJECT, "role": _DOMAIN, "detail": [told]}


def kept_here(id: str) -> JSON:
    """Return a conversation as an entity."""
    return {"what": identified(id), "type": _OBJECT, "role": _DOMAIN}


def secured(name: str) -> JSON:
    """Return what gives or gets access as an entity: a launch, a token, the trail."""
    return {"what": {"display": name}, "type": _OBJECT, "role": _SECURITY}
