"""`fhir-assistant evaluate score`: results -> verdicts, as a table and as a file."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.printing import say_aside
from evaluation.cli.options import Format, JudgeModel, Questions, Results, SetNow, questions, writable


def score(
    results: Results,
    questions_file: Questions,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", show_default=False, help="Also write each verdict here, one JSON line each."
        ),
    ] = None,
    judge: JudgeModel = "",
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Refuse gold answers that no rule can judge, instead of leaving them out."
        ),
    ] = False,
    format: Format = "auto",
    now: SetNow = "",
) -> None:
    """Judge a results file: right, wrong, abstained, failed, and undecided where no rule can tell."""
    from evaluation.cli.judging import entries_of, judge_of, print_verdicts
    from evaluation.score import save

    if out:
        writable(out)
    cases = questions(questions_file, format, now)
    if strict:
        _all_judgeable(cases)
    asked, _ = judge_of(judge)
    entries = entries_of(cases, results, asked)
    print_verdicts(entries)
    if out:
        save(out, (entry.score for entry in entries))
        say_aside(f"{len(entries)} verdicts: {out}")


def _all_judgeable(cases: list) -> None:  # type: ignore[type-arg]
    from evaluation.scorers import judgeable
    from tools.calls.errors import BadArgument

    for case in cases:
        if why := judgeable(case):
            wish = f"gold that a rule can judge ({why}); or --judge MODEL"
            raise BadArgument(f"question {case.id!r} gold", case.gold_text or list(case.answer), wish, "[58]")
