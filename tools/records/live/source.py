"""A FHIR R4 server as a `RecordSource`.

What a kind holds is read when it is asked for, whole, and kept as long as the record is open. What could not be
read is said in the record's problems, kind by kind. Not here: writing, and listing more patients than a person reads.
"""

import asyncio
import weakref
from collections import Counter
from collections.abc import Coroutine, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from tools.errors import SetupError, UnreadableRecord
from tools.kinds import KINDS
from tools.record import PatientRecord
from tools.records.compartments import SHARED
from tools.records.live.authorization import Authorization
from tools.records.live.background import Background
from tools.records.live.capability import Capability, read
from tools.records.live.limits import Limits
from tools.records.live.people import People
from tools.records.live.rows import Kept, of_nobody, of_patient
from tools.records.live.searching import Row, count, search
from tools.records.live.server import Server, base_url
from tools.records.live.trouble import Denied, Failed, Gone, NotServed, Trouble
from tools.records.source import PatientSummary
from tools.records.unread import told

T = TypeVar("T")

READ = tuple(dict.fromkeys(name for types in KINDS.values() for name in types))
"""The kinds that a record of a server consists of; any other is read when it is asked for by name."""
_FIRST = frozenset(types[0] for types in KINDS.values())
"""Kinds whose absence from a server is said; of the others, servers that have the first often have none."""
_NOBODYS = SHARED - {"Device"}
"""Read by the references of the patient's resources; a device may name its patient and is searched for."""
_DRUGS = frozenset(
    ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense")
)
_NAMING = frozenset(READ) - {
    *("Encounter", "Claim", "ExplanationOfBenefit", "Coverage", "CareTeam", "DocumentReference"),
    *("SupplyDelivery", "MedicationDispense"),
}
"""The kinds whose names a question may use: who plans looks through all of them, so they are read side by side."""
_IDS = 50
"""Resources asked for by id in one search."""


