"""The facade that the command line, the portal and the evaluation use: a question about a patient -> `Answer`.

Keeps the records that were opened last, so that many questions about one patient open it once.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langgraph.types import Command

from agent.answer import Answer, Usage, calls_of, compose
from agent.context import Context, Writer
from agent.graph import Graph, build, without_memory
from agent.models import choose
from agent.nodes import Step
from agent.plan import Plan, Planner
from agent.state import State
from tools.errors import BadArgument, RecordError, SetupError
from tools.record import PatientRecord

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from tools.records import RecordSource

LONGEST_QUESTION = 2000
"""Characters; a longer question is refused, never cut."""
_OPEN_RECORDS = 8


class Assistant:
    """Answers questions about the patients of one record source.

    Args:
        source: where records come from.
        model: as `--model`; "auto" takes what this machine can run.
        planner: turns questions into tool calls; the built-in planner by default.
        writer: words answers; the built-in writer by default.
        conversations: a SQLite file; without it nothing is remembered.
        timer: seconds, for `usage.seconds`.

    Raises:
        SetupError: the model string names nothing that can be run, or the file cannot be opened.
    """

    def __init__(
        self,
        source: "RecordSource",
        *,
        model: str = "auto",
        planner: Planner | None = None,
        writer: Writer | None = None,
        conversations: Path | None = None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.model = choose(model)
        self._source = source
        self._planner = planner or _builtin_planner()
        self._writer = writer
        self._timer = timer
        self._records: OrderedDict[str, PatientRecord] = OrderedDict()
        self._lock = threading.Lock()
        self._remembering = _with_memory(conversations) if conversations else None

    def ask(self, patient: str, question: str, *, now: date, conversation: str | None = None) -> Answer:
        """Answer one question.

        Args:
            patient: id, reference or name, as the record source understands it.
            question: in the user's words.
            now: the clock; the start of that day.
            conversation: a name; turns of one conversation know of each other. Needs `conversations`.

        Raises:
            BadArgument: the question is empty or too long.
            RecordError: the patient is unknown, the record cannot be read, or the conversation is another's.
        """
        return _last(self.stream(patient, question, now=now, conversation=conversation))

    def stream(
        self, patient: str, question: str, *, now: date, conversation: str | None = None
    ) -> Iterator[Step]:
        """Answer one question, yielding each step as it happens; the last is "answer" with the `Answer`.

        Takes and raises what `ask` does.
        """
        asked = _readable(question)
        record = self.record(patient, now)
        return self._run({"question": asked}, record, conversation)

    def resume(self, conversation: str, reply: str) -> Answer:
        """Go on after a clarifying question.

        Args:
            conversation: the one whose last answer asked back.
            reply: one of its options, the option's number from 1, or other words.

        Raises:
            RecordError: the conversation waits for no reply.
        """
        return _last(self.resume_stream(conversation, reply))

    def resume_stream(self, conversation: str, reply: str) -> Iterator[Step]:
        """Go on after a clarifying question, yielding each step as it happens; as `resume`."""
        graph, config = self._thread(conversation)
        snapshot = graph.get_state(config)
        if not snapshot.interrupts:
            raise RecordError(f"Conversation {conversation!r} waits for no reply: ask a question.")
        record = self.record(snapshot.values["patient"], date.fromisoformat(snapshot.values["now"]))
        return self._run(Command(resume=_readable(reply)), record, conversation)

    def replay(self, answer: Answer | Mapping[str, Any]) -> Answer:
        """Run the plan of an answer again, on the record as it is now, under the answer's clock.

        Raises:
            RecordError: as `ask`.
        """
        given = answer if isinstance(answer, Answer) else Answer.model_validate(answer)
        record = self.record(given.patient, date.fromisoformat(given.now))
        context = Context(record=record, planner=_Fixed(_plan_of(given)), can_reply=bool(given.ask_back))
        return _last(self._steps(without_memory(), None, {"question": given.question}, context, ""))

    def record(self, patient: str, now: date) -> PatientRecord:
        """Return a patient's record as of a day; those used last stay open.

        Raises:
            RecordError: the patient is unknown or the record cannot be read.
        """
        with self._lock:
            known = (name for name in (patient, f"Patient/{patient}") if name in self._records)
            reference = next(known, None) or self._source.find(patient).reference
            if reference not in self._records:
                self._records[reference] = self._source.open(reference, now)
            self._records.move_to_end(reference)
            while len(self._records) > _OPEN_RECORDS:
                self._records.popitem(last=False)
            return self._records[reference].as_of(now)

    def _thread(self, conversation: str) -> "tuple[Graph, RunnableConfig]":
        if self._remembering is None:
            raise SetupError("Conversations need a file: Assistant(…, conversations=PATH).")
        return self._remembering, {"configurable": {"thread_id": conversation}}

    def _run(
        self, given: "State | Command[Any]", record: PatientRecord, conversation: str | None
    ) -> Iterator[Step]:
        context = Context(
            record=record, planner=self._planner, writer=self._writer, can_reply=conversation is not None
        )
        if conversation is None:
            return self._steps(without_memory(), None, given, context, "")
        graph, config = self._thread(conversation)
        return self._steps(graph, config, given, context, conversation)

    def _steps(
        self,
        graph: Graph,
        config: "RunnableConfig | None",
        given: "State | Command[Any]",
        context: Context,
        conversation: str,
    ) -> Iterator[Step]:
        begun = self._timer()
        state: Any = {}
        parts = graph.stream(
            given, config, context=context, stream_mode=["custom", "values"], durability="exit" if config else None
        )
        for mode, part in parts:
            if mode == "custom":
                yield part
            else:
                state = part
        usage = Usage(model=self.model.name, seconds=round(self._timer() - begun, 6))
        yield Step("answer", compose(state, context.record, usage, conversation))


class _Fixed:
    """A planner that knows the plan already."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        return self._plan


def _plan_of(answer: Answer) -> Plan:
    return Plan(
        calls=calls_of(answer),
        sure=1.0,
        yes_no=bool(answer.values) and all(isinstance(value, bool) for value in answer.values),
        ask_back=answer.ask_back,
        options=answer.options,
        decline=answer.declined,
    )


def _last(steps: Iterator[Step]) -> Answer:
    for step in steps:
        if isinstance(step.data, Answer):
            return step.data
    raise AssertionError("a run ends with its answer")


def _readable(question: str) -> str:
    text = " ".join(question.split())
    if not text:
        raise BadArgument("question", question, "words", "What was the last HbA1c?")
    if len(text) > LONGEST_QUESTION:
        raise BadArgument("question", question, f"at most {LONGEST_QUESTION} characters", "What was the last HbA1c?")
    return text


def _builtin_planner() -> Planner:
    from agent.planner import BuiltinPlanner

    return BuiltinPlanner()


def _with_memory(path: Path) -> Graph:
    from agent.conversations import open_conversations

    return build(open_conversations(path))
