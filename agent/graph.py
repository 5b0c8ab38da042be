"""The state machine: which node follows which.

START -> scope -> plan -> retrieve -> write -> check -> END
                   ^ |        |       ^ |         |
                   | +-> ask_back     +-|---------+ again, with what was not supported
                   +----------+---------+ more evidence, also for what the writer lacks
"""

from functools import cache, wraps
from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agent import nodes
from agent.context import Context
from agent.state import Asked, State, Update

Graph = CompiledStateGraph[State, Context, Asked, State]


def build(checkpointer: BaseCheckpointSaver[Any] | None = None, context_schema: type[Any] = Context) -> Graph:
    """Compile the state machine; a checkpointer makes it remember conversations.

    Args:
        checkpointer: where conversations are kept.
        context_schema: what has the attributes of `Context`.
    """
    graph: StateGraph[State, Context, Asked, State] = StateGraph(
        State, context_schema=context_schema, input_schema=Asked
    )
    for node in (nodes.scope, nodes.plan, nodes.ask_back, nodes.retrieve, nodes.write, nodes.check):
        graph.add_node(node.__name__, _metered(node))
    graph.add_edge(START, "scope")
    graph.add_edge("scope", "plan")
    graph.add_conditional_edges("plan", nodes.after_plan)
    graph.add_edge("ask_back", "plan")
    graph.add_conditional_edges("retrieve", nodes.after_retrieve)
    graph.add_conditional_edges("write", nodes.after_write)
    graph.add_conditional_edges("check", nodes.after_check, ["write", END])
    return graph.compile(checkpointer=checkpointer, name="fhir-record-assistant")


@cache
def without_memory() -> Graph:
    """Return the state machine that remembers nothing; compiled once."""
    return build()


def mermaid() -> str:
    """Return the state machine drawn as Mermaid."""
    return without_memory().get_graph().draw_mermaid()


class _Node(Protocol):
    __name__: str

    def __call__(self, state: State, runtime: Runtime[Context]) -> Update: ...


def _metered(node: _Node) -> _Node:
    """Return a node whose cost is counted as the stage of its name, and whose steps are heard by the context."""

    @wraps(node)
    def metered(state: State, runtime: Runtime[Context]) -> Update:
        if runtime.context.hear:
            runtime = runtime.override(stream_writer=runtime.context.hear)
        with runtime.context.meter.stage(node.__name__):
            return node(state, runtime)

    return metered
