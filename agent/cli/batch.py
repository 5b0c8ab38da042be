"""Questions, patient by patient -> lines of results in the same order, by one or several processes."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from agent.cli.questions import Question
from agent.cli.starting import settle, start
from tools.errors import SetupError

if TYPE_CHECKING:
    from agent.assistant import Assistant

_WORTH_WORKERS = 100
"""Fewer questions are answered sooner than a second process starts."""

_Group = tuple[Question, ...]


def answer_all(store: Path, model: str, groups: Sequence[_Group], workers: int = 0) -> Iterator[bytes]:
    """Yield one line an answer, in the order of the groups, whatever process answered it.

    Args:
        store: the store with the records.
        model: as `--model`.
        groups: the questions of one patient each.
        workers: processes; 0 is one a core, if there is enough to do.

    Raises:
        SetupError: a process died.
        RecordError: a record could not be read.
    """
    total = sum(len(group) for group in groups)
    wanted = workers or (os.cpu_count() or 1 if total >= _WORTH_WORKERS else 1)
    count = min(wanted, len(groups))
    if count > 1:
        yield from _side_by_side(store, model, groups, count)
        return
    for group in groups:
        for question in group:
            yield _line(_assistant(store, model), question)


def _side_by_side(store: Path, model: str, groups: Sequence[_Group], count: int) -> Iterator[bytes]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(os.getpid(),))
    try:
        futures = [pool.submit(_answer_group, store, model, group) for group in groups]
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


def _answer_group(store: Path, model: str, group: _Group) -> list[bytes]:
    assistant = _assistant(store, model)
    return [_line(assistant, question) for question in group]


def _line(assistant: "Assistant", question: Question) -> bytes:
    told = assistant.ask(question.patient, question.question, now=question.now)
    return orjson.dumps({"id": question.id, **told.model_dump(mode="json")}, option=orjson.OPT_APPEND_NEWLINE)


@cache
def _assistant(store: Path, model: str) -> "Assistant":
    from tools.records import StoredRecords

    assistant = start(StoredRecords(store), model)
    settle()
    return assistant
