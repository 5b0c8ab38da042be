"""The form of a model's plan: a JSON schema derived from the tools, and the way back from JSON to a plan.

The schema keeps to what vLLM, SGLang, llama.cpp and the local grammar all read: objects, arrays, enums, anyOf,
patterns. Its texts are bounded, so that a plan ends; without quotes and backslashes, so that nothing is escaped.
Left out: running the calls, and whether they answer the question.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from json import JSONDecoder
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from agent.check.vocabulary import resource_types
from agent.models.failures import ModelFailure
from agent.models.schemas import closed_object
from agent.plan import Decline, Plan
from tools.calls import catalogue
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.program import added, faults, named
from tools.record.kinds import KINDS

MOST_CALLS = 6
"""Calls of one plan."""
_LONGEST = {"expression": 120}
_USUAL = 80
"""Characters of a text argument. Beyond 128, xgrammar 0.2.8 (of vLLM and SGLang) cannot compile the schema."""
_FIRST, _NEXT = r'[^\x00-\x20"\\\x7f]', r'[^\x00-\x1f"\\\x7f]'
_WORD = f"({'|'.join(KINDS)})"
_ID = {"type": "string", "pattern": "^[a-z][a-z0-9]{0,3}$"}
_NUMBERS = {
    "number": {"type": "number", "minimum": -10_000, "maximum": 100_000_000},
    "integer": {"type": "integer", "minimum": -99, "maximum": 99},
}
"""Bounds keep exponents out, which can spell what no float holds."""
_DAYS = {"type": "integer", "minimum": 0, "maximum": 36_500}
_DAY = "[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
_OPERAND = {"type": "string", "pattern": f"^([a-z][a-z0-9]{{0,3}}|{_DAY})$"}
_FITTED: Mapping[str, dict[str, Any]] = {
    "kind": {"enum": [*KINDS, *sorted(resource_types())]},
    "kinds": {"type": "string", "pattern": f"^{_WORD}(, {_WORD}){{0,5}}$"},
    "reference": {"type": "string", "pattern": r"^[A-Z][A-Za-z]{1,40}/[A-Za-z0-9.-]{1,64}$"},
}
"""What the catalogue knows of an argument only in words, by its name."""
_NO_PLAN = 'The model gave no plan: expected JSON like {"calls": [{"tool": "profile", "arguments": {}}]}.'


@cache
def plan_schema() -> dict[str, Any]:
    """Return the JSON schema of a plan: up to six calls, which of them answer, what else is wanted, and why none."""
    calls = {"type": "array", "maxItems": MOST_CALLS, "items": {"anyOf": list(map(_call, _tools()))}}
    plan = closed_object(
        {
            "calls": calls,
            "answer": {"type": "array", "maxItems": MOST_CALLS, "items": _ID},
            "yes_no": {"type": "boolean"},
            "more": {"type": "boolean"},
            "decline": {"enum": [None, *get_args(Decline)]},
        },
        ["calls", "yes_no"],
    )
    return {"title": "plan", **plan}


def _tools() -> list[dict[str, Any]]:
    return catalogue.schemas(typed=True)


def _call(tool: Mapping[str, Any]) -> dict[str, Any]:
    parameters = tool["parameters"]
    fitted = {name: _fitted(name, schema) for name, schema in parameters["properties"].items()}
    arguments = closed_object(fitted, parameters.get("required", []))
    return closed_object({"id": _ID, "tool": {"const": tool["name"]}, "arguments": arguments})


def _fitted(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if name == "within":
        return _DAYS
    if schema.get("type") in _NUMBERS:
        return _NUMBERS[schema["type"]]
    if schema.get("type") == "object":
        fitted = {
            key: _OPERAND if key == "of" else _fitted(key, each) for key, each in schema["properties"].items()
        }
        return closed_object(fitted, schema["required"])
    if schema.get("type") == "array":
        numbers = schema["items"].get("type") == "number"
        items = _NUMBERS["number"] if numbers else {"anyOf": [_OPERAND, _NUMBERS["number"]]}
        return {"type": "array", "maxItems": 2 if numbers else MOST_CALLS, "items": items}
    if schema.get("type") != "string":
        return schema
    rest = _LONGEST.get(name, _USUAL) - 1
    return _FITTED.get(name, {"type": "string", "pattern": f"^{_FIRST}{_NEXT}{{0,{rest}}}$"})


class _Call(BaseModel):
    id: str = ""
    tool: str
    arguments: dict[str, Any] = {}


class _Plan(BaseModel):
    calls: list[_Call]
    answer: list[str] = []
    yes_no: bool = False
    more: bool = False
    decline: Decline | None = None


def read_plan(text: str) -> Plan:
    r"""Return the plan in what a model wrote: JSON, also in a fence or with words around it.

    An argument that is null is taken as absent. Arguments are not checked: `problems` does.

    >>> read_plan('Here: ```json\n{"calls": [{"tool": "costs", "arguments": {"by": null}}]}\n```').calls
    (Call(tool='costs', arguments={}, id='a'),)

    Raises:
        ModelFailure: there is no plan in it.
    """
    for value in _objects(text):
        try:
            return _plan(_Plan.model_validate(value))
        except ValidationError:
            continue
    raise ModelFailure("nonsense", _NO_PLAN)


def problems(plan: Plan) -> tuple[str, ...]:
    """Return what is wrong with a plan: a sentence for each call that cannot be run, one more for too many."""
    calls = named(plan.calls)
    count, ids = len(calls), [call.id for call in calls]
    many = [BadArgument("calls", count, f"at most {MOST_CALLS}", "1")] if count > MOST_CALLS else []
    wish = f"ids of calls: {', '.join(ids)}"
    strangers = [BadArgument("answer", each, wish, "a") for each in plan.answer if each not in ids]
    return tuple(map(str, (*faults(calls).values(), *strangers, *many)))


def merged(plan: Plan) -> Plan:
    """Return a plan without calls that ask for the same as another one; what refers to them refers to that."""
    calls, names = added((), named(plan.calls))
    return replace(
        plan, calls=calls, answer=tuple(dict.fromkeys(names.get(each, each) for each in plan.answer))
    )


def _plan(read: _Plan) -> Plan:
    calls = tuple(
        Call(call.tool, {name: value for name, value in call.arguments.items() if value is not None}, call.id)
        for call in read.calls
    )
    return Plan(
        calls=named(calls),
        answer=tuple(read.answer),
        yes_no=read.yes_no,
        more=read.more,
        decline=read.decline,
    )


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON objects in a text, an outer one before those within it."""
    decode = JSONDecoder().raw_decode
    for start in (place for place, character in enumerate(text) if character == "{"):
        try:
            yield decode(text, start)[0]
        except (ValueError, RecursionError):
            continue
