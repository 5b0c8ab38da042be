"""A caller -> the assistant over the records that this caller may ask about."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime

from agent.assistant import Assistant
from portal.caller import Caller, NotAllowed
from tools.record import PatientRecord
from tools.records.source import PatientSummary, RecordSource

OpenSession = Callable[[str], RecordSource]
"""Opens the records of a launch by its session; raises `NotAllowed` when the session has ended."""
_SESSIONS = 64


class Desk:
    """Gives every caller the right assistant and holds each to the patient they may see.

    Args:
        assistant: over the records that the portal was started with.
        clock: now, with its zone.
        today: the ISO day on which questions are asked; "" is the clock's.
    """

    def __init__(self, assistant: Assistant, clock: Callable[[], datetime], today: str = "") -> None:
        self._assistant = assistant
        self._clock = clock
        self._today = today
        self._sessions: OrderedDict[str, Assistant] = OrderedDict()
        self._lock = threading.Lock()
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
        if self.open_session is None:
            raise NotAllowed("This session has ended: launch again.")
        with self._lock:
            known = self._sessions.get(caller.session)
            if known is None:
                known = self._assistant.over(self.open_session(caller.session))
            self._sessions[caller.session] = known
            self._sessions.move_to_end(caller.session)
            while len(self._sessions) > _SESSIONS:
                self._sessions.popitem(last=False)
        return known

    def forget(self, session: str) -> None:
        """Let go of the records of a session that ended."""
        with self._lock:
            self._sessions.pop(session, None)

    def forget_conversation(self, id: str) -> None:
        """Forget what a conversation's follow-ups refer to."""
        self._assistant.forget(id)

    def patients(self, caller: Caller) -> list[PatientSummary]:
        """Return whom the caller may ask about, by name."""
        source = self.assistant(caller).source
        if caller.patient:
            return [source.find(caller.patient)]
        return source.patients()

    def record(self, caller: Caller, reference: str, now: date | None = None) -> PatientRecord:
        """Return the record of "Patient/…".

        Raises:
            NotAllowed: the caller may not see this patient.
            UnknownPatient: no such patient here.
            UnreadableRecord: it could not be read.
        """
        self.hold(caller, reference)
        return self.assistant(caller).record(reference, now or self.today())

    def hold(self, caller: Caller, reference: str) -> None:
        """Refuse a patient whom the caller may not see.

        Raises:
            NotAllowed: that is so.
        """
        if not caller.may_see(reference):
            raise NotAllowed("You may see one patient only, and it is another one.")
