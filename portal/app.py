"""The parts of the portal -> one ASGI app."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from portal.access import issuing
from portal.api import conversations, health, me, questions
from portal.caller import NotAllowed
from portal.conversations.answering import TooMany
from portal.conversations.kept import Busy, NotThere
from portal.guard import guarding
from portal.launch import routes as launch
from portal.portal import Portal
from tools.errors import AssistantError, BadArgument, RecordError, SetupError, UnknownPatient, WrongPatient

GRACE = 20.0
"""Seconds that answers get to finish when the portal ends; what is left is resumable."""
Attach = Callable[[FastAPI, Portal], None]
"""A part of the portal adds its routes to the app; the guard comes last and stands around them all."""
PARTS: tuple[Attach, ...] = (
    me.attach,
    conversations.attach,
    questions.attach,
    health.attach,
    launch.attach,
    issuing.attach,
    guarding.attach,
)
_STATUS: tuple[tuple[type[AssistantError], int], ...] = (
    (NotAllowed, 403),
    (NotThere, 404),
    (Busy, 409),
    (TooMany, 503),
    (UnknownPatient, 404),
    (BadArgument, 422),
    (WrongPatient, 409),
    (RecordError, 502),
    (SetupError, 503),
)
"""The status of each error of the project; the first that fits."""


def make(portal: Portal) -> FastAPI:
    """Return the app of a portal."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(portal.answering.close, GRACE)
        portal.database.close()

    app = FastAPI(
        title="fhir-record-assistant", version="0.1.0", lifespan=living, docs_url=None, redoc_url=None
    )
    app.state.portal = portal
    app.add_exception_handler(AssistantError, _refused)
    for attach in PARTS:
        attach(app, portal)
    return app


async def _refused(request: Request, error: Exception) -> JSONResponse:
    """An error of the project as its status and one sentence."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    return JSONResponse({"detail": str(error)}, status)
