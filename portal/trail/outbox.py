"""What waits to be posted, row by row: claimed for a while by one process, and gone once the server has it.

A process that dies leaves its claims, which run out: an event may then be posted twice, but is never lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from portal.database import Database
from portal.trail.tables import outbox, trail

CLAIMED = 300.0
"""Seconds that a claim holds."""
BATCH = 20
"""Events that are claimed at once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event to post; `resource` is its JSON."""

    id: int
    resource: str


class Outbox:
    """The events that were not posted yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: float) -> list[Waiting]:
        """Return the next events, the oldest first; for others they are not there for a while."""
        due = select(outbox.c.event).where(~outbox.c.refused, outbox.c.not_before <= now)
        some = due.order_by(outbox.c.event).limit(BATCH).with_for_update(skip_locked=True)
        with self._database.writing() as connection:
            ids = list(connection.scalars(some))
            if not ids:
                return []
            mine = outbox.c.event.in_(ids)
            connection.execute(update(outbox).where(mine).values(not_before=now + CLAIMED))
            rows = connection.execute(select(trail.c.id, trail.c.resource).where(trail.c.id.in_(ids)))
            return sorted((Waiting(row.id, row.resource) for row in rows), key=lambda event: event.id)

    def posted(self, event: Waiting) -> None:
        """Strike out an event that the server has."""
        with self._database.writing() as connection:
            connection.execute(delete(outbox).where(outbox.c.event == event.id))

    def refused(self, event: Waiting) -> None:
        """Set aside an event that the server does not take."""
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(outbox.c.event == event.id).values(refused=True))

    def release(self, events: Sequence[Waiting]) -> None:
        """Give up the claim on events that were not posted."""
        mine = outbox.c.event.in_([event.id for event in events])
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(mine).values(not_before=0.0))

    def again(self) -> None:
        """Let what was set aside be tried once more."""
        with self._database.writing() as connection:
            connection.execute(update(outbox).where(outbox.c.refused).values(refused=False, not_before=0.0))

    def counts(self) -> tuple[int, int]:
        """Return how many events wait, and how many were set aside."""
        with self._database.reading() as connection:
            rows = connection.execute(select(outbox.c.refused, func.count()).group_by(outbox.c.refused)).all()
        found = {bool(refused): number for refused, number in rows}
        return found.get(False, 0), found.get(True, 0)
