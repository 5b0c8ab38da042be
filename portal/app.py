"""The parts of the portal -> one ASGI app."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from agent.cli.version import version
from portal import page
from portal.access import issuing
from portal.api import conversations, health, me, questions, records
from portal.caller import NotAllowed
from portal.conversations import expiring
from portal.conversations.answering import TooMany
from portal.conversations.kept import Busy, NotThere
from portal.guard import guarding
from portal.hooks import routes as hooks
from portal.launch import routes as launch
from portal.living import Living
from portal.mcp import door as mcp
from portal.misread import misread
from portal.openai import door as openai
from portal.portal import Portal
from portal.trail import api as trail
from tools.calls.errors import (
    AssistantError,
    BadArgument,
    RecordError,
    SetupError,
    UnknownPatient,
    WrongPatient,
)

GRACE = 5.0
"""Seconds that answers get to finish when the portal ends; what is left is resumable."""
Attach = Callable[[FastAPI, Portal], Living | None]
"""A part of the portal adds its routes to the app; it may return what it needs while the app lives.

The guard comes last and stands around them all.
"""
PARTS: tuple[Attach, ...] = (
    me.attach,
    conversations.attach,
    questions.attach,
    records.attach,
    health.attach,
    launch.attach,
    mcp.attach,
    openai.attach,
    expiring.attach,
    issuing.attach,
    trail.attach,
    hooks.attach,
    page.attach,
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
        async with AsyncExitStack() as stack:
            for begin in begins:
                await stack.enter_async_context(begin())
            yield
        await asyncio.to_thread(portal.answering.close, GRACE)
        portal.database.close()

    app = FastAPI(
        title="fhir-record-assistant", version=version(), lifespan=living, docs_url=None, redoc_url=None
    )
    app.state.portal = portal
    app.add_exception_handler(AssistantError, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _defective)
    begins = [begin for attach in PARTS if (begin := attach(app, portal))]
    return app


async def _refused(request: Request, error: Exception) -> JSONResponse:
    """An error of the project as its status and one sentence."""
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    return JSONResponse({"detail": str(error)}, status)


async def _defective(request: Request, defect: Exception) -> JSONResponse:
    """A defect as one sentence that says nothing of it; the server logs its type and place."""
    return JSONResponse({"detail": "Something is wrong with this program. It was logged."}, 500)


async def _not_understood(request: Request, error: Exception) -> JSONResponse:
    """A request that is not as described, as one sentence on the first thing that is wrong with it."""
    assert isinstance(error, RequestValidationError)
    where, what = misread(error)
    return JSONResponse({"detail": f"{where or 'The body'}: {what}."}, 422)
