import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agent.plan import Plan
from portal.app import make
from tests.agent.scripted import ScriptedPlanner, measured
from tests.portal.portal_for_tests import ADELINA, a_portal

BASE = "http://127.0.0.1:8765"
EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(make(a_portal(tmp_path)), base_url=BASE) as client:
        client.headers["Origin"] = BASE
        yield client


@pytest.fixture
def conversation(client: TestClient) -> str:
    begun = client.post("/api/conversations", json={"patient": ADELINA})
    assert begun.status_code == 201
    return str(begun.json()["id"])


def events(text: str) -> list[tuple[int, str, Any]]:
    told = []
    for block in filter(None, text.split("\n\n")):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        told.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return told


def asked(client: TestClient, conversation: str, question: str) -> list[tuple[int, str, Any]]:
    stream = client.post(
        f"/api/conversations/{conversation}/questions", json={"question": question}, headers=EVENTS
    )
    assert stream.status_code == 200
    assert stream.headers["content-type"].startswith("text/event-stream")
    return events(stream.text)


def test_a_question_tells_each_step_and_ends_with_the_answer(client: TestClient, conversation: str) -> None:
    told = asked(client, conversation, "What was her last HbA1c?")
    assert [name for _, name, _ in told] == ["scope", "plan", "tool", "facts", "text", "check", "answer"]
    assert [number for number, _, _ in told] == [1, 2, 3, 4, 5, 6, 7]
    answer = told[-1][2]
    assert (answer["values"], answer["unit"]) == ([7.3], "%")
    assert client.get(f"/api/questions/{answer['id']}").json()["answer"] == answer


def test_turns_of_a_conversation_know_of_each_other(client: TestClient, conversation: str) -> None:
    asked(client, conversation, "What was her last HbA1c?")
    before = asked(client, conversation, "And before that?")[-1][2]
    assert [citation["date"] for citation in before["citations"]] == ["2024-02-21"]
    kept = client.get(f"/api/conversations/{conversation}").json()
    assert [question["question"] for question in kept["questions"]] == [
        "What was her last HbA1c?",
        "And before that?",
    ]


@pytest.mark.parametrize("known", [0, 3, 7])
def test_a_stream_is_resumed_after_the_last_event_that_is_known(
    client: TestClient, conversation: str, known: int
) -> None:
    told = asked(client, conversation, "How old is she?")
    where = f"/api/questions/{told[-1][2]['id']}/events"
    again = events(client.get(where, headers={"Last-Event-ID": str(known)}).text)
    assert again == told[known:]


def test_without_a_stream_the_place_of_the_events_is_told(client: TestClient, conversation: str) -> None:
    begun = client.post(f"/api/conversations/{conversation}/questions", json={"question": "How old is she?"})
    assert begun.status_code == 201
    assert events(client.get(begun.json()["events"]).text)[-1][1] == "answer"


def test_a_clarifying_question_is_asked_and_replied_to(tmp_path: Path) -> None:
    planner = ScriptedPlanner(
        {
            "either": Plan(ask_back="Which one?", options=("latest HbA1c", "latest LDL")),
            "latest LDL": measured("LDL"),
        }
    )
    with TestClient(make(a_portal(tmp_path, planner)), base_url=BASE) as client:
        client.headers["Origin"] = BASE
        id = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
        told = asked(client, id, "either")
        assert [name for _, name, _ in told] == ["scope", "plan", "ask", "answer"]
        assert told[2][2] == {"question": "Which one?", "options": ["latest HbA1c", "latest LDL"]}
        assert told[3][2]["abstained"]
        reply = client.post(f"/api/conversations/{id}/questions", json={"reply": "2"}, headers=EVENTS)
        assert events(reply.text)[-1][2]["values"] == [132.9]


def test_the_evidence_of_an_answer(client: TestClient, conversation: str) -> None:
    answer = asked(client, conversation, "What was her last HbA1c?")[-1][2]
    evidence = client.get(f"/api/questions/{answer['id']}/evidence").json()
    assert [call["tool"] for call in evidence["calls"]] == ["measure"]
    assert evidence["calls"][0]["facts"][0]["reference"] == answer["evidence"][0]
    assert evidence["coverage"] == answer["coverage"]


def test_feedback_is_kept_with_the_answer(client: TestClient, conversation: str) -> None:
    id = asked(client, conversation, "How old is she?")[-1][2]["id"]
    given = {"verdict": "wrong", "comment": "She is older."}
    assert client.put(f"/api/questions/{id}/feedback", json=given).status_code == 204
    assert client.get(f"/api/questions/{id}").json()["feedback"] == given


def test_a_deleted_conversation_is_gone(client: TestClient, conversation: str) -> None:
    id = asked(client, conversation, "How old is she?")[-1][2]["id"]
    assert client.delete(f"/api/conversations/{conversation}").status_code == 204
    for place in (f"conversations/{conversation}", f"questions/{id}", f"questions/{id}/events"):
        assert client.get(f"/api/{place}").status_code == 404
    assert client.get("/api/conversations").json() == []


WRONG = [
    ("POST", "/api/conversations", {"patient": "nobody"}, 404, "nobody"),
    ("POST", "/api/conversations", {"patient": "../etc"}, 422, ""),
    ("POST", "/api/conversations", {"patient": ADELINA, "extra": 1}, 422, ""),
    ("POST", "/api/conversations", {"patient": ADELINA, "scope": {"since": "2020-02-30"}}, 422, ""),
    ("POST", "/api/conversations/{}/questions", {}, 422, "question: Field required."),
    ("POST", "/api/conversations/{}/questions", {"question": "   "}, 422, ""),
    ("POST", "/api/conversations/{}/questions", {"question": "a" * 2001}, 422, "question: String"),
    ("POST", "/api/conversations/{}/questions", {"question": "a", "reply": "b"}, 422, ""),
    ("GET", "/api/conversations/" + "0" * 32, None, 404, "There is no such conversation."),
    ("GET", "/api/questions/" + "0" * 32, None, 404, "There is no such question."),
    ("GET", "/api/questions/1", None, 422, ""),
    ("GET", "/api/questions/" + "0" * 32 + "/events", None, 404, "There is no such question."),
    ("POST", "/api/questions/" + "0" * 32 + "/cancel", None, 404, "There is no such question."),
    ("PUT", "/api/questions/" + "0" * 32 + "/feedback", {"verdict": "good"}, 422, ""),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "sentence"), WRONG)
def test_wrong_calls_are_told_in_a_sentence(
    client: TestClient, conversation: str, method: str, path: str, body: Any, status: int, sentence: str
) -> None:
    refused = client.request(method, path.format(conversation), json=body)
    assert refused.status_code == status
    assert sentence in str(refused.json()["detail"])


def test_a_body_that_is_no_json(client: TestClient) -> None:
    refused = client.post("/api/conversations", content="{", headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.json()) == (422, {"detail": "The body: it is no JSON."})


def test_a_list_tells_what_each_conversation_began_with(client: TestClient) -> None:
    for question in ("How old is she?", "Is she married?"):
        begun = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
        asked(client, begun, question)
        asked(client, begun, "Any allergies?")
    firsts = {listed["first"] for listed in client.get("/api/conversations").json()}
    assert firsts == {"How old is she?", "Is she married?"}


def test_a_reply_that_nobody_waits_for(client: TestClient, conversation: str) -> None:
    stream = client.post(f"/api/conversations/{conversation}/questions", json={"reply": "1"}, headers=EVENTS)
    assert events(stream.text)[-1][1:] == (
        "error",
        {"detail": f"Conversation '{conversation}' waits for no reply: ask a question."},
    )
