"""A run of an evaluation: questions, records, a solver and a model -> a results file.

Each result is added as a line when it is there. After a kill the same call goes on, asks nothing again that stands,
and ends with the file of a run that was not killed, timings apart: in the end it is written anew in the order of the
questions. Left out: scores.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from agent.cli.questions import all_known
from agent.cli.running import Running
from evaluation.dataset import Case
from evaluation.result import save
from evaluation.running.asking import Keep, Timer, in_processes, run_by_run
from evaluation.running.keeping import Keeper, Progress, unwatched
from evaluation.running.stored import Who, resumed, stands
from evaluation.running.tasks import Task, Wanted, in_order, tasks_of
from evaluation.solvers import AGENT, Solver, solver_of
from tools.sources import OpenedRecords, RecordSource

Ask = Callable[[Sequence[Task], Keep], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a run went.

    Attributes:
        asked: results that are new.
        kept: results that the file held already.
        failed: new ones that are no answers.
        fell_back: new ones that the built-in planner or writer gave in place of the model.
        trouble: why the first of those failed or fell back, "" if none did.
    """

    asked: int
    kept: int
    failed: int
    fell_back: int
    trouble: str = ""


def run(
    cases: Sequence[Case],
    out: Path,
    source: OpenedRecords,
    running: Running,
    wanted: Wanted,
    *,
    workers: int = 0,
    progress: Progress = unwatched,
    tell: Callable[[str], None] = lambda sentence: None,
    timer: Timer = time.perf_counter,
) -> Summary:
    """Ask what is wanted and is not in the file yet.

    Args:
        cases: all questions, also those of other shards.
        out: the results file; what it holds is kept.
        source: the records.
        running: which model, and how. Where the temperature is above 0, each run after the first has the next seed.
        wanted: which solver is asked what.
        workers: without a model processes, 0 is one a core if there is enough to do; with one, questions at once, 0 is
            as many as may be in flight.
        progress: hears how many of the questions that are left are done.
        tell: hears, a sentence at a time, what goes on while a model loads.
        timer: seconds; a function that another process can import.

    Raises:
        BadArgument: there is nothing to ask, the solver needs a model and there is none, or the file is not these
            questions' and this solver's; the message names line and id.
        UnknownPatient: a question is about nobody; the message names it.
        ModelFailure: the model cannot be run here.
        SetupError: the model failed too often in a row, a process died, or the file cannot be written; what was
            finished is kept.
    """
    tasks = tasks_of(cases, wanted)
    solver = solver_of(wanted.solver, source, running)
    all_known(source, ((task.case.id, task.case.patient) for task in tasks))
    if (solver.name, solver.model) == (AGENT, "none"):
        plain = replace(running, model="none")
        ask = partial(in_processes, source.location, plain, timer, workers)
    else:
        options = replace(running.options, in_flight=workers or running.options.in_flight)
        solvers = partial(_seeded, wanted.solver, source, replace(running, options=options), tell, timer)
        ask = partial(run_by_run, solvers, options)
    return carry_out(cases, tasks, out, (solver.name, solver.model), ask, progress)


def carry_out(
    cases: Sequence[Case],
    tasks: Sequence[Task],
    out: Path,
    who: Who,
    ask: Ask,
    progress: Progress = unwatched,
) -> Summary:
    """Ask what is not in the file yet, and leave the file in the order of the questions.

    Args:
        cases: all questions.
        tasks: what is wanted.
        out: the results file.
        who: solver and model.
        ask: asks tasks and hands on each result.
        progress: hears how many are done.

    Raises:
        BadArgument: the file is not these questions' and this solver's.
        SetupError: as `run`.
    """
    kept = resumed(out, cases, who)
    left = [task for task in tasks if task.key not in kept]
    with out.open("ab", buffering=0) as file:
        keeper = Keeper(out, file, len(left), progress)
        ask(left, keeper)
    save(out, in_order(cases, [*kept.values(), *keeper.results]))
    troubles = [result.failed or result.fallback for result in keeper.results if not stands(result)]
    return Summary(
        asked=len(left),
        kept=len(tasks) - len(left),
        failed=sum(bool(result.failed) for result in keeper.results),
        fell_back=sum(bool(result.fallback) for result in keeper.results),
        trouble=next(iter(troubles), ""),
    )


def _seeded(
    name: str, source: RecordSource, running: Running, tell: Callable[[str], None], timer: Timer, seed: int
) -> Solver:
    options = replace(running.options, seed=seed)
    return solver_of(name, source, replace(running, options=options), tell=tell, timer=timer)
