"""One run of the state machine: prepared input and surroundings -> its `Answer`, at once or step by step.

LangChain's tracing is off in a run, whatever the environment says: it would send the record to a server.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from langgraph.types import Command
from langsmith import tracing_context

from agent.answer import Answer, Usage, compose
from agent.context import Context, Replanner
from agent.graph import Graph
from agent.nodes import Step
from agent.state import Asked

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A question, or the reply to a clarifying question, ready to run.

    Attributes:
        graph: with a memory if there is a conversation.
        given: the question, or the command that resumes.
        context: patient, clock, planner, writer.
        model: as the answer reports it.
        timer: seconds.
        conversation: "" if none.
    """

    graph: Graph
    given: "Asked | Command[Any]"
    context: Context
    model: str
    timer: Callable[[], float]
    conversation: str = ""

    def answer(self, hear: Callable[[Step], None] | None = None) -> Answer:
        """Run to the end, or to a clarifying question.

        Args:
            hear: hears each step but the answer as it happens, in this thread; what it raises ends the run.
        """
        begun = self.timer()
        # invoke is twice as fast as streaming: no threads wait for custom events
        with tracing_context(enabled=False):
            state: Any = self.graph.invoke(
                self.given,
                self._config,
                context=replace(self.context, hear=hear),
                durability=self._durability,
            )
        return self._composed(state, begun)

    def steps(self) -> Iterator[Step]:
        """Run, yielding each step as it happens; the last is "answer" with the `Answer`."""
        begun = self.timer()
        state: Any = {}
        mode: str
        part: Any
        with tracing_context(enabled=False):
            for mode, part in self.graph.stream(
                self.given,
                self._config,
                context=self.context,
                stream_mode=["custom", "values"],
                durability=self._durability,
            ):
                if mode == "custom":
                    yield part
                else:
                    state = part
        yield Step("answer", self._composed(state, begun))

    def _composed(self, state: Any, begun: float) -> Answer:
        seconds, meter = self.timer() - begun, self.context.meter
        usage = Usage(
            model=self.model,
            model_calls=meter.total.model_calls,
            prompt_tokens=meter.total.prompt_tokens,
            completion_tokens=meter.total.completion_tokens,
            seconds=round(seconds, 6),
            stages=meter.stages,
        )
        return compose(state, self.context.record, usage, self.conversation)

    @property
    def _config(self) -> "RunnableConfig | None":
        config = thread(self.conversation) if self.conversation else None
        if self.context.writer is None and not isinstance(self.context.planner, Replanner):
            return config  # no model is asked
        return {**(config or {}), "callbacks": [self.context.meter]}

    @property
    def _durability(self) -> Any:
        # a turn is kept as a whole: nothing of a run that was killed is half there
        return "exit" if self.conversation else None


def thread(conversation: str) -> "RunnableConfig":
    """Return LangGraph's name for a conversation."""
    return {"configurable": {"thread_id": conversation}}
