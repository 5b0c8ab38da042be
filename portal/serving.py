"""Settings and where the records are -> a portal that listens.

Its processes share the socket, and each opens records and model itself; this one only watches them.
"""

import gc
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from agent.models.options import ModelOptions
from portal.guard.starting import ready
from portal.settings import Settings, with_launches
from portal.supervising import supervise
from tools.calls.errors import SetupError

GRACE = 28.0
"""Seconds after which a process that was told to end is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What one process of a portal does.

    Attributes:
        records: location of the records.
        model: as `--model`.
        planner: who plans where there is a model.
        options: how the model is run.
        settings: what the operator decided.
        planner_model: as `--planner-model`, "" for the same model.
    """

    records: str
    model: str
    planner: Literal["auto", "builtin", "model"]
    options: ModelOptions
    settings: Settings
    planner_model: str = ""


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
    listening = _listening(serving.settings)
    # Keys of launches cannot be passed to another process: each reads the file.
    settings = replace(
        serving.settings,
        port=listening.getsockname()[1],
        secret=serving.settings.secret or secrets.token_urlsafe(32),
        launches=(),
    )
    serving = replace(serving, settings=settings)
    with listening:
        supervise(
            partial(_work, serving),
            listening,
            workers,
            lambda: started(settings.base),
            grace=GRACE,
        )


def _work(serving: Serving, listening: socket.socket, lives: Callable[[], None]) -> None:
    """Open everything and listen, in a process of its own.

    Raises:
        SetupError: something cannot be opened.
    """
    gc.disable()  # until all is imported and opened, as `agent.cli.starting` explains
    try:
        from portal.database import Database

        # What is wrong with it is said in words of the option before anything else opens it.
        Database(serving.settings.database).close()
        from portal.worker import app_of, listen
    except ModuleNotFoundError as missing:
        raise SetupError(
            f"The portal needs {missing.name}, which is not installed: pip install 'fhir-record-assistant[portal]'."
        ) from None
    settings = with_launches(serving.settings, os.environ)
    listen(app_of(replace(serving, settings=settings)), settings, listening, lives)


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
    return listening
