"""LangGraph's own tools can open the state machine."""

import importlib
import json
from pathlib import Path

import pytest

from agent import studio
from tests.agent.scripted import NOW, Records

ROOT = Path(__file__).parents[2]


def test_langgraph_json_names_a_graph() -> None:
    where = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["fhir-record-assistant"]
    path, _, name = where.partition(":")
    module = importlib.import_module(path.removeprefix("./").removesuffix(".py").replace("/", "."))
    graph = getattr(module, name)()
    assert list(graph.get_input_jsonschema()["properties"]) == ["question"]
    assert set(graph.get_context_jsonschema()["properties"]) == {"patient", "now"}


def test_its_context_names_patient_and_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = studio.Assistant(Records(), model="none")
    monkeypatch.setattr(studio, "_assistant", lambda: assistant)
    context = {"patient": "anna", "now": NOW.isoformat()}
    state = studio.graph().invoke({"question": "What was the last weight?"}, context=context)
    assert state["patient"] == "Patient/anna"
    assert state["draft"] == "The latest Body Weight was 71.55 kg on 2020-12-04 [Observation/weight]."
