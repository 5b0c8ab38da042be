"""A portal whose planner can be made to hold the interpreter, as one long call of C code does, or to compute on.

    python -m tests.portal.standstill_for_tests FOLDER WORKERS STANDSTILL GRACE

It prints where it listens. It begins to hold or to compute once FOLDER/go is there; FOLDER/begun then has a line with
the process. It computes until FOLDER/enough is there.
"""

import ctypes
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import socket

from agent.assistant import Assistant
from agent.plan import Plan
from portal.app import make
from portal.conversations import answering, kept
from portal.portal import opened
from portal.serving import _listening
from portal.settings import Limits, Settings
from portal.supervising import supervise
from portal.worker import listen
from tests.portal.portal_for_tests import fixtures
from tools.calls.catalogue import Call
from tools.record import PatientRecord

HOLD = "Hold on, Adelina Maggio?"
COMPUTE = "Compute on, Adelina Maggio?"
_FOR_EVER = 600


class Holding:
    """A planner that holds the interpreter for one question, computes for another, and answers every other one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        if question in (HOLD, COMPUTE):
            while not (self._folder / "go").exists():
                time.sleep(0.01)
            with (self._folder / "begun").open("a") as begun:
                begun.write(f"{os.getpid()}\n")
        if question == HOLD:
            ctypes.PyDLL(None).sleep(_FOR_EVER)  # PyDLL does not let go of the interpreter
        while question == COMPUTE and not (self._folder / "enough").exists():
            sum(number for number in range(10_000))
        return Plan(calls=(Call("profile", {}),))


def work(folder: Path, port: int, standstill: int, listening: socket, lives: Callable[[], None]) -> None:
    kept.LEASE = answering.LEASE = 1.0  # whoever is gone is known to be gone soon
    settings = Settings(
        port=port,
        today="2026-01-01",
        database=f"sqlite:///{folder / 'portal.db'}",
        limits=Limits(standstill=standstill, a_minute=0),
    )
    assistant = Assistant(
        fixtures(), model="none", planner=Holding(folder), conversations=folder / "threads.db"
    )
    listen(make(opened(settings, assistant, _now)), settings, listening, lives)


def _now() -> datetime:
    return datetime.now(UTC)


def main(folder: str, workers: str, standstill: str, grace: str) -> None:
    listening = _listening(Settings(port=0))
    port = listening.getsockname()[1]

    def started() -> None:
        print(f"http://127.0.0.1:{port}", flush=True)

    work_here = partial(work, Path(folder), port, int(standstill))
    supervise(work_here, listening, int(workers), started, grace=float(grace))


if __name__ == "__main__":
    main(*sys.argv[1:])
