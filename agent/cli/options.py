"""The options that commands share, and what they mean: a location -> a record source, a day -> the clock."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tools.errors import BadArgument
from tools.records import RecordSource

Records = Annotated[
    str,
    typer.Option(
        "--records", "-r", envvar="FHIR_ASSISTANT_RECORDS", show_default="the 19 fixture patients",
        help="Where the records are: a folder, a .json, .ndjson, .zip (each also .gz), or a .db store.",
    ),
]  # fmt: skip
Patient = Annotated[
    str,
    typer.Option("--patient", "-p", help="Whose record: id, reference, identifier, or (part of) the name."),
]
Now = Annotated[
    str,
    typer.Option(
        "--now", show_default="today", help='The clock, e.g. 2021-07-01: "last year" counts from it.'
    ),
]
Model = Annotated[
    str,
    typer.Option("--model", "-m", help="Which model words the answers: none, auto."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


def clock(now: str) -> date:
    """Return the day the clock stands at.

    Raises:
        BadArgument: `now` is not an ISO day.
    """
    if not now:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(now)
    except ValueError:
        raise BadArgument("--now", now, "a day as YYYY-MM-DD", "2021-07-01") from None


def source(records: str) -> RecordSource:
    """Open the record source at a location, showing on stderr how far a first reading is."""
    from agent.cli.progress import Reading
    from tools.records import open_location

    with Reading(errors()) as reading:
        return open_location(location(records), progress=reading)


def location(records: str) -> str:
    """Return where the records are: as named, else the fixtures that ship with the package."""
    if records:
        return records
    from fhir_fixtures import records as shipped

    return str(shipped())


def errors() -> Console:
    """Return the console for everything that is not the answer."""
    return Console(stderr=True, highlight=False)


def output() -> Console:
    """Return the console for the answer."""
    return Console(highlight=False)


def data_folder() -> Path:
    """Return where conversations are kept for this user."""
    from platformdirs import user_data_path

    return user_data_path("fhir-record-assistant")
