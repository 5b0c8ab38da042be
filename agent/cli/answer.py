"""`fhir-assistant answer`: a file of questions -> a file of answers, several patients at once, resumable."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from agent.cli.batch import answer_all
from agent.cli.options import Now, Records, clock, source
from agent.cli.printing import errors, line_safe
from agent.cli.progress import Answering
from agent.cli.questions import all_known, by_patient, load
from agent.cli.results import add, left_of
from agent.cli.running import FELL_BACK, Running, with_model


@with_model
def answer(
    questions: Annotated[
        Path,
        typer.Option(
            "--questions",
            "-q",
            show_default=False,
            help='JSON lines, e.g. {"id": "q1", "patient": "Adelina Maggio", "question": "How old is she?", '
            '"now": "2026-01-01"}',
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            show_default=False,
            help="Where the answers go, one JSON line each, e.g. results.jsonl; what it holds is kept.",
        ),
    ],
    records: Records = "",
    now: Now = "",
    workers: Annotated[
        int,
        typer.Option("--workers", "-w", min=0, help="Processes, e.g. 4.", show_default="one a core"),
    ] = 0,
    *,
    running: Running,
) -> None:
    """Answer a file of questions; how each ended is its `outcome`, and is counted at the end.

    Interrupted, even killed, it goes on where it stopped when it is called again.
    """
    asked = load(questions, clock(now) if now else None)
    left = left_of(asked, out)
    here = source(records)
    groups = list(by_patient(left))
    all_known(here, ((question.id, question.patient) for question in left))
    alone: list[str] = []
    ended: Counter[str] = Counter()
    with out.open("ab", buffering=0) as file, Answering(errors()) as shown:
        for number, line in enumerate(answer_all(here.location, running, groups, workers), 1):
            add(line.text, file, out)
            alone += filter(None, [line.fallback])
            ended[line.outcome] += 1
            shown(number, len(left))
    before = f"; {len(asked) - len(left)} were answered before" if len(asked) > len(left) else ""
    counted = ", ".join(f"{number} {outcome}" for outcome, number in ended.most_common())
    told = f"{counted or 'Nothing was left to answer'}{before}: {line_safe(str(out))}"
    errors().print(Text(told), soft_wrap=True)
    if alone:
        errors().print(
            Text(f"{len(alone)} without the model: {line_safe(alone[0])}", "yellow"), soft_wrap=True
        )
        raise typer.Exit(FELL_BACK)
