"""A question set: enough of everything, one right choice, both voices."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from evaluation.building import cases
from evaluation.dataset import Case
from evaluation.gold.kinds import CATEGORIES
from evaluation.gold.reading import read
from evaluation.gold.wordings import wordings
from evaluation.scorers.values import compared
from fhir_fixtures import REFERENCE_DATE, records
from tools.calls.errors import BadArgument, RecordError

ROOT = Path(__file__).parents[3]
KINDS = [kind for kinds in CATEGORIES.values() for kind in kinds]
PRONOUNS = ("I", "my", "me", "My", "Am")


@pytest.fixture(scope="module")
def few() -> list[Case]:
    return list(cases(records(), patients=3, per_patient=100, seed=7, now=REFERENCE_DATE))


def test_the_gold_shares_nothing_with_what_it_is_the_gold_for() -> None:
    trespassing = {
        f"{path.name} imports {name}"
        for path in (ROOT / "evaluation" / "gold").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
        if name.split(".")[0] in ("tools", "agent", "fhir_fixtures")
        or (name.startswith("evaluation") and not name.startswith("evaluation.gold"))
    }  # fmt: skip
    assert not trespassing


def test_nor_does_anything_that_it_loads() -> None:
    told = (
        "import sys, evaluation.gold.building;"
        "print([name for name in sys.modules if name.split('.')[0] in ('tools', 'agent')])"
    )
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


def test_there_are_ten_categories_and_more_than_120_kinds_each_named_once() -> None:
    names = Counter(kind.name for kind in KINDS)
    assert len(CATEGORIES) == 10
    assert len(names) >= 120
    assert max(names.values()) == 1


def test_every_kind_has_five_wordings_for_either_voice_and_no_wording_is_left_over() -> None:
    known = wordings()
    few = {name for name, said in known.items() if min(len(set(said.clinician)), len(set(said.patient))) < 5}
    only_clinicians = {"patient-age-at-death", "patient-death-date"}
    assert few <= only_clinicians
    assert set(known) == {kind.name for kind in KINDS}


def test_a_category_gives_every_patient_the_same_number(few: list[Case]) -> None:
    counts = Counter((case.patient, case.category) for case in few)
    assert set(counts.values()) == {10}
    assert len(counts) == 3 * len(CATEGORIES)


def test_another_seed_gives_other_questions() -> None:
    sets = [
        {case.question for case in cases(records(), patients=1, per_patient=50, seed=s, now=REFERENCE_DATE)}
        for s in (1, 2)
    ]
    assert len(sets[0] & sets[1]) < len(sets[0]) / 2


def test_no_patient_is_asked_the_same_twice(few: list[Case]) -> None:
    asked = Counter((case.patient, case.category, case.question) for case in few)
    assert max(asked.values()) == 1


def test_there_are_four_or_five_choices_all_different_and_one_is_right(few: list[Case]) -> None:
    for case in few:
        assert 4 <= len(case.answer_choices) <= 5, case.id
        assert len({choice.casefold() for choice in case.answer_choices}) == len(case.answer_choices), case.id
        assert case.correct_answer in "ABCDE"[: len(case.answer_choices)], case.id


def test_no_day_among_the_choices_has_yet_to_come(few: list[Case]) -> None:
    offered = [choice for case in few for choice in case.answer_choices]
    days = [choice for choice in offered if re.fullmatch(r"\d{4}-\d\d-\d\d", choice)]
    assert days
    assert max(days) < REFERENCE_DATE.isoformat()


def test_the_letters_are_spread(few: list[Case]) -> None:
    letters = Counter(case.correct_answer for case in few)
    assert min(letters[letter] for letter in "ABCD") > len(few) / 8


def test_gold_resources_are_the_patients_own_or_nobodys(few: list[Case]) -> None:
    known = read(records())
    for case in few:
        mine = {f"{r['resourceType']}/{r['id']}" for r in known[case.patient]}
        assert set(case.resources) <= mine, case.id


def test_the_dead_do_not_ask_and_the_living_ask_in_both_voices(few: list[Case]) -> None:
    known = read(records())
    dead = {patient for patient, found in known.items() if any("deceasedDateTime" in r for r in found)}
    assert {case.view for case in few if case.patient in dead} <= {"clinician"}
    assert {case.view for case in few if case.patient not in dead} == {"clinician", "patient"}


def test_a_gold_answer_meets_itself_and_no_wrong_choice_does(few: list[Case]) -> None:
    for case in few:
        assert compared(
            case.answer, case.answer[:1] if case.match == "any" else case.answer, case.match
        ).right, case.id


BAD = [
    (
        "a number that ten categories do not share",
        {"per_patient": 15},
        "--per-patient 15: expected a multiple of 10",
    ),
    ("more patients than there are", {"patients": 20}, "--patients 20: expected at most 19"),
]


@pytest.mark.parametrize(("wish", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_set_that_cannot_be_made_is_refused(wish: dict[str, int], message: str) -> None:
    asked = {"patients": 0, "per_patient": 10, "seed": 1, **wish}
    with pytest.raises(BadArgument, match=f"^{message}"):
        list(cases(records(), now=REFERENCE_DATE, **asked))


def test_what_is_no_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(RecordError, match="broken.json"):
        list(cases(tmp_path, patients=0, per_patient=10, seed=1, now=None))
