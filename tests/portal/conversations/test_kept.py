from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.caller import LOCAL, Caller
from portal.conversations.kept import LEASE, Busy, Interrupted, Kept, NotThere, Question
from portal.database import Database
from tests.portal.portal_for_tests import ADELINA, NOON

SOMEBODY = Caller(subject="key:ward")
BOUND = Caller(subject="local", patient="Patient/another")


class Moving:
    """A clock that is moved by hand."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Moving:
    return Moving()


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.real_server)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "PostgreSQL":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'portal.db'}"


@pytest.fixture
def kept(url: str, clock: Moving) -> Iterator[Kept]:
    database = Database(url)
    yield Kept(database, clock)
    database.close()


@pytest.fixture
def conversation(kept: Kept) -> str:
    return kept.begin(LOCAL, ADELINA, {}).id


@pytest.mark.parametrize(
    "stranger", [SOMEBODY, BOUND], ids=["of another caller", "of a caller bound to another"]
)
def test_a_conversation_is_not_there_for_others(kept: Kept, conversation: str, stranger: Caller) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    for attempt in (
        lambda: kept.conversation(stranger, conversation),
        lambda: kept.questions(stranger, conversation),
        lambda: kept.question(stranger, question.id),
        lambda: kept.ask(stranger, conversation, "How old?", is_reply=False),
        lambda: kept.narrow(stranger, conversation, {}),
        lambda: kept.cancel(stranger, question.id),
        lambda: kept.judge(stranger, question.id, "right", ""),
        lambda: kept.delete(stranger, conversation),
    ):
        with pytest.raises(NotThere):
            attempt()
    assert kept.conversations(stranger) == []


def test_one_question_at_a_time(kept: Kept, conversation: str) -> None:
    _, first = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    with pytest.raises(Busy, match="The question before is still being answered: wait for it, or cancel it"):
        kept.ask(LOCAL, conversation, "And her LDL?", is_reply=False)
    kept.finish(first, "cancelled", [])
    assert kept.ask(LOCAL, conversation, "And her LDL?", is_reply=False)[1].position == 2


def test_a_question_is_taken_over_once_and_only_when_its_process_is_gone(
    kept: Kept, conversation: str, clock: Moving
) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    assert kept.claim(question) is None
    clock.forward(LEASE + 1)
    taken = kept.claim(question)
    assert taken is not None
    assert taken.attempt == 2
    assert kept.claim(question) is None


def test_a_process_that_came_back_late_keeps_nothing(kept: Kept, conversation: str, clock: Moving) -> None:
    _, late = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    clock.forward(LEASE + 1)
    taken = kept.claim(late)
    assert taken is not None
    kept.finish(taken, "finished", [], {"answer": "58 years"})
    kept.finish(late, "failed", [], error="too late")
    assert kept.question(LOCAL, late.id).answer == {"answer": "58 years"}


def killed(kept: Kept, question: Question, clock: Moving) -> Question:
    """The next attempt at a question whose process was killed."""
    clock.forward(LEASE + 1)
    taken = kept.claim(question)
    assert taken is not None
    return taken


def test_a_run_does_not_begin_a_third_time(kept: Kept, conversation: str, clock: Moving) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    assert kept.begin_attempt(question)
    second = killed(kept, question, clock)
    assert kept.begin_attempt(second)
    third = killed(kept, second, clock)
    with pytest.raises(Interrupted) as refused:
        kept.begin_attempt(third)
    assert str(refused.value) == (
        "It could not be answered: it was begun twice, and both times the program ended before there was an answer."
        " Ask it in other words."
    )
    _, other = kept.ask(LOCAL, kept.begin(LOCAL, ADELINA, {}).id, "How old is she?", is_reply=False)
    assert kept.begin_attempt(other), "each question is counted for itself"


def test_whose_process_was_killed_before_the_run_began_has_lost_no_attempt(
    kept: Kept, conversation: str, clock: Moving
) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    for _ in range(3):
        question = killed(kept, question, clock)
    assert kept.begin_attempt(question)


def test_a_question_that_a_process_gave_back_has_lost_no_attempt(kept: Kept, conversation: str) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    for _ in range(3):
        assert kept.begin_attempt(question)
        kept.release(question)
        taken = kept.claim(question)
        assert taken is not None
        question = taken
    assert kept.begin_attempt(question)


def test_a_run_begins_only_where_the_question_is_claimed(
    kept: Kept, conversation: str, clock: Moving
) -> None:
    _, late = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    taken = killed(kept, late, clock)
    assert not kept.begin_attempt(late)
    kept.delete(LOCAL, conversation)
    assert not kept.begin_attempt(taken)


BEFORE_ATTEMPTS = """
CREATE TABLE conversations (
  id VARCHAR(32) NOT NULL, subject VARCHAR(500) NOT NULL, patient VARCHAR(100) NOT NULL, scope TEXT NOT NULL,
  created FLOAT NOT NULL, touched FLOAT NOT NULL, PRIMARY KEY (id));
