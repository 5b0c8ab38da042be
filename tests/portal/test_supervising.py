"""Processes that are watched: which are started again, what is told of those that cannot begin, and how all end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@contextmanager
def supervised(
    kind: str, file: Path, count: int = 1, grace: float = PATIENCE
) -> "Iterator[subprocess.Popen[str]]":
    command = [
        sys.executable,
        "-m",
        "tests.portal.supervised_for_tests",
        kind,
        str(file),
        str(count),
        str(grace),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)


def starts(file: Path) -> int:
    return len(file.read_text().split()) if file.exists() else 0


def until(there: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < patience
        time.sleep(0.02)


WITHOUT_A_REASON = "SetupError: A process of the portal ended before it could be called (exit status 9).\n"
NEVER_LIVED = [
    ("cannot_begin", "SetupError: The model is not here: get it.\n"),
    ("wrongly_called", "SetupError: model 'x': expected a model, e.g. 'none'.\n"),
    ("dies_before_it_lives", WITHOUT_A_REASON),
]


@pytest.mark.parametrize(("kind", "told"), NEVER_LIVED, ids=[kind for kind, _ in NEVER_LIVED])
@pytest.mark.parametrize("count", [1, 2])
def test_what_cannot_begin_is_told_once_and_not_tried_again(
    tmp_path: Path, kind: str, told: str, count: int
) -> None:
    with supervised(kind, tmp_path / "starts", count) as process:
        assert process.communicate(timeout=PATIENCE) == (told, "")
        assert starts(tmp_path / "starts") <= count


def test_what_ends_by_itself_is_started_again_and_announced_once(tmp_path: Path) -> None:
    with supervised("dies_once", tmp_path / "starts") as process:
        until(lambda: starts(tmp_path / "starts") == 2)
        process.send_signal(signal.SIGTERM)
        told, logged = process.communicate(timeout=PATIENCE)
        assert told == "started\n"
        assert logged.endswith(" ERROR A process ended by itself (exit status 9); another one begins.\n")
        assert process.returncode == -signal.SIGTERM


def test_what_cannot_begin_again_ends_it(tmp_path: Path) -> None:
    with supervised("dies_once_and_cannot_begin_again", tmp_path / "starts") as process:
        told, _ = process.communicate(timeout=PATIENCE)
        assert told == "started\nSetupError: The database is gone.\n"
        assert starts(tmp_path / "starts") == 2


def test_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    with supervised("works", tmp_path / "starts", 2) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them are interrupted
        assert process.communicate(timeout=PATIENCE) == ("interrupted\n", "")


ENDS = [
    ("SIGTERM, after the grace", signal.SIGTERM, 1, 0.2),
    ("SIGINT twice, at once", signal.SIGINT, 2, PATIENCE),
]


@pytest.mark.parametrize(
    ("number", "times", "grace"), [end[1:] for end in ENDS], ids=[end[0] for end in ENDS]
)
def test_a_process_that_does_not_end_is_killed(
    tmp_path: Path, number: signal.Signals, times: int, grace: float
) -> None:
    with supervised("is_deaf", tmp_path / "starts", grace=grace) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        for _ in range(times):
            process.send_signal(number)
            time.sleep(0.5)  # two signals at one time are one
        _, logged = process.communicate(timeout=PATIENCE / 2)
        assert logged.endswith(" ERROR A process did not end when it was told to; it is killed.\n")