class LiveRecords:
    """The patients of a FHIR R4 server. Read-only; may be used from several threads at once.

    Args:
        base: the server's base URL, e.g. "https://fhir.example.org/r4".
        auth: gives the token that requests carry.
        limits: how long, how much and how often it is asked.

    Raises:
        SetupError: nothing there speaks FHIR R4, or who asks may not read there.
    """

    def __init__(
        self,
        base: str,
        auth: Authorization | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.location = str(base_url(base)).rstrip("/")
        self._background = Background()
        self._server = self._background.do(_made(base, auth, limits))
        self._end = weakref.finalize(self, _close, self._background, self._server)
        self._people = People(self._server)
        try:
            self._capability = self._reading(self._capable())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections; records that were opened can load nothing more."""
        self._end()

    def patients(self) -> list[PatientSummary]:
        """Return all patients, by name.

        Raises:
            SetupError: there are more than can be listed.
            UnreadableRecord: they could not be read.
        """
        return self._reading(self._people.all())

    def find(self, text: str) -> PatientSummary:
        """Return the one patient meant by an id, reference, identifier, name, part of a name or birth date.

        Raises:
            UnknownPatient: nobody, or more than one.
            UnreadableRecord: they could not be read.
        """
        return self._reading(self._people.one(text))

    def open(self, reference: str, now: date) -> PatientRecord:
        """Return the record of "Patient/…" as of `now`.

        Raises:
            UnknownPatient: no such patient here.
            UnreadableRecord: the patient could not be read.
        """
        return self._reading(self._open(reference, now))

    async def _capable(self) -> Capability:
        capability = read(await self._server.get("metadata"))
        if not capability.version.startswith(("4.0", "4.3")):
            raise SetupError(
                f"{self.location} speaks FHIR {capability.version or 'of an unnamed version'}; expected R4, e.g. 4.0.1."
            )
        return capability

    async def _open(self, reference: str, now: date) -> PatientRecord:
        patient = await self._people.read(reference)
        chart = _Chart(self._server, self._capability, patient)
        await chart.look()

        def load(kind: str) -> Iterable[dict[str, Any]]:
            return self._background.do(chart.load(kind))

        return PatientRecord(patient, chart.counts, load, now, chart.problems)

    def _reading(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something; what goes wrong with it becomes an error that a user can act on."""
        try:
            return self._background.do(work)
        except Denied as trouble:
            raise SetupError(
                f"{self.location}: {trouble}. Set FHIR_ASSISTANT_SERVER_TOKEN to a token that may read there."
            ) from None
        except Gone:
            raise SetupError(
                f"{self.location}: there is no FHIR server; expected the base URL, e.g. https://fhir.example.org/r4."
            ) from None
        except Trouble as trouble:
            raise UnreadableRecord(f"{self.location} could not be read: {trouble}.") from None


async def _made(base: str, auth: Authorization | None, limits: Limits | None) -> Server:
    """Make the server within the loop that it lives in."""
    return Server(base, auth, limits)


def _close(background: Background, server: Server) -> None:
    background.close(server.close())


class _Chart:
    """One patient's part of a server: kinds that were read, and what could not be."""

    def __init__(self, server: Server, capability: Capability, patient: dict[str, Any]) -> None:
        self._server, self._capability = server, capability
        self._patient = patient
        self._reference = f"Patient/{patient['id']}"
        self._reads: dict[str, asyncio.Task[Kept]] = {}
        self._counted: dict[str, int] = {}
        self.counts: dict[str, int] = {"Patient": 1}
        self.problems: dict[str, tuple[str, ...]] = {}

    async def look(self) -> None:
        """Count what there is of each kind; a kind that cannot be counted is read."""
        await asyncio.gather(*(self._count(kind) for kind in READ))

    async def load(self, kind: str) -> Iterable[dict[str, Any]]:
        """Return the resources of a kind; none if there are none or they could not be read, which is then a problem."""
        if kind == "Patient":
            return [self._patient]
        for other in (_NAMING & self.counts.keys()) if kind in _NAMING else ():
            self._read(other)
        kept = await asyncio.shield(self._read(kind))
        self._settle(kind, kept)
        return list(kept.resources.values())

    async def _count(self, kind: str) -> None:
        owner = self._capability.owner_of(kind)
        try:
            number = await count(self._server, kind, {owner: self._reference}) if owner else None
        except Trouble:
            number = None
        if number is None:
            await self.load(kind)
        elif number:
            self.counts[kind] = self._counted[kind] = number

    def _read(self, kind: str) -> "asyncio.Task[Kept]":
        """Read a kind once, however many ask for it."""
        if kind not in self._reads:
            work = self._shared(kind) if kind in _NOBODYS else self._own(kind)
            self._reads[kind] = asyncio.ensure_future(work)
        return self._reads[kind]

    def _settle(self, kind: str, kept: Kept) -> None:
        if kept.unread:
            self.problems[kind] = (*self.problems.get(kind, ()), *told(kept.unread.most_common()))
            kept.unread = Counter()
        self.counts.pop(kind, None)
        if kept.resources:
            self.counts[kind] = len(kept.resources)
        named = Counter(reference.partition("/")[0] for reference in kept.named)
        for shared in _NOBODYS & named.keys() - self._reads.keys():
            self.counts[shared] = max(named[shared], self.counts.get(shared, 0))

    async def _own(self, kind: str) -> Kept:
        """Read a kind by its patient, or, where the server cannot search by that, whole."""
        try:
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
        return of_patient(rows, self._reference, self._server)

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
        ids = [",".join(reference.partition("/")[2] for reference in group) for group in groups]
        found = await asyncio.gather(*(search(self._server, kind, {"_id": each}) for each in ids))
        return of_nobody((row for rows in found for row in rows), wanted, self._server)

    def _say(self, kind: str, trouble: Trouble) -> None:
        self.problems[kind] = (f"could not be read: {trouble}",)
