"""A call -> the patient's record as far as the card needs it, and where it came from.

First what the client sent whole, then its FHIR server if the operator named that one, then the portal's own records
if the operator said that the client's patient ids are theirs. One kind is never put together from two places.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.caller import LOCAL, Caller
from portal.hooks.asked import Asked
from portal.hooks.clients import Client
from portal.hooks.fetched import Fetched, fetch
from portal.hooks.prefetched import Parts, parts_sent, patient_sent
from portal.hooks.wanted import PATIENT, WANTED, Wanted
from portal.portal import Portal
from tools.calls.errors import AssistantError, UnknownPatient
from tools.record import PatientRecord
from tools.record.collecting import uncollected
from tools.sources.live.searching import Row
from tools.sources.unread import told

_NOT_SENT = "could not be read: the client did not send it whole, and no server may be asked"


class Insufficient(AssistantError):
    """What the card needs could not be had: 412 of the specification."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A record to sum up.

    Attributes:
        record: one patient's.
        origin: where it came from, for people.
        here: it is the portal's own record, so that the chat page has it too.
    """

    record: PatientRecord
    origin: str
    here: bool = False


def gather(asked: Asked, client: Client | None, portal: Portal, since: date) -> Gathered:
    """Return the record of the call's patient.

    Args:
        asked: the call.
        client: who calls; None is this computer, whose records are the portal's.
        portal: has records of its own.
        since: the first day of what is wanted from some day on.

    Raises:
        Insufficient: what the card needs was not sent and could not be read.
        RecordError: the portal's own record could not be read.
    """
    with uncollected():
        patient, parts = patient_sent(asked), asyncio.run(parts_sent(asked))
    lacking = [wanted for wanted in WANTED if wanted.key not in parts]
    if not lacking and patient:
        return Gathered(_record(patient, parts, {}, portal.desk.today()), "what this system sent")
    got = _fetched(asked, client, lacking, since, whole=patient is None)
    patient, parts = patient or got.patient, parts | got.parts
    still = [wanted for wanted in lacking if wanted.key not in parts]
    if (still or not patient) and (own := _own(asked, client, portal)):
        return own
    if not patient or any(wanted.needed for wanted in still):
        keys = [*([] if patient else [PATIENT]), *(wanted.key for wanted in still if wanted.needed)]
        raise Insufficient(
            f"Not sent whole, and not to be had otherwise: {', '.join(keys)}."
            " Send these prefetch keys, or let this service read them."
        )
    reasons = {wanted.kind: _reason(got, wanted) for wanted in still}
    return Gathered(_record(patient, parts, reasons, portal.desk.today()), _origin(lacking, got))


def _fetched(
    asked: Asked, client: Client | None, lacking: Sequence[Wanted], since: date, *, whole: bool
) -> Fetched:
    server, granted = asked.fhir_server or "", asked.fhir_authorization
    elsewhere = granted and granted.patient not in (None, asked.context.patient_id)
    if client is None or elsewhere or not server or not client.may_read(server):
        return Fetched()
    token = granted.access_token.get_secret_value() if granted else ""
    if not token.isascii() or not token.isprintable():
        return Fetched()
    return asyncio.run(fetch(server, token, asked.patient, lacking, since, whole=whole))


def _origin(lacking: Sequence[Wanted], got: Fetched) -> str:
    sent, server = "what this system sent", "the FHIR server of this system"
    if not got.parts:
        return sent
    return server if len(lacking) == len(WANTED) else f"{sent} and its FHIR server"


def _reason(got: Fetched, wanted: Wanted) -> str:
    return f"could not be read: {got.reasons[wanted.key]}" if wanted.key in got.reasons else _NOT_SENT


def _own(asked: Asked, client: Client | None, portal: Portal) -> Gathered | None:
    """Return the portal's own record of the patient, if it may be taken for theirs."""
    if client is not None and not client.records:
        return None
    try:
        record = portal.desk.record(caller_of(asked, client), asked.patient)
    except UnknownPatient:
        return None
    return Gathered(record, "the records of this portal", here=True)


def caller_of(asked: Asked, client: Client | None) -> Caller:
    """Return who calls, as the desk and the trail see it: for one patient only."""
    if client is None:
        return replace(LOCAL, patient=asked.patient)
    return Caller(subject=client.subject, name=client.name, patient=asked.patient)


def _record(patient: Row, parts: Parts, reasons: Mapping[str, str], today: date) -> PatientRecord:
    """Return a record in memory."""
    kinds: dict[str, dict[str, Any]] = defaultdict(dict)
    for kept in parts.values():
        for reference, resource in kept.resources.items():
            kinds[str(resource["resourceType"])][reference] = resource
    counts = {kind: len(held) for kind, held in kinds.items()} | {"Patient": 1}

    def load(kind: str) -> list[Row]:
        return [patient] if kind == "Patient" else list(kinds[kind].values()) if kind in kinds else []

    return PatientRecord(patient, counts, load, today, _problems(parts, reasons, kinds))


def _problems(
    parts: Parts, reasons: Mapping[str, str], kinds: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """Return what could not be read, by kind."""
    said: dict[str, tuple[str, ...]] = {kind: (reason,) for kind, reason in reasons.items()}
    for wanted in WANTED:
        unread = parts[wanted.key].unread if wanted.key in parts else Counter[str]()
        nameless = _nameless(kinds.get(wanted.kind, {}), kinds.get("Medication", {}))
        lines = [*told(unread.most_common())]
        lines += [f"{nameless} drugs that it names could not be read"] if nameless else []
        if lines:
            said[wanted.kind] = tuple(lines)
    return said


def _nameless(resources: Mapping[str, Any], drugs: Mapping[str, Any]) -> int:
    """Return how many resources name a drug that is not known, and not what it is called."""
    named = [resource.get("medicationReference") or {} for resource in resources.values()]
    references = [str(name.get("reference", "")) for name in named if not name.get("display")]
    return sum(1 for name in references if name.startswith("Medication/") and name not in drugs)
