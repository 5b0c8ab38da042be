"""A chat front end sends all messages each time: its conversation is found again, branched, and made anew."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from sqlalchemy import select

from agent.assistant import Assistant
from agent.plan import Plan
from portal.openai.threads import AGAIN, chats
from portal.portal import Portal, opened
from portal.settings import Limits, Settings
from tests.agent.scripted import NOW, Records, ScriptedWriter, measured
from tests.portal.doors_for_tests import CALLERS, app_of, listening
from tests.portal.openai.chats_for_tests import MODEL, answer_of, chat, said, text_of
from tools.calls.errors import RecordError
from tools.record import PatientRecord

ASKING = Plan(ask_back="Which one?", options=("HbA1c", "glucose"))
ANNA = CALLERS["token-anna"]


@dataclass
class Planner:
    """Plans by a script, tells what it heard before each question, and fails or waits where it is told to."""

    heard: list[tuple[str, list[str]]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, Any]) -> Plan:
        self.heard.append((question, [turn["question"] for turn in before.get("turns", ())]))
        if question == "broken":
            raise RecordError("The record could not be read.")
        if question == "slow":
            self.go_on.wait(20)
        return ASKING if question == "which?" else measured("glucose" if question == "glucose" else "HbA1c")


@dataclass
class Place:
    url: str
    planner: Planner
    portal: Portal

    def chat(self, *turns: str, **more: Any) -> Any:
        return chat(self.url, *turns, token="token-anna", **more)

    @property
    def conversations(self) -> int:
        return len(self.portal.kept.conversations(ANNA))


def a_place(folder: Path, **more: Any) -> Portal:
    planner = Planner()
    assistant = Assistant(
        Records(), model="none", planner=planner, conversations=folder / "conversations.db", **more
    )
    settings = Settings(
        database=f"sqlite:///{folder / 'portal.db'}", today=NOW.isoformat(), limits=Limits(keep_alive=0.05)
    )
    return opened(settings, assistant, lambda: datetime(2021, 7, 1, 12, tzinfo=UTC))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    portal = a_place(tmp_path)
    planner: Any = portal.desk.assistant(ANNA).planner
    with listening(app_of(portal)) as url:
        yield Place(url, planner, portal)


def test_a_conversation_goes_on_without_asking_again(place: Place) -> None:
    place.chat("one")
    place.chat("one", "two")
    place.chat("one", "two", "three")
    assert place.planner.heard == [("one", []), ("two", ["one"]), ("three", ["one", "two"])]
    assert place.conversations == 1


def test_a_branch_is_a_conversation_of_its_own(place: Place) -> None:
    place.chat("one")
    place.chat("one", "two")
    place.planner.heard.clear()
    place.chat("one", "other")
    assert place.planner.heard == [("one", []), ("other", ["one"])]
    place.planner.heard.clear()
    place.chat("one", "two", "three")
    assert place.planner.heard == [("three", ["one", "two"])]
    assert place.conversations == 2


def test_what_is_not_there_is_asked_again_but_not_for_ever(place: Place) -> None:
    turns = [f"question {number}" for number in range(AGAIN + 5)]
    place.chat(*turns)
    assert [question for question, _ in place.planner.heard] == turns[-AGAIN - 1 :]
    place.planner.heard.clear()
    place.chat(*turns, "last")
    assert [question for question, _ in place.planner.heard] == ["last"]


def test_a_deleted_conversation_is_not_remembered(place: Place) -> None:
    place.chat("one")
    place.portal.kept.delete(ANNA, place.portal.kept.conversations(ANNA)[0].id)
    with place.portal.database.reading() as connection:
        assert connection.execute(select(chats)).all() == []
    place.chat("one", "two")
    assert place.planner.heard[1:] == [("one", []), ("two", ["one"])]


def test_a_narrowed_conversation_is_not_gone_on_with(place: Place) -> None:
    place.chat("one")
    place.portal.kept.narrow(ANNA, place.portal.kept.conversations(ANNA)[0].id, {"since": "2021-01-01"})
    place.chat("one", "two")
    assert place.conversations == 2


def test_no_question_is_kept_where_only_hashes_belong(place: Place) -> None:
    place.chat("one")
    with place.portal.database.reading() as connection:
        row = connection.execute(select(chats)).one()
    assert len(row.asked) == 64
    assert "one" not in row.asked


def test_the_same_questions_of_another_caller_are_another_conversation(place: Place) -> None:
    place.chat("one")
    with pytest.raises(openai.NotFoundError):
        chat(place.url, "one", "two", token="token-adelina")
    assert [question for question, _ in place.planner.heard] == ["one"]


@pytest.mark.parametrize("reply", ["2", "glucose"])
def test_a_clarifying_question_is_text_and_the_next_message_its_reply(place: Place, reply: str) -> None:
    asked = place.chat("which?")
    assert (
        text_of(asked)
        == "[asked back] Which one?\n1. HbA1c\n2. glucose\nReply with a number, or in other words."
    )
    assert answer_of(asked)["options"] == ["HbA1c", "glucose"]
    assert answer_of(place.chat("which?", reply))["values"] == [92.37]
    assert answer_of(place.chat("which?", reply))["values"] == [
        92.37
    ]  # made anew, it is asked and replied again
    assert place.conversations == 2


def test_messages_that_were_refused_are_left_out(place: Place) -> None:
    messages = [
        {"role": "user", "content": "x" * 3000},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x.example"}}]},
        {"role": "user", "content": None},
        *said("one", "two"),
    ]
    place.chat(messages=messages)
    assert place.planner.heard == [("one", []), ("two", ["one"])]


def test_what_could_not_be_answered_can_be_asked_again(place: Place) -> None:
    place.chat("one")
    with pytest.raises(openai.APIStatusError) as failed:
        place.chat("one", "broken")
    assert failed.value.status_code == 502
    error: Any = failed.value.body
    assert (error["message"], error["type"]) == ("[failed] The record could not be read.", "server_error")
    place.planner.heard.clear()
    place.chat("one", "two")
    assert place.planner.heard == [("two", ["one"])]


def test_an_error_in_mid_stream_is_an_error_to_the_client(place: Place) -> None:
    with pytest.raises(openai.APIError, match="The record could not be read"):
        place.chat("broken", stream=True)


def test_the_role_comes_at_once_and_signs_of_life_until_the_answer_is_checked(place: Place) -> None:
    wanted = {"model": MODEL, "messages": said("slow"), "stream": True}
    headers = {"Authorization": "Bearer token-anna"}
    with httpx.stream("POST", f"{place.url}/v1/chat/completions", json=wanted, headers=headers) as answered:
        lines = answered.iter_lines()
        heard = [next(lines)]
        while sum(line.startswith(":") for line in heard) < 3:
            heard.append(next(lines))
        assert '"role":"assistant"' in heard[0]
        assert [line for line in heard[1:] if line.startswith("data")] == []
        place.planner.go_on.set()
        rest = list(lines)
    assert rest[-1] in ("", "data: [DONE]")
    assert "data: [DONE]" in rest


def test_who_hangs_up_cancels_the_question(place: Place) -> None:
    wanted = {"model": MODEL, "messages": said("slow"), "stream": True}
    headers = {"Authorization": "Bearer token-anna"}
    with httpx.stream("POST", f"{place.url}/v1/chat/completions", json=wanted, headers=headers) as answered:
        next(line for line in answered.iter_lines() if line.startswith(":"))
    about = place.portal.kept.conversations(ANNA)[0].id
    status = "running"
    for _ in range(200):
        if status == "running":
            threading.Event().wait(0.05)
            status = place.portal.kept.questions(ANNA, about)[-1].status
    place.planner.go_on.set()
    assert status == "cancelled"


def test_nothing_unsupported_gets_through(tmp_path: Path) -> None:
    lie = "The HbA1c was 99 % on 2020-12-04 [Observation/a1c]. ![x](http://evil.example/x.png)"
    portal = a_place(tmp_path, writer=ScriptedWriter([lie, lie]))
    with listening(app_of(portal)) as url:
        chunks = chat(url, "one", token="token-anna", stream=True)
    said_so_far = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert "6.4 %" in said_so_far
    assert [mark for mark in ("99", "evil", "![") if mark in said_so_far] == []
