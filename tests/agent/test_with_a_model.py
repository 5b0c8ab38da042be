"""Whole runs with a model that says what a script says: who plans, who writes, what falls back, what it costs."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from agent.assistant import Assistant
from agent.context import Brief
from agent.models import Door
from agent.models.failures import ModelFailure
from agent.models.model import Model
from agent.nodes import Step
from agent.plan import Plan
from agent.planner.model import ModelPlanner
from agent.reading import Reader
from agent.wording import CONCLUDED, CUT
from agent.writer.model import LONGEST, ModelWriter
from tests.agent.scripted import NOW, Records, evidence
from tests.agent.scripted_chat import prompts, scripted, written
from tools.calls.catalogue import Call
from tools.calls.evidence import Fact

SAID = "The latest A1c was 6.4 % on 2020-12-04 [1]."
GOOD, BAD, WORSE = written(SAID), written("It was 9.9 % [1]."), written("It was 8.8 % [1].")
CITED = "The latest A1c was 6.4 % on 2020-12-04 [Observation/a1c]."
BUILT_IN = "The latest Hemoglobin A1c in Blood was 6.4 % on 2020-12-04 [Observation/a1c]."
SURE, UNSURE = "What was her last HbA1c?", "What about the sugar stuff?"


def planned(*calls: tuple[str, dict[str, Any]], **more: Any) -> str:
    told = [{"tool": tool, "arguments": arguments} for tool, arguments in calls]
    return json.dumps({"calls": told, "yes_no": False, "more": False, "decline": None, **more})


A1C = planned(("measure", {"concept": "HbA1c", "pick": "last"}))


def assistant(*replies: Any, always: bool = False, **more: Any) -> tuple[Assistant, Model]:
    model = scripted(*replies, **more)
    planner = ModelPlanner(lambda: model, Reader(), always=always)
    return Assistant(Records(), model="none", planner=planner, writer=ModelWriter(lambda: model)), model


@dataclass(frozen=True)
class Case:
    id: str
    question: str
    replies: tuple[Any, ...]
    text: str
    calls: int
    fallback: str = ""
    plan: tuple[Call, ...] = (Call("measure", {"concept": "HbA1c", "pick": "last"}),)
    always: bool = False
    unsupported: int = 0


NO_PLAN = 'The model gave no plan: expected JSON like {"calls": [{"tool": "profile", "arguments": {}}]}.'
DOWN = ModelFailure("endpoint", "The server at http://127.0.0.1:1/v1 refused the connection.")
CASES = [
    Case("the rules are sure: one call, for the words", SURE, (GOOD,), CITED, 1),
    Case("they are not: the model plans", UNSURE, (A1C, GOOD), CITED, 2),
    Case("asked to, it plans what the rules are sure of", SURE, (A1C, GOOD), CITED, 2, always=True),
    Case("thoughts are nowhere", SURE, (f"<unused94>thought\nwell<unused95>{GOOD}",), CITED, 1),
    Case(
        "a forgotten source is named where one fact says it all",
        SURE,
        (written("The latest A1c was 6.4 % on 2020-12-04."),),
        "The latest A1c was 6.4 % on 2020-12-04 [Observation/a1c].",
        1,
    ),
    Case("not where none does", SURE, (written("It was 9.9 %."), GOOD), CITED, 2),
    Case("a draft without support is written again", SURE, (BAD, GOOD), CITED, 2),
    Case(
        "twice without support: the facts as computed",
        SURE,
        (BAD, WORSE),
        f"The model's wording said what the record does not support; these are the facts as computed.\n\n{BUILT_IN}",
        2,
        unsupported=1,
    ),
    Case("an invented source is no source", SURE, (written("6.4 % [7]."), written("6.4 % [Observation/x].")),
         f"The model's wording said what the record does not support; these are the facts as computed.\n\n{BUILT_IN}",
         2, unsupported=1),
    Case("it is gone when it should write", SURE, (DOWN,), BUILT_IN, 1, str(DOWN)),
    Case("it is gone when it should plan: nothing is understood without it", UNSURE, (DOWN,), "", 1, str(DOWN), ()),
    Case(
        "it says nothing", SURE, ("",), BUILT_IN, 1, "The model scripted said nothing."
    ),
    Case(
        "it only thinks", SURE, ("<unused94>thought\nhm, and no end",), BUILT_IN, 1,
        "The model scripted only thought, and did not answer.",
    ),
    Case(
        "wrong arguments go back once",
        UNSURE,
        (planned(("measure", {"concept": "HbA1c", "pick": "newest"})), A1C, GOOD),
        CITED,
        3,
    ),
    Case(
        "wrong arguments twice",
        SURE,
        (planned(("measure", {"pick": "newest"})), planned(("measure", {"pick": "newest"}))),
        BUILT_IN,
        2,
        "The model scripted planned calls that cannot be run, twice.",
        always=True,
    ),
    Case(
        "no plan at all",
        SURE,
        ("I would look at the labs.",),
        BUILT_IN,
        1,
        NO_PLAN,
        always=True,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_run_with_a_model(case: Case) -> None:
    asking, _ = assistant(*case.replies, always=case.always)
    answer = asking.ask("anna", case.question, now=NOW)
    assert answer.answer == case.text or not case.text
    assert (answer.usage.model_calls, answer.fallback, answer.grounded) == (case.calls, case.fallback, True)
    assert tuple(Call(c.tool, c.arguments) for c in answer.plan) == case.plan
    assert len(answer.unsupported) == case.unsupported
    assert "unused" not in answer.model_dump_json()


def test_values_are_the_tools_whoever_writes() -> None:
    assert assistant(GOOD)[0].ask("anna", SURE, now=NOW).values == (6.4,)


def test_what_it_costs_is_counted_by_the_model() -> None:
    asking, model = assistant(BAD, GOOD)
    usage = asking.ask("anna", SURE, now=NOW).usage
    read = sum(len(str(m.content).split()) for prompt in prompts(model) for m in prompt)
    said = len(BAD.split()) + len(GOOD.split())
    assert (usage.prompt_tokens, usage.completion_tokens) == (read, said)


def test_what_it_costs_is_counted_by_stage() -> None:
    usage = assistant(A1C, BAD, GOOD)[0].ask("anna", UNSURE, now=NOW).usage
    calls = {name: spent.model_calls for name, spent in usage.stages.items()}
    assert calls == {"scope": 0, "plan": 1, "retrieve": 0, "write": 2, "check": 0}
    assert sum(spent.prompt_tokens for spent in usage.stages.values()) == usage.prompt_tokens
    assert usage.stages["plan"].completion_tokens == len(A1C.split())
    assert 0 < sum(spent.seconds for spent in usage.stages.values()) <= usage.seconds
    assert "stages" not in usage.model_dump()


def test_a_draft_is_heard_while_it_is_written() -> None:
    asking, _ = assistant(f"<unused94>thought\nlet me see<unused95>{GOOD}")
    steps = list(asking.stream("anna", SURE, now=NOW))
    assert "".join(step.data for step in steps if step.name == "writing") == SAID
    assert len([step for step in steps if step.name == "writing"]) > 5
    assert [step.data for step in steps if step.name == "thinking"] == ["let me see"]
    assert steps[-1].data.answer == CITED


def test_what_was_thought_before_a_plan_is_a_step_and_kept_nowhere() -> None:
    asking, model = assistant(f"<unused94>thought\nglycation it is<unused95>{A1C}", GOOD)
    steps = list(asking.stream("anna", UNSURE, now=NOW))
    assert [step.data for step in steps if step.name == "thinking" and step.data] == ["glycation it is"]
    assert "glycation" not in steps[-1].data.model_dump_json()


def test_trouble_is_a_step_of_its_own() -> None:
    steps = list(assistant(DOWN)[0].stream("anna", SURE, now=NOW))
    assert Step("trouble", str(DOWN)) in steps


CONDITION = planned(
    ("find", {"kind": "condition", "concept": "diabetes", "give": "date", "pick": "first"}), more=True
)


def test_it_asks_for_more_when_nothing_was_found_twice_at_most() -> None:
    tries = [planned(("measure", {"concept": f"nothing such {n}"})) for n in range(3)]
    asking, model = assistant(*tries, written("Not recorded."))
    answer = asking.ask("anna", UNSURE, now=NOW)
    assert (len(answer.plan), answer.usage.model_calls) == (3, 4)
    assert "nothing such 0" in prompts(model)[1][-1].text


ENDED = [
    ("no calls", planned()),
    ("the same call again", planned(("measure", {"concept": "nothing such"}))),
    ("a declined one", planned(decline="not in a record")),
]


@pytest.mark.parametrize("second", [row[1] for row in ENDED], ids=[row[0] for row in ENDED])
def test_a_plan_with_nothing_new_ends_the_search(second: str) -> None:
    first = planned(("measure", {"concept": "nothing such"}))
    answer = assistant(first, second, written("Not recorded."))[0].ask("anna", UNSURE, now=NOW)
    assert (len(answer.plan), answer.usage.model_calls) == (1, 3)
    assert (answer.values, answer.abstained, answer.declined) == ((), True, None)


def test_it_may_ask_to_see_something_first() -> None:
    said = "Type 2 diabetes was diagnosed on 2010-05-24 [1]; the latest A1c was 6.4 % on 2020-12-04 [2]."
    asking, model = assistant(CONDITION, A1C, written(said))
    answer = asking.ask("anna", UNSURE, now=NOW)
    assert answer.answer == (
        "Type 2 diabetes was diagnosed on 2010-05-24 [Condition/diabetes]; "
        "the latest A1c was 6.4 % on 2020-12-04 [Observation/a1c]."
    )
    assert [call.tool for call in answer.plan] == ["find", "measure"]
    assert "2010-05-24" in prompts(model)[1][-1].text


def test_another_patient_is_declined_whatever_a_model_would_plan() -> None:
    answer = assistant(always=True)[0].ask("anna", "Which patients have diabetes?", now=NOW)
    assert (answer.declined, answer.usage.model_calls) == ("another patient", 0)


def test_the_options_of_a_question_are_answered_by_letter() -> None:
    answer = assistant(written("It was 6.4 % [1].", option="C"))[0].ask(
        "anna", SURE, now=NOW, choices=["7.1 %", "6.4 %", "8 %"]
    )
    assert (answer.choice, answer.answer) == ("B", "B) 6.4 %\nIt was 6.4 % [Observation/a1c].")


def test_an_option_that_only_the_model_can_choose_is_checked() -> None:
    options = ["below 5 %", "9.9 % in 2020", "well below the limit"]
    answer = assistant(*(written("It was 6.4 % [1].", option=letter) for letter in "BC"))[0].ask(
        "anna", SURE, now=NOW, choices=options
    )
    assert (answer.choice, answer.answer) == (
        "C",
        f"C) well below the limit\n{CONCLUDED} It was 6.4 % [Observation/a1c].",
    )


def test_the_conversation_is_shown_to_the_model(tmp_path: Any) -> None:
    model = scripted(GOOD, A1C, GOOD)
    planner = ModelPlanner(lambda: model, Reader())
    asking = Assistant(
        Records(),
        model="none",
        planner=planner,
        writer=ModelWriter(lambda: model),
        conversations=tmp_path / "c.db",
    )
    asking.ask("anna", SURE, now=NOW, conversation="round")
    asking.ask("anna", "Has her glycosylation improved?", now=NOW, conversation="round")
    assert f"Before: {SURE} -> The latest A1c was 6.4 % on 2020-12-04 ." in prompts(model)[1][1].text


def test_a_prompt_that_would_not_fit_shows_fewer_facts_and_says_so() -> None:
    facts = tuple(Fact(f"fact number {n} of a long list", f"Observation/{n}") for n in range(400))
    brief = Brief(question="Which ones?", plan=Plan(), evidence=[evidence(facts=facts, total=400)])
    model = scripted(written("Fact number 0 [1]."), context=2048)
    draft = ModelWriter(lambda: model).write(brief)
    shown = prompts(model)[0][1].text
    assert sum(len(m.text.split()) for m in prompts(model)[0]) <= 2048 - LONGEST
    assert shown.startswith("Question: Which ones?\n")
    assert "of 400 shown)" in shown
    assert (draft.text, draft.asides) == ("Fact number 0 [Observation/0].", (CUT,))


def _named(door: Door) -> str:
    chosen = door._choice.named
    return f"openai:{chosen.where}#{chosen.name}"


def test_another_model_may_plan_and_both_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    planning, writing = scripted(A1C), scripted(GOOD)
    said = {"openai:http://127.0.0.1:1/v1#gemma": planning, "openai:http://127.0.0.1:2/v1#medgemma": writing}
    monkeypatch.setattr(Door, "_open", lambda door: said[_named(door)])
    plan, write = said
    answer = Assistant(Records(), model=write, planner_model=plan).ask("anna", UNSURE, now=NOW)
    assert (answer.answer, answer.usage.model) == (CITED, "medgemma, planned by gemma")
    assert {name: answer.usage.stages[name].model_calls for name in ("plan", "write")} == {
        "plan": 1,
        "write": 1,
    }
    assert answer.usage.completion_tokens == len(A1C.split()) + len(GOOD.split())


def test_a_model_may_plan_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    model = scripted(A1C)
    monkeypatch.setattr(Door, "_open", lambda door: model)
    asking = Assistant(Records(), model="none", planner_model="openai:http://127.0.0.1:1/v1#gemma")
    answer = asking.ask("anna", UNSURE, now=NOW)
    assert (answer.answer, answer.values, answer.sure) == (BUILT_IN, (6.4,), None)
    assert (answer.usage.model, answer.usage.model_calls) == ("none, planned by gemma", 1)


def test_the_same_model_named_twice_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Door] = []
    model = scripted(A1C, GOOD)
    monkeypatch.setattr(Door, "_open", lambda door: opened.append(door) or model)
    same = "openai:http://127.0.0.1:1/v1#medgemma"
    answer = Assistant(Records(), model=same, planner_model=same).ask("anna", UNSURE, now=NOW)
    assert (answer.usage.model, len(opened)) == ("medgemma", 1)
