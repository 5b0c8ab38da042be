"""`fhir-assistant ask`: one question about one patient -> the answer with its sources."""

from typing import Annotated

import typer

from agent.cli.options import (
    AsJson,
    Kinds,
    Now,
    Patient,
    Records,
    Since,
    Until,
    clock,
    narrowed,
    one_patient,
    readable,
    source,
)
from agent.cli.printing import output, print_answer
from agent.cli.running import FELL_BACK, Running, with_model
from agent.cli.starting import start


@with_model
def ask(
    question: Annotated[
        str,
        typer.Argument(
            callback=readable,
            show_default=False,
            help='The question in your own words, e.g. "What was the last HbA1c?"',
        ),
    ],
    patient: Patient = "",
    records: Records = "",
    now: Now = "",
    since: Since = "",
    until: Until = "",
    kinds: Kinds = "",
    as_json: AsJson = False,
    *,
    running: Running,
) -> None:
    """Answer one question about one patient."""
    day, scope, here = clock(now), narrowed(kinds, since, until), source(records)
    whom = one_patient(here, patient)
    answer = start(here, running).ask(whom, question, now=day, scope=scope)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        print_answer(output(), answer)
    if answer.fallback:
        raise typer.Exit(FELL_BACK)
