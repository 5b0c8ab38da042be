"""A portal of the benchmark's own: `fhir-assistant serve` on a free port, its memory, and its end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

_UNLIMITED = {"FHIR_ASSISTANT_A_MINUTE": "0", "FHIR_ASSISTANT_STREAMS": "0"}
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running portal.

    Attributes:
        base: its address.
        process: the command; with several workers their parent.
    """

    base: str
    process: "subprocess.Popen[bytes]"

    def memory(self) -> float:
        """Return the resident megabytes of all its processes."""
        parent = psutil.Process(self.process.pid)
        return float(sum(p.memory_info().rss for p in (parent, *parent.children(recursive=True)))) / 2**20

    def kill(self) -> None:
        """Kill all its processes at once, as a power cut would."""
        parent = psutil.Process(self.process.pid)
        for process in (parent, *parent.children(recursive=True)):
            process.kill()
        self.process.wait()

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(_PATIENCE)


@contextmanager
def served(database: Path, now: str, workers: int = 1, *options: str) -> Iterator[Served]:
    """Start a portal over the synthetic patients; it is ended afterwards if it still runs.

    Args:
        database: SQLite file.
        now: ISO day of the questions.
        workers: processes.
        options: further ones of `serve`.
    """
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "agent.cli",
        "serve",
        "--model",
        "none",
        "--now",
        now,
        "--port",
        str(port),
    ]
    command += ["--workers", str(workers), "--database", f"sqlite:///{database}", *options]
    process = subprocess.Popen(command, env={**os.environ, **_UNLIMITED}, stderr=subprocess.DEVNULL)
    here = Served(f"http://127.0.0.1:{port}", process)
    try:
        _wait(here)
        yield here
    finally:
        if process.poll() is None:
            here.end()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(here: Served) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and here.process.poll() is None:
        try:
            if httpx.get(f"{here.base}/health/ready").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("The portal did not start: run fhir-assistant serve to see why.")
