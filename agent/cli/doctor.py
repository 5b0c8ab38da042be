"""`fhir-assistant doctor`: what this machine can run, what a model takes, and what to type next."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from agent.cli.options import AsJson, readable
from agent.cli.printing import line_safe, output, print_table, table_of
from agent.cli.running import PlannerModel
from agent.models.options import ModelOptions

if TYPE_CHECKING:
    from agent.models.machine.telling import Examination

_UNABLE = 1


def doctor(
    model: Annotated[
        str,
        typer.Option(
            "--model", "-m", envvar="FHIR_ASSISTANT_MODEL", callback=readable,
            help="Which model to look at, as for ask: none, auto, medgemma-27b, medgemma-27b-text, medgemma-1.5-4b, "
            "medgemma-4b, a hub id, a folder, a .gguf file, or openai:BASE_URL#NAME, whose server is then asked for "
            "its models.",
        ),
    ] = "auto",
    planner_model: PlannerModel = "",
    context: Annotated[
        int, typer.Option("--context", min=2048, help="Tokens of prompt and answer together, e.g. 16384.")
    ] = ModelOptions().context,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say what this machine can run, and what to type next. Exit status 1 if a model cannot run."""
    from agent.models.machine.telling import examine

    found = examine(model, ModelOptions(context=context), planner=planner_model)
    if as_json:
        _print_json(found)
    else:
        _print(output(), found)
    if not found.runs:
        raise typer.Exit(_UNABLE)


def _print_json(found: "Examination") -> None:
    import orjson

    from agent.models.machine.telling import values

    typer.echo(orjson.dumps(values(found), option=orjson.OPT_INDENT_2))


def _print(console: Console, found: "Examination") -> None:
    from agent.models.machine.telling import sections

    for section in sections(found):
        console.print(Text(section.title, "bold"), soft_wrap=True)
        headless = not any(section.headings)
        print_table(console, table_of(section.headings, section.rows, headless=headless))
        console.print()
    for judged in found.judged:
        console.print(Text(f"{judged.option} {line_safe(judged.asked)}", "bold"), soft_wrap=True)
        console.print(Text(line_safe(judged.judgement.why)), soft_wrap=True)
        console.print()
    console.print(Text("Next", "bold"))
    for step in dict.fromkeys(step for judged in found.judged for step in judged.judgement.steps):
        console.print(Text(line_safe(step.text) + (":" if step.command else "")), soft_wrap=True)
        if step.command:
            console.print(Text(f"    {line_safe(step.command)}"), soft_wrap=True)
