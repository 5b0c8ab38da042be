"""Golds about laboratory results, each checked by eye against the small chart."""

from typing import Any

import pytest

from evaluation.gold.building import build
from evaluation.gold.kinds import labs
from tests.evaluation.gold.observations_for_tests import (
    NOW,
    chart,
    coded,
    golds,
    number,
    observation,
    row,
    rows_about,
)

HGB, COLOR = "718-7", "5778-6"
NORMAL_HGB = {"referenceRange": [{"low": {"value": 12}, "high": {"value": 16}}]}


def _hgb(id: str, day: str, value: float, **rest: Any) -> dict[str, Any]:
    told = {**number(value, "g/dL"), **NORMAL_HGB, **rest}
    return observation(id, HGB, "Hemoglobin [Mass/volume] in Blood", day, **told)


def _report(id: str, day: str, *results: str) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": coded("58410-2", "CBC panel - Blood by Automated count"),
        "effectiveDateTime": f"{day}T09:00:00+01:00",
        "result": [{"reference": f"urn:uuid:{result}"} for result in results],
    }


def _urine(id: str, day: str, color: str) -> dict[str, Any]:
    value: dict[str, Any] = {"valueCodeableConcept": coded("x", color)}
    return observation(id, COLOR, "Color of Urine", day, **value)


RECORD = [
    _hgb("h1", "2015-03-02", 11.0),
    _hgb("h2", "2016-04-05", 17.5),
    _hgb("h3", "2018-06-07", 14.0),
    _hgb("late", "2020-01-01", 9.0),
    _hgb("wrong", "2019-01-01", 5.0, status="entered-in-error"),
    _urine("u1", "2016-04-05", "Yellow (qualifier value)"),
    _urine("u2", "2018-06-07", "Brown color (qualifier value)"),
    _report("r1", "2016-04-05", "h2"),
    _report("r2", "2018-06-07", "h3"),
    observation("q", "93027-1", "Are you a refugee?", "2017-02-02", valueString="No"),
]
HEMOGLOBIN, PANEL = "Hemoglobin [Mass/volume] in Blood", "CBC panel - Blood by Automated count"
FERRITIN, LIPIDS = "Ferritin [Mass/volume] in Serum or Plasma", "Lipid profile"
CASES = [
    ("lab-latest", (HEMOGLOBIN, [14], "h3")),
    ("lab-latest", (f"{HEMOGLOBIN} | until 2016", [17.5], "h2")),
    ("lab-latest", (f"{HEMOGLOBIN} | last year", [], "")),
    ("lab-first", (HEMOGLOBIN, [11], "h1")),
    ("lab-first", (f"{HEMOGLOBIN} | since 2016", [17.5], "h2")),
    ("lab-previous", (HEMOGLOBIN, [17.5], "h2")),
    ("lab-on-day", (f"{HEMOGLOBIN} | 2016-04-05", [17.5], "h2")),
    ("lab-when-latest", (HEMOGLOBIN, ["2018-06-07"], "h3")),
    ("lab-when-first", (HEMOGLOBIN, ["2015-03-02"], "h1")),
    ("lab-extreme", (f"{HEMOGLOBIN} | highest", [17.5], "h2")),
    ("lab-extreme", (f"{HEMOGLOBIN} | lowest", [11], "h1")),
    ("lab-when-extreme", (f"{HEMOGLOBIN} | highest", ["2016-04-05"], "h2")),
    ("lab-mean", (HEMOGLOBIN, [14.17], "h1 h2 h3")),
    ("lab-count", (HEMOGLOBIN, [3], "h1 h2 h3")),
    ("lab-count", (f"{FERRITIN} | highest", [0], "")),
    ("lab-done", (HEMOGLOBIN, [True], "h1 h2 h3")),
    ("lab-done", (f"{FERRITIN} | highest", [False], "")),
    ("lab-out-of-range", (f"{HEMOGLOBIN} | above", [True], "h2")),
    ("lab-out-of-range", (f"{HEMOGLOBIN} | below", [True], "h1")),
    ("lab-latest-in-range", (HEMOGLOBIN, [True], "h3")),
    ("lab-unit", (HEMOGLOBIN, ["g/dL"], "h1 h2 h3")),
    ("lab-any-in-period", ("in 2015", [True], "h1")),
    (
        "lab-tests-in-period",
        ("in April 2016", ["Hemoglobin [Mass/volume] in Blood", "Color of Urine"], "h2 u1"),
    ),
    ("lab-reports-in-period", ("in 2016", [PANEL], "r1")),
    ("lab-coded", ("Color of Urine", ["Brown color (qualifier value)"], "u2")),
    ("lab-coded", ("Color of Urine | until 2016", ["Yellow (qualifier value)"], "u1")),
    ("lab-panel-when", (PANEL, ["2018-06-07"], "r2")),
    ("lab-panel-when", (f"{LIPIDS} | highest", [], "")),
    ("lab-panel-count", (PANEL, [2], "r1 r2")),
    ("lab-panel-count", (LIPIDS, [0], "")),
    ("lab-in-panel", (f"{PANEL} | {HEMOGLOBIN}", [14], "h3")),
]
FERRITIN_ELSEWHERE = observation("f", "2276-4", FERRITIN, "2010-01-01", **number(80, "ug/L"))
KINDS = {kind.name: kind for kind in labs.KINDS}


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_laboratory_results(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], chart(RECORD), expected[0]) == [expected]


