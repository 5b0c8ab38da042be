"""Golds about what the record does not say, each checked by eye against the small chart."""

from typing import Any

import pytest

from evaluation.gold.building import build
from evaluation.gold.chart import Chart
from evaluation.gold.kinds import absent
from evaluation.gold.missing import is_missing
from tests.evaluation.gold.drugs_for_tests import RECORD as PRESCRIBED
from tests.evaluation.gold.drugs_for_tests import TYLENOL, condition, daily, prescription
from tests.evaluation.gold.observations_for_tests import NOW, coded, golds, number, observation, rows_about
from tests.evaluation.gold.visits_for_tests import ELSEWHERE, PERSON, Json, done

KINDS = {kind.name: kind for kind in absent.KINDS}
HGB = "Hemoglobin [Mass/volume] in Blood"
AMPICILLIN = "Ampicillin 250 MG Oral Capsule"


def _hgb(id: str, day: str, value: float) -> Json:
    return observation(id, "718-7", HGB, day, **number(value, "g/dL"))


def _vaccine(id: str, day: str, **rest: Any) -> Json:
    code = {"coding": [{"code": "03", "display": "MMR"}]}
    vaccine = {"resourceType": "Immunization", "id": id, "status": "completed", "vaccineCode": code}
    return {**vaccine, "occurrenceDateTime": f"{day}T12:00:00-05:00", **rest}


def _allergy(id: str, code: str, allergen: str, **rest: Any) -> Json:
    allergy = {"resourceType": "AllergyIntolerance", "id": id, "code": coded(code, allergen)}
    return {
        **allergy,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "recordedDate": "2010-01-01",
        **rest,
    }


RECORD = [
    *PRESCRIBED,
    prescription("r1", "2014-01-01", AMPICILLIN),
    done("x1", "2016-04-05", "Colonoscopy"),
    _vaccine("i1", "1961-05-06"),
    _vaccine("i2", "1964-05-06"),
    _allergy("l1", "84489001", "Mold (organism)"),
    *(_hgb(f"h{n}", f"{2010 + n}-02-03", 12 + n) for n in range(5)),
]
CASES = [
    ("absent-condition-day", ("malaria", [], "")),
    ("absent-condition-day", ("Psoriasis", ["2017-08-09"], "c3")),
    ("absent-condition", ("malaria", [False], "")),
    ("absent-condition", ("Psoriasis", [True], "c3")),
    ("absent-drug-day", ("lithium", [], "")),
    ("absent-drug-day", ("sertraline", ["2018-06-07"], "s2")),
    ("absent-drug-count", ("lithium", [0], "")),
    ("absent-drug-count", ("sertraline", [2], "s1 s2")),
    ("absent-procedure-day", ("hernia repair", [], "")),
    ("absent-procedure-day", ("Colonoscopy", ["2016-04-05"], "x1")),
    ("absent-procedure", ("hernia repair", [False], "")),
    ("absent-procedure", ("Colonoscopy", [True], "x1")),
    ("absent-vaccine-day", ("rabies vaccine", [], "")),
    ("absent-vaccine-day", ("MMR vaccine", ["1964-05-06"], "i2")),
    ("absent-vaccine-count", ("rabies vaccine", [0], "")),
    ("absent-vaccine-count", ("MMR vaccine", [2], "i1 i2")),
    ("absent-imaging", ("a CT scan", [False], "")),
    ("absent-value", ("TSH | highest", [], "")),
    ("absent-value", (HGB, [16], "h4")),
    ("absent-measurements", ("TSH | highest", [0], "")),
    ("absent-measurements", (HGB, [5], "h0 h1 h2 h3 h4")),
    ("absent-value-in-year", (f"{HGB} | in 2017", [], "")),
    ("absent-dosage", (f"{AMPICILLIN} | day", [], "")),
    ("absent-reason", (AMPICILLIN, [], "")),
    ("absent-pharmacy", (AMPICILLIN, [], "")),
    ("absent-severity", ("Psoriasis", [], "")),
    ("absent-end", ("Psoriasis", [], "")),
    ("absent-reaction", ("mold", [], "")),
    ("absent-lot-number", ("MMR vaccine", [], "")),
    ("absent-manufacturer", ("MMR vaccine", [], "")),
    ("unanswerable-appointment", ("check-up", [], "")),
    ("unanswerable-relative", ("mother", [], "")),
    ("unanswerable-prospects", ("Psoriasis", [], "")),
    ("unanswerable-fact", ("eye color", [], "")),
]


def _chart(resources: list[Json], **of_patient: Any) -> Chart:
    tests = ["Ferritin [Mass/volume] in Serum or Plasma", "Iron [Mass/volume] in Serum or Plasma"]
    elsewhere = {**ELSEWHERE, "Observation": tests}
    return Chart("p", [{**PERSON, **of_patient}, *resources], NOW, elsewhere)


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_what_is_absent(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], _chart(RECORD), expected[0]) == [expected]


def test_every_kind_but_the_drawn_days_has_a_row() -> None:
    assert set(KINDS) - {kind for kind, _ in CASES} == {"unanswerable-meal"}


