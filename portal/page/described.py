"""What the page asks of the portal's API -> its OpenAPI description, of which the types of `portal/element` are made.

`python -m portal.page.described` prints it. Not in it: refusals, of which the page reads the sentence alone.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI

from agent.assistant import Assistant
from fhir_fixtures import records
from portal.api import conversations, me, questions
from portal.api import records as of_records
from portal.portal import opened
from portal.settings import Settings
from tools.sources import open_location


def described() -> dict[str, Any]:
    """Return the description of what the page asks."""
    app = FastAPI(title="What the chat page asks", version="1")
    with TemporaryDirectory() as folder:
        settings = Settings(database=f"sqlite:///{Path(folder) / 'portal.db'}")
        assistant = Assistant(open_location(str(records())), model="none")
        portal = opened(settings, assistant, lambda: datetime.now(UTC))
        for part in (me, conversations, questions, of_records):
            part.attach(app, portal)
        portal.answering.close(0)
        portal.database.close()
    told = app.openapi()
    for operation in (each for path in told["paths"].values() for each in path.values()):
        operation["responses"] = {s: r for s, r in operation["responses"].items() if s.startswith("2")}
    return told


if __name__ == "__main__":
    json.dump(described(), sys.stdout, indent=1)
