"""The options that commands share, and what they mean: a location -> a record source, a day -> the clock."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.printing import errors
from tools.calls.errors import BadArgument, SetupError

if TYPE_CHECKING:
    from tools.record.scope import Scope
    from tools.sources import OpenedRecords, RecordSource

DATA_VARIABLE = "FHIR_ASSISTANT_DATA"


def readable(text: str) -> str:
    """Refuse bytes that are no text: nothing could be looked up, printed or stored with them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("expected text in UTF-8.") from None
    return text


Records = Annotated[
    str,
    typer.Option(
        "--records", "-r", envvar="FHIR_ASSISTANT_RECORDS", show_default="the 19 patients that ship with it",
        help="Where the records are: a folder, a .json, .ndjson or .zip file (also .gz), or a .db store, "
        "e.g. ./synthea/fhir. It is read once into a cache (FHIR_ASSISTANT_CACHE).",
    ),
]  # fmt: skip
Patient = Annotated[
    str,
    typer.Option(
        "--patient", "-p", callback=readable, show_default=False,
        help="Whose record: a name or part of it, an id, an identifier or a birth date, "
        'e.g. "Adelina Maggio". Not needed if there is only one.',
    ),
]  # fmt: skip
Now = Annotated[
    str,
    typer.Option(
        "--now", show_default="today",
        help='The day of the question as YYYY-MM-DD, e.g. 2026-01-01: "last year" counts from it, and '
        "nothing after it is read.",
    ),
]  # fmt: skip
Kinds = Annotated[
    str,
    typer.Option(
        "--kinds", callback=readable, show_default="all",
        help="Look only at these kinds of entries: words or FHIR resource types, separated by commas, e.g. "
        '"observation, medication".',
    ),
]  # fmt: skip
Since = Annotated[
    str,
    typer.Option(
        "--since", show_default="the beginning",
        help="Look only at what was on this day or later, YYYY-MM-DD; what lasted into it is there.",
    ),
]  # fmt: skip
Until = Annotated[
    str, typer.Option("--until", show_default="the day of the question", help="Look only at what was by this day.")
]  # fmt: skip
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON for programs instead of text for people, e.g. for jq.")
]


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
        raise BadArgument("--now", now, "a day as YYYY-MM-DD", "2026-01-01") from None


def narrowed(kinds: str, since: str, until: str) -> "Scope":
    """Return what of a record is looked at.

    Raises:
        BadArgument: a kind or a day is not understood.
    """
    from tools.record.scope import Scope

    return Scope.of(filter(str.strip, kinds.split(",")), since, until)


def source(records: str) -> "OpenedRecords":
    """Open the record source at a location, showing on stderr how far a first reading is.

    Raises:
        BadParameter: the location does not exist.
        SetupError: nothing there is a record, or it cannot be cached.
    """
    from agent.cli.progress import Reading
    from tools.sources import open_location

    where = location(records)
    try:
        with Reading(errors()) as reading:
            return open_location(where, progress=reading)
    except SetupError as error:
        raise unless_missing(where, error, "--records") from None


def unless_missing(where: str, error: SetupError, argument: str) -> Exception:
    """Return what to raise: a location that is not there is a wrong call, not a failed run."""
    if os.path.exists(Path(where).expanduser()):
        return error
    return typer.BadParameter(str(error), param_hint=argument)


def location(records: str) -> str:
    """Return where the records are: as named, else the fixtures that ship with the package."""
    if records:
        return records
    from fhir_fixtures import records as shipped

    return str(shipped())


def one_patient(records: "RecordSource", patient: str) -> str:
    """Return whom the question is about: the one named, or the only one there is.

    Raises:
        BadArgument: nobody was named and the records hold several patients.
    """
    if patient.strip():
        return patient
    everyone = records.patients()
    if len(everyone) == 1:
        return everyone[0].reference
    wish = f"whose record to read, one of {len(everyone)} (fhir-assistant patients lists them)"
    raise BadArgument("--patient", patient, wish, everyone[0].name if everyone else "a name")


def data_folder() -> Path:
    """Return where conversations are kept for this user: FHIR_ASSISTANT_DATA, or the user's data folder."""
    from platformdirs import user_data_path

    named = os.environ.get(DATA_VARIABLE)
    return Path(named).expanduser() if named else user_data_path("fhir-record-assistant")
