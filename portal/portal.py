"""All that the parts of a running portal share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.assistant import Assistant
from portal.conversations.answering import Answering
from portal.conversations.kept import Kept
from portal.database import Database
from portal.desk import Desk
from portal.metrics import Metrics
from portal.settings import Settings
from portal.trail.trail import Trail
from portal.trail.witness import Witnessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A running portal; each part gets it when it is attached to the app.

    Attributes:
        settings: what the operator decided.
        desk: a caller's assistant and records.
        database: what is kept.
        clock: now, with its zone.
        kept: conversations.
        answering: answers their questions.
        metrics: counts.
        trail: keeps every access and where every answer comes from.
    """

    settings: Settings
    desk: Desk
    database: Database
    clock: Callable[[], datetime]
    kept: Kept
    answering: Answering
    metrics: Metrics
    trail: Trail


def opened(settings: Settings, assistant: Assistant, clock: Callable[[], datetime]) -> Portal:
    """Open what the parts of a portal share.

    Args:
        settings: what the operator decided.
        assistant: over the records; it must remember conversations.
        clock: now, with its zone.

    Raises:
        SetupError: the database cannot be used.
    """
    database = Database(settings.database)
    trail = Trail(database, clock, settings.base, posts=bool(settings.trail))
    desk = Desk(assistant, clock, settings.today, trail=trail)
    kept, metrics = Kept(database, clock), Metrics()
    answering = Answering(desk, kept, settings.limits, clock, (metrics, Witnessed(trail)))
    return Portal(
        settings=settings,
        desk=desk,
        database=database,
        clock=clock,
        kept=kept,
        answering=answering,
        metrics=metrics,
        trail=trail,
    )
