"""Doors of a portal as programs use them: over loopback, each caller with a token bound to a patient."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request

from portal.access import calling
from portal.app import make
from portal.caller import Caller
from portal.portal import Portal
from tests.portal.portal_for_tests import ADELINA, a_portal, fixtures

OTHER = next(p.reference for p in fixtures().patients() if p.reference != ADELINA)
CALLERS = {
    "token-adelina": Caller(subject="key:a", patient=ADELINA),
    "token-other": Caller(subject="key:b", patient=OTHER),
    "token-both-of-one": Caller(subject="key:a", patient=OTHER),
    "token-anyone": Caller(subject="key:c"),
    "token-anna": Caller(subject="key:e", patient="Patient/anna"),
    "token-gone": Caller(subject="key:d", patient="Patient/gone"),
}


def by_token(request: Request) -> Caller:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token not in CALLERS:
        raise HTTPException(401, "Say who you are: Authorization: Bearer KEY.")
    return CALLERS[token]


def an_app(folder: Path, **settings: Any) -> FastAPI:
    return app_of(a_portal(folder, **settings))


def app_of(portal: Portal) -> FastAPI:
    """The app of a portal whose callers are those above, and of them alone."""
    app = make(portal)
    app.dependency_overrides[calling] = by_token
    return app


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Serve the app on a free port of this computer; yield where."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
