"""The patient named on the command line -> the seat of the one client of this process."""

import threading
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import anyio.to_thread

from agent.cli.conversation import new_name, patient_of
from portal.mcp.seat import Tell
from tools.calls.errors import RecordError

if TYPE_CHECKING:
    from agent.answer import Answer
    from agent.assistant import Assistant
    from tools.record import PatientRecord


class Local:
    """A seat before one patient's record on this computer.

    Args:
        patient: "Patient/…".
        today: the day of the question.
        begin: opens the assistant; called with the first request that needs it, as that takes a second.
        conversations: the file in which it keeps them.
    """

    def __init__(
        self, patient: str, today: Callable[[], date], begin: Callable[[], "Assistant"], conversations: Path
    ) -> None:
        self._patient, self._today, self._begin, self._file = patient, today, begin, conversations
        self._assistant: Assistant | None = None
        self._lock = threading.Lock()

    def record(self) -> "PatientRecord":
        """Return the record as of today; raises as `Seat.record`."""
        return self._begun().record(self._patient, self._today())

    def saw(self, references: Iterable[str]) -> None:
        """Keep nothing: whoever started this process can read the files themselves."""

    async def ask(self, question: str, conversation: str, tell: Tell) -> "Answer":
        """Return the answer to a question; raises as `Seat.ask`."""
        await tell("")
        return await anyio.to_thread.run_sync(self._answer, question, conversation)

    def _answer(self, question: str, conversation: str) -> "Answer":
        if conversation and patient_of(self._file, conversation) != self._patient:
            raise RecordError("There is no such conversation.")
        assistant, name = self._begun(), conversation or new_name()
        if conversation and assistant.waits(name):
            return assistant.resume(name, question)
        return assistant.ask(self._patient, question, now=self._today(), conversation=name)

    def _begun(self) -> "Assistant":
        with self._lock:
            if self._assistant is None:
                self._assistant = self._begin()
            return self._assistant
