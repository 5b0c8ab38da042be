"""Answers -> the trail: each one's Provenance is kept in the transaction in which the answer is."""

from sqlalchemy import Connection

from agent.answer import Answer
from portal.conversations.answering import Answered
from portal.conversations.kept import Status
from portal.trail.trail import Trail


class Witnessed:
    """A `Witness` that keeps a trail."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    def answered(self, answered: Answered, connection: Connection) -> None:
        """Keep what an answer read and where it comes from."""
        self._trail.answered(
            answered.caller,
            answered.question.id,
            answered.answer,
            answered.began,
            answered.ended,
            connection,
        )

    def ended(self, status: Status, seconds: float, answer: Answer | None) -> None:
        """That a question was asked stands in the trail already, however it ends."""
