"""Golds about procedures, imaging, supplies and care plans, each checked by eye against the small chart."""

from typing import Any

import pytest

from evaluation.gold.building import build
from evaluation.gold.kinds import procedures
from tests.evaluation.gold.observations_for_tests import NOW, coded, golds, row, rows_about
from tests.evaluation.gold.visits_for_tests import PERSON, chart, done, practitioner, seen_by, visit

Json = dict[str, Any]
KINDS = {kind.name: kind for kind in procedures.KINDS}


def _study(id: str, day: str, modality: tuple[str, str], site: tuple[str, str]) -> Json:
    series = {
        "modality": {"code": modality[0], "display": modality[1]},
        "bodySite": {"code": site[0], "display": site[1]},
    }
    told = {"status": "available", "started": f"{day}T12:10:00-05:00", "series": [series]}
    return {"resourceType": "ImagingStudy", "id": id, **told}


def _delivery(id: str, day: str, item: str, quantity: int) -> Json:
    return {
        "resourceType": "SupplyDelivery",
        "id": id,
        "status": "completed",
        "occurrenceDateTime": f"{day}T12:00:00-05:00",
        "suppliedItem": {"itemCodeableConcept": coded(item, item), "quantity": {"value": quantity}},
    }


def _plan(id: str, start: str, kind: str, status: str = "active", end: str = "", **rest: Any) -> Json:
    categories = [{"coding": [{"code": "assess-plan"}]}, coded(kind, kind)]
    period = {"start": f"{start}T12:00:00-05:00", **({"end": f"{end}T12:00:00-05:00"} if end else {})}
    told = {"status": status, "category": categories, "period": period}
    return {"resourceType": "CarePlan", "id": id, **told, **rest}


def _goal(id: str, text: str) -> Json:
    told = {"lifecycleStatus": "active", "description": {"text": text}}
    return {"resourceType": "Goal", "id": id, **told}


