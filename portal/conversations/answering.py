"""A kept question -> events and a kept answer, in a thread of this process.

An answer is kept before it is told. While it is worked on, the process renews its claim; when it is gone, any other
process takes the question over as soon as somebody wants to hear of it. That a run begins is kept before it does, so
that a question that brings processes down is not tried for ever.

So many are answered at once as there are places. Whoever is cancelled or takes too long leaves the place at once, and
the thread at the next step of the run: there are twice as many threads.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from agent.answer import Answer
from agent.asking import readable
from agent.nodes import Step
from portal.caller import Caller
from portal.conversations.feed import Event, Feed
from portal.conversations.kept import LEASE, Conversation, Kept, NotThere, Question, Status
from portal.conversations.told import answer_json, event_of
from portal.defects import report
from portal.desk import Desk
from portal.settings import Limits
from tools.calls.errors import AssistantError
from tools.record.scope import Scope

_BEAT = 0.5
"""Seconds between two looks at what is being answered."""
_NEWS = 1.0
"""Seconds after which what was told is kept, for those who listen to another process."""
_ELSEWHERE = 0.25
"""Seconds between two looks at a question that another process answers."""
_WAITING = 200
"""Questions that may wait for a thread; more are refused."""
_log = logging.getLogger(__name__)


class _Halted(AssistantError):
    """Nobody waits for the answer any more."""


class TooMany(AssistantError):
    """More is being asked at once than can be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer and whose it is.

    Attributes:
        caller: who asked.
        question: as it was claimed.
        answer: what they were told.
        began: when answering began.
        ended: when it was done.
    """

    caller: Caller
    question: Question
    answer: Answer
    began: datetime
    ended: datetime


class Witness(Protocol):
    """Hears of every answer: keeps a trail, counts."""

    def answered(self, answered: Answered, connection: Connection) -> None:
        """Note an answer, in the transaction in which it is kept."""
        ...

    def ended(self, status: Status, seconds: float, answer: Answer | None) -> None:
        """Hear how a question ended, after so many seconds."""
        ...


@dataclass(slots=True, kw_only=True)
class _Job:
    """A question that this process answers."""

    caller: Caller
    conversation: Conversation
    question: Question
    feed: Feed
    began: datetime
    started: float
    ending: threading.Lock = field(default_factory=threading.Lock)
    placed: bool = False
    done: bool = False
    told: int = 0
    renewed: float = 0.0


class Answering:
    """Answers questions in threads.

    Args:
        desk: gives the assistant of a caller.
        kept: where questions and answers are kept.
        limits: how many at once, and how long.
        clock: now.
        witnesses: hear of every answer.
    """

    def __init__(
        self,
        desk: Desk,
        kept: Kept,
        limits: Limits,
        clock: Callable[[], datetime],
        witnesses: tuple[Witness, ...] = (),
    ) -> None:
        self._desk, self._kept, self._limits, self._clock = desk, kept, limits, clock
        self._witnesses = witnesses
        self._places = threading.Semaphore(limits.together)
        self._threads = ThreadPoolExecutor(2 * limits.together, "answering")
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="answering-heart", daemon=True)
        self._heart.start()

    @property
    def running(self) -> int:
        """How many questions are being answered or wait for a thread here."""
        return len(self._jobs)

    @property
    def closing(self) -> bool:
        """Whether it takes no more questions."""
        return self._closing.is_set()

    def ask(self, caller: Caller, conversation: str, text: str, *, is_reply: bool = False) -> Question:
        """Keep a question and begin to answer it.

        Raises:
            NotThere: no such conversation.
            BadArgument: it is empty or too long.
            Busy: its question before is being answered.
            TooMany: too much is waiting; try again.
        """
        if len(self._jobs) >= _WAITING or self._closing.is_set():
            raise TooMany("Too many questions are waiting to be answered: try again in a moment.")
        about, question = self._kept.ask(caller, conversation, readable(text), is_reply=is_reply)
        self._start(caller, about, question)
        return question

    def cancel(self, caller: Caller, id: str) -> None:
        """Stop answering a question, whichever process does; one that has ended stays as it is.

        Raises:
            NotThere: there is no such question.
        """
        self._kept.cancel(caller, id)
        job = self._jobs.get(id)
        if job:
            self._end(job, "cancelled")

    async def follow(self, caller: Caller, id: str, after: int = 0) -> AsyncIterator[Sequence[Event]]:
        """Yield the events of a question after the one of that number; none of them as a sign of life.

        Raises:
            NotThere: there is no such question.
        """
        quiet = self._limits.keep_alive
        looked, there = time.monotonic(), False
        while True:
            try:
                known = self._jobs.get(id)
                found = known if known else await asyncio.to_thread(self._found, caller, id)
            except NotThere:
                if not there:
                    raise
                yield [{"id": after + 1, "event": "cancelled", "data": {}}]  # deleted while another answered
                return
            there = True
            if isinstance(found, _Job):
                async for news in found.feed.follow(after, quiet):
                    yield news
                return
            news = [event for event in found.events if event["id"] > after]
            if news:
                yield news
                after = news[-1]["id"]
            if found.status != "running":
                return
            if time.monotonic() - looked > quiet:
                looked = time.monotonic()
                yield ()
            await asyncio.sleep(_ELSEWHERE)

    def close(self, seconds: float) -> None:
        """Take no more questions; wait so long for those that are being answered, and leave the rest to others."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + seconds
        while self._jobs and time.monotonic() < until:
            time.sleep(0.02)
        left = list(self._jobs.values())
        for job in left:
            self._let_go(job)
        self._threads.shutdown(wait=not left)
        self._heart.join(2 * _BEAT)

    def _found(self, caller: Caller, id: str) -> _Job | Question:
        """A question as it is kept; one whose process is gone is begun again here."""
        question = self._kept.question(caller, id)
        if question.status != "running" or question.lease >= self._kept.now() or self._closing.is_set():
            return question
        claimed = self._kept.claim(question)
        if claimed is None:
            return question
        return self._start(caller, self._kept.conversation(caller, claimed.conversation), claimed)

    def _start(self, caller: Caller, conversation: Conversation, question: Question) -> _Job:
        job = _Job(
            caller=caller,
            conversation=conversation,
            question=question,
            feed=Feed(question.attempt),
            began=self._clock(),
            started=time.monotonic(),
            renewed=time.monotonic(),
        )
        self._jobs[question.id] = job
        self._threads.submit(self._answer, job).add_done_callback(_complain)
        return job

    def _answer(self, job: _Job) -> None:
        """Answer once there is a place; whatever goes wrong, the listeners hear the end."""
        if not self._take_place(job):
            return
        answer, error = None, "It could not be answered: something is wrong with this program. It was logged."
        try:
            answer = self._asked(job)
        except AssistantError as reason:
            error = str(reason)
        finally:
            if answer:
                self._end(job, "finished", answer=answer)
            else:
                self._end(job, "failed", error=error)

    def _asked(self, job: _Job) -> Answer:
        """Ask, telling what happens until the question has ended."""

        def hear(step: Step) -> None:
            if job.done:
                raise _Halted("It was halted.")
            job.feed.tell(job.feed.event(*event_of(step)))

        if job.question.cancelling:
            self._end(job, "cancelled")
        elif not self._kept.begin_attempt(job.question):  # another process has it, or it was deleted
            self._let_go(job)
            self._jobs.pop(job.question.id, None)
        if job.done:
            raise _Halted("It was halted.")
        assistant, asked, about = self._desk.assistant(job.caller), job.question, job.conversation
        self._desk.asking(job.caller, about.patient, asked.id, asked.text)
        scope, now = Scope.read(asked.scope), self._desk.today()
        if asked.is_reply:
            return assistant.resume(about.id, asked.text, scope=scope, hear=hear)
        return assistant.ask(
            about.patient, asked.text, now=now, conversation=about.id, scope=scope, hear=hear
        )

    def _end(self, job: _Job, status: Status, *, answer: Answer | None = None, error: str = "") -> None:
        """Keep how it ended, then tell it; whoever comes second has nothing to say."""
        if not self._leave(job):
            return
        told = answer_json(answer, job.question.id) if answer else None
        data: Mapping[str, Any] = told or ({"detail": error} if error else {})
        last = job.feed.event({"finished": "answer", "failed": "error"}.get(status, "cancelled"), data)
        try:
            self._keep(job, status, [*job.feed.events, last], answer, error)
        except SQLAlchemyError as trouble:
            _log.error("An answer could not be kept: %s", type(trouble).__name__)
            last = job.feed.event("error", {"detail": "The answer could not be kept. Ask again in a moment."})
        self._jobs.pop(job.question.id, None)
        job.feed.tell(last)
        for witness in self._witnesses:
            witness.ended(status, time.monotonic() - job.started, answer)

    def _take_place(self, job: _Job) -> bool:
        """Wait for a place; False if the question ended meanwhile."""
        self._places.acquire()
        with job.ending:
            job.placed = not job.done
        if not job.placed:
            self._places.release()
        return job.placed

    def _leave(self, job: _Job) -> bool:
        """End a question and free its place; False if it has ended already."""
        with job.ending:
            if job.done:
                return False
            job.done = True
        if job.placed:
            self._places.release()
        return True

    def _let_go(self, job: _Job) -> None:
        """End without an event: somebody else goes on with the question, if anybody does."""
        if self._leave(job):
            self._kept.release(job.question)
            job.feed.stop()

    def _keep(
        self, job: _Job, status: Status, events: list[Event], answer: Answer | None, error: str
    ) -> None:
        def also(connection: Connection) -> None:
            if answer:
                seen = Answered(
                    caller=job.caller,
                    question=job.question,
                    answer=answer,
                    began=job.began,
                    ended=self._clock(),
                )
                for witness in self._witnesses:
                    witness.answered(seen, connection)

        told = answer_json(answer, job.question.id) if answer else None
        self._kept.finish(job.question, status, events, told, error or None, also=also)

    def _beat(self) -> None:
        """Look after what is being answered, until the end."""
        while not self._closing.wait(_BEAT):
            late = [job for job in list(self._jobs.values()) if time.monotonic() - job.started > _BEAT]
            if late:
                with contextlib.suppress(SQLAlchemyError):  # the next beat tries again
                    self._look_after(late)

    def _look_after(self, jobs: list[_Job]) -> None:
        """Renew claims, keep what was told since, and end what is cancelled or takes too long."""
        cancelled, now = self._kept.cancelled(job.question.id for job in jobs), time.monotonic()
        for job in jobs:
            if job.question.id in cancelled:
                self._end(job, "cancelled")
            elif now - job.started > self._limits.answer:
                self._end(job, "failed", error=f"There was no answer within {self._limits.answer:g} s.")
            elif now - job.renewed > (_NEWS if len(job.feed.events) > job.told else LEASE / 4):
                job.told, job.renewed = len(job.feed.events), now
                self._kept.progress(job.question, job.feed.events)


def _complain(future: "Future[None]") -> None:
    defect = None if future.cancelled() else future.exception()
    if defect:
        report(defect)
