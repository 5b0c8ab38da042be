"""A thing that stands in another kind than the one that lists its like: what makes a yes, and what only mentions it."""

import base64
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.builders import (
    RXNORM,
    Resource,
    concept,
    condition,
    encounter,
    medication_request,
    observation,
    patient,
    patient_record,
    procedure,
)
from tools.calls.evidence import Outcome
from tools.calls.find import find
from tools.calls.measure import measure

ALWAYS = (patient(), condition("htn", onset="2010-01-01"), medication_request("met"))


def made(kind: str, id: str, **body: Any) -> Resource:
    subject = {"reference": "Patient/p1"}
    return {
        "resourceType": kind,
        "id": id,
        "status": "active",
        "subject": subject,
        "patient": subject,
        **body,
    }


def named(text: str) -> Resource:
    return {"text": text}


def grown(value: str, **more: Any) -> Resource:
    return observation(
        "grown",
        "Bacteria identified in Stool by Culture",
        code="625-4",
        value=value,
        when="2019-12-04",
        **more,
    )


DISPENSED = made(
    "MedicationDispense",
    "disp",
    status="completed",
    medicationCodeableConcept=concept("gabapentin 300 MG Oral Capsule", "310431", RXNORM),
    whenHandedOver="2019-04-04",
)
REPORTED = made(
    "DiagnosticReport",
    "ct",
    status="final",
    code=named("CT of chest"),
    effectiveDateTime="2019-03-03",
    conclusionCode=[named("Pulmonary embolism")],
)
ORDERED = made("ServiceRequest", "scope", intent="order", code=named("Colonoscopy"), authoredOn="2019-09-01")
IMPLANTED = procedure("icd", "Insertion of implantable defibrillator", code="1", when="2019-03-26")
REMOVED = procedure("out", "Removal of defibrillator", code="2", when="2019-05-26")
DEVICE = made("Device", "dev", type=named("Defibrillator"))
BILLED = made(
    "Claim",
    "bill",
    created="2019-03-03",
    type=named("professional"),
    diagnosis=[{"diagnosisCodeableConcept": named("Rheumatoid arthritis, unspecified")}],
    item=[{"productOrService": named("Office visit")}],
)
MOTHER = made(
    "FamilyMemberHistory",
    "mother",
    status="completed",
    relationship=named("Mother"),
    condition=[{"code": named("Breast cancer"), "onsetAge": {"value": 48, "unit": "a"}}],
)
NOTE = made(
    "DocumentReference",
    "note",
    status="current",
    type=named("Progress note"),
    date="2019-04-04T00:00:00Z",
    content=[
        {
            "attachment": {
                "contentType": "text/plain",
                "data": base64.b64encode(b"Lungs clear. Followed for psoriasis.").decode(),
            }
        }
    ],
)
NARRATED = made("Condition", "told", text={"div": "<div>Sarcoidosis, since 2012.</div>"})
PEANUT = condition("nut", "Allergy to peanut", code="91935009", onset="2011-01-01")
FORM = made(
    "QuestionnaireResponse",
    "form",
    status="completed",
    authored="2019-05-05",
    item=[
        {"linkId": "1", "text": "Do you use a hearing aid?", "answer": [{"valueBoolean": True}]},
        {"linkId": "2", "text": "Do you use a stair lift?", "answer": [{"valueBoolean": False}]},
        {"linkId": "3", "text": "PHQ-9 total score", "answer": [{"valueInteger": 11}]},
    ],
)
BOOKED = made("Appointment", "visit", status="booked", start="2020-02-03T09:00:00Z", description="Cardiology")


@dataclass(frozen=True)
class Case:
    id: str
    record: list[Resource]
    arguments: dict[str, Any]
    outcome: Outcome
    values: tuple[Any, ...]
    facts: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def asked(kind: str, thing: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "concept": thing, "give": "exists", **more}


