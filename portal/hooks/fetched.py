"""The FHIR server of a client -> the parts of a record that the client did not send.

Only a server that the operator named for this client is asked (`Client.may_read`), with the token of the call. Rows are
held against the patient as everywhere (`tools.sources.live`). Not here: whether it may be asked.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from portal.hooks.prefetched import Parts
from portal.hooks.wanted import Wanted
from tools.calls.errors import RecordError
from tools.sources.live.authorization import Bearer
from tools.sources.live.limits import Limits
from tools.sources.live.people import People
from tools.sources.live.rows import Kept, of_nobody, of_patient
from tools.sources.live.searching import Row, search
from tools.sources.live.server import Server
from tools.sources.live.trouble import Late, NotServed, Trouble

SECONDS = 5.0
"""For all of it: an EHR waits for the card."""
_LIMITS = Limits(
    connect=2, answer=4, body=16 * 1024 * 1024, pages=20, rows=5000, tries=2, wait=1, backoff=0.1, page=1000
)
_DRUGS = 100
"""Drugs that are read by their ids at once."""


@dataclass(slots=True)
class Fetched:
    """What a server gave.

    Attributes:
        patient: the Patient resource, if it was wanted and could be read.
        parts: what was read, by key.
        reasons: why something was not, by key.
    """

    patient: Row | None = None
    parts: Parts = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


async def fetch(
    base: str, token: str, patient: str, wanted: Iterable[Wanted], since: date, *, whole: bool
) -> Fetched:
    """Read what is wanted of "Patient/…", side by side.

    Args:
        base: the server.
        token: that requests carry, "" for none.
        patient: whose.
        wanted: what.
        since: the first day of what is wanted from some day on.
        whole: read the Patient resource too.
    """
    server = Server(base, Bearer(token), _LIMITS)
    found = Fetched()
    try:
        reads = [_into(found, server, patient, one, since) for one in wanted]
        await asyncio.gather(*reads, *([_patient_into(found, server, patient)] if whole else []))
    finally:
        await server.close()
    return found


async def _patient_into(found: Fetched, server: Server, patient: str) -> None:
    try:
        async with asyncio.timeout(SECONDS):
            found.patient = await People(server).read(patient)
    except (Trouble, RecordError, TimeoutError):
        found.patient = None


async def _into(found: Fetched, server: Server, patient: str, wanted: Wanted, since: date) -> None:
    try:
        async with asyncio.timeout(SECONDS):
            found.parts[wanted.key] = await _part(server, patient, wanted, since)
    except TimeoutError:
        found.reasons[wanted.key] = str(Late(f"no whole answer came within {SECONDS:g} s"))
    except Trouble as trouble:
        found.reasons[wanted.key] = str(trouble)


async def _part(server: Server, patient: str, wanted: Wanted, since: date) -> Kept:
    """Return what a server has; one that cannot narrow a search is asked for all of the patient's."""
    narrowed = wanted.search(patient, since)
    try:
        rows = await search(server, wanted.kind, narrowed)
    except NotServed:
        if len(narrowed) == 1:
            raise
        rows = await search(server, wanted.kind, {"patient": patient})
    kept = await of_patient(rows, patient, server)
    kept.resources |= (await _drugs(server, kept)).resources
    return kept


async def _drugs(server: Server, kept: Kept) -> Kept:
    """Return the drugs that prescriptions name by reference; those that are lacking are told of later."""
    wanted = sorted(name for name in kept.named if name.startswith("Medication/"))[:_DRUGS]
    if not wanted:
        return Kept()
    try:
        ids = ",".join(name.removeprefix("Medication/") for name in wanted)
        return await of_nobody(await search(server, "Medication", {"_id": ids}), wanted, server)
    except Trouble:
        return Kept()
