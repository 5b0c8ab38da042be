"""`fhir-assistant evaluate run`: questions -> a file of results, by the agent or a baseline, resumable."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from agent.cli.options import Records, source
from agent.cli.printing import errors, line_safe, say_aside
from agent.cli.progress import Answering
from agent.cli.running import FELL_BACK, Running, with_model
from evaluation.cli.options import Format, Questions, SetNow, questions, writable


@with_model
def run(
    questions_file: Questions,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", show_default=False,
            help="Where the results go, one JSON line each, e.g. results.jsonl; what it holds is kept.",
        ),
    ],
    records: Records = "",
    solver: Annotated[
        Literal["agent", "navigator", "whole-record"],
        typer.Option(
            "--solver",
            help="agent: this assistant. Baselines, with any model: navigator picks resource types and resources and "
            "reads their JSON; whole-record reads all of it, cut at the context.",
        ),
    ] = "agent",
    form: Annotated[
        Literal["both", "open", "choice"], typer.Option("--form", help="Ask openly, as multiple choice, or both.")
    ] = "both",
    runs: Annotated[
        int, typer.Option("--runs", min=1, help="How often each question is asked, to see whether answers stay.")
    ] = 1,
    shard: Annotated[
        str, typer.Option("--shard", help="One part of the questions, for many machines, e.g. 3/16.")
    ] = "1/1",
    workers: Annotated[
        int,
        typer.Option(
            "--workers", "-w", min=0, show_default="one a core; with a model 8",
            help="Processes without a model, questions in flight with one.",
        ),
    ] = 0,
    report: Annotated[
        Path | None, typer.Option("--report", show_default=False, help="Also write a report here, e.g. report.html.")
    ] = None,
    format: Format = "auto",
    now: SetNow = "",
    *,
    running: Running,
) -> None:  # fmt: skip
    """Ask a question file, and keep every answer as it comes.

    Interrupted, even killed, it goes on where it stopped when it is called again.
    """
    from evaluation.entries import FORMS
    from evaluation.running import Shard, Wanted
    from evaluation.running import run as ask

    if report:
        writable(report, "--report")
    forms = FORMS if form == "both" else (form,)
    wanted = Wanted(solver=solver, forms=forms, runs=runs, shard=Shard.parse(shard))
    cases = questions(questions_file, format, now)
    here = source(records)
    with Answering(errors()) as shown:
        done = ask(cases, out, here, running, wanted, workers=workers, progress=shown, tell=say_aside)
    before = f"; {done.kept} were there before" if done.kept else ""
    say_aside(f"{done.asked} answered{before}: {out}")
    if done.trouble:
        told = f"{done.failed} failed, {done.fell_back} without the model: {line_safe(done.trouble)}"
        errors().print(told, style="yellow", markup=False, soft_wrap=True)
    if report:
        _report(cases, questions_file, out, report, wanted.shard.of)
    if done.fell_back or done.failed:
        raise typer.Exit(FELL_BACK)


def _report(cases: list, questions_file: Path, results: Path, page: Path, parts: int) -> None:  # type: ignore[type-arg]
    from evaluation.cli.report import write_report

    if parts > 1:
        say_aside("No report of a part: merge the parts first, then `evaluate report`.")
        return
    write_report(cases, questions_file, results, page, judge="")
