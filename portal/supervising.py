"""Work that listens on a socket -> processes that do it; one that ends by itself is started again.

A process says once that it lives. One that ends before that ends them all, with its reason: it would only fail again.
The process that watches imports next to nothing and opens nothing, so that nothing can hold it up.
"""

import logging
import logging.config
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from socket import socket
from typing import Any

from portal.defects import LOGGING
from tools.calls.errors import AssistantError, SetupError

Work = Callable[[socket, Callable[[], None]], None]
"""Listens until SIGTERM; calls what it is given once it lives. It is pickled: a function of a module, or a partial."""
_LOOK = 0.2
"""Seconds after which a signal is seen at the latest."""
_PAUSE = 1.0
"""Seconds between the end of a process and the next."""
_log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")


def supervise(
    work: Work, listening: socket, count: int, started: Callable[[], None], *, grace: float
) -> None:
    """Do work in so many processes until this one is told to end (SIGTERM, SIGINT).

    Args:
        work: what each of them does.
        listening: on what; it is closed here when they are to end.
        count: of processes.
        started: told once, when the first one lives.
        grace: seconds that they get to end; what still runs then is killed, and at once on a second SIGINT.

    Raises:
        SetupError: one of them could not begin.
    """
    logging.config.dictConfig(LOGGING)
    told: list[int] = []
    with _hearing(told):
        workers: list[_Worker] = []
        try:
            workers += [_Worker(work, listening) for _ in range(count)]
            _watch(workers, lambda: _Worker(work, listening), started, told)
            listening.close()
            _end(workers, grace, told)
        finally:
            for worker in workers:
                worker.kill()
    signal.raise_signal(told[0])


class _Worker:
    """A process that works, from its start on."""

    def __init__(self, work: Work, listening: socket) -> None:
        self._told, telling = _spawn.Pipe(duplex=False)
        self.process = _spawn.Process(target=_begin, args=(work, listening, telling))
        self.lives = False
        # It inherits deaf ears: on Ctrl-C the terminal interrupts it too, in the middle of its imports.
        hearing = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self.process.start()
        finally:
            signal.signal(signal.SIGINT, hearing)
        telling.close()

    def news(self) -> Sequence[Any]:
        """What becomes ready once there is something to hear of it."""
        return [self.process.sentinel] if self.lives else [self.process.sentinel, self._told]

    def ended(self) -> bool:
        """Hear of it; tell whether it lived and has ended.

        Raises:
            SetupError: it ended before it lived.
        """
        ended = not self.process.is_alive()
        if not self.lives:
            why = self._heard() if self._told.poll() else None
            self.lives = why == ""
            if why or (ended and not self.lives):
                status = (
                    f"A process of the portal ended before it could be called (exit status {self.status})."
                )
                raise SetupError(why or status)
        return ended

    @property
    def status(self) -> int | None:
        """Its exit status; below 0 it is the signal that ended it."""
        return self.process.exitcode

    def kill(self) -> None:
        """End it now, if it has not ended."""
        self.process.kill()
        self.process.join()

    def _heard(self) -> str | None:
        try:
            return str(self._told.recv())
        except EOFError:
            return None


def _begin(work: Work, listening: socket, telling: "Connection[Any, Any]") -> None:
    """Work, in a process of its own."""
    logging.config.dictConfig(LOGGING)
    try:
        work(listening, lambda: telling.send(""))
    except AssistantError as wrong:
        telling.send(str(wrong))


def _watch(
    workers: list[_Worker], another: Callable[[], _Worker], started: Callable[[], None], told: list[int]
) -> None:
    """Start those again that end, until there is a signal."""
    announced = False
    while not told:
        wait([news for worker in workers for news in worker.news()], _LOOK)
        for place, worker in enumerate(workers):
            if told:
                return
            ended = worker.ended()
            if worker.lives and not announced:
                announced = True
                started()
            if ended:
                _log.error("A process ended by itself (exit status %s); another one begins.", worker.status)
                time.sleep(_PAUSE)
                workers[place] = another()


def _end(workers: list[_Worker], grace: float, told: list[int]) -> None:
    """Ask them to end and wait; whoever does not is left to be killed."""
    until = time.monotonic() + grace
    for worker in workers:
        worker.process.terminate()
    while time.monotonic() < until and told.count(signal.SIGINT) < 2:
        left = [worker.process.sentinel for worker in workers if worker.process.is_alive()]
        if not left:
            return
        wait(left, _LOOK)
    _log.error("A process did not end when it was told to; it is killed.")


@contextmanager
def _hearing(told: list[int]) -> Iterator[None]:
    """Note signals that ask for the end, instead of ending."""

    def hear(number: int, frame: object) -> None:
        told.append(number)

    before = {number: signal.signal(number, hear) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
