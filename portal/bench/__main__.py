"""The command: load on a portal of its own -> one table of everything that has a bar; status 1 if one is missed."""

import asyncio
import gzip
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated

import httpx
import typer

from agent.cli.bars import Row, machine, missed, print_rows, quantile
from agent.cli.printing import output
from fhir_fixtures import REFERENCE_DATE
from portal.bench.load import Seen, bear
from portal.bench.serving import Served, served

_ELEMENT = Path(__file__).parents[1] / "page" / "static" / "element.js"
_GROWTH = 1.2
"""Memory is flat if the second half of the load ends with at most so much of what the first half ended with."""


def bench(
    conversations: Annotated[int, typer.Option("--conversations", min=1, help="At once.")] = 50,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Of load.")] = 120,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes of the portal.")] = 2,
) -> None:
    """Measure how the portal bears load, and print one table."""
    with tempfile.TemporaryDirectory(prefix="fhir-assistant-bench-") as folder:
        database = Path(folder) / "portal.db"
        with served(database, REFERENCE_DATE.isoformat(), workers) as here:
            rows = [*_alone(here), *_together(here, conversations, seconds, workers)]
    rows.append(Row("element.js, gzipped", _gzipped() / 1024, "kB", 150, "with all it needs"))
    print_rows(output(), machine(), rows)
    if missed(rows):
        raise typer.Exit(1)


def _alone(here: Served) -> list[Row]:
    patients = _patients(here)
    asyncio.run(bear(here.base, patients, 3 * len(patients), 10))  # opens every record, most in every process
    seen = asyncio.run(bear(here.base, patients, 1, 5))
    how = f"one conversation, {len(seen.last)} questions, records open"
    return [
        Row("first event, p95", quantile(seen.first, 0.95) * 1000, "ms", 100, how),
        Row("last event, p95", quantile(seen.last, 0.95) * 1000, "ms", None, how),
    ]


def _together(here: Served, conversations: int, seconds: float, workers: int) -> list[Row]:
    memory: list[float] = []
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(here, memory, ended))
    watch.start()
    begun = time.monotonic()
    seen = asyncio.run(bear(here.base, _patients(here), conversations, seconds))
    took = time.monotonic() - begun
    ended.set()
    watch.join()
    how = f"{conversations} conversations without a pause, {workers} processes, client on the same machine"
    return [
        *_told(seen, how, took),
        Row(
            "memory, end : middle",
            memory[-1] / memory[len(memory) // 2],
            "",
            _GROWTH,
            f"{memory[-1]:.0f} MB at the end",
        ),
    ]


def _told(seen: Seen, how: str, took: float) -> list[Row]:
    return [
        Row("errors", len(seen.errors), "", 0, how),
        Row("last event, median", quantile(seen.last, 0.5) * 1000, "ms", None, how),
        Row("last event, p95", quantile(seen.last, 0.95) * 1000, "ms", 1000, how),
        Row("first event, p95", quantile(seen.first, 0.95) * 1000, "ms", None, how),
        Row("answers a second", len(seen.last) / took, "", None, f"{len(seen.last)} answers"),
    ]


def _watch(here: Served, memory: list[float], ended: threading.Event) -> None:
    while not ended.wait(1.0):
        memory.append(here.memory())


def _patients(here: Served) -> list[str]:
    told = httpx.get(f"{here.base}/api/patients", params={"limit": 200}).json()
    return [patient["reference"] for patient in told["patients"]]


def _gzipped() -> int:
    return len(gzip.compress(_ELEMENT.read_bytes(), 9))


if __name__ == "__main__":
    typer.run(bench)
