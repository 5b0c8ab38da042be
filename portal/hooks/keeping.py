"""Cards that were given, and what became of them -> the database."""

import json
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, insert, select

from portal.database import Database
from portal.hooks.asked import Dismissed, Followed, Outcome
from portal.hooks.tables import cards, feedback
from tools.calls.errors import AssistantError

_DAY = 86_400


class UnknownCard(AssistantError):
    """Feedback on a card that was not given to this client, or too long ago."""


class Keeping:
    """What is kept of cards; nothing of it is from a record.

    Args:
        database: where.
        now: seconds since the epoch.
        days: for which a card can be given feedback on.
    """

    def __init__(self, database: Database, now: Callable[[], float], days: int) -> None:
        self._database, self._now, self._days = database, now, days

    def given(self, card: UUID, subject: str) -> None:
        """Keep that a card was given; the same call gives the same card again."""
        now = self._now()
        with self._database.writing() as connection:
            connection.execute(delete(cards).where(cards.c.given < now - self._days * _DAY))
            connection.execute(delete(cards).where(cards.c.card == str(card)))
            connection.execute(insert(cards).values(card=str(card), client=subject, given=now))

    def became(self, outcomes: list[Outcome], subject: str) -> None:
        """Keep what became of cards: all of it, or nothing.

        Raises:
            UnknownCard: one of them was not given to this client.
        """
        named = {str(outcome.card) for outcome in outcomes}
        with self._database.writing() as connection:
            wanted = select(cards.c.card).where(cards.c.card.in_(named), cards.c.client == subject)
            unknown = named - set(connection.execute(wanted).scalars())
            if unknown:
                raise UnknownCard(f"No card {min(unknown)} was given to you in the last {self._days} days.")
            connection.execute(insert(feedback), [self._row(outcome, subject) for outcome in outcomes])

    def _row(self, outcome: Outcome, subject: str) -> dict[str, object]:
        override = outcome.override if isinstance(outcome, Dismissed) else None
        suggestions = [each.id for each in outcome.accepted] if isinstance(outcome, Followed) else []
        reason = override.reason.model_dump(exclude_none=True) if override and override.reason else None
        return {
            "card": str(outcome.card),
            "client": subject,
            "outcome": outcome.outcome,
            "suggestions": json.dumps(suggestions),
            "reason": json.dumps(reason) if reason else "",
            "comment": override.comment if override else "",
            "at": outcome.at.timestamp(),
            "received": self._now(),
        }
