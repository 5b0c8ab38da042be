"""Solvers: a case -> a result. The agent with any model, and two baselines over the same models and records."""

import time
from collections.abc import Callable

from agent.assistant import Assistant
from agent.cli.running import Running
from agent.models import Door, choose
from evaluation.solvers.agent import NAME as AGENT
from evaluation.solvers.agent import AgentSolver
from evaluation.solvers.baseline import METHODS, Baseline
from evaluation.solvers.solver import Solver
from tools.calls.errors import BadArgument
from tools.sources import RecordSource

__all__ = ["AGENT", "NAMES", "AgentSolver", "Baseline", "Solver", "agent_solver", "solver_of"]

NAMES = (AGENT, *METHODS)
_EXAMPLE = "openai:http://127.0.0.1:8000/v1#medgemma"


def _untold(sentence: str) -> None:
    pass


def solver_of(
    name: str,
    source: RecordSource,
    running: Running,
    *,
    tell: Callable[[str], None] = _untold,
    timer: Callable[[], float] = time.perf_counter,
) -> Solver:
    """Return a solver; its model is opened when it is needed first.

    Args:
        name: one of `NAMES`.
        source: where records come from.
        running: which model, and how.
        tell: hears, a sentence at a time, what goes on while a model loads.
        timer: seconds.

    Raises:
        BadArgument: there is no such solver, no such model, or the solver needs a model and there is none.
    """
    if name == AGENT:
        return agent_solver(source, running, tell=tell, timer=timer)
    if name not in METHODS:
        raise BadArgument("--solver", name, f"one of {', '.join(NAMES)}", AGENT)
    chosen = choose(running.model, running.options)
    if chosen.name == "none":
        raise BadArgument("--model", running.model, f"a model for the solver {name}", _EXAMPLE)
    return Baseline(name, chosen.name, Door(chosen, tell), source, timer=timer)


def agent_solver(
    source: RecordSource,
    running: Running,
    *,
    tell: Callable[[str], None] = _untold,
    timer: Callable[[], float] = time.perf_counter,
) -> AgentSolver:
    """Return the agent; as `solver_of`."""
    assistant = Assistant(
        source,
        model=running.model,
        options=running.options,
        planning=running.planner,
        planner_model=running.planner_model,
        tell=tell,
        timer=timer,
    )
    return AgentSolver(assistant)
