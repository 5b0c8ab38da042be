"""The planner with a model: what the rules are not sure of, it turns into tool calls, as JSON under a grammar.

The rules always read the question first: it costs milliseconds, keeps what a follow-up may refer to, and a plan
they are sure of needs no model. Calls whose arguments are wrong go back to the model once, with the error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import orjson
from langchain_core.messages import BaseMessage

from agent.models.failures import ModelFailure
from agent.models.model import Model
from agent.plan import Plan, Planner
from agent.planner.form import plan_schema, problems, read_plan
from agent.prompts.planning import again, more_messages, plan_messages
from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence
from tools.record import PatientRecord

Planning = Literal["auto", "builtin", "model"]
SURE = 1.0
"""How sure the rules must be: a plan that leaves a word of the question unexplained goes to the model."""
LONGEST = 400
"""Tokens of a plan."""
_TRIES = 2
"""A plan, and once more with what is wrong with it."""
_FOUND = 300
"""Tokens of the evidence that a second plan is shown."""


class ModelPlanner:
    """Plans with a model where the rules are not sure; with `always`, wherever a model may.

    Args:
        model: opens the model when it is needed first.
        rules: the built-in planner.
        always: ask the model even where the rules are sure.
    """

    def __init__(self, model: Callable[[], Model], rules: Planner, *, always: bool = False) -> None:
        self._model = model
        self._rules = rules
        self._always = always

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        """Return the rules' plan if it will do, else the model's.

        Raises:
            ModelFailure: the model could not be asked, or gave no plan that can be run.
        """
        ruled = self._rules.plan(question, record, before)
        if self._will_do(ruled):
            return ruled
        model = self._model()
        asked = plan_messages(question, record, before, model.count)
        return _like(self._filled(model, asked), ruled)

    def replan(
        self,
        question: str,
        record: PatientRecord,
        before: Mapping[str, object],
        evidence: Sequence[Evidence],
        failures: Sequence[str],
    ) -> Plan:
        """Return what the model asks for on top of the evidence; no calls if that is all.

        Raises:
            ModelFailure: as `plan`.
        """
        model = self._model()
        asked = plan_messages(question, record, before, model.count)
        said = _json(tuple(Call(e.tool, e.arguments, e.id) for e in evidence))
        told = more_messages(asked, said, evidence, failures, model.count, _FOUND)
        return replace(self._filled(model, told), by="model", sure=1.0)

    def _will_do(self, ruled: Plan) -> bool:
        if ruled.decline == "another patient":
            return True
        return not self._always and (ruled.sure >= SURE or bool(ruled.decline) or bool(ruled.ask_back))

    def _filled(self, model: Model, messages: list[BaseMessage]) -> Plan:
        for _ in range(_TRIES):
            said = model.say(messages, longest=LONGEST, schema=plan_schema())
            plan = read_plan(said.text)
            wrong = problems(plan)
            if not wrong:
                return plan
            messages = again(messages, said.text, wrong)
        raise ModelFailure("nonsense", f"The model {model.name} planned calls that cannot be run, twice.")


def _like(plan: Plan, ruled: Plan) -> Plan:
    """Return the model's plan with what a follow-up may refer to; where it has none, the rules' own."""
    if not plan.calls and not plan.decline:
        return ruled
    return replace(plan, by="model", sure=1.0, frame=ruled.frame)


def _json(calls: Sequence[Call]) -> str:
    told = [{"id": call.id, "tool": call.tool, "arguments": dict(call.arguments)} for call in calls]
    return orjson.dumps(
        {"calls": told, "answer": [], "yes_no": False, "more": True, "decline": None}, default=str
    ).decode()