XRAY, PHOTO = ("DX", "Digital Radiography"), ("OP", "Ophthalmic Photography")
CHEST, RETINA = ("51185008", "Thoracic structure (body structure)"), ("181171005", "Entire retina")
BECAUSE = {"reasonReference": [{"reference": "urn:uuid:c1", "display": "Sprain of ankle (disorder)"}]}
STRIPS, TUBE = "Blood glucose testing strips (physical object)", "Nasal cannula (physical object)"
VISITS = [
    visit("v1", "2015-03-02", "Encounter for problem", participant=seen_by("d1")),
    visit("v2", "2016-04-05", "Emergency room admission", "EMER", participant=seen_by("d2")),
    visit("v3", "2018-06-07", "Encounter for problem", participant=seen_by("d1")),
    visit("v4", "2019-08-09", "Asthma follow-up"),
    practitioner("d1", "Ann", "Lee"),
    practitioner("d2", "Bo", "Day"),
]
DONE = [
    done("p1", "2015-03-02", "Spirometry (procedure)", "v1"),
    done("p2", "2016-04-05", "Bone immobilization (procedure)", "v2", **BECAUSE),
    done("p3", "2016-04-05", "Suture open wound (procedure)", "v2"),
    done("p4", "2018-06-07", "Spirometry (procedure)", "v3", reasonCode=[{"text": "asthma_condition"}]),
    done("p5", "2019-08-09", "Spirometry (procedure)", "v4", status="not-done"),
    done("p6", NOW, "Spirometry (procedure)"),
]
PICTURES = [_study("i1", "2016-04-05", XRAY, CHEST), _study("i2", "2018-06-07", PHOTO, RETINA)]
SPRAIN = {
    "resourceType": "Condition",
    "id": "c1",
    "code": coded("44465007", "Sprain of ankle (disorder)"),
    "onsetDateTime": "2016-04-05",
}
STEPS = [{"detail": {"code": coded(step, step)}} for step in ("Exercise therapy", "Heat therapy")]
PLANS = [
    _plan("k1", "2015-03-02", "Wound care (regime/therapy)", "completed", "2015-05-02"),
    _plan(
        "k2", "2016-04-05", "Physical therapy procedure", activity=STEPS, addresses=[{"reference": "urn:uuid:c1"}]
    ),
    _goal("g1", "Walk without pain"),
    _goal("g2", "Return to work"),
]  # fmt: skip
SUPPLIES = [_delivery("s1", "2016-04-05", STRIPS, 50), _delivery("s2", "2018-06-07", STRIPS, 100)]
RECORD = [*VISITS, *DONE, *PICTURES, SPRAIN, *PLANS, *SUPPLIES]
SPIROMETRY, SPLINT, SUTURE = (
    "Spirometry (procedure)",
    "Bone immobilization (procedure)",
    "Suture open wound (procedure)",
)
PLAN = "physical therapy care plan"
CASES = [
    ("procedure-ever", ("Spirometry", [True], "p1 p4")),
    ("procedure-ever", ("Renal dialysis", [False], "")),
    ("procedure-in-period", ("Spirometry | in 2018", [True], "p4")),
    ("procedure-first", ("Spirometry", ["2015-03-02"], "p1")),
    ("procedure-first", ("Renal dialysis", [], "")),
    ("procedure-last", ("Spirometry", ["2018-06-07"], "p4")),
    ("procedure-count", ("Spirometry", [2], "p1 p4")),
    ("procedure-count", ("Spirometry | until 2015", [1], "p1")),
    ("procedure-count", ("Renal dialysis", [0], "")),
    ("procedures-any-in-period", ("in 2016", [True], "p2 p3")),
    ("procedures-any-in-period", ("last year", [False], "")),
    ("procedures-number-in-period", ("since 2016", [3], "p2 p3 p4")),
    ("procedures-in-period", ("in April 2016", [SPLINT, SUTURE], "p2 p3")),
    ("procedures-first", ("", [SPIROMETRY], "p1")),
    ("procedures-first", ("in 2016", [SPLINT, SUTURE], "p2 p3")),
    ("procedures-last", ("", [SPIROMETRY], "p4")),
    ("procedures-last", ("last year", [], "")),
    ("procedure-reason", ("Bone immobilization", ["Sprain of ankle (disorder)"], "p2")),
    ("procedure-reason", ("Suture open wound", [], "p3")),
    ("procedure-reason", ("Renal dialysis", [], "")),
    ("procedure-kind-of-visit", ("Suture open wound", ["Emergency room admission"], "p3 v2")),
    ("procedure-practitioner", ("Spirometry", ["Dr. Ann Lee", "Ann Lee"], "d1 p4 v3")),
    ("procedures-at-visit", ("2016-04-05", [SPLINT, SUTURE], "p2 p3")),
    ("procedures-at-visit", ("2019-08-09", [], "")),
    ("imaging-last", ("", ["2018-06-07"], "i2")),
    ("imaging-last", ("in 2016", ["2016-04-05"], "i1")),
    ("imaging-count", ("", [2], "i1 i2")),
    ("imaging-includes", ("an X-ray", [True], "i1")),
    ("imaging-includes", ("an MRI", [False], "")),
    ("imaging-modality", ("most recent imaging study", ["Ophthalmic Photography"], "i2")),
    ("imaging-site", ("imaging study of 2016-04-05", ["Thoracic structure (body structure)"], "i1")),
    ("imaging-site-last", ("chest", ["2016-04-05"], "i1")),
    ("imaging-site-last", ("wrist", [], "")),
    ("supply-last", ("Blood glucose testing strips", ["2018-06-07"], "s2")),
    ("supply-quantity", ("Blood glucose testing strips", [100], "s2")),
    ("care-plans-active", ("", ["Physical therapy procedure"], "k2")),
    ("care-plans-any", ("in 2015", [True], "k1")),
    ("care-plans-any", ("last year", [False], "")),
    ("care-plan-start", (PLAN, ["2016-04-05"], "k2")),
    ("care-plan-active", (PLAN, [True], "k2")),
    ("care-plan-active", ("wound care plan", [False], "")),
    ("care-plan-activities", (PLAN, ["Exercise therapy", "Heat therapy"], "k2")),
    ("care-plan-condition", (PLAN, ["Sprain of ankle (disorder)"], "c1 k2")),
    ("goals", ("", ["Walk without pain", "Return to work"], "g1 g2")),
    ("goals-count", ("", [2], "g1 g2")),
]


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_procedures(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], chart(RECORD), expected[0]) == [expected]


def test_devices_are_counted_where_none_were_delivered() -> None:
    devices = [{"resourceType": "Device", "id": "d", "status": "active", "manufactureDate": "2016-04-05"}]
    assert [row(each) for each in golds(KINDS["devices-count"], chart(devices), 1)] == [("", [1], "d")]


