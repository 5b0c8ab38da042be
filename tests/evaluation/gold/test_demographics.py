"""Golds about the person, insurance and care teams, each checked by eye against the small chart."""

from random import Random
from typing import Any

import pytest

from evaluation.gold.chart import Chart
from evaluation.gold.choices import choices, phrased
from evaluation.gold.kinds import demographics
from evaluation.gold.question import Gold
from tests.evaluation.gold.observations_for_tests import NOW, coded, golds, observation, rows_about

Json = dict[str, Any]
KINDS = {kind.name: kind for kind in demographics.KINDS}
US_CORE, HL7 = "http://hl7.org/fhir/us/core/StructureDefinition", "http://hl7.org/fhir/StructureDefinition"


def _us_core(name: str, display: str, text: str) -> Json:
    told = [{"url": "ombCategory", "valueCoding": {"display": display}}, {"url": "text", "valueString": text}]
    return {"url": f"{US_CORE}/{name}", "extension": told}


def _identifier(code: str, value: str) -> Json:
    return {"type": coded(code, code), "value": value}


ANN: Json = {
    "resourceType": "Patient",
    "id": "p",
    "name": [
        {"use": "official", "given": ["Ann"], "family": "Lee", "prefix": ["Ms."]},
        {"use": "maiden", "given": ["Ann"], "family": "Stone"},
    ],
    "gender": "female",
    "birthDate": "1960-05-20",
    "maritalStatus": coded("M", "M"),
    "communication": [{"language": coded("en-US", "English (United States)")}],
    "address": [{"line": ["12 Elm St"], "city": "Lynn", "state": "Ohio", "postalCode": "43210"}],
    "telecom": [{"system": "phone", "value": "555-010-2030"}, {"system": "email", "value": "ann7@lee.org"}],
    "contact": [{"name": {"given": ["Joe"], "family": "Lee"}}],
    "identifier": [
        {"value": "no-type"},
        _identifier("MR", "M1"),
        _identifier("SS", "999-11-2222"),
        _identifier("DL", "S77"),
        _identifier("PPN", "X88"),
    ],
    "extension": [
        _us_core("us-core-race", "White", "White"),
        _us_core("us-core-ethnicity", "Not Hispanic or Latino", "non_hispanic"),
        {"url": f"{US_CORE}/us-core-birthsex", "valueCode": "F"},
        {"url": f"{HL7}/patient-mothersMaidenName", "valueString": "Eve Marsh"},
        {"url": f"{HL7}/patient-birthPlace", "valueAddress": {"city": "Quincy"}},
    ],
}
BABY: Json = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "2019-12-01"}


def _coverage(id: str, start: str, end: str, payer: str, plan: str = "") -> Json:
    period = {"start": f"{start}T22:00:00-05:00", **({"end": f"{end}T22:00:00-05:00"} if end else {})}
    named = [{"type": coded("plan", "Plan"), "name": plan}] if plan else []
    status = "cancelled" if end else "active"
    paid = {"payor": [{"display": payer}], "class": named, "period": period}
    return {"resourceType": "Coverage", "id": id, "status": status, **paid}


def _team(id: str, status: str, *members: str) -> Json:
    parts = [{"member": {"reference": f"urn:uuid:{each}"}} for each in ("p", *members)]
    return {"resourceType": "CareTeam", "id": id, "status": status, "participant": parts}


def _doctor(id: str, given: str, family: str) -> Json:
    name = [{"prefix": ["Dr."], "given": [given], "family": family}]
    return {"resourceType": "Practitioner", "id": id, "name": name}


