"""The ten tools by name: what a call may say. Signatures and schemas are derived from the functions.

Each tool is the function of its module's name. Modules are imported when first used: one of them (fhirpath)
takes longer to import than most questions take to answer. Left out: running calls (`program`), choosing them (`agent`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import import_module
from inspect import getdoc, signature
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence, Operand
from tools.finding.windows import Beside, Relation
from tools.record.kinds import KINDS

TOOLS = (
    "profile",
    "overview",
    "find",
    "measure",
    "calculate",
    "notes",
    "timeline",
    "costs",
    "read",
    "fhirpath",
)
"""Names of the tools, in the order in which prompts show them."""
_WORDS = (
    f'when: {{"is": {"|".join(get_args(Relation))}, "of": id of a call, "within"?: days}}; '
    "before, after: not its day, at: its day; of: ids, numbers, days, now",
    'period: "in 2015", "since 03/2012", "during the last admission", "after the stroke"',
    "status: active|past|in range|out of range|high|low or a FHIR status; "
    "category: inpatient|emergency|laboratory|food|…",
    "n: -2 the last but one; reason: a problem or none",
    "part, with give attribute: where|who|reason|dose|refills|visit|…",
)
_SHOWN, _WHOLE = 18, 22
"""Words for an argument that a prompt shows of a long list, and those of a list that it shows whole."""
_STRICT = ConfigDict(extra="forbid", coerce_numbers_to_str=True, allow_inf_nan=False)
_TEXT = {"type": "string"}
_BESIDE = {
    "type": "object",
    "properties": {
        "is": {"enum": list(get_args(Relation))},
        "of": _TEXT,
        "within": {"type": "integer"},
    },
    "required": ["is", "of"],
}
_OPERANDS = {"type": "array", "items": {"anyOf": [_TEXT, {"type": "number"}]}}
_COMPOSED = {"when": _BESIDE, "of": _OPERANDS}
"""Arguments that refer to other calls, by name, as schemas have them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call of a plan: `Call("measure", {"concept": "HbA1c"})`. It names no patient and no clock.

    Attributes:
        tool: name of the tool.
        arguments: in words; `when` and `of` name other calls of the plan.
        id: by which other calls refer to it; "" if by its place.
    """

    tool: str
    arguments: Mapping[str, object]
    id: str = ""


class Relative(BaseModel):
    """The argument `when` in a plan: next to what another call found."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    relation: Relation = Field(alias="is")
    of: str
    within: int | None = Field(default=None, ge=0)


_PLANNED: Mapping[object, object] = {
    Beside | None: Relative | None,
    tuple[Operand, ...]: tuple[float | str, ...],
}
"""The types of arguments that refer to other calls -> how a plan says them."""


def check(call: Call) -> dict[str, Any]:
    """Return the arguments of a call, checked; those that refer to other calls as `Relative` and operands.

    Raises:
        BadArgument: no such tool or argument, an argument is missing or has the wrong form.
    """
    form = _form(call.tool)
    try:
        checked = form.model_validate(dict(call.arguments))
    except ValidationError as error:
        raise _refusal(call, form, error) from None
    return {name: getattr(checked, name) for name in checked.model_fields_set}


def same(call: Call) -> tuple[str, str]:
    """Return what two calls have in common that ask for the same thing, defaults said or not.

    >>> same(Call("find", {"kind": "device"})) == same(Call("find", {"pick": "all", "kind": "device"}))
    True
    """
    try:
        told = _form(call.tool).model_validate(dict(call.arguments)).model_dump(exclude_defaults=True)
    except (BadArgument, ValidationError):
        told = dict(call.arguments)
    return call.tool, repr(sorted(told.items()))


@cache
def tool_function(name: str) -> Callable[..., Evidence]:
    """Return the function behind a tool's name.

    Raises:
        BadArgument: there is no such tool.
    """
    if name not in TOOLS:
        raise BadArgument("tool", name, f"one of {', '.join(TOOLS)}", "find")
    function: Callable[..., Evidence] = getattr(import_module(f"tools.calls.{name}"), name)
    return function


def signatures() -> str:
    """Return the tools as a prompt shows them, one a line: name, arguments ("?" optional), what it gives.

    Of a long list of words the first ones are shown, and "…": a call may use them all, and `schemas` names them.

    The lines after them tell what the words of an argument may be.
    """
    lines = [f"{name}({_arguments(name)}): {_summary(name)}" for name in TOOLS]
    return "\n".join([*lines, f"kind: {'|'.join(KINDS)}, a FHIR type or any", *_WORDS])


