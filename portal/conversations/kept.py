"""Conversations, questions and feedback as they are kept; what a caller may not see is not there for them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, update

from agent.answer import with_outcome
from portal.caller import Caller
from portal.conversations.tables import attempts, conversations, feedback, questions
from portal.database import Database
from tools.calls.errors import AssistantError

Status = Literal["running", "finished", "failed", "cancelled"]
LEASE = 20.0
"""Seconds for which a process that answers a question keeps others from doing so; it renews them."""


ATTEMPTS = 2
"""How often the run of a question begins, if its process ends in the middle of it; then the question has failed."""
_INTERRUPTED = (
    "It could not be answered: it was begun twice, and both times the program ended before there was an answer."
    " Ask it in other words."
)


class NotThere(AssistantError):
    """No such conversation or question, or it is somebody else's."""


class Interrupted(AssistantError):
    """Every attempt at the question was interrupted, and no more are made."""


class Busy(AssistantError):
    """The conversation is still answering the question before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation about one patient.

    Attributes:
        id: 32 hexadecimal digits.
        subject: whose it is.
        patient: "Patient/…".
        scope: what the reader narrowed the record to, {} for all of it.
        created: seconds since 1970.
        touched: when it was last used.
    """

    id: str
    subject: str
    patient: str
    scope: Mapping[str, Any]
    created: float
    touched: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, or the reply to a clarifying question, and what became of it.

    Attributes:
        id: 32 hexadecimal digits; also the answer's.
        scope: of the record, when it was asked.
        attempt: which one this is, from 1: how often a process took it on.
        lease: until when (seconds since 1970) the process that answers it is taken to be alive.
        events: what was told so far, as far as it is kept.
        answer: the `Answer` as JSON, None if there is none (yet).
        error: why there is none.
        verdict: the caller's feedback, "" if none; `comment` their words.
    """

    id: str
    conversation: str
    position: int
    text: str
    is_reply: bool
    scope: Mapping[str, Any]
    status: Status
    attempt: int
    lease: float
    cancelling: bool
    events: Sequence[Mapping[str, Any]]
    answer: Mapping[str, Any] | None
    error: str | None
    created: float
    finished: float | None
    verdict: str = field(default="")
    comment: str = field(default="")


class Kept:
    """What the portal remembers of conversations.

    Args:
        database: where.
        clock: now.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> float:
        """Return the clock's seconds since 1970."""
        return self._clock().timestamp()

    def begin(self, caller: Caller, patient: str, scope: Mapping[str, Any]) -> Conversation:
        """Keep a new conversation."""
        now = self.now()
        made = Conversation(
            id=uuid4().hex,
            subject=caller.subject,
            patient=patient,
            scope=dict(scope),
            created=now,
            touched=now,
        )
        row = {name: getattr(made, name) for name in Conversation.__slots__} | {
            "scope": json.dumps(made.scope)
        }
        with self._database.writing() as connection:
            connection.execute(insert(conversations).values(row))
        return made

    def conversations(self, caller: Caller, patient: str = "") -> list[Conversation]:
        """Return the caller's conversations, the last used first; about one patient, if one is named."""
        mine = select(conversations).where(conversations.c.subject == caller.subject)
        about = patient or caller.patient
        if about:
            mine = mine.where(conversations.c.patient == about)
        with self._database.reading() as connection:
            rows = connection.execute(mine.order_by(conversations.c.touched.desc()).limit(200)).all()
        return [_conversation(row) for row in rows if caller.may_see(row.patient)]

    def conversation(self, caller: Caller, id: str) -> Conversation:
        """Return one conversation of the caller's.

        Raises:
            NotThere: there is none.
        """
        with self._database.reading() as connection:
            return _mine(connection, caller, id)

    def narrow(self, caller: Caller, id: str, scope: Mapping[str, Any]) -> Conversation:
        """Keep what the record is narrowed to from here on; raises as `conversation`."""
        with self._database.writing() as connection:
            _mine(connection, caller, id)
            changed = {"scope": json.dumps(dict(scope)), "touched": self.now()}
            connection.execute(update(conversations).where(conversations.c.id == id).values(changed))
            return _mine(connection, caller, id)

    def delete(self, caller: Caller, id: str) -> None:
        """Delete a conversation with its questions, answers and feedback; raises as `conversation`."""
        with self._database.writing() as connection:
            _mine(connection, caller, id)
            connection.execute(delete(conversations).where(conversations.c.id == id))

    def expired(self, days: int) -> list[str]:
        """Delete what nobody touched for so many days; return the ids of these conversations."""
        old = conversations.c.touched < self.now() - days * 86400
        with self._database.writing() as connection:
            gone = list(connection.scalars(select(conversations.c.id).where(old)))
            connection.execute(delete(conversations).where(old))
        return gone

    def ask(
        self, caller: Caller, conversation: str, text: str, *, is_reply: bool
    ) -> tuple[Conversation, Question]:
        """Keep a new question, claimed by this process; return it with its conversation.

        Raises:
            NotThere: no such conversation.
            Busy: its question before is being answered.
        """
        now = self.now()
        with self._database.writing() as connection:
            about = _mine(connection, caller, conversation, lock=True)
            before = connection.execute(_last(conversation)).first()
            if before and before.status == "running" and before.lease >= now:
                raise Busy("The question before is still being answered: wait for it, or cancel it.")
            asked = _asked(about, text, is_reply, now, before.position + 1 if before else 1)
            connection.execute(insert(questions), _row(asked))
            touched = update(conversations).where(conversations.c.id == conversation)
            connection.execute(touched, {"touched": now})
        return about, asked

    def questions(self, caller: Caller, conversation: str) -> list[Question]:
        """Return the questions of a conversation in their order.

        Raises:
            NotThere: no such conversation.
        """
        with self._database.reading() as connection:
            _mine(connection, caller, conversation)
            rows = connection.execute(
                _told(caller).where(questions.c.conversation == conversation).order_by(questions.c.position)
            )
            return [_question(row) for row in rows]

    def first_questions(self, of: Iterable[Conversation]) -> dict[str, str]:
        """Return what conversations began with, by their id."""
        ids = [each.id for each in of]
        first = select(questions.c.conversation, questions.c.text).where(
            questions.c.conversation.in_(ids), questions.c.position == 1
        )
        with self._database.reading() as connection:
            return {row.conversation: row.text for row in connection.execute(first)}

    def question(self, caller: Caller, id: str) -> Question:
        """Return one question of the caller's.

        Raises:
            NotThere: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute(_told(caller).where(questions.c.id == id)).first()
            if row is None:
                raise NotThere("There is no such question.")
            _mine(connection, caller, row.conversation)
        return _question(row)

    def claim(self, question: Question) -> Question | None:
        """Take over a question whose process is gone; None if another process was faster."""
        attempt, lease = question.attempt + 1, self.now() + LEASE
        free = (questions.c.id == question.id) & (questions.c.status == "running")
        unclaimed = free & (questions.c.attempt == question.attempt) & (questions.c.lease < self.now())
        with self._database.writing() as connection:
            taken = connection.execute(
                update(questions).where(unclaimed).values(attempt=attempt, lease=lease, events="[]")
            )
            row = connection.execute(select(questions).where(questions.c.id == question.id)).first()
        return _question(row) if taken.rowcount and row else None

    def begin_attempt(self, question: Question) -> bool:
        """Keep that the run of a claimed question begins, before it does; False if it is not claimed any more.

        Raises:
            Interrupted: it began as often as it may, and its process ended each time.
        """
        mine = select(questions.c.id).where(_claimed(question)).with_for_update()
        begun = select(func.count()).select_from(attempts).where(attempts.c.question == question.id)
        row = {"question": question.id, "attempt": question.attempt, "begun": self.now()}
        with self._database.writing() as connection:
            if connection.scalar(mine) is None:
                return False
            if (connection.scalar(begun) or 0) >= ATTEMPTS:
                raise Interrupted(_INTERRUPTED)
            connection.execute(insert(attempts), row)
        return True

    def progress(self, question: Question, events: Sequence[Mapping[str, Any]]) -> None:
        """Keep what was told so far, and the claim."""
        mine = _claimed(question)
        kept = {"events": json.dumps(list(events)), "lease": self.now() + LEASE}
        with self._database.writing() as connection:
            connection.execute(update(questions).where(mine).values(kept))

    def cancelled(self, ids: Iterable[str]) -> set[str]:
        """Return which of these questions somebody wants cancelled, or has deleted."""
        asked = set(ids)
        going_on = questions.c.id.in_(asked) & questions.c.cancelling.is_(False)
        with self._database.reading() as connection:
            return asked - set(connection.scalars(select(questions.c.id).where(going_on)))

    def cancel(self, caller: Caller, id: str) -> None:
        """Ask whichever process answers a question to stop.

        Raises:
            NotThere: there is no such question.
        """
        self.question(caller, id)
        with self._database.writing() as connection:
            connection.execute(update(questions).where(questions.c.id == id).values(cancelling=True))

    def release(self, question: Question) -> None:
        """Let another process answer a question: this one ends, and its attempt does not count."""
        this = (attempts.c.question == question.id) & (attempts.c.attempt == question.attempt)
        mine = _claimed(question)
        with self._database.writing() as connection:
            connection.execute(update(questions).where(mine).values(lease=0.0))
            connection.execute(delete(attempts).where(this))

    def finish(
        self,
        question: Question,
        status: Status,
        events: Sequence[Mapping[str, Any]],
        answer: Mapping[str, Any] | None = None,
        error: str | None = None,
        *,
        also: Callable[[Connection], None] = lambda connection: None,
    ) -> None:
        """Keep how a question ended, all of it or nothing.

        Args:
            question: as it was claimed; if another process has taken it over, nothing is kept.
            status: how it ended.
            events: all that was told.
            answer: the `Answer` as JSON.
            error: why there is none.
            also: writes what must be kept together with it.
        """
        mine = _claimed(question)
        row = {
            "status": status,
            "events": json.dumps(list(events)),
            "answer": None if answer is None else json.dumps(answer),
            "error": error,
            "finished": self.now(),
            "lease": 0.0,
        }
        with self._database.writing() as connection:
            if connection.execute(update(questions).where(mine).values(row)).rowcount:
                also(connection)

    def judge(self, caller: Caller, id: str, verdict: str, comment: str) -> None:
        """Keep what the caller thinks of an answer, instead of what they thought before.

        Raises:
            NotThere: there is no such question.
        """
        self.question(caller, id)
        theirs = (feedback.c.question == id) & (feedback.c.subject == caller.subject)
        row = {
            "question": id,
            "subject": caller.subject,
            "verdict": verdict,
            "comment": comment,
            "at": self.now(),
        }
        with self._database.writing() as connection:
            connection.execute(delete(feedback).where(theirs))
            connection.execute(insert(feedback).values(row))


def _mine(connection: Connection, caller: Caller, id: str, *, lock: bool = False) -> Conversation:
    wanted = select(conversations).where(conversations.c.id == id, conversations.c.subject == caller.subject)
    row = connection.execute(wanted.with_for_update() if lock else wanted).first()
    if row is None or not caller.may_see(row.patient):
        raise NotThere("There is no such conversation.")
    return _conversation(row)


def _claimed(question: Question) -> ColumnElement[bool]:
    """That a question is still being answered in this attempt."""
    same = (questions.c.id == question.id) & (questions.c.attempt == question.attempt)
    return same & (questions.c.status == "running")


def _last(conversation: str) -> Select[Any]:
    columns = questions.c.status, questions.c.lease, questions.c.position
    there = select(*columns).where(questions.c.conversation == conversation)
    return there.order_by(questions.c.position.desc()).limit(1)


def _asked(about: Conversation, text: str, is_reply: bool, now: float, position: int) -> Question:
    return Question(
        id=uuid4().hex,
        conversation=about.id,
        position=position,
        text=text,
        is_reply=is_reply,
        scope=about.scope,
        status="running",
        attempt=1,
        lease=now + LEASE,
        cancelling=False,
        events=(),
        answer=None,
        error=None,
        created=now,
        finished=None,
    )


def _row(question: Question) -> dict[str, Any]:
    row = {column.name: getattr(question, column.name) for column in questions.columns}
    return row | {"scope": json.dumps(dict(question.scope)), "events": json.dumps(list(question.events))}


def _told(caller: Caller) -> Select[Any]:
    """Questions, each with what the caller thinks of its answer."""
    theirs = (feedback.c.question == questions.c.id) & (feedback.c.subject == caller.subject)
    return select(questions, feedback.c.verdict, feedback.c.comment).outerjoin(feedback, theirs)


def _conversation(row: Row[Any]) -> Conversation:
    known: dict[str, Any] = {name: row._mapping[name] for name in Conversation.__slots__}
    return Conversation(**known | {"scope": json.loads(known["scope"])})


def _question(row: Row[Any]) -> Question:
    known: dict[str, Any] = {name: row._mapping.get(name) for name in Question.__slots__}
    known |= {"scope": json.loads(known["scope"]), "events": list(map(_event, json.loads(known["events"])))}
    known |= {"answer": with_outcome(json.loads(known["answer"])) if known["answer"] else None}
    return Question(**known | {name: known[name] or "" for name in ("verdict", "comment")})


def _event(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**event, "data": with_outcome(event["data"])} if event["event"] == "answer" else event
