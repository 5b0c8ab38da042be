"""Golds about medications, each checked by eye against the small chart."""

from typing import Any

import pytest

from evaluation.gold.building import build
from evaluation.gold.drugs import drugs, holding
from evaluation.gold.kinds import medications
from tests.evaluation.gold.drugs_for_tests import (
    AUGMENTIN,
    ONDANSETRON,
    RECORD,
    SERTRALINE_50,
    SERTRALINE_100,
    TYLENOL,
    daily,
    prescription,
)
from tests.evaluation.gold.observations_for_tests import NOW, golds, rows_about
from tests.evaluation.gold.visits_for_tests import PERSON, Json, chart

KINDS = {kind.name: kind for kind in medications.KINDS}
EMERGENCY = "Emergency room admission (procedure)"
MOOD = "Depressive episode (disorder)"
CASES = [
    ("medication-ever", ("sertraline", [True], "s1 s2")),
    ("medication-ever", ("sertraline | last year", [False], "")),
    ("medication-ever", ("lithium", [False], "")),
    ("medication-first-time", ("sertraline", ["2016-01-05"], "s1")),
    ("medication-last-time", ("sertraline", ["2018-06-07"], "s2")),
    ("medication-last-time", ("sertraline | until 2016", ["2016-01-05"], "s1")),
    ("medication-count", ("sertraline", [2], "s1 s2")),
    ("medication-count", ("lithium", [0], "")),
    ("medication-still-taken", ("sertraline", [True], "s2")),
    ("medication-still-taken", (SERTRALINE_50, [False], "s1")),
    ("medication-stopped", (SERTRALINE_50, [True], "s1")),
    ("medication-stopped", (SERTRALINE_100, [False], "s2")),
    ("medications-active", ("", [SERTRALINE_100, TYLENOL], "p2 s2")),
    ("medications-active-count", ("", [2], "p2 s2")),
    ("medications-in-period", ("in 2015", [AUGMENTIN, TYLENOL], "a1 p1")),
    ("medications-any-in-period", ("in 2016", [True], "s1")),
    ("medications-number-in-period", ("", [5], "a1 p1 p2 s1 s2")),
    ("medications-number-in-period", ("since 2016", [3], "p2 s1 s2")),
    ("medications-on-day", ("2018-06-07", [SERTRALINE_100], "s2")),
    ("medications-first", ("", [AUGMENTIN, TYLENOL], "a1 p1")),
    ("medications-last", ("", [TYLENOL], "p2")),
    ("medication-reason", ("sertraline", [MOOD], "c2 s1 s2")),
    ("medications-for-condition", ("Depressive episode", [SERTRALINE_50, SERTRALINE_100], "s1 s2")),
    ("medications-for-condition", ("Psoriasis", [], "")),
    ("medication-prescriber", ("sertraline", ["Dr. Eve Stone", "Eve Stone"], "d1 s1 s2")),
    ("medication-visit", ("sertraline", [EMERGENCY], "s2 v2")),
    ("medication-as-needed", (TYLENOL, [True], "p1 p2")),
    ("medication-as-needed", ("sertraline", [False], "s1 s2")),
    ("medication-times", ("sertraline | day", [1], "s1 s2")),
    ("medication-pieces", ("sertraline | tablets", [1], "s1 s2")),
    ("medication-refills", ("sertraline", [3], "s2")),
    ("administration-count", (ONDANSETRON, [2], "m1 m2")),
    ("administration-last-time", (ONDANSETRON, ["2018-06-08"], "m2")),
]


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_medications(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], chart(RECORD), expected[0]) == [expected]


def test_every_kind_has_a_row() -> None:
    assert set(KINDS) == {kind for kind, _ in CASES}


TWICE = {"dosageInstruction": daily(2)}
CODED = {"reasonCode": [{"text": "Fever"}]}
UNASKED = [
    ("stopped and prescribed again", "medication-stopped", TYLENOL, []),
    ("stopped last, an older one is active", "medication-still-taken", TYLENOL, [("p3", TYLENOL, {})]),
    ("a reason in one prescription only", "medication-reason", "sertraline", [("s3", SERTRALINE_50, {})]),
    ("a reason in words", "medication-reason", "sertraline", [("s3", SERTRALINE_50, CODED)]),
    ("two dosages that differ", "medication-times", "sertraline | day", [("s3", SERTRALINE_50, TWICE)]),
    ("given and prescribed", "administration-count", TYLENOL, []),
    (
        "prescribed on its day without a reason",
        "medications-for-condition",
        "Psoriasis",
        [("s3", TYLENOL, {})],
    ),
]