ONLY = ("the record only mentions it",)
LOCAL = {"code": {"coding": [{"system": "urn:local", "code": "X123"}]}}
CASES = [
    Case(
        "a code that nobody can name may be the thing",
        [condition("c") | LOCAL],
        asked("condition", "asthma"),
        "no value",
        (),
        ("X123, active, since 2015-03-01, recorded only by its code",),
        ("1 is recorded only by a code that has no name here",),
    ),
    Case(
        "a result that is high tells of a finding",
        [
            observation(
                "k",
                "Potassium",
                code="2823-3",
                value=6.8,
                unit="mmol/L",
                when="2019-03-01",
                interpretation=[{"coding": [{"code": "HH"}]}],
            )
        ],
        asked("condition", "hyperkalemia"),
        "no value",
        (),
        ("Potassium 6.8 mmol/L on 2019-03-01 (critically high), may tell of hyperkalemia",),
        ONLY,
    ),
    Case(
        "a result in words may tell of it",
        [observation("k", "Potassium", code="2823-3", value="hemolyzed", when="2019-03-01")],
        asked("condition", "hyperkalemia"),
        "no value",
        (),
        ("Potassium: hemolyzed on 2019-03-01, may tell of hyperkalemia",),
        ONLY,
    ),
    Case(
        "a result that is not out of range tells of none",
        [observation("k", "Potassium", code="2823-3", value=4.2, unit="mmol/L", when="2019-03-01")],
        asked("condition", "hyperkalemia"),
        "none recorded",
        (False,),
    ),
    Case(
        "what grew is there",
        [grown("Salmonella species")],
        asked("condition", "salmonella"),
        "found",
        (True,),
        ("Bacteria identified in Stool by Culture: Salmonella species on 2019-12-04",),
    ),
    Case(
        "what did not grow is not",
        [grown("No growth")],
        asked("condition", "salmonella"),
        "none recorded",
        (False,),
    ),
    Case(
        "a result does not say that it goes on",
        [grown("Salmonella species")],
        asked("condition", "salmonella", status="active"),
        "no value",
        (),
        ("Bacteria identified in Stool by Culture: Salmonella species on 2019-12-04",),
        ("whether it goes on is not recorded",),
    ),
    Case(
        "a result of a relative is nobody's",
        [observation("fam", "Family history of disease", code="x", value="Gout")],
        asked("condition", "gout"),
        "none recorded",
        (False,),
    ),
    Case(
        "what a report concludes",
        [REPORTED],
        asked("condition", "pulmonary embolism"),
        "found",
        (True,),
        ("CT of chest, final, on 2019-03-03, concluded: Pulmonary embolism",),
    ),
    Case(
        "outside of the time it is no yes",
        [REPORTED],
        asked("condition", "pulmonary embolism", period="in 2017"),
        "none recorded",
        (False,),
    ),
    Case(
        "what was dispensed was given",
        [DISPENSED],
        asked("medication", "gabapentin"),
        "found",
        (True,),
        ("gabapentin 300 MG Oral Capsule, dispensed 2019-04-04",),
    ),
    Case(
        "why somebody came is only mentioned",
        [encounter("v", reasonCode=[named("Gout")])],
        asked("condition", "gout"),
        "no value",
        (),
        notes=ONLY,
    ),
    Case(
        "what was ordered need not have been done",
        [ORDERED],
        asked("procedure", "colonoscopy"),
        "no value",
        (),
        ("Colonoscopy, active, ordered 2019-09-01",),
        ONLY,
    ),
    Case(
        "what was billed need not be so",
        [BILLED],
        asked("condition", "rheumatoid arthritis"),
        "no value",
        (),
        ("Office visit, active, on 2019-03-03, billed for Rheumatoid arthritis, unspecified",),
        ONLY,
    ),
    Case(
        "what a note says is quoted",
        [NOTE],
        asked("condition", "psoriasis"),
        "no value",
        (),
        ("“Followed for psoriasis.” (Progress note of 2019-04-04)",),
        ONLY,
    ),
    Case(
        "and what stands in a narrative without a code",
        [NARRATED],
        asked("condition", "sarcoidosis"),
        "no value",
        (),
        ("“Sarcoidosis, since 2012.” (Condition)",),
        ONLY,
    ),
    Case(
        "what a relative has is not the patient's",
        [MOTHER],
        asked("condition", "breast cancer"),
        "none recorded",
        (False,),
        ("Breast cancer: mother, at 48",),
        ("the record tells it of the family only",),
    ),
    Case(
        "but is in the family",
        [MOTHER],
        asked("family history", "breast cancer"),
        "found",
        (True,),
        ("Breast cancer: mother, at 48",),
    ),
    Case(
        "an allergy among the problems",
        [PEANUT],
        asked("allergy", "peanut"),
        "found",
        (True,),
        ("Allergy to peanut, active, since 2011-01-01",),
    ),
    Case(
        "what was implanted",
        [IMPLANTED],
        asked("device", "defibrillator", status="active"),
        "found",
        (True,),
        ("Insertion of implantable defibrillator, done 2019-03-26",),
    ),
    Case(
        "what was taken out is no implant",
        [REMOVED],
        asked("device", "defibrillator"),
        "no value",
        (),
        ("Removal of defibrillator, done 2019-05-26",),
        ONLY,
    ),
    Case(
        "a device has the day of its implantation",
        [DEVICE, IMPLANTED],
        {"kind": "device", "concept": "defibrillator", "give": "date"},
        "found",
        ("2019-03-26",),
    ),
    Case(
        "a question that was answered yes",
        [FORM],
        asked("device", "hearing aid"),
        "found",
        (True,),
        ("Do you use a hearing aid?: yes on 2019-05-05",),
    ),
    Case(
        "and one that was answered no",
        [FORM],
        asked("device", "stair lift"),
        "none recorded",
        (False,),
        ("Do you use a stair lift?: no on 2019-05-05",),
    ),
    Case(
        "drugs that were only dispensed are listed",
        [DISPENSED],
        {"kind": "administration"},
        "found",
        ("gabapentin 300 MG Oral Capsule",),
    ),
    Case(
        "a visit that is booked lies ahead",
        [BOOKED],
        {"kind": "encounter", "period": "after today", "give": "date"},
        "found",
        ("2020-02-03",),
    ),
    Case(
        "a directive wherever it stands",
        [
            made(
                "ServiceRequest",
                "dnr",
                intent="directive",
                code=named("No CPR: do not attempt resuscitation"),
                authoredOn="2019-08-26",
            )
        ],
        asked("directive", "DNR"),
        "found",
        (True,),
        ("No CPR: do not attempt resuscitation, active, ordered 2019-08-26",),
    ),
    Case(
        "referrals are those orders that are so called",
        [
            ORDERED,
            made(
                "ServiceRequest",
                "ref",
                intent="order",
                code=named("Referral to neurology"),
                authoredOn="2019-10-01",
            ),
        ],
        {"kind": "referral"},
        "found",
        ("Referral to neurology",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_find(case: Case) -> None:
    evidence = find(patient_record(*ALWAYS, *case.record, now="2020-01-01"), **case.arguments)
    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    if case.facts:
        assert tuple(fact.text for fact in evidence.facts) == case.facts
    assert evidence.notes[: len(case.notes)] == case.notes


def test_a_denial_carries_every_kind_that_was_read() -> None:
    evidence = find(
        patient_record(*ALWAYS, ORDERED, REPORTED, NOTE, now="2020-01-01"), "condition", "gout", give="exists"
    )
    assert evidence.values == (False,)
    assert [(cover.kind, cover.beside) for cover in evidence.coverage] == [
        ("Condition", False),
        ("DiagnosticReport", True),
        ("MedicationRequest", True),
        ("ServiceRequest", True),
        ("DocumentReference", True),
    ]


def test_a_score_of_a_questionnaire_is_measured() -> None:
    evidence = measure(patient_record(*ALWAYS, FORM, now="2020-01-01"), "PHQ-9 score")
    assert ([str(value) for value in evidence.values], evidence.references) == (
        ["11"],
        ("QuestionnaireResponse/form",),
    )
