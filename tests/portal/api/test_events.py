"""What events carry is what the API's description says of them: the page's types are made of it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from agent.assistant import Assistant
from agent.models.failures import ModelFailure
from agent.nodes import Step
from agent.plan import Plan
from agent.writer.model import ModelWriter
from portal.api.events import Events
from portal.app import make
from portal.conversations.told import answer_json, event_of
from tests.agent.scripted import NOW, Records, ScriptedPlanner, measured
from tests.agent.scripted_chat import scripted, written
from tests.portal.portal_for_tests import a_portal

A1C, EITHER = "What was her last HbA1c?", "either"
GOOD = f"<unused94>thought\nlet me see<unused95>{written('The latest A1c was 6.4 % on 2020-12-04 [1].')}"
DOWN = ModelFailure("endpoint", "The server at http://127.0.0.1:1/v1 refused the connection.")
RUNS = [
    ("a model writes", A1C, (GOOD,), {"scope", "plan", "tool", "facts", "thinking", "writing", "text", "check"}),
    ("a draft is sent back", A1C, (written("It was 9.9 % [1]."), GOOD), {"check", "thinking"}),
    ("a model is away", A1C, (DOWN,), {"trouble", "text", "check"}),
    ("it is asked back", EITHER, (), {"scope", "plan", "ask"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "replies", "names"), [row[1:] for row in RUNS], ids=[row[0] for row in RUNS]
)
def test_the_events_of_a_run(
    question: str, replies: tuple[Any, ...], names: set[str], tmp_path: Path
) -> None:
    steps: list[Step] = []
    model = scripted(*replies)
    planner = ScriptedPlanner({A1C: measured("HbA1c"), EITHER: Plan(ask_back="Which?", options=("a", "b"))})
    asking = Assistant(
        Records(),
        model="none",
        planner=planner,
        writer=ModelWriter(lambda: model),
        conversations=tmp_path / "conversations.db",
    )
    answer = asking.ask("anna", question, now=NOW, conversation="c", hear=steps.append)
    told = [*map(event_of, steps), ("answer", answer_json(answer, "7"))]
    assert names | {"answer"} <= {name for name, _ in told}
    for name, data in told:
        assert_carried(name, data)


@pytest.mark.parametrize(("name", "data"), [("error", {"detail": "It was halted."}), ("cancelled", {})])
def test_how_a_run_ends_otherwise(name: str, data: Any) -> None:
    assert_carried(name, data)


def test_no_two_shapes_of_the_description_share_a_name(tmp_path: Path) -> None:
    described = make(a_portal(tmp_path)).openapi()["components"]["schemas"]
    events = Events.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    for name, shape in {**events.pop("$defs"), "Events": events}.items():
        assert described[name]["properties"].keys() == shape["properties"].keys(), name


def assert_carried(name: str, data: Any) -> None:
    """Nothing is missing, nothing is more, and each value is of the kind that is described."""
    shape = TypeAdapter(Events.model_fields[name].annotation)
    assert shape.dump_python(shape.validate_python(data), mode="json") == data
