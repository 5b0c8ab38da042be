"""A question, by the calls that answer it -> all that a model is shown to conclude from."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.check import check_draft
from agent.prompts.facts import show
from tests.agent.scripted_chat import words
from tests.builders import (
    SNOMED,
    Resource,
    allergy,
    concept,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    patient,
    patient_record,
    practitioner,
    procedure,
)
from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence
from tools.calls.program import in_order, run_call
from tools.record import PatientRecord

RANGE = [{"low": {"value": 4}, "high": {"value": 5.6}}]
HIGH = [{"coding": [{"code": "H"}]}]
OSEI = {"reference": "Practitioner/osei", "display": "Dr. Ama Osei"}
OF_HYPERTENSION = [{"reference": "Condition/ht"}]


def a1c(id: str, day: str, value: float) -> Resource:
    flag = HIGH if value > 5.6 else None
    return observation(id, value=value, when=day, referenceRange=RANGE, interpretation=flag)


def goal(id: str, text: str, **more: object) -> Resource:
    whole = {"resourceType": "Goal", "id": id, "lifecycleStatus": "active", "description": {"text": text}}
    return {**whole, "subject": {"reference": "Patient/p1"}, "startDate": "2020-02-01", **more}


A1CS = [
    a1c("a1", "2016-03-02", 6.1),
    a1c("a2", "2017-03-02", 8.2),
    a1c("a3", "2018-03-02", 5.4),
    a1c("a4", "2019-03-02", 7.0),
    a1c("a5", "2020-03-02", 7.2),
    a1c("a6", "2021-03-02", 7.4),
]
RECORD = [
    patient(),
    practitioner("osei"),
    *A1CS,
    condition("ht", onset="2015-03-01"),
    condition(
        "kidney",
        "Chronic kidney disease",
        status="resolved",
        onset="2016-01-01",
        severity=concept("Moderate", "6736007", SNOMED),
    ),
    medication_request(
        "lisinopril",
        "Lisinopril 10 MG Oral Tablet",
        authored="2018-06-01",
        requester=OSEI,
        reasonReference=OF_HYPERTENSION,
        dosageInstruction=[{"text": "one tablet in the morning"}],
    ),
    medication_request(
        "amlodipine",
        "amLODIPine 5 MG Oral Tablet",
        authored="2017-01-10",
        status="stopped",
        statusReason=concept("swollen ankles", "1", SNOMED),
        reasonCode=[concept("Essential hypertension", "59621000", SNOMED)],
    ),
    goal("g1", "Hemoglobin A1c below 7 %"),
    goal("g2", "Walk more"),
    allergy(
        "nuts",
        criticality="high",
        category=["food"],
        reaction=[{"manifestation": [concept("Hives", "247472004", SNOMED)], "severity": "severe"}],
    ),
    encounter("visit", participant=[{"individual": OSEI}], reasonCode=[concept("Cough", "49727002", SNOMED)]),
    encounter(
        "stay",
        "Hospital admission",
        of_class="IMP",
        start="2020-04-01",
        end="2020-04-04",
        location=[{"location": {"display": "Ward 3"}}],
        hospitalization={"dischargeDisposition": {"text": "Home"}},
    ),
    encounter("long", "Hospital admission", of_class="IMP", start="2019-01-01", end="2019-01-11"),
    procedure("scope", performer=[{"actor": OSEI}], reasonCode=[concept("Anemia", "271737000", SNOMED)]),
    immunization("flu", protocolApplied=[{"doseNumberPositiveInt": 2}]),
]
CASES = tomllib.loads(Path(__file__).with_name("shown.toml").read_text(encoding="utf-8"))["case"]


def computed(case: Mapping[str, Any], record: PatientRecord) -> list[Evidence]:
    found = dict[str, Evidence]()
    for call in in_order([Call(**call) for call in case["calls"]]):
        found[call.id] = run_call(call, record, found)
    return list(found.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["question"])
def test_a_model_is_shown_what_it_needs_to_conclude(case: Mapping[str, Any]) -> None:
    assert show(computed(case, patient_record(*RECORD)), 1500, words).text == case["shown"].strip()


SAID = [
    ("How has the A1c developed?", "The A1c was 7 % on 2019-03-02 [Observation/a4].", True),
    ("How has the A1c developed?", "The A1c was 8.2 % on 2019-03-02 [Observation/a4].", False),
    (
        "Which drugs is she on, and why?",
        "Lisinopril is for essential hypertension [MedicationRequest/lisinopril].",
        True,
    ),
    (
        "Which drugs is she on, and why?",
        "Lisinopril is for heart failure [MedicationRequest/lisinopril].",
        False,
    ),
    ("Why was amlodipine stopped?", "Because of swollen ankles [MedicationRequest/amlodipine].", True),
    ("Has she met her goals?", "The A1c was 7.4 % on 2021-03-02 [Observation/a6].", True),
    ("Has she met her goals?", "The A1c was 6.4 % on 2021-03-02 [Observation/a6].", False),
]


@pytest.mark.parametrize(("question", "draft", "supported"), SAID, ids=[draft for _, draft, _ in SAID])
def test_what_is_shown_may_be_said(question: str, draft: str, supported: bool) -> None:
    record, case = patient_record(*RECORD), next(case for case in CASES if case["question"] == question)
    unsupported = check_draft(draft, computed(case, record), record, question).unsupported
    assert (not unsupported) is supported
