"""The command line as a user calls it: in this process, or in one of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from agent.cli.app import app

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Ran:
    """How a call ended."""

    status: int
    out: str
    err: str


Call = Callable[..., Ran]


def call(*arguments: str, typed: str | None = None) -> Ran:
    """Call in this process; any error that reaches a user as a traceback fails the test."""
    result = CliRunner().invoke(app, arguments, prog_name="fhir-assistant", input=typed)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def begin(folder: Path, *arguments: str, **more: Any) -> "subprocess.Popen[str]":
    """Start a process of its own that writes nothing outside the folder."""
    own = {"FHIR_ASSISTANT_CACHE": str(folder / "cache"), "FHIR_ASSISTANT_DATA": str(folder / "data")}
    environment = {**os.environ, **own, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    command = [sys.executable, "-m", "agent.cli", *arguments]
    pipes: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        **more,
    }
    # whoever runs the tests in the background ignores interrupts, and a process inherits that
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)
    finally:
        signal.signal(signal.SIGINT, before)


def finish(process: "subprocess.Popen[str]") -> Ran:
    """Wait for a process."""
    out, err = process.communicate(timeout=120)
    return Ran(process.returncode, out or "", err or "")
