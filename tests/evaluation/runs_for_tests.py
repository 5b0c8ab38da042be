"""Runs for tests that another process can start: `python -m tests.evaluation.runs_for_tests WAY OUT STORE`."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from agent.cli.running import Running
from agent.models import ModelOptions
from evaluation.dataset import Case, Form
from evaluation.result import Key, Result
from evaluation.running import Wanted, run
from evaluation.running.asking import in_flight
from evaluation.running.run import Summary, carry_out
from evaluation.running.tasks import tasks_of
from evaluation.solvers.solver import result
from tests.evaluation.entries_for_tests import NOW, case
from tools.sources import StoredRecords

WITHOUT_MODEL = Running("none", "auto", ModelOptions())
EVERYTHING = Wanted()
WORDINGS = ("How old is the patient?", "What was the last HbA1c?", "Which conditions are recorded?")


def still() -> float:
    """A clock that stands, so that two runs give the same bytes."""
    return 0.0


def many(count: int) -> list[Case]:
    """Questions about two patients in turns."""
    return [
        case(f"q{n}", patient=("p1", "p2")[n % 2], now=NOW, question=WORDINGS[n % 3]) for n in range(count)
    ]


@dataclass
class ScriptedSolver:
    """Answers with the question's id, after a while; keeps what it was asked and how much of it at once.

    Attributes:
        wait: seconds for each answer.
        failing: ids of questions that fail, with the sentence.
    """

    wait: float = 0.0
    failing: dict[str, str] = field(default_factory=dict)
    name: str = "scripted"
    model: str = "script"
    asked: list[Key] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def open(self) -> None:
        pass

    async def solve(self, case: Case, form: Form, run: int) -> Result:
        self.asked.append((case.id, form, run))
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await asyncio.sleep(self.wait * (1 + len(self.asked) % 3))
        self.at_once -= 1
        failed = self.failing.get(case.id, "")
        answer = "" if failed else f"{case.id} {form} {run}"
        return result(self, case, form, run, answer=answer, failed=failed, model_calls=1)


def carried_out(
    cases: Sequence[Case], out: Path, solver: ScriptedSolver, wanted: Wanted = EVERYTHING, most: int = 4
) -> Summary:
    ask = partial(in_flight, solver, most)
    return carry_out(cases, tasks_of(cases, wanted), out, (solver.name, solver.model), ask)


if __name__ == "__main__":
    way, out, store = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if way == "in flight":
        carried_out(many(150), out, ScriptedSolver(wait=0.01))
    else:
        run(many(150), out, StoredRecords(store), WITHOUT_MODEL, EVERYTHING, workers=2, timer=still)
