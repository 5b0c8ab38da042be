"""One patient's part of a FHIR server: what there is of each kind, read when it is asked for, and what could not be.

A kind is read whole or not at all. Opened anew, a chart takes from the one before what has not changed on the
server since: as many rows as then, none of them newer.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from tools.record.kinds import KINDS, TYPES
from tools.record.scope import EVERYTHING, Scope
from tools.sources.compartments import SHARED
from tools.sources.documents import reference_of
from tools.sources.live.capability import Capability
from tools.sources.live.rows import Kept, State, of_nobody, of_patient, state_of
from tools.sources.live.searching import Row, count, search
from tools.sources.live.server import Server
from tools.sources.live.trouble import Failed, Late, NotServed, Trouble
from tools.sources.unread import told

READ = TYPES
"""The kinds that a record of a server consists of; any other is read when it is asked for by name."""
_FIRST = frozenset(types[0] for types in KINDS.values()) - {"Media"}
"""Kinds whose absence from a server is said; of the others, servers that have the first often have none.

Nor is that of Media: most servers keep their pictures in documents.
"""
_NOBODYS = SHARED - {"Device"}
"""Read by the references of the patient's resources; a device may name its patient and is searched for."""
_LISTED = _NOBODYS - {"Binary"}
"""Of these those that are read by kind; a Binary, which may be large, is read alone when it is looked at."""
_DRUGS = frozenset(
    ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense")
)
_NOT_NAMING = ("Claim", "ExplanationOfBenefit", "CareTeam", "DocumentReference", "MedicationDispense")
_NAMING = tuple(kind for kind in READ if kind not in _NOT_NAMING)
"""The kinds whose names a question may use: who plans looks through all of them, so they are read side by side.

Also those that the server counted as empty: that there is nothing is taken from rows alone.
"""
_IDS = 50
"""Resources asked for by id in one search."""
DATES: Mapping[str, str] = {
    kind: "date" for kind in ("Observation", "Encounter", "Procedure", "DiagnosticReport")
}
"""Events, and the search parameter that is about the same time as the one at which they count."""
_MORE = timedelta(days=2)


