"""Tasks -> results, handed on as they come: threads share a model, and without one processes share the work."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import groupby

from agent.cli.processes import side_by_side
from agent.cli.running import Running
from agent.cli.starting import settle
from agent.models import ModelOptions
from evaluation.result import Result
from evaluation.running.tasks import Task
from evaluation.solvers import AgentSolver, Solver, agent_solver
from tools.sources import open_location

Keep = Callable[[Result], None]
Timer = Callable[[], float]
_GROUP = 100
"""Tasks that a process does before it hands on their results."""


def run_by_run(
    solver: Callable[[int], Solver], options: ModelOptions, tasks: Sequence[Task], keep: Keep
) -> None:
    """Ask a model; where chance decides, each run has a seed of its own: with one all of them would be the same.

    Args:
        solver: gives the solver for a seed.
        options: the first seed, the temperature, and how many questions are asked at once.
        tasks: what.
        keep: as `in_flight`.

    Raises:
        ModelFailure: the model cannot be run here.
    """
    by_seed: dict[int, list[Task]] = {}
    for task in tasks:
        by_seed.setdefault(options.seed + (task.run - 1 if options.temperature else 0), []).append(task)
    for seed in sorted(by_seed):
        in_flight(solver(seed), options.in_flight, by_seed[seed], keep)


def in_flight(solver: Solver, most: int, tasks: Sequence[Task], keep: Keep) -> None:
    """Ask a solver.

    Args:
        solver: whom.
        most: questions at once.
        tasks: what, in this order.
        keep: hears each result as it comes; what it raises ends the asking.

    Raises:
        ModelFailure: the model cannot be run here.
    """
    solver.open()
    asyncio.run(_in_flight(solver, most, tasks, keep))


async def _in_flight(solver: Solver, most: int, tasks: Sequence[Task], keep: Keep) -> None:
    # asyncio's own pool has a thread or two a core, far fewer than a server answers at once
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(most))
    left = iter(tasks)

    async def ask_on() -> None:
        for task in left:
            keep(await solver.solve(task.case, task.form, task.run))

    await asyncio.gather(*(ask_on() for _ in range(most)))


def in_processes(
    location: str, running: Running, timer: Timer, workers: int, tasks: Sequence[Task], keep: Keep
) -> None:
    """Ask the agent without a model.

    Args:
        location: where the records are.
        running: without a model.
        timer: seconds; a function that another process can import.
        workers: processes; 0 is one a core if there is enough to do.
        tasks: what, patient by patient.
        keep: hears each result.

    Raises:
        SetupError: a process died.
    """
    for result in side_by_side(partial(_solved, location, running, timer), list(_groups(tasks)), workers):
        keep(result)


def _groups(tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
    for _, of_patient in groupby(tasks, key=lambda task: task.case.patient):
        together = list(of_patient)
        yield from (together[begin : begin + _GROUP] for begin in range(0, len(together), _GROUP))


def _solved(location: str, running: Running, timer: Timer, group: Sequence[Task]) -> Iterator[Result]:
    solver = _agent(location, running, timer)
    return (solver.answered(task.case, task.form, task.run) for task in group)


@cache
def _agent(location: str, running: Running, timer: Timer) -> AgentSolver:
    solver = agent_solver(open_location(location), running, timer=timer)
    settle()
    return solver
