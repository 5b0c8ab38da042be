"""Golds about visits, hospital stays and costs, each checked by eye against the small chart."""

from typing import Any

import pytest

from evaluation.gold.building import build
from evaluation.gold.kinds import encounters
from tests.evaluation.gold.observations_for_tests import NOW, coded, golds, row, rows_about
from tests.evaluation.gold.visits_for_tests import PERSON, chart, done, practitioner, seen_by, visit

Json = dict[str, Any]
KINDS = {kind.name: kind for kind in encounters.KINDS}


def _usd(value: float) -> Json:
    return {"value": value, "currency": "USD"}


def _claim(id: str, day: str, total: float, at: str, **rest: Any) -> Json:
    item = [{"encounter": [{"reference": f"urn:uuid:{at}"}]}]
    told = {"status": "active", "created": f"{day}T12:00:00-05:00", "total": _usd(total), "item": item}
    return {"resourceType": "Claim", "id": id, **told, **rest}


def _benefit(id: str, day: str, total: float, **parts: float) -> Json:
    """Return an ExplanationOfBenefit as PySynthea writes it: what the insurance gives and the copay."""
    lines = [
        {"category": {"coding": [{"code": code}]}, "amount": _usd(value)} for code, value in parts.items()
    ]
    totals = [{"category": {"coding": [{"code": "submitted"}]}, "amount": _usd(total)}]
    told = {"status": "active", "created": f"{day}T12:00:00-05:00", "total": totals}
    return {"resourceType": "ExplanationOfBenefit", "id": id, **told, "item": [{"adjudication": lines}]}


PAIN: Json = {"reasonCode": [{"coding": [{"code": "1", "display": "Chronic pain stage 3"}]}]}
CLINIC: Json = {"serviceProvider": {"reference": "Organization/o"}}
LEE, DAY = seen_by("d1"), seen_by("d2")
ACME = {"insurer": {"reference": "Organization/i"}}
VISITS = [
    visit("v1", "2015-03-02", "Encounter for problem", participant=LEE, **CLINIC, **PAIN),
    visit("v2", "2016-04-05", "Emergency room admission", "EMER", participant=DAY),
    visit("v3", "2016-09-10", "Hospital admission", "IMP", "2016-09-13", participant=LEE),
    visit("v4", "2018-06-07", "Hospital admission", "IMP", "2018-06-08"),
    visit("v5", "2019-08-09", "Asthma follow-up", participant=LEE),
    visit("late", NOW, "Asthma follow-up"),
    visit("off", "2019-10-10", "Asthma follow-up", status="cancelled"),
    practitioner("d1", "Ann", "Lee"),
    practitioner("d2", "Bo", "Day"),
    {"resourceType": "Organization", "id": "o", "name": "Hill Clinic"},
    {"resourceType": "Organization", "id": "i", "name": "Acme Insurance"},
]
MONEY = [
    _claim("c1", "2015-03-02", 125.0, "v1", **ACME),
    _claim("c2", "2016-04-05", 1200.5, "v2"),
    _claim("c3", "2019-08-09", 80.25, "v5"),
    _benefit("b1", "2015-03-02", 125.0, benefit=100.0, copay=25.0),
    _benefit("b2", "2016-04-05", 1200.5, benefit=1000.5, copay=200.0),
]
RECORD = [*VISITS, *MONEY, done("p1", "2016-09-11", "Colonoscopy", "v3")]
LEE_SEEN = "Dr. Ann Lee"
CASES = [
    ("visit-last", ("", ["2019-08-09"], "v5")),
    ("visit-last", ("in 2016", ["2016-09-10"], "v3")),
    ("visit-first", ("", ["2015-03-02"], "v1")),
    ("visits-count", ("", [5], "v1 v2 v3 v4 v5")),
    ("visits-count", ("until 2016", [3], "v1 v2 v3")),
    ("visits-any-in-period", ("in June 2018", [True], "v4")),
    ("visit-kind-of-last", ("", ["Asthma follow-up"], "v5")),
    ("visit-kind-of-last", ("in 2016", ["Hospital admission"], "v3")),
    ("visit-kind-on-day", ("visit on 2015-03-02", ["Encounter for problem"], "v1")),
    ("visit-type-ever", ("Asthma follow-up", [True], "v5")),
    ("visit-type-ever", ("Preoperative coordination", [False], "")),
    ("visit-type-last", ("Encounter for problem", ["2015-03-02"], "v1")),
    ("visit-type-last", ("Preoperative coordination", [], "")),
    ("visit-type-count", ("Asthma follow-up", [1], "v5")),
    ("visit-type-count", ("Preoperative coordination", [0], "")),
    ("visit-reason", ("visit on 2015-03-02", ["Chronic pain stage 3"], "v1")),
    ("visit-practitioner", ("most recent visit", ["Dr. Ann Lee", "Ann Lee"], "d1 v5")),
    ("visit-practitioner", ("visit on 2016-04-05", ["Dr. Bo Day", "Bo Day"], "d2 v2")),
    ("visit-organization", ("visit on 2015-03-02", ["Hill Clinic"], "o v1")),
    ("visits-with", (LEE_SEEN, [3], "v1 v3 v5")),
    ("visits-with", (f"{LEE_SEEN} | in 2016", [1], "v3")),
    ("visits-with", ("Dr. Peter Hahn", [0], "")),
    ("practitioner-last-seen", (LEE_SEEN, ["2019-08-09"], "v5")),
    ("practitioner-last-seen", ("Dr. Peter Hahn", [], "")),
    ("practitioner-ever-seen", ("Dr. Bo Day", [True], "v2")),
    ("practitioner-ever-seen", ("Dr. Peter Hahn", [False], "")),
    ("visit-remote", ("phone or video visit", [False], "")),
    ("visit-at-home", ("home visit", [False], "")),
    ("emergency-count", ("", [1], "v2")),
    ("emergency-count", ("last year", [0], "")),
    ("emergency-any", ("in April 2016", [True], "v2")),
    ("emergency-last", ("", ["2016-04-05"], "v2")),
    ("stay-count", ("", [2], "v3 v4")),
    ("stay-any", ("in 2018", [True], "v4")),
    ("stay-last", ("", ["2018-06-07"], "v4")),
    ("stay-last", ("until 2016", ["2016-09-10"], "v3")),
    ("stay-days", ("", ["2016-09-10", "2018-06-07"], "v3 v4")),
    ("stay-days", ("last year", [], "")),
    ("stay-discharge", ("first", ["2016-09-13"], "v3")),
    ("stay-discharge", ("last", ["2018-06-08"], "v4")),
    ("stay-length", ("first", [3], "v3")),
    ("stay-procedures", ("first", ["Colonoscopy"], "p1")),
    ("stay-procedures", ("last", [], "")),
    ("claims-count", ("", [3], "c1 c2 c3")),
    ("claims-count", ("in 2016", [1], "c2")),
    ("billed-in-period", ("", [1405.75], "c1 c2 c3")),
    ("billed-in-period", ("since 2016", [1280.75], "c2 c3")),
    ("paid-in-period", ("", [1100.5], "b1 b2")),
    ("own-part-in-period", ("", [225.0], "b1 b2")),
    ("own-part-in-period", ("in 2016", [200.0], "b2")),
    ("billed-for-visit", ("2016-04-05", [1200.5], "c2")),
    ("claim-highest", ("", [1200.5], "c2")),
    ("claim-highest-day", ("", ["2016-04-05"], "c2")),
    ("claim-payer", ("claim of 2015-03-02", ["Acme Insurance"], "c1 i")),
]


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_visits(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], chart(RECORD), expected[0]) == [expected]


