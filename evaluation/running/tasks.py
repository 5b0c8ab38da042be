"""Cases and what is wanted of them -> tasks: one case in one form, once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evaluation.dataset import Case, Form
from evaluation.entries import FORMS
from evaluation.result import Key, Result
from evaluation.running.shard import Shard
from evaluation.solvers import AGENT
from tools.calls.errors import BadArgument


@dataclass(frozen=True, slots=True)
class Task:
    """A case to be asked in one form; `run` counts from 1."""

    case: Case
    form: Form
    run: int

    @property
    def key(self) -> Key:
        """The key of its result."""
        return self.case.id, self.form, self.run


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be asked, and whom.

    Attributes:
        solver: one of `evaluation.solvers.NAMES`.
        forms: in which questions are asked; those without choices only openly.
        runs: how often each is asked.
        shard: which part of the questions.
    """

    solver: str = AGENT
    forms: tuple[Form, ...] = FORMS
    runs: int = 1
    shard: Shard = field(default_factory=Shard)


def tasks_of(cases: Sequence[Case], wanted: Wanted) -> list[Task]:
    """Return what is to be asked, patient by patient.

    Raises:
        BadArgument: there is nothing to ask.
    """
    if wanted.runs < 1:
        raise BadArgument("--runs", wanted.runs, "a number from 1", "3")
    everything = [
        Task(case, form, run)
        for case in cases
        for form in case.forms(wanted.forms)
        for run in range(1, wanted.runs + 1)
    ]
    if not everything:
        raise BadArgument(
            "--form", ", ".join(wanted.forms), "one in which a question of the file can be asked", "open"
        )
    first_seen = {patient: place for place, patient in enumerate(dict.fromkeys(c.patient for c in cases))}
    part = (task for task in everything if wanted.shard.holds(task.case.id))
    return sorted(part, key=lambda task: first_seen[task.case.patient])


def in_order(cases: Iterable[Case], results: Iterable[Result]) -> list[Result]:
    """Return results in the order of the questions, then of form and run."""
    place = {case.id: number for number, case in enumerate(cases)}
    return sorted(results, key=lambda result: (place[result.id], FORMS.index(result.form), result.run))
