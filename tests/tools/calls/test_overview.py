"""The manifest of a record, and summaries for clinicians."""

from typing import Literal

import pytest

from tests.builders import allergy, condition, patient, patient_record
from tests.tools.records_for_tests import WHOLE, whole_record
from tools.calls.overview import overview


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


@pytest.mark.parametrize("about", ["record", "patient", "visit"])
def test_a_summary_fits_a_prompt_whatever_the_record(about: Literal["record", "patient", "visit"]) -> None:
    many = [condition(f"c{n}", f"Chronic disorder number {n} (disorder)", code=str(n)) for n in range(300)]

    evidence = overview(patient_record(*WHOLE, *many, allergy("nut")), about)

    assert sum(len(fact.text) for fact in evidence.facts) < 2100
    assert about == "record" or "302 active problems, 6 shown" in evidence.notes
