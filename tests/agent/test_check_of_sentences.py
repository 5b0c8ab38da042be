"""What is recorded as a sentence may be repeated, in quotation marks or whole; a name that denies, denies one thing."""

import base64

import pytest

from agent.check.draft import check_draft
from tests.builders import (
    LOINC,
    Resource,
    allergy,
    concept,
    condition,
    medication_request,
    observation,
    patient,
)
from tests.whole_questions import NOW, assistant_over
from tools.calls.catalogue import Call
from tools.calls.program import run
from tools.record import PatientRecord

NOTE = "Denies chest pain. Father had a stroke at 60. She has been smoking since 1998."
HELD: list[Resource] = [
    patient(),
    condition("concussion", "Concussion with no loss of consciousness (disorder)"),
    condition("family", "Family history: mother is a carrier of haemophilia."),
    medication_request(
        "apixaban", "Apixaban 5 MG Oral Tablet", dosageInstruction=[{"text": "Stop 2 days before surgery."}]
    ),
    observation("xray", "Chest X-ray", code="36643-5", value="No acute findings", when="2020-03-01"),
    observation("remark", "Remark", code="48767-8", value="She has no allergies.", when="2020-03-02"),
    allergy("penicillin", "Allergy to penicillin"),
    {
        "resourceType": "DocumentReference",
        "id": "note",
        "status": "current",
        "type": concept("Progress note", "11506-3", LOINC),
        "subject": {"reference": "Patient/p1"},
        "date": "2020-01-01T09:00:00+00:00",
        "content": [
            {"attachment": {"contentType": "text/plain", "data": base64.b64encode(NOTE.encode()).decode()}}
        ],
    },
]
PROBLEMS, DOSE = (
    Call("find", {"kind": "condition"}),
    Call("find", {"kind": "medication", "give": "attribute", "part": "dose"}),
)
SMOKING, PAIN = Call("notes", {"text": "smoking"}), Call("notes", {"text": "chest pain"})
XRAY, REMARK = (
    Call("measure", {"concept": "chest x-ray", "pick": "last"}),
    Call("measure", {"concept": "remark", "pick": "last"}),
)

SUPPORTED = [
    # a note, in its own words
    (SMOKING, "The note of 2020-01-01 says “She has been smoking since 1998.” [DocumentReference/note]."),
    (SMOKING, "A note mentions smoking: “She has been smoking since 1998” [DocumentReference/note]."),
    (PAIN, "The note of 2020-01-01 says “Denies chest pain.” [DocumentReference/note]."),
    (SMOKING, "She has been smoking since 1998. [DocumentReference/note]"),
    (PAIN, "A note of 2020-01-01 mentions chest pain [DocumentReference/note]."),
    # a dose that is a sentence
    (DOSE, "Apixaban 5 MG: “Stop 2 days before surgery.” [MedicationRequest/apixaban]."),
    (DOSE, "Apixaban is recorded with the dose Stop 2 days before surgery. [MedicationRequest/apixaban]"),
    # a name that denies
    (PROBLEMS, "She had a concussion with no loss of consciousness [Condition/concussion]."),
    (PROBLEMS, "A concussion is recorded [Condition/concussion]."),
    (PROBLEMS, "Concussion without loss of consciousness [Condition/concussion]."),
    # a result that denies
    (XRAY, "The chest X-ray of 2020-03-01 showed no acute findings [Observation/xray]."),
    # a result that is a sentence
    (REMARK, "The remark of 2020-03-02: She has no allergies. [Observation/remark]"),
    (REMARK, "The remark of 2020-03-02 is “She has no allergies.” [Observation/remark]."),
]
REFUSED = [
    (SMOKING, "She was smoking in 1998 [DocumentReference/note]."),
    (SMOKING, "The note says “She has been smoking since 1989.” [DocumentReference/note]."),
    (SMOKING, "A note mentions smoking: “smoking since 1998” [DocumentReference/note]."),
    (PAIN, "The note says “chest pain” [DocumentReference/note]."),
    (PAIN, "She “had a stroke at 60” [DocumentReference/note]."),
    (PAIN, "She has chest pain [DocumentReference/note]."),
    (PAIN, "The patient reports chest pain [DocumentReference/note]."),
    (PAIN, "Yes, she has had chest pain since 2020-01-01 [DocumentReference/note]."),
    (PAIN, "Chest pain is noted: she had a stroke [DocumentReference/note]."),
    (PAIN, "She had a stroke at 60 [DocumentReference/note]."),
    (PROBLEMS, "She is a carrier of haemophilia [Condition/family]."),
    (PROBLEMS, "She has haemophilia [Condition/family]."),
    (PROBLEMS, "The note says “carrier of haemophilia” [Condition/concussion]."),
    (DOSE, "Stop apixaban [MedicationRequest/apixaban]."),
    (DOSE, "Surgery is in 2 days [MedicationRequest/apixaban]."),
    (PROBLEMS, "She has no concussion [Condition/concussion]."),
    (PROBLEMS, "Concussion with loss of consciousness [Condition/concussion]."),
    (PROBLEMS, "There was no concussion and no loss of consciousness [Condition/concussion]."),
    (XRAY, "The chest X-ray of 2020-03-01 showed acute findings [Observation/xray]."),
    (XRAY, "There is no chest X-ray [Observation/xray]."),
    (REMARK, "The patient has no allergies [Observation/remark]."),
    (REMARK, "There are no allergies recorded [Observation/remark]."),
    # the other patients
    (PROBLEMS, "All patients have a concussion [Condition/concussion]."),
    (PROBLEMS, "As with other patients, a concussion is recorded [Condition/concussion]."),
]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> PatientRecord:
    return assistant_over(tmp_path_factory.mktemp("sentences"), *HELD).record("Patient/p1", NOW)


@pytest.mark.parametrize(("call", "draft"), SUPPORTED, ids=[draft for _, draft in SUPPORTED])
def test_what_is_repeated_passes(call: Call, draft: str, held: PatientRecord) -> None:
    assert check_draft(draft, [run(call, held)], held, "").unsupported == ()


@pytest.mark.parametrize(("call", "draft"), REFUSED, ids=[draft for _, draft in REFUSED])
def test_what_is_taken_out_of_a_sentence_is_refused(call: Call, draft: str, held: PatientRecord) -> None:
    assert check_draft(draft, [run(call, held)], held, "").unsupported != ()
