"""What callers do -> the trail.

An event is kept before what it is about is shown: where it cannot be kept, nothing is shown.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

import orjson
from sqlalchemy import Connection, insert
from sqlalchemy.exc import SQLAlchemyError

from agent.answer import Answer
from portal.caller import Caller
from portal.database import Database
from portal.trail import events, tables
from portal.trail.events import Access, Outcome, audit_event
from portal.trail.parts import JSON
from portal.trail.provenance import provenance
from tools.calls.errors import SetupError

_PATIENT = re.compile(r"Patient/[A-Za-z0-9\-.]{1,64}")
_KEEP, _POST = insert(tables.trail), insert(tables.outbox)


class NotKept(SetupError):
    """The trail cannot be written, so nothing is shown."""


class Trail:
    """Keeps what callers do, in order.

    None of its methods may be called while the same thread writes to the database, except with that connection.

    Args:
        database: where it is kept.
        clock: now.
        site: where the portal is reached, a URL.
        posts: whether what is kept is to be posted as well.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], site: str = "", *, posts: bool = False
    ) -> None:
        self._database, self._clock, self._posts = database, clock, posts
        self._site = site or "http://127.0.0.1"
        self.server: Callable[[Caller], str] = lambda caller: ""
        """Gives the base URL of the FHIR server that a caller's records come from, "" for files."""
        self.kept = threading.Event()
        """Set when something was kept."""

    def read(
        self,
        caller: Caller,
        patient: str,
        what: Iterable[str] = (),
        outcome: Outcome = Outcome.DONE,
        how: events.Kind = "read",
        why: str = "",
        server: str | None = None,
    ) -> None:
        """Keep that a patient's data was read, or could not be.

        Args:
            caller: who reads.
            patient: "Patient/…"; anything else, a name for instance, is not kept.
            what: resources ("Observation/7") or kinds ("Observation").
            outcome: how it ended.
            how: "read" or "search".
            why: one sentence where it was not done, without names.
            server: whose patient it is, "" for files; None is that of the caller's records.

        Raises:
            NotKept: it could not be kept.
        """
        known = patient if _PATIENT.fullmatch(patient) else ""
        server = self.server(caller) if server is None else server
        about = [events.the_patient(known, server)] if known else []
        read = [*about, *events.what_was_read(what, server)]
        self._access(caller, how, known, read, outcome=outcome, why=why)

    def listed(self, caller: Caller, number: int) -> None:
        """Keep that so many patients were listed; raises as `read`."""
        self._access(caller, "search", caller.patient, [events.patients_found(number)])

    def asked(self, caller: Caller, patient: str, question: str, text: str) -> None:
        """Keep that a question is put, of which only the id and a hash stay; raises as `read`."""
        about = [events.the_patient(patient, self.server(caller)), events.the_question(question, text)]
        self._access(caller, "asked", patient, about)

    def answered(
        self,
        caller: Caller,
        question: str,
        answer: Answer,
        began: datetime,
        ended: datetime,
        connection: Connection | None = None,
    ) -> None:
        """Keep what an answer read and where it comes from.

        Args:
            caller: who asked.
            question: its id.
            answer: as it was given.
            began: when answering began.
            ended: when it was done.
            connection: writes the answer; both are kept, or neither.

        Raises:
            NotKept: it could not be kept.
        """
        if connection is None:
            with self._writing() as own:
                self.answered(caller, question, answer, began, ended, own)
            return
        server, patient = self.server(caller), answer.patient
        cited = (citation.reference for citation in answer.citations)
        read = (*answer.evidence, *cited, *(cover.kind for cover in answer.coverage))
        entities = [
            events.the_patient(patient, server),
            *events.what_was_read(read, server),
            events.the_question(question, answer.question),
        ]
        access = Access(kind="read", caller=caller, at=ended, why=answer.outcome, entities=entities)
        self._keep(connection, "read", patient, caller, audit_event(_new(), access, self._site), ended)
        told = provenance(_new(), caller, question, answer, began, ended, server)
        self._keep(connection, "answered", patient, caller, told, ended)

    def refused(self, caller: Caller, why: str, patient: str = "") -> None:
        """Keep that a caller wanted what they may not have; `why` names nobody. Raises as `read`."""
        known = patient if _PATIENT.fullmatch(patient) else ""
        about = [events.the_patient(known, self.server(caller))] if known else []
        self._access(caller, "refused", known, about, outcome=Outcome.REFUSED, why=why)

    def signed_in(self, caller: Caller, how: str, outcome: Outcome = Outcome.DONE, why: str = "") -> None:
        """Keep that somebody signed in, or could not; `how`: "launch", "OpenID Connect". Raises as `read`."""
        self._access(caller, "signed in", caller.patient, self._with(caller, how), outcome=outcome, why=why)

    def signed_out(self, caller: Caller, how: str) -> None:
        """Keep that a session ended; raises as `read`."""
        self._access(caller, "signed out", caller.patient, self._with(caller, how))

    def token_issued(self, caller: Caller, carrier: Caller) -> None:
        """Keep that a caller got a token, and who will carry it; raises as `read`."""
        about = self._with(carrier, f"token carried by {carrier.subject}")
        self._access(caller, "token", carrier.patient, about)

    def deleted(self, caller: Caller, patient: str, conversation: str) -> None:
        """Keep that a conversation was deleted; raises as `read`."""
        about = [events.the_patient(patient, self.server(caller)), events.kept_here(conversation)]
        self._access(caller, "deleted", patient, about)

    def audited(self, caller: Caller, patient: str = "") -> None:
        """Keep that the trail itself was read; raises as `read`."""
        about = [events.the_patient(patient)] if patient else []
        self._access(caller, "trail read", patient, [*about, events.secured("trail")])

    def reread(self, caller: Caller, patient: str, *ids: str) -> None:
        """Keep that conversations or answers that are kept here were looked at again; raises as `read`."""
        about = [events.the_patient(patient, self.server(caller)), *map(events.kept_here, ids)]
        self._access(caller, "read", patient, about)

    def _with(self, caller: Caller, name: str) -> list[JSON]:
        about = [events.the_patient(caller.patient, self.server(caller))] if caller.patient else []
        return [*about, events.secured(name)]

    def _access(
        self,
        caller: Caller,
        kind: events.Kind,
        patient: str,
        entities: Iterable[JSON],
        *,
        outcome: Outcome = Outcome.DONE,
        why: str = "",
    ) -> None:
        at = self._clock()
        access = Access(kind=kind, caller=caller, at=at, outcome=outcome, why=why, entities=entities)
        event = audit_event(_new(), access, self._site)
        with self._writing() as connection:
            self._keep(connection, kind, patient, caller, event, at)

    def _keep(
        self, connection: Connection, kind: str, patient: str, caller: Caller, event: JSON, at: datetime
    ) -> None:
        row = {
            "at": at.timestamp(),
            "kind": kind,
            "patient": patient,
            "subject": caller.subject,
            "resource": orjson.dumps(event).decode(),
        }
        kept = connection.execute(_KEEP, row)
        if self._posts and kept.inserted_primary_key:
            waiting = {"event": kept.inserted_primary_key[0], "not_before": 0.0, "refused": False}
            connection.execute(_POST, waiting)
            self.kept.set()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._database.writing() as connection:
                yield connection
        except SQLAlchemyError as trouble:
            raise NotKept(
                f"The trail of accesses cannot be written ({type(trouble).__name__}), so nothing is shown."
            ) from None


def _new() -> str:
    return str(uuid4())
