"""`make score`: the committed question set, asked without a model -> its score in README.md and the chart beside it.

`--rebuild` makes the set anew first. Left out: judging a score; the bars stand beside it.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from agent.cli.failing import handled
from agent.cli.options import location, source
from agent.cli.printing import errors, say_aside
from agent.cli.progress import Answering
from agent.cli.running import Running
from agent.models import ModelOptions
from evaluation import building, dataset, result
from evaluation.dataset import Case
from evaluation.entries import Entry, aligned
from evaluation.metrics import summaries
from evaluation.metrics.intervals import Share
from evaluation.report.charts import accuracy
from evaluation.report.svg import standalone
from evaluation.running import Wanted, run
from evaluation.scorers import score_all
from fhir_fixtures import REFERENCE_DATE, questions
from tools.sources import OpenedRecords

PER_PATIENT, SEED = 200, 1
ROOT = Path(__file__).parents[1]
CHART = ROOT / "evaluation" / "accuracy.svg"
_TABLE = re.compile(r"(<!-- score -->\n).*?(?=<!-- /score -->)", re.DOTALL)
_HEAD = "| category | open | wrong | multiple choice | wrong |\n|---|---|---|---|---|\n"


def standing(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the question set anew first.")] = False,
) -> None:
    """Ask the committed question set without a model, and write its score into README.md."""
    if rebuild:
        dataset.save(questions(), built())
    with TemporaryDirectory(prefix="fhir-assistant-score-") as folder:
        entries = handled(lambda: asked(dataset.load(questions()), Path(folder) / "results.jsonl"))
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(_TABLE.sub(lambda m: m[1] + table(entries), text), encoding="utf-8")
    CHART.write_text(standalone(accuracy(summaries(entries), ()).svg), encoding="utf-8")
    typer.echo(table(entries))


def built() -> list[Case]:
    """Return the cases of the committed set."""
    where = Path(location(""))
    return list(building.cases(where, patients=0, per_patient=PER_PATIENT, seed=SEED, now=REFERENCE_DATE))


def asked(cases: Sequence[Case], out: Path, here: OpenedRecords | None = None) -> list[Entry]:
    """Return the scored answers of the built-in planner and writer."""
    running = Running(model="none", planner="builtin", options=ModelOptions())
    with Answering(errors()) as shown:
        done = run(cases, out, here or source(""), running, Wanted(), progress=shown)
    say_aside(f"{done.asked} answers")
    results = result.load(out)
    return aligned(cases, results, score_all(cases, results))


def table(entries: Sequence[Entry]) -> str:
    """Return the score by category, as README.md shows it."""
    told = summaries(entries)
    first, second = told["open"], told["choice"]
    rows = [(name, first.by["category"][name], second.by["category"][name]) for name in first.by["category"]]
    lines = [
        f"| {name} | {_percent(one.right)} | {_percent(one.wrong)} | {_percent(two.right)} | {_percent(two.wrong)} |\n"
        for name, one, two in (*rows, ("**all**", first.rates, second.rates))
    ]
    return _HEAD + "".join(lines)


def _percent(share: Share) -> str:
    return f"{share.value:.1%}".replace("%", " %")


if __name__ == "__main__":
    typer.run(standing)
