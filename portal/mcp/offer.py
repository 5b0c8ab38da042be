"""The tools of the catalogue, `ask` and `plan` -> what `tools/list` tells: names, words and schemas, derived from them.

A call of a client stands alone, so that what builds on other calls (`when`, `calculate`) is for `plan`.
"""

import re
from functools import cache
from inspect import getdoc
from typing import Any

import mcp_types as types

from agent.asking import LONGEST_QUESTION
from portal.mcp.shapes import schema_of_all, schema_of_answer, schema_of_found
from tools.calls.catalogue import TOOLS, schemas, tool_function
from tools.record.kinds import KINDS

ASK = "ask"
ASKED = {
    "question": 'The question in plain words, e.g. "What was the last HbA1c?"; or the reply, if the answer before '
    "asked back.",
    "conversation": 'The `conversation` of an earlier answer, so that "and before that?" is understood; left out, '
    "another one begins.",
}
"""The arguments of `ask` and what they mean."""
_ASK = """Ask about this patient in plain words; the answer is checked against the record and names its sources.

It reports what is recorded and does not advise. `outcome` says how the question ended, and so does the text, in
brackets. Only "not recorded" means that the record was searched and does not say; "unreadable" means that nobody can
tell. After "not understood" say nothing of the record: ask again in plain words, without those in `left_out`. After
"asked back" call it again with one of the `options` as question, in the same conversation."""
PLAN = "plan"
ALONE = tuple(tool for tool in TOOLS if tool != "calculate")
"""Tools that a client calls by their names; `calculate` needs other calls."""
MOST_CALLS = 12
_PLAN = """Run several calls that build on one another, when one tool alone does not answer.

Each call has an id, the name of a tool and its arguments, as those tools have them. `when` places a call next to what
another found, e.g. {"is": "before", "of": "a"}; `calculate` takes calls, numbers, ISO days and "now" in `of`. Gives the
evidence of each call, in their order; one next to something that was not found abstains and says so."""
_TITLES = {
    "profile": "Who the patient is",
    "overview": "What the record holds",
    "find": "Conditions, medications, visits and other entries",
    "measure": "Laboratory results and vital signs",
    "calculate": "What calls have in common, and differ by",
    PLAN: "Several calls that build on one another",
    "notes": "Notes and reports",
    "timeline": "What happened when",
    "costs": "What was billed and paid",
    "read": "One resource",
    "fhirpath": "A FHIRPath expression",
    ASK: "A question in plain words",
}
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n     .*)*)", re.MULTILINE)
_SECTION = re.compile(r"^Args:\n((?:    .*\n?)+)", re.MULTILINE)
_PARAGRAPH = "\n\n"
_RETURNS = re.compile(r"^Returns:\n((?:    .*\n?)+)", re.MULTILINE)


@cache
def offer() -> tuple[types.Tool, ...]:
    """Return the tools as a client lists them: `ask` first, then those of the catalogue, last `plan`."""
    every = schemas(typed=True)
    return (_asking(), *(_tool(schema) for schema in every if schema["name"] in ALONE), _planning(every))


def names() -> tuple[str, ...]:
    """Return the names of the tools."""
    return (ASK, *ALONE, PLAN)


def _tool(schema: dict[str, Any]) -> types.Tool:
    name = schema["name"]
    parameters = schema["parameters"]
    alone = {argument: each for argument, each in parameters["properties"].items() if argument != "when"}
    parameters = {**parameters, "properties": alone}
    return _described(name, _description(name), _input(name, parameters), schema_of_found())


def _planning(every: list[dict[str, Any]]) -> types.Tool:
    calls = [
        _object(
            {
                "id": _ID,
                "tool": {"const": each["name"]},
                "arguments": {**each["parameters"], "additionalProperties": False},
            }
        )
        for each in every
    ]
    told = "The calls, each with an id by which others refer to it."
    listed = {"type": "array", "minItems": 1, "maxItems": MOST_CALLS, "items": {"anyOf": calls}}
    return _described(PLAN, _PLAN, _object({"calls": {**listed, "description": told}}), schema_of_all())


_ID = {"type": "string", "pattern": "^[a-z][a-z0-9]{0,11}$"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    closed = {"additionalProperties": False, "required": list(properties)}
    return {"type": "object", "properties": properties, **closed}


def _asking() -> types.Tool:
    words: dict[str, dict[str, Any]] = {
        name: {"type": "string", "description": told} for name, told in ASKED.items()
    }
    words["question"] |= {"minLength": 1, "maxLength": LONGEST_QUESTION}
    parameters = {"type": "object", "properties": words, "required": ["question"]}
    return _described(ASK, _ASK, {**parameters, "additionalProperties": False}, schema_of_answer())


def _described(name: str, description: str, parameters: dict[str, Any], result: dict[str, Any]) -> types.Tool:
    hints = types.ToolAnnotations(
        title=_TITLES[name],
        read_only_hint=True,
        destructive_hint=False,
        idempotent_hint=name != ASK,
        open_world_hint=False,
    )
    return types.Tool(
        name=name,
        title=_TITLES[name],
        description=description,
        input_schema=parameters,
        output_schema=result,
        annotations=hints,
    )


def _description(name: str) -> str:
    """The summary of a tool, and what it gives."""
    doc = getdoc(tool_function(name)) or ""
    returns = _RETURNS.search(doc)
    gives = " ".join(returns[1].split()) if returns else ""
    return " ".join(f"{doc.partition(_PARAGRAPH)[0]} Gives {gives[:1].lower()}{gives[1:]}".split())


def _input(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The schema of a tool's arguments with what its docstring says of each."""
    section = _SECTION.search(getdoc(tool_function(name)) or "")
    told = {n: " ".join(text.split()) for n, text in _ARGUMENT.findall(section[1] if section else "")}
    if "kind" in told:
        told["kind"] = told["kind"].replace("a word of `KINDS`", f"one of {', '.join(KINDS)},")
    if "kinds" in told:
        told["kinds"] = told["kinds"].replace("words of `KINDS`", f"of {', '.join(KINDS)}")
    properties = {
        argument: {**schema, **({"description": told[argument]} if argument in told else {})}
        for argument, schema in parameters["properties"].items()
    }
    return {**parameters, "properties": properties, "additionalProperties": False}
