"""The state machine: its shape, what its nodes may change, and where it goes."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from langgraph.runtime import Runtime

from agent import nodes
from agent.assistant import Assistant
from agent.context import Context
from agent.graph import mermaid
from agent.nodes import Step, after_check, after_plan, after_retrieve, after_write
from agent.plan import Plan
from agent.state import Checked, State, Unsupported
from tests.agent.scripted import (
    ANNA,
    NOW,
    Records,
    ScriptedPlanner,
    ScriptedReplanner,
    ScriptedWriter,
    evidence,
    measured,
    record_of,
)
from tools.calls.catalogue import Call

WRONG = Unsupported("A1c was 9.9 %.", "the number 9.9 % is not in the evidence it cites")
GOOD = "The latest A1c was 6.4 % on 2020-12-04 [Observation/a1c]."
INVENTED = "The latest A1c was 9.9 % on 2020-12-04 [Observation/a1c]."


def test_the_drawing_is_the_design() -> None:
    arrows = {line.strip(" \t;") for line in mermaid().splitlines() if "-->" in line or "-.->" in line}
    assert arrows == {
        "__start__ --> scope",
        "scope --> plan",
        "plan -.-> ask_back",
        "plan -.-> retrieve",
        "plan -.-> write",
        "ask_back --> plan",
        "retrieve -.-> plan",
        "retrieve -.-> write",
        "plan -.-> check",
        "write -.-> check",
        "write -.-> plan",
        "check -.-> write",
        "check -.-> __end__",
    }


def _runtime(planner: Any = None, **more: Any) -> Runtime[Context]:
    context = Context(record=record_of(ANNA), planner=planner or ScriptedPlanner({}), **more)
    return Runtime(context=context)


STATE: State = {
    "question": "A1c?",
    "reply": "",
    "patient": "Patient/anna",
    "now": NOW.isoformat(),
    "asked": "A1c?",
    "choices": (),
    "turns": (),
    "choice": "",
    "trouble": "",
    "decision": measured("A1c"),
    "frame": {},
    "rounds": 1,
    "evidence": (evidence(),),
    "failures": (),
    "draft": GOOD,
    "said": "",
    "findings": (),
    "seen": (),
    "assessment": None,
    "lacking": "",
    "checked": Checked(),
    "dropped": (),
    "drafts": 1,
    "built_in": False,
    "refused": (),
    "unsupported": (),
}


@pytest.mark.parametrize("node", [nodes.scope, nodes.plan, nodes.retrieve, nodes.write, nodes.check])
def test_a_node_returns_only_fields_of_the_state(node: Any) -> None:
    update = node(STATE, _runtime(ScriptedPlanner({"A1c?": measured("A1c")})))
    assert set(update) <= set(State.__annotations__)


@dataclass(frozen=True)
class Way:
    id: str
    state: dict[str, Any]
    to: str
    context: dict[str, Any] = field(default_factory=dict)


ASKING = Plan(ask_back="Which glucose?", options=("blood", "urine"))
FAILED = {"failures": ("kind 'x': expected …",)}

WAYS_FROM_PLAN = [
    Way("calls are run", {"evidence": ()}, "retrieve"),
    Way("nothing new to call is written", {"evidence": (evidence(arguments={"concept": "A1c"}),)}, "write"),
    Way("nothing to call is written at once", {"decision": Plan(decline="advice")}, "write"),
    Way("two good readings ask back", {"decision": ASKING}, "ask_back"),
    Way(
        "with nobody to reply the best reading is answered",
        {
            "decision": Plan(
                ask_back="Which?", calls=(Call("measure", {"concept": "glucose", "pick": "last"}, "b"),)
            )
        },
        "retrieve",
    ),
    Way(
        "with somebody to reply even then",
        {
            "decision": Plan(
                ask_back="Which?", calls=(Call("measure", {"concept": "glucose", "pick": "last"}, "b"),)
            )
        },
        "ask_back",
        {"can_reply": True},
    ),
]


@pytest.mark.parametrize("way", WAYS_FROM_PLAN, ids=lambda way: way.id)
def test_after_plan(way: Way) -> None:
    state: Any = {**STATE, **way.state}
    assert after_plan(state, _runtime(**way.context)) == way.to


LACKING = {"lacking": "the dose"}


@pytest.mark.parametrize(
    ("state", "to"), [({}, "check"), (LACKING, "plan")], ids=["whole", "something is lacking"]
)
def test_after_write(state: dict[str, Any], to: str) -> None:
    assert after_write({**STATE, **state}) == to  # type: ignore[typeddict-item]


REPLANS = {"planner": ScriptedReplanner({})}
BY_MODEL = {"decision": Plan(by="model")}
NOTHING = (evidence(outcome="none recorded", values=(), facts=(), references=(), total=0),)
WAYS_FROM_RETRIEVE = [
    Way("found is written", {}, "write", REPLANS),
    Way("a failed call goes back to the model that planned it", {**FAILED, **BY_MODEL}, "plan", REPLANS),
    Way("a failed call of the rules is said", FAILED, "write", REPLANS),
    Way("a failed call is said by one that cannot", FAILED, "write"),
    Way("nothing found goes back too", {"evidence": NOTHING, **BY_MODEL}, "plan", REPLANS),
    Way("found, but asked to be seen first", {"decision": Plan(by="model", more=True)}, "plan", REPLANS),
    Way("twice at most", {**FAILED, **BY_MODEL, "rounds": 3}, "write", REPLANS),
    Way("a model in trouble is not asked again", {**FAILED, **BY_MODEL, "trouble": "gone"}, "write", REPLANS),
]


@pytest.mark.parametrize("way", WAYS_FROM_RETRIEVE, ids=lambda way: way.id)
def test_after_retrieve(way: Way) -> None:
    state: Any = {**STATE, **way.state}
    assert after_retrieve(state, _runtime(**way.context)) == way.to


WAYS_FROM_CHECK = [
    Way("supported ends", {}, "__end__"),
    Way("unsupported is written again", {"unsupported": (WRONG,)}, "write"),
    Way("the built-in wording is the last word", {"unsupported": (WRONG,), "built_in": True}, "__end__"),
]


@pytest.mark.parametrize("way", WAYS_FROM_CHECK, ids=lambda way: way.id)
def test_after_check(way: Way) -> None:
    state: Any = {**STATE, **way.state}
    assert after_check(state) == way.to


@pytest.mark.parametrize(
    ("drafts", "text", "unsupported"),
    [
        ([GOOD], GOOD, ()),
        ([INVENTED, GOOD], GOOD, ()),
        (
            [INVENTED, INVENTED],
            "The model's wording said what the record does not support; these are the facts as computed.\n\n"
            "The latest Hemoglobin A1c was 6.4 % on 2020-12-04 [Observation/a1c].",
            (f"{INVENTED} (the number 9.9 % is not in the evidence it cites)",),
        ),
    ],
    ids=["a supported draft stands", "one more try", "then the facts as computed"],
)
def test_a_writer_gets_two_tries(
    drafts: list[str], text: str, unsupported: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.nodes.run_call", lambda call, record, found: evidence(id=call.id))
    writer = ScriptedWriter(list(drafts))
    assistant = Assistant(Records(), planner=ScriptedPlanner({"A1c?": measured("A1c")}), writer=writer)
    answer = assistant.ask("anna", "A1c?", now=NOW)
    assert (answer.answer, answer.unsupported, answer.grounded) == (text, unsupported, True)
    assert [bool(brief.unsupported) for brief in writer.briefs] == [False, True][: len(drafts)]


def test_more_evidence_comes_on_top_of_what_was_found() -> None:
    planner = ScriptedReplanner(
        {
            "q": Plan(
                by="model",
                calls=(Call("read", {"reference": "Condition/diabetes"}), Call("find", {"kind": "nonsense"})),
            )
        },
        more=[Plan(by="model", calls=(Call("read", {"reference": "Condition/sinusitis"}),))],
    )
    answer = Assistant(Records(), planner=planner).ask("anna", "q", now=NOW)
    assert [call.arguments["reference"] for call in answer.plan] == [
        "Condition/diabetes",
        "Condition/sinusitis",
    ]
    assert [(outcomes, len(failures)) for outcomes, failures in planner.seen] == [(["found"], 1)]
    assert set(answer.evidence) == {"Condition/diabetes", "Condition/sinusitis"}


def test_a_planner_that_never_has_enough_is_stopped() -> None:
    planner = ScriptedReplanner(
        {"q": Plan(by="model", calls=(Call("read", {"reference": "Condition/none"}),))},
        more=[Plan(by="model", calls=(Call("read", {"reference": f"Condition/none{n}"}),)) for n in range(9)],
    )
    answer = Assistant(Records(), planner=planner).ask("anna", "q", now=NOW)
    assert len(planner.seen) == 2
    assert len(answer.plan) == 3


def test_a_stream_tells_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.nodes.run_call", lambda call, record, found: evidence(id=call.id))
    assistant = Assistant(Records(), planner=ScriptedPlanner({"A1c?": measured("A1c")}))
    steps = list(assistant.stream("anna", "A1c?", now=NOW))
    assert [step.name for step in steps] == ["scope", "plan"] + ["call", "facts"] + [
        "text",
        "check",
        "answer",
    ]
    assert steps[0] == Step("scope", {"patient": "Patient/anna", "now": "2021-07-01"})
