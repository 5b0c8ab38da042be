"""Questions, patient by patient -> lines of results in the same order.

Without a model several processes answer; with one, several threads of one process share it.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from agent.cli.questions import Question
from agent.cli.running import Running
from agent.cli.starting import settle, start
from agent.models import choose
from tools.errors import SetupError

if TYPE_CHECKING:
    from agent.assistant import Assistant

_WORTH_WORKERS = 100
"""Fewer questions are answered sooner than a second process starts."""

_Group = tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as a line of results; `fallback` is why no model gave it, "" if none was asked for or one did."""

    text: bytes
    fallback: str = ""


def answer_all(store: Path, running: Running, groups: Sequence[_Group], workers: int = 0) -> Iterator[Line]:
    """Yield one line an answer, in the order of the groups, whoever answered it.

    Args:
        store: the store with the records.
        running: which model, and how.
        groups: the questions of one patient each.
        workers: without a model processes, 0 is one a core if there is enough to do; with one, questions at
            once, 0 is as many as may be in flight.

    Raises:
        SetupError: a process died.
        RecordError: a record could not be read.
    """
    if choose(running.model, running.options).name != "none":
        yield from _sharing_a_model(_assistant(store, running), groups, workers or running.options.in_flight)
        return
    total = sum(len(group) for group in groups)
    wanted = workers or (os.cpu_count() or 1 if total >= _WORTH_WORKERS else 1)
    count = min(wanted, len(groups))
    if count > 1:
        yield from _side_by_side(store, running, groups, count)
        return
    for group in groups:
        for question in group:
            yield _line(_assistant(store, running), question)


def _sharing_a_model(assistant: "Assistant", groups: Sequence[_Group], count: int) -> Iterator[Line]:
    pool = ThreadPoolExecutor(count)
    with ExitStack() as leaving:
        leaving.callback(pool.shutdown, cancel_futures=True)
        leaving.enter_context(assistant.batching())
        yield from pool.map(
            lambda question: _line(assistant, question), [q for group in groups for q in group]
        )


def _side_by_side(store: Path, running: Running, groups: Sequence[_Group], count: int) -> Iterator[Line]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(os.getpid(),))
    try:
        futures = [pool.submit(_answer_group, store, running, group) for group in groups]
        for future in futures:
            yield from future.result()
    except BrokenProcessPool:
        raise SetupError(
            "A process that answered questions died, perhaps for lack of memory. What was finished is kept:"
            " run the same command again, with --workers 1."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(parent: int) -> None:
    """Leave interrupts to the parent, and end when it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_without, args=(parent,), daemon=True).start()


def _end_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _answer_group(store: Path, running: Running, group: _Group) -> list[Line]:
    assistant = _assistant(store, running)
    return [_line(assistant, question) for question in group]


def _line(assistant: "Assistant", question: Question) -> Line:
    told = assistant.ask(question.patient, question.question, now=question.now)
    fields = {"id": question.id, **told.model_dump(mode="json")}
    return Line(orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE), told.fallback)


@cache
def _assistant(store: Path, running: Running) -> "Assistant":
    from tools.records import StoredRecords

    assistant = start(StoredRecords(store), running)
    settle()
    return assistant