def test_every_kind_but_the_drawn_numbers_has_a_row() -> None:
    assert set(KINDS) - {kind for kind, _ in CASES} == {"lab-beyond"}


def test_a_number_to_compare_with_is_drawn_apart_from_all_values() -> None:
    found = golds(KINDS["lab-beyond"], chart(RECORD))
    for gold in (each for each in found if not each.slots["period"]):
        number, way = float(gold.slots["n"][0]), gold.slots["way"]
        assert gold.answer == (any((value > number) == (way == "above") for value in (11, 17.5, 14)),)
        assert all(abs(value - number) > 0.005 * number for value in (11, 17.5, 14))
    assert {gold.answer for gold in found} == {(True,), (False,)}


UNASKABLE = {
    "two numbers at one moment": [_hgb("h0", "2015-03-02", 12.5)],
    "two units": [
        observation("h0", HGB, "Hemoglobin [Mass/volume] in Blood", "2014-01-01", **number(110, "g/L"))
    ],
}


@pytest.mark.parametrize("more", UNASKABLE.values(), ids=UNASKABLE.keys())
def test_a_series_with_two_readings_of_a_question_is_not_asked_about(more: list[dict[str, Any]]) -> None:
    assert not rows_about(KINDS["lab-latest"], chart([*RECORD, *more]), HEMOGLOBIN)


FLAGS = [
    ("the range alone", {}, True),
    ("the interpretation agrees", {"interpretation": [coded("N", "Normal")]}, True),
    ("the interpretation says otherwise", {"interpretation": [coded("H", "High")]}, False),
    ("neither is told", {"referenceRange": []}, False),
    ("two ranges", {"referenceRange": [*NORMAL_HGB["referenceRange"], {"low": {"value": 11}}]}, False),
]


@pytest.mark.parametrize(("told", "asked"), [each[1:] for each in FLAGS], ids=[each[0] for each in FLAGS])
def test_the_reference_range_is_asked_about_where_the_result_tells(told: dict[str, Any], asked: bool) -> None:
    only = chart([_hgb("h1", "2015-03-02", 14.0, **told)])
    assert bool(golds(KINDS["lab-latest-in-range"], only)) == asked


def test_tests_of_two_codes_are_asked_for_by_the_word_for_both() -> None:
    glucose = [
        observation("g1", "2339-0", "Glucose [Mass/volume] in Blood", "2015-01-01", **number(90, "mg/dL")),
        observation(
            "g2", "2345-7", "Glucose [Mass/volume] in Serum or Plasma", "2016-01-01", **number(99, "mg/dL")
        ),
    ]
    (gold,) = [each for each in golds(KINDS["lab-previous"], chart(glucose), seeds=1)]
    assert (gold.slots["x"], row(gold)[1:]) == (("glucose", "blood sugar", "blood glucose"), ([90], "g1"))


def test_all_tests_of_a_month_are_not_asked_for_where_an_item_of_a_questionnaire_is_among_them() -> None:
    assert not rows_about(KINDS["lab-tests-in-period"], chart(RECORD), "in February 2017")
    assert not rows_about(KINDS["lab-any-in-period"], chart(RECORD), "in February 2017")


def test_an_empty_record_gives_twenty_questions() -> None:
    empty = {
        "p": [chart([]).patient],
        "other": [{**chart([]).patient, "id": "other"}, *RECORD, FERRITIN_ELSEWHERE],
    }
    built = [each for each in build(empty, now=NOW, seed=1, per_category=20) if each.patient == "p"]
    labs_only = [each for each in built if each.category == "labs"]
    assert len(labs_only) == 20
    assert {each.gold.answer for each in labs_only} <= {(), (0,), (False,)}
