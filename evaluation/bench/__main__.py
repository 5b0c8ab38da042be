"""The command: where the records are -> one table of everything that has a bar; status 1 if one is missed."""

import os
import platform
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated

import orjson
import typer

from agent.cli.failing import handled
from agent.cli.options import clock
from agent.cli.printing import errors, output
from evaluation.bench import answering, asked, commands, opening, prompt, scaling
from evaluation.bench.row import Row, missed, print_rows
from fhir_fixtures import REFERENCE_DATE
from fhir_fixtures import records as shipped
from tools.errors import BadArgument
from tools.records import StoredRecords, open_location

GROWN = "Adelina Maggio"
"""The shipped patient whose record is made larger and smaller: many diseases, all kinds of resources."""


def bench(
    records: Annotated[
        str, typer.Option("--records", "-r", help="A folder, file or archive.", show_default="the fixtures")
    ] = "",
    questions: Annotated[
        Path | None,
        typer.Option("--questions", "-q", help="JSON lines.", show_default="built-in ones, of every patient"),
    ] = None,
    now: Annotated[
        str, typer.Option("--now", help="The day of the built-in questions.", show_default="2026-01-01")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    no_fail: Annotated[bool, typer.Option("--no-fail", help="Status 0 even if a bar is missed.")] = False,
) -> None:
    """Measure everything that has a bar, and print one table."""
    rows = handled(lambda: _measured(records, questions, clock(now) if now else REFERENCE_DATE))
    if as_json:
        told = {"machine": machine(), "rows": [row.as_json() for row in rows]}
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    else:
        print_rows(output(), machine(), rows)
    if missed(rows) and not no_fail:
        raise typer.Exit(1)


def machine() -> str:
    """Return what the numbers were taken on, and how busy it was."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores{load}, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def _measured(records: str, questions: Path | None, now: date) -> list[Row]:
    location = Path(records or shipped()).expanduser()
    if location.suffix == ".db":
        raise BadArgument("--records", records, "the records a store was made from", "./synthea/fhir")
    with tempfile.TemporaryDirectory(prefix="fhir-assistant-bench-") as folder:
        cache = Path(folder)
        _say("reading the records")
        store, ingested = commands.measure_ingest(location, cache)
        source = StoredRecords(store)
        groups = asked.questions(source, questions, now)
        first = groups[0][0]
        _say("starting")
        started = commands.measure_start(location, cache, first.patient, first.question, first.now)
        _say("opening every record")
        opened = opening.measure(store, first.now)
        _say("asking")
        answered = answering.measure(source, groups)
        source.close()
        _say("asking large records")
        grown = open_location(str(shipped()), cache=cache)
        record = grown.open(grown.find(GROWN).reference, REFERENCE_DATE)
        scaled = scaling.measure(record, asked.WORDINGS, REFERENCE_DATE)
        grown.close()
    return [*answered[:5], *opened, *scaled, *started, *ingested, *prompt.sizes(), *answered[5:]]


def _say(what: str) -> None:
    if sys.stderr.isatty():
        errors().print(f"{what} …", style="dim")


if __name__ == "__main__":
    typer.run(bench)
