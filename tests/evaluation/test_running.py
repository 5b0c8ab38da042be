"""A run: every question once, in order in the end, whatever kills it and whatever the model does."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from agent.cli.running import Running
from agent.models import ModelFailure, ModelOptions
from evaluation.dataset import Case, Form
from evaluation.result import Result, load, save
from evaluation.running import Summary, Wanted, run
from evaluation.running.asking import run_by_run
from evaluation.running.keeping import STREAK, Keeper
from evaluation.running.tasks import tasks_of
from tests.agent.cli.calling import ROOT
from tests.builders import bundle, condition, observation, patient
from tests.evaluation.entries_for_tests import case, result
from tests.evaluation.runs_for_tests import (
    WITHOUT_MODEL,
    ScriptedSolver,
    carried_out,
    many,
    still,
)
from tools.calls.errors import BadArgument, SetupError, UnknownPatient
from tools.sources import StoredRecords, open_location

ASKED = many(6)
DONE = [("q0", "open", 1), ("q0", "choice", 1), ("q1", "open", 1)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> StoredRecords:
    """Ada Moser with some findings, and Ben Moser with none."""
    folder = tmp_path_factory.mktemp("records")
    ada = bundle(patient("p1"), observation("a1", value=6.4), condition("c1"))
    ben = bundle(patient("p2", given="Ben", gender="male"))
    for name, content in (("ada", ada), ("ben", ben)):
        (folder / f"{name}.json").write_bytes(orjson.dumps(content))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FHIR_ASSISTANT_CACHE", str(folder / "cache"))
        return open_location(str(folder))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def keys(out: Path) -> list[tuple[str, str, int]]:
    return [each.key for each in load(out)]


def test_every_question_is_asked_once_in_each_form_and_run(out: Path) -> None:
    solver = ScriptedSolver(wait=0.001)
    summary = carried_out(ASKED, out, solver, Wanted(runs=2))
    wanted = [(f"q{n}", form, run) for n in range(6) for form in ("open", "choice") for run in (1, 2)]
    assert sorted(solver.asked) == sorted(wanted)
    assert keys(out) == wanted
    assert summary == Summary(asked=24, kept=0, failed=0, fell_back=0)


def test_patients_are_asked_about_one_after_the_other() -> None:
    assert [task.case.id for task in tasks_of(ASKED, Wanted(forms=("open",)))] == [
        "q0",
        "q2",
        "q4",
        "q1",
        "q3",
        "q5",
    ]


def test_a_question_without_choices_is_asked_openly(out: Path) -> None:
    carried_out([case("q1", answer_choices=(), correct_answer=""), case("q2")], out, ScriptedSolver())
    assert keys(out) == [("q1", "open", 1), ("q2", "open", 1), ("q2", "choice", 1)]


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_are_in_flight_than_may_be(most: int, out: Path) -> None:
    solver = ScriptedSolver(wait=0.002)
    carried_out(ASKED, out, solver, most=most)
    assert solver.most_at_once == most


def test_as_many_threads_ask_as_may_be_in_flight_however_few_cores_there_are(out: Path) -> None:
    everyone = threading.Barrier(40)

    class Meeting(ScriptedSolver):
        async def solve(self, case: Case, form: Form, run: int) -> Result:
            await asyncio.to_thread(everyone.wait, 10)
            return await super().solve(case, form, run)

    carried_out(many(20), out, Meeting(), most=40)
    assert len(load(out)) == 40


@pytest.mark.parametrize(
    ("temperature", "seeds"), [(0.0, {7: 18}), (0.5, {7: 6, 8: 6, 9: 6})], ids=["certain", "by chance"]
)
def test_each_run_has_its_own_seed_where_chance_decides(temperature: float, seeds: dict[int, int]) -> None:
    solvers: dict[int, ScriptedSolver] = {}
    options = ModelOptions(temperature=temperature, seed=7)
    tasks = tasks_of(ASKED, Wanted(forms=("open",), runs=3))
    run_by_run(lambda seed: solvers.setdefault(seed, ScriptedSolver()), options, tasks, lambda result: None)
    assert {seed: len(solver.asked) for seed, solver in solvers.items()} == seeds


def test_what_is_there_is_not_asked_again(out: Path) -> None:
    carried_out(ASKED, out, ScriptedSolver(), Wanted(forms=("open",)))
    before = out.read_bytes()
    solver = ScriptedSolver()
    assert carried_out(ASKED, out, solver) == Summary(asked=6, kept=6, failed=0, fell_back=0)
    assert {form for _, form, _ in solver.asked} == {"choice"}
    again = ScriptedSolver()
    carried_out(ASKED, out, again, Wanted(forms=("open",)))
    assert again.asked == []
    assert all(line in out.read_bytes().splitlines() for line in before.splitlines())


def test_a_line_cut_by_a_kill_is_asked_again(out: Path) -> None:
    carried_out(ASKED, out, ScriptedSolver())
    whole = out.read_bytes()
    out.write_bytes(whole[:-20])
    solver = ScriptedSolver()
    carried_out(ASKED, out, solver)
    assert solver.asked == [("q5", "choice", 1)]
    assert out.read_bytes() == whole


def test_what_failed_is_asked_again(out: Path) -> None:
    first = carried_out(ASKED, out, ScriptedSolver(failing={"q2": "The server is gone."}))
    assert first == Summary(asked=12, kept=0, failed=2, fell_back=0, trouble="The server is gone.")
    assert len(keys(out)) == 12
    solver = ScriptedSolver()
    assert carried_out(ASKED, out, solver) == Summary(asked=2, kept=10, failed=0, fell_back=0)
    assert solver.asked == [("q2", "open", 1), ("q2", "choice", 1)]
    assert len(keys(out)) == 12


def test_what_the_built_in_writer_gave_for_the_model_is_asked_again(out: Path) -> None:
    told = result(ASKED[0], solver="scripted", model="script", fallback="The server is gone.")
    save(out, [told, told.model_copy(update={"form": "choice", "fallback": ""})])
    solver = ScriptedSolver()
    carried_out(ASKED[:1], out, solver)
    assert solver.asked == [("q0", "open", 1)]


def test_a_run_whose_model_has_gone_is_stopped_and_what_was_finished_is_kept(out: Path) -> None:
    cases = many(60)
    gone = {case.id: "The server is gone." for case in cases[10:]}
    with pytest.raises(SetupError) as stopped:
        carried_out(cases, out, ScriptedSolver(failing=gone), Wanted(forms=("open",)), most=1)
    assert str(stopped.value) == (
        "20 questions in a row failed alike: The server is gone. What was finished is kept: mend it and run the same "
        "command again; what failed is asked again."
    )
    answered = [each.id for each in load(out) if not each.failed]
    assert len(load(out)) == len(answered) + STREAK
    solver = ScriptedSolver()
    carried_out(cases, out, solver, Wanted(forms=("open",)))
    assert sorted(id for id, _, _ in solver.asked) == sorted({case.id for case in cases} - set(answered))


STREAKS = [
    ("alike", ["gone"] * 20, True),
    ("one too few", ["gone"] * 19 + [""] + ["gone"] * 19, False),
    ("each for another reason", [str(n) for n in range(30)], False),
    ("all well", [""] * 40, False),
]


@pytest.mark.parametrize(
    ("failures", "stopped"), [row[1:] for row in STREAKS], ids=[row[0] for row in STREAKS]
)
@pytest.mark.parametrize("field", ["failed", "fallback"])
def test_a_run_is_stopped_by_what_fails_alike(
    field: str, failures: list[str], stopped: bool, out: Path
) -> None:
    assert _stops(out, [result(ASKED[0], model_calls=1, **{field: why}) for why in failures]) == stopped


def test_what_fails_without_the_model_stops_nothing(out: Path) -> None:
    unreadable = result(ASKED[0], failed="anna.json line 1: no JSON.")
    assert not _stops(out, [unreadable] * 40)
    gone = result(ASKED[0], failed="The server is gone.", model_calls=1)
    assert _stops(out, [gone] * 10 + [unreadable] * 10 + [gone] * 10)


def _stops(out: Path, results: list[Result]) -> bool:
    with out.open("ab", buffering=0) as file:
        keep = Keeper(out, file, len(results))
        try:
            for each in results:
                keep(each)
        except SetupError:
            return True
    return False


def test_progress_is_told_as_results_come(out: Path) -> None:
    heard: list[tuple[int, int, int]] = []
    with out.open("ab", buffering=0) as file:
        keep = Keeper(
            out, file, 2, lambda done, total: heard.append((done, total, len(out.read_bytes().splitlines())))
        )
        keep(result(ASKED[0]))
        keep(result(ASKED[1]))
    assert heard == [(1, 2, 1), (2, 2, 2)]


OTHERS = [
    (
        "an id that is not asked",
        result(case("q9"), solver="scripted", model="script"),
        "results.jsonl line 2 id 'q9': expected an id of the question file, e.g. 'q0'.",
    ),
    (
        "another question under an id",
        result(ASKED[1], question="Who is she?", solver="scripted", model="script"),
        "results.jsonl line 2 id 'q1': expected results of these questions (another question, patient or day has this "
        "id there), e.g. 'results.jsonl'.",
    ),
    (
        "the same question on another day",
        result(ASKED[1], now="2020-01-01", solver="scripted", model="script"),
        "results.jsonl line 2 id 'q1': expected results of these questions (another question, patient or day has this "
        "id there), e.g. 'results.jsonl'.",
    ),
    (
        "another model",
        result(ASKED[1], solver="scripted", model="gemma"),
        "results.jsonl line 2 id 'q1' solver and model 'scripted, gemma': expected results of scripted, script; those "
        "of another solver or model go into a file of their own, e.g. 'results.jsonl'.",
    ),
    (
        "the same result twice",
        result(ASKED[0], solver="scripted", model="script"),
        "results.jsonl line 2 id 'q0': expected each question once in each form and run, e.g. 'results.jsonl'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("other", "sentence"), [row[1:] for row in OTHERS], ids=[row[0] for row in OTHERS])
def test_results_of_something_else_are_named_and_left_as_they_are(
    other: Result, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = Path("results.jsonl")
    save(out, [result(ASKED[0], solver="scripted", model="script"), other])
    before = out.read_bytes()
    with pytest.raises(BadArgument) as refused:
        carried_out(ASKED, out, ScriptedSolver())
    assert str(refused.value) == sentence
    assert out.read_bytes() == before


@pytest.mark.parametrize("content", ["Dear colleague", "Dear colleague\n", '{"id":"q0"}\n{"id":"q'])
def test_a_file_that_holds_no_results_is_left_as_it_is(content: str, out: Path) -> None:
    out.write_text(content)
    with pytest.raises(BadArgument):
        carried_out(ASKED, out, ScriptedSolver())
    assert out.read_text() == content


def test_a_device_is_no_results_file() -> None:
    with pytest.raises(
        BadArgument, match="--out '/dev/null': expected a file: it is written anew at the end"
    ):
        carried_out(ASKED, Path("/dev/null"), ScriptedSolver())


def test_the_agent_without_a_model_is_asked(store: StoredRecords, out: Path) -> None:
    summary = run(ASKED, out, store, WITHOUT_MODEL, Wanted(), timer=still)
    assert summary == Summary(asked=12, kept=0, failed=0, fell_back=0)
    told = load(out)
    assert (told[0].id, told[0].solver, told[0].model, told[0].values) == ("q0", "agent", "none", (45,))


def test_processes_make_no_difference(store: StoredRecords, tmp_path: Path) -> None:
    alone, together = tmp_path / "alone.jsonl", tmp_path / "together.jsonl"
    run(many(30), alone, store, WITHOUT_MODEL, Wanted(), workers=1, timer=still)
    run(many(30), together, store, WITHOUT_MODEL, Wanted(), workers=2, timer=still)
    assert alone.read_bytes() == together.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["in flight", "processes"])
def test_a_killed_run_goes_on_and_ends_like_one_that_was_not(
    way: str, store: StoredRecords, tmp_path: Path
) -> None:
    killed, whole = tmp_path / "killed.jsonl", tmp_path / "whole.jsonl"
    process = _begun(way, killed, store)
    _wait_for_lines(killed, process)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    finished = killed.read_bytes().count(b"\n")
    assert _begun(way, killed, store).wait(timeout=120) == 0
    assert _begun(way, whole, store).wait(timeout=120) == 0
    assert 0 < finished < len(load(whole))
    assert killed.read_bytes() == whole.read_bytes()


def _begun(way: str, out: Path, store: StoredRecords) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.evaluation.runs_for_tests", way, str(out), str(store.path)]
    return subprocess.Popen(command, cwd=ROOT)


def _wait_for_lines(out: Path, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while not (out.exists() and b"\n" in out.read_bytes()):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)


WRONG = [
    (
        "nobody's question",
        [*ASKED, case("q7", patient="zoe")],
        WITHOUT_MODEL,
        Wanted(),
        UnknownPatient,
        "question 'q7': No patient answers to 'zoe'. There are 2 to choose from.",
    ),
    (
        "a baseline without a model",
        ASKED,
        WITHOUT_MODEL,
        Wanted(solver="navigator"),
        BadArgument,
        "--model 'none': expected a model for the solver navigator, e.g. 'openai:http://127.0.0.1:8000/v1#medgemma'.",
    ),
    (
        "no run",
        ASKED,
        WITHOUT_MODEL,
        Wanted(runs=0),
        BadArgument,
        "--runs 0: expected a number from 1, e.g. '3'.",
    ),
    (
        "choices where there are none",
        [case("q1", answer_choices=(), correct_answer="")],
        WITHOUT_MODEL,
        Wanted(forms=("choice",)),
        BadArgument,
        "--form 'choice': expected one in which a question of the file can be asked, e.g. 'open'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cases", "running", "wanted", "error", "sentence"),
    [row[1:] for row in WRONG],
    ids=[row[0] for row in WRONG],
)
def test_what_cannot_be_run_is_named_before_anything_is_asked(
    cases: list[Case],
    running: Running,
    wanted: Wanted,
    error: type[Exception],
    sentence: str,
    store: StoredRecords,
    out: Path,
) -> None:
    with pytest.raises(error) as refused:
        run(cases, out, store, running, wanted)
    assert str(refused.value) == sentence
    assert not out.exists()


def test_a_model_that_cannot_be_opened_stops_the_run_at_once(
    store: StoredRecords, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "no-model").mkdir()
    with pytest.raises(ModelFailure):
        run(ASKED, out, store, replace(WITHOUT_MODEL, model=str(tmp_path / "no-model")), Wanted())
    assert out.read_bytes() == b""


@pytest.mark.parametrize("solver", ["agent", "whole-record", "navigator"])
def test_a_dead_endpoint_stops_the_run(solver: str, store: StoredRecords, out: Path) -> None:
    dead = Running("openai:http://127.0.0.1:1/v1#medgemma", "auto", ModelOptions(timeout=1.0))
    with pytest.raises(SetupError, match="20 questions in a row failed alike: "):
        run(many(60), out, store, dead, Wanted(solver=solver))
    troubles = {each.failed or each.fallback for each in load(out)}
    assert all(trouble.startswith("Nothing listens at http://127.0.0.1:1/v1") for trouble in troubles - {""})
    assert len(load(out)) >= STREAK
