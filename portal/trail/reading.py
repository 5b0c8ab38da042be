"""The trail in the database -> its events, newest first, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, select, true

from portal.database import Database
from portal.trail.tables import trail

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """One event as it was kept; `at` is seconds since 1970, `resource` JSON."""

    id: int
    at: float
    kind: str
    patient: str
    subject: str
    resource: str

    def parsed(self) -> Any:
        """Return the AuditEvent or Provenance."""
        return orjson.loads(self.resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events.

    Attributes:
        patient: "Patient/…", "" is any and none.
        since: when the first may have happened.
    """

    patient: str = ""
    since: datetime | None = None

    def clause(self) -> ColumnElement[bool]:
        """Return the condition on rows."""
        conditions: list[ColumnElement[bool]] = [true()]
        if self.patient:
            conditions.append(trail.c.patient == self.patient)
        if self.since:
            conditions.append(trail.c.at >= self.since.timestamp())
        return and_(*conditions)


def count(database: Database, wanted: Wanted) -> int:
    """Return how many events there are."""
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(trail).where(wanted.clause())) or 0


def page(database: Database, wanted: Wanted, limit: int, before: int = 0) -> list[Kept]:
    """Return events, the newest first, at most `limit`, older than the one numbered `before`."""
    older = trail.c.id < before if before else true()
    query = select(trail).where(wanted.clause(), older).order_by(trail.c.id.desc()).limit(limit)
    with database.reading() as connection:
        return [Kept(*row) for row in connection.execute(query)]


def every(database: Database, wanted: Wanted, limit: int = 0) -> Iterator[Kept]:
    """Yield events, the newest first; all, or at most `limit`."""
    before, left = 0, limit
    while events := page(database, wanted, min(left, _PAGE) if limit else _PAGE, before):
        yield from events
        before, left = events[-1].id, left - len(events)
        if limit and left <= 0:
            return
