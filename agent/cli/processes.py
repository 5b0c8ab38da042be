"""Groups of work -> what it gives, in order; several processes share it where there is enough to do."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from tools.calls.errors import SetupError

_WORTH_WORKERS = 100
"""Fewer questions are answered sooner than a second process starts."""

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(
    work: Callable[[Sequence[T]], Iterable[R]], groups: Sequence[Sequence[T]], workers: int = 0
) -> Iterator[R]:
    """Yield what the work gives for one group after the other, whoever did it.

    Args:
        work: what can be sent to another process.
        groups: what belongs together is done by one process.
        workers: processes; 0 is one a core if there is enough to do.

    Raises:
        SetupError: a process died.
    """
    worth = sum(map(len, groups)) >= _WORTH_WORKERS
    count = min(workers or (os.cpu_count() or 1 if worth else 1), len(groups))
    if count > 1:
        yield from _in_processes(work, groups, count)
        return
    for group in groups:
        yield from work(group)


def _in_processes(
    work: Callable[[Sequence[T]], Iterable[R]], groups: Sequence[Sequence[T]], count: int
) -> Iterator[R]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(os.getpid(),))
    try:
        futures = [pool.submit(_all, work, group) for group in groups]
        for future in futures:
            yield from future.result()
    except BrokenProcessPool:
        raise SetupError(
            "A process that answered questions died, perhaps for lack of memory. What was finished is kept:"
            " run the same command again, with --workers 1."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _all(work: Callable[[Sequence[T]], Iterable[R]], group: Sequence[T]) -> list[R]:
    return list(work(group))


def _begin(parent: int) -> None:
    """Leave interrupts to the parent, and end when it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_without, args=(parent,), daemon=True).start()


def _end_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
