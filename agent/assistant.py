"""The facade for the command line, the portal and the evaluation: a question about a patient -> `Answer`.

Keeps the records that were opened last, so that many questions about one patient open it once.
"""

import copy
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command

from agent.answer import Answer, plan_of, scope_of
from agent.asking import readable
from agent.choices import lettered
from agent.context import Context, Writer
from agent.graph import Graph, build, without_memory
from agent.models import Choice, Door, ModelOptions, choose
from agent.nodes import Step
from agent.plan import Plan, Planner
from agent.run import Run, thread
from agent.state import Asked, State
from agent.usage import Meter
from tools.calls.errors import BadArgument, RecordError, SetupError
from tools.record import PatientRecord
from tools.record.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from agent.planner.model import Planning
    from tools.sources.source import RecordSource

_LEAST = 256 * 1024
"""Bytes of a record of which next to nothing was read yet."""


class Assistant:
    """Answers questions about the patients of one record source.

    Args:
        source: where records come from.
        model: as `--model`; "auto" takes what this machine can run.
        options: how the model is run.
        planning: who plans where there is a model: "auto" the model where the reader is not sure, "builtin" the
            reader alone, "model" the model.
        planner_model: as `--planner-model`, another model that plans in the same form; "" is the same one.
        tell: hears, a sentence at a time, what goes on while a model loads.
        planner: turns questions into tool calls; else the model and the reader do.
        writer: words answers; else the model does, or the built-in writer where there is none.
        conversations: a SQLite file, or the URL of a PostgreSQL database; without it nothing is remembered.
        timer: seconds, for `usage.seconds`.
        memory: bytes that the records used last may take to stay open; the last one always stays.

    Raises:
        BadArgument: the model string names nothing.
        SetupError: the file cannot be opened.
    """

    def __init__(
        self,
        source: "RecordSource",
        *,
        model: str = "auto",
        options: ModelOptions | None = None,
        planning: "Planning" = "auto",
        planner_model: str = "",
        tell: Callable[[str], None] = lambda sentence: None,
        planner: Planner | None = None,
        writer: Writer | None = None,
        conversations: Path | str | None = None,
        timer: Callable[[], float] = time.perf_counter,
        memory: int = 256 * 1024**2,
    ) -> None:
        self.model = choose(model, options)
        self.source = source
        self.planned_by = choose(planner_model, options) if planner_model else self.model
        self._door = _door(self.model, tell)
        self._planning_door = self._door if self._plans_itself else _door(self.planned_by, tell)
        self.planner = planner or _planner(self._planning_door, planning)
        self._writer = writer or _writer(self._door, self.model.options)
        self._timer = timer
        self._most = memory
        self._records: OrderedDict[str, PatientRecord] = OrderedDict()
        self._lock = threading.Lock()
        self._opening: dict[str, threading.Lock] = {}
        self._remembering = _with_memory(conversations) if conversations else None

    @property
    def models(self) -> str:
        """The model as answers report it, with the one that plans where that is another; "none" for none."""
        return (
            self.model.name if self._plans_itself else f"{self.model.name}, planned by {self.planned_by.name}"
        )

    @property
    def _plans_itself(self) -> bool:
        return self.planned_by.named == self.model.named

    def ask(
        self,
        patient: str,
        question: str,
        *,
        now: date,
        conversation: str | None = None,
        choices: Sequence[str] = (),
        scope: Scope | None = None,
        hear: Callable[[Step], None] | None = None,
    ) -> Answer:
        """Answer one question.

        Args:
            patient: id, reference or name, as the record source understands it.
            question: in the user's words.
            now: the clock; the start of that day.
            conversation: a name; turns of one conversation know of each other. Needs `conversations`.
            choices: the options of a multiple-choice question; they may also stand in the question, "A) … B) …".
            scope: what of the record is looked at; None is all of it. It may change within a conversation.
            hear: hears each step but the answer as it happens, in this thread; what it raises ends the run.

        Raises:
            BadArgument: the question is empty or too long.
            RecordError: the patient is unknown, the record cannot be read, or the conversation is another's.
        """
        asked = " ".join([question, *(choice.line for choice in lettered(choices))])
        return self._asked(patient, asked, now, conversation, scope).answer(hear)

    def stream(
        self,
        patient: str,
        question: str,
        *,
        now: date,
        conversation: str | None = None,
        scope: Scope | None = None,
    ) -> Iterator[Step]:
        """Answer one question, yielding each step as it happens; the last is "answer" with the `Answer`.

        Takes and raises what `ask` does.
        """
        return self._asked(patient, question, now, conversation, scope).steps()

    def resume(
        self,
        conversation: str,
        reply: str,
        *,
        scope: Scope | None = None,
        hear: Callable[[Step], None] | None = None,
    ) -> Answer:
        """Go on after a clarifying question.

        Args:
            conversation: the one whose last answer asked back.
            reply: one of its options, the option's number from 1, or other words.
            scope: what of the record is looked at; None is what the question was asked of.
            hear: as for `ask`.

        Raises:
            BadArgument: the reply is empty or too long.
            RecordError: the conversation waits for no reply.
        """
        return self._replied(conversation, reply, scope).answer(hear)

    def resume_stream(self, conversation: str, reply: str, *, scope: Scope | None = None) -> Iterator[Step]:
        """Go on after a clarifying question, yielding each step as it happens; as `resume`."""
        return self._replied(conversation, reply, scope).steps()

    def replay(self, answer: Answer | Mapping[str, Any]) -> Answer:
        """Run the plan of an answer again, on the record as it is now, under the answer's clock and scope.

        Raises:
            RecordError: as `ask`.
        """
        given = answer if isinstance(answer, Answer) else Answer.model_validate(answer)
        record = self.record(given.patient, date.fromisoformat(given.now)).within(scope_of(given))
        meter = Meter(self._timer)
        context = Context(record=record, planner=_Fixed(given), can_reply=bool(given.ask_back), meter=meter)
        return self._run(without_memory(), {"question": given.question}, context).answer()

    def over(self, source: "RecordSource") -> "Assistant":
        """Return an assistant over other records that shares this one's model and conversations."""
        another = copy.copy(self)
        another.source = source
        another._records, another._opening, another._lock = OrderedDict(), {}, threading.Lock()
        return another

    def waits(self, conversation: str) -> bool:
        """Tell whether the last answer of a conversation asked back, so that `resume` goes on."""
        return bool(self._memory(conversation).get_state(thread(conversation)).interrupts)

    def forget(self, conversation: str) -> None:
        """Forget a conversation; one that nobody remembers is forgotten already."""
        if self._remembering and isinstance(self._remembering.checkpointer, BaseCheckpointSaver):
            self._remembering.checkpointer.delete_thread(conversation)

    def open_model(self) -> None:
        """Open the models now, not with the first question that needs them.

        Raises:
            ModelFailure: it cannot be run here.
        """
        for door in filter(None, (self._door, self._planning_door)):
            door()

    def record(self, patient: str, now: date) -> PatientRecord:
        """Return a patient's record as of a day; those used last stay open, until they are outdated.

        Raises:
            RecordError: the patient is unknown or the record cannot be read.
        """
        with self._lock:
            known = next((n for n in (patient, f"Patient/{patient}") if n in self._records), None)
        reference = known or self.source.find(patient).reference
        with self._lock:
            opening = self._opening.setdefault(reference, threading.Lock())
        with opening:
            record = self._records.get(reference)
            if record is None or record.outdated():
                record = self.source.open(reference, now)
            return self._kept(reference, record).as_of(now)

    def _kept(self, reference: str, record: PatientRecord) -> PatientRecord:
        with self._lock:
            self._records[reference] = record
            self._records.move_to_end(reference)
            taken = sum(max(each.size, _LEAST) for each in self._records.values())
            while taken > self._most and len(self._records) > 1:
                oldest, dropped = self._records.popitem(last=False)
                self._opening.pop(oldest, None)
                taken -= max(dropped.size, _LEAST)
        return record

    def _asked(
        self, patient: str, question: str, now: date, conversation: str | None, scope: Scope | None
    ) -> Run:
        given: Asked = {"question": readable(question)}
        graph = without_memory() if conversation is None else self._memory(conversation)
        record = self.record(patient, now).within(scope or EVERYTHING)
        context = self._context(record, conversation)
        return self._run(graph, given, context, conversation or "")

    def _replied(self, conversation: str, reply: str, scope: Scope | None) -> Run:
        graph = self._memory(conversation)
        snapshot = graph.get_state(thread(conversation))
        if not snapshot.interrupts:
            raise RecordError(f"Conversation {conversation!r} waits for no reply: ask a question.")
        asked = cast(State, snapshot.values)
        whole = self.record(asked["patient"], date.fromisoformat(asked["now"]))
        before = Scope.read(asked.get("narrowed"))
        context = self._context(whole.within(before if scope is None else scope), conversation)
        fresh: State = {}
        if scope not in (None, before):  # what was found so far was found in another
            fresh = {"narrowed": scope.as_json() if scope else None, "evidence": (), "failures": ()}
        given: Command[Any] = Command(resume=readable(reply), update=fresh or None)
        return self._run(graph, given, context, conversation)

    def _memory(self, conversation: str) -> Graph:
        if self._remembering is None:
            raise SetupError("A conversation needs a file: Assistant(…, conversations=PATH).")
        if not conversation.strip():
            raise BadArgument("conversation", conversation, "a name", "monday-round")
        return self._remembering

    def _context(self, record: PatientRecord, conversation: str | None) -> Context:
        return Context(
            record=record,
            planner=self.planner,
            writer=self._writer,
            can_reply=bool(conversation),
            meter=Meter(self._timer),
        )

    def _run(
        self, graph: Graph, given: "Asked | Command[Any]", context: Context, conversation: str = ""
    ) -> Run:
        return Run(
            graph=graph,
            given=given,
            context=context,
            model=self.models,
            timer=self._timer,
            conversation=conversation,
        )


class _Fixed:
    """A planner that knows the plan already: that of an answer."""

    def __init__(self, answer: Answer) -> None:
        self._plan = plan_of(answer)

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        return self._plan


def _door(model: Choice, tell: Callable[[str], None]) -> Door | None:
    return None if model.name == "none" else Door(model, tell)


def _planner(door: Door | None, planning: "Planning") -> Planner:
    from agent.reading import Reader

    if door is None or planning == "builtin":
        return Reader()
    from agent.planner.model import ModelPlanner

    return ModelPlanner(door, Reader(), always=planning == "model")


def _writer(door: Door | None, options: ModelOptions) -> Writer | None:
    if door is None:
        return None
    from agent.writer.model import ModelWriter

    return ModelWriter(door, assess=options.assessment)


def _with_memory(where: Path | str) -> Graph:
    from agent.conversations import open_conversations

    return build(open_conversations(where))
