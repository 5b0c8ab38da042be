"""`python -m agent.demo` (`make demo`): real questions about three patients that ship with the project.

Prints what `fhir-assistant ask` would, with the command, and how to go on. It needs no model, key or network.
"""

import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from agent.cli.failing import handled
from agent.cli.printing import errors, output, print_answer
from agent.cli.progress import Reading
from agent.cli.running import Running
from agent.cli.starting import start
from agent.models.options import ModelOptions
from fhir_fixtures import REFERENCE_DATE, records
from tools.calls.errors import SetupError

if TYPE_CHECKING:
    from tools.sources import OpenedRecords

QUESTIONS = (
    ("Adelina Maggio", "What was her last HbA1c?"),
    ("Adelina Maggio", "Which medications is she taking?"),
    ("Adelina Maggio", "How old was she when her diabetes was diagnosed?"),
    ("Teodoro Mata", "How many emergency visits since 2020?"),
    ("Teodoro Mata", "Was his systolic blood pressure ever above 150 since 2020?"),
    ("Teodoro Mata", "Has he ever had a stroke?"),
    ("Francesco Lueilwitz", "What is he allergic to?"),
    ("Francesco Lueilwitz", "When was his last flu shot?"),
    ("Francesco Lueilwitz", "Should he stop the albuterol?"),
)
_WELCOME = (
    "fhir-record-assistant: answers about one patient, computed from the FHIR record, each with its sources."
)
_GO_ON = """Go on:
  {patients}
      who else there is to ask about
  {chat}
      a conversation, with follow-up questions
  {ask} --records FOLDER --patient NAME "…"
      your own records: a folder, file or zip of FHIR R4 Bundles, or a Bulk Data export
  {ask} --json …
      the whole answer for programs: values, evidence, coverage, plan
README.md has the rest."""


def main() -> None:
    """Welcome, answer, and say how to go on."""
    console = output()
    console.print(Text(_WELCOME, style="bold"))
    with _fixtures() as here:
        assistant = start(here, Running("none", "auto", ModelOptions()))
        for patient, question in QUESTIONS:
            console.print()
            console.print(Text(f"$ {_ask(patient, question)}", style="green"))
            print_answer(console, assistant.ask(patient, question, now=REFERENCE_DATE))
    command = _command()
    chat = f'{command} chat --patient "Adelina Maggio" --now {REFERENCE_DATE}'
    console.print()
    console.print(Text(_GO_ON.format(patients=f"{command} patients", chat=chat, ask=f"{command} ask")))


@contextmanager
def _fixtures() -> "Iterator[OpenedRecords]":
    """Open the shipped records, in a temporary cache where the user's cannot be written."""
    from tools.sources import open_location

    errors().print(Text("Reading the 19 synthetic patients (the first time takes some seconds) …", "dim"))
    with tempfile.TemporaryDirectory(prefix="fhir-assistant-") as folder:
        with Reading(errors()) as reading:
            try:
                here = open_location(str(records()), progress=reading)
            except SetupError as error:
                errors().print(Text(f"{error}\nFor now the records are read into {folder}.", "yellow"))
                here = open_location(str(records()), cache=Path(folder), progress=reading)
        yield here
        here.close()


def _ask(patient: str, question: str) -> str:
    return f"{_command()} ask {shlex.quote(question)} --patient {shlex.quote(patient)} --now {REFERENCE_DATE}"


def _command() -> str:
    """The command as it can be called from here: the environment of `make demo` is not on the path."""
    beside = Path(sys.executable).with_name("fhir-assistant")
    if not beside.exists():
        return "python -m agent.cli"
    inside = beside.is_relative_to(Path.cwd())
    return str(beside.relative_to(Path.cwd())) if inside else str(beside)


if __name__ == "__main__":
    try:
        handled(main)
    except typer.Exit as end:
        sys.exit(end.exit_code)
