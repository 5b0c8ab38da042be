"""Settings and where the records are -> a portal that listens.

Several processes share the socket; each is told what to do by the environment, and opens records and model itself.
"""

import os
import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, cast

import orjson
import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url
from uvicorn.supervisors import Multiprocess

from agent.assistant import Assistant
from agent.models.options import ModelOptions
from portal.app import make
from portal.database import Database
from portal.defects import LOGGING
from portal.guard.starting import ready
from portal.portal import opened
from portal.settings import SECRET_VARIABLE, Settings, with_environment
from tools.errors import SetupError
from tools.records import open_location

GRACE = 20
"""Seconds that connections get to end when the portal is told to end."""
_SWITCH = 0.001
"""Seconds for which a thread that answers may keep the event loop from its turn."""
_TOLD = "FHIR_ASSISTANT_SERVING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What one process of a portal does.

    Attributes:
        records: location of the records.
        model: as `--model`.
        planner: who plans where there is a model.
        options: how the model is run.
        settings: what the operator decided; secrets come from the environment.
    """

    records: str
    model: str
    planner: Literal["auto", "builtin", "model"]
    options: ModelOptions
    settings: Settings


def serve(serving: Serving, workers: int, started: Callable[[str], None]) -> None:
    """Listen until it is told to end (SIGTERM, SIGINT); answers that are being given are finished.

    Args:
        serving: what to do.
        workers: processes.
        started: told the address once it can be called.

    Raises:
        SetupError: the address is taken, or something cannot be opened.
    """
    ready(serving.settings)
    # What is wrong with it is said once, in words of the option, before anything else opens it.
    Database(serving.settings.database).close()
    listening = _listening(serving.settings)
    port = listening.getsockname()[1]
    serving = replace(serving, settings=replace(serving.settings, port=port))
    if workers == 1:
        portal = app_of(serving)
        server = uvicorn.Server(_config(portal, serving.settings, 1))
        started(serving.settings.base)
        server.run(sockets=[listening])
        return
    os.environ.setdefault(SECRET_VARIABLE, secrets.token_urlsafe(32))
    os.environ[_TOLD] = orjson.dumps(_public(serving)).decode()
    config = _config("portal.serving:app", serving.settings, workers)
    started(serving.settings.base)
    Multiprocess(config, sockets=[listening]).run()


def app() -> FastAPI:
    """Return the app of a process that was told by its environment what to do."""
    told = orjson.loads(os.environ[_TOLD])
    told["options"] = ModelOptions(**told["options"])
    told["settings"] = with_environment(Settings.from_json(told["settings"]), os.environ)
    return app_of(Serving(**told))


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
        conversations=_memory(serving.settings.database),
        open_records=serving.settings.limits.records,
    )
    assistant.open_model()
    return make(opened(serving.settings, assistant, _now))


def _memory(database: str) -> Any:
    """LangGraph's tables lie in the same PostgreSQL database, or in a file beside the SQLite one."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        return f"{url.database}.threads"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except OSError as trouble:
        listening.close()
        raise SetupError(
            f"--host {settings.host} --port {settings.port}: {trouble.strerror}; --port 0 takes a free one."
        ) from None
    listening.set_inheritable(True)
    return listening


def _config(app: FastAPI | str, settings: Settings, workers: int) -> uvicorn.Config:
    return uvicorn.Config(
        cast(Any, app),
        factory=isinstance(app, str),
        workers=workers,
        log_config=LOGGING,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
    )


def _public(serving: Serving) -> dict[str, Any]:
    return {
        "records": serving.records,
        "model": serving.model,
        "planner": serving.planner,
        "options": serving.options,
        "settings": serving.settings.to_json(),
    }


def _now() -> datetime:
    return datetime.now(UTC)
