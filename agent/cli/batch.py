"""Questions, patient by patient -> lines of results in the same order.

Without a model several processes answer; with one, several threads of one process ask it: a server answers them side by
side, a model of this process one after the other.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import orjson

from agent.cli.processes import side_by_side
from agent.cli.questions import Question
from agent.cli.running import Running
from agent.cli.starting import settle, start
from agent.models import choose

if TYPE_CHECKING:
    from agent.answer import Outcome
    from agent.assistant import Assistant

_Group = Sequence[Question]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as a line of results, and how its question ended.

    `fallback` is why no model gave it, "" if none was asked for or one did.
    """

    text: bytes
    outcome: "Outcome"
    fallback: str = ""


def answer_all(location: str, running: Running, groups: Sequence[_Group], workers: int = 0) -> Iterator[Line]:
    """Yield one line an answer, in the order of the groups, whoever answered it.

    Args:
        location: where the records are.
        running: which model, and how.
        groups: the questions of one patient each.
        workers: without a model processes, 0 is one a core if there is enough to do; with one, questions at
            once, 0 is as many as may be in flight.

    Raises:
        SetupError: a process died.
        RecordError: a record could not be read.
    """
    if not running.planner_model and choose(running.model, running.options).name == "none":
        return side_by_side(partial(_answered, location, running), groups, workers)
    return _sharing_a_model(_assistant(location, running), groups, workers or running.options.in_flight)


def _sharing_a_model(assistant: "Assistant", groups: Sequence[_Group], count: int) -> Iterator[Line]:
    pool = ThreadPoolExecutor(count)
    with ExitStack() as leaving:
        leaving.callback(pool.shutdown, cancel_futures=True)
        yield from pool.map(
            lambda question: _line(assistant, question), [q for group in groups for q in group]
        )


def _answered(location: str, running: Running, group: _Group) -> Iterator[Line]:
    return (_line(_assistant(location, running), question) for question in group)


def _line(assistant: "Assistant", question: Question) -> Line:
    told = assistant.ask(question.patient, question.question, now=question.now)
    fields = {"id": question.id, **told.model_dump(mode="json")}
    return Line(orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE), told.outcome, told.fallback)


@cache
def _assistant(location: str, running: Running) -> "Assistant":
    from tools.sources import open_location

    assistant = start(open_location(location), running)
    settle()
    return assistant
