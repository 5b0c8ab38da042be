"""A question that holds the interpreter: its process ends, another one begins, and it is not tried for ever."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from portal.bench.serving import served
from tests.portal.portal_for_tests import ADELINA
from tests.portal.standstill_for_tests import COMPUTE, HOLD

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PATIENCE = 120

SLOW = 30
"""Seconds without a heartbeat that a process is given whose interpreter a thread shares with all that answers, as the
portal gives it: the first request imports what it needs, and waits for the interpreter at each file."""
TWICE = "it was begun twice, and both times the program ended before there was an answer."


@dataclass(frozen=True)
class Held:
    """A running portal whose interpreter can be held."""

    base: str
    folder: Path
    process: "subprocess.Popen[str]"

    def ask(self, question: str) -> str:
        """Ask in a new conversation; return the address of the question."""
        with httpx.Client(base_url=self.base, timeout=PATIENCE) as client:
            conversation = client.post("/api/conversations", json={"patient": ADELINA}).json()["id"]
            asked = client.post(f"/api/conversations/{conversation}/questions", json={"question": question})
            return f"{self.base}{asked.headers['Location']}"

    def begin(self, question: str) -> str:
        """Ask what holds the interpreter or computes, and wait until it does; return the address of the question."""
        question = self.ask(question)
        (self.folder / "go").touch()
        until(lambda: len(self.begun()) > 0)
        return question

    def begun(self) -> list[int]:
        """The process of each run that began to."""
        there = self.folder / "begun"
        return [int(line) for line in there.read_text().split()] if there.exists() else []

    def said(self) -> str:
        """What it wrote on stderr."""
        return (self.folder / "said").read_text()


@contextmanager
def holding(folder: Path, workers: int, standstill: int, grace: float = 30) -> Iterator[Held]:
    arguments = [str(folder), str(workers), str(standstill), str(grace)]
    with (folder / "said").open("w") as said:
        command = [sys.executable, "-m", "tests.portal.standstill_for_tests", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, cwd=ROOT)
    assert process.stdout
    try:
        yield Held(process.stdout.readline().strip(), folder, process)
    finally:
        if process.poll() is None:
            for left in (*psutil.Process(process.pid).children(recursive=True), process):
                left.kill()
        process.wait(PATIENCE)
        process.stdout.close()


def until(there: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < patience
        time.sleep(0.05)


def followed(question: str) -> str:
    """The last events of a question, as a page hears them that asks again whenever its stream ends."""
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        try:
            told = httpx.get(f"{question}/events", timeout=PATIENCE).text
        except httpx.TransportError:
            continue
        if any(f"event: {last}\n" in told for last in ("answer", "error", "cancelled")):
            return told
    raise TimeoutError("It did not end.")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_holds_the_interpreter_is_tried_twice_and_has_failed(tmp_path: Path, workers: int) -> None:
    with holding(tmp_path, workers, standstill=4) as portal:
        question = portal.begin(HOLD)
        told = followed(question)
        assert "event: error\n" in told
        assert TWICE in told
        assert httpx.get(question, timeout=PATIENCE).json()["status"] == "failed"
        first, second = portal.begun()
        assert first != second
        assert "event: answer\n" in followed(portal.ask("How old is she?"))
        until(lambda: portal.said().count("ended by itself (exit status 1); another one begins.") == 2)
        assert "Timeout (0:00:04)!" in portal.said()
        assert "standstill_for_tests.py" in portal.said(), "where it stood still"
        assert "Adelina" not in portal.said()
        assert psutil.pid_exists(portal.process.pid)


def test_it_can_be_told_to_end_while_the_interpreter_is_held(tmp_path: Path) -> None:
    with holding(tmp_path, workers=1, standstill=0, grace=1) as portal:
        portal.begin(HOLD)
        held = psutil.Process(portal.begun()[0])
        portal.process.send_signal(signal.SIGTERM)
        assert portal.process.wait(PATIENCE) == -signal.SIGTERM
        assert not held.is_running()
        assert "A process did not end when it was told to; it is killed." in portal.said()


def test_a_process_that_nobody_watches_any_more_ends(tmp_path: Path) -> None:
    with served(tmp_path / "portal.db", "2026-01-01") as portal:
        children = psutil.Process(portal.process.pid).children()
        portal.process.kill()
        gone, alive = psutil.wait_procs(children, PATIENCE)
        assert not alive


def test_a_thread_that_computes_stops_neither_health_checks_nor_cancelling_nor_the_heart(
    tmp_path: Path,
) -> None:
    with holding(tmp_path, workers=1, standstill=SLOW) as portal:
        question = portal.begin(COMPUTE)
        (worker,) = portal.begun()
        for health in ("live", "ready"):
            assert httpx.get(f"{portal.base}/health/{health}", timeout=PATIENCE).json() == {"status": "ok"}
        assert httpx.post(f"{question}/cancel", timeout=PATIENCE).is_success
        assert "event: cancelled\n" in followed(question)
        computed = psutil.Process(worker).cpu_times().user
        until(lambda: psutil.Process(worker).cpu_times().user > computed + SLOW + 1)
        assert "event: answer\n" in followed(portal.ask("How old is she?"))
        (tmp_path / "enough").touch()
        portal.process.send_signal(signal.SIGTERM)
        assert portal.process.wait(PATIENCE) == -signal.SIGTERM
        assert not {"ERROR", "Timeout"} & set(portal.said().replace("!", " ").split())
