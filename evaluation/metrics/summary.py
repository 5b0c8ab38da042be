"""Entries -> every number of the report, each form by itself.

Open and multiple-choice answers to one question are two tasks; a number over both would mean neither. With several
runs all numbers are those of the first, so that no question counts twice; `consistency` compares the runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.dataset import Form
from evaluation.entries import Entry, by_form, first_run
from evaluation.metrics.consistency import Consistency, consistency
from evaluation.metrics.cost import Cost, cost, stage_costs
from evaluation.metrics.evidence import Evidence, evidence
from evaluation.metrics.groups import DIMENSIONS
from evaluation.metrics.intervals import Mean, mean
from evaluation.metrics.rates import Rates, rates
from evaluation.metrics.risk import RiskPoint, risk_coverage


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of one form.

    Attributes:
        questions, patients: how many.
        chance: the accuracy of guessing; null in the open form.
        rates: the share of each verdict.
        accuracy_by_patient: the accuracy again, with the interval from drawing patients.
        by: the rates of each group, by dimension; a dimension without groups is left out.
        risk: risk against coverage.
        evidence: retrieval, citations, support.
        cost: of an answer.
        stages: the cost of each stage.
        consistency: over several runs; null if there was one.
    """

    questions: int
    patients: int
    chance: float | None
    rates: Rates
    accuracy_by_patient: Mean
    by: dict[str, dict[str, Rates]]
    risk: tuple[RiskPoint, ...]
    evidence: Evidence
    cost: Cost
    stages: dict[str, Cost]
    consistency: Consistency | None


def summaries(entries: Sequence[Entry]) -> dict[Form, Summary]:
    """Return the numbers of each form that was asked.

    Raises:
        BadArgument: there are no entries.
        SetupError: scipy is not installed.
    """
    once = by_form(first_run(entries))
    return {form: _summary(group, by_form(entries)[form]) for form, group in once.items()}


def _summary(once: Sequence[Entry], every: Sequence[Entry]) -> Summary:
    choices = [len(entry.case.answer_choices) for entry in once if entry.result.form == "choice"]
    groups = {name: split(once) for name, split in DIMENSIONS.items()}
    return Summary(
        questions=len(once),
        patients=len({entry.case.patient for entry in once}),
        chance=sum(1 / number for number in choices) / len(choices) if choices else None,
        rates=rates(once),
        accuracy_by_patient=mean((entry.case.patient, entry.right) for entry in once),
        by={n: {g: rates(held) for g, held in split.items()} for n, split in groups.items() if split},
        risk=risk_coverage(once),
        evidence=evidence(once),
        cost=cost([entry.result for entry in once]),
        stages=stage_costs(once),
        consistency=consistency(every),
    )
