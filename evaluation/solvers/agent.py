"""The solver that this project is about: a case -> `agent.assistant.Assistant` -> a result."""

import asyncio

from agent.answer import Answer
from agent.assistant import Assistant
from agent.models import ModelFailure
from evaluation.dataset import Case, Form
from evaluation.result import Result
from evaluation.solvers.solver import cost, result
from tools.calls.errors import BadArgument, RecordError

NAME = "agent"


class AgentSolver:
    """Asks the assistant, with whatever model it has.

    Args:
        assistant: with the records.
    """

    name = NAME

    def __init__(self, assistant: Assistant) -> None:
        self.model = assistant.models
        self._assistant = assistant

    def open(self) -> None:
        """Open the model. As `Solver`."""
        self._assistant.open_model()

    async def solve(self, case: Case, form: Form, run: int) -> Result:
        """Return the answer to a case. As `Solver`."""
        return await asyncio.to_thread(self.answered, case, form, run)

    def answered(self, case: Case, form: Form, run: int) -> Result:
        """Return the answer to a case, in this thread."""
        choices = case.answer_choices if form == "choice" else ()
        try:
            told = self._assistant.ask(case.patient, case.question, now=case.now, choices=choices)
        except (BadArgument, ModelFailure, RecordError) as trouble:
            return result(self, case, form, run, outcome="failed", failed=str(trouble))
        return self._result(case, form, run, told)

    def _result(self, case: Case, form: Form, run: int, told: Answer) -> Result:
        return result(
            self,
            case,
            form,
            run,
            answer=told.answer,
            assessment=told.assessment.text if told.assessment else "",
            values=told.values,
            unit=told.unit,
            choice=told.choice,
            evidence=told.evidence,
            citations=tuple(citation.reference for citation in told.citations),
            outcome=told.outcome,
            not_understood=told.left_out if told.outcome == "not understood" else (),
            abstained=told.abstained,
            failed=told.answer if told.outcome == "failed" else "",
            grounded=told.grounded,
            unsupported=told.unsupported,
            fallback=told.fallback,
            plan=tuple(step.model_dump(mode="json") for step in told.plan),
            **cost(told.usage.stages, told.usage.seconds),
        )
