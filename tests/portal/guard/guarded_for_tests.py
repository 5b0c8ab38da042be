"""A small app behind the guard: it gives back what came in, streams, sleeps, and breaks when told."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from portal.guard import guarding
from portal.portal import Portal
from portal.settings import Limits
from tests.portal.portal_for_tests import a_portal

SECRET = "Adelina Maggio has diabetes"


async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("mounted")(scope, receive, send)


def an_app(portal: Portal) -> FastAPI:
    """Return an app of routes that do what their names say."""
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.portal = portal
    app.state.gate = threading.Event()

    @app.get("/api/patients/{id}")
    def read(id: str) -> str:
        return id

    @app.post("/api/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/element.js")
    def element() -> PlainTextResponse:
        return PlainTextResponse("", headers={"Cache-Control": "max-age=60"})

    @app.get("/")
    def page() -> str:
        return "page"

    @app.get("/health/live")
    def live() -> str:
        return "ok"

    @app.get("/metrics")
    def metrics() -> str:
        return "0"

    @app.get("/api/sleep/{seconds}")
    async def sleep(seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "slept"

    @app.get("/api/block/{seconds}")
    def block(seconds: float) -> str:
        time.sleep(seconds)
        return "blocked"

    @app.get("/v1/sleep/{seconds}")
    async def answer(seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "answered"

    @app.get("/api/broken")
    def broken() -> str:
        raise ValueError(SECRET)

    @app.get("/api/broken-off")
    async def broken_off() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"data: 1\n\n"
            raise ValueError(SECRET)

        return StreamingResponse(pieces(), media_type="text/event-stream")

    @app.get("/api/events")
    async def events() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"data: first\n\n"
            while not app.state.gate.is_set():
                await asyncio.sleep(0.005)
            yield b"data: last\n\n"

        return StreamingResponse(pieces(), media_type="text/event-stream")

    @app.get("/api/known")
    def known(request: Request) -> PlainTextResponse:
        good = request.headers.get("authorization") == "Bearer good"
        if good:
            request.state.caller = "somebody"
        return PlainTextResponse("", 200 if good else 401)

    app.mount("/mcp", mounted)
    guarding.attach(app, portal)
    return app


def guarded(folder: Path, limits: Limits | None = None, **settings: Any) -> FastAPI:
    """Return the small app behind the guard of these settings."""
    return an_app(a_portal(folder, limits=limits or Limits(), **settings))
