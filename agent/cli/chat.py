"""`fhir-assistant chat`: a conversation about one patient that streams its steps, cites, and remembers."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from agent.cli.conversation import conversations, new_name, patient_of
from agent.cli.options import (
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
from agent.cli.printing import line_safe, output, print_answer, print_table, record_sources
from agent.cli.progress import Drafting
from agent.cli.running import Running, with_model
from agent.cli.starting import settle, start
from tools.calls.errors import BadArgument

if TYPE_CHECKING:
    from agent.answer import Answer
    from agent.assistant import Assistant
    from agent.nodes import Step
    from tools.record.scope import Scope

_LEAVE = {"/quit", "/exit", "/q"}
_HELP = "Ask about the patient, in your own words; “and before that?” works. /sources shows where the last \
answer comes from, /help this, /quit leaves."


@with_model
def chat(
    patient: Patient = "",
    records: Records = "",
    now: Now = "",
    since: Since = "",
    until: Until = "",
    kinds: Kinds = "",
    conversation: Annotated[
        str,
        typer.Option(
            "--conversation",
            "-c",
            callback=readable,
            help="Name of the conversation, to go on with it later, e.g. monday-round.",
            show_default="a new one",
        ),
    ] = "",
    steps: Annotated[bool, typer.Option(help="Show which tools run, with what and to what end.")] = True,
    *,
    running: Running,
) -> None:
    """Talk about one patient.

    The conversation is kept in the data folder of the user, or in FHIR_ASSISTANT_DATA.
    """
    day, scope = clock(now), narrowed(kinds, since, until)
    here, console, file = source(records), output(), conversations()
    name = conversation.strip() or new_name()
    kept = patient_of(file, name)
    whom = here.find(patient if patient.strip() else kept or one_patient(here, patient))
    console.print(Text(f"{line_safe(whom.line())}. As of {day}. {_HELP}", style="dim"))
    if kept:
        console.print(Text(f"Going on with the conversation {line_safe(name)!r}.", style="dim"))
    options = {"--records": records, "--now": now, "--patient": whom.reference.partition("/")[2]}
    options |= {"--since": since, "--until": until, "--kinds": kinds}
    settle()
    talk = _Talk(start(here, running, file), whom.reference, day, scope, name, console, steps)
    try:
        talk.go_on()
    finally:
        again = [word for option, value in options.items() if value for word in (option, value)]
        command = shlex.join(["fhir-assistant", "chat", "--conversation", name, *again])
        console.print(Text(f"Kept. Go on with: {line_safe(command)}", style="dim"))


@dataclass(slots=True)
class _Talk:
    assistant: "Assistant"
    patient: str
    now: date
    scope: "Scope"
    name: str
    console: Console
    steps: bool
    last: "Answer | None" = None
    draft: "Drafting | None" = None

    def go_on(self) -> None:
        """Hear and answer until the user leaves."""
        while (said := _heard(self.console)) is not None:
            if said == "/help":
                self.console.print(Text(_HELP, style="dim"))
            elif said == "/sources":
                self._show_sources()
            elif said.startswith("/"):
                self.console.print(Text(f"There is no {line_safe(said)!r}. {_HELP}", style="yellow"))
            elif said:
                self._answer(said)

    def _answer(self, said: str) -> None:
        try:
            with Drafting(self.console) as self.draft:
                for step in self._run(said):
                    self._show(step)
        except BadArgument as wrong:
            self.console.print(Text(line_safe(str(wrong)), style="yellow"))

    def _run(self, said: str) -> "Iterator[Step]":
        if self.last and self.last.outcome == "asked back":
            return self.assistant.resume_stream(self.name, said, scope=self.scope)
        return self.assistant.stream(
            self.patient, said, now=self.now, conversation=self.name, scope=self.scope
        )

    def _show(self, step: "Step") -> None:
        if step.name == "writing" and self.draft:
            self.draft(step.data)
        elif step.name == "thinking" and self.steps:
            self.console.print(Text(f"  · thought: {line_safe(step.data)}", style="dim"))
        elif step.name == "check" and self.draft:
            self.draft.clear()
        if step.name == "answer":
            self.last = step.data
            print_answer(self.console, step.data)
            self.console.print()
        elif step.name == "call" and self.steps:
            self.console.print(Text(f"  · {_call(step.data)}", style="dim"))
        elif step.name == "check" and self.steps and not step.data["supported"]:
            self.console.print(Text("  · check: not all of it is supported, written again", style="dim"))

    def _show_sources(self) -> None:
        references = self.last.evidence if self.last else ()
        if not references:
            self.console.print(Text("No answer with sources yet.", style="dim"))
            return
        print_table(self.console, record_sources(references, self.assistant.record(self.patient, self.now)))


def _heard(console: Console) -> str | None:
    """The next line of the user; None when they leave."""
    try:
        said = _line(console)
    except EOFError:
        return None
    said = " ".join(said.split())
    return None if said.casefold() in _LEAVE else said


def _line(console: Console) -> str:
    if sys.stdin.isatty():
        return _typed(console)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    console.print(Text(f"you> {line_safe(line)}"))
    return line


def _typed(console: Console) -> str:
    with suppress(ImportError):
        import readline  # noqa: F401  arrows and history in input()
    try:
        return input("you> ")
    except (EOFError, KeyboardInterrupt):
        console.print()
        raise


def _call(data: dict[str, Any]) -> str:
    shown = ", ".join(f"{name}: {value}" for name, value in data["arguments"].items())
    return line_safe(f"{data['tool']}({shown}) – {data['outcome']}")
