"""`fhir-assistant evaluate report`: results -> a page that opens anywhere, tables in Markdown, numbers in JSON."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import clock
from agent.cli.printing import say_aside
from evaluation.cli.options import Format, JudgeModel, Questions, Results, SetNow, questions, writable

if TYPE_CHECKING:
    from evaluation.dataset import Case
    from evaluation.report import ComparisonReport, Report


def report(
    results: Results,
    questions_file: Questions,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="The page; the tables go beside it as .md, the numbers as .json."
        ),
    ] = Path("report.html"),
    judge: JudgeModel = "",
    format: Format = "auto",
    now: SetNow = "",
) -> None:  # fmt: skip
    """Judge a results file and write the report: charts, tables with intervals, every failure."""
    writable(out)
    write_report(questions(questions_file, format, now), questions_file, results, out, judge)


def write_report(cases: "list[Case]", questions_file: Path, results: Path, out: Path, judge: str) -> None:
    """Judge, print the verdicts and write page, tables and numbers.

    Raises:
        BadArgument: the results are not these questions'.
    """
    from evaluation.cli.judging import about, entries_of, judge_of, print_verdicts
    from evaluation.report import report as made

    asked, agreement = judge_of(judge)
    entries = entries_of(cases, results, asked)
    told = about(entries, questions_file, clock("").isoformat())
    print_verdicts(entries)
    save(made(entries, title="Evaluation", about=told, agreement=agreement), out)


def save(made: "Report | ComparisonReport", out: Path) -> None:
    """Write a report in its three forms."""
    texts = {out: made.html(), out.with_suffix(".md"): made.markdown(), out.with_suffix(".json"): made.json()}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    say_aside(f"Report: {', '.join(map(str, texts))}")
