"""How a question ended, at every door: what is no answer never looks like one, and never like "not recorded"."""

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

import agent.assistant
from agent.answer import Answer, Outcome
from agent.assistant import Assistant
from agent.plan import Plan
from agent.reading import Reader
from evaluation.solvers.agent import AgentSolver
from fhir_fixtures import REFERENCE_DATE, records
from portal.caller import LOCAL, Caller
from portal.conversations.kept import Kept
from portal.conversations.tables import conversations, questions
from portal.database import Database
from portal.mcp.calls import called
from portal.mcp.door import Called
from portal.portal import Portal, opened
from portal.settings import Settings
from portal.trail.difference import difference
from portal.trail.given import from_database
from portal.trail.reading import Wanted, page
from tests.agent.cli.calling import call
from tests.builders import bundle, observation, patient
from tests.evaluation.entries_for_tests import case as a_case
from tests.portal.doors_for_tests import app_of
from tests.portal.portal_for_tests import NOON
from tools.calls.catalogue import Call
from tools.calls.errors import RecordError
from tools.record import PatientRecord
from tools.sources import open_location

ADELINA, FRANCESCO, ADA = "Adelina Maggio", "Francesco Lueilwitz", "Ada Moser"
SCRIPT = {
    "Which glucose?": Plan(ask_back="Which glucose is meant?", options=("in blood", "in urine")),
    "Which is it?": Plan(calls=(Call("find", {"kind": "horoscope"}),)),
}
BREAKS = "Break"


@dataclass(frozen=True)
class Case:
    """A question and how it ends.

    Attributes:
        says: how the text begins that a person reads; before it stands the outcome, unless it was answered.
        status: exit status of `ask`.
        left_out: the words that were not understood.
    """

    patient: str
    question: str
    outcome: Outcome
    says: str
    status: int = 0
    left_out: tuple[str, ...] = ()


CASES = [
    Case(ADELINA, "What is her latest A1c?", "answered", "The latest Hemoglobin A1c in Blood was 7.3 %"),
    Case(ADELINA, "Does she have gout?", "answered", "No active gout recorded"),
    Case(ADELINA, "What is her latest PSA?", "not recorded", "Not recorded: PSA"),
    Case(ADA, "What is her latest A1c?", "unreadable", "Not found, and not all could be read: A1c"),
    Case(ADELINA, "thanks", "not understood", "I could not tell what this asks", 5),
    Case(ADELINA, "asdf qwer zxcv", "not understood", "I could not tell what this asks", 5),
    Case(ADELINA, "Weight then vs now", "asked back", "Which of these do you mean?"),
    Case(
        FRANCESCO,
        "Can I give him penicillin?",
        "declined",
        "I give no advice, I only report what is recorded",
    ),
    Case(ADELINA, "Which glucose?", "asked back", "Which glucose is meant?"),
    Case(ADELINA, "Which is it?", "failed", "This could not be worked out as it was ", 1),
]


class _Planner(Reader):
    """The built-in planner, and plans for what it does not ask back or get wrong of its own."""

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, Any]) -> Plan:
        if question == BREAKS:
            raise RecordError("The record could not be read.")
        return SCRIPT.get(question) or super().plan(question, record, before)


@dataclass(frozen=True)
class Place:
    """A portal, and where its records are."""

    portal: Portal
    client: TestClient
    records: str

    @property
    def assistant(self) -> Assistant:
        return self.portal.desk.assistant(LOCAL)

    def reference(self, name: str) -> str:
        return self.assistant.source.find(name).reference


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("doors")
    held = folder / "records"
    held.mkdir()
    for name in (ADELINA, FRANCESCO):
        shutil.copy(records() / f"{name.replace(' ', '_')}.json.gz", held)
    unreadable = bundle(patient(), {k: v for k, v in observation("bad").items() if k != "code"})
    (held / "ada.json").write_text(json.dumps(unreadable), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FHIR_ASSISTANT_CACHE", str(folder / "cache"))
        patched.setenv("FHIR_ASSISTANT_DATA", str(folder / "data"))
        patched.setattr(agent.assistant, "_planner", lambda door, planning: _Planner())
        assistant = Assistant(
            open_location(str(held)), model="none", conversations=folder / "conversations.db"
        )
        kept = Settings(
            today=REFERENCE_DATE.isoformat(),
            hosts=("testserver",),
            database=f"sqlite:///{folder / 'portal.db'}",
        )
        portal = opened(kept, assistant, lambda: NOON)
        with TestClient(app_of(portal)) as client:
            yield Place(portal, client, str(held))


def _command(place: Place, case: Case) -> tuple[int, str, dict[str, Any]]:
    asked = (
        "ask",
        case.question,
        "-r",
        place.records,
        "-p",
        case.patient,
        "--now",
        "2026-01-01",
        "-m",
        "none",
    )
    ran = call(*asked)
    return ran.status, ran.out, json.loads(call(*asked, "--json").out)


def _chat(place: Place, caller: Caller, question: str) -> Any:
    from portal.access import calling

    place.client.app.dependency_overrides[calling] = lambda: caller  # type: ignore[attr-defined]
    wanted = {"model": "fhir-record-assistant", "messages": [{"role": "user", "content": question}]}
    return place.client.post("/v1/chat/completions", json=wanted)


async def _silent(said: str) -> None:
    """Hear nothing."""


def _tool(place: Place, caller: Caller, question: str) -> Any:
    return asyncio.run(called(Called(place.portal, caller), "ask", {"question": question}, _silent))


def _counted(place: Place, outcome: str) -> float:
    labels = {"outcome": outcome}
    return place.portal.metrics.registry.get_sample_value("fhir_assistant_questions_total", labels) or 0.0


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.patient}: {case.question}")
def test_every_door_says_how_a_question_ended(case: Case, place: Place) -> None:
    begins = case.says if case.outcome == "answered" else f"[{case.outcome}] {case.says}"
    caller = Caller(subject="key:ward", patient=place.reference(case.patient))
    before = _counted(place, case.outcome)

    status, text, whole = _command(place, case)
    assert (status, text[: len(begins)]) == (case.status, begins)
    assert (whole["outcome"], whole["left_out"]) == (case.outcome, list(case.left_out))

    completion = _chat(place, caller, case.question).json()
    assert completion["choices"][0]["message"]["content"].startswith(begins)
    assert completion["fhir_assistant"]["outcome"] == case.outcome

    result = _tool(place, caller, case.question)
    assert (result.content[0].text[: len(begins)], result.is_error) == (begins, False)
    assert result.structured_content["outcome"] == case.outcome
    assert result.structured_content["left_out"] == list(case.left_out)

    newest = [event.parsed() for event in page(place.portal.database, Wanted(), 2)]
    assert [event.get("outcomeDesc") for event in newest if event["resourceType"] == "AuditEvent"] == [
        case.outcome
    ]
    assert case.question not in json.dumps(newest)

    assert _counted(place, case.outcome) - before == 2  # /v1 and MCP


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.patient}: {case.question}")
def test_the_evaluation_tells_what_was_not_understood_from_what_is_not_recorded(
    case: Case, place: Place
) -> None:
    asked = a_case("q", question=case.question, patient=case.patient, now=date(2026, 1, 1))
    result = AgentSolver(place.assistant).answered(asked, "open", 1)
    assert (result.outcome, result.not_understood) == (case.outcome, case.left_out)
    assert bool(result.failed) == (case.outcome == "failed")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.patient}: {case.question}")
