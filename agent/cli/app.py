"""All commands of `fhir-assistant`, each in the file of its name. A command's imports happen when it runs."""

import typer

from agent.cli import answer, ask, chat, graph, ingest, patients, show

app = typer.Typer(
    name="fhir-assistant",
    help="Answers questions about one patient from the FHIR R4 record, with its sources. Reads only; reports, "
    'never advises. Try: fhir-assistant ask "What medications is the patient taking?" --patient Wilbur',
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (ask.ask, chat.chat, answer.answer, patients.patients, ingest.ingest, show.show, graph.graph):
    app.command()(command)
