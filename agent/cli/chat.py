"""`fhir-assistant chat`: a conversation about one patient that streams its steps, cites, and remembers."""

import uuid
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.prompt import Prompt
from rich.text import Text

from agent.answer import Answer
from agent.assistant import Assistant
from agent.cli.ask import one_patient
from agent.cli.options import Model, Now, Patient, Records, clock, data_folder, output, source
from agent.cli.printing import print_answer, safe
from agent.nodes import Step
from tools.errors import BadArgument

_LEAVE = {"/quit", "/exit", "quit", "exit", "bye"}
_HELP = "Ask about the patient; follow-ups such as “and before that?” work. /quit leaves, /help says this."


def chat(
    patient: Patient = "",
    records: Records = "",
    now: Now = "",
    model: Model = "auto",
    conversation: Annotated[
        str,
        typer.Option(
            "--conversation",
            "-c",
            help="Go on with an earlier conversation, by its name.",
            show_default="a new one",
        ),
    ] = "",
    steps: Annotated[bool, typer.Option(help="Show which tools run.")] = True,
) -> None:
    """Talk about one patient; the conversation is kept."""
    day, console, here = clock(now), output(), source(records)
    whom = here.find(one_patient(here, patient))
    assistant = Assistant(here, model=model, conversations=data_folder() / "conversations.db")
    name = conversation or uuid.uuid4().hex[:8]
    console.print(Text(f"{safe(whom.line())}. As of {day}. {_HELP}", style="dim"))
    waiting = False
    while (said := _heard(console)) is not None:
        if said == "/help":
            console.print(Text(_HELP, style="dim"))
            continue
        try:
            run = (
                assistant.resume_stream(name, said)
                if waiting
                else assistant.stream(whom.reference, said, now=day, conversation=name)
            )
            waiting = bool(_follow(console, run, steps).ask_back)
        except BadArgument as wrong:
            console.print(Text(str(wrong), style="yellow"))
    console.print(
        Text(
            f"Kept. Go on with: fhir-assistant chat --conversation {name} --patient {whom.reference.partition('/')[2]}",
            style="dim",
        )
    )


def _heard(console: Console) -> str | None:
    """The next line of the user; None when they leave."""
    try:
        said = Prompt.ask("[bold]you[/bold]", console=console, default="", show_default=False).strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return None
    if said.casefold() in _LEAVE:
        return None
    return said or "/help"


def _follow(console: Console, run: Iterator[Step], steps: bool) -> Answer:
    """Show the steps as they happen and return the answer at their end."""
    for step in run:
        if isinstance(step.data, Answer):
            print_answer(console, step.data)
            return step.data
        if steps and step.name == "call":
            console.print(Text(f"  · {_call(step.data)}", style="dim"))
    raise AssertionError("a run ends with its answer")


def _call(data: dict[str, object]) -> str:
    arguments = data["arguments"]
    shown = ", ".join(f"{k}: {v}" for k, v in arguments.items()) if isinstance(arguments, dict) else ""
    return safe(f"{data['tool']}({shown}) – {data['outcome']}")
