"""All commands of `fhir-assistant`, each in the file of its name. A command's imports happen when it runs."""

from typing import Annotated

import typer

from agent.cli import answer, ask, chat, doctor, graph, ingest, patients, show
from agent.cli.failing import Speaking

_HELP = """Answers questions about one patient from the FHIR R4 record, with its sources.

Reads only; reports what is recorded, never advises. Without --records it reads the synthetic patients that
ship with it. Try:

fhir-assistant ask "What medications is she taking?" --patient "Adelina Maggio" --now 2026-01-01
"""
_EPILOG = (
    "Exit status: 0 done (also when the record does not say), 1 failed, 2 wrong call, 3 answered without the model "
    "that was asked for, 4 of replay: another answer now, 5 of ask: not understood, 130 interrupted."
)

app = typer.Typer(
    cls=Speaking,
    name="fhir-assistant",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    ask.ask,
    chat.chat,
    answer.answer,
    patients.patients,
    ingest.ingest,
    show.show,
    graph.graph,
    doctor.doctor,
):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from agent.cli.version import version

        typer.echo(f"fhir-assistant {version()}")
        raise typer.Exit


@app.callback(help=_HELP, epilog=_EPILOG)
def _assistant(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass
