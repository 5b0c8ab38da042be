"""Entries -> what more their facts say to whoever reasons, and what stands behind an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.builders import (
    SNOMED,
    Resource,
    concept,
    condition,
    encounter,
    medication_request,
    observation,
    patient,
    patient_record,
)
from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence
from tools.calls.program import run_call

GERD = [{"reference": "Condition/gerd"}]
SEVEN = [condition(f"c{n}", name) for n, name in enumerate(("Gout", "Asthma", "Anemia", "Migraine", "Acne"))]


def goal(id: str, text: str, **more: object) -> Resource:
    whole = {"resourceType": "Goal", "id": id, "lifecycleStatus": "active", "description": {"text": text}}
    return {**whole, "subject": {"reference": "Patient/p1"}, **more}


def pressure(id: str, day: str, high: int, low: int) -> Resource:
    def part(code: str, name: str, value: int, most: int) -> dict[str, object]:
        over = {"interpretation": [{"coding": [{"code": "H"}]}]} if value > most else {}
        coded = {"coding": [{"system": "http://loinc.org", "code": code, "display": name}]}
        amount = {"value": value, "unit": "mm[Hg]"}
        return {"code": coded, "valueQuantity": amount, "referenceRange": [{"high": {"value": most}}], **over}

    parts = [
        part("8480-6", "Systolic blood pressure", high, 120),
        part("8462-4", "Diastolic blood pressure", low, 80),
    ]
    panel = "Blood pressure panel with all children optional"
    return observation(
        id, panel, code="85354-9", value=None, when=day, component=parts, category="vital-signs"
    )


def computed(resources: Sequence[Resource], **arguments: object) -> Evidence:
    tool = "find" if "kind" in arguments else "measure"
    return run_call(Call(tool, arguments, "a"), patient_record(patient(), *resources), {})


@dataclass(frozen=True)
class Case:
    id: str
    resources: Sequence[Resource]
    kind: str
    more: tuple[str, ...]


MORE = [
    Case("nothing more to say", [condition("ht")], "condition", ("",)),
    Case(
        "why, from the condition that is referred to",
        [medication_request("m", reasonReference=GERD), condition("gerd", "Reflux disease (disorder)")],
        "medication",
        ("no end recorded; for Reflux disease",),
    ),
    Case(
        "why and by whom, from the visit, where the order does not say",
        [
            medication_request("m", encounter={"reference": "Encounter/v"}),
            encounter(
                "v",
                reasonCode=[concept("Heartburn", "16331000", SNOMED)],
                participant=[{"individual": {"reference": "Practitioner/x", "display": "Dr. Osei"}}],
            ),
        ],
        "medication",
        ("no end recorded; at a visit for Heartburn with Dr. Osei",),
    ),
    Case(
        "the end is in the line",
        [medication_request("m", dispenseRequest={"validityPeriod": {"end": "2018-07-01"}})],
        "medication",
        ("",),
    ),
    Case(
        "a long text is shortened",
        [medication_request("m", dosageInstruction=[{"text": "one tablet " * 20}])],
        "medication",
        (
            "no end recorded; dose: one tablet one tablet one tablet one tablet one tablet one tablet one tab…",
        ),
    ),
    Case(
        "of several of one name how the last stands",
        [
            *SEVEN,
            condition("g1", "Gingivitis", onset="2017-01-01"),
            condition(
                "g2", "Gingivitis", status="resolved", onset="2019-01-01", abatementDateTime="2019-02-01"
            ),
        ],
        "condition",
        ("the last resolved, 2019-01-01 to 2019-02-01", "", "", "", "", ""),
    ),
]


@pytest.mark.parametrize("case", MORE, ids=lambda case: case.id)
def test_what_more_a_fact_says(case: Case) -> None:
    assert tuple(fact.more for fact in computed(case.resources, kind=case.kind).facts) == case.more


GOALS = [
    ("by its text", goal("g", "Hemoglobin A1c below 7 %"), "Hemoglobin A1c in Blood 6.4 % on 2020-12-04"),
    (
        "by its target",
        goal(
            "g",
            "Better sugar",
            target=[
                {
                    "measure": concept("Hemoglobin A1c", "4548-4", "http://loinc.org"),
                    "detailQuantity": {"value": 7, "unit": "%", "comparator": "<"},
                }
            ],
        ),
        "Hemoglobin A1c in Blood 6.4 % on 2020-12-04",
    ),
    ("in a unit of something else", goal("g", "Reduce sodium intake to 2400 mg/day"), ""),
    ("of no number", goal("g", "Lower the hemoglobin A1c"), ""),
    ("of what was never measured", goal("g", "LDL below 100 mg/dL"), ""),
]


@pytest.mark.parametrize(("id", "aim", "latest"), GOALS, ids=[id for id, *_ in GOALS])
def test_the_latest_value_of_what_a_goal_aims_at(id: str, aim: Resource, latest: str) -> None:
    sodium = observation("na", "Sodium in Blood", code="2947-0", value=140, unit="mmol/L", when="2020-01-01")
    found = computed(
        [aim, observation("old", value=9, when="2019-01-01"), observation("a1c"), sodium], kind="goal"
    )
    assert tuple(fact.text for fact in found.behind) == ((latest,) if latest else ())


YEARS = (5, 9, 6, 6, 7, 6, 4, 6, 6, 8, 6, 6, 6, 7)
SERIES = [observation(f"o{n}", value=v, when=f"{2001 + n}-01-01") for n, v in enumerate(YEARS)]


def test_a_series_is_ranked_first_last_lowest_highest_then_spread_over_the_time() -> None:
    behind = computed(SERIES, concept="A1c", statistic="mean").behind
    years = [int(fact.date[:4]) for fact in behind]
    assert years == [2001, 2014, 2007, 2002, 2008, 2004, 2012, 2006, 2010, 2003, 2005, 2009]
    assert behind[3].text == "9 % on 2002-01-01"


ABOVE_7 = {"test": "above", "limits": (7,)}
BEHIND = [
    ("the last one is alone", {"pick": "last"}, 0),
    ("nor does a test of the last one need the others", {"pick": "last", "how": "any", **ABOVE_7}, 0),
    ("whether it was measured needs none", {"how": "any"}, 0),
    ("all of them", {"pick": "all"}, 12),
    ("a trend", {"statistic": "trend"}, 12),
    ("whether all meet a test", {"how": "all", **ABOVE_7}, 12),
    ("the first that meets one", {"pick": "first", **ABOVE_7}, 12),
]


@pytest.mark.parametrize(("id", "arguments", "many"), BEHIND, ids=[id for id, *_ in BEHIND])
def test_what_stands_behind_an_answer(id: str, arguments: dict[str, object], many: int) -> None:
    found = computed(SERIES, concept="A1c", **arguments)
    assert (len(found.behind), found.measured) == (many, 14 if many else 0)


def test_a_blood_pressure_has_the_flags_and_ranges_of_both_of_its_numbers() -> None:
    found = computed([pressure("b", "2020-01-01", 150, 70)], concept="blood pressure")
    assert [fact.text for fact in found.facts] == ["Blood pressure 150/70 mmHg on 2020-01-01"]
    assert found.facts[0].more == "systolic (high; reference at most 120); diastolic (reference at most 80)"