VISIT = {"resourceType": "Encounter", "id": "v", "status": "finished", "period": {"start": "2000-05-19"}}
POLICIES = [
    _coverage("c1", "1960-05-20", "1990-01-05", "Humana"),
    _coverage("c2", "1990-01-05", "2010-01-04", "Aetna", "Gold - Aetna"),
    _coverage("c3", "2010-01-04", "", "Cigna Health", "Silver - Cigna"),
]
RECORD = [
    VISIT,
    *POLICIES,
    _doctor("d1", "Jane", "Rossi"),
    _doctor("d2", "Omar", "Diaz"),
    _team("t1", "active", "d1"),
    _team("t2", "active", "d1"),
    _team("t3", "inactive", "d2"),
]
PERSON = "p"
CASES = [
    ("patient-name", ("", ["Ann Lee", "Ms. Ann Lee"], PERSON)),
    ("patient-given-name", ("", ["Ann"], PERSON)),
    ("patient-family-name", ("", ["Lee"], PERSON)),
    ("patient-maiden-name", ("", ["Stone"], PERSON)),
    ("patient-birth-date", ("", ["1960-05-20"], PERSON)),
    ("patient-birth-date-checked", ("1960-05-20", [True], PERSON)),
    ("patient-birth-date-checked", ("1960-05-21", [False], PERSON)),
    ("patient-gender", ("", ["female"], PERSON)),
    ("patient-gender-checked", ("female", [True], PERSON)),
    ("patient-gender-checked", ("male", [False], PERSON)),
    ("patient-birth-sex", ("", ["female", "F"], PERSON)),
    ("patient-marital-status", ("", ["Married", "M"], PERSON)),
    ("patient-marital-status-checked", ("Married", [True], PERSON)),
    ("patient-marital-status-checked", ("Divorced", [False], PERSON)),
    ("patient-language", ("", ["English (United States)", "English"], PERSON)),
    ("patient-language-checked", ("English", [True], PERSON)),
    ("patient-language-checked", ("Spanish", [False], PERSON)),
    ("patient-race", ("", ["White"], PERSON)),
    ("patient-ethnicity", ("", ["Not Hispanic or Latino", "non_hispanic"], PERSON)),
    ("patient-street", ("", ["12 Elm St"], PERSON)),
    ("patient-city", ("", ["Lynn"], PERSON)),
    ("patient-city-checked", ("Lynn", [True], PERSON)),
    ("patient-city-checked", ("Boston", [False], PERSON)),
    ("patient-state", ("", ["Ohio"], PERSON)),
    ("patient-postal-code", ("", ["43210"], PERSON)),
    ("patient-phone", ("", ["555-010-2030"], PERSON)),
    ("patient-phone-checked", ("555-010-2030", [True], PERSON)),
    ("patient-email", ("", ["ann7@lee.org"], PERSON)),
    ("patient-record-number", ("", ["M1"], PERSON)),
    ("patient-social-security", ("", ["999-11-2222"], PERSON)),
    ("patient-licence", ("", ["S77"], PERSON)),
    ("patient-passport", ("", ["X88"], PERSON)),
    ("patient-birth-place", ("", ["Quincy"], PERSON)),
    ("patient-mother", ("", ["Eve Marsh", "Marsh"], PERSON)),
    ("patient-contact", ("", ["Joe Lee"], PERSON)),
    ("patient-age", ("", [59], PERSON)),
    ("patient-age-on-day", ("2000-05-19", [39], PERSON)),
    ("patient-birthday", ("21 | 21st", ["1981-05-20"], PERSON)),
    ("patient-at-least", ("60 | 60th", [False], PERSON)),
    ("patient-at-least", ("50 | 50th", [True], PERSON)),
    ("patient-deceased", ("", [False], PERSON)),
    ("insurer-now", ("", ["Cigna Health"], "c3")),
    ("insurance-plan-now", ("", ["Silver - Cigna"], "c3")),
    ("insurer-first", ("", ["Humana"], "c1")),
    ("insurer-ever", ("Aetna", [True], "c2")),
    ("insurer-ever", ("Medicare", [False], "")),
    ("insurers", ("", ["Humana", "Aetna", "Cigna Health"], "c1 c2 c3")),
    ("insurers-count", ("", [3], "c1 c2 c3")),
    ("insurance-count", ("", [3], "c1 c2 c3")),
    ("insurance-began", ("Aetna", ["1990-01-05"], "c2")),
    ("insurance-ended", ("Aetna", ["2010-01-04"], "c2")),
    ("insurance-years", ("Aetna", [19], "c2")),
    ("care-team", ("", ["Dr. Jane Rossi"], "t1 t2")),
    ("care-team-member", ("Dr. Jane Rossi", [True], "t1 t2")),
    ("care-team-member", ("Dr. Helen Marsh", [False], "")),
    ("care-teams-count", ("", [2], "t1 t2")),
]
DEAD = [
    ("patient-age-at-death", ("", [39], PERSON)),
    ("patient-deceased", ("", [True], PERSON)),
    ("patient-death-date", ("", ["2000-05-19"], PERSON)),
    ("care-teams-count", ("", [], "")),
]


