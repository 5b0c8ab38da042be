"""Orders, directives, warnings, answers, appointments, family history: what their entries and lines say."""

import pytest

from tests.tools.entries.entry_cases import PATIENT, Case, coded, made, told
from tools.entries import parse
from tools.wording.lines import line_of

MOTHER = made(
    "FamilyMemberHistory",
    status="partial",
    patient=PATIENT,
    relationship=coded("Mother"),
    deceasedAge={"value": 70, "unit": "a"},
    condition=[
        {"code": coded("Breast cancer"), "onsetAge": {"value": 48, "unit": "a"}},
        {"code": coded("Stroke"), "contributedToDeath": True},
    ],
)
FORM = made(
    "QuestionnaireResponse",
    status="completed",
    questionnaire="https://example.org/Questionnaire/gad7|2.0",
    subject=PATIENT,
    authored="2025-08-14",
    item=[
        {
            "linkId": "g",
            "text": "Worries",
            "item": [
                {
                    "linkId": "1",
                    "text": "Nervous?",
                    "answer": [{"valueCoding": {"display": "Nearly every day"}}],
                }
            ],
        },
        {"linkId": "2", "text": "Walking aid?", "answer": [{"valueBoolean": True}]},
        {"linkId": "3", "text": "Not answered"},
        {"linkId": "70274-6", "text": "GAD-7 total score", "answer": [{"valueInteger": 14}]},
        {"linkId": "5", "text": "Pets", "answer": [{"valueString": "cat"}, {"valueString": "dog"}]},
    ],
)
CASES = [
    Case(
        "an order",
        made(
            "ServiceRequest",
            status="active",
            intent="order",
            subject=PATIENT,
            code=coded("Referral to neurology service"),
            authoredOn="2025-10-01",
            occurrenceDateTime="2025-11-20",
            priority="urgent",
            reasonCode=[coded("Migraine")],
        ),
        {
            "display": "Referral to neurology service",
            "start": "2025-10-01",
            "status": "active",
            "void": "",
            "reasons": ["Migraine"],
            "details": ["for: 2025-11-20", "priority: urgent"],
        },
    ),
    Case(
        "what must not be done is no order",
        made("ServiceRequest", status="active", intent="order", doNotPerform=True, code=coded("Transfusion")),
        {"void": "do not perform", "display": "Transfusion"},
    ),
    Case(
        "nor is a proposal",
        made("DeviceRequest", status="active", intent="proposal", codeCodeableConcept=coded("Wheelchair")),
        {"void": "proposed", "display": "Wheelchair"},
    ),
    Case(
        "nor what was revoked",
        made("ServiceRequest", status="revoked", intent="order", code=coded("MRI")),
        {"void": "revoked"},
    ),
    Case(
        "a diet goes by its types",
        made(
            "NutritionOrder",
            status="active",
            intent="order",
            patient=PATIENT,
            dateTime="2025-10-10",
            oralDiet={"type": [coded("Low sodium diet"), coded("Diabetic diet")]},
        ),
        {"display": "Low sodium diet, Diabetic diet", "start": "2025-10-10", "codings": ["123", "123"]},
    ),
    Case(
        "a warning lasts",
        made(
            "Flag",
            status="active",
            code=coded("Falls risk"),
            period={"start": "2025-01-01", "end": "2025-02-01"},
        ),
        {"display": "Falls risk", "start": "2025-01-01", "end": "2025-02-01"},
    ),
    Case(
        "a directive goes by its category",
        made(
            "Consent",
            status="active",
            scope=coded("Advanced Care Directive", "adr"),
            category=[coded("Do Not Resuscitate", "dnr")],
            patient=PATIENT,
            dateTime="2024-02-02",
            provision={"type": "deny", "code": [coded("CPR", "89666000")]},
        ),
        {
            "display": "Do Not Resuscitate",
            "start": "2024-02-02",
            "codings": ["dnr", "adr", "89666000"],
            "details": ["scope: Advanced Care Directive", "provision: deny", "about: CPR"],
        },
    ),
    Case("a consent that was rejected", made("Consent", status="rejected"), {"void": "rejected"}),
    Case("a form goes by its address", FORM, {"display": "gad7", "start": "2025-08-14", "void": ""}),
    Case(
        "a form that was not finished says so",
        made("QuestionnaireResponse", status="in-progress"),
        {"caution": "in-progress"},
    ),
    Case(
        "an appointment",
        made(
            "Appointment",
            status="booked",
            start="2026-02-03T09:00:00Z",
            end="2026-02-03T09:30:00Z",
            created="2025-12-01",
            description="Cardiology follow-up",
            participant=[
                {"actor": PATIENT},
                {"actor": {"display": "Dr. Lee"}},
                {"actor": {"reference": "Location/1"}},
            ],
        ),
        {
            "display": "Cardiology follow-up",
            "start": "2026-02-03T09:00:00Z",
            "end": "2026-02-03T09:30:00Z",
            "who": ["Dr. Lee"],
            "where": ["Location/1"],
            "details": ["booked: 2025-12-01"],
        },
    ),
    Case("who did not come was not there", made("Appointment", status="noshow"), {"void": "noshow"}),
    Case(
        "a relative",
        MOTHER,
        {
            "display": "Mother",
            "caution": "",
            "details": ["conditions: Breast cancer (at 48); Stroke (cause of death)", "deceased: at 70"],
        },
    ),
    Case(
        "a family that is not known",
        made(
            "FamilyMemberHistory",
            status="completed",
            relationship=coded("Father"),
            dataAbsentReason=coded("Unknown"),
        ),
        {"void": "not known: Unknown", "display": "Father"},
    ),
    Case(
        "harm",
        made(
            "AdverseEvent",
            actuality="actual",
            event=coded("Fall from bed"),
            date="2025-04-29",
            severity=coded("Mild"),
            suspectEntity=[{"instance": {"display": "zolpidem"}}],
        ),
        {
            "display": "Fall from bed",
            "start": "2025-04-29",
            "details": ["severity: Mild", "suspected: zolpidem"],
        },
    ),
    Case(
        "harm that only might have been",
        made("AdverseEvent", actuality="potential"),
        {"void": "only potential"},
    ),
    Case(
        "a device that is used",
        made(
            "DeviceUseStatement",
            status="active",
            device={"display": "CPAP"},
            timingPeriod={"start": "2022-01-01"},
        ),
        {"display": "CPAP", "start": "2022-01-01", "status": "active"},
    ),
    Case(
        "an interaction",
        made(
            "DetectedIssue",
            status="final",
            code=coded("Drug interaction"),
            severity="high",
            identifiedDateTime="2025-01-01",
        ),
        {"display": "Drug interaction", "start": "2025-01-01", "details": ["severity: high"]},
    ),
    Case(
        "a message",
        made(
            "Communication",
            status="completed",
            topic=coded("Test results"),
            sent="2025-01-01",
            payload=[{"contentString": "All well."}],
        ),
        {"display": "Test results", "start": "2025-01-01", "details": ["message: All well."]},
    ),
]
PARTS = [
    (MOTHER, ["Breast cancer = mother, at 48", "Stroke = mother"]),
    (
        FORM,
        ["Nervous? = Nearly every day", "Walking aid? = yes", "GAD-7 total score = 14", "Pets = cat, dog"],
    ),
    (
        made(
            "ImmunizationRecommendation",
            patient=PATIENT,
            date="2025-11-11",
            recommendation=[
                {
                    "vaccineCode": [coded("Zoster vaccine")],
                    "forecastStatus": coded("Due"),
                    "dateCriterion": [{"value": "2025-12-01"}],
                }
            ],
        ),
        ["Zoster vaccine = Due, 2025-12-01"],
    ),
    (
        made(
            "RiskAssessment",
            status="final",
            prediction=[{"outcome": coded("Fall"), "qualitativeRisk": coded("High")}],
        ),
        ["Fall = High"],
    ),
]
LINES = [
    (MOTHER, "Mother: Breast cancer (at 48); Stroke (cause of death); died at 70"),
    (
        FORM,
        "gad7 on 2025-08-14: Nervous?: Nearly every day; Walking aid?: yes; GAD-7 total score: 14; Pets: cat, dog",
    ),
    (
        made("ServiceRequest", status="active", intent="order", code=coded("MRI"), authoredOn="2025-10-01"),
        "MRI, active, ordered 2025-10-01",
    ),
    (
        made(
            "ClinicalImpression",
            status="completed",
            date="2025-06-06",
            finding=[{"itemCodeableConcept": coded("Vertigo")}],
        ),
        "Clinical impression, completed, on 2025-06-06: Vertigo",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_entry(case: Case) -> None:
    assert told(case) == case.expected


@pytest.mark.parametrize(("resource", "expected"), PARTS, ids=lambda part: str(part)[:30])
def test_what_an_entry_holds_goes_by_its_own_name(resource: dict[str, object], expected: list[str]) -> None:
    entry = parse(resource)
    said = [(part.display, getattr(part.value, "value", part.value)) for part in entry.components]
    assert [f"{name} = {value}" for name, value in said] == expected
    assert {part.reference for part in entry.components} == {entry.reference}


@pytest.mark.parametrize(("resource", "expected"), LINES, ids=lambda part: str(part)[:30])
def test_line(resource: dict[str, object], expected: str) -> None:
    assert line_of(parse(resource)) == expected
