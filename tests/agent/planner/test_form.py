"""The form of a model's plan: what its schema lets through can be run, and what comes back is read or refused."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models.failures import ModelFailure
from agent.plan import Plan
from agent.planner.form import plan_schema, problems, read_plan
from agent.prompts.planning import instructions
from tools.calls.catalogue import TOOLS, Call, check, schemas
from tools.calls.errors import BadArgument
from tools.calls.read import read

A1C = '{"calls":[{"id":"a","tool":"measure","arguments":{"concept":"HbA1c"}}],"yes_no":false,"decline":null}'
A1C_PLAN = Plan(calls=(Call("measure", {"concept": "HbA1c"}, "a"),))


def texts_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Every value of a schema that keeps to the few words that this one uses."""
    if "anyOf" in schema:
        return st.one_of([texts_of(choice) for choice in schema["anyOf"]])
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema["enum"] if "enum" in schema else [schema["const"]])
    if schema["type"] == "object":
        shown = {name: texts_of(part) for name, part in schema["properties"].items()}
        wanted = {name: shown.pop(name) for name in schema["required"]}
        return st.fixed_dictionaries(wanted, optional=shown)
    if schema["type"] == "array":
        return st.lists(texts_of(schema["items"]), max_size=schema["maxItems"])
    if schema["type"] == "string":
        return st.from_regex(schema["pattern"].removesuffix("$"), fullmatch=True)
    if schema["type"] == "number":
        return st.floats(schema["minimum"], schema["maximum"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    return {"boolean": st.booleans()}[schema["type"]]


@given(texts_of(plan_schema()))
def test_whatever_has_the_form_is_a_plan_whose_calls_have_the_right_arguments(value: Any) -> None:
    plan = read_plan(json.dumps(value, ensure_ascii=False))
    shown = [{"id": call.id, "tool": call.tool, "arguments": call.arguments} for call in plan.calls]
    assert shown == value["calls"]
    assert (plan.yes_no, plan.answer) == (value["yes_no"], tuple(value.get("answer", ())))
    assert (plan.more, plan.decline) == (value.get("more", False), value.get("decline"))
    for call in plan.calls:
        check(call)


def test_what_a_form_cannot_hold_is_told_of_a_plan() -> None:
    """Which calls refer to which, and that their types fit, no schema says."""
    plan = read_plan(
        '{"calls":[{"id":"a","tool":"profile","arguments":{}},{"id":"b","tool":"measure","arguments":'
        '{"concept":"LDL","when":{"is":"before","of":"z"}}}],"answer":["c"],"yes_no":false}'
    )
    assert problems(plan) == (
        "measure b: of 'z': expected the id of another call: a, e.g. 'a'.",
        "answer 'c': expected ids of calls: a, b, e.g. 'a'.",
    )


@given(texts_of(plan_schema()["properties"]["calls"]["items"]["anyOf"][TOOLS.index("read")]))
def test_a_reference_of_the_form_is_one_that_read_takes(call: Any) -> None:
    try:
        read(None, **call["arguments"])  # type: ignore[arg-type]
    except AttributeError:
        return  # It went on to the record, which is not there.
    except BadArgument as refused:
        pytest.fail(str(refused))


def test_the_calls_are_the_tools_with_their_arguments() -> None:
    forms = [call["properties"] for call in plan_schema()["properties"]["calls"]["items"]["anyOf"]]
    assert [form["tool"]["const"] for form in forms] == list(TOOLS)
    for form, tool in zip(forms, schemas(typed=True), strict=True):
        parameters = tool["parameters"]
        assert list(form["arguments"]["properties"]) == list(parameters["properties"])
        assert form["arguments"]["required"] == parameters.get("required", [])


def test_the_keys_come_in_the_order_in_which_a_plan_is_thought_of() -> None:
    assert list(plan_schema()["properties"]) == ["calls", "answer", "yes_no", "more", "decline"]


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    below = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), schema.get("items")]
    for part in filter(None, below):
        yield from parts(part)


WORDS = {
    "object": {"type", "properties", "required", "additionalProperties"},
    "array": {"type", "items", "maxItems"},
    "string": {"type", "pattern"},
    "number": {"type", "minimum", "maximum"},
    "integer": {"type", "minimum", "maximum"},
    "boolean": {"type"},
}


def test_the_form_is_closed_and_in_words_that_every_server_reads() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())
    for part in parts(plan_schema()):
        kind = part.get("type")
        assert part.keys() - {"title"} == WORDS[kind] if kind else part.keys() <= {"anyOf", "const", "enum"}
        assert part.get("additionalProperties", False) is False


