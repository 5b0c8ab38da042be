"""Work of several kinds under the supervisor, without a portal:

    python -m tests.portal.supervised_for_tests KIND FILE COUNT

Each start of a process is a line in FILE.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from socket import create_server, socket

from portal.supervising import supervise
from tools.calls.errors import AssistantError, BadArgument, SetupError

Lives = Callable[[], None]


def cannot_begin(starts: int, lives: Lives) -> None:
    raise SetupError("The model is not here: get it.")


def wrongly_called(starts: int, lives: Lives) -> None:
    raise BadArgument("model", "x", "a model", "none")


def dies_before_it_lives(starts: int, lives: Lives) -> None:
    os._exit(9)


def dies_once(starts: int, lives: Lives) -> None:
    lives()
    if starts == 1:
        os._exit(9)
    forever()


def dies_once_and_cannot_begin_again(starts: int, lives: Lives) -> None:
    if starts > 1:
        raise SetupError("The database is gone.")
    lives()
    os._exit(9)


def works(starts: int, lives: Lives) -> None:
    lives()
    forever()


def is_deaf(starts: int, lives: Lives) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    lives()
    forever()


def forever() -> None:
    while True:
        time.sleep(1)


KINDS = {
    kind.__name__: kind
    for kind in (
        cannot_begin,
        wrongly_called,
        dies_before_it_lives,
        dies_once,
        dies_once_and_cannot_begin_again,
        works,
        is_deaf,
    )
}


def work(kind: str, file: Path, listening: socket, lives: Lives) -> None:
    with file.open("a") as starts:
        starts.write(f"{os.getpid()}\n")
    KINDS[kind](len(file.read_text().split()), lives)


def main(kind: str, file: str, count: str, grace: str) -> None:
    def started() -> None:
        print("started", flush=True)

    try:
        supervise(
            partial(work, kind, Path(file)),
            create_server(("127.0.0.1", 0)),
            int(count),
            started,
            grace=float(grace),
        )
    except AssistantError as wrong:
        print(f"{type(wrong).__name__}: {wrong}")
    except KeyboardInterrupt:
        print("interrupted")


if __name__ == "__main__":
    main(*sys.argv[1:])
