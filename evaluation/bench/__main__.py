"""The command: where the records are -> one table of everything that has a bar; status 1 if one is missed."""

import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated

import orjson
import typer

from agent.cli.bars import Row, machine, missed, print_rows
from agent.cli.failing import handled
from agent.cli.options import clock
from agent.cli.printing import errors, output
from evaluation.bench import (
    answering,
    asked,
    commands,
    growth,
    many_results,
    opening,
    prompting,
    published,
    reading,
    scaling,
    sizes,
)
from evaluation.bench.answering import Answers
from evaluation.bench.tokens import TOKENIZER_VARIABLE, Tokens, at_hand
from fhir_fixtures import REFERENCE_DATE
from fhir_fixtures import records as shipped
from tools.calls.errors import BadArgument
from tools.sources import StoredRecords, open_location
from tools.sources.source import RecordSource

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
    tokenizer: Annotated[
        str,
        typer.Option(
            "--tokenizer",
            envvar=TOKENIZER_VARIABLE,
            help="A folder with a tokenizer.json.",
            show_default="Gemma's if it is here, else characters / 3.5",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    no_fail: Annotated[bool, typer.Option("--no-fail", help="Status 0 even if a bar is missed.")] = False,
) -> None:
    """Measure everything that has a bar, and print one table."""
    rows = handled(lambda: _measured(records, questions, clock(now) if now else REFERENCE_DATE, tokenizer))
    if as_json:
        told = {"machine": machine(), "rows": [row.as_json() for row in rows]}
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    else:
        print_rows(output(), machine(), rows)
    if missed(rows) and not no_fail:
        raise typer.Exit(1)


def _measured(records: str, questions: Path | None, now: date, tokenizer: str) -> list[Row]:
    location = Path(records or shipped()).expanduser()
    if location.suffix == ".db":
        raise BadArgument("--records", records, "the records a store was made from", "./synthea/fhir")
    _say("opening the tokenizer")
    tokens = at_hand(tokenizer)
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
        seen = answering.ask(source, groups)
        answered = answering.rows(seen)
        read = _read(source, seen.answers, tokens)
        source.close()
        scaled, grown = _fixtures(cache, tokens, compared=bool(records))
        _say("asking what nobody had seen")
        unseen = _unseen(cache)
        _say("reading many results")
        many = many_results.measure(cache)
    return [
        *unseen,
        *answered,
        *opened,
        *scaled,
        *many,
        *started,
        *ingested,
        *sizes.tool_rows(tokens),
        *read,
        *grown,
    ]


def _unseen(cache: Path) -> list[Row]:
    fixtures = open_location(str(shipped()), cache=cache)
    rows = reading.measure(fixtures)
    fixtures.close()
    return rows


def _read(source: RecordSource, answers: Answers, tokens: Tokens) -> list[Row]:
    """Return how much a model reads of these records."""
    _say("counting prompts")
    return [
        *sizes.evidence_rows(source, answers, tokens),
        *prompting.measure(source, answers, tokens),
        *prompting.measure_dearer(source, answers, tokens),
        *published.measure(source, answers, tokens),
    ]


def _fixtures(cache: Path, tokens: Tokens, compared: bool) -> tuple[list[Row], list[Row]]:
    """Return seconds on a large record made of a fixture, and how much a model reads of it and of all fixtures.

    Args:
        cache: where their store is or will be.
        tokens: the count.
        compared: the other rows are about other records.
    """
    fixtures = open_location(str(shipped()), cache=cache)
    small, large = scaling.pair(fixtures.open(fixtures.find(GROWN).reference, REFERENCE_DATE))
    _say("asking large records")
    scaled = scaling.measure(small, large, asked.WORDINGS, REFERENCE_DATE)
    read = growth.measure(small, large, asked.WORDINGS, REFERENCE_DATE, tokens)
    if compared:
        _say("counting prompts of the fixtures")
        answers = answering.ask(fixtures, asked.questions(fixtures, None, REFERENCE_DATE)).answers
        read += prompting.measure(fixtures, answers, tokens, ", fixtures")
        read += published.measure(fixtures, answers, tokens, ", fixtures")
    fixtures.close()
    return scaled, read


def _say(what: str) -> None:
    if sys.stderr.isatty():
        errors().print(f"{what} …", style="dim")


if __name__ == "__main__":
    typer.run(bench)
