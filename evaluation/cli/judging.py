"""Question and results files -> scored entries, what to say of a judge, and the table of verdicts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.printing import output, print_table, say_aside, table_of

if TYPE_CHECKING:
    from evaluation.dataset import Case
    from evaluation.entries import Entry
    from evaluation.metrics.intervals import Share
    from evaluation.scorers.judge import Judge

_HEADINGS = ("form", "category", "questions", "right", "wrong", "abstained", "failed", "undecided")


def judge_of(model: str) -> "tuple[Judge | None, str]":
    """Return the judge and the sentence on its agreement with people; none and "" without a model.

    Raises:
        BadArgument: the model string names nothing.
        ModelFailure: the model cannot be run here.
    """
    if not model:
        return None, ""
    from agent.models import Door, choose
    from evaluation.scorers.agreement import agreement, labelled
    from evaluation.scorers.judge import Judge

    judge = Judge(Door(choose(model), say_aside)())
    told = agreement(judge, labelled()).sentence
    say_aside(told)
    return judge, told


def entries_of(cases: "Sequence[Case]", results: Path, judge: "Judge | None") -> "list[Entry]":
    """Return the scored entries of a results file.

    Raises:
        BadArgument: it is no results file, or not one of these questions; the message names line or id.
    """
    from evaluation import result
    from evaluation.entries import aligned
    from evaluation.scorers import score_all

    given = result.load(results)
    return aligned(cases, given, score_all(cases, given, judge))


def about(entries: "Sequence[Entry]", questions: Path, when: str) -> Mapping[str, str]:
    """Return what was measured, as a report heads it."""
    from agent.cli.version import version

    first = entries[0].result
    clocks = sorted({entry.case.now.isoformat() for entry in entries})
    patients = len({entry.case.patient for entry in entries})
    return {
        "questions": f"{len({entry.case.id for entry in entries})} about {patients} patients ({questions.name})",
        "solver": first.solver,
        "model": first.model,
        "clock": clocks[0] if len(clocks) == 1 else f"{clocks[0]} to {clocks[-1]}",
        "version": f"fhir-record-assistant {version()}",
        "date": when,
    }


def print_verdicts(entries: "Sequence[Entry]") -> None:
    """Print how many were right, wrong, abstained, failed and undecided, by form and category."""
    from evaluation.metrics import summaries

    rows = []
    for form, summary in summaries(entries).items():
        groups = {**summary.by.get("category", {}), "all": summary.rates}
        for name, rates in groups.items():
            shares = (rates.right, rates.wrong, rates.abstained, rates.failed, rates.undecided)
            rows.append((form, name, str(rates.right.of), *map(_percent, shares)))
    print_table(output(), table_of(_HEADINGS, rows))


def _percent(share: "Share") -> str:
    return f"{share.value:.1%}"
