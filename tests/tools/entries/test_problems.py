"""Conditions and allergies: what their entries say."""

from typing import Any

import pytest

from tests.tools.entries.entry_cases import PATIENT, Case, Resource, code, coded, made, told


def problem(**body: Any) -> Resource:
    base = {
        "clinicalStatus": code("active"),
        "code": coded("Diabetes (disorder)", "44054006"),
        "subject": PATIENT,
    }
    return made("Condition", **(base | body))


def allergy(**body: Any) -> Resource:
    base = {"clinicalStatus": code("active"), "code": coded("Allergy to nut"), "patient": PATIENT}
    return made("AllergyIntolerance", **(base | body))


CONDITIONS = [
    Case(
        "from onset to abatement",
        problem(
            clinicalStatus=code("resolved"),
            verificationStatus=code("confirmed"),
            category=[{"coding": [{"code": "encounter-diagnosis", "display": "Encounter Diagnosis"}]}],
            onsetDateTime="2001-03-29T23:59:05+00:00",
            abatementDateTime="2002-01-01",
            recordedDate="2001-04-01",
            encounter={"reference": "Encounter/e1"},
            severity=coded("Moderate"),
        ),
        {
            "patient": "Patient/p1",
            "display": "Diabetes (disorder)",
            "codings": ["44054006"],
            "category": ["encounter-diagnosis", "encounter diagnosis"],
            "status": "resolved",
            "void": "",
            "caution": "",
            "start": "2001-03-29T23:59:05+00:00",
            "end": "2002-01-01",
            "encounter": "Encounter/e1",
            "details": ["severity: Moderate"],
        },
    ),
    Case(
        "without an onset it began when it was recorded, and that is said",
        problem(recordedDate="2001-04-01"),
        {"start": "2001-04-01", "details": ["recorded: 2001-04-01"]},
    ),
    Case(
        "an age at onset is words",
        problem(onsetAge={"value": 30, "unit": "years"}, recordedDate="2010-01-01"),
        {
            "start": "2010-01-01",
            "details": ["onset: at age 30", "recorded: 2010-01-01"],
            "counts": ["age at onset: 30"],
        },
    ),
    Case(
        "a period of onset",
        problem(onsetPeriod={"start": "2001", "end": "2002"}),
        {"start": "2001", "end": None, "details": ["onset: 2001 to 2002"]},
    ),
    Case(
        "an unreadable onset is not replaced",
        problem(onsetDateTime="long ago", recordedDate="2010-01-01"),
        {"start": None, "details": ["date as recorded: long ago"]},
    ),
    Case(
        "onset in words",
        problem(onsetString="in childhood"),
        {"start": None, "details": ["onset: in childhood"]},
    ),
    Case(
        "abated in words",
        problem(abatementString="last spring"),
        {"end": None, "details": ["abated: last spring"]},
    ),
    Case("refuted does not count", problem(verificationStatus=code("refuted")), {"void": "refuted"}),
    Case(
        "entered in error does not count",
        problem(verificationStatus=code("entered-in-error")),
        {"void": "entered-in-error"},
    ),
    Case(
        "provisional does not count yet",
        problem(verificationStatus=code("provisional")),
        {"void": "provisional", "caution": "", "details": ["verification: provisional"]},
    ),
    Case(
        "nor does a differential", problem(verificationStatus=code("differential")), {"void": "differential"}
    ),
    Case("unconfirmed is said", problem(verificationStatus=code("unconfirmed")), {"caution": "unconfirmed"}),
    Case("a status in words", problem(clinicalStatus={"text": "Active"}), {"status": "active"}),
    Case(
        "stage and note",
        problem(stage=[{"summary": coded("Stage 2")}], note=[{"text": "stable"}]),
        {"details": ["stage: Stage 2", "note: stable"]},
    ),
]
ALLERGIES = [
    Case(
        "what it does, how bad, how sure",
        allergy(
            verificationStatus=code("confirmed"),
            type="allergy",
            category=["food"],
            criticality="high",
            onsetDateTime="1976-07-09",
            reaction=[
                {"manifestation": [coded("Wheal"), coded("Cough")], "severity": "moderate"},
                {"manifestation": [coded("Anaphylaxis")], "severity": "severe"},
            ],
        ),
        {
            "patient": "Patient/p1",
            "display": "Allergy to nut",
            "category": ["food"],
            "status": "active",
            "start": "1976-07-09",
            "details": [
                "reaction: Wheal and Cough (moderate)",
                "reaction: Anaphylaxis (severe)",
                "severity: severe",
                "criticality: high",
                "type: allergy",
            ],
        },
    ),
    Case(
        "of several codings the first names it",
        allergy(
            code={"coding": [{"code": "1", "display": "Lisinopril"}, {"code": "2", "display": "Captopril"}]}
        ),
        {"display": "Lisinopril", "codings": ["1", "2"], "details": ["also: Captopril"]},
    ),
    Case(
        "named by the substance that set it off",
        allergy(code=None, reaction=[{"substance": coded("Penicillin"), "manifestation": [coded("Rash")]}]),
        {"display": "Penicillin", "details": ["reaction: Rash"]},
    ),
    Case(
        "recorded when no onset is",
        allergy(recordedDate="2001-02"),
        {"start": "2001-02", "details": ["recorded: 2001-02"]},
    ),
    Case("refuted does not count", allergy(verificationStatus=code("refuted")), {"void": "refuted"}),
    Case("unconfirmed is said", allergy(verificationStatus=code("unconfirmed")), {"caution": "unconfirmed"}),
    Case(
        "nothing but a patient", allergy(code=None, clinicalStatus=None), {"display": "Allergy", "status": ""}
    ),
]


@pytest.mark.parametrize("case", CONDITIONS, ids=lambda case: case.id)
def test_condition(case: Case) -> None:
    assert told(case) == case.expected


@pytest.mark.parametrize("case", ALLERGIES, ids=lambda case: case.id)
def test_allergy(case: Case) -> None:
    assert told(case) == case.expected
