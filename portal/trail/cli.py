"""`fhir-assistant replay` and `fhir-assistant trail`: an answer run again; who saw what."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.text import Text

from agent.cli.options import AsJson, Records, data_folder, readable, source
from agent.cli.printing import line_safe, output, print_table, table_of
from agent.cli.running import FELL_BACK, Running, with_model
from agent.cli.starting import start
from tools.calls.errors import BadArgument, SetupError

if TYPE_CHECKING:
    from agent.answer import Answer
    from portal.trail.difference import Change, Difference
    from portal.trail.reading import Kept

DIFFERENT = 4
"""Exit status of `replay`: the record says something else now."""
_MISSING = "This needs {}, which is not installed: pip install 'fhir-record-assistant[portal]'."
_HEADINGS = ("when", "what", "who", "patient", "outcome", "of")

replay_app = typer.Typer(add_completion=False, rich_markup_mode=None)
trail_app = typer.Typer(add_completion=False, rich_markup_mode=None)
_Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="FHIR_ASSISTANT_DATABASE",
        show_default="a file in the user's data folder",
        help="Where the portal keeps conversations and the trail: sqlite:///PATH or postgresql://USER@HOST/NAME",
    ),
]


@replay_app.command("replay")
@with_model
def replay(
    answer: Annotated[
        str,
        typer.Argument(
            callback=readable,
            show_default=False,
            help="A file with an answer as `ask --json` prints it, or the id of an answer in --database.",
        ),
    ],
    records: Records = "",
    database: _Database = "",
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Ask the whole question again, of the model too, and compare the words; else only the plan is run "
            "again, which takes no model. A question that refers to one before it does not stand alone.",
        ),
    ] = False,
    as_json: AsJson = False,
    *,
    running: Running,
) -> None:
    """Run an answer again, on the record as it is now, and show what differs.

    The plan of the answer (its tool calls) runs under the answer's own day. Compared are values, unit, evidence, what
    could not be read and, where no model wrote the answer, its words and citations. Exit status: 0 the same,
    4 different, 2 there is no such answer or patient.
    """
    from portal.trail.difference import difference

    before = _given(answer, database)
    after = _once_more(before, records, running, again)
    found = difference(before, after)
    if as_json:
        typer.echo(orjson.dumps(_shown(found, before, after), option=orjson.OPT_INDENT_2))
    else:
        _print(found, before)
    if not found.same:
        raise typer.Exit(DIFFERENT)
    if again and after.fallback:
        raise typer.Exit(FELL_BACK)


@trail_app.command("trail")
def trail(
    patient: Annotated[
        str,
        typer.Option("--patient", "-p", callback=readable, help='Of one patient: an id or "Patient/…".'),
    ] = "",
    since: Annotated[
        str,
        typer.Option("--since", help="From this day or time on, e.g. 2026-01-01 or 2026-01-01T08:00+01:00."),
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="So many, the newest; 0 is all.")] = 0,
    database: _Database = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print FHIR, an AuditEvent or Provenance a line (NDJSON).")
    ] = False,
) -> None:
    """Show who saw what, and what answers were made from: the newest first. For auditors.

    It reads the portal's database itself, so whoever may do that sees the trail of everyone; this reading is not in it.
    """
    first = _since(since)
    about = f"Patient/{patient.strip().removeprefix('Patient/')}" if patient.strip() else ""
    try:
        from portal.trail.opening import opened_database
        from portal.trail.reading import Wanted, every
    except ModuleNotFoundError as missing:
        raise SetupError(_MISSING.format(missing.name)) from None
    with opened_database(database or _own()) as kept:
        events = every(kept, Wanted(patient=about, since=first), limit)
        if as_json:
            for event in events:
                typer.echo(event.resource)
            return
        rows = list(_rows(events))
    if rows:
        print_table(output(), table_of(_HEADINGS, rows))
    else:
        output().print(Text("Nothing was kept."))


def _given(answer: str, database: str) -> "Answer":
    from portal.trail.given import from_database, from_file

    path = Path(answer).expanduser()
    if path.is_file():
        return from_file(path)
    try:
        return from_database(database or _own(), answer)
    except ModuleNotFoundError as missing:
        raise SetupError(_MISSING.format(missing.name)) from None
    except SetupError:
        if database:
            raise
        wish = "a file, or with --database the id of an answer"
        raise BadArgument("ANSWER", answer, wish, "answer.json") from None


def _once_more(before: "Answer", records: str, running: Running, again: bool) -> "Answer":
    from dataclasses import replace
    from datetime import date

    from agent.answer import scope_of

    here = source(records)
    if not again:
        return start(here, replace(running, model="none")).replay(before)
    assistant = start(here, running)
    day = date.fromisoformat(before.now)
    return assistant.ask(before.patient, before.question, now=day, scope=scope_of(before))


def _print(found: "Difference", before: "Answer") -> None:
    console = output()
    said = "The same" if found.same else "Different"
    told = f"{said}, on the record as it is now: {line_safe(before.question)}"
    console.print(Text(told, "bold"), soft_wrap=True)
    rows = [row for change in found.changes for row in _lines(change)]
    if rows:
        print_table(console, table_of(("", "", ""), rows, headless=True))
    if not found.text_compared:
        told = f"The words were not compared: {line_safe(before.usage.model)} wrote them (--again asks it again)."
        console.print(Text(told), soft_wrap=True)


def _lines(change: "Change") -> Iterable[tuple[str, str, str]]:
    """The lines of a table: what was there before only after a minus, what is there now only after a plus."""
    gone, new = change.gone, change.new
    if not gone and not new:  # in another order, or as often
        gone, new = ["; ".join(change.before)], ["; ".join(change.after)]
    marked = [*(("-", line) for line in gone), *(("+", line) for line in new)]
    for number, (mark, line) in enumerate(marked):
        yield (change.what if number == 0 else "", mark, line)


def _shown(found: "Difference", before: "Answer", after: "Answer") -> dict[str, object]:
    changes = {
        change.what: {"before": list(change.before), "after": list(change.after)} for change in found.changes
    }
    return {
        "same": found.same,
        "text_compared": found.text_compared,
        "changes": changes,
        "before": before.model_dump(mode="json"),
        "after": after.model_dump(mode="json"),
    }


def _rows(events: "Iterable[Kept]") -> Iterator[tuple[str, ...]]:
    for event in events:
        resource = event.parsed()
        when = datetime.fromtimestamp(event.at, UTC).isoformat(timespec="seconds")
        number = len(resource.get("entity", ()))
        outcome = resource.get("outcomeDesc") or {"0": "done"}.get(resource.get("outcome", "0"), "failed")
        of = f"{number} entit{'y' if number == 1 else 'ies'}"
        yield (when, event.kind, event.subject, event.patient, outcome, of)


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise BadArgument("--since", text, "a day or time", "2026-01-01") from None


def _own() -> str:
    return f"sqlite:///{data_folder() / 'portal.db'}"
