"""`fhir-assistant ask`: one question about one patient -> the answer with its sources."""

from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.failing import FAILED
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

if TYPE_CHECKING:
    from agent.answer import Answer

NOT_UNDERSTOOD = 5
"""Exit status: what the question means could not be told, so nothing is said of the record."""


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
    """Answer one question about one patient.

    What is no answer begins with how the question ended: [not recorded], [unreadable], [not understood], [declined],
    [asked back] or [failed]; with --json it is `outcome`.
    """
    day, scope, here = clock(now), narrowed(kinds, since, until), source(records)
    whom = one_patient(here, patient)
    answer = start(here, running).ask(whom, question, now=day, scope=scope)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        print_answer(output(), answer)
    if status := _status(answer):
        raise typer.Exit(status)


def _status(answer: "Answer") -> int:
    if answer.outcome == "failed":
        return FAILED
    if answer.outcome == "not understood":
        return NOT_UNDERSTOOD
    return FELL_BACK if answer.fallback else 0
