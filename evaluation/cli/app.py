"""All commands of `fhir-assistant evaluate`."""

import typer

from evaluation.cli import build, compare, merge, played, report, run, score

_HELP = """Make question sets with gold answers, ask them, judge the answers, report.

From records to a report in two commands:

fhir-assistant evaluate build --out set.jsonl

fhir-assistant evaluate run --questions set.jsonl --model none --out run.jsonl --report report.html
"""

app = typer.Typer(
    name="evaluate",
    no_args_is_help=True,
    rich_markup_mode=None,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    build.build,
    run.run,
    score.score,
    report.report,
    compare.compare,
    merge.merge,
    played.played,
):
    app.command()(command)
