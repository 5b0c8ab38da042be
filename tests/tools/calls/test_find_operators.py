"""The operators of `find`: times, relations, picks, lengths, years, places, routes, stays; what is open is no "no"."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from tests.builders import (
    allergy,
    condition,
    encounter,
    medication_request,
    observation,
    patient,
    patient_record,
    procedure,
)
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument, WrongPatient
from tools.calls.evidence import Evidence, Outcome
from tools.calls.find import find
from tools.calls.program import run_plan
from tools.calls.results import Type

Resource = dict[str, Any]


@dataclass(frozen=True)
class Case:
    id: str
    record: list[Resource]
    call: dict[str, Any]
    values: tuple[Any, ...]
    outcome: Outcome = "found"
    notes: tuple[str, ...] | None = None


def found(case: Case) -> Evidence:
    return find(patient_record(patient(), *case.record), **case.call)


def check(case: Case) -> None:
    evidence = found(case)

    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    if case.notes is not None:
        assert evidence.notes == case.notes


def within(encounter_id: str) -> dict[str, Any]:
    return {"encounter": {"reference": f"Encounter/{encounter_id}"}}


def part_of(encounter_id: str) -> dict[str, Any]:
    return {"partOf": {"reference": f"Encounter/{encounter_id}"}}


def at(*places: str) -> dict[str, Any]:
    return {"location": [{"location": {"display": place}} for place in places]}


def routed(id: str, name: str, route: str | None, **more: Any) -> Resource:
    dosage = [{"route": {"coding": [{"code": route}]}}] if route else []
    return medication_request(id, name, code=id, dosageInstruction=dosage, **more)


# --- period and relation

ASTHMA = condition("asthma", "Asthma", code="195967001", onset="2012-03-01")
COLD = condition(
    "cold",
    "Common cold",
    code="82272006",
    onset="2013-01-10",
    abatementDateTime="2015-02-01",
    status="resolved",
)
OPEN = condition("open", "Anemia", code="271737000", onset="2013-05-01", status="resolved")
MONTHLY = {"dispenseRequest": {"expectedSupplyDuration": {"value": 30, "unit": "days"}}}
SUPPLIED = medication_request("sup", "Naproxen", code="1", authored="2013-12-20", status="stopped", **MONTHLY)
RENEWED = [
    medication_request(f"r{year}", "Simvastatin", code="2", authored=f"{year}-06-01", status="stopped")
    for year in (2013, 2014)
]

RELATIONS = [
    Case(
        "a problem is active in a year in which it went on",
        [ASTHMA, COLD],
        {"kind": "condition", "period": "in 2014"},
        ("Asthma", "Common cold"),
    ),
    Case(
        "started is its first day",
        [ASTHMA, COLD],
        {"kind": "condition", "period": "in 2013", "relation": "started"},
        ("Common cold",),
    ),
    Case(
        "ended is its last day",
        [ASTHMA, COLD],
        {"kind": "condition", "period": "in 2015", "relation": "ended"},
        ("Common cold",),
    ),
    Case(
        "active in a time is active then, not now",
        [COLD],
        {"kind": "condition", "period": "in 2014", "status": "active", "give": "exists"},
        (True,),
    ),
    Case(
        "over before the year",
        [COLD],
        {"kind": "condition", "period": "in 2016", "give": "exists"},
        (False,),
        "none recorded",
    ),
    Case(
        "of a problem that ended on an unknown day nothing is told",
        [OPEN],
        {"kind": "condition", "period": "in 2016", "give": "exists"},
        (),
        "no value",
        ("resolved, but the record does not say since when",),
    ),
    Case(
        "in the year of its start it surely was",
        [OPEN],
        {"kind": "condition", "period": "in 2013", "give": "exists"},
        (True,),
    ),
    Case(
        "what is open is named beside what is sure",
        [ASTHMA, OPEN],
        {"kind": "condition", "period": "in 2016", "give": "count"},
        (1,),
        "found",
        (
            "resolved, but the record does not say since when",
            "1 more may belong, which the record does not say: Anemia",
        ),
    ),
    Case(
        "a problem without a date may have been there",
        [condition("u", "Myopia", onset=None)],
        {"kind": "condition", "period": "in 2016", "give": "exists"},
        (),
        "no value",
        ("no date is recorded",),
    ),
    Case(
        "a prescription lasts as long as its supply",
        [SUPPLIED],
        {"kind": "medication", "period": "in 2014", "give": "exists"},
        (True,),
        "found",
        ("no end is recorded; supplied for 30 days",),
    ),
    Case(
        "a prescription lasts until it is renewed",
        RENEWED,
        {"kind": "medication", "period": "in March 2014", "give": "exists"},
        (True,),
        "found",
        ("no end is recorded; taken to last until prescribed again",),
    ),
    Case(
        "of what began in a year its months are open",
        [condition("g", "Gout", onset="2018")],
        {"kind": "condition", "period": "in February 2018", "give": "exists"},
        (),
        "no value",
    ),
    Case(
        "and the year itself is not",
        [condition("g", "Gout", onset="2018")],
        {"kind": "condition", "period": "in 2018", "give": "exists"},
        (True,),
    ),
    Case(
        "a year that holds the month leaves it open",
        [procedure("p", when="2018")],
        {"kind": "procedure", "period": "in March 2018", "give": "exists"},
        (),
        "no value",
        ("1 dated to a month or year that leaves it open",),
    ),
    Case(
        "a problem that is over since an unknown day may have ended in the year",
        [OPEN],
        {"kind": "condition", "period": "in 2015", "relation": "ended", "give": "exists"},
        (),
        "no value",
    ),
    Case(
        "what goes on has not ended in the year",
        [ASTHMA],
        {"kind": "condition", "period": "in 2015", "relation": "ended", "give": "exists"},
        (False,),
        "none recorded",
    ),
    Case(
        "of other kinds the date counts",
        [procedure("p2013", when="2013-01-01"), procedure("p2014", when="2014-01-01")],
        {"kind": "procedure", "period": "in 2014", "give": "date"},
        ("2014-01-01",),
    ),
    Case(
        "a diagnosis without a date has that of its encounter",
        [encounter("stay", of_class="IMP", start="2019-04-03", end="2019-04-06")]
        + [condition("fx", "Fracture of forearm", onset=None, **within("stay"))],
        {"kind": "condition", "give": "date"},
        ("2019-04-03",),
        "found",
        ("1 without a date of their own have that of their encounter",),
    ),
]


@pytest.mark.parametrize("case", RELATIONS, ids=lambda case: case.id)
def test_how_a_period_places_a_thing(case: Case) -> None:
    check(case)


# --- next to what another call found

ADMISSION = encounter(
    "adm",
    "Hospital admission",
    of_class="IMP",
    start="2019-04-03T08:00:00+02:00",
    end="2019-04-06T18:00:00+02:00",
)
ICU = encounter(
    "icu",
    "Intensive care",
    of_class="ACUTE",
    start="2019-04-04T08:00:00+02:00",
    end="2019-04-05T08:00:00+02:00",
    **part_of("adm"),
    **at("Medical Intensive Care Unit (MICU)"),
)
TIMES = {
    "day before": "2019-04-02",
    "same day": "2019-04-03",
    "morning": "2019-04-03T07:00:00+02:00",
    "noon": "2019-04-03T12:00:00+02:00",
    "second day": "2019-04-04",
    "last evening": "2019-04-06T20:00:00+02:00",
    "day after": "2019-04-07",
    "month": "2019-04",
}
PROCEDURES = [procedure(name, name, code=name, when=when) for name, when in TIMES.items()]

BESIDE = [
    (
        "before a time of day: by the instant; a day is not before itself",
        "before",
        None,
        "day before, morning",
    ),
    ("after a time of day", "after", None, "noon, second day, last evening, day after"),
    ("after its end", "after end", None, "last evening, day after"),
    (
        "during: from its first day to its last",
        "during",
        None,
        "same day, morning, noon, second day, last evening",
    ),
    (
        "at a stay: what surely overlaps it, so a month does not",
        "at",
        None,
        "same day, morning, noon, second day, last evening",
    ),
    ("within days of its start", "after", 1, "noon, second day"),
    ("within days of its end", "after end", 0, "last evening"),
    ("the nearest on either side; a day is as near as any time of it", "nearest", None, "same day, morning"),
]


@pytest.mark.parametrize(("id", "relation", "days", "names"), BESIDE, ids=[row[0] for row in BESIDE])
def test_next_to_a_stay(id: str, relation: str, days: int | None, names: str) -> None:
    when = {"is": relation, "of": "a"} | ({"within": days} if days is not None else {})
    calls = [
        Call("find", {"kind": "encounter", "category": "inpatient"}),
        Call("find", {"kind": "procedure", "when": when}),
    ]

    evidence = run_plan(calls, patient_record(patient(), ADMISSION, *PROCEDURES))[1]

    assert set(evidence.values) == set(names.split(", "))


@dataclass(frozen=True)
class Pair:
    id: str
    record: list[Resource]
    anchor: dict[str, Any]
    call: dict[str, Any]
    values: tuple[Any, ...]
    notes: tuple[str, ...] = ()
    outcome: Outcome = "found"


INSULIN = [
    medication_request(f"ins{year}", "Insulin", code="3", authored=f"{year}-05-01") for year in (2015, 2018)
]
DAYS = [
    procedure(day, day, code=day, when=day)
    for day in ("2015-04-29", "2015-05-01", "2015-05-03", "2018-06-01")
]
PAIRS = [
    Pair(
        "of several the first is meant, and it is said",
        [*INSULIN, *DAYS],
        {"kind": "medication", "concept": "insulin"},
        {"kind": "procedure", "when": {"is": "before", "of": "a"}},
        ("2015-04-29",),
        ("of 2 times of insulin the first is meant (2015-05-01)",),
    ),
    Pair(
        "at a moment is on its day",
        [*INSULIN[:1], *DAYS],
        {"kind": "medication", "concept": "insulin", "give": "date"},
        {"kind": "procedure", "when": {"is": "at", "of": "a"}},
        ("2015-05-01",),
    ),
    Pair(
        "two that are equally near are both told",
        [*INSULIN[:1], DAYS[0], DAYS[2]],
        {"kind": "medication", "concept": "insulin"},
        {"kind": "procedure", "when": {"is": "nearest", "of": "a"}},
        ("2015-04-29", "2015-05-03"),
    ),
    Pair(
        "what is after the end of what goes on is open",
        [ASTHMA, *DAYS],
        {"kind": "condition", "concept": "asthma"},
        {"kind": "procedure", "when": {"is": "after end", "of": "a"}},
        (),
        ("asthma is recorded without an end: it goes on, so there is no “after end” it",),
        "no value",
    ),
    Pair(
        "what belongs to a part of the stay belongs to the stay, whatever its date",
        [ADMISSION, ICU, procedure("linked", "Bronchoscopy", when="2019-04-09", **within("icu"))],
        {"kind": "encounter", "category": "inpatient"},
        {"kind": "procedure", "when": {"is": "during", "of": "a"}},
        ("Bronchoscopy",),
    ),
    Pair(
        "a drug that goes on is active in the stay",
        [ADMISSION, medication_request("met", authored="2018-06-01")],
        {"kind": "encounter", "category": "inpatient"},
        {"kind": "medication", "when": {"is": "during", "of": "a"}},
        ("Metformin hydrochloride 500 MG Oral Tablet",),
    ),
    Pair(
        "but it started before",
        [ADMISSION, medication_request("met", authored="2018-06-01")],
        {"kind": "encounter", "category": "inpatient"},
        {"kind": "medication", "when": {"is": "during", "of": "a"}, "relation": "started"},
        (),
        outcome="none recorded",
    ),
    Pair(
        "what was not found places nothing",
        [ADMISSION],
        {"kind": "medication", "concept": "insulin"},
        {"kind": "encounter", "when": {"is": "before", "of": "a"}},
        (),
        ("no insulin is recorded, so there is no “before” it",),
        "none recorded",
    ),
    Pair(
        "an end as a time",
        [ADMISSION, *PROCEDURES],
        {"kind": "encounter", "category": "inpatient", "give": "end time"},
        {"kind": "procedure", "when": {"is": "after", "of": "a"}},
        ("last evening", "day after"),
        ("1 more may belong, which the record does not say: month",),
    ),
    Pair(
        "whether a thing of a month is after a day in it is open",
        [
            condition("mets", "Metastases", code="94381002", onset="2018-12"),
            procedure("b", when="2018-12-20"),
        ],
        {"kind": "procedure"},
        {"kind": "condition", "when": {"is": "after", "of": "a"}, "relation": "started", "give": "exists"},
        (),
        ("1 dated to a month or year that leaves it open",),
        "no value",
    ),
    Pair(
        "what came on a later day may be in a problem that is over since an unknown day",
        [OPEN, procedure("later", when="2013-07-01")],
        {"kind": "condition"},
        {"kind": "procedure", "when": {"is": "during", "of": "a"}, "give": "exists"},
        (),
        ("resolved, but the record does not say since when",),
        "no value",
    ),
    Pair(
        "on its first day it surely was",
        [OPEN, procedure("first", when="2013-05-01")],
        {"kind": "condition"},
        {"kind": "procedure", "when": {"is": "during", "of": "a"}, "give": "exists"},
        (True,),
        ("resolved, but the record does not say since when",),
    ),
    Pair(
        "before it surely not",
        [OPEN, procedure("earlier", when="2013-04-30")],
        {"kind": "condition"},
        {"kind": "procedure", "when": {"is": "during", "of": "a"}, "give": "exists"},
        (False,),
        ("resolved, but the record does not say since when",),
        "none recorded",
    ),
    Pair(
        "a stay without an end is longer than its first day",
        [encounter("s", of_class="IMP", start="2019-04-03", end=None), procedure("p", when="2019-04-05")],
        {"kind": "encounter"},
        {"kind": "procedure", "when": {"is": "during", "of": "a"}, "give": "exists"},
        (),
        ("finished, but the record does not say since when",),
        "no value",
    ),
    Pair(
        "nothing is surely after the end of a prescription of unknown length",
        [medication_request("old", "Insulin", code="3", authored="2015-05-01", status="stopped"), *DAYS],
        {"kind": "medication", "concept": "insulin"},
        {"kind": "procedure", "when": {"is": "after end", "of": "a"}, "pick": "first"},
        (),
        (
            "insulin is recorded without an end: stopped, but the record does not say since when, so there is no"
            " “after end” it",
        ),
        "no value",
    ),
]


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case.id)
def test_next_to_what_another_call_found(case: Pair) -> None:
    record = patient_record(patient(), *case.record)

    evidence = run_plan([Call("find", case.anchor), Call("find", case.call)], record)[1]

    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    assert evidence.notes == case.notes


def test_a_drug_that_went_on_at_death_lasted_until_then() -> None:
    insulin = medication_request("ins", "Insulin", code="3", authored="2015-04-30")
    calls = [
        Call("find", {"kind": "medication", "concept": "insulin"}),
        Call("find", {"kind": "procedure", "when": {"is": "during", "of": "a"}}),
    ]

    evidence = run_plan(calls, patient_record(patient(deceasedDateTime="2015-05-02"), insulin, *DAYS))[1]

    assert evidence.values == ("2015-05-01",)


# --- pick

SHOTS = [procedure(f"s{n}", f"Shot {n}", code=str(n), when=f"201{n}-01-01") for n in range(1, 5)]
STAYS = [
    encounter(f"e{n}", f"Stay {n}", of_class="IMP", start=f"201{n}-01-01", end=f"201{n}-01-{last:02}")
    for n, last in ((1, 3), (2, 9), (3, 2))
]
PICKS = [
    Case("the second", SHOTS, {"pick": "nth", "n": 2}, ("Shot 2",)),
    Case("the last but one", SHOTS, {"pick": "nth", "n": -2}, ("Shot 3",)),
    Case(
        "the ninth of four", SHOTS, {"pick": "nth", "n": 9}, (), "none recorded", ("recorded 4 times only",)
    ),
    Case("the last two", SHOTS, {"pick": "last", "n": 2}, ("Shot 3", "Shot 4")),
    Case("the first two", SHOTS, {"pick": "first", "n": 2}, ("Shot 1", "Shot 2")),
    Case(
        "the last nine of four, and how many there are",
        SHOTS,
        {"pick": "last", "n": 9, "give": "count"},
        (4,),
        "found",
        ("recorded 4 times only",),
    ),
    Case("the longest", STAYS, {"kind": "encounter", "pick": "longest"}, ("Stay 2",)),
    Case("the shortest", STAYS, {"kind": "encounter", "pick": "shortest", "give": "duration"}, (1,)),
    Case(
        "a problem that goes on lasts until now",
        [ASTHMA, COLD],
        {"kind": "condition", "pick": "longest"},
        ("Asthma",),
    ),
    Case(
        "what has no end cannot be compared",
        [COLD, OPEN],
        {"kind": "condition", "pick": "longest"},
        ("Common cold",),
        "found",
        ("1 without an end could not be compared",),
    ),
    Case(
        "where nothing has an end none is the longest",
        [OPEN],
        {"kind": "condition", "pick": "longest", "give": "duration"},
        (),
        "no value",
        ("1 without an end could not be compared",),
    ),
    Case("most often", [*SHOTS, SHOTS[0] | {"id": "again"}], {"pick": "most often"}, ("Shot 1",)),
]


@pytest.mark.parametrize("case", PICKS, ids=lambda case: case.id)
def test_which_of_several(case: Case) -> None:
    check(
        Case(case.id, case.record, {"kind": "procedure"} | case.call, case.values, case.outcome, case.notes)
    )


# --- what to give

CLOCKED = encounter("c", of_class="IMP", start="2025-08-23T16:45:00-04:00", end="2025-08-25T10:15:00-04:00")
BY_DAY = encounter("d", of_class="IMP", start="2019-01-31", end="2020-02-29")
GIVEN = [
    Case("time to the minute, local as recorded", [CLOCKED], {"give": "time"}, ("2025-08-23 16:45",)),
    Case("end to the minute", [CLOCKED], {"give": "end time"}, ("2025-08-25 10:15",)),
    Case("a day where no time is recorded", [BY_DAY], {"give": "time"}, ("2019-01-31",)),
    Case("days between the two dates", [CLOCKED], {"give": "duration"}, (2,)),
    Case("days exactly", [CLOCKED], {"give": "duration", "unit": "days"}, (Decimal("1.73"),)),
    Case("hours", [CLOCKED], {"give": "duration", "unit": "hours"}, (Decimal("41.5"),)),
    Case("minutes", [CLOCKED], {"give": "duration", "unit": "minutes"}, (2490,)),
    Case("weeks are whole", [BY_DAY], {"give": "duration", "unit": "weeks"}, (56,)),
    Case("months by the calendar", [BY_DAY], {"give": "duration", "unit": "months"}, (12,)),
    Case("years by the calendar", [BY_DAY], {"give": "duration", "unit": "years"}, (1,)),
    Case(
        "hours of what has only days",
        [BY_DAY],
        {"give": "duration", "unit": "hours"},
        (),
        "no value",
        ("only days are recorded, no times of day",),
    ),
    Case(
        "an open stay has no length",
        [encounter("o", of_class="IMP", end=None)],
        {"give": "duration"},
        (),
        "no value",
    ),
    Case(
        "a stay that is to end tomorrow has lasted until now",
        [encounter("due", of_class="IMP", status="in-progress", start="2025-12-28", end="2026-01-02")],
        {"give": "duration"},
        (4,),
    ),
    Case(
        "what was over early has not lasted until now",
        [condition("w", "Wound", onset="2025-12-01", status="resolved", abatementDateTime="2025-12-11")],
        {"kind": "condition", "give": "duration"},
        (10,),
    ),
    Case(
        "of several the last that ended, and that another goes on",
        [STAYS[2], encounter("now", of_class="IMP", status="in-progress", start="2025-12-28", end=None)],
        {"give": "end", "pick": "last"},
        ("2013-01-02",),
        "found",
        ("one from 2025-12-28 has no recorded end: it is in-progress",),
    ),
    Case(
        "the last of all is measured, not the last that ended",
        [STAYS[2], encounter("now", of_class="IMP", status="in-progress", start="2025-12-28", end=None)],
        {"give": "duration", "pick": "last"},
        (4,),
    ),
    Case(
        "hours of a stay that goes on, until the clock's day begins",
        [encounter("now", of_class="IMP", status="in-progress", start="2025-12-30T14:30:00-05:00", end=None)],
        {"give": "duration", "unit": "hours"},
        (Decimal("33.5"),),
        "found",
        (),
    ),
    Case(
        "a length to a month is said to be one",
        [condition("dvt", "DVT", onset="2019-01-12", status="resolved", abatementDateTime="2019-08")],
        {"kind": "condition", "give": "duration"},
        (231,),
        "found",
        ("the end is recorded only as 2019-08",),
    ),
    Case(
        "a stay without an end is left out of the lengths, and that is said",
        [STAYS[0], encounter("o", of_class="IMP", start="2014-01-01", end=None)],
        {"give": "duration"},
        (2,),
        "found",
        ("1 of unknown length left out",),
    ),
    Case(
        "an age at onset that is recorded",
        [
            condition(
                "a", "Asthma", onset=None, recordedDate="2020-01-01", onsetAge={"value": 7.5, "code": "a"}
            )
        ],
        {"kind": "condition", "give": "age"},
        (7,),
    ),
    Case(
        "a range of ages at onset is no age",
        [
            condition(
                "a",
                "Asthma",
                onset=None,
                recordedDate="2020-01-01",
                onsetRange={"low": {"value": 5}, "high": {"value": 9}},
            )
        ],
        {"kind": "condition", "give": "age"},
        (),
        "no value",
    ),
    Case("different names", STAYS, {"give": "distinct"}, (3,)),
    Case("where she went", [CLOCKED], {"give": "attribute", "part": "discharge"}, (), "no value"),
    Case(
        "where she went, as recorded",
        [CLOCKED | {"hospitalization": {"dischargeDisposition": {"text": "HOME"}}}],
        {"give": "attribute", "part": "discharge"},
        ("HOME",),
    ),
    Case(
        "visits for a problem that is misspelt",
        [
            condition("epi", "Seizure disorder", code="128613002"),
            encounter("fit", "Emergency visit", reasonCode=[{"text": "seizure"}]),
            encounter("check", "Check up"),
        ],
        {"reason": "siezures"},
        ("Emergency visit",),
    ),
    Case(
        "a visit without a reason was for what was diagnosed at it",
        [
            condition("wrist", "Fracture of wrist", code="65966004", encounter={"reference": "Encounter/er"}),
            encounter("er", "Emergency visit"),
            encounter("check", "Check up"),
        ],
        {"reason": "broken wrist"},
        ("Emergency visit",),
    ),
    Case(
        "the codes of a problem",
        [condition("ckd", "Chronic kidney disease stage 3", code="433144002")],
        {"kind": "condition", "give": "attribute", "part": "code"},
        ("433144002",),
    ),
    Case(
        "a stage that its name says",
        [condition("ckd", "Chronic kidney disease stage 3")],
        {"kind": "condition", "give": "attribute", "part": "stage"},
        ("Chronic kidney disease stage 3",),
    ),
    Case(
        "type of admission",
        [CLOCKED | {"priority": {"coding": [{"code": "EM"}]}}],
        {"give": "attribute", "part": "admission type"},
        ("EM",),
    ),
    Case(
        "route",
        [routed("po", "Aspirin", "PO")],
        {"kind": "medication", "give": "attribute", "part": "route"},
        ("PO",),
    ),
    Case(
        "severity of an allergy's reaction",
        [allergy("nut", reaction=[{"manifestation": [{"text": "Hives"}]}])],
        {"kind": "allergy", "give": "attribute", "part": "reaction"},
        ("Hives",),
    ),
    Case(
        "the organism that a culture is made of",
        [
            observation(
                "cult", "Urine culture", code="c", value=None, hasMember=[{"reference": "Observation/org"}]
            ),
            observation("org", "ESCHERICHIA COLI", code="o", value=None),
        ],
        {"kind": "observation", "concept": "urine culture", "give": "attribute", "part": "organism"},
        ("ESCHERICHIA COLI",),
    ),
    Case(
        "the specimen, by its name",
        [
            observation("cult", "Culture", value=None, specimen={"reference": "Specimen/s"}),
            {
                "resourceType": "Specimen",
                "id": "s",
                "type": {"text": "SPUTUM"},
                "subject": {"reference": "Patient/p1"},
            },
        ],
        {"kind": "observation", "give": "attribute", "part": "specimen"},
        ("SPUTUM",),
    ),
    Case(
        "a component says it",
        [
            observation(
                "urine",
                "Urinalysis",
                value=None,
                component=[{"code": {"text": "Urine color"}, "valueString": "amber"}],
            )
        ],
        {"kind": "observation", "give": "attribute", "part": "color"},
        ("amber",),
    ),
]


@pytest.mark.parametrize("case", GIVEN, ids=lambda case: case.id)
def test_what_is_given(case: Case) -> None:
    call = {"kind": "encounter"} | case.call
    now = "2026-01-01"

    evidence = find(patient_record(patient(), *case.record, now=now), **call)

    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    assert case.notes is None or evidence.notes == case.notes


def test_what_went_on_at_death_lasted_until_then() -> None:
    record = patient_record(patient(deceasedDateTime="2018-03-01"), ASTHMA)

    evidence = find(record, "condition", give="duration", unit="years")

    assert (evidence.values, evidence.unit) == ((6,), "years")
    assert evidence.facts[0].text.endswith(", 6 full years until 2018-03-01")


LINES = [
    ("duration", CLOCKED, {"give": "duration"}, "2 days"),
    ("hours", CLOCKED, {"give": "duration", "unit": "hours"}, "41.5 hours"),
    ("time", CLOCKED, {"give": "time"}, "at 2025-08-23 16:45"),
    ("end time", CLOCKED, {"give": "end time"}, "ended 2025-08-25 10:15"),
]


@pytest.mark.parametrize(("id", "resource", "call", "end"), LINES, ids=[row[0] for row in LINES])
def test_the_line_says_it(id: str, resource: Resource, call: dict[str, Any], end: str) -> None:
    evidence = find(patient_record(patient(), resource, now="2026-01-01"), "encounter", **call)

    assert evidence.facts[0].text.endswith(f", {end}")


def test_several_on_a_day_carry_the_time() -> None:
    twice = [procedure(f"p{hour}", when=f"2020-03-01T{hour}:00:00+01:00") for hour in ("08", "10")]

    evidence = find(patient_record(patient(), *twice), "procedure")

    assert [fact.text for fact in evidence.facts] == [
        "Colonoscopy, done 2020-03-01, at 08:00",
        "Colonoscopy, done 2020-03-01, at 10:00",
    ]


# --- per year and month

VISITS = [procedure(f"v{n}", name, code=name, when=day) for n, (name, day) in enumerate(
    [("A", "2016-02-01"), ("B", "2016-03-01"), ("A", "2016-03-09"), ("A", "2018-01-01"), ("B", "2018-12-31")]
)]  # fmt: skip
PER = [
    Case("a count for each year, zeros between", VISITS, {"per": "year"}, (3, 0, 2)),
    Case("different names for each year", VISITS, {"per": "year", "give": "distinct"}, (2, 0, 2)),
    Case("the busiest year", VISITS, {"per": "year", "pick": "most often"}, ("2016",)),
    Case(
        "the busiest months, equally busy",
        VISITS[:2],
        {"per": "month", "pick": "most often"},
        ("2016-02", "2016-03"),
    ),
    Case("months of two years", VISITS[3:], {"per": "month"}, (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
    Case(
        "what lasts counts in the year in which it began",
        [ASTHMA, COLD],
        {"kind": "condition", "per": "year", "period": "since 2013"},
        (1,),
    ),
    Case("none", [], {"per": "year"}, (), "none recorded"),
    Case(
        "a year alone has no month",
        [procedure("y", when="2016")],
        {"per": "month"},
        (),
        "no value",
        ("1 without a month could not be counted",),
    ),
]


@pytest.mark.parametrize("case", PER, ids=lambda case: case.id)
def test_per_year_and_month(case: Case) -> None:
    check(
        Case(case.id, case.record, {"kind": "procedure"} | case.call, case.values, case.outcome, case.notes)
    )


def test_each_year_cites_its_newest() -> None:
    evidence = find(patient_record(patient(), *VISITS), "procedure", per="year")

    assert [(fact.text, fact.reference) for fact in evidence.facts] == [
        ("2016: 3", "Procedure/v2"),
        ("2017: 0", "Patient/p1"),
        ("2018: 2", "Procedure/v4"),
    ]
    assert evidence.result is not None
    assert [(item.name, item.number) for item in evidence.result.items] == [
        ("2016", 3),
        ("2017", 0),
        ("2018", 2),
    ]


# --- a problem that is only a part of a longer name

LONGER = ["Stroke rehabilitation", "Follow-up for stroke"]


@pytest.mark.parametrize("name", LONGER)
@pytest.mark.parametrize("give", ["exists", "absent"])
def test_a_longer_name_is_neither_a_yes_nor_a_no(name: str, give: Any) -> None:
    evidence = find(
        patient_record(patient(), condition("c", name, code="1")), "condition", "stroke", give=give
    )

    assert (evidence.outcome, evidence.values, evidence.references) == ("no value", (), ("Condition/c",))
    assert evidence.notes == ("“stroke” is only a part of the names that are recorded",)


# --- a drug that only a statement has, beside prescriptions

WARFARIN = {
    "resourceType": "MedicationStatement",
    "id": "war",
    "status": "active",
    "medicationCodeableConcept": {"text": "Warfarin 5 MG Oral Tablet"},
    "effectivePeriod": {"start": "2018-10-15"},
    "subject": {"reference": "Patient/p1"},
}
STATED = [
    Case("it is taken", [], {"concept": "warfarin", "give": "exists"}, (True,)),
    Case("in a year", [], {"concept": "warfarin", "give": "exists", "period": "in 2019"}, (True,)),
    Case("it is not absent", [], {"concept": "warfarin", "give": "absent"}, (False,)),
    Case("it has a name", [], {"concept": "warfarin"}, ("Warfarin 5 MG Oral Tablet",)),
    Case("a list of all is of prescriptions", [], {}, ("Metformin hydrochloride 500 MG Oral Tablet",)),
    Case(
        "what neither has is denied", [], {"concept": "insulin", "give": "exists"}, (False,), "none recorded"
    ),
]


@pytest.mark.parametrize("case", STATED, ids=lambda case: case.id)
def test_a_drug_that_only_a_statement_has(case: Case) -> None:
    record = [medication_request("met"), WARFARIN]
    check(Case(case.id, record, {"kind": "medication"} | case.call, case.values, case.outcome, case.notes))


# --- kinds, routes, places, stays

ORAL, DRIP, PUSH = (
    routed(id, name, route, authored="2019-01-01")
    for id, name, route in (
        ("or", "Aspirin", "PO"),
        ("dr", "Vancomycin", "IV DRIP"),
        ("pu", "Morphine", "IV"),
    )
)
SILENT = routed("si", "Heparin", None)
ED = encounter("ed", "Emergency visit", of_class="EMER", start="2018-08-01", end="2018-08-01")
VIA_ED = encounter(
    "via",
    "Stay via the emergency department",
    of_class="EMER",
    start="2017-08-01",
    end="2017-08-09",
    hospitalization={"admitSource": {"text": "EMERGENCY ROOM"}},
)
WARDED = encounter("war", "Ambulatory with a ward", start="2016-08-01", end="2016-08-02")
WARD = encounter("w", "On the ward", start="2016-08-01", end="2016-08-02", **part_of("war"), **at("Ward 3"))
OBSERVED = encounter("obs", "Observation", of_class="OBSENC", start="2015-08-01", end="2015-08-02")
CHECKUP = encounter("check", start="2014-08-01", end="2014-08-01", **at("Practice"))
ALL_VISITS = [ADMISSION, ICU, ED, VIA_ED, WARDED, WARD, OBSERVED, CHECKUP]
NARROWED = [
    Case("as recorded, and nothing else", [DRIP, PUSH], {"kind": "medication", "route": "IV"}, ("Morphine",)),
    Case("as people say it", [ORAL, DRIP, PUSH], {"kind": "medication", "route": "by mouth"}, ("Aspirin",)),
    Case(
        "every way of saying it",
        [ORAL, DRIP],
        {"kind": "medication", "route": "intravenous"},
        ("Vancomycin",),
    ),
    Case(
        "a name that tells the route",
        [medication_request("met")],
        {"kind": "medication", "route": "oral"},
        ("Metformin hydrochloride 500 MG Oral Tablet",),
    ),
    Case(
        "what does not say its route is no no",
        [ORAL, SILENT],
        {"kind": "medication", "route": "iv", "give": "exists"},
        (),
        "no value",
    ),
    Case(
        "none by that route",
        [ORAL],
        {"kind": "medication", "route": "iv", "give": "exists"},
        (False,),
        "none recorded",
    ),
    Case(
        "a route that is only a number is no no",
        [routed("co", "Aspirin", "26643006")],
        {"kind": "medication", "route": "iv", "give": "exists"},
        (),
        "no value",
    ),
    Case(
        "hospital stays",
        ALL_VISITS,
        {"kind": "encounter", "category": "inpatient"},
        ("Observation", "Ambulatory with a ward", "Stay via the emergency department", "Hospital admission"),
    ),
    Case(
        "stays in intensive care are parts",
        ALL_VISITS,
        {"kind": "encounter", "category": "icu"},
        ("Intensive care",),
    ),
    Case(
        "emergency by its class",
        ALL_VISITS,
        {"kind": "encounter", "category": "emergency", "give": "count"},
        (2,),
    ),
    Case(
        "of a stay that began in the emergency department that part is the visit there",
        [
            encounter("top", "Stay", of_class="EMER", end="2019-05-06", hospitalization={"admitSource": {}}),
            encounter("ed", "Emergency department", of_class="EMER", **part_of("top")),
        ],
        {"kind": "encounter", "category": "emergency"},
        ("Emergency department",),
    ),
    Case(
        "a place of a part is one of the stay",
        ALL_VISITS[:2],
        {"kind": "encounter", "place": "MICU", "give": "count"},
        (2,),
    ),
    Case(
        "a place by its words",
        [CHECKUP],
        {"kind": "encounter", "place": "practice", "give": "exists"},
        (True,),
    ),
    Case(
        "the emergency department by its class",
        [ED, CHECKUP],
        {"kind": "encounter", "place": "emergency department"},
        ("Emergency visit",),
    ),
    Case(
        "intensive care by the times of a location, where it is no part of its own",
        [
            encounter(
                "whole",
                of_class="IMP",
                start="2019-04-03",
                end="2019-04-09",
                location=[
                    {
                        "location": {"display": "Ward 3"},
                        "period": {"start": "2019-04-03", "end": "2019-04-05"},
                    },
                    {"location": {"display": "SICU"}, "period": {"start": "2019-04-05", "end": "2019-04-09"}},
                ],
            )
        ],
        {"kind": "encounter", "category": "intensive care", "give": "duration"},
        (4,),
    ),
    Case(
        "what was done in a part of the stay, by its time",
        [ADMISSION, ICU]
        + [procedure("in", "Bronchoscopy", when="2019-04-04T10:00:00+02:00", **within("adm"))]
        + [procedure("out", "Gastroscopy", code="x", when="2019-04-06T10:00:00+02:00", **within("adm"))],
        {"kind": "procedure", "place": "intensive care"},
        ("Bronchoscopy",),
    ),
    Case(
        "what hangs on a part of the stay is during the stay",
        [ADMISSION, ICU, procedure("in", "Bronchoscopy", when="2019-04-09", **within("icu"))],
        {"kind": "procedure", "period": "during the last admission"},
        ("Bronchoscopy",),
    ),
    Case(
        "what hangs on the stay as a whole is during its part in intensive care by its time",
        [
            ADMISSION,
            ICU,
            procedure("in", "Intubation", when="2019-04-04T12:00:00+02:00", **within("adm")),
            procedure("late", "Bronchoscopy", when="2019-04-05T12:00:00+02:00", **within("adm")),
            procedure("other", "Dialysis", when="2019-04-04T12:00:00+02:00"),
        ],
        {"kind": "procedure", "period": "during the last ICU stay"},
        ("Intubation",),
    ),
    Case(
        "a drug that went on in the stay, though it hangs on no part of it",
        [ADMISSION, medication_request("met", authored="2018-06-01")],
        {"kind": "medication", "period": "during the last admission", "give": "exists"},
        (True,),
    ),
    Case(
        "why she was in hospital: what was diagnosed in any part",
        [ADMISSION, ICU, condition("sep", "Sepsis", onset=None, **within("icu"))],
        {"kind": "encounter", "category": "inpatient", "give": "attribute", "part": "reason"},
        ("Sepsis",),
    ),
    Case(
        "any kind: wherever it stands",
        [allergy("pen", "Penicillin"), medication_request("pv", "Penicillin V 250 MG Oral Tablet", code="7")],
        {"kind": "any", "concept": "penicillin", "give": "count"},
        (2,),
    ),
    Case(
        "tests by what was examined",
        [
            observation("cult", "Culture", value=None, specimen={"display": "STOOL"}),
            observation("other", "Aspirate", value=None, specimen={"display": "SPUTUM"}),
        ],
        {"kind": "observation", "concept": "stool"},
        ("Culture",),
    ),
    Case(
        "any kind: a screening for depression is no depression",
        [procedure("phq", "Depression screening", code="171207006")],
        {"kind": "any", "concept": "depression", "give": "exists"},
        (False,),
        "none recorded",
    ),
    Case(
        "any kind: mentioned only",
        [encounter("v", reasonCode=[{"text": "Stroke"}])],
        {"kind": "any", "concept": "stroke", "give": "exists"},
        (False,),
        "none recorded",
        ("only mentioned, as a reason, person or place of 1 entries",),
    ),
]


@pytest.mark.parametrize("case", NARROWED, ids=lambda case: case.id)
def test_kinds_routes_places_and_stays(case: Case) -> None:
    check(case)


def test_a_specimen_of_another_patient_is_refused() -> None:
    culture = observation("cult", "Culture", value=None, specimen={"reference": "Specimen/theirs"})
    theirs = {"resourceType": "Specimen", "id": "theirs", "subject": {"reference": "Patient/p2"}}

    with pytest.raises(WrongPatient):
        find(patient_record(patient(), culture, theirs), "observation")


def test_any_kind_that_could_not_be_read_is_not_none() -> None:
    record = patient_record(patient(), ASTHMA, problems={"Procedure": ("2 could not be read",)})

    assert find(record, "any", "colonoscopy", give="exists").outcome == "unreadable"


# --- what another call can build on

TYPES: list[tuple[dict[str, Any], Type, tuple[str, ...], bool | None]] = [
    ({"give": "entry"}, "entries", ("Hospital admission",), None),
    ({"give": "date"}, "times", ("Hospital admission",), None),
    ({"give": "end"}, "times", ("Hospital admission",), None),
    ({"give": "count"}, "numbers", ("",), None),
    ({"give": "duration"}, "numbers", ("Hospital admission",), None),
    ({"give": "age"}, "numbers", ("Hospital admission",), None),
    ({"give": "attribute", "part": "status"}, "names", ("finished",), None),
    ({"give": "exists"}, "truth", (), True),
    ({"give": "absent"}, "truth", (), False),
    ({"give": "over"}, "truth", (), True),
    ({"per": "year"}, "numbers", ("2019",), None),
    ({"give": "exists", "concept": "nothing"}, "truth", (), False),
    ({"give": "count", "concept": "nothing"}, "numbers", ("",), None),
    ({"concept": "nothing"}, "entries", (), None),
]


@pytest.mark.parametrize(("call", "type", "names", "truth"), TYPES, ids=lambda x: str(x))
def test_the_result_is_of_the_type_that_the_plan_language_names(
    call: dict[str, Any], type: Type, names: tuple[str, ...], truth: bool | None
) -> None:
    planned = Call("find", {"kind": "encounter", **call})

    result = run_plan([planned], patient_record(patient(), ADMISSION))[0].result

    assert result is not None
    assert result.type == type
    assert (tuple(item.name for item in result.items), result.truth) == (names, truth)


REFUSED = [
    ({"kind": "any"}, "concept None: expected a name, as any kind may have it, e.g. 'diabetes'."),
    ({"pick": "nth"}, "n None: expected which moment, from 1 or from the end, e.g. '-2'."),
    ({"n": 2}, "n 2: expected with pick nth which moment, with first or last how many, e.g. '2'."),
    (
        {"per": "year", "give": "date"},
        "per 'year': expected give count or distinct, and pick all or most often, e.g. 'year'.",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_does_not_go_together_is_refused(call: dict[str, Any], message: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        find(patient_record(patient(), ADMISSION), **{"kind": "encounter", **call})

    assert str(refusal.value) == message