def test_a_meal_is_asked_for_on_days_of_the_life_and_has_no_answer() -> None:
    found = golds(KINDS["unanswerable-meal"], _chart(RECORD, deceasedDateTime="1961-01-01"))
    assert {gold.answer for gold in found} == {()}
    assert all("1960-05-06" <= gold.slots["day"][0] < "1961-01-01" for gold in found)


PFIZER = {"lotNumber": "EK1", "manufacturer": {"display": "Pfizer"}}
HIVES = {"reaction": [{"manifestation": [{"text": "Hives"}]}]}
SEVERE = {"severity": coded("24484000", "Severe")}
TOLD = [
    (
        "absent-dosage",
        prescription("n", "2015-01-01", "Captopril 25 MG Oral Tablet", dosageInstruction=daily(2)),
        ("Captopril 25 MG Oral Tablet | day", [2], "n"),
    ),
    (
        "absent-severity",
        condition("n", "2015-01-01", "Asthma (disorder)", "active", **SEVERE),
        ("Asthma", ["Severe"], "n"),
    ),
    ("absent-reaction", _allergy("n", "111088007", "Latex (substance)", **HIVES), ("latex", ["Hives"], "n")),
    ("absent-lot-number", _vaccine("n", "2019-01-01", **PFIZER), ("MMR vaccine", ["EK1"], "n")),
    ("absent-manufacturer", _vaccine("n", "2019-01-01", **PFIZER), ("MMR vaccine", ["Pfizer"], "n")),
]


@pytest.mark.parametrize(("kind", "more", "expected"), TOLD, ids=[kind for kind, _, _ in TOLD])
def test_what_is_recorded_is_the_answer(kind: str, more: Json, expected: tuple[Any, ...]) -> None:
    silent = [
        prescription(f"n{n}", "2013-01-01", f"{drug} 10 MG Oral Tablet")
        for n, drug in enumerate(("A1", "B2"))
    ]
    assert rows_about(KINDS[kind], _chart([*RECORD, *silent, more]), expected[0]) == [expected]


ANSWERABLE = [
    ("a relative's history", "unanswerable-relative", {"resourceType": "FamilyMemberHistory", "id": "n"}),
    ("an appointment", "unanswerable-appointment", {"resourceType": "Appointment", "id": "n"}),
    ("a dispensing", "absent-pharmacy", {"resourceType": "MedicationDispense", "id": "n"}),
    (
        "a pharmacy",
        "absent-pharmacy",
        prescription("n", "2015-01-01", TYLENOL, dispenseRequest={"performer": {"display": "Shop"}}),
    ),
]


@pytest.mark.parametrize(
    ("kind", "more"), [each[1:] for each in ANSWERABLE], ids=[each[0] for each in ANSWERABLE]
)
def test_what_the_record_could_answer_is_not_asked_as_unanswerable(kind: str, more: Json) -> None:
    assert golds(KINDS[kind], _chart(RECORD), seeds=1)
    assert not golds(KINDS[kind], _chart([*RECORD, more]), seeds=1)


def test_a_fact_is_not_asked_for_where_a_test_could_tell_it() -> None:
    typed = observation(
        "o", "882-1", "ABO and Rh group [Type] in Blood", "2015-01-01", valueString="A positive"
    )
    assert rows_about(KINDS["unanswerable-fact"], _chart(RECORD), "blood type")
    assert not rows_about(KINDS["unanswerable-fact"], _chart([*RECORD, typed]), "blood type")


def test_the_dead_have_no_next_appointment() -> None:
    assert not golds(
        KINDS["unanswerable-appointment"], _chart(RECORD, deceasedDateTime="2019-01-01"), seeds=1
    )


MISSING = [
    ("another word", "Seizure disorder", "malaria", True),
    ("the same word", "Seizure disorder", "seizure", False),
    ("a word that begins alike", "Hypertensive disorder", "hypertension", False),
    ("another word for it", "Seizure disorder", "epilepsy", False),
    ("the organ by another name", "Chronic kidney disease", "renal cyst", False),
    ("a test by another name", "Carbon dioxide, total in Blood", "bicarbonate", False),
    ("a word that says nothing", "Influenza vaccine", "rabies vaccine", True),
]


@pytest.mark.parametrize(
    ("held", "asked", "missing"), [each[1:] for each in MISSING], ids=[each[0] for each in MISSING]
)
def test_a_name_is_missing_where_nothing_could_be_meant_by_it(held: str, asked: str, missing: bool) -> None:
    assert is_missing(_chart([condition("n", "2015-01-01", held)]), asked) == missing


def test_most_questions_have_no_answer_and_some_have_one() -> None:
    named = {**PERSON, "name": [{"given": ["Ann"], "family": "Lee"}]}
    records = {"p": [named, *RECORD], "q": [{**named, "id": "q"}]}
    built = [each for each in build(records, now=NOW, seed=1, per_category=20) if each.category == "absent"]
    answered = [bool(each.gold.resources) for each in built if each.patient == "p"]
    assert len(built) == 40
    assert 0 < sum(answered) < len(answered) / 3
