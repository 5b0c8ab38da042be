"""The options that the commands of `evaluate` share, and the question file they name."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.cli.options import clock
from agent.cli.printing import line_safe, say_aside
from tools.calls.errors import BadArgument

if TYPE_CHECKING:
    from evaluation.dataset import Case

Out = Annotated[
    Path, typer.Option("--out", "-o", show_default=False, help="The file to write, e.g. set.jsonl.")
]
Questions = Annotated[
    Path,
    typer.Option(
        "--questions", "-q", show_default=False,
        help="The question file: ours, or EHRQA, FHIRPath-QA, FHIR-AgentBench, MedAgentBench in its published form.",
    ),
]  # fmt: skip
Format = Annotated[
    Literal["auto", "own", "ehrqa", "fhirpath-qa", "fhir-agentbench", "medagentbench"],
    typer.Option("--format", help="The form of the question file; auto tells it from the fields."),
]
SetNow = Annotated[
    str, typer.Option("--now", show_default=False, help="The clock of questions that name none, YYYY-MM-DD.")
]
Results = Annotated[
    Path, typer.Argument(help="A results file that `evaluate run` wrote.", show_default=False)
]
JudgeModel = Annotated[
    str,
    typer.Option(
        "--judge", show_default=False,
        help="A model for what no rule can decide, as --model of run; its agreement with people is measured first "
        "and printed beside every number it made. Without one such answers stay undecided.",
    ),
]  # fmt: skip


def writable(out: Path, option: str = "--out") -> None:
    """Refuse a file that could not be written in the end.

    Raises:
        BadArgument: its folder is missing, it is a folder, or it is not to be written to.
    """
    place = out if out.exists() else out.parent
    if out.is_dir() or not place.exists() or not os.access(place, os.W_OK):
        raise BadArgument(option, str(out), "a file in a folder that can be written to", "report.html")


def questions(path: Path, fmt: str, now: str) -> "list[Case]":
    """Return the cases of a question file; says what form it has and what of it was left out.

    Raises:
        BadArgument: as `evaluation.sets.load`.
    """
    from evaluation.sets import load

    loaded = load(path, now=clock(now) if now else None, fmt=fmt)  # type: ignore[arg-type]
    if loaded.form != "own":
        say_aside(f"{path.name}: {len(loaded.cases)} questions in the form of {loaded.form}.")
    for reason, count in loaded.left_out.items():
        say_aside(f"{count} left out: {line_safe(reason)}.")
    return list(loaded.cases)
