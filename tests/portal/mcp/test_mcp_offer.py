"""What an MCP client is offered: the catalogue's tools and `ask`, none of which can name a patient."""

import json
import subprocess
import sys
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portal.mcp.offer import ALONE, ASK, PLAN, offer
from portal.mcp.prompts import prompts
from tools.calls.catalogue import TOOLS, schemas

OFFERED = {tool.name: tool for tool in offer()}
CATALOGUE = {schema["name"]: schema["parameters"] for schema in schemas(typed=True)}
HEAVY = ("langgraph", "torch", "transformers", "fastapi", "sqlalchemy", "fhirpathpy")


def test_what_a_client_can_call_is_offered_in_the_order_of_the_catalogue() -> None:
    assert tuple(OFFERED) == (ASK, *(tool for tool in TOOLS if tool != "calculate"), PLAN)


@pytest.mark.parametrize("name", ALONE)
def test_a_tool_takes_what_the_catalogue_says(name: str) -> None:
    offered = OFFERED[name].input_schema
    bare = {
        argument: {key: value for key, value in schema.items() if key != "description"}
        for argument, schema in offered["properties"].items()
    }
    taken = {argument: each for argument, each in CATALOGUE[name]["properties"].items() if argument != "when"}
    assert bare == taken
    assert offered.get("required") == CATALOGUE[name].get("required")


@pytest.mark.parametrize("name", OFFERED)
def test_every_argument_is_described_and_no_other_is_taken(name: str) -> None:
    offered = OFFERED[name].input_schema
    assert offered["additionalProperties"] is False
    assert [n for n, schema in offered["properties"].items() if not schema.get("description")] == []


@pytest.mark.parametrize("name", OFFERED)
def test_no_argument_names_a_patient(name: str) -> None:
    arguments = OFFERED[name].input_schema["properties"]
    assert [n for n in arguments if n in ("patient", "subject", "record", "now", "source")] == []


@pytest.mark.parametrize("name", OFFERED)
def test_every_tool_only_reads(name: str) -> None:
    hints = OFFERED[name].annotations
    assert hints
    assert (hints.read_only_hint, hints.destructive_hint) == (True, False)


@pytest.mark.parametrize("name", OFFERED)
def test_the_schemas_are_schemas(name: str) -> None:
    told: list[Any] = [OFFERED[name].input_schema, OFFERED[name].output_schema]
    for schema in told:
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"


def test_words_of_the_code_do_not_reach_the_client() -> None:
    said = json.dumps([[tool.description, tool.input_schema] for tool in offer()])
    assert [word for word in ("KINDS", "Evidence", "record: the", "Raises") if word in said] == []


def test_what_is_offered_costs_less_than_three_thousand_words() -> None:
    said = json.dumps([[tool.name, tool.description, tool.input_schema] for tool in offer()])
    assert len(said.split()) < 3000


def test_there_are_two_prompts() -> None:
    assert [prompt.name for prompt in prompts()] == ["summary", "visit"]


def test_the_list_comes_without_anything_heavy() -> None:
    code = (
        f"import sys, portal.mcp.server, portal.mcp.local, portal.mcp.command; from portal.mcp.offer import offer; \
offer(); print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