def test_every_kind_has_a_row() -> None:
    assert set(KINDS) - {"devices-count"} == {kind for kind, _ in CASES}


NOT_ASKED = [
    ("a count of what is written twice at a moment", "procedure-count", "Spirometry", [
        done("p7", "2018-06-07", "Spirometry (procedure)"),
    ]),
    ("a name that a plan has on other days", "procedure-last", "Spirometry", [
        _plan("k3", "2017-01-01", "Spirometry"),
    ]),
    ("a code under two names", "procedure-ever", "Chest X-ray", [
        done("p7", "2017-01-01", "Chest X-ray"),
        done("p8", "2017-02-02", "Radiography", code=coded("Chest X-ray", "Radiography")),
    ]),
    ("a reason in a simulator's own words", "procedure-reason", "Spirometry", []),
    ("no reason where the visit has one", "procedure-reason", "Biopsy of breast", [
        visit("v5", "2017-01-01", "Encounter for problem", reasonCode=[{"text": "Lump in breast"}]),
        done("p7", "2017-01-01", "Biopsy of breast", "v5"),
    ]),
    ("what was done at one of two visits of a day", "procedures-at-visit", "2016-04-05", [
        visit("v5", "2016-04-05", "Encounter for problem"),
    ]),
    ("what was done on the day of a visit, but not at it", "procedures-at-visit", "2018-06-07", [
        done("p7", "2018-06-07", "Vision test"),
    ]),
    ("the visit of what was done on another day", "procedure-kind-of-visit", "Vision test", [
        done("p7", "2018-06-09", "Vision test", "v3"),
    ]),
    ("studies beside a picture without a study", "imaging-count", "", [
        done("p7", "2017-01-01", "Computed tomography of head (procedure)"),
    ]),
    ("the last study before a picture without one", "imaging-modality", "most recent imaging study", [
        done("p7", "2019-01-01", "Computed tomography of head (procedure)"),
    ]),
    ("a part of the body beside a study of another", "imaging-site-last", "chest", [
        _study("i3", "2017-01-01", XRAY, ("80891009", "Heart structure")),
    ]),
    ("devices beside deliveries", "devices-count", "", []),
    ("active plans of which one is over", "care-plans-active", "", [
        _plan("k3", "2017-01-01", "Burn care", "active", "2017-02-02"),
    ]),
    ("goals in a simulator's notation", "goals", "", [_goal("g3", "{'text': 'Decongestion'}")]),
    ("what was never done beside a plan of that name", "procedure-ever", "Renal dialysis", [
        _plan("k3", "2017-01-01", "Dialysis care plan"),
    ]),
    ("what men have, of a woman", "procedure-ever", "Vasectomy", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "places", "more"), [each[1:] for each in NOT_ASKED], ids=[each[0] for each in NOT_ASKED]
)
def test_what_has_two_readings_is_not_asked(kind: str, places: str, more: list[Json]) -> None:
    assert rows_about(KINDS[kind], chart([*RECORD, *more]), places) == []


def test_a_later_diagnosis_is_a_wrong_reason_and_an_earlier_one_is_not() -> None:
    gout, flu = ({**SPRAIN, "id": id, "code": coded(id, id), "onsetDateTime": day} for id, day in (
        ("Tonsillitis", "2010-01-01"), ("Bursitis", "2019-01-01"),
    ))  # fmt: skip
    found = golds(KINDS["procedure-reason"], chart([*RECORD, gout, flu]), 1)
    wrong = {other for gold in found if row(gold)[0] == "Bone immobilization" for other in gold.others}
    assert wrong >= {("Bursitis",)}
    assert ("Tonsillitis",) not in wrong


def test_a_newborn_is_asked_twenty_questions() -> None:
    newborn = {**PERSON, "id": "n", "birthDate": "2019-12-21", "name": [{"given": ["Hue"], "family": "Lee"}]}
    names = {**PERSON, "name": [{"given": ["Ann"], "family": "Lee"}]}
    records = {"p": [names, *RECORD], "n": [newborn]}
    built = [each for each in build(records, now=NOW, seed=1, per_category=20) if each.patient == "n"]
    assert len([each for each in built if each.category == "procedures"]) == 20
