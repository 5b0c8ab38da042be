"""Answers that are constrained to a JSON schema, by a model that would say anything else."""

import json
from typing import Any

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from agent.models.local import generation, open_local
from agent.models.model import Model
from agent.models.names import understand
from agent.models.options import ModelOptions

ASKED: list[BaseMessage] = [SystemMessage("You plan tool calls, as JSON."), HumanMessage("HbA1c?")]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "tool": {"enum": ["measure", "find"]},
        "more": {"type": "boolean"},
        "pick": {"type": "array", "items": {"enum": ["first", "last"]}, "minItems": 1, "maxItems": 2},
    },
    "required": ["tool", "more", "pick"],
    "additionalProperties": False,
}
FORM = {"type": "json_schema", "json_schema": {"name": "plan", "schema": SCHEMA, "strict": True}}


def in_form(text: str) -> bool:
    plan = json.loads(text)
    return plan.keys() == {"tool", "more", "pick"} and plan["tool"] in ("measure", "find")


@pytest.mark.parametrize("name", ["text_model", "picture_model", "thinking_model"])
def test_a_plan_keeps_its_form(
    request: pytest.FixtureRequest, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "LONGEST", 12)
    model: Model = request.getfixturevalue(name)
    thinking = name == "thinking_model"
    answer = model.chat.invoke(ASKED, max_tokens=200, response_format=FORM, thinking=thinking)
    assert in_form(answer.text)
    assert answer.response_metadata["finish_reason"] == "stop"
    assert ("reasoning_content" in answer.additional_kwargs) == thinking


def test_a_model_says_a_plan(text_model: Model) -> None:
    assert in_form(text_model.say(ASKED, longest=200, schema=SCHEMA).text)


@pytest.mark.parametrize("seed", range(3))
def test_a_drawn_plan_keeps_its_form_too(text_folder: Any, seed: int) -> None:
    model = open_local(understand(str(text_folder)), ModelOptions(temperature=1.5, seed=seed))
    assert in_form(model.say(ASKED, longest=200, schema=SCHEMA).text)
