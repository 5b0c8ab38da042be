"""The manifest of a record, and summaries for clinicians."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

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
from tests.tools.records_for_tests import WHOLE, whole_record
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.overview import overview
from tools.calls.program import run_plan
from tools.record import PatientRecord


def test_the_manifest_counts_every_kind_with_its_years_and_main_names() -> None:
    evidence = overview(whole_record())

    assert [fact.text for fact in evidence.facts] == [
        "Condition: 3 (2014 to 2016), Common cold, Diabetes mellitus type 2",
        "MedicationRequest: 2 (2018), Metformin hydrochloride 5…, Glipizide 5 MG Oral Tablet",
        "Procedure: 1 (2017), Colonoscopy",
        "Encounter: 2 (2019 to 2020), Encounter for check up, Hospital admission",
        "Observation: 2 (2020), Heart rate, Hemoglobin A1c/Hemoglobin…",
        "Immunization: 1 (2019), Influenza, seasonal, inje…",
    ]


def test_an_empty_record_holds_nothing() -> None:
    assert overview(patient_record(patient())).outcome == "none recorded"


def test_a_summary_has_problems_before_findings_and_leaves_the_past_out() -> None:
    evidence = overview(whole_record(), "patient")

    assert [fact.text for fact in evidence.facts] == [
        "Ada Moser, female, born 1980-02-29 (41 years old)",
        "Problem: Diabetes mellitus type 2, active, since 2015-03-01",
        "Problem: Full-time employment, active, since 2016-01-01",
        "Medication: Metformin hydrochloride 500 MG Oral Tablet, active, prescribed 2018-06-01",
        "Last visit: Hospital admission (inpatient), 2020-12-04 to 2020-12-07",
        "Vital sign: Heart rate 70/min on 2020-12-04",
        "Result: Hemoglobin A1c in Blood 8.1 % on 2020-12-04 (high)",
        "Last procedure: Colonoscopy, done 2017-04-05",
        "Last immunization: Influenza, seasonal, injectable, preservative free, given 2019-10-01",
    ]
    assert evidence.notes == ("no allergies are recorded",)


def test_for_a_visit_what_came_with_and_after_the_last_one_is_first() -> None:
    news = condition("new", "Diabetic retinopathy (disorder)", code="4855003", onset="2021-02-01")

    evidence = overview(patient_record(*WHOLE, news), "visit")

    assert [fact.text for fact in evidence.facts][1:3] == [
        "Last visit: Hospital admission (inpatient), 2020-12-04 to 2020-12-07",
        "New problem since then: Diabetic retinopathy, active, since 2021-02-01",
    ]


@pytest.mark.parametrize("of", ["record", "patient", "visit"])
def test_a_summary_fits_a_prompt_whatever_the_record(of: Literal["record", "patient", "visit"]) -> None:
    many = [condition(f"c{n}", f"Chronic disorder number {n} (disorder)", code=str(n)) for n in range(300)]

    evidence = overview(patient_record(*WHOLE, *many, allergy("nut")), of)

    assert sum(len(fact.text) for fact in evidence.facts) < 2100
    assert of == "record" or "302 active problems, 6 shown" in evidence.notes


def linked(condition_id: str) -> list[dict[str, str]]:
    return [{"reference": f"Condition/{condition_id}"}]


def at(encounter_id: str) -> dict[str, str]:
    return {"reference": f"Encounter/{encounter_id}"}


def care_plan(id: str, condition_id: str) -> dict[str, Any]:
    return {
        "resourceType": "CarePlan",
        "id": id,
        "status": "active",
        "intent": "order",
        "category": [{"text": "Diabetes self management plan"}],
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2019-06-01"},
        "addresses": linked(condition_id),
    }


def given(id: str, drug: str, on: str, encounter_id: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": "completed",
        "medicationCodeableConcept": {"text": drug},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": on,
        "context": at(encounter_id),
    }


HIGH = [{"coding": [{"code": "H"}]}]
DIABETES = condition("dm", "Diabetes mellitus type 2 (disorder)", code="44054006")
COURSE = (
    patient(),
    DIABETES,
    condition("htn"),
    encounter("seen", "Diabetes follow-up", start="2019-06-01", end="2019-06-01", reasonReference=linked("dm")),
    encounter("other", "Check up", start="2020-06-01", end="2020-06-01", reasonReference=linked("htn")),
    medication_request("met", reasonReference=linked("dm")),
    medication_request(
        "lisinopril", "Lisinopril 10 MG", code="314076", reasonReference=linked("htn"), encounter=at("seen"),
    ),
    medication_request("statin", "Simvastatin 20 MG", code="312961", encounter=at("seen")),
    procedure("feet", "Diabetic foot examination", reasonReference=linked("dm")),
    procedure("scope"),
    care_plan("plan", "dm"),
    observation("high", value=8.1, interpretation=HIGH, when="2019-06-01", encounter=at("seen")),
    observation("elsewhere", value=7.0, when="2020-06-01", encounter=at("other")),
)  # fmt: skip


def test_a_problem_has_what_is_linked_to_it_and_no_more() -> None:
    evidence = overview(patient_record(*COURSE), "problem", concept="diabetes")

    assert [fact.text for fact in evidence.facts] == [
        "Problem: Diabetes mellitus type 2, active, since 2015-03-01",
        "Medication for it: Metformin hydrochloride 500 MG Oral Tablet, active, prescribed 2018-06-01",
        "Prescribed at a visit for it: Simvastatin 20 MG, active, prescribed 2018-06-01",
        "Visit for it: Diabetes follow-up (outpatient), on 2019-06-01",
        "Procedure for it: Diabetic foot examination, done 2017-04-05",
        "Care plan for it: Diabetes self management plan, active, since 2019-06-01",
        "Result at a visit for it: Hemoglobin A1c in Blood 8.1 % on 2019-06-01 (high)",
    ]
    assert (evidence.outcome, evidence.values) == ("found", ("Diabetes mellitus type 2 (disorder)",))
    assert evidence.arguments == {"of": "problem", "concept": "diabetes"}


def test_a_problem_that_came_again_is_told_once_and_counted() -> None:
    colds = [
        condition(
            f"cold{year}", "Common cold (disorder)", code="82272006", onset=f"{year}-01-05", status="resolved"
        )
        for year in (2015, 2018, 2020)
    ]

    evidence = overview(patient_record(patient(), *colds), "problem", concept="common cold")

    assert [fact.text for fact in evidence.facts] == ["Problem: Common cold, resolved, since 2020-01-05"]
    assert evidence.notes == ("recorded 3 times, first on 2015-01-05",)


def test_a_problem_that_is_not_recorded_is_none_though_a_visit_may_name_it() -> None:
    visit = encounter("cough", reasonCode=[{"text": "Suspected asthma"}])

    evidence = overview(patient_record(*COURSE, visit), "problem", concept="asthma")

    assert (evidence.outcome, evidence.values) == ("none recorded", ())
    assert [fact.text for fact in evidence.facts] == [
        "Names it: Encounter for check up (outpatient), on 2019-05-02, for Suspected asthma"
    ]
    assert [cover.kind for cover in evidence.coverage] == ["Condition"]


STAY = (
    patient(),
    condition(
        "ami", "Acute myocardial infarction (disorder)", code="57054005", onset=None, encounter=at("ward"),
    ),
    encounter(
        "stay", "Hospital admission", of_class="EMER", start="2020-12-04T08:00:00Z", end="2020-12-07T12:00:00Z",
        reasonCode=[{"text": "Chest pain"}, {"text": "Short of breath"}],
        hospitalization={"dischargeDisposition": {"text": "Discharged to home"}},
    ),
    encounter(
        "ward", "Coronary care", of_class="ACUTE", start="2020-12-04T10:00:00Z", end="2020-12-06T10:00:00Z",
        partOf=at("stay"),
    ),
    encounter("old", "Hospital admission", of_class="IMP", start="2018-02-01", end="2018-02-02"),
    encounter("er", "Emergency visit", of_class="EMER", start="2021-02-01", end="2021-02-01"),
    procedure("pci", "Percutaneous coronary intervention", when="2020-12-04T11:00:00Z", encounter=at("ward")),
    procedure("later", "Check of wound", when="2021-01-10T11:00:00Z"),
    medication_request("aspirin", "Aspirin 100 MG", code="1", authored="2020-12-05", encounter=at("stay")),
    given("heparin", "Heparin", "2020-12-04T12:00:00Z", "ward"),
    observation(
        "troponin", "Troponin T", code="6598-7", value=900, unit="ng/L", when="2020-12-04T09:00:00Z",
        interpretation=HIGH,
    ),
)  # fmt: skip


def test_a_stay_has_what_comes_of_any_part_of_it() -> None:
    evidence = overview(patient_record(*STAY), "stay")

    assert [fact.text for fact in evidence.facts] == [
        "Stay: Hospital admission (emergency), 2020-12-04 to 2020-12-07, for Chest pain, 3 days",
        "Reason: Chest pain, Short of breath",
        "Diagnosis: Acute myocardial infarction, active",
        "Procedure: Percutaneous coronary intervention, done 2020-12-04",
        "Drug started: Aspirin 100 MG, active, prescribed 2020-12-05",
        "Drug given: Heparin, given 2020-12-04",
        "Result: Troponin T 900 ng/L on 2020-12-04 (high)",
        "Part of the stay: Coronary care (inpatient), 2020-12-04 to 2020-12-06",
        "Discharge: Discharged to home on 2020-12-07",
    ]
    assert (evidence.period, evidence.notes) == (
        "2020-12-04 to 2020-12-07",
        ("of 2 such stays this is the last",),
    )


@dataclass(frozen=True)
class Stay:
    id: str
    concept: str | None
    when: dict[str, object] | None
    of: dict[str, object]
    shown: str


STAYS = [
    Stay("the one for a problem", "myocardial infarction", None, {}, "2020-12-04"),
    Stay("the one for words of its reason", "chest pain", None, {}, "2020-12-04"),
    Stay(
        "the last before something", None, {"is": "before", "of": "a"},
        {"kind": "procedure", "concept": "percutaneous coronary intervention"}, "2020-12-04",
    ),
    Stay(
        "the first after something", None, {"is": "after", "of": "a"},
        {"kind": "condition", "concept": "hypertension"}, "2018-02-01",
    ),
    Stay(
        "the one at which something was done", None, {"is": "at", "of": "a"},
        {"kind": "procedure", "concept": "percutaneous coronary intervention"}, "2020-12-04",
    ),
    Stay(
        "the nearest", None, {"is": "nearest", "of": "a"}, {"kind": "procedure", "concept": "check of wound"},
        "2020-12-04",
    ),
    Stay(
        "none at which it was done", None, {"is": "at", "of": "a"},
        {"kind": "procedure", "concept": "check of wound"}, "",
    ),
    Stay("none for it", "pneumonia", None, {}, ""),
]  # fmt: skip


@pytest.mark.parametrize("case", STAYS, ids=lambda case: case.id)
def test_which_stay_is_meant(case: Stay) -> None:
    asked = {"concept": case.concept, "when": case.when}
    stay = Call("overview", {"of": "stay"} | {name: value for name, value in asked.items() if value}, "b")
    calls = [Call("find", case.of, "a"), stay] if case.of else [stay]

    evidence = run_plan(calls, patient_record(*STAY, condition("htn")))[-1]

    assert evidence.period.partition(" ")[0] == case.shown
    assert case.shown or (evidence.outcome, evidence.notes) == (
        "none recorded",
        ("hospital stays recorded: 2, none of which is meant",),
    )


NEWS = (
    patient(),
    condition("old", "Asthma (disorder)", code="195967001", onset="2010-01-01"),
    condition(
        "over", "Bronchitis (disorder)", code="10509002", onset="2018-01-01", status="resolved",
        abatementDateTime="2020-02-01",
    ),
    condition("new", "Gout (disorder)", code="90560007", onset="2020-03-01"),
    medication_request("again", authored="2020-05-01"),
    medication_request("before", authored="2018-05-01", status="stopped"),
    medication_request("first", "Allopurinol 100 MG", code="2", authored="2020-03-01"),
    allergy("nuts", recordedDate="2020-04-01"),
    encounter("seen", start="2020-03-01", end="2020-03-01"),
    encounter("stay", "Hospital admission", of_class="IMP", start="2020-02-01", end="2020-02-03"),
    observation("urate", "Urate", code="3084-1", value=9, unit="mg/dL", when="2020-03-01", interpretation=HIGH),
    observation(
        "now", "Heart rate", code="8867-4", value=70, unit="/min", when="2020-03-01", category="vital-signs",
    ),
    observation(
        "then", "Heart rate", code="8867-4", value=90, unit="/min", when="2019-03-01", category="vital-signs",
    ),
)  # fmt: skip


def test_what_is_new_since_a_day_is_told_with_what_it_was_before() -> None:
    evidence = overview(patient_record(*NEWS), since="2020-01-15")

    assert [fact.text for fact in evidence.facts] == [
        "New problem: Gout, active, since 2020-03-01",
        "Resolved problem: Bronchitis, resolved, 2018-01-01 to 2020-02-01",
        "Started drug: Allopurinol 100 MG, active, prescribed 2020-03-01",
        "New allergy: Allergy to peanuts, active, since 2020-04-01",
        "Visit: Hospital admission (inpatient), 2020-02-01 to 2020-02-03",
        "Visit: Encounter for check up (outpatient), on 2020-03-01",
        "Abnormal result: Urate 9 mg/dL on 2020-03-01 (high)",
        "Vital sign: Heart rate 70/min on 2020-03-01",
        "Vital sign before: Heart rate 90/min on 2019-03-01",
    ]
    assert (evidence.period, evidence.arguments) == ("since 2020-01-15", {"since": "2020-01-15"})
    assert "drugs of before prescribed again: 1" in evidence.notes


def test_what_was_new_between_two_days_leaves_out_what_came_later() -> None:
    evidence = overview(patient_record(*NEWS), since="from 2020-01-15 to 2020-03-15")

    assert [fact.text for fact in evidence.facts] == [
        "New problem: Gout, active, since 2020-03-01",
        "Resolved problem: Bronchitis, resolved, 2018-01-01 to 2020-02-01",
        "Started drug: Allopurinol 100 MG, active, prescribed 2020-03-01",
        "Visit: Hospital admission (inpatient), 2020-02-01 to 2020-02-03",
        "Visit: Encounter for check up (outpatient), on 2020-03-01",
        "Abnormal result: Urate 9 mg/dL on 2020-03-01 (high)",
        "Vital sign: Heart rate 70/min on 2020-03-01",
        "Vital sign before: Heart rate 90/min on 2019-03-01",
    ]
    assert evidence.period == "from 2020-01-15 to 2020-03-15"


@dataclass(frozen=True)
class Since:
    words: str
    period: str
    outcome: str = "found"


@pytest.mark.parametrize(
    "case",
    [
        Since("2020", "since 2020"),
        Since("since 2020-02", "since 2020-02"),
        Since("the last admission", "since the admission of 2020-02-01"),
        Since("since the last visit", "since the visit of 2020-03-01"),
        Since("2021-01-01", "since 2021-01-01", "none recorded"),
        Since("the heart transplant", "", "none recorded"),
    ],
    ids=lambda case: case.words,
)
def test_since_is_a_day_or_words(case: Since) -> None:
    evidence = overview(patient_record(*NEWS), since=case.words)

    assert (evidence.period, evidence.outcome) == (case.period, case.outcome)


@dataclass(frozen=True)
class Refused:
    id: str
    arguments: dict[str, Any]
    message: str


REFUSED = [
    Refused(
        "a problem has a name", {"of": "problem"},
        "overview: concept '': expected the problem to tell of, e.g. 'diabetes'.",
    ),
    Refused(
        "a patient has no concept", {"of": "patient", "concept": "gout"},
        "overview: concept 'gout': expected none, or of problem or stay, not patient, e.g. 'problem'.",
    ),
    Refused(
        "a stay has no since", {"of": "stay", "since": "2020"},
        "overview: since '2020': expected none with of stay, as it is of all that is new, e.g. 'patient'.",
    ),
    Refused(
        "words that are no time", {"since": "qwerty uiop"},
        "period 'qwerty uiop': expected a period, e.g. 'since 03/2012'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_a_wrong_overview_is_refused(case: Refused) -> None:
    with pytest.raises(BadArgument) as caught:
        overview(patient_record(*NEWS), **case.arguments)

    assert str(caught.value) == case.message


@dataclass(frozen=True)
class Unread:
    id: str
    kind: str
    arguments: dict[str, Any]
    outcome: str
    note: str


UNREAD = [
    Unread(
        "a problem", "Condition", {"of": "problem", "concept": "gout"}, "unreadable",
        "problems and diagnoses could not be read",
    ),
    Unread("a stay", "Encounter", {"of": "stay"}, "unreadable", "visits and stays could not be read"),
    Unread(
        "results at a stay", "Observation", {"of": "patient"}, "found",
        "labs, vitals and other findings could not be read",
    ),
    Unread("what is new", "Procedure", {"since": "2020"}, "unreadable", "procedures could not be read"),
]  # fmt: skip


@pytest.mark.parametrize("case", UNREAD, ids=lambda case: case.id)
def test_what_could_not_be_read_is_said_and_not_denied(case: Unread) -> None:
    record = PatientRecord(
        patient(), {case.kind: 1}, lambda kind: [], date(2021, 7, 1), {case.kind: ("1 could not be read",)}
    )

    evidence = overview(record, **case.arguments)

    assert evidence.outcome == case.outcome
    assert case.note in evidence.notes


@pytest.mark.parametrize(
    "arguments",
    [{"of": "problem", "concept": "chronic disorder 1"}, {"of": "stay"}, {"since": "2001"}],
    ids=str,
)
def test_a_summary_of_much_fits_a_prompt(arguments: dict[str, Any]) -> None:
    long = "of the left upper and lower limb with a long name"
    many = [
        resource
        for n in range(40)
        for resource in (
            condition(f"c{n}", f"Chronic disorder {n} {long}", code=str(n), encounter=at("stay")),
            medication_request(
                f"m{n}", f"Drug {n} {long}", code=str(n), encounter=at("stay"), reasonReference=linked("c1")
            ),
            procedure(
                f"p{n}",
                f"Procedure {n} {long}",
                code=str(n),
                encounter=at("stay"),
                reasonReference=linked("c1"),
            ),
            observation(f"o{n}", f"Test {n} {long}", code=str(n), interpretation=HIGH, encounter=at("stay")),
        )
    ]

    evidence = overview(patient_record(*WHOLE, *many), **arguments)

    assert sum(len(fact.text) for fact in evidence.facts) < 2800
    assert any("shown" in note for note in evidence.notes)
