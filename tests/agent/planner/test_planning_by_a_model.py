"""What a model that plans is told of the reading before it, and what its plan becomes."""

import json
from dataclasses import replace

import pytest

from agent.context import Replanner
from agent.models.options import Thinking
from agent.plan import Plan
from agent.planner.form import merged
from agent.planner.model import ModelPlanner
from agent.reading import Reader
from tests.agent.scripted import ANNA, ScriptedPlanner, evidence, record_of
from tests.agent.scripted_chat import ScriptedChat, prompts, scripted
from tools.calls.catalogue import Call

RECORD = record_of(ANNA)
LAST = Plan(
    calls=(Call("measure", {"concept": "HbA1c", "pick": "last"}, "a"),),
    answer=("a",),
    doubts=("“lately” found no place", "41 % likely"),
)
ANY = Plan(
    calls=(Call("find", {"kind": "condition", "concept": "asthma", "give": "exists"}, "a"),), yes_no=True
)
ONE = '{"calls":[{"id":"a","tool":"profile","arguments":{"about":"age"}}],"yes_no":false}'

HINTS = [
    ("readings, with their doubts", Plan(readings=(LAST, ANY)), [
        '{"calls":[{"id":"a","tool":"measure","arguments":{"concept":"HbA1c","pick":"last"}}],"yes_no":false} '
        "(unsure: “lately” found no place; 41 % likely)",
        '{"calls":[{"id":"a","tool":"find","arguments":{"kind":"condition","concept":"asthma","give":"exists"}}],'
        '"yes_no":true}',
    ]),
    ("a plan of which reading is sure", ANY, [
        '{"calls":[{"id":"a","tool":"find","arguments":{"kind":"condition","concept":"asthma","give":"exists"}}],'
        '"yes_no":true}',
    ]),
    ("words without a place", Plan(left_out=("lately", "twice")), [
        "not known; no place was found for “lately”, “twice”",
    ]),
    ("nothing", Plan(), []),
]  # fmt: skip


@pytest.mark.parametrize(("read", "told"), [row[1:] for row in HINTS], ids=[row[0] for row in HINTS])
def test_what_reading_made_of_a_question_is_told_to_the_model(read: Plan, told: list[str]) -> None:
    model = scripted(ONE)
    ModelPlanner(lambda: model, ScriptedPlanner({"q": read}), always=True).plan("q", RECORD, {})
    shown = [line for line in prompts(model)[0][1].text.splitlines() if line.startswith("It may mean")]
    assert shown == [f"It may mean: {hint}" for hint in told]


DOUBTED = [
    ("What was her HbA1c in the autumn of her discontent?", "found no place"),
    ("When did she break her collarbone?", "is no recorded name"),
]


@pytest.mark.parametrize(("question", "doubt"), DOUBTED)
def test_reading_says_why_it_is_unsure(question: str, doubt: str) -> None:
    read = Reader().plan(question, RECORD, {})
    assert not read.calls
    assert any(doubt in said for reading in read.readings for said in reading.doubts), read.readings


def test_how_sure_a_model_is_of_its_plan_is_not_known() -> None:
    model = scripted(ONE, ONE)
    planner = ModelPlanner(lambda: model, ScriptedPlanner({"q": Plan(sure=0.4)}), always=True)
    first = planner.plan("q", RECORD, {})
    assert isinstance(planner, Replanner)
    again = planner.replan("q", RECORD, {}, [evidence()], [])
    assert [(plan.by, plan.sure) for plan in (first, again)] == [("model", None), ("model", None)]


def test_calls_that_ask_for_the_same_are_one() -> None:
    calls = (
        Call("measure", {"concept": "LDL", "pick": "last"}, "a"),
        Call("measure", {"concept": "LDL", "pick": "last"}, "b"),
        Call("measure", {"concept": "HDL", "pick": "last"}, "c"),
        Call("calculate", {"operation": "ratio", "of": ["b", "c"]}, "d"),
    )
    plan = merged(Plan(calls=calls, answer=("b", "d")))
    assert [call.id for call in plan.calls] == ["a", "c", "d"]
    assert (plan.calls[-1].arguments["of"], plan.answer) == (["a", "c"], ("a", "d"))


def test_a_later_plan_sees_what_was_found_and_the_calls_behind_it() -> None:
    model = scripted(ONE)
    planner = ModelPlanner(lambda: model, ScriptedPlanner({}))
    planner.replan("q", RECORD, {}, [evidence(id="a")], ["notes: too long"])
    said, told = prompts(model)[0][-2:]
    assert json.loads(said.text) == {
        "calls": [{"id": "a", "tool": "measure", "arguments": {"concept": "A1c", "pick": "last"}}],
        "yes_no": False,
        "more": True,
    }
    assert "6.4 % on 2020-12-04\nnotes: too long" in told.text


THOUGHT = f"<unused94>thought\nShe asks for her age.<unused95>{ONE}"
THINKING = [
    ("where reading is unsure", "auto", Plan(), (THOUGHT,), [True], "She asks for her age."),
    ("not where it is sure", "auto", ANY, (ONE,), [False], ""),
    ("never", "off", Plan(), (ONE,), [False], ""),
    ("always", "on", ANY, (THOUGHT,), [True], "She asks for her age."),
    ("a thought without end: again without one", "auto", Plan(), ("<unused94>thought\nhm", ONE), [True, False], ""),
    ("a thought before no plan: again, in the form", "auto", Plan(), ("Her age.", ONE), [True, False], ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "read", "replies", "thinking", "thought"),
    [row[1:] for row in THINKING],
    ids=[row[0] for row in THINKING],
)
def test_the_model_thinks_before_it_plans(
    wish: Thinking, read: Plan, replies: tuple[str, ...], thinking: list[bool], thought: str
) -> None:
    model = replace(scripted(*replies), thinking=wish)
    plan = ModelPlanner(lambda: model, ScriptedPlanner({"q": read}), always=True).plan("q", RECORD, {})
    assert isinstance(model.chat, ScriptedChat)
    assert [asked.get("thinking", False) for asked in model.chat.asked] == thinking
    assert (plan.calls, plan.thought) == ((Call("profile", {"about": "age"}, "a"),), thought)
