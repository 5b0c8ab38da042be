"""One process of a portal: what it is to do and a socket -> an app that listens, and a heart that is watched.

The heart is the event loop. While it stands still nothing is answered, no health check and no SIGTERM: a question whose
reading takes long inside one call of C code holds it up, and no thread of Python gets a turn to see that. So a thread
of C code (`faulthandler`) waits for the heart's next beat, and ends the process when none comes.
"""

import faulthandler
import multiprocessing
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url

from agent.assistant import Assistant
from agent.cli.starting import settle
from portal.app import make
from portal.defects import LOGGING
from portal.portal import opened
from portal.serving import Serving
from portal.settings import Settings
from tools.sources import open_location

GRACE = 20
"""Seconds that connections get to end when the portal is told to end."""
_SWITCH = 0.001
"""Seconds for which a thread that answers may keep the event loop from its turn."""
_TICKS = 10
"""Of uvicorn's main loop from one beat to the next: a second."""


def app_of(serving: Serving) -> FastAPI:
    """Open everything; return the app.

    Raises:
        SetupError: something cannot be opened.
    """
    sys.setswitchinterval(_SWITCH)
    source = open_location(serving.records)
    assistant = Assistant(
        source,
        model=serving.model,
        options=serving.options,
        planning=serving.planner,
        planner_model=serving.planner_model,
        conversations=_memory(serving.settings.database),
        memory=serving.settings.limits.records,
    )
    assistant.open_model()
    return make(opened(serving.settings, assistant, _now))


def listen(app: FastAPI, settings: Settings, listening: socket.socket, lives: Callable[[], None]) -> None:
    """Listen until the process is told to end, or nobody watches it any more.

    Args:
        app: what answers.
        settings: what the operator decided.
        listening: the socket.
        lives: called once the app can be called.
    """
    settle()
    _Beating(_config(app, settings), settings.limits.standstill, lives).run(sockets=[listening])


def _config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        cast(Any, app),
        log_config=LOGGING,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
    )


class _Beating(uvicorn.Server):
    """A server whose process ends when its event loop stands still.

    Args:
        config: as uvicorn's.
        standstill: seconds; 0 never ends it.
        lives: called once, when the app can be called.
    """

    def __init__(self, config: uvicorn.Config, standstill: int, lives: Callable[[], None]) -> None:
        super().__init__(config)
        self._standstill, self._lives = standstill, lives

    async def main_loop(self) -> None:
        """Beat from here on; what takes long at the start or the end does not stop the heart."""
        self._lives()
        try:
            await super().main_loop()
        finally:
            faulthandler.cancel_dump_traceback_later()

    async def on_tick(self, counter: int) -> bool:
        """Beat, once a second."""
        if counter % _TICKS == 0:
            if self._standstill:
                # Told are names of functions and numbers of lines, no values.
                faulthandler.dump_traceback_later(self._standstill, exit=True)
            self.should_exit |= _alone()
        return await super().on_tick(counter)


def _alone() -> bool:
    """Whether the process that started this one has gone."""
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()


def _memory(database: str) -> Any:
    """LangGraph's tables lie in the same PostgreSQL database, or in a file beside the SQLite one."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        return f"{url.database}.threads"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _now() -> datetime:
    return datetime.now(UTC)
