"""What AuditEvent and Provenance are made of: codes, references, people, times -> FHIR JSON.

Nothing here names a person: who called is told by the subject, who the patient is by the reference.
"""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.caller import Caller

JSON = dict[str, Any]
SOFTWARE = "fhir-record-assistant"
_URI = "urn:ietf:rfc:3986"
_USER = re.compile(
    r"user:(https?://\S+/(Practitioner|PractitionerRole|Patient|RelatedPerson)/[A-Za-z0-9.\-]{1,64})"
)


def coding(system: str, code: str, display: str = "") -> JSON:
    """Return a Coding."""
    named = {"display": display} if display else {}
    return {"system": system, "code": code, **named}


def person(caller: Caller) -> JSON:
    """Return a reference to who called.

    >>> person(Caller(subject="user:https://ehr.example.org/fhir/Practitioner/7"))
    {'reference': 'https://ehr.example.org/fhir/Practitioner/7', 'type': 'Practitioner'}
    >>> person(Caller(subject="key:ward-portal"))
    {'identifier': {'value': 'key:ward-portal'}}
    """
    known = _USER.fullmatch(caller.subject)
    if known:
        return {"reference": known[1], "type": known[2]}
    return {"identifier": {"value": caller.subject}}


def software() -> JSON:
    """Return a reference to this program."""
    return {"type": "Device", "identifier": {"value": SOFTWARE}, "display": SOFTWARE}


def resource(what: str, server: str = "") -> JSON:
    """Return a reference to a resource, or to all of a kind that the patient has.

    Args:
        what: "Observation/7", or "Observation" for the kind.
        server: base URL of the records; "" if they are files, whose ids mean something here only.

    >>> resource("Observation/7", "https://ehr.example.org/fhir")
    {'reference': 'https://ehr.example.org/fhir/Observation/7', 'type': 'Observation'}
    >>> resource("Observation")
    {'type': 'Observation', 'display': 'resources of this type in the record'}
    """
    kind, slash, _ = what.partition("/")
    if not slash:
        return {"type": kind, "display": "resources of this type in the record"}
    return {"reference": f"{server}/{what}" if server else what, "type": kind}


def identified(id: str) -> JSON:
    """Return a reference to something that is kept here under an id: a question, a conversation.

    >>> identified("0123456789abcdef0123456789abcdef")["identifier"]["value"]
    'urn:uuid:01234567-89ab-cdef-0123-456789abcdef'
    """
    try:
        return {"identifier": {"system": _URI, "value": f"urn:uuid:{UUID(id)}"}}
    except ValueError:
        return {"identifier": {"value": id}}


def instant(at: datetime) -> str:
    """Return a time as FHIR writes an instant; one without a zone is the computer's."""
    return (at if at.tzinfo else at.astimezone()).isoformat(timespec="milliseconds")


def period(began: datetime, ended: datetime) -> JSON:
    """Return a Period."""
    return {"start": instant(began), "end": instant(ended)}
