"""The command line as a process: pipes, full disks, interrupts, kills, and what it imports."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.agent.cli.calling import begin, call, finish

ADA = ("-r", "records", "-p", "Ada", "--now", "2021-07-01")
HEAVY = ("torch", "transformers", "fhir.resources", "fhirpathpy", "pypdf", "striprtf")


@pytest.fixture
def ready(records: str) -> str:
    """Records that are in the cache already."""
    call("patients", "-r", records)
    return records


def test_asking_imports_nothing_heavy(ready: str, tmp_path: Path) -> None:
    code = (
        "import sys; from agent.cli.app import app; from typer.testing import CliRunner; "
        f"r = CliRunner().invoke(app, {['ask', 'What was the last HbA1c?', *ADA]!r}); "
        f"print(r.exit_code, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=True,
    )
    assert shown.stdout == "0 []\n"


def test_a_reader_that_has_read_enough_is_no_trouble(ready: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = finish(begin(tmp_path, "patients", "-r", "records", stdout=writing))
    os.close(writing)
    assert (ran.status, ran.err) == (1, "")


def test_a_full_disk_is_told(ready: str, tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        ran = finish(begin(tmp_path, "patients", "-r", "records", "--json", stdout=full))
    assert (ran.status, ran.err) == (1, "Error: The output: No space left on device.\n")


def test_a_terminal_gets_a_conversation_and_an_interrupt_keeps_it(ready: str, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = begin(tmp_path, "chat", *ADA, "-c", "round", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = _until(ours, b"you> ")
    os.write(ours, b"What was the last HbA1c?\n")
    shown += _until(ours, b"you> ")
    _interrupt(process)
    shown += _until(ours, b"is kept.")
    assert process.returncode == 130
    assert b"6.4 % on 2020-12-04" in shown
    assert b"Kept. Go on with: fhir-assistant chat --conversation round" in shown
    assert b"Traceback" not in shown
    os.close(ours)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_stopped_file_of_questions_is_gone_on_with(
    number: signal.Signals, ready: str, tmp_path: Path
) -> None:
    asked = [_question(n) for n in range(120)]
    Path("questions.jsonl").write_text("\n".join(asked))
    arguments = ("answer", "-q", "questions.jsonl", "-o", "out.jsonl", "-r", "records", "--workers", "2")
    process = begin(tmp_path, *arguments)
    _wait_for_lines(Path("out.jsonl"), process)
    process.send_signal(number)
    ran = finish(process)
    assert ran.status == (-number if number == signal.SIGKILL else 130)
    assert "Traceback" not in ran.err
    again = finish(begin(tmp_path, *arguments))
    assert again.status == 0
    ids = [json.loads(row)["id"] for row in Path("out.jsonl").read_text().splitlines()]
    assert sorted(ids) == sorted(json.loads(row)["id"] for row in asked)


def _question(number: int) -> str:
    patient = ("p1", "p2", "p3", "Ada", "Ben", "Carla")[number % 6]
    fields = {
        "id": f"q{number}",
        "patient": patient,
        "question": "How old is the patient?",
        "now": "2021-07-01",
    }
    return json.dumps(fields)


def _wait_for_lines(out: Path, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 60
    while not (out.exists() and b"\n" in out.read_bytes()):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)


def _interrupt(process: "subprocess.Popen[str]") -> None:
    """Interrupt until it ends, as a person would: input() misses what comes while it is being called."""
    for _ in range(60):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()


def _until(terminal: int, wanted: bytes) -> bytes:
    shown = b""
    while wanted not in shown:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, shown
        shown += os.read(terminal, 4096)
    return shown
