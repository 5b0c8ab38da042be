"""Relations that a draft claims between facts, computed again: one draft a line, what holds and what does not."""

import pytest

from agent.check.draft import check_draft
from tests.builders import condition, encounter, medication_request, observation, patient, procedure
from tests.whole_questions import NOW, assistant_over
from tools.calls.catalogue import Call
from tools.calls.program import named, run_plan
from tools.record import PatientRecord

_LDL = {"code": "18262-6", "unit": "mg/dL"}
HELD = [
    patient(),
    observation("ldl1", "LDL Cholesterol", value=142.0, when="2016-03-01", **_LDL),
    observation("ldl2", "LDL Cholesterol", value=150.5, when="2018-03-01", **_LDL),
    observation("ldl3", "LDL Cholesterol", value=132.9, when="2020-03-01", **_LDL),
    *(observation(f"a1c{year}", value=7.3, when=f"{year}-12-20") for year in (2016, 2018, 2020)),
    *(observation(f"w{year}", "Body weight", code="29463-7", value=80.0, unit="kg", when=f"{year}-06-01")
      for year in (2017, 2018, 2019, 2020)),
    observation("sys", "Systolic blood pressure", code="8480-6", value=143.1, unit="mm[Hg]", when="2020-05-01"),
    observation("dia", "Diastolic blood pressure", code="8462-4", value=92.2, unit="mm[Hg]", when="2020-05-01"),
    condition("diabetes", "Diabetes mellitus type 2 (disorder)", onset="2016-12-20"),
    condition("neuropathy", "Neuropathy due to type 2 diabetes mellitus (disorder)", onset="2019-02-09"),
    medication_request("amlodipine", "amLODIPine 2.5 MG Oral Tablet", authored="2004-11-10"),
    medication_request("insulin", "insulin glargine 100 UNT/ML Injectable Solution", authored="2018-12-24"),
    medication_request("hctz", "Hydrochlorothiazide 25 MG Oral Tablet", authored="2019-05-05"),
    procedure("scope", "Colonoscopy", when="2013-06-01"),
    encounter("stay", "Inpatient stay", start="2019-02-22", end="2019-03-15", of_class="IMP"),
]  # fmt: skip
LDL = (Call("measure", {"concept": "LDL", "pick": "all"}),)
A1C = (Call("measure", {"concept": "A1c", "pick": "all"}),)
WEIGHT = (Call("measure", {"concept": "weight", "pick": "all"}),)
PRESSURE = (
    Call("measure", {"concept": "systolic blood pressure"}),
    Call("measure", {"concept": "diastolic blood pressure"}),
)
PROBLEMS = (
    Call("find", {"kind": "condition", "concept": "diabetes mellitus type 2"}),
    Call("find", {"kind": "condition", "concept": "neuropathy"}),
)
DRUGS = (Call("find", {"kind": "medication"}),)
SCOPE = (Call("find", {"kind": "procedure", "concept": "colonoscopy", "pick": "last"}),)
STAY = (Call("find", {"kind": "encounter", "category": "inpatient", "give": "duration"}),)
_FIRST, _SECOND, _LAST = "[Observation/ldl1]", "[Observation/ldl2]", "[Observation/ldl3]"
_ALL = "[Observation/ldl1; Observation/ldl2; Observation/ldl3]"
_TWO = "[Observation/ldl1; Observation/ldl2]"
_LATER = "[Observation/ldl2; Observation/ldl3]"
_BOTH = "[Condition/diabetes; Condition/neuropathy]"
_TAKEN = "[MedicationRequest/amlodipine; MedicationRequest/insulin]"

