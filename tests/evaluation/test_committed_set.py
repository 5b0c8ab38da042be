"""The committed question set and its score in README.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.assistant import Assistant
from evaluation import dataset
from evaluation.dataset import Case
from evaluation.entries import Entry
from evaluation.standing import PER_PATIENT, asked
from fhir_fixtures import questions, records
from tools.sources import open_location

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLED = 19
"""Every nineteenth question is asked."""
SLACK = 0.06
"""How far a sample of 200 may lie from the whole set."""


@pytest.fixture(scope="module")
def committed() -> list[Case]:
    return dataset.load(questions())


@pytest.fixture(scope="module")
def sample(committed: list[Case], tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    here = tmp_path_factory.mktemp("score")
    source = open_location(str(records()), cache=here / "cache")
    return asked(committed[::SAMPLED], here / "results.jsonl", source)


def test_it_holds_two_hundred_questions_about_each_of_nineteen_patients(committed: list[Case]) -> None:
    about = {case.patient: 0 for case in committed}
    for case in committed:
        about[case.patient] += 1
    assert set(about.values()) == {PER_PATIENT}
    assert len(about) == 19


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", "1", "2"])
def test_it_is_what_evaluate_build_writes_in_whatever_order_python_keeps_sets(
    hash_seed: str, tmp_path: Path
) -> None:
    made = tmp_path / "made.jsonl"
    command = [sys.executable, "-m", "agent.cli", "evaluate", "build", "--out", str(made)]
    surroundings = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True, env=surroundings)
    wanted, lines = (file.read_bytes().splitlines(keepends=True) for file in (questions(), made))
    assert [line for line, known in zip(lines, wanted, strict=True) if line != known] == []


def claimed(form: str) -> float:
    (row,) = re.findall(r"^\| \*\*all\*\* \| ([\d.]+) % \| [\d.]+ % \| ([\d.]+) % \|", README, re.MULTILINE)
    return float(row[0 if form == "open" else 1]) / 100


@pytest.mark.slow
@pytest.mark.parametrize("form", ["open", "choice"])
def test_the_score_in_the_readme_holds_on_a_sample(sample: list[Entry], form: str) -> None:
    verdicts = [entry.right for entry in sample if entry.result.form == form]
    assert abs(sum(verdicts) / len(verdicts) - claimed(form)) < SLACK


@pytest.mark.slow
def test_nothing_of_another_patient_is_named(sample: list[Entry], tmp_path: Path) -> None:
    assistant = Assistant(open_location(str(records()), cache=tmp_path), model="none")
    for entry in sample:
        record = assistant.record(entry.case.patient, entry.case.now)
        named = {*entry.result.evidence, *entry.result.citations}
        assert all(record.get(reference) is not None for reference in named), entry.case.id
        assert entry.result.grounded, entry.case.id