def _chart(person: Json, resources: list[Json]) -> Chart:
    return Chart("p", [person, *resources], NOW, {})


def _asked(kind: str, person: Json = ANN, *more: Json) -> list[Gold]:
    return golds(KINDS[kind], _chart(person, [*RECORD, *more]), seeds=3)


@pytest.mark.parametrize(("kind", "expected"), CASES, ids=[f"{kind} {row[0]}" for kind, row in CASES])
def test_a_gold_about_the_person(kind: str, expected: tuple[Any, ...]) -> None:
    assert rows_about(KINDS[kind], _chart(ANN, RECORD), expected[0]) == [expected]


@pytest.mark.parametrize(("kind", "expected"), DEAD[:3], ids=[kind for kind, _ in DEAD[:3]])
def test_a_gold_about_the_dead(kind: str, expected: tuple[Any, ...]) -> None:
    person = {**ANN, "deceasedDateTime": "2000-05-19T03:00:00+00:00"}
    assert rows_about(KINDS[kind], _chart(person, RECORD), expected[0]) == [expected]


def test_every_kind_but_the_drawn_days_has_a_row() -> None:
    assert set(KINDS) - {kind for kind, _ in (*CASES, *DEAD)} == {"insurer-on-day"}


def test_the_insurer_of_a_day_is_the_one_whose_time_it_lies_in() -> None:
    found = [(gold.slots["day"][0], gold.answer) for gold in _asked("insurer-on-day")]
    assert {answer for _, answer in found} == {("Humana",), ("Aetna",), ("Cigna Health",)}
    for day, answer in found:
        assert answer == ("Humana" if day < "1990" else "Aetna" if day < "2010" else "Cigna Health",)


NOT_ASKED = [
    ("the age of an infant in years", "patient-age", BABY, []),
    ("a newborn's driver's licence", "patient-licence", BABY, []),
    ("a man's maiden name", "patient-maiden-name", {**ANN, "gender": "male"}, []),
    ("a gender that is not the sex at birth", "patient-gender", {**ANN, "gender": "male"}, []),
    ("one of two languages", "patient-language", {**ANN, "communication": [{}, {}]}, []),
    ("one of two addresses", "patient-city", {**ANN, "address": [{}, {}]}, []),
    ("the age of who died on an unknown day", "patient-age", {**ANN, "deceasedBoolean": True}, []),
    ("the insurer of the dead", "insurer-now", {**ANN, "deceasedBoolean": True}, []),
    (
        "an insurer among overlapping ones",
        "insurer-now",
        ANN,
        [_coverage("c4", "2015-01-01", "", "Medicaid")],
    ),
    ("insurers with a nameless one", "insurers", ANN, [_coverage("c0", "1950-01-01", "1960-05-20", "")]),
    ("a team with a member without a name", "care-team", ANN, [_team("t4", "active", "nobody")]),
    (
        "an ethnicity that a questionnaire contradicts",
        "patient-ethnicity",
        ANN,
        [
            observation(
                "q",
                "56051-6",
                "Do you consider yourself Hispanic/Latino?",
                "2010-01-01",
                valueCodeableConcept=coded("LA33-6", "Yes"),
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("kind", "person", "more"), [each[1:] for each in NOT_ASKED], ids=[each[0] for each in NOT_ASKED]
)
def test_what_has_two_readings_or_none_is_not_asked(kind: str, person: Json, more: list[Json]) -> None:
    assert not _asked(kind, person, *more)


@pytest.mark.parametrize(
    "kind", ["patient-email", "patient-birth-place", "patient-mother", "patient-contact"]
)
def test_what_is_not_on_file_is_an_answer(kind: str) -> None:
    assert {(gold.answer, gold.resources) for gold in _asked(kind, BABY)} == {((), ())}


def test_a_wrong_choice_is_never_on_file() -> None:
    for name, kind in KINDS.items():
        for seed, gold in enumerate(golds(kind, _chart(ANN, RECORD), seeds=5)):
            offered = choices(gold, Random(seed), _chart(ANN, RECORD).now)
            assert offered, name
            texts, letter = offered
            wrong = [text for place, text in zip("ABCDE", texts, strict=False) if place != letter]
            assert len(set(texts)) == len(texts), name
            assert not set(wrong) & {phrased((value,), gold.unit) for value in gold.answer[:3]} or gold.wrong