@pytest.mark.parametrize(
    ("kind", "places", "more"), [each[1:] for each in UNASKED], ids=[each[0] for each in UNASKED]
)
def test_what_could_be_read_in_two_ways_is_not_asked(
    kind: str, places: str, more: list[tuple[str, str, Json]]
) -> None:
    day = "2017-08-09" if kind == "medications-for-condition" else "2019-07-01"
    added = [prescription(id, day, drug, **rest) for id, drug, rest in more]
    assert not rows_about(KINDS[kind], chart([*RECORD, *added]), places)


def test_the_dead_are_not_asked_what_they_take() -> None:
    dead = chart(RECORD, deceasedDateTime="2019-12-01")
    asked = {name for name, kind in KINDS.items() if golds(kind, dead)}
    assert set(KINDS) - asked == {
        "medication-still-taken",
        "medication-stopped",
        "medications-active",
        "medications-active-count",
    }


IBUPROFEN_100, IBUPROFEN_200 = "Ibuprofen 100 MG Oral Tablet", "Ibuprofen 200 MG Oral Tablet"
HUMALOG = "Insulin Lispro 100 UNT/ML Injectable Solution [Humalog]"
NAMES = [
    (
        "an ingredient of several products",
        [IBUPROFEN_100, IBUPROFEN_200],
        "Advil",
        [IBUPROFEN_100, IBUPROFEN_200],
    ),
    ("one of two ingredients, in no other product", [AUGMENTIN], "clavulanate", [AUGMENTIN]),
    (
        "an ingredient that is also in a combination",
        [AUGMENTIN, "Amoxicillin 500 MG Oral Tablet"],
        "amoxicillin",
        [],
    ),
    ("an ingredient in a name that tells no strength", [AUGMENTIN, "Amoxicillin syrup"], "amoxicillin", []),
    ("a misspelling on record", ["Simvistatin 10 MG"], "simvastatin", ["Simvistatin 10 MG"]),
    ("a brand on record", ["Lasix 40mg"], "furosemide", ["Lasix 40mg"]),
    ("a pack", ["Yaz 28 Day Pack"], "Yaz", ["Yaz 28 Day Pack"]),
    ("a hormone", ["Etonogestrel 68 MG Drug Implant"], "etonogestrel", []),
    ("any insulin", [HUMALOG], "insulin", [HUMALOG]),
]


@pytest.mark.parametrize(
    ("prescribed", "asked", "meant"), [each[1:] for each in NAMES], ids=[each[0] for each in NAMES]
)
def test_a_name_stands_for_products_only_where_it_can_mean_nothing_else(
    prescribed: list[str], asked: str, meant: list[str]
) -> None:
    record = [prescription(f"r{n}", "2015-01-01", drug) for n, drug in enumerate(prescribed)]
    found = [drug.recorded for drug in drugs(chart(record)) if asked in drug.names]
    assert found == ([tuple(meant)] if meant else [])


def test_a_drug_is_told_by_the_medication_that_a_prescription_refers_to() -> None:
    shared = {"resourceType": "Medication", "id": "m", "code": {"text": SERTRALINE_50}}
    contained = {**shared, "id": "inside", "code": {"text": TYLENOL}}
    record = [
        shared,
        _referring("r1", "2015-01-01", "urn:uuid:m"),
        _referring("r2", "2016-01-01", "#inside", contained=[contained]),
    ]
    assert [drug.recorded for drug in drugs(chart(record))] == [(SERTRALINE_50,), (TYLENOL,)]


def _referring(id: str, day: str, to: str, **rest: Any) -> Json:
    request = {**prescription(id, day, "", **rest), "medicationReference": {"reference": to}}
    del request["medicationCodeableConcept"]
    return request


HELD = [
    ("24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]", ("metoprolol",)),
    ("NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector", ("epinephrine",)),
    ("Penicillin V Potassium 250 MG Oral Tablet", ("penicillin V",)),
    ("1 ML heparin sodium, porcine 5000 UNT/ML Injection", ("heparin",)),
    (
        "insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML Injectable Suspension",
        ("insulin",),
    ),
    ("Vitamin B 12 5 MG/ML Injectable Solution", ("vitamin B 12",)),
    ("Clindamycin 300mg", ("clindamycin",)),
    ("24hr nicotine transdermal patch", ()),
]


@pytest.mark.parametrize(("display", "inside"), HELD, ids=[display for display, _ in HELD])
def test_what_is_in_a_product_is_read_from_its_name(display: str, inside: tuple[str, ...]) -> None:
    assert holding(display) == inside


def test_an_empty_record_gives_twenty_questions() -> None:
    named = {**PERSON, "name": [{"given": ["Ann"], "family": "Lee"}]}
    records = {"p": [named], "other": [{**named, "id": "other"}, *RECORD]}
    built = [each for each in build(records, now=NOW, seed=1, per_category=20) if each.patient == "p"]
    found = [each for each in built if each.category == "medications"]
    assert len(found) == 20
    assert {each.gold.answer for each in found} == {(), (0,), (False,)}
