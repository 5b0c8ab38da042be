"""Jobs -> parcels, in the order of the jobs, by some worker processes or in this one."""

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

from tools.record.collecting import uncollected
from tools.sources.parcels import Job, Parcel, pack_job

_START = "from tools.sources.worker import main; main()"
_ENDED = "the process that read it ended unexpectedly (status {}); it may need more memory than there is"


def pack_all(jobs: Iterable[Job], workers: int) -> Iterator[tuple[Job, Parcel]]:
    """Pack every job; with 0 workers in this process.

    A worker that dies costs the file it was reading, which says so in its parcel; another one takes over.
    """
    if workers == 0 or not sys.executable:
        yield from _pack_here(jobs)
        return
    team, threads = _Team(), ThreadPoolExecutor(workers, "pack")
    try:
        yield from _in_order(jobs, threads, team, 2 * workers)
    finally:
        threads.shutdown(cancel_futures=True)
        team.dismiss()


def _pack_here(jobs: Iterable[Job]) -> Iterator[tuple[Job, Parcel]]:
    for job in jobs:
        with uncollected():
            parcel = pack_job(job)
        yield job, parcel


def _in_order(
    jobs: Iterable[Job], threads: ThreadPoolExecutor, team: "_Team", ahead: int
) -> Iterator[tuple[Job, Parcel]]:
    waiting: deque[tuple[Job, Future[Parcel]]] = deque()
    for job in jobs:
        waiting.append((job, threads.submit(team.pack, job)))
        if len(waiting) > ahead:
            first, future = waiting.popleft()
            yield first, future.result()
    while waiting:
        first, future = waiting.popleft()
        yield first, future.result()


class _Team:
    """One worker process for each thread that asks."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._all: list[subprocess.Popen[bytes]] = []

    def pack(self, job: Job) -> Parcel:
        worker = self._worker()
        sending, receiving = _pipes(worker)
        try:
            pickle.dump(job, sending)
            sending.flush()
            parcel = pickle.load(receiving)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            del self._own.worker
            return Parcel(refused=_ENDED.format(worker.wait()), again=True)
        assert isinstance(parcel, Parcel)
        return parcel

    def dismiss(self) -> None:
        for worker in self._all:
            for pipe in _pipes(worker):
                pipe.close()
            worker.wait()

    def _worker(self) -> subprocess.Popen[bytes]:
        if not hasattr(self._own, "worker"):
            self._own.worker = _start()
            self._all.append(self._own.worker)
        worker: subprocess.Popen[bytes] = self._own.worker
        return worker


def _start() -> subprocess.Popen[bytes]:
    path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


def _pipes(worker: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert worker.stdin
    assert worker.stdout
    return worker.stdin, worker.stdout
