"""`fhir-assistant ask`: one question about one patient -> the answer with its sources."""

from typing import Annotated

import typer

from agent.cli.options import AsJson, Model, Now, Patient, Records, clock, output, source
from agent.cli.printing import print_answer
from tools.errors import BadArgument
from tools.records import RecordSource


def ask(
    question: Annotated[str, typer.Argument(help="The question, in your own words.", show_default=False)],
    patient: Patient = "",
    records: Records = "",
    now: Now = "",
    model: Model = "auto",
    as_json: AsJson = False,
) -> None:
    """Answer one question about one patient."""
    from agent.assistant import Assistant

    day = clock(now)
    records_here = source(records)
    answer = Assistant(records_here, model=model).ask(one_patient(records_here, patient), question, now=day)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        print_answer(output(), answer)


def one_patient(records: RecordSource, patient: str) -> str:
    """Return whom the question is about: the one named, or the only one there is.

    Raises:
        BadArgument: nobody was named and the records hold several patients.
    """
    if patient.strip():
        return patient
    everyone = records.patients()
    if len(everyone) == 1:
        return everyone[0].reference
    raise BadArgument(
        "--patient", patient, f"whose record to read, one of {len(everyone)} (fhir-assistant patients lists them)",
        everyone[0].name if everyone else "a name",
    )  # fmt: skip
