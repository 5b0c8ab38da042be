"""`fhir-assistant ask`: one question about one patient -> the answer with its sources."""

from typing import Annotated

import typer

from agent.cli.options import AsJson, Model, Now, Patient, Records, clock, one_patient, readable, source
from agent.cli.printing import output, print_answer
from agent.cli.starting import start


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
    model: Model = "auto",
    as_json: AsJson = False,
) -> None:
    """Answer one question about one patient."""
    day, here = clock(now), source(records)
    whom = one_patient(here, patient)
    answer = start(here, model).ask(whom, question, now=day)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        print_answer(output(), answer)
