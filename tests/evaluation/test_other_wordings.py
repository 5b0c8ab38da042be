"""Wordings that were written without sight of the program, 3 800 questions a set when they were measured: README.

None of them is in the corpus of the reader. What is asserted here is that it gets no worse; the rest is nearly all
asked back, with readings to choose from.
"""

from pathlib import Path

import pytest

from evaluation.building import cases
from evaluation.gold import building
from evaluation.gold.wordings import read_wordings, wordings
from evaluation.standing import asked
from fhir_fixtures import REFERENCE_DATE, records
from tools.sources import OpenedRecords, open_location

SETS = Path(__file__).parent / "wordings"
# set, least share of right answers, most of wrong ones, of open questions about four patients
SHARES = [("a", 0.8, 0.035), ("b", 0.75, 0.035), ("c", 0.64, 0.04)]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> OpenedRecords:
    return open_location(str(records()), cache=tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("name", [row[0] for row in SHARES])
def test_a_set_words_every_kind_of_question(name: str) -> None:
    assert set(read_wordings(SETS / name)) == set(wordings())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "right", "wrong"), SHARES, ids=[row[0] for row in SHARES])
def test_other_wordings_are_understood_as_well_as_before(
    name: str,
    right: float,
    wrong: float,
    source: OpenedRecords,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = read_wordings(SETS / name)
    monkeypatch.setattr(building, "wordings", lambda: other)
    made = list(cases(records(), patients=4, per_patient=100, seed=5, now=REFERENCE_DATE))
    verdicts = [
        entry.score.verdict
        for entry in asked(made, tmp_path / "results.jsonl", source)
        if entry.result.form == "open"
    ]
    assert verdicts.count("right") / len(verdicts) >= right
    assert verdicts.count("wrong") / len(verdicts) <= wrong
