"""`fhir-assistant evaluate compare`: two results files of the same questions -> which is better, and what changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import clock
from agent.cli.printing import line_safe, output
from evaluation.cli.options import Format, JudgeModel, Questions, SetNow, questions, writable
from evaluation.cli.report import save

if TYPE_CHECKING:
    from evaluation.comparing import Comparison


def _sentence(form: str, told: "Comparison", names: tuple[str, str]) -> str:
    whole, gap = told.overall, told.overall.difference
    between = (
        "" if gap.low is None or gap.high is None else f" (95 % interval {gap.low:+.1%} to {gap.high:+.1%})"
    )
    return (
        f"{form}: {names[0]} {whole.first.value:.1%}, {names[1]} {whole.second.value:.1%} right; difference "
        f"{gap.value:+.1%}{between}, McNemar p = {told.p:.2g}; only {names[0]} right {whole.only_first}, "
        f"only {names[1]} {whole.only_second}."
    )


def compare(
    first: Annotated[Path, typer.Argument(help="Results of one run.", show_default=False)],
    second: Annotated[Path, typer.Argument(help="Results of the other.", show_default=False)],
    questions_file: Questions,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="The page; the tables go beside it as .md, the numbers as .json."),
    ] = Path("compare.html"),
    judge: JudgeModel = "",
    format: Format = "auto",
    now: SetNow = "",
) -> None:
    """Compare two runs question by question: McNemar's test, the difference with its interval, what changed sides."""
    from evaluation.cli.judging import about, entries_of, judge_of
    from evaluation.report import compare as made

    writable(out)
    cases = questions(questions_file, format, now)
    asked, agreement = judge_of(judge)
    runs = [entries_of(cases, path, asked) for path in (first, second)]
    told = dict(about(runs[0], questions_file, clock("").isoformat()))
    del told["solver"], told["model"]
    names = (first.stem, second.stem)
    report = made(runs[0], runs[1], names=names, title="Comparison", about=told, agreement=agreement)
    for form, comparison in report.forms.items():
        output().print(line_safe(_sentence(form, comparison, names)), markup=False, soft_wrap=True)
    save(report, out)
