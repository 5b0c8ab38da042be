"""Answers from a record that its reader narrowed: what is said, that it is said, and that it can be run again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.answer import Answer
from agent.assistant import Assistant
from agent.check import check_draft
from agent.nodes import Step
from agent.plan import Plan
from agent.wording import within
from tests.agent.scripted import (
    ANNA,
    NOW,
    Records,
    ScriptedPlanner,
    ScriptedWriter,
    measured,
    record_of,
)
from tests.agent.test_assistant import ASKING, SCRIPT
from tests.builders import allergy, condition, medication_request, observation, patient, procedure
from tests.test_unreadable_records import QUESTIONS
from tests.whole_questions import assistant_over
from tools.calls.catalogue import Call
from tools.record.scope import EVERYTHING, Scope

OBSERVATIONS, SINCE = Scope.of(["Observation"]), Scope.of(since="2020-01-01")
OLD = Scope.of(until="2019-12-31")
LIMITED = "within what you narrowed to (Observation)"


@dataclass(frozen=True)
class Case:
    id: str
    question: str
    scope: Scope
    values: tuple[object, ...]
    says: str
    abstained: bool = False


CASES = [
    Case("all of it", "latest", EVERYTHING, (6.4,), ""),
    Case("the last within", "latest", OLD, (7.1,), within(OLD)),
    Case("a kind that is not within", "gout?", OBSERVATIONS, (), f"Left out: gout, not {LIMITED}.", abstained=True),
    Case("all of a kind", "drugs", OBSERVATIONS, (), f"Left out: medications, not {LIMITED}.", abstained=True),
    Case("none within the period", "gout?", SINCE, (False,), within(SINCE)),
    Case("nothing understood", "nothing", OBSERVATIONS, (), f"This is {LIMITED}.", abstained=True),
    Case("a count", "how many", SINCE, (1,), within(SINCE)),
    Case("the patient is always there", "age", OBSERVATIONS, (73,), ""),
]  # fmt: skip
MORE = {
    "how many": measured("Hemoglobin A1c", statistic="count"),
    "age": Plan(calls=(Call("profile", {"about": "age"}),), sure=1.0),
}


def _assistant(conversations: Path | None = None, writer: ScriptedWriter | None = None) -> Assistant:
    planner = ScriptedPlanner(SCRIPT | MORE)
    return Assistant(Records(), planner=planner, writer=writer, conversations=conversations)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_ask(case: Case) -> None:
    answer = _assistant().ask("anna", case.question, now=NOW, scope=case.scope)
    assert (answer.values, answer.abstained) == (case.values, case.abstained), answer.answer
    assert answer.answer.count("narrowed to") == bool(case.says)
    assert case.says in answer.answer
    assert answer.grounded, answer.unsupported
    again = _assistant().replay(json.loads(answer.model_dump_json()))
    assert (again.answer, again.values, again.scope) == (answer.answer, answer.values, answer.scope)


def test_the_answer_carries_its_scope() -> None:
    scope = Scope.of(["condition", "Observation"], since="2015-01-01")
    told = _assistant().ask("anna", "latest", now=NOW, scope=scope).model_dump(mode="json")["scope"]
    assert told == {"kinds": ["Condition", "Observation"], "since": "2015-01-01", "until": None}


@pytest.mark.parametrize("question", QUESTIONS.strip().splitlines())
def test_nothing_is_claimed_of_what_is_left_out(question: str, tmp_path: Path) -> None:
    holds = (
        observation("a1c"),
        condition("gout", "Gout", code="90560007"),
        allergy("nuts"),
        medication_request("metformin"),
        procedure("scope"),
    )
    others = [{"resourceType": kind, "id": "x", "status": "active"} for kind in ("Flag",)]
    assistant = assistant_over(tmp_path, patient(), *holds, *others)
    answer = assistant.ask("Patient/p1", question, now=NOW, scope=Scope.of(["Flag"]))
    kinds = {cover.kind for cover in answer.coverage}
    assert "narrowed to (Flag)" in answer.answer
    assert answer.grounded, answer.unsupported
    if kinds & {"Observation", "Condition", "AllergyIntolerance", "MedicationRequest", "Procedure"}:
        assert (answer.values, answer.abstained) == ((), True), answer.answer
        assert "not recorded" not in answer.answer.casefold()
        assert any("left out" in problem for cover in answer.coverage for problem in cover.problems)


DRAFTS = [
    "The latest Hemoglobin A1c was 7.1 % on 2019-11-02 [Observation/a1c-old].",
    "Der letzte HbA1c-Wert war 7,1 % am 2.11.2019 [Observation/a1c-old].",
    "The latest Hemoglobin A1c was 7.1 % on 2019-11-02 [Observation/a1c-old]. "
    "This is within what you narrowed to (until 2019-12-31).",
]


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_models_wording_is_said_to_be_limited_once(draft: str) -> None:
    scope, writer = OLD, ScriptedWriter([draft])
    answer = _assistant(writer=writer).ask("anna", "latest", now=NOW, scope=scope)
    assert answer.answer.startswith(draft)
    assert answer.answer.count(within(scope)) == 1
    assert (answer.grounded, answer.unsupported) == (not draft.startswith("Der "), ())
    assert writer.briefs[0].scope == scope


def test_a_models_claim_of_what_was_left_out_is_refused() -> None:
    writer = ScriptedWriter(["The patient has no gout.", "No gout is recorded."])
    answer = _assistant(writer=writer).ask("anna", "latest", now=NOW, scope=OBSERVATIONS)
    assert answer.unsupported
    assert "gout" not in answer.answer


def test_another_scope_is_no_excuse() -> None:
    claimed = "This is within what you narrowed to (Condition)."
    assert check_draft(claimed, (), record_of(ANNA).within(OBSERVATIONS), "latest").unsupported


def test_the_scope_may_change_within_a_conversation(tmp_path: Path) -> None:
    assistant = _assistant(tmp_path / "c.db")
    scopes = (None, OLD, None)
    answers = [assistant.ask("anna", "latest", now=NOW, conversation="round", scope=s) for s in scopes]
    assert [answer.values for answer in answers] == [(6.4,), (7.1,), (6.4,)]
    assert ["narrowed" in answer.answer for answer in answers] == [False, True, False]


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (None, (7.1,)),
        (EVERYTHING, (6.4,)),
        (Scope.of(since="2020-01-01"), (6.4,)),
        (Scope.of(["Condition"]), ()),
    ],
)
def test_a_reply_is_to_the_question_as_it_was_narrowed(
    given: Scope | None, values: tuple[float, ...], tmp_path: Path
) -> None:
    asked = _assistant(tmp_path / "c.db").ask("anna", "either", now=NOW, conversation="round", scope=OLD)
    assert (asked.ask_back, asked.scope and asked.scope.until) == (ASKING.ask_back, "2019-12-31")
    answer = _assistant(tmp_path / "c.db").resume("round", "1", scope=given)
    assert answer.values == values


def test_streams_are_narrowed(tmp_path: Path) -> None:
    def last(steps: Iterator[Step]) -> Answer:
        (answer,) = [step.data for step in steps if step.name == "answer"]
        assert isinstance(answer, Answer)
        return answer

    assistant = _assistant(tmp_path / "c.db")
    asked = last(assistant.stream("anna", "either", now=NOW, conversation="round", scope=OLD))
    assert asked.ask_back
    assert last(assistant.resume_stream("round", "HbA1c")).values == (7.1,)


def test_not_recorded_is_no_choice_where_it_was_left_out() -> None:
    for scope, letter in ((OBSERVATIONS, ""), (EVERYTHING, "B")):
        answer = _assistant().ask("anna", "gouts", now=NOW, choices=("asthma", "not recorded"), scope=scope)
        assert (answer.choice, answer.grounded) == (letter, True), answer.answer
        assert (LIMITED in answer.answer) == bool(scope)
