"""The planner with a model: what reading is not sure of, it turns into tool calls, as JSON under a grammar.

The question is always read first: it costs milliseconds, keeps what a follow-up may refer to, and a plan of which
reading is sure needs no model. Else the model sees the best readings. Calls whose arguments are wrong go back to it
once, with the error.
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
LONGEST = 400
"""Tokens of a plan."""
_TRIES = 2
"""A plan, and once more with what is wrong with it."""
_FOUND = 300
"""Tokens of the evidence that a second plan is shown."""


class ModelPlanner:
    """Plans with a model where reading is not sure; with `always`, wherever a model may.

    Args:
        model: opens the model when it is needed first.
        reader: plans without a model.
        always: ask the model even where the reader is sure.
    """

    def __init__(self, model: Callable[[], Model], reader: Planner, *, always: bool = False) -> None:
        self._model = model
        self._reader = reader
        self._always = always

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        """Return the reader's plan if it is sure of it, else the model's.

        Raises:
            ModelFailure: the model could not be asked, or gave no plan that can be run.
        """
        read = self._reader.plan(question, record, before)
        if self._will_do(read):
            return read
        model = self._model()
        hints = tuple(_json(each.calls) for each in read.readings)
        asked = plan_messages(question, record, before, model.count, hints=hints)
        return _like(self._filled(model, asked), read)

    def replan(
        self,
        question: str,
        record: PatientRecord,
        before: Mapping[str, object],
        evidence: Sequence[Evidence],
        failures: Sequence[str],
        lacking: str = "",
    ) -> Plan:
        """Return what the model asks for on top of the evidence; no calls if that is all.

        Raises:
            ModelFailure: as `plan`.
        """
        model = self._model()
        asked = plan_messages(question, record, before, model.count)
        said = _json(tuple(Call(e.tool, e.arguments, e.id) for e in evidence))
        told = more_messages(asked, said, evidence, failures, model.count, _FOUND, lacking)
        return replace(self._filled(model, told), by="model", sure=1.0)

    def _will_do(self, read: Plan) -> bool:
        """Tell whether the reader is sure: a plan of which it is not sure has no calls."""
        if read.decline == "another patient":
            return True
        return not self._always and bool(read.calls or read.decline)

    def _filled(self, model: Model, messages: list[BaseMessage]) -> Plan:
        for _ in range(_TRIES):
            said = model.say(messages, longest=LONGEST, schema=plan_schema())
            plan = read_plan(said.text)
            wrong = problems(plan)
            if not wrong:
                return plan
            messages = again(messages, said.text, wrong)
        raise ModelFailure("nonsense", f"The model {model.name} planned calls that cannot be run, twice.")


def _like(plan: Plan, read: Plan) -> Plan:
    """Return the model's plan with what a follow-up may refer to; where it has none, the reader's own."""
    if not plan.calls and not plan.decline:
        return read
    return replace(plan, by="model", sure=1.0, frame=read.frame)


def _json(calls: Sequence[Call]) -> str:
    told = [{"id": call.id, "tool": call.tool, "arguments": dict(call.arguments)} for call in calls]
    return orjson.dumps(
        {"calls": told, "answer": [], "yes_no": False, "more": True, "decline": None}, default=str
    ).decode()
