"""Golds about vital signs, each checked by eye against the small chart."""

from typing import Any

import pytest

from evaluation.gold.kinds import vitals
from tests.evaluation.gold.observations_for_tests import chart, coded, golds, number, observation, rows_about

SYSTOLIC, DIASTOLIC = coded("8480-6", "Systolic Blood Pressure"), coded("8462-4", "Diastolic Blood Pressure")


def _vital(id: str, code: str, display: str, day: str, **rest: Any) -> dict[str, Any]:
    return observation(id, code, display, day, "vital-signs", **rest)


def _weight(id: str, day: str, kilograms: float, **rest: Any) -> dict[str, Any]:
    return _vital(id, "29463-7", "Body Weight", day, **number(kilograms, "kg"), **rest)


def _pressure(id: str, day: str, upper: float, lower: float) -> dict[str, Any]:
    components = [
        {"code": SYSTOLIC, **number(upper, "mm[Hg]")},
        {"code": DIASTOLIC, **number(lower, "mm[Hg]")},
    ]
    return _vital(id, "85354-9", "Blood pressure panel", day, component=components)


def _pulse(id: str, day: str, beats: float, flag: str) -> dict[str, Any]:
    told = {"interpretation": [coded(flag, flag)]}
    return _vital(id, "8867-4", "Heart rate", day, **number(beats, "/min"), **told)


def _visit(id: str, day: str) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "type": [coded("x", "Check up (procedure)")],
        "period": {"start": f"{day}T08:00:00+01:00"},
    }


V2 = {"encounter": {"reference": "Encounter/v2"}}
RECORD = [
    _weight("w1", "2015-03-02", 60),
    _weight("w1-again", "2015-03-02", 60),
    _weight("w2", "2016-04-05", 62, **V2),
    _weight("w2-again", "2016-04-05", 62, **V2),
    _weight("w3", "2018-06-07", 61),
    _weight("w3-again", "2018-06-07", 61),
    _pressure("b1", "2015-03-02", 120, 80),
    _pressure("b2", "2016-04-05", 140, 90),
    observation("s2", "8480-6", "Systolic Blood Pressure", "2016-04-05", **number(140, "mm[Hg]")),
    observation("d2", "8462-4", "Diastolic Blood Pressure", "2016-04-05", **number(90, "mm[Hg]")),
    _pulse("p1", "2015-03-02", 70, "N"),
    _pulse("p2", "2016-04-05", 110, "H"),
    _vital("c", "9843-4", "Head Occipital-frontal circumference", "2015-03-02"),
    _visit("v1", "2015-03-02"),
    _visit("v2", "2016-04-05"),
]
WEIGHT, SATURATION = "Body Weight", "oxygen saturation"
CASES = [
    ("vital-latest", (WEIGHT, [61], "w3 w3-again")),
    ("vital-latest", (f"{WEIGHT} | until 2016", [62], "w2 w2-again")),
    ("vital-latest", ("Systolic Blood Pressure", [140], "b2 s2")),
    ("vital-latest", (f"{SATURATION} | highest", [], "")),
    ("vital-first", (WEIGHT, [60], "w1 w1-again")),
    ("vital-on-day", (f"{WEIGHT} | 2018-06-07", [61], "w3 w3-again")),
    ("vital-on-day", ("Heart rate | 2016-04-05", [110], "p2")),
    ("vital-when-latest", (WEIGHT, ["2018-06-07"], "w3 w3-again")),
    ("vital-when-first", (f"{WEIGHT} | since 2016", ["2016-04-05"], "w2 w2-again")),
    ("vital-extreme", (f"{WEIGHT} | highest", [62], "w2 w2-again")),
    ("vital-when-extreme", (f"{WEIGHT} | lowest", ["2015-03-02"], "w1 w1-again")),
    ("vital-mean", (WEIGHT, [61], "w1 w1-again w2 w2-again w3 w3-again")),
    ("vital-count", ("Heart rate", [2], "p1 p2")),
    ("vital-days", (WEIGHT, [3], "w1 w1-again w2 w2-again w3 w3-again")),
    ("vital-days", (f"{SATURATION} | highest", [0], "")),
    ("vital-done", ("Heart rate | in 2016", [True], "p2")),
    ("vital-done", (f"{SATURATION} | highest", [False], "")),
    ("vital-out-of-range", ("Heart rate | above", [True], "p2")),
    ("vital-out-of-range", ("Heart rate | below", [False], "")),
    ("vital-latest-in-range", ("Heart rate", [False], "p2")),
    ("vital-at-visit", (f"{WEIGHT} | Check up", [62], "w2 w2-again")),
    ("blood-pressure-latest", ("", [140, 90], "b2 d2 s2")),
    ("blood-pressure-on-day", ("2015-03-02", [120, 80], "b1")),
]
KINDS = {kind.name: kind for kind in vitals.KINDS}


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_vital_signs(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], chart(RECORD), expected[0]) == [expected]


def test_every_kind_but_the_drawn_numbers_has_a_row() -> None:
    assert set(KINDS) - {kind for kind, _ in CASES} == {"vital-beyond"}


def test_what_is_written_twice_is_not_counted() -> None:
    assert not rows_about(KINDS["vital-count"], chart(RECORD), WEIGHT)


def test_a_mean_that_depends_on_counting_twice_is_not_asked_for() -> None:
    once_twice = [
        _weight("w1", "2015-03-02", 60),
        _weight("w2", "2016-04-05", 70),
        _weight("again", "2016-04-05", 70),
    ]
    assert not rows_about(KINDS["vital-mean"], chart(once_twice), WEIGHT)


def test_what_has_no_value_has_no_series_and_is_not_missing() -> None:
    asked = {text for gold in golds(KINDS["vital-latest"], chart(RECORD)) for text in (gold.slots["x"][0],)}
    assert not any("ircumference" in text for text in asked)


def test_a_finding_of_the_same_name_takes_the_name_away() -> None:
    pain = _vital("s", "72514-3", "Pain severity", "2015-03-02", **number(3, "{score}"))
    finding = {
        "resourceType": "Condition",
        "id": "c",
        "code": coded("1", "Pain score"),
        "onsetDateTime": "2015-01-01",
    }
    names = {gold.slots["x"] for gold in golds(KINDS["vital-first"], chart([pain, finding])) if gold.answer}
    assert names == {("Pain severity", "pain rating")}


def test_both_numbers_are_asked_for_only_where_they_were_taken_together() -> None:
    alone = observation("s", "8480-6", "Systolic Blood Pressure", "2018-01-01", **number(130, "mm[Hg]"))
    assert not golds(KINDS["blood-pressure-latest"], chart([*RECORD, alone]))