class Chart:
    """One patient's part of a server.

    Args:
        server: where it is.
        capability: what the server says of itself.
        patient: the Patient resource.
        before: the same patient's chart as it was read earlier; what has not changed since is taken from it.

    Attributes:
        counts: how many resources there are of each kind, as far as is known now.
        problems: what could not be read, by kind, as far as is known now.
    """

    def __init__(
        self, server: Server, capability: Capability, patient: dict[str, Any], before: "Chart | None" = None
    ) -> None:
        self._server, self._capability = server, capability
        self._patient, self._before = patient, before
        self._reference = f"Patient/{patient['id']}"
        self._reads: dict[str, asyncio.Future[Kept]] = {}
        self._states: dict[str, State | None] = {}
        self._counted: dict[str, int] = {}
        self._settled: set[str] = set()
        self._binaries: set[str] = set()
        self._failed, self._began = False, time.monotonic()
        if before:
            before._before = None  # a chart remembers one before it, not all
        self.counts: dict[str, int] = {"Patient": 1}
        self.problems: dict[str, tuple[str, ...]] = {}

    async def look(self) -> None:
        """Count what there is of each kind; a kind that cannot be counted is read."""
        await asyncio.gather(*(self._count(kind) for kind in READ))

    def outdated(self) -> bool:
        """Tell whether it was read so long ago that the server may say something else by now."""
        limits = self._server.limits
        lasts = limits.failed if self._failed else limits.fresh
        return time.monotonic() - self._began > lasts

    async def load(self, kind: str) -> Iterable[dict[str, Any]]:
        """Return the resources of a kind; none if there are none or they could not be read, which is then a problem."""
        return (await self.within(kind, EVERYTHING))[1]

    async def within(self, kind: str, scope: Scope) -> tuple[bool, Iterable[dict[str, Any]]]:
        """Return whether it is all of a kind, and resources, among them all that are within a scope.

        Of a kind that has more than a page, only what is in a period is read where the server can be relied on.
        """
        if kind == "Patient":
            return True, [self._patient]
        for other in _NAMING if kind in _NAMING else ():
            if scope.admits(other) and not self._may_narrow(other, scope):
                self._read(other)
        narrowed = await self._narrowed(kind, scope) if self._may_narrow(kind, scope) else None
        if narrowed:
            self._attach(narrowed)
            return False, narrowed.resources.values()
        kept = await asyncio.shield(self._read(kind))
        self._settle(kind, kept)
        return True, list(kept.resources.values())

    async def binary(self, reference: str) -> dict[str, Any] | None:
        """Return what is attached to a resource of the patient as "Binary/…".

        None if no resource of the patient names it, if it says that it is another patient's, or if it cannot be read.
        """
        if reference not in self._binaries:
            return None
        try:
            self._capability.permit("Binary")
            found = await self._server.get(reference)
        except Trouble:
            return None
        context = found.get("securityContext")
        whose = str(context.get("reference") or "") if isinstance(context, dict) else ""
        strange = whose.startswith("Patient/") and whose != self._reference
        return found if reference_of(found) == reference and not strange else None

    def _attach(self, kept: Kept) -> None:
        self._binaries |= {reference for reference in kept.named if reference.startswith("Binary/")}

    def _may_narrow(self, kind: str, scope: Scope) -> bool:
        large = self._counted.get(kind, 0) > self._server.limits.page
        dated = scope.dated and self._capability.lists(kind, DATES.get(kind, ""))
        return large and dated and kind not in self._reads

    async def _narrowed(self, kind: str, scope: Scope) -> Kept | None:
        """Return what is in a period; None if it must be read whole, be it to say what is not valid."""
        owner = {self._capability.owner_of(kind): self._reference}
        rows = await in_period(self._server, kind, owner, scope, self._counted[kind])
        kept = None if rows is None else await of_patient(rows, self._reference, self._server)
        return None if kept is None or kept.unread else kept

    async def _count(self, kind: str) -> None:
        owner = self._capability.owner_of(kind)
        try:
            self._capability.permit(kind)
            number = await count(self._server, kind, {owner: self._reference}) if owner else None
        except Late as trouble:
            self._reads[kind] = _done(Kept())
            return self._say(kind, trouble)
        except Trouble:
            number = None
        if number is None:
            self._settle(kind, await asyncio.shield(self._read(kind)))
        elif number:
            self.counts[kind] = self._counted[kind] = number

    def _read(self, kind: str) -> "asyncio.Future[Kept]":
        """Read a kind once, however many ask for it."""
        if kind not in self._reads:
            work = self._shared(kind) if kind in _NOBODYS else self._own(kind)
            self._reads[kind] = asyncio.ensure_future(work)
        return self._reads[kind]

    def _settle(self, kind: str, kept: Kept) -> None:
        """Tell what a kind turned out to hold."""
        if kind in self._settled:
            return
        self._settled.add(kind)
        if kept.unread:
            self.problems[kind] = (*self.problems.get(kind, ()), *told(kept.unread.most_common()))
        self.counts.pop(kind, None)
        if kept.resources:
            self.counts[kind] = len(kept.resources)
        self._attach(kept)
        named = Counter(reference.partition("/")[0] for reference in kept.named)
        for shared in sorted(_LISTED & named.keys() - self._reads.keys()):
            self.counts[shared] = max(named[shared], self.counts.get(shared, 0))

    async def _own(self, kind: str) -> Kept:
        """Read a kind by its patient, or, where the server cannot search by that, whole."""
        try:
            self._capability.permit(kind)
            if known := await self._unchanged(kind):
                return known
            rows = await self._rows(kind)
            if len(rows) < self._counted.get(kind, 0):
                raise Failed(f"the server counted {self._counted[kind]} and gave {len(rows)}")
        except NotServed as trouble:
            if kind in _FIRST or kind in self._capability.searches:
                self._say(kind, trouble)
            return Kept()
        except Trouble as trouble:
            self._say(kind, trouble)
            return Kept()
        self._states[kind] = state_of(rows)
        return await of_patient(rows, self._reference, self._server)

    async def _unchanged(self, kind: str) -> Kept | None:
        """Return what the chart before holds of a kind, if nothing of it has changed on the server."""
        before, owner = self._before, self._capability.owner_of(kind)
        state = before._states.get(kind) if before else None
        if not before or not state or not owner or state.rows != self._counted.get(kind):
            return None
        try:
            newer, as_new = await asyncio.gather(
                *(self._since(kind, owner, f"{how}{state.newest}") for how in ("gt", "ge"))
            )
        except NotServed:
            return None
        if (newer, as_new) != (0, state.newest_rows):
            return None
        self._states[kind] = state
        return await asyncio.shield(before._reads[kind])

    async def _since(self, kind: str, owner: str, when: str) -> int | None:
        return await count(self._server, kind, {owner: self._reference, "_lastUpdated": when})

    async def _rows(self, kind: str) -> list[Row]:
        owner = self._capability.owner_of(kind)
        try:
            return await search(self._server, kind, {owner: self._reference} if owner else {})
        except NotServed:
            if not owner:
                raise
            return await search(self._server, kind, {})

    async def _shared(self, kind: str) -> Kept:
        """Read what belongs to nobody and is named by the patient's resources."""
        by = _DRUGS if kind == "Medication" else frozenset(self.counts) - _NOBODYS - {"Patient"}
        reads = {name: self._read(name) for name in sorted(by) if self.counts.get(name)}
        naming = {name: await asyncio.shield(read) for name, read in reads.items()}
        wanted = sorted({ref for kept in naming.values() for ref in kept.named if ref.startswith(f"{kind}/")})
        try:
            found = await self._by_id(kind, wanted)
        except Trouble as trouble:
            self._say(kind, trouble)
            found = Kept()
        self._lacking(kind, naming, found)
        return found

    def _lacking(self, kind: str, naming: Mapping[str, Kept], found: Kept) -> None:
        """Say of each kind that names a drug how many of its drugs are not known."""
        for name, kept in naming.items() if kind == "Medication" else ():
            drugs = {reference for reference in kept.named if reference.startswith("Medication/")}
            if unknown := len(drugs - found.resources.keys()):
                said = f"{unknown} drugs that it names could not be read"
                self.problems[name] = (*self.problems.get(name, ()), said)

    async def _by_id(self, kind: str, wanted: list[str]) -> Kept:
        groups = [wanted[place : place + _IDS] for place in range(0, len(wanted), _IDS)]
        if wanted:
            self._capability.permit(kind)
        ids = [",".join(reference.partition("/")[2] for reference in group) for group in groups]
        found = await asyncio.gather(*(search(self._server, kind, {"_id": each}) for each in ids))
        return await of_nobody((row for rows in found for row in rows), wanted, self._server)

    def _say(self, kind: str, trouble: Trouble) -> None:
        self.problems[kind] = (f"could not be read: {trouble}",)
        self._failed |= isinstance(trouble, Failed)


