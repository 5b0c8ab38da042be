"""What every solver is: a case in one form -> a result."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from agent.usage import Spent
from evaluation.dataset import Case, Form
from evaluation.result import Result, Stage


class Solver(Protocol):
    """Answers cases.

    Attributes:
        name: "agent", "navigator", "whole-record", or one of your own.
        model: which model answers, "none" if none does.
    """

    name: str
    model: str

    def open(self) -> None:
        """Open the model, before it is asked.

        Raises:
            ModelFailure: the model cannot be run here.
        """
        ...

    async def solve(self, case: Case, form: Form, run: int) -> Result:
        """Return the answer to a case.

        What cannot be answered (the model or the record fails, the question is too long) is a result too, with the
        sentence in `failed`; errors of the program are raised.

        Args:
            case: the question, its patient and its clock; a solver does not look at the gold answer.
            form: open, or with the choices.
            run: from 1.
        """
        ...


def result(solver: Solver, case: Case, form: Form, run: int, **told: Any) -> Result:
    """Return the result of a solver with what was asked in it.

    Args:
        solver: who answered.
        case: what was asked.
        form: how it was asked.
        run: which time.
        told: the other fields.
    """
    return Result(
        id=case.id,
        form=form,
        run=run,
        solver=solver.name,
        model=solver.model,
        patient=case.patient,
        question=case.question,
        now=case.now.isoformat(),
        **told,
    )


def cost(stages: Mapping[str, Spent], seconds: float) -> dict[str, Any]:
    """Return the fields of a result that say what it cost.

    Args:
        stages: what each stage cost.
        seconds: from question to answer.
    """
    total = sum(stages.values(), Spent())
    return {
        "model_calls": total.model_calls,
        "prompt_tokens": total.prompt_tokens,
        "completion_tokens": total.completion_tokens,
        "seconds": round(seconds, 6),
        "stages": {name: Stage(**asdict(spent)) for name, spent in stages.items()},
    }
