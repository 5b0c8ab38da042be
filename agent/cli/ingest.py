"""`fhir-assistant ingest`: records at a location -> a store, and a report of what was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.text import Text

from agent.cli.options import AsJson, unless_missing
from agent.cli.printing import errors, output, print_table, table_of
from agent.cli.progress import Reading
from agent.cli.starting import settle
from tools.calls.errors import BadArgument, SetupError
from tools.sources import IngestReport, StoredRecords, cached_store
from tools.sources import ingest as read_into

_ASIDE = ("file", "position", "resource", "reason")


def ingest(
    location: Annotated[
        str,
        typer.Argument(
            help="Where they are: a folder, a .json, .ndjson or .zip file (also .gz), e.g. ./synthea/fhir",
            show_default=False,
        ),
    ],
    store: Annotated[
        str,
        typer.Option(
            "--store",
            "-s",
            help="The store to write, a file, e.g. records.db; --records takes it then.",
            show_default="one in the cache, found again by the location",
        ),
    ] = "",
    listed: Annotated[
        int, typer.Option("--list", min=0, help="How many quarantined resources to list, e.g. 100.")
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """Read records into a store, or update it.

    Files that did not change are not read again; what is not valid FHIR R4 is left out and reported.
    """
    settle()
    path = _store(location, store)
    try:
        with Reading(errors()) as reading:
            report = read_into(location, path, reading)
    except SetupError as error:
        raise unless_missing(location, error, "LOCATION") from None
    aside = StoredRecords(path).quarantined()
    if as_json:
        shown = [dict(zip(_ASIDE, row, strict=True)) for row in aside]
        typer.echo(orjson.dumps({**asdict(report), "quarantine": shown}, option=orjson.OPT_INDENT_2))
    else:
        _print(output(), report, aside[:listed], len(aside))


def _store(location: str, store: str) -> Path:
    if not location.strip() or location.startswith(("http://", "https://")):
        wish = "a folder, a file or an archive (a server is not ingested, it is read where it is)"
        raise BadArgument("LOCATION", location, wish, "./synthea/fhir")
    if store and not store.endswith(".db"):
        raise BadArgument("--store", store, "a file name that ends in .db", "records.db")
    return Path(store).expanduser() if store else cached_store(Path(location))


def _print(console: Console, report: IngestReport, aside: Sequence[Sequence[str]], total: int) -> None:
    print_table(console, table_of(("", ""), _summary(report, total), headless=True))
    _section(console, "Resources", ("kind", "number"), _by_number(report.resources))
    _section(console, "Quarantined", ("reason", "number"), _by_number(report.quarantined))
    whole = len(aside) == total
    heading = "Quarantined, " + ("one by one" if whole else f"the first {len(aside)} of {total}")
    _section(console, heading, _ASIDE, aside)
    _section(console, "Read all the same", ("fault", "number"), _by_number(report.faults))
    _section(console, "Failed, wholly or from some point on", ("file", "reason"), report.failed)
    _section(console, "Skipped", ("file", "reason"), report.skipped)
    _section(console, "Problems", ("",), [(problem,) for problem in report.problems])


def _section(console: Console, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    if listed := list(rows):
        console.print()
        console.print(Text(title, style="bold"))
        print_table(console, table_of(headings, listed, headless=not any(headings)))


def _summary(report: IngestReport, quarantined: int) -> list[tuple[str, str]]:
    files = f"{report.read} read, {report.unchanged} unchanged, {len(report.failed)} failed"
    return [
        ("location", report.location),
        ("store", report.store),
        ("files", f"{files}, {len(report.skipped)} skipped, {report.removed} removed"),
        ("patients", str(report.patients)),
        ("resources", str(sum(report.resources.values()))),
        ("quarantined", str(quarantined)),
        ("seconds", f"{report.seconds:.1f}"),
    ]


def _by_number(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, str(n)) for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
