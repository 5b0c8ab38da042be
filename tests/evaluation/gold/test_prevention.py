"""Golds about vaccines and allergies, each checked by eye against the small chart."""

import re
from typing import Any

import pytest

from evaluation.gold.chart import Chart
from evaluation.gold.families import families
from evaluation.gold.kinds import prevention
from tests.evaluation.gold.observations_for_tests import NOW, coded, golds, row, rows_about

Json = dict[str, Any]
KINDS = {kind.name: kind for kind in prevention.KINDS}
FLU = "Influenza, seasonal, injectable, preservative free"
ADULT = {"resourceType": "Patient", "id": "p", "birthDate": "1990-06-15"}


def _shot(id: str, cvx: str, display: str, day: str, **rest: Any) -> Json:
    told = {"vaccineCode": coded(cvx, display), "occurrenceDateTime": f"{day}T22:00:00-05:00"}
    return {"resourceType": "Immunization", "id": id, "status": "completed", **told, **rest}


def _visit(id: str, day: str, kind: str) -> Json:
    told = {"status": "finished", "type": [coded("1", kind)], "period": {"start": f"{day}T09:00:00-05:00"}}
    return {"resourceType": "Encounter", "id": id, **told}


def _allergy(id: str, code: str, display: str, category: str, day: str = "1995-03-04", **rest: Any) -> Json:
    told = {
        "clinicalStatus": coded("active", "Active"),
        "verificationStatus": coded("confirmed", "Confirmed"),
        "category": [category],
        "code": coded(code, display),
        "recordedDate": f"{day}T08:00:00-05:00",
    }
    return {"resourceType": "AllergyIntolerance", "id": id, **told, **rest}


def _other(kind: str, id: str, display: str, day: str) -> Json:
    """Return a Procedure, Condition or prescription by name."""
    when = {"Procedure": "performedDateTime", "Condition": "onsetDateTime", "MedicationRequest": "authoredOn"}
    what = "medicationCodeableConcept" if kind == "MedicationRequest" else "code"
    return {"resourceType": kind, "id": id, "status": "completed", what: coded("x", display), when[kind]: day}


SHOTS = [
    _shot("s1", "20", "DTaP", "1990-08-15"),
    _shot("s2", "20", "DTaP", "1990-10-15"),
    _shot("s3", "140", FLU, "2010-11-02"),
    _shot("s4", "140", FLU, "2011-11-03"),
    _shot("s5", "140", FLU, "2012-11-04"),
    _shot("s6", "140", FLU, "2012-12-05", encounter={"reference": "Encounter/v1"}),
    _shot("s7", "115", "Tdap", "2011-11-03", encounter={"reference": "Encounter/v2"}),
    _shot("s8", "03", "MMR", "2013-01-01", status="not-done"),
    _shot("s9", "03", "MMR", NOW),
]
VISITS = [
    _visit("v1", "2012-12-05", "Encounter for check up (procedure)"),
    _visit("v2", "2011-11-03", "Emergency room admission (procedure)"),
    _visit("v3", "2009-01-01", "Encounter for 'check-up'"),
]
ALLERGIES = [
    _allergy(
        "a1", "91935009", "Allergy to peanuts", "food", criticality="high",
        reaction=[{"manifestation": [coded("1", "Hives")]}],
    ),
    _allergy("a2", "7984", "Penicillin V", "medication", "1999-07-08"),
    _allergy("a3", "84489001", "Mold (organism)", "environment"),
]  # fmt: skip
ORDERS = [
    _other("MedicationRequest", "m1", "Penicillin V Potassium 250 MG Oral Tablet", "2001-02-03"),
    _other("MedicationRequest", "m2", "Amoxicillin 250 MG Oral Capsule", "2002-02-03"),
]
RECORD = [*SHOTS, *VISITS, *ALLERGIES, *ORDERS]
TETANUS, RECORDED_FLU = "tetanus vaccine", f'immunization recorded as "{FLU}"'
CASES = [
    ("vaccine-ever", (RECORDED_FLU, [True], "s3 s4 s5 s6")),
    ("vaccine-ever", ("DTaP vaccine", [True], "s1 s2")),
    ("vaccine-ever", (TETANUS, [True], "s1 s2 s7")),
    ("vaccine-ever", ("MMR shot", [False], "")),
    ("vaccine-ever", (f"{TETANUS} | since 2011", [True], "s7")),
    ("vaccine-count", (TETANUS, [3], "s1 s2 s7")),
    ("vaccine-count", (f"{RECORDED_FLU} | in 2012", [2], "s5 s6")),
    ("vaccine-count", ("shingles vaccine", [0], "")),
    ("vaccine-latest", (TETANUS, ["2011-11-03"], "s7")),
    ("vaccine-latest", ("shingles vaccine", [], "")),
    ("vaccine-first", (RECORDED_FLU, ["2010-11-02"], "s3")),
    ("vaccine-dose", (f"{RECORDED_FLU} | third", ["2012-11-04"], "s5")),
    ("vaccine-age", (RECORDED_FLU, [20], "s3")),
    ("vaccine-visit", ("Tdap vaccine", ["Emergency room admission (procedure)"], "s7 v2")),
    ("vaccines-on-day", ("2011-11-03", [FLU, "Tdap"], "s4 s7")),
    ("vaccines-on-day", ("2009-01-01", [], "")),
    ("vaccines-in-period", ("in 2011", [FLU, "Tdap"], "s4 s7")),
    ("vaccines-in-period", ("until 1990", ["DTaP"], "s1 s2")),
    ("vaccines-any-in-period", ("in November 2012", [True], "s5")),
    ("vaccines-any-in-period", ("last year", [False], "")),
    ("vaccines-number-in-period", ("", [7], "s1 s2 s3 s4 s5 s6 s7")),
    ("vaccines-number-in-period", ("since 2012", [2], "s5 s6")),
    ("vaccines-first", ("", ["DTaP"], "s1")),
    ("vaccines-first", ("in 2011", [FLU, "Tdap"], "s4 s7")),
    ("vaccines-last", ("", [FLU], "s6")),
    ("vaccines-most-often", ("", [FLU], "s3 s4 s5 s6")),
    ("allergy-to", ("peanuts", [True], "a1")),
    ("allergy-to", ("latex", [False], "")),
    ("allergies", ("", ["Allergy to peanuts", "Mold (organism)", "Penicillin V"], "a1 a2 a3")),
    ("allergies-count", ("", [3], "a1 a2 a3")),
    ("allergies-of-category", ("food", ["Allergy to peanuts"], "a1")),
    ("allergies-of-category", ("drug", ["Penicillin V"], "a2")),
    ("allergies-of-category-count", ("environmental", [1], "a3")),
    ("allergy-since", ("penicillin", ["1999-07-08"], "a2")),
    ("allergy-age", ("penicillin", [9], "a2")),
    ("allergy-reaction", ("peanuts", ["Hives"], "a1")),
    ("allergy-reaction", ("mold", [], "")),
    ("allergy-criticality", ("peanuts", ["high"], "a1")),
    ("allergy-criticality", ("mold", [], "")),
    ("allergy-confirmed", ("mold", [True], "a3")),
    ("allergies-any-in-period", ("since 1999", [True], "a2")),
    ("allergies-any-in-period", ("last year", [False], "")),
    ("allergen-prescribed", ("Penicillin V", [True], "m1")),
]


