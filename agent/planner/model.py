"""The planner with a model: what reading is not sure of, it turns into tool calls, as JSON under a grammar.

The question is always read first: it costs milliseconds, keeps what a follow-up may refer to, and a plan of which
reading is sure needs no model. Else the model sees the best readings and why they are unsure. A first plan with wrong
arguments goes back to it once, with the error; those of a later plan are told with what was found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import orjson
from langchain_core.messages import BaseMessage

from agent.models.failures import ModelFailure
from agent.models.model import Model, Said
from agent.plan import Plan, Planner
from agent.planner.form import merged, plan_schema, problems, read_plan
from agent.prompts.planning import again, more_messages, plan_messages
from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence
from tools.calls.program import answering
from tools.record import PatientRecord

Planning = Literal["auto", "builtin", "model"]
LONGEST = 400
"""Tokens of a plan."""
_TRIES = (True, False)
"""A plan, with a thought where the model thinks, and once more without, with what is wrong with it."""


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
        if self._will_do(read, before):
            return read
        model = self._model()
        messages = plan_messages(question, record, before, model.count, hints=_hints(read))
        thought = ""
        for thinking in _TRIES:
            try:
                said, plan = _planned(model, messages, thinking=thinking and not read.calls)
            except ModelFailure as failure:
                if failure.why == "nonsense" and thinking and model.thinks(not read.calls):
                    continue  # its thoughts took the room, or without the grammar it was no plan
                raise
            thought = thought or said.reasoning
            if not (wrong := problems(plan)):
                return replace(_like(merged(plan), read), thought=thought)
            messages = again(messages, said.text, wrong)
        raise ModelFailure("nonsense", f"The model {model.name} planned calls that cannot be run, twice.")

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
            ModelFailure: the model could not be asked, or gave no plan.
        """
        model = self._model()
        so_far = Plan(calls=tuple(Call(e.tool, e.arguments, e.id) for e in evidence), more=True)
        messages = more_messages(
            question, record, before, _json(so_far), evidence, failures, model.count, lacking
        )
        said, plan = _planned(model, messages, thinking=False)
        return replace(plan, by="model", sure=None, thought=said.reasoning)

    def _will_do(self, read: Plan, before: Mapping[str, object]) -> bool:
        """Tell whether the reader is sure: a plan of which it is not sure has no calls.

        Of a multiple choice it only thinks that an opinion is asked for: the options may be facts.
        """
        if read.decline == "another patient":
            return True
        if read.decline and before.get("options"):
            return False
        return not self._always and bool(read.calls or read.decline)


def _planned(model: Model, messages: Sequence[BaseMessage], *, thinking: bool) -> tuple[Said, Plan]:
    said = model.say(messages, longest=LONGEST, schema=plan_schema(), thinking=thinking)
    return said, read_plan(said.text)


def _like(plan: Plan, read: Plan) -> Plan:
    """Return the model's plan with what a follow-up may refer to; where it has none, the reader's own."""
    if not plan.calls and not plan.decline:
        return read
    return replace(plan, by="model", sure=None, frame=read.frame)


def _hints(read: Plan) -> tuple[str, ...]:
    """Return the ways to read the question, or the words that found no place in any."""
    plans = read.readings or ((read,) if read.calls else ())
    told = tuple(
        f"{_json(plan)} (unsure: {'; '.join(plan.doubts)})" if plan.doubts else _json(plan) for plan in plans
    )
    left = ", ".join(f"“{words}”" for words in read.left_out)
    return told or ((f"not known; no place was found for {left}",) if left else ())


def _json(plan: Plan) -> str:
    """Return a plan as short as the form allows."""
    calls = [{"id": call.id, "tool": call.tool, "arguments": dict(call.arguments)} for call in plan.calls]
    answer = plan.answer if plan.answer != answering(plan.calls) else ()
    told: dict[str, Any] = {"calls": calls, "answer": answer, "yes_no": plan.yes_no, "more": plan.more}
    kept = {name: value for name, value in told.items() if value or name in ("calls", "yes_no")}
    return orjson.dumps(kept, default=str).decode()
