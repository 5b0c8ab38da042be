import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from agent.plan import Plan
from portal.caller import LOCAL, Caller
from portal.conversations.answering import TooMany
from portal.conversations.kept import Busy, Question
from portal.conversations.tables import questions
from portal.portal import Portal
from portal.settings import Limits
from tests.portal.portal_for_tests import ADELINA, a_portal
from tools.calls.catalogue import Call
from tools.record import PatientRecord

AGE = Plan(calls=(Call("profile", {}),))


class Waiting:
    """A planner that waits until it is let go, and takes no notice of anything else."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        self.begun.release()
        assert self.go.wait(20)
        if question == "defect":
            raise ZeroDivisionError("Adelina Maggio")
        return AGE


@pytest.fixture
def planner() -> Iterator[Waiting]:
    planner = Waiting()
    yield planner
    planner.go.set()


Open = Callable[..., Portal]


@pytest.fixture
def open_portal(tmp_path: Path, planner: Waiting) -> Iterator[Open]:
    opened: list[Portal] = []

    def a(**limits: Any) -> Portal:
        opened.append(a_portal(tmp_path, planner, limits=Limits(**limits)))
        return opened[-1]

    yield a
    planner.go.set()
    for portal in opened:
        portal.answering.close(10)
        portal.database.close()


def heard(portal: Portal, id: str, after: int = 0, caller: Caller = LOCAL) -> list[Mapping[str, Any] | None]:
    async def hear() -> list[Mapping[str, Any] | None]:
        async with asyncio.timeout(20):
            told = portal.answering.follow(caller, id, after)
            return [event async for news in told for event in news or (None,)]

    return asyncio.run(hear())


def names(told: list[Mapping[str, Any] | None]) -> list[str]:
    return [event["event"] if event else "alive" for event in told]


def asked(portal: Portal, text: str = "How old is she?") -> Question:
    return portal.answering.ask(LOCAL, portal.kept.begin(LOCAL, ADELINA, {}).id, text)


def test_signs_of_life_while_nothing_happens(open_portal: Open, planner: Waiting) -> None:
    portal = open_portal(keep_alive=0.05)
    question = asked(portal)
    threading.Timer(0.4, planner.go.set).start()
    told = names(heard(portal, question.id))
    assert told[0] == "scope"
    assert "alive" in told
    assert told[-1] == "answer"


def test_a_cancelled_question_ends_at_once_and_leaves_no_answer(open_portal: Open, planner: Waiting) -> None:
    portal = open_portal()
    question = asked(portal)
    assert planner.begun.acquire(timeout=10)
    portal.answering.cancel(LOCAL, question.id)
    assert names(heard(portal, question.id)) == ["scope", "cancelled"]
    planner.go.set()
    kept = portal.kept.question(LOCAL, question.id)
    assert (kept.status, kept.answer) == ("cancelled", None)


def test_a_question_that_another_process_answers_is_cancelled_there(
    open_portal: Open, planner: Waiting
) -> None:
    here, there = open_portal(), open_portal()
    question = asked(here)
    there.answering.cancel(LOCAL, question.id)
    assert names(heard(there, question.id))[-1] == "cancelled"


def test_a_question_deleted_while_another_process_answers_it_ends(
    open_portal: Open, planner: Waiting
) -> None:
    here, there = open_portal(), open_portal()
    question = asked(here)
    threading.Timer(0.4, lambda: there.kept.delete(LOCAL, question.conversation)).start()
    assert names(heard(there, question.id))[-1] == "cancelled"


def test_events_of_another_process_are_heard(open_portal: Open, planner: Waiting) -> None:
    here, there = open_portal(), open_portal()
    question = asked(here)
    threading.Timer(0.7, planner.go.set).start()
    assert heard(there, question.id) == heard(here, question.id)


def test_an_answer_that_takes_too_long_is_given_up(open_portal: Open) -> None:
    portal = open_portal(answer=0.2)
    told = heard(portal, asked(portal).id)
    assert told[-1]
    assert told[-1]["data"] == {"detail": "There was no answer within 0.2 s."}


def test_a_cancelled_question_frees_its_place_at_once(open_portal: Open, planner: Waiting) -> None:
    portal = open_portal(together=1)
    first, second = asked(portal), asked(portal)
    assert planner.begun.acquire(timeout=10)
    portal.answering.cancel(LOCAL, first.id)
    assert planner.begun.acquire(timeout=10), "while the first still plans"
    planner.go.set()
    assert names(heard(portal, second.id))[-1] == "answer"


def test_a_question_that_was_given_up_frees_its_place_at_once(open_portal: Open, planner: Waiting) -> None:
    portal = open_portal(together=1, answer=0.2)
    first = asked(portal)
    assert planner.begun.acquire(timeout=10)
    assert names(heard(portal, first.id))[-1] == "error"
    asked(portal)
    assert planner.begun.acquire(timeout=10), "while the first still plans"


def test_places_whose_threads_do_not_end_come_back_when_these_do(open_portal: Open, planner: Waiting) -> None:
    portal = open_portal(together=1)
    for _ in range(2):  # as many as there are threads
        question = asked(portal)
        assert planner.begun.acquire(timeout=10)
        portal.answering.cancel(LOCAL, question.id)
    waiting = asked(portal)
    assert portal.answering.running == 1
    planner.go.set()
    assert names(heard(portal, waiting.id))[-1] == "answer"


def test_a_question_that_was_cancelled_while_it_waited_never_begins(
    open_portal: Open, planner: Waiting
) -> None:
    portal = open_portal(together=1)
    first, waiting, last = asked(portal), asked(portal), asked(portal)
    assert planner.begun.acquire(timeout=10)
    portal.answering.cancel(LOCAL, waiting.id)
    planner.go.set()
    assert [names(heard(portal, id))[-1] for id in (first.id, waiting.id, last.id)] == [
        "answer",
        "cancelled",
        "answer",
    ]
    assert planner.begun.acquire(timeout=10), "the last one"
    assert not planner.begun.acquire(blocking=False)


def abandon(portal: Portal, question: Question, **also: Any) -> None:
    """Leave a question as it is when its process was killed."""
    with portal.database.writing() as connection:
        row = update(questions).where(questions.c.id == question.id)
        connection.execute(row.values(lease=0.0, **also))


TWICE = (
    "It could not be answered: it was begun twice, and both times the program ended before there was an answer."
    " Ask it in other words."
)


def test_a_question_whose_process_was_killed_twice_has_failed(open_portal: Open, planner: Waiting) -> None:
    first, second, third = open_portal(), open_portal(keep_alive=0.05), open_portal()
    question = asked(first)
    assert planner.begun.acquire(timeout=10)
    abandon(first, question)
    taking_up = threading.Thread(target=heard, args=(second, question.id))
    taking_up.start()
    assert planner.begun.acquire(timeout=10), "taken up once"
    abandon(second, question)
    told = heard(third, question.id)
    assert names(told) == ["error"]
    assert told[0]
    assert told[0]["data"] == {"detail": TWICE}
    assert not planner.begun.acquire(blocking=False)
    kept = third.kept.question(LOCAL, question.id)
    assert (kept.status, kept.error) == ("failed", TWICE)
    planner.go.set()
    taking_up.join(10)
    assert third.kept.question(LOCAL, question.id).status == "failed", "whoever comes late keeps nothing"


def test_a_question_that_was_cancelled_while_its_process_was_gone_does_not_begin_again(
    open_portal: Open, planner: Waiting
) -> None:
    here, there = open_portal(), open_portal()
    question = asked(here)
    assert planner.begun.acquire(timeout=10)
    abandon(here, question, cancelling=True)
    assert names(heard(there, question.id)) == ["cancelled"]
    assert not planner.begun.acquire(blocking=False)


def test_a_conversation_answers_one_question_at_a_time(open_portal: Open) -> None:
    portal = open_portal()
    question = asked(portal)
    with pytest.raises(Busy):
        portal.answering.ask(LOCAL, question.conversation, "And her LDL?")


def test_a_defect_is_told_and_logged_without_what_it_was_about(
    open_portal: Open, planner: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    portal = open_portal()
    planner.go.set()
    with caplog.at_level(logging.ERROR):
        told = heard(portal, asked(portal, "defect").id)
        portal.answering.close(10)
    detail = "It could not be answered: something is wrong with this program. It was logged."
    assert told[-1]
    assert told[-1]["data"] == {"detail": detail}
    assert "A defect: ZeroDivisionError at " in caplog.text
    assert "Adelina" not in caplog.text


def test_a_process_that_ends_leaves_its_questions_to_another(open_portal: Open, planner: Waiting) -> None:
    here, there = open_portal(), open_portal()
    question = asked(here)
    assert planner.begun.acquire(timeout=10)
    here.answering.close(0.1)
    assert names(heard(here, question.id, 10**9)) == []
    planner.go.set()
    told = heard(there, question.id, after=1)
    assert names(told)[-1] == "answer"
    assert told[0]
    assert told[0]["id"] == 1001  # the second attempt's events all come after those of the first
    with pytest.raises(TooMany):
        asked(here)


def test_nobody_else_hears_it(open_portal: Open, planner: Waiting) -> None:
    from portal.conversations.kept import NotThere

    portal = open_portal()
    planner.go.set()
    question = asked(portal)
    heard(portal, question.id)
    with pytest.raises(NotThere):
        heard(portal, question.id, caller=Caller(subject="key:other"))
