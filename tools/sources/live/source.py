"""A FHIR R4 server as a `RecordSource`.

A record knows when it was read. Opened anew, it keeps the kinds in which nothing has changed on the server. Not
here: writing, and listing more patients than a person reads.
"""

import asyncio
import threading
import weakref
from collections.abc import Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from tools.calls.errors import SetupError, UnreadableRecord
from tools.entries.entry import JSON
from tools.record import PatientRecord
from tools.record.scope import Scope
from tools.sources.live.authorization import Authorization
from tools.sources.live.capability import Capability, read
from tools.sources.live.chart import Chart
from tools.sources.live.limits import Limits
from tools.sources.live.people import OnePatient, People
from tools.sources.live.server import Server, base_url
from tools.sources.live.trouble import Denied, Gone, Late, Trouble
from tools.sources.source import Listed, PatientSummary

T = TypeVar("T")
_TOKEN = "Set FHIR_ASSISTANT_SERVER_TOKEN to a token that may read there."
_LAUNCH = "Launch again, with leave to read the patient."


class Background:
    """An event loop that runs beside the callers; several threads may wait for it at once."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fhir-server", daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end and return what it gives; interrupted, it is cancelled."""
        waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return waiting.result()
        except BaseException:
            waiting.cancel()
            raise

    def close(self, last: Coroutine[Any, Any, None]) -> None:
        """Give up what is under way, do one last thing, and stop; nothing can be done in it any more.

        It may be called from any thread, as the garbage collector does, and more than once.
        """
        if not self._thread.is_alive():
            last.close()
            return
        asyncio.run_coroutine_threadsafe(self._end(last), self._loop)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    async def _end(self, last: Coroutine[Any, Any, None]) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await last
        self._loop.stop()


class LiveRecords:
    """The patients of a FHIR R4 server. Read-only; may be used from several threads at once.

    Args:
        base: the server's base URL, e.g. "https://fhir.example.org/r4".
        auth: gives the token that requests carry.
        limits: how long, how much and how often it is asked.
        only: "Patient/…", the one patient that may be read, as of a launch; "" if any may be.
        granted: the kinds that may be read; others are told as not granted, unasked. None: the server says.
        partly: of those that may be read in part only, which parts, e.g. "category=laboratory"; that is told.

    Raises:
        SetupError: nothing there speaks FHIR R4, or who asks may not read there.
    """

    def __init__(
        self,
        base: str,
        auth: Authorization | None = None,
        limits: Limits | None = None,
        *,
        only: str = "",
        granted: Collection[str] | None = None,
        partly: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.location = str(base_url(base)).rstrip("/")
        self._background = Background()
        self._server = self._background.do(_made(base, auth, limits))
        self._end = weakref.finalize(self, _close, self._background, self._server)
        self._people = OnePatient(self._server, only) if only else People(self._server)
        self._wish = _LAUNCH if only else _TOKEN
        self._granted = None if granted is None else frozenset(granted)
        self._partly = {
            kind: f"could not be read whole: granted only where {' or '.join(only)}"
            for kind, only in (partly or {}).items()
        }
        self._charts: weakref.WeakValueDictionary[str, Chart] = weakref.WeakValueDictionary()
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

    def search(self, text: str, most: int) -> Listed:
        """Return whom an id, identifier, birth date, name or part of it may mean, by name; "" means anybody.

        Raises:
            UnknownPatient: more than can be listed.
            UnreadableRecord: they could not be read.
        """
        return self._reading(self._people.some(text, most))

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
            WrongPatient: another patient than the only one.
            UnknownPatient: no such patient here.
            UnreadableRecord: the patient could not be read.
        """
        return self._reading(self._open(reference, now))

    async def _capable(self) -> Capability:
        capability = replace(read(await self._first()), granted=self._granted)
        if not capability.version.startswith(("4.0", "4.3")):
            raise SetupError(
                f"{self.location} speaks FHIR {capability.version or 'of an unnamed version'}; expected R4, e.g. 4.0.1."
            )
        return capability

    async def _first(self) -> dict[str, Any]:
        """Return what the server says of itself; one that is not there is known sooner than a slow answer is."""
        seconds = self._server.limits.first
        try:
            async with asyncio.timeout(seconds):
                return await self._server.get("metadata")
        except TimeoutError:
            raise Late(f"it gave no first answer within {seconds:g} s; check the address") from None

    async def _open(self, reference: str, now: date) -> PatientRecord:
        patient = await self._people.read(reference)
        chart = Chart(self._server, self._capability, patient, self._charts.get(reference))
        await chart.look()
        for kind, said in self._partly.items():
            chart.problems[kind] = (said, *chart.problems.get(kind, ()))
        self._charts[reference] = chart

        def load(kind: str) -> Iterable[dict[str, Any]]:
            return self._background.do(chart.load(kind))

        def narrow(kind: str, scope: Scope) -> tuple[bool, Iterable[dict[str, Any]]]:
            return self._background.do(chart.within(kind, scope))

        def binary(reference: str) -> JSON | None:
            return self._background.do(chart.binary(reference))

        return PatientRecord(patient, chart.counts, load, now, chart.problems, chart.outdated, narrow, binary)

    def _reading(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something; what goes wrong with it becomes an error that a user can act on."""
        try:
            return self._background.do(work)
        except Denied as trouble:
            raise SetupError(f"{self.location}: {trouble}. {self._wish}") from None
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