HOLDS = [
    (LDL, f"LDL fell by 9.1 mg/dL, from 142 mg/dL on 2016-03-01 {_FIRST} to 132.9 mg/dL on 2020-03-01 {_LAST}."),
    (LDL, f"LDL fell by 6 %, from 142 mg/dL {_FIRST} to 132.9 mg/dL {_LAST}."),
    (LDL, f"LDL rose from 142 mg/dL in March 2016 {_FIRST} to 150.5 mg/dL in March 2018 {_SECOND}."),
    (LDL, f"The mean LDL was 141.8 mg/dL {_ALL}."),
    (A1C, "A1c stayed the same, 7.3 % [Observation/a1c2016; Observation/a1c2018; Observation/a1c2020]."),
    (PRESSURE, "Blood pressure was 143.1/92.2 mmHg on 2020-05-01 [Observation/sys; Observation/dia]."),
    (PROBLEMS, f"Diabetes mellitus type 2 came before the neuropathy {_BOTH}."),
    (PROBLEMS, "Diabetes, 2016-12-20 [Condition/diabetes], before the neuropathy, 2019-02-09 [Condition/neuropathy]."),
    (PROBLEMS, f"Neuropathy was recorded after diabetes mellitus type 2 {_BOTH}."),
    (DRUGS, f"Amlodipine was prescribed before insulin {_TAKEN}."),
    (SCOPE, "The last colonoscopy was on 2013-06-01, about 8 years ago [Procedure/scope]."),
    (STAY, "The inpatient stay was 21 days, three weeks [Encounter/stay]."),
    (STAY, "Her hospital stay began on 2019-02-22 [Encounter/stay]."),
    (WEIGHT, "Weight was measured every year "
             "[Observation/w2017; Observation/w2018; Observation/w2019; Observation/w2020]."),
    (LDL, f"LDL climbed by 8.5 mg/dL between March 2016 {_FIRST} and March 2018 {_SECOND}."),
    (LDL, f"The highest LDL on file was 150.5 mg/dL, on 1 March 2018 {_ALL}."),
    (LDL, f"Three LDL readings are on record {_ALL}."),
    (DRUGS, f"Amlodipine and insulin glargine were prescribed 14 years apart {_TAKEN}."),
    (DRUGS, "HCTZ 25 mg was prescribed on 05.05.2019 [MedicationRequest/hctz]."),
    (STAY, "Her stay ran from 22 February to 15 March 2019 and lasted three weeks [Encounter/stay]."),
    (LDL, f"LDL has not fallen from 142 mg/dL to 150.5 mg/dL {_TWO}."),
    (LDL, f"LDL fell by about 12 % from its peak of 150.5 mg/dL to 132.9 mg/dL {_LATER}."),
    (LDL, f"The earliest LDL was on 1 March 2016 and the latest on 1 March 2020 {_ALL}."),
    (LDL, f"LDL ranged from 132.9 to 150.5 mg/dL {_ALL}."),
    (LDL, f"LDL was 150.5 mg/dL in March 2018, 17.6 mg/dL above 132.9 mg/dL {_LATER}."),
    (LDL, f"LDL rose from 142 mg/dL to 150.5 mg/dL, then fell to 132.9 mg/dL {_ALL}."),
    (A1C, "A1c has not changed [Observation/a1c2016; Observation/a1c2018; Observation/a1c2020]."),
    (PRESSURE, "The systolic and the diastolic value are of the same day [Observation/sys; Observation/dia]."),
    (SCOPE, "She had her colonoscopy more than seven years ago [Procedure/scope]."),
    (STAY, "She was in hospital from 22/02/2019 to 15/03/2019 [Encounter/stay]."),
    (STAY, "Her stay was from 22 February to 15 March 2019 [Encounter/stay]."),
]  # fmt: skip
DOES_NOT = [
    (LDL, f"LDL rose from 142 mg/dL on 2016-03-01 {_FIRST} to 132.9 mg/dL on 2020-03-01 {_LAST}."),
    (LDL, f"LDL fell by 19.1 mg/dL, from 142 mg/dL {_FIRST} to 132.9 mg/dL {_LAST}."),
    (LDL, f"LDL fell by 16 %, from 142 mg/dL {_FIRST} to 132.9 mg/dL {_LAST}."),
    (LDL, f"LDL stayed unchanged, 142 mg/dL {_FIRST} and 132.9 mg/dL {_LAST}."),
    (LDL, f"The mean LDL was 132.9 mg/dL {_ALL}."),
    (PRESSURE, "Blood pressure was 92.2/143.1 mg/dL on 2020-05-01 [Observation/sys; Observation/dia]."),
    (PROBLEMS, f"Diabetes mellitus type 2 came after the neuropathy {_BOTH}."),
    (PROBLEMS, "Diabetes, 2016-12-20 [Condition/diabetes], after the neuropathy, 2019-02-09 [Condition/neuropathy]."),
    (DRUGS, f"Insulin was prescribed before amlodipine {_TAKEN}."),
    (DRUGS, "Amlodipine is the only medication [MedicationRequest/amlodipine]."),
    (DRUGS, f"amLODIPine 2.5 MG Oral Tablet, active, prescribed 2018-12-24 {_TAKEN}."),
    (SCOPE, "The last colonoscopy was on 2013-06-01, about 5 years ago [Procedure/scope]."),
    (STAY, "The inpatient stay was 21 days, four weeks [Encounter/stay]."),
    (STAY, "Her hospital stay began on 2019-03-15 [Encounter/stay]."),
    (A1C, "A1c was measured every year [Observation/a1c2016; Observation/a1c2018; Observation/a1c2020]."),
    (LDL, f"LDL climbed by 9.5 mg/dL between March 2016 {_FIRST} and March 2018 {_SECOND}."),
    (LDL, f"The highest LDL on file was 142 mg/dL, on 1 March 2016 {_ALL}."),
    (LDL, f"Four LDL readings are on record {_ALL}."),
    (LDL, f"LDL fell at every reading, from 142 to 132.9 mg/dL {_ALL}."),
    (DRUGS, f"Amlodipine and insulin glargine were prescribed 10 years apart {_TAKEN}."),
    (DRUGS, "HCTZ 25 mg was prescribed on 2018-12-24 [MedicationRequest/insulin]."),
    (DRUGS, "Metoprolol was prescribed on 2019-05-05 [MedicationRequest/hctz]."),
    (STAY, "Her stay ran from 22 February to 15 March 2019 and lasted five weeks [Encounter/stay]."),
    (LDL, f"LDL has not risen from 142 mg/dL to 150.5 mg/dL {_TWO}."),
    (LDL, f"The latest LDL was on 1 March 2018 {_ALL}."),
    (LDL, f"LDL ranged from 132.9 to 142 mg/dL {_ALL}."),
    (LDL, f"LDL was measured twice in 2018 {_ALL}."),
    (LDL, f"LDL was 132.9 mg/dL in March 2020, above 150.5 mg/dL {_LATER}."),
    (LDL, f"LDL has halved from 142 to 132.9 mg/dL {_ALL}."),
    (LDL, f"LDL fell from 142 mg/dL to 150.5 mg/dL, then rose to 132.9 mg/dL {_ALL}."),
    (A1C, "A1c has changed [Observation/a1c2016; Observation/a1c2018; Observation/a1c2020]."),
    (DRUGS, f"Amlodipine and insulin glargine were prescribed on the same day {_TAKEN}."),
    (SCOPE, "She had her colonoscopy more than nine years ago [Procedure/scope]."),
    (STAY, "She was in hospital from 22/02/2019 to 03/15/2019 [Encounter/stay]."),
    (STAY, "He was in hospital for 21 days [Encounter/stay]."),
]  # fmt: skip


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> PatientRecord:
    return assistant_over(tmp_path_factory.mktemp("relations"), *HELD).record("Patient/p1", NOW)


@pytest.mark.parametrize(("calls", "draft"), HOLDS)
def test_a_relation_that_holds_may_be_said(held: PatientRecord, calls: tuple[Call, ...], draft: str) -> None:
    assert check_draft(draft, run_plan(named(calls), held), held, "").unsupported == ()


@pytest.mark.parametrize(("calls", "draft"), DOES_NOT)
def test_a_relation_that_does_not_hold_is_refused(
    held: PatientRecord, calls: tuple[Call, ...], draft: str
) -> None:
    assert check_draft(draft, run_plan(named(calls), held), held, "").unsupported != ()
