"""Whose record a client sees, as the server is told: the client can name no other."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from agent.answer import Answer
    from tools.record import PatientRecord

Tell = Callable[[str], Awaitable[None]]
"""Hears what goes on while an answer is made; "" is a sign of life."""


class Seat(Protocol):
    """A place before one patient's record."""

    def record(self) -> "PatientRecord":
        """Return the record as of today.

        Raises:
            AssistantError: it cannot be read, or may not be read any more.
        """
        ...

    def saw(self, references: Iterable[str]) -> None:
        """Hear which resources the client is about to be shown.

        Raises:
            AssistantError: it could not be kept in the trail, so that they are not shown.
        """
        ...

    async def ask(self, question: str, conversation: str, tell: Tell) -> "Answer":
        """Return the answer to a question.

        Args:
            question: in the client's words; the reply, where the conversation waits for one.
            conversation: of an earlier answer, "" begins another.
            tell: hears what goes on.

        Raises:
            AssistantError: there is none.
        """
        ...