def _done(kept: Kept) -> "asyncio.Future[Kept]":
    done = asyncio.get_running_loop().create_future()
    done.set_result(kept)
    return done


async def in_period(
    server: Server, kind: str, owner: Mapping[str, str], scope: Scope, all_rows: int
) -> list[Row] | None:
    """Return the rows in a period; None unless those before and those after it are all the others.

    Which of them are within it is for the record to say: two days more at either end are asked for, as a day begins at
    another time elsewhere. Claims are not narrowed: the date that a server searches them by (`created`) is not the one
    at which they count (`billablePeriod`). Nor is what lasts: an undated allergy is within any period.

    Args:
        server: where they are.
        kind: one of `DATES`.
        owner: the search for the patient's rows.
        scope: with a period.
        all_rows: how many rows the kind has.
    """
    name, first, last = DATES[kind], _before(scope.since), _after(scope.until)
    inside = [f"{how}{day}" for how, day in (("ge", first), ("le", last)) if day]
    outside = [f"{how}{day}" for how, day in (("eb", first), ("sa", last)) if day]
    try:
        rows, others = await asyncio.gather(
            search(server, kind, {**owner, name: inside}),
            asyncio.gather(*(count(server, kind, {**owner, name: each}) for each in outside)),
        )
    except Trouble:
        return None
    known = [number for number in others if number is not None]
    return rows if len(known) == len(outside) and len(rows) + sum(known) == all_rows else None


def _before(day: date | None) -> date | None:
    return day and max(day, date.min + _MORE) - _MORE


def _after(day: date | None) -> date | None:
    return day and min(day, date.max - _MORE) + _MORE