def test_every_text_has_an_end() -> None:
    patterns = {part["pattern"] for part in parts(plan_schema()) if "pattern" in part}
    for pattern in patterns:
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert not re.search(r"[*+?]|,\}", pattern)
        assert max(int(most) for most in re.findall(r",(\d+)\}", pattern)) <= 128


def test_the_examples_of_the_prompt_have_the_form() -> None:
    examples = re.findall(r'\{"calls":.*\}$', instructions(), re.MULTILINE)
    assert len(examples) >= 3
    for example in examples:
        jsonschema.validate(json.loads(example), plan_schema())
        assert problems(read_plan(example)) == ()


READ = [
    ("as the grammar writes it", A1C),
    ("in a fence", f"```json\n{A1C}\n```"),
    ("with words around it", f"I would call {{measure}}: {A1C} That will do."),
    ("within another object", f'{{"plan": {A1C}}}'),
    ("after an object that is none", f'{{"question": "A1c?"}}\n{A1C}'),
    ("with blanks", json.dumps(json.loads(A1C), indent=4)),
    ("with the calls alone", '{"calls":[{"tool":"measure","arguments":{"concept":"HbA1c"}}]}'),
    ("with null for an absent argument", A1C.replace('"HbA1c"', '"HbA1c","period":null')),
    ("with a key of its own", A1C.replace('{"calls"', '{"reason":"a lab test","calls"')),
]


@pytest.mark.parametrize("text", [text for _, text in READ], ids=[name for name, _ in READ])
def test_a_plan_is_read(text: str) -> None:
    assert read_plan(text) == A1C_PLAN


def test_all_that_a_plan_says_is_read() -> None:
    text = '{"calls":[{"tool":"profile","arguments":{}}],"yes_no":true,"more":true,"decline":"advice"}'
    assert read_plan(text) == Plan(
        calls=(Call("profile", {}, "a"),), yes_no=True, more=True, decline="advice"
    )


NO_PLAN = [
    "",
    "The latest HbA1c was 6.4 %.",
    A1C[:-1],
    "[]",
    '{"tool":"measure","arguments":{"concept":"HbA1c"}}',
    A1C.replace("null", '"too hard"'),
    A1C.replace('"measure"', "7"),
    A1C.replace('{"concept":"HbA1c"}', '"HbA1c"'),
    '{"calls":{"tool":"profile"}}',
    '{"a":' * 5000,
    '{"calls":[{"tool":"measure","arguments":{"above":' + "9" * 5000 + "}}]}",
]


@pytest.mark.parametrize("text", NO_PLAN, ids=lambda text: text[:40])
def test_what_is_no_plan_is_nonsense_and_is_not_repeated(text: str) -> None:
    with pytest.raises(ModelFailure) as raised:
        read_plan(text)
    assert raised.value.why == "nonsense"
    assert str(raised.value) == (
        'The model gave no plan: expected JSON like {"calls": [{"tool": "profile", "arguments": {}}]}.'
    )


WRONG = [
    (
        Call("measure", {"concept": "HbA1c", "pick": "newest"}),
        "measure: pick 'newest': expected one of last, first,",
    ),
    (Call("measure", {"pick": "last"}), "measure: concept None: expected text, e.g. 'diabetes'."),
    (
        Call("calculate", {"operation": "sum", "of": 7}),
        "calculate: of 7: expected a list of ids of other calls, numbers and days, e.g.",
    ),
    (
        Call("find", {"kind": "condition", "patient": "Ann"}),
        "find: patient 'Ann': expected no such argument but kind,",
    ),
    (Call("look", {}), "tool 'look': expected one of profile, overview,"),
]


@pytest.mark.parametrize(("call", "sentence"), WRONG)
def test_a_call_that_cannot_be_run_is_named_and_the_others_are_not(call: Call, sentence: str) -> None:
    good = Call("costs", {"give": "paid"})
    (problem,) = problems(Plan(calls=(good, call, good)))
    assert problem.startswith(sentence)


def test_a_number_for_a_text_and_a_text_for_a_number_can_be_run() -> None:
    calls = (
        Call("notes", {"text": 2015}),
        Call("measure", {"concept": "LDL", "pick": "last", "test": "above", "limits": ["130"]}),
    )
    assert problems(Plan(calls=calls)) == ()


def test_more_calls_than_a_plan_may_have_are_told() -> None:
    plan = Plan(calls=(Call("profile", {}),) * 7)
    assert problems(plan) == ("calls 7: expected at most 6, e.g. '1'.",)