def test_every_kind_has_a_row() -> None:
    assert set(KINDS) == {kind for kind, _ in CASES}


CALL = visit("v6", "2017-01-01", "Telephone encounter", "VR", participant=LEE)
AT_HOME = visit("v6", "2017-01-01", "Home visit", "HH")
NURSED = visit("v6", "2017-01-01", "Nursing", "HH")
OPEN = visit("v6", "2019-12-12", "Hospital admission", "IMP", "2020-02-02")
PAID_ONLY = _benefit("b3", "2018-06-07", 90.0, benefit=60.0)
ELSEWHERE_SENT = {
    "insurer": {"display": "Acme Insurance"},
    "insurance": [{"coverage": {"reference": "Coverage/k"}}],
}
OTHER_COVER = {"resourceType": "Coverage", "id": "k", "status": "active", "payor": [{"display": "Zenith"}]}
NOT_ASKED = [
    ("visits beside a call", "visits-count", "", [CALL]),
    ("a practitioner who called", "visits-with", LEE_SEEN, [CALL]),
    ("a visit at home under another class", "visit-at-home", "home visit", [visit("v6", "2017-01-01", "Home visit")]),
    ("a visit at home of which the name says nothing", "visit-at-home", "home visit", [NURSED]),
    ("two visits of a day", "visit-kind-on-day", "visit on 2015-03-02", [visit("v6", "2015-03-02", "Prenatal visit")]),
    ("a visit without a reason", "visit-reason", "visit on 2016-04-05", []),
    ("a reason in a simulator's own words", "visit-reason", "visit on 2017-01-01", [
        visit("v6", "2017-01-01", "Encounter for problem", reasonCode=[{"text": "Medication_Review_Due"}]),
    ]),
    ("a practitioner with a namesake", "visits-with", LEE_SEEN, [practitioner("d3", "Ann", "Lee")]),
    ("a kind of visit that is an admission", "visit-type-count", "Hospital admission", []),
    ("the end of a stay that goes on", "stay-discharge", "last", [OPEN]),
    ("the length of a stay that goes on", "stay-length", "last", [OPEN]),
    ("procedures of a stay beside those of another visit", "stay-procedures", "first", [
        done("p2", "2016-09-12", "Vision test"),
    ]),
    ("what the patient pays where it is not all stated", "own-part-in-period", "", [PAID_ONLY]),
    ("what the patient pays where it is not what the insurance left", "own-part-in-period", "", [
        _benefit("b3", "2018-06-07", 90.0, benefit=60.0, copay=10.0),
    ]),
    ("a sum of two currencies", "billed-in-period", "", [
        {**_claim("c4", "2018-06-07", 1.0, "v4"), "total": {"value": 1.0, "currency": "EUR"}},
    ]),
    ("a claim that begins in one year and is written in the next", "claims-count", "until 2016", [
        _claim("c4", "2017-01-01", 1.0, "v4", billablePeriod={"start": "2016-12-31T23:50:00-05:00"}),
    ]),
    ("the highest of equal claims", "claim-highest", "in 2015", [_claim("c4", "2015-06-07", 125.0, "v1")]),
    ("the bill of a visit beside a claim of that day for another", "billed-for-visit", "2016-04-05", [
        _claim("c4", "2016-04-05", 10.0, "v1"),
    ]),
    ("the bill of a visit that is another's, too", "billed-for-visit", "2018-06-07", [
        {**_claim("c4", "2018-06-07", 10.0, "v4"), "item": [
            {"encounter": [{"reference": "urn:uuid:v4"}, {"reference": "urn:uuid:v5"}]},
        ]},
    ]),
    ("a payer of two names", "claim-payer", "claim of 2017-01-01", [
        _claim("c4", "2017-01-01", 10.0, "v1", **ELSEWHERE_SENT), OTHER_COVER,
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "places", "more"), [each[1:] for each in NOT_ASKED], ids=[each[0] for each in NOT_ASKED]
)
def test_what_has_two_readings_is_not_asked(kind: str, places: str, more: list[Json]) -> None:
    assert rows_about(KINDS[kind], chart([*RECORD, *more]), places) == []


def test_a_call_and_a_visit_at_home_are_asked_for_by_their_class() -> None:
    of = chart([*RECORD, CALL, {**AT_HOME, "id": "v7"}])
    assert rows_about(KINDS["visit-remote"], of, "phone or video visit") == [
        ("phone or video visit", [True], "v6")
    ]
    assert rows_about(KINDS["visit-at-home"], of, "home visit") == [("home visit", [True], "v7")]


def test_what_was_written_after_death_is_no_visit() -> None:
    certified = visit("v6", "2019-09-09", "Death Certification")
    of = chart([*RECORD, certified], deceasedDateTime="2019-09-01T10:00:00-05:00")
    assert rows_about(KINDS["visit-last"], of, "") == []
    assert rows_about(KINDS["visit-last"], of, "in 2016") == [("in 2016", ["2016-09-10"], "v3")]


def test_a_payment_is_what_was_paid_as_another_generator_writes_it() -> None:
    told = {**_benefit("b3", "2015-03-02", 90.0), "payment": {"amount": _usd(72.0)}}
    assert rows_about(KINDS["paid-in-period"], chart([told]), "") == [("", [72.0], "b3")]
    assert rows_about(KINDS["own-part-in-period"], chart([told]), "") == []


def test_the_same_kind_of_visit_in_other_words_is_no_wrong_choice() -> None:
    same = visit(
        "v6", "2017-01-01", "Check-up for asthma", type=[coded("Asthma follow-up", "Check-up for asthma")]
    )
    found = golds(KINDS["visit-kind-on-day"], chart([*RECORD, same]))
    of_asthma = [gold for gold in found if "v5" in row(gold)[2]]
    assert of_asthma
    assert not any(("Check-up for asthma",) in gold.others for gold in of_asthma)


def test_a_newborn_is_asked_twenty_questions() -> None:
    named = {**PERSON, "name": [{"given": ["Ann"], "family": "Lee"}]}
    records = {"p": [named, *RECORD], "n": [{**named, "id": "n", "birthDate": "2019-12-21"}]}
    built = [each for each in build(records, now=NOW, seed=1, per_category=20) if each.patient == "n"]
    assert len([each for each in built if each.category == "encounters"]) == 20
