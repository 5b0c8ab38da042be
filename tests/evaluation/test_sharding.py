"""Shards are disjoint, complete and the same everywhere; what several machines answered becomes one file again."""

from pathlib import Path

import pytest

from evaluation.dataset import Case
from evaluation.result import Result, load, save
from evaluation.running import Shard, Wanted, merge
from evaluation.running.tasks import tasks_of
from tests.evaluation.entries_for_tests import case, result
from tests.evaluation.runs_for_tests import ScriptedSolver, carried_out, many
from tools.calls.errors import BadArgument, SetupError

ASKED = [case(f"q{n}") for n in range(4)]
TOLD = [result(asked) for asked in ASKED]


@pytest.mark.parametrize("of", [1, 2, 16])
def test_each_question_is_in_one_shard(of: int) -> None:
    cases = many(500)
    parts = [tasks_of(cases, Wanted(shard=Shard(number, of))) for number in range(1, of + 1)]
    keys = [task.key for part in parts for task in part]
    assert len(keys) == len(set(keys)) == 1_000
    assert all(len(part) > 1_000 / of / 3 for part in parts)


def test_a_question_stays_in_its_shard_whatever_else_is_asked() -> None:
    found = {n: next(s for s in range(1, 17) if Shard(s, 16).holds(f"q{n}")) for n in range(5)}
    assert found == {0: 8, 1: 3, 2: 4, 3: 16, 4: 4}


def test_all_forms_and_runs_of_a_question_are_in_one_shard() -> None:
    part = tasks_of(many(50), Wanted(runs=2, shard=Shard(2, 5)))
    assert all(sum(task.case.id == each.case.id for each in part) == 4 for task in part)


@pytest.mark.parametrize("text", ["0/16", "17/16", "3", "3/0", "three/16", "-1/16", "3/16/2", ""])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadArgument) as refused:
        Shard.parse(text)
    assert str(refused.value) == (
        f"--shard {text!r}: expected which part of how many, the first is 1, e.g. '3/16'."
    )


def test_shards_together_are_the_whole(tmp_path: Path) -> None:
    cases, whole = many(40), tmp_path / "whole.jsonl"
    paths = [tmp_path / f"{number}.jsonl" for number in (1, 2, 3)]
    for number, path in enumerate(paths, 1):
        carried_out(cases, path, ScriptedSolver(), Wanted(shard=Shard(number, 3)))
    carried_out(cases, whole, ScriptedSolver())
    assert merge([*reversed(paths), paths[0]], cases) == load(whole)


def test_a_shard_that_holds_no_question_leaves_an_empty_file_that_merges(tmp_path: Path) -> None:
    cases = many(1)
    paths = [tmp_path / f"{number}.jsonl" for number in (1, 2)]
    for number, path in enumerate(paths, 1):
        carried_out(cases, path, ScriptedSolver(), Wanted(shard=Shard(number, 2)))
    assert sorted(path.stat().st_size > 0 for path in paths) == [False, True]
    assert len(merge(paths, cases)) == 2


def merged(tmp_path: Path, *files: list[Result], cases: list[Case] = ASKED) -> list[Result]:
    paths = [Path(f"{number}.jsonl") for number in range(1, len(files) + 1)]
    for path, told in zip(paths, files, strict=True):
        save(path, told)
    return merge(paths, cases)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_same_answer_in_two_files_counts_once_whatever_it_took(tmp_path: Path) -> None:
    slower = TOLD[0].model_copy(update={"seconds": 9.0})
    assert merged(tmp_path, TOLD, [slower]) == TOLD


@pytest.mark.parametrize("field", ["failed", "fallback"])
@pytest.mark.parametrize("turn", [1, -1], ids=["before", "after"])
def test_an_answer_counts_more_than_a_failure(field: str, turn: int, tmp_path: Path) -> None:
    failed = TOLD[0].model_copy(update={field: "The server is gone.", "answer": "else"})
    assert merged(tmp_path, *[[failed], TOLD][::turn]) == TOLD


WRONG = [
    (
        "another answer",
        [TOLD, [TOLD[1].model_copy(update={"answer": "7.1 %"})]],
        "2.jsonl line 1 id 'q1' answer '7.1 %': expected the answer that an earlier file has, e.g. 'It was 6.4 %.'.",
    ),
    (
        "another question",
        [TOLD, [result(case("q9"))]],
        "2.jsonl line 1 id 'q9': expected an id of the question file, e.g. 'q0'.",
    ),
    (
        "another model",
        [TOLD[:2], [TOLD[2].model_copy(update={"model": "gemma"})]],
        "2.jsonl line 1 id 'q2' solver and model 'agent, gemma': expected results of agent, none; those of another "
        "solver or model go into a file of their own, e.g. 'results.jsonl'.",
    ),
    ("nothing", [[], []], "RESULTS ['1.jsonl', '2.jsonl']: expected files with at least one result, e.g. "
     "'results-3.jsonl'."),
]  # fmt: skip


@pytest.mark.parametrize(("files", "sentence"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_does_not_belong_together_is_named(
    files: list[list[Result]], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(BadArgument) as refused:
        merged(tmp_path, *files)
    assert str(refused.value) == sentence


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(
        BadArgument, match="RESULTS 'none.jsonl': expected a results file, e.g. 'results-3.jsonl'."
    ):
        merge([Path("none.jsonl")], ASKED)


def test_what_is_missing_is_counted(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refused:
        merged(tmp_path, [TOLD[0], TOLD[0].model_copy(update={"form": "choice"})], [TOLD[2]])
    assert str(refused.value) == (
        "5 of 8 results are missing, the first of question 'q1' (open, run 1): run `fhir-assistant evaluate run` on "
        "the shard that it is in, and merge again."
    )


def test_a_line_cut_by_a_kill_is_missing(tmp_path: Path) -> None:
    save(Path("1.jsonl"), TOLD)
    whole = Path("1.jsonl").read_bytes()
    Path("1.jsonl").write_bytes(whole[:-9])
    with pytest.raises(SetupError, match="1 of 4 results are missing, the first of question 'q3'"):
        merge([Path("1.jsonl")], ASKED)
    assert Path("1.jsonl").read_bytes() == whole[:-9]
