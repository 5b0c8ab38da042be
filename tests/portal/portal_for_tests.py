"""A portal over the fixture patients, as its parts are tested: no network, no model, a clock that stands."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from agent.assistant import Assistant
from agent.plan import Planner
from fhir_fixtures import REFERENCE_DATE, records
from portal.portal import Portal, opened
from portal.settings import Settings
from tools.sources import OpenedRecords, open_location
from tools.sources.source import RecordSource

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADELINA = "Patient/dad125e2-4eff-4aa8-b878-a3377f1de25c"


@cache
def fixtures() -> OpenedRecords:
    return open_location(str(records()))


def a_portal(
    folder: Path, planner: Planner | None = None, source: RecordSource | None = None, **settings: Any
) -> Portal:
    """Return a portal whose files lie in the folder; a planner of its own says what is looked up, a source where."""
    settings.setdefault("hosts", ("testserver",))  # as starlette's TestClient calls it
    settings.setdefault("database", f"sqlite:///{folder / 'portal.db'}")
    kept = Settings(today=REFERENCE_DATE.isoformat(), **settings)
    assistant = Assistant(
        source or fixtures(), model="none", planner=planner, conversations=folder / "conversations.db"
    )

    def clock() -> datetime:
        return NOON

    return opened(kept, assistant, clock)
