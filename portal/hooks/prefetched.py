"""The `prefetch` of a call -> the parts of a record that it holds whole.

What is not whole is not used: a first page, a Bundle with rows of somebody else or of another kind, an
OperationOutcome. What is missing would look like "not recorded".
"""

from collections.abc import Mapping
from typing import Any

from portal.hooks.asked import Asked
from portal.hooks.wanted import PATIENT, WANTED, Wanted
from tools.sources.compartments import SHARED
from tools.sources.live.rows import Kept, of_nobody, of_patient
from tools.sources.live.searching import Row, link_of, rows_of, total_of
from tools.sources.live.trouble import Failed, Trouble
from tools.sources.validation import check

Parts = dict[str, Kept]
"""What was read of a record, by the key of what was wanted."""


class Addresses:
    """Knows the addresses of the FHIR server that a client names; asks it nothing.

    Args:
        base: as the client wrote it, "" if it names none.
    """

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/") + "/" if base else ""

    def relative(self, reference: str) -> str:
        """Return "Type/id" for a reference by the whole address."""
        return reference.removeprefix(self._base) if self._base else reference


def patient_sent(asked: Asked) -> Row | None:
    """Return the Patient resource if the client sent the right one."""
    sent = (asked.prefetch or {}).get(PATIENT)
    if not isinstance(sent, dict) or sent.get("resourceType") != "Patient":
        return None
    return sent if sent.get("id") == asked.context.patient_id and not check(sent).refused else None


async def parts_sent(asked: Asked) -> Parts:
    """Return the parts that the client sent whole."""
    sent, addresses = asked.prefetch or {}, Addresses(asked.fhir_server or "")
    parts: Parts = {}
    for wanted in WANTED:
        if wanted.key in sent:
            try:
                parts[wanted.key] = await _part(sent[wanted.key], wanted, asked.patient, addresses)
            except Trouble:
                continue
    return parts


async def _part(page: Any, wanted: Wanted, patient: str, addresses: Addresses) -> Kept:
    """Return what a Bundle holds.

    Raises:
        Trouble: it is no Bundle, or not all that was wanted.
    """
    if page is None:
        return Kept()
    if not isinstance(page, dict):
        raise Failed("it is no Bundle")
    _whole(page, wanted)
    rows = list(rows_of(page, wanted.kind))
    kept = await of_patient(rows, patient, addresses)
    told_apart = {str(row.get("id", id(row))) for row in rows}
    if len(kept.resources) + kept.unread.total() < len(told_apart):
        raise Failed("it holds rows of somebody else")
    drugs = await of_nobody(rows_of(page, "Medication"), kept.named, addresses)
    kept.resources |= drugs.resources
    return kept


def _whole(page: Mapping[str, Any], wanted: Wanted) -> None:
    """Refuse a Bundle that is a part of one, or another one."""
    entries = page.get("entry", [])
    kinds = [_kind(entry) for entry in entries] if isinstance(entries, list) else []
    if set(kinds) - SHARED - {wanted.kind, "OperationOutcome", None}:
        raise Failed("it holds something else")
    total = total_of(page)
    if link_of(page, "next") or (total is not None and kinds.count(wanted.kind) < total):
        raise Failed("it is only a part")


def _kind(entry: Any) -> str | None:
    resource = entry.get("resource") if isinstance(entry, dict) else None
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    return kind if isinstance(kind, str) else None