def test_run_again_it_ends_the_same(case: Case, place: Place) -> None:
    before = place.assistant.ask(case.patient, case.question, now=REFERENCE_DATE)
    changes = difference(before, place.assistant.replay(before)).changes
    assert [change.what for change in changes] == []


def test_what_the_portal_could_not_answer_is_failed_everywhere(place: Place) -> None:
    caller = Caller(subject="key:ward", patient=place.reference(ADELINA))
    before = _counted(place, "failed")
    refused = _chat(place, caller, BREAKS)
    said = "[failed] The record could not be read."
    assert (refused.status_code, refused.json()["error"]["message"]) == (502, said)
    result = _tool(place, caller, BREAKS)
    assert (result.is_error, result.content[0].text) == (True, said)
    assert _counted(place, "failed") - before == 2


def test_every_outcome_is_in_the_table() -> None:
    assert {case.outcome for case in CASES} == set(get_args(Outcome))


SEARCHED = [{"kind": "Observation", "searched": 12, "span": None, "problems": []}]
SET_ASIDE = [{**SEARCHED[0], "problems": ["1 not counted: entered-in-error"]}]
UNREAD = [{**SEARCHED[0], "problems": ["1 could not be read: id is missing"]}]
PLAN = [{"tool": "measure", "arguments": {"concept": "PSA"}}]
OLD: list[tuple[str, dict[str, Any], Outcome]] = [
    ("something is claimed", {"abstained": False, "values": [7.3], "plan": PLAN}, "answered"),
    (
        "a no is an answer",
        {"abstained": False, "values": [False], "coverage": SEARCHED, "plan": PLAN},
        "answered",
    ),
    ("searched in vain", {"coverage": SEARCHED, "plan": PLAN}, "not recorded"),
    ("what was set aside was read", {"coverage": SET_ASIDE, "plan": PLAN}, "not recorded"),
    ("not all could be read", {"coverage": UNREAD, "plan": PLAN}, "unreadable"),
    ("nothing was looked up", {"plan": []}, "not understood"),
    ("looked up without an end", {"plan": PLAN}, "failed"),
    ("declined", {"declined": "advice", "plan": PLAN, "coverage": SEARCHED}, "declined"),
    ("asked back", {"ask_back": "Which?", "options": ["a", "b"], "plan": []}, "asked back"),
]


@pytest.mark.parametrize(("old", "outcome"), [row[1:] for row in OLD], ids=[row[0] for row in OLD])
def test_an_answer_that_was_kept_before_there_were_outcomes_has_one(
    old: dict[str, Any], outcome: Outcome, tmp_path: Path
) -> None:
    told = {
        "question": "PSA?",
        "patient": "Patient/p1",
        "now": "2026-01-01",
        "answer": "…",
        "abstained": True,
        **old,
    }
    assert Answer.model_validate(told).outcome == outcome
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with closing(Database(url)) as database:
        _keep(database, {"id": "q", **told})
        found = Kept(database, lambda: NOON).question(LOCAL, "q")
    assert found.answer
    assert found.answer["outcome"] == outcome
    assert found.events[-1]["data"]["outcome"] == outcome
    assert from_database(url, "q").outcome == outcome


def _keep(database: Database, answer: Mapping[str, Any]) -> None:
    about = {
        "id": "c",
        "subject": LOCAL.subject,
        "patient": "Patient/p1",
        "scope": "{}",
        "created": 0,
        "touched": 0,
    }
    asked = {"id": "q", "conversation": "c", "position": 1, "text": "PSA?", "is_reply": False, "scope": "{}"}
    asked |= {
        "status": "finished",
        "attempt": 1,
        "lease": 0,
        "cancelling": False,
        "created": 0,
        "finished": 0,
    }
    told = [{"id": 1, "event": "answer", "data": answer}]
    with database.writing() as connection:
        connection.execute(insert(conversations).values(about))
        connection.execute(
            insert(questions).values(**asked, events=json.dumps(told), answer=json.dumps(answer))
        )
