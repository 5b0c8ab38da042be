"""Rows of a server -> the resources of one patient, and what could not be taken of them.

Every row is held against the patient before anything else sees it: what belongs to somebody else is dropped,
whatever the server was asked. References by the server's own addresses become "Type/id".
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from tools.sources.compartments import SHARED, owner
from tools.sources.documents import reference_of
from tools.sources.live.searching import Row
from tools.sources.naming import NAMELESS, is_nameless
from tools.sources.parcels import ATTACHED, ATTACHING, REFERENCE
from tools.sources.validation import check

_AT_ONCE = 50
"""Rows that are looked at before others who wait for a server have their turn."""


class Addressed(Protocol):
    """Knows the addresses of one server."""

    def relative(self, reference: str) -> str:
        """Return "Type/id" for a reference that names a resource of this server by its whole address."""
        ...


@dataclass(slots=True)
class Kept:
    """What is one patient's of some rows.

    Attributes:
        resources: valid ones, each once, in the server's order.
        unread: how often which reason kept a resource out, or left it without a name.
        named: references to whatever the resources name, and to the Binaries that are attached to them.
    """

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    named: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class State:
    """By what it can be told whether rows have changed since.

    Attributes:
        rows: how many there were.
        newest: when the newest was last updated, as the server writes it.
        newest_rows: how many were last updated then.
    """

    rows: int
    newest: str
    newest_rows: int


def state_of(rows: Sequence[Row]) -> State | None:
    """Return the state of rows; None if the server does not say of each when it was last updated."""
    metas = [row.get("meta") for row in rows]
    told = [str(meta.get("lastUpdated") or "") if isinstance(meta, dict) else "" for meta in metas]
    if not told or not all(told):
        return None
    newest = max(told)
    return State(len(rows), newest, told.count(newest))


async def of_patient(rows: Iterable[Row], patient: str, server: Addressed) -> Kept:
    """Return what belongs to "Patient/…"."""
    return await _kept(rows, server, lambda resource: _whose(resource, patient))


async def of_nobody(rows: Iterable[Row], wanted: Iterable[str], server: Addressed) -> Kept:
    """Return the wanted resources that belong to nobody: practitioners, organizations, drugs."""
    asked = frozenset(wanted)
    return await _kept(
        rows, server, lambda found: (reference_of(found) in asked and not any(owner(found, {})), "")
    )


async def _kept(rows: Iterable[Row], server: Addressed, ours: Any) -> Kept:
    kept = Kept()
    for number, row in enumerate(rows, 1):
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        try:
            resource, named = _rewritten(row, server)
        except orjson.JSONEncodeError:
            kept.unread["it is nested too deeply"] += 1
            continue
        mine, reason = ours(resource)
        reason = reason or (check(resource).refused if mine else "")
        if mine and not reason and not resource.get("id"):
            reason = "id is missing"
        if reason:
            kept.unread[reason] += 1
        elif mine:
            kept.unread[NAMELESS] += is_nameless(resource)
            kept.resources[reference_of(resource)] = resource
            kept.named |= named
    kept.unread = +kept.unread
    return kept


def _whose(resource: dict[str, Any], patient: str) -> tuple[bool, str]:
    """Return whether it is the patient's, and why it cannot be told."""
    whose, written = owner(resource, {})
    if whose:
        return whose == patient, ""
    if written:
        return False, "it names its patient by an address of another server"
    return False, "" if resource["resourceType"] in SHARED else "it names no patient"


def _rewritten(resource: dict[str, Any], server: Addressed) -> tuple[dict[str, Any], set[str]]:
    named: set[str] = set()

    def own(match: Any) -> bytes:
        reference = server.relative(match[1].decode()).partition("/_history/")[0]
        named.add(reference)
        return b'"reference":' + orjson.dumps(reference)

    def attached(match: Any) -> bytes:
        binary = server.relative(match[1].decode()).partition("/_history/")[0]
        if not binary.startswith("Binary/"):
            return bytes(match[0])
        named.add(binary)
        return b'"url":' + orjson.dumps(binary)

    data = REFERENCE.sub(own, orjson.dumps(resource))
    if resource.get("resourceType") in ATTACHING:
        data = ATTACHED.sub(attached, data)
    loaded: dict[str, Any] = orjson.loads(data)
    return loaded, named
