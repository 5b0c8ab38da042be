"""All that the parts of a running portal share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.database import Database
from portal.desk import Desk
from portal.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A running portal; each part gets it when it is attached to the app.

    Attributes:
        settings: what the operator decided.
        desk: a caller's assistant and records.
        database: what is kept.
        clock: now, with its zone.
    """

    settings: Settings
    desk: Desk
    database: Database
    clock: Callable[[], datetime]