def _chart(resources: list[Json]) -> Chart:
    return Chart("p", [ADULT, *resources], NOW, {"Immunization": ["zoster vaccine, live"]})


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_prevention(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], _chart(RECORD), expected[0]) == [expected]


def test_every_kind_has_a_row() -> None:
    assert set(KINDS) == {kind for kind, _ in CASES}


def test_the_same_kind_of_visit_in_other_words_is_no_wrong_choice() -> None:
    found = [
        gold for gold in golds(KINDS["vaccine-visit"], _chart(RECORD)) if "Encounter/v1" in gold.resources
    ]
    assert {gold.others for gold in found} == {(("Emergency room admission (procedure)",),)}


CLASS_OF_DRUGS = _allergy("a4", "29046", "Lisinopril", "medication")
CLASS_OF_DRUGS["code"]["coding"].append({"code": "1998", "display": "Captopril"})
NOT_ASKED = [
    ("two of a vaccine on a day", "vaccine-count", TETANUS, [_shot("s0", "113", "Td (adult)", "2011-11-03")]),
    (
        "a vaccine that a procedure gave, too",
        "vaccine-count",
        TETANUS,
        [_other("Procedure", "p1", "Vaccination for tetanus", "2015-01-01")],
    ),
    (
        "vaccines of a time with a vaccination by procedure",
        "vaccines-number-in-period",
        "",
        [_other("Procedure", "p1", "Administration of vaccine product", "2015-01-01")],
    ),
    (
        "a vaccine that another could be",
        "vaccine-ever",
        "shingles vaccine",
        [_shot("s0", "999", "Zoster", "2015-01-01")],
    ),
    ("allergies with a class of drugs", "allergies", "", [CLASS_OF_DRUGS]),
    ("allergies of which one is inactive", "allergies", "", [
        _allergy("a4", "420174000", "Allergy to wheat", "food", clinicalStatus=coded("inactive", "Inactive")),
    ]),
    (
        "allergies with an allergic disease",
        "allergies-count",
        "",
        [_other("Condition", "c1", "Perennial allergic rhinitis (disorder)", "2001-01-01")],
    ),
    (
        "a category that contradicts common sense",
        "allergies-of-category",
        "food",
        [_allergy("a4", "735029006", "Shellfish (substance)", "environment")],
    ),
    ("nuts beside peanuts", "allergy-to", "nuts", []),
    (
        "an allergy that began on another day than it was recorded",
        "allergy-since",
        "latex",
        [_allergy("a4", "111088007", "Latex", "environment", onsetDateTime="1992-01-01")],
    ),
    (
        "a drug beside a close one",
        "allergen-prescribed",
        "Penicillin V",
        [_other("MedicationRequest", "m3", "Penicillin G benzathine", "2003-01-01")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "places", "more"), [each[1:] for each in NOT_ASKED], ids=[each[0] for each in NOT_ASKED]
)
def test_what_has_two_readings_is_not_asked(kind: str, places: str, more: list[Json]) -> None:
    assert not rows_about(KINDS[kind], _chart([*RECORD, *more]), places)


def test_an_empty_record_has_answers_too() -> None:
    found = {
        name: {tuple(row(gold)[1]) for gold in golds(kind, _chart(VISITS), 3)} for name, kind in KINDS.items()
    }
    assert found["vaccine-ever"] == found["allergy-to"] == {(False,)}
    assert found["vaccine-latest"] == found["allergies"] == found["vaccines-in-period"] == {()}
    assert found["vaccine-count"] == found["allergies-count"] == {(0,)}


@pytest.mark.parametrize("kind", ["Immunization", "AllergyIntolerance"])
def test_no_two_families_share_a_word_and_patterns_ignore_case(kind: str) -> None:
    said = [word for family in families(kind) for word in family.words]
    assert len(said) == len(set(said))
    assert all(family.like.flags & re.IGNORECASE for family in families(kind))
