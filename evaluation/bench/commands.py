"""`fhir-assistant` in processes of its own -> seconds from a cold start, and of an ingest with its memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent.cli.bars import Row
from tools.calls.errors import SetupError
from tools.sources import cached_store, files
from tools.sources.locations import CACHE_VARIABLE

_COMMAND = (sys.executable, "-m", "agent.cli")
_HEAVY = ("torch", "transformers")
_BLOCK = 1 << 20
_PAUSE = 0.03


def measure_ingest(location: Path, cache: Path) -> tuple[Path, list[Row]]:
    """Read the records into a fresh store, then again unchanged.

    Returns:
        The store, and what it took.

    Raises:
        SetupError: the records cannot be read.
    """
    command = ("ingest", str(location), "--json")
    fresh, again = watched(command, cache), watched(command, cache)
    store = cached_store(location, cache)
    plain, stored = _plain_size(location), _stored_size(store)
    told = (
        f"{plain / 1_000_000:.0f} MB of JSON, with validation, the whole command;"
        f" {fresh.worked:.1f} s of processor time"
    )
    sampled = f"resident set of all its processes, summed, looked at every {1000 * _PAUSE:.0f} ms"
    return store, [
        Row("ingest into a fresh store", fresh.seconds, "s", 6, told),
        Row("ingest, peak memory", fresh.peak and fresh.peak / 1_000_000, "MB", 500, sampled),
        Row("ingest again, unchanged", again.seconds, "s", 1, "the whole command"),
        Row(
            "store over JSON",
            stored / plain,
            "times",
            0.25,
            f"{stored / 1_000_000:.1f} MB over {plain / 1_000_000:.1f} MB",
        ),
    ]


def measure_start(location: Path, cache: Path, patient: str, question: str, now: date) -> list[Row]:
    """Ask one question in a fresh process, three times; then see what one imports.

    Raises:
        SetupError: the command fails.
    """
    asked = ("ask", question, "--patient", patient, "--records", str(location), "--now", now.isoformat())
    runs = [watched((*asked, "--model", "none"), cache) for _ in range(3)]
    taken, worked = min(run.seconds for run in runs), sum(run.worked for run in runs) / 3
    told = (
        f"best of 3 processes; the store is there, up to date; {worked:.2f} s of processor time in the mean"
    )
    code = (
        "import atexit, sys; from agent.cli import main; "
        f"atexit.register(lambda: print(sum(m in sys.modules for m in {_HEAVY!r}), file=sys.stderr)); main()"
    )
    shown = _run((sys.executable, "-c", code, *asked, "--model", "none"), cache)
    heavy = int(shown.split()[-1])
    return [
        Row("ask from a cold start", taken, "s", 1.5, told),
        Row("heavy packages it imports", heavy, "", 0, " and ".join(_HEAVY)),
    ]


def _worked() -> float:
    """Return the processor time of all commands so far."""
    times = os.times()
    return times.children_user + times.children_system


def _environment(cache: Path) -> Mapping[str, str]:
    return {**os.environ, CACHE_VARIABLE: str(cache)}


def _run(command: Sequence[str], cache: Path) -> str:
    done = subprocess.run(command, env=_environment(cache), capture_output=True, text=True)
    if done.returncode:
        raise SetupError(f"{' '.join(command)}: failed. {done.stderr.strip()}")
    return done.stderr


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a command took.

    Attributes:
        seconds: from its start to its end.
        worked: seconds of processor time, of all its processes.
        peak: the most memory, in bytes; None where /proc is not there to ask.
    """

    seconds: float
    worked: float
    peak: float | None


def watched(arguments: Sequence[str], cache: Path) -> Run:
    """Run `fhir-assistant` with these arguments in a process of its own.

    Raises:
        SetupError: it fails.
    """
    command, worked, begun = (*_COMMAND, *arguments), _worked(), time.perf_counter()
    process = subprocess.Popen(
        command, env=_environment(cache), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(_PAUSE)
    taken = time.perf_counter() - begun
    said = process.stderr.read() if process.stderr else ""
    if process.returncode:
        raise SetupError(f"{' '.join(command)}: failed. {said.strip()}")
    return Run(seconds=taken, worked=_worked() - worked, peak=peak or None)


def _resident(top: int) -> int:
    """Return the bytes that a process and its descendants hold in memory; what they share counts for each."""
    total, waiting = 0, [top]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        try:
            pages = int((folder / "statm").read_text().split()[1])
            children = [(task / "children").read_text() for task in (folder / "task").iterdir()]
        except (OSError, IndexError):  # it ended meanwhile
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
        waiting += [int(child) for listed in children for child in listed.split()]
    return total


def _plain_size(location: Path) -> int:
    return sum(len(files.read(piece)) for piece in files.scan(location).pieces)


def _stored_size(store: Path) -> int:
    return sum(part.stat().st_size for part in store.parent.glob(f"{store.name}*") if part.suffix != ".lock")
