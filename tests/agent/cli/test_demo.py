"""`make demo`: real answers about the shipped patients, also where the cache cannot be written."""

from pathlib import Path

import pytest

from agent import demo
from fhir_fixtures import records


@pytest.fixture
def _three_patients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "three"
    folder.mkdir()
    for name in {patient.replace(" ", "_") for patient, _ in demo.QUESTIONS}:
        (folder / f"{name}.json.gz").symlink_to(records() / f"{name}.json.gz")
    monkeypatch.setattr(demo, "records", lambda: folder)


@pytest.mark.slow
@pytest.mark.usefixtures("_three_patients")
def test_the_demo_answers_each_question_and_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    demo.main()
    shown = capsys.readouterr().out
    assert shown.count("\n$ ") == len(demo.QUESTIONS)
    assert shown.count("[1]") >= len(demo.QUESTIONS)
    assert shown.rstrip().endswith("README.md has the rest.")
    assert "Not confirmed" not in shown


@pytest.mark.slow
@pytest.mark.usefixtures("_three_patients")
def test_the_demo_needs_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("Dear colleague")
    monkeypatch.setenv("FHIR_ASSISTANT_CACHE", str(tmp_path / "letter.txt"))
    demo.main()
    shown = capsys.readouterr()
    assert "For now the records are read into " in shown.err
    assert shown.out.rstrip().endswith("README.md has the rest.")
