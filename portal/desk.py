"""A caller -> the assistant over the records that this caller may ask about."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import date, datetime

from agent.assistant import Assistant
from portal.caller import Caller, NotAllowed
from portal.trail.events import Kind, Outcome
from portal.trail.trail import Trail
from tools.calls.errors import RecordError, UnknownPatient
from tools.record import PatientRecord
from tools.sources.source import Listed, RecordSource, answers_to, listed

OpenSession = Callable[[str], RecordSource]
"""Opens the records of a launch by its session; raises `NotAllowed` when the session has ended."""
_SESSIONS = 64


class Desk:
    """Gives every caller the right assistant and holds each to the patient they may see.

    Args:
        assistant: over the records that the portal was started with.
        clock: now, with its zone.
        today: the ISO day on which questions are asked; "" is the clock's.
        trail: keeps every access.
    """

    def __init__(
        self, assistant: Assistant, clock: Callable[[], datetime], today: str = "", *, trail: Trail
    ) -> None:
        self._assistant = assistant
        self._clock = clock
        self._today = today
        self._sessions: OrderedDict[str, Assistant] = OrderedDict()
        self._lock = threading.Lock()
        self._trail = trail
        self._trail.server = self.server
        self.open_session: OpenSession | None = None

    def today(self) -> date:
        """Return the day of the question."""
        return date.fromisoformat(self._today) if self._today else self._clock().astimezone().date()

    def assistant(self, caller: Caller) -> Assistant:
        """Return the assistant over the caller's records.

        Raises:
            NotAllowed: the caller's session has ended.
        """
        if not caller.session:
            return self._assistant
        try:
            return self._of_session(caller)
        except NotAllowed:
            self._trail.refused(caller, "The session has ended.", caller.patient)
            raise

    def _of_session(self, caller: Caller) -> Assistant:
        if self.open_session is None:
            raise NotAllowed("This session has ended: launch again.")
        with self._lock:
            known = self._sessions.get(caller.session)
        opened = known or self._assistant.over(self.open_session(caller.session))
        with self._lock:  # another request of the session may have opened it meanwhile
            known = self._sessions.setdefault(caller.session, opened)
            self._sessions.move_to_end(caller.session)
            while len(self._sessions) > _SESSIONS:
                self._sessions.popitem(last=False)
        return known

    def server(self, caller: Caller) -> str:
        """Return the base URL of the FHIR server that the caller's records come from, "" for files."""
        with self._lock:
            known = self._sessions.get(caller.session) if caller.session else self._assistant
        location = str(getattr(known.source, "location", "")) if known else ""
        return location.rstrip("/") if location.startswith(("https://", "http://")) else ""

    def forget(self, session: str) -> None:
        """Let go of the records of a session that ended.

        They close with the last question that is being answered from them: a source that nobody holds closes itself.
        """
        with self._lock:
            self._sessions.pop(session, None)

    def sessions(self) -> set[str]:
        """Return the sessions whose records are held."""
        with self._lock:
            return set(self._sessions)

    def forget_conversation(self, id: str) -> None:
        """Forget what a conversation's follow-ups refer to."""
        self._assistant.forget(id)

    def patients(self, caller: Caller, text: str, most: int) -> Listed:
        """Return whom the caller may ask about and a text may mean, by name; it stands in the trail.

        Args:
            caller: who wants it.
            text: part of a name, an id or a birth date; "" means anybody.
            most: of them.

        Raises:
            NotAllowed: the caller's session has ended.
            RecordError: they could not be read.
        """
        source = self.assistant(caller).source
        if caller.patient:
            only = source.find(caller.patient)
            found = listed([only] if answers_to(only, text) else [], most)
        else:
            found = source.search(text, most)
        self._trail.listed(caller, len(found.patients))
        return found

    def record(
        self,
        caller: Caller,
        reference: str,
        now: date | None = None,
        *,
        what: Iterable[str] = (),
        how: Kind = "read",
    ) -> PatientRecord:
        """Return the record of "Patient/…"; it stands in the trail, once for each call.

        Args:
            caller: who wants it.
            reference: "Patient/…".
            now: the day as of which it is read, else today.
            what: resources ("Observation/7") or kinds ("Observation") that will be shown, as far as known.
            how: "read" or "search".

        Raises:
            NotAllowed: the caller may not see this patient.
            UnknownPatient: no such patient here.
            UnreadableRecord: it could not be read.
        """
        self.hold(caller, reference)
        try:
            record = self._record(caller, reference, now or self.today())
        except UnknownPatient:
            self._trail.read(caller, reference, what, Outcome.REFUSED, how, "There is no such patient.")
            raise
        except RecordError:
            self._trail.read(caller, reference, what, Outcome.FAILED, how, "It could not be read.")
            raise
        self._trail.read(caller, record.reference, what, how=how)
        return record

    def _record(self, caller: Caller, reference: str, now: date) -> PatientRecord:
        record = self.assistant(caller).record(reference, now)
        if record.reference != reference:  # a source also finds by name
            raise UnknownPatient(f"No patient has the reference {reference!r}.")
        return record

    def asking(self, caller: Caller, reference: str, question: str, text: str) -> None:
        """Refuse a patient whom the caller may not see; else a question about them stands in the trail.

        Args:
            caller: who asks.
            reference: "Patient/…".
            question: its id.
            text: its words, of which only a hash is kept.

        Raises:
            NotAllowed: the caller may not see this patient.
        """
        self.hold(caller, reference)
        self._trail.asked(caller, reference, question, text)

    def hold(self, caller: Caller, reference: str) -> None:
        """Refuse a patient whom the caller may not see.

        Raises:
            NotAllowed: that is so.
        """
        if not caller.may_see(reference):
            self._trail.refused(caller, "Another patient than the one this caller may see.", reference)
            raise NotAllowed("You may see one patient only, and it is another one.")