CREATE TABLE questions (
  id VARCHAR(32) NOT NULL, conversation VARCHAR(32) NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL,
  is_reply BOOLEAN NOT NULL, scope TEXT NOT NULL, status VARCHAR(10) NOT NULL, attempt INTEGER NOT NULL,
  lease FLOAT NOT NULL, cancelling BOOLEAN NOT NULL, events TEXT NOT NULL, answer TEXT, error TEXT,
  created FLOAT NOT NULL, finished FLOAT, PRIMARY KEY (id),
  FOREIGN KEY(conversation) REFERENCES conversations (id) ON DELETE CASCADE);
INSERT INTO conversations VALUES ('c', 'local', 'Patient/p', '{}', 1, 1);
INSERT INTO questions VALUES (
  'q', 'c', 1, 'How old is she?', false, '{}', 'running', 7, 0, false, '[]', NULL, NULL, 1, NULL)
"""


def test_a_database_of_the_version_that_kept_no_attempts_goes_on(url: str, clock: Moving) -> None:
    old = Database(url, create=False)
    with old.writing() as connection:
        for statement in BEFORE_ATTEMPTS.split(";"):
            connection.exec_driver_sql(statement)
    old.close()
    database = Database(url)
    kept = Kept(database, clock)
    taken = kept.claim(kept.question(LOCAL, "q"))
    assert taken is not None
    assert kept.begin_attempt(taken)
    kept.delete(LOCAL, "c")
    database.close()


def test_a_claim_is_renewed_and_hears_of_cancelling(kept: Kept, conversation: str, clock: Moving) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    clock.forward(LEASE - 1)
    kept.progress(question, [{"id": 1, "event": "plan", "data": []}])
    clock.forward(2)
    assert kept.claim(question) is None
    assert kept.cancelled([question.id]) == set()
    kept.cancel(LOCAL, question.id)
    assert kept.cancelled([question.id, "gone"]) == {question.id, "gone"}


def test_what_has_ended_is_not_changed_by_who_looks_after_it(kept: Kept, conversation: str) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    last = {"id": 1, "event": "cancelled", "data": {}}
    kept.finish(question, "cancelled", [last])
    kept.progress(question, [])
    kept.finish(question, "failed", [], error="too late")
    ended = kept.question(LOCAL, question.id)
    assert (ended.status, ended.events, ended.lease) == ("cancelled", [last], 0.0)


def test_what_is_deleted_is_gone_with_all_of_it(kept: Kept, conversation: str) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    kept.judge(LOCAL, question.id, "right", "yes")
    kept.delete(LOCAL, conversation)
    with pytest.raises(NotThere):
        kept.question(LOCAL, question.id)
    assert kept.conversations(LOCAL) == []


def test_what_nobody_touches_expires(kept: Kept, conversation: str, clock: Moving) -> None:
    clock.forward(29 * 86400)
    young = kept.begin(LOCAL, ADELINA, {}).id
    clock.forward(2 * 86400)
    assert kept.expired(days=30) == [conversation]
    assert [c.id for c in kept.conversations(LOCAL)] == [young]


def test_feedback_replaces_feedback(kept: Kept, conversation: str) -> None:
    _, question = kept.ask(LOCAL, conversation, "How old is she?", is_reply=False)
    kept.judge(LOCAL, question.id, "wrong", "she is 59")
    kept.judge(LOCAL, question.id, "right", "")
    judged = kept.question(LOCAL, question.id)
    assert (judged.verdict, judged.comment) == ("right", "")


def test_moments_are_seconds_of_the_clock(kept: Kept, conversation: str) -> None:
    begun = kept.conversation(LOCAL, conversation).created
    assert datetime.fromtimestamp(begun, UTC) == NOON