def schemas(typed: bool = False) -> list[dict[str, Any]]:
    """Return the JSON schema of each call: name, description and parameters, as model servers expect them.

    Args:
        typed: with the types of texts and objects, as constrained output needs them; a prompt does without.
    """
    return [
        {"name": tool, "description": _summary(tool), "parameters": _parameters(tool, typed)}
        for tool in TOOLS
    ]


@cache
def _form(tool: str) -> type[BaseModel]:
    function = tool_function(tool)
    hints = get_type_hints(function)
    fields: Any = {
        name: (
            _PLANNED.get(hints[name], hints[name]),
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for name, parameter in list(signature(function).parameters.items())[1:]
    }
    form: type[BaseModel] = create_model(tool, __config__=_STRICT, **fields)
    return form


def _summary(tool: str) -> str:
    paragraph = (getdoc(tool_function(tool)) or "").partition("\n\n")[0]
    return " ".join(paragraph.split())


def _parameters(tool: str, typed: bool = True) -> dict[str, Any]:
    form = _form(tool)
    required = [name for name, field in form.model_fields.items() if field.is_required()]
    shown = {
        name: _COMPOSED[name] if _is_composed(tool, name) else _slim(schema)
        for name, schema in form.model_json_schema()["properties"].items()
    }
    properties = shown if typed else {n: {} if schema == _TEXT else schema for n, schema in shown.items()}
    frame = {"type": "object"} if typed else {}
    return frame | {"properties": properties} | ({"required": required} if required else {})


def _is_composed(tool: str, name: str) -> bool:
    return get_type_hints(tool_function(tool))[name] in _PLANNED


def _slim(schema: dict[str, Any]) -> dict[str, Any]:
    choices = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
    kept = choices[0] if len(choices) == 1 or "enum" in choices[0] else _simplest(choices)
    if "enum" in kept:
        return {"enum": kept["enum"]}
    return {name: value for name, value in kept.items() if name in ("type", "items")}


def _simplest(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return next((part for part in choices if part.get("type") == "number"), choices[0])


def _arguments(tool: str) -> str:
    required = _parameters(tool).get("required", [])
    properties: dict[str, dict[str, Any]] = _parameters(tool)["properties"]
    return ", ".join(
        f"{name}{'' if name in required else '?'}{_shown_type(schema)}" for name, schema in properties.items()
    )


def _shown_type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        words = list(map(str, schema["enum"]))
        return f": {'|'.join(words if len(words) <= _WHOLE else [*words[:_SHOWN], '…'])}"
    return (
        "" if schema.get("type") in ("string", "object") or schema == _OPERANDS else f": {schema.get('type')}"
    )


def number_of(value: object) -> Decimal | None:
    """Return a finite number that a plan gives as a number or in digits, None if it is none.

    >>> number_of("6.5"), number_of(7), number_of("high")
    (Decimal('6.5'), Decimal('7'), None)
    """
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _refusal(call: Call, form: type[BaseModel], error: ValidationError) -> BadArgument:
    first = error.errors()[0]
    argument = str(first["loc"][0]) if first["loc"] else ""
    name = f"{call.tool}: {argument}"
    if argument not in form.model_fields:
        known = list(form.model_fields)
        return BadArgument(
            name, call.arguments.get(argument), f"no such argument but {', '.join(known)}", known[0]
        )
    schema = _parameters(call.tool)["properties"][argument]
    wish, example = _wish(schema)
    return BadArgument(name, call.arguments.get(argument), wish, example)


def _wish(schema: dict[str, Any]) -> tuple[str, str]:
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}", str(schema["enum"][0])
    if schema == _BESIDE:
        return f"is ({', '.join(get_args(Relation))}) of another call", '{"is": "before", "of": "a"}'
    if schema == _OPERANDS:
        return "a list of ids of other calls, numbers and days", '["a", "b"]'
    return {
        "number": ("a number", "6.5"),
        "integer": ("a whole number", "10"),
        "boolean": ("true or false", "true"),
        "array": ("a list of numbers", "[7.5]"),
    }.get(schema.get("type", ""), ("text", "diabetes"))
