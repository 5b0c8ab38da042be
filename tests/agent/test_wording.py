"""Calls over a small record -> the whole answer, as a colleague would write it; all of it supported."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from agent.check import check_draft
from agent.context import Brief
from agent.plan import Plan
from agent.writer import BuiltinWriter
from tests.agent.scripted import ANNA, condition, observation, prescription, record_of
from tools.calls.catalogue import Call
from tools.calls.program import named, run, run_plan

NOW = date(2021, 7, 1)
HIGH = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "H"}]
}
NORMAL = {"coding": [{"system": HIGH["coding"][0]["system"], "code": "N"}]}


def dated(kind: str, id: str, name: str, day: str, when: str, code: str = "", **more: Any) -> dict[str, Any]:
    key = {"Immunization": "vaccineCode"}.get(kind, "code")
    concept = {"coding": [{"system": "http://snomed.info/sct", "code": code, "display": name}], "text": name}
    return {"resourceType": kind, "id": id, "status": "completed", key: concept, when: day, **more}


def visit(id: str, code: str, name: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {"code": code},
        "type": [{"text": name}],
        "period": {"start": start, "end": end},
        **more,
    }


def allergy(id: str, name: str) -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": id,
        "type": "allergy",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": name},
        "onsetDateTime": "1970-01-01",
    }


def claim(id: str, day: str, value: float) -> dict[str, Any]:
    return {
        "resourceType": "Claim",
        "id": id,
        "status": "active",
        "use": "claim",
        "billablePeriod": {"start": day, "end": day},
        "created": day,
        "total": {"value": value, "currency": "USD"},
    }


DOCTOR = {"participant": [{"individual": {"reference": "Practitioner/d", "display": "Dr. Jane Rossi"}}]}
RANGE = {"referenceRange": [{"low": {"value": 36.1}, "high": {"value": 37.8}}]}
RECORD = (
    *ANNA,
    observation(
        "temp", "8310-5", "Body temperature", "2020-12-04", 38.2, "Cel", interpretation=[HIGH], **RANGE
    ),
    observation("pounds", "29463-7", "Body Weight", "2018-05-01", 185, "[lb_av]"),
    observation("heart", "8867-4", "Heart rate", "2020-12-04", 72, "/min", interpretation=[NORMAL]),
    observation(
        "wbc", "6690-2", "Leukocytes [#/volume] in Blood by Automated count", "2020-12-04", 5.87, "10*3/uL"
    ),
    observation("pain", "72514-3", "Pain severity - 0-10 verbal numeric rating", "2020-12-04", 2, "{score}"),
    dated("Procedure", "scope", "Colonoscopy (procedure)", "2017-11-01", "performedDateTime", "73761001"),
    dated("Procedure", "stitches", "Suture open wound", "2001-05", "performedDateTime"),
    dated("Immunization", "td", "Td (adult), adsorbed", "2009-10-01", "occurrenceDateTime"),
    dated("Immunization", "tdap", "Tdap", "2019-10-01", "occurrenceDateTime"),
    visit(
        "ward",
        "IMP",
        "Admission to ward",
        "2019-04-17T08:00:00Z",
        "2019-04-17T18:00:00Z",
        reasonCode=[{"text": "cabg_history"}],
    ),
    visit("seen", "AMB", "Check up", "2020-12-04T08:00:00Z", "2020-12-04T09:00:00Z", **DOCTOR),
    prescription(
        "codeine", "993837", "Acetaminophen 300 MG / Codeine Phosphate 15 MG Oral Tablet", "2010-06-01"
    ),
    prescription("insulin", "106892", "insulin isophane 70 UNT/ML [Humulin]", "2020-12-04")
    | {"encounter": {"reference": "Encounter/seen"}},
    *(
        dated("Procedure", f"bw{y}", "Dental plain X-ray bitewing", f"{y}-03-01", "performedDateTime", "1")
        for y in range(2010, 2015)
    ),
    allergy("latex", "Latex"),
    allergy("mold", "Mold"),
    *({"resourceType": "Device", "id": f"dev{n}", "status": "active"} for n in range(9)),
    claim("c1", "2020-02-01", 300),
    claim("c2", "2020-03-01", 200),
    condition("bp", "59621000", "Essential hypertension (disorder)", "2004-11-10"),
)


@dataclass(frozen=True)
class Case:
    id: str
    tool: str
    arguments: dict[str, object] = field(default_factory=dict)
    text: str = ""
    yes_no: bool = False


CASES = [
    Case(
        "a value with the flag before the reference range",
        "measure",
        {"concept": "temperature"},
        "The latest body temperature was 38.2 °C on 2020-12-04 (high; reference 36.1–37.8) [Observation/temp].",
    ),
    Case(
        "flagged as normal says nothing",
        "measure",
        {"concept": "heart rate"},
        "The latest heart rate was 72/min on 2020-12-04 [Observation/heart].",
    ),
    Case(
        "a count of cells",
        "measure",
        {"concept": "leukocytes"},
        "The latest Leukocytes in Blood by Automated count was 5.87 10³/µL on 2020-12-04 [Observation/wbc].",
    ),
    Case(
        "a score has no unit",
        "measure",
        {"concept": "pain severity"},
        "The latest pain severity - 0-10 verbal numeric rating was 2 on 2020-12-04 [Observation/pain].",
    ),
    Case(
        "a trend from the first to the last",
        "measure",
        {"concept": "A1c", "statistic": "trend"},
        "Hemoglobin A1c in Blood has been falling: 7.1 % on 2019-11-02 [Observation/a1c-old] "
        "to 6.4 % on 2020-12-04 [Observation/a1c] (2 measurements). That is -0.64 % a year.",
    ),
    Case(
        "a change says which way",
        "measure",
        {"concept": "A1c", "statistic": "change"},
        "Hemoglobin A1c in Blood fell by 0.7 %, from 7.1 % (2019-11-02) [Observation/a1c-old] "
        "to 6.4 % (2020-12-04) [Observation/a1c].",
    ),
    Case(
        "a mean says of how many",
        "measure",
        {"concept": "A1c", "statistic": "mean"},
        "The mean Hemoglobin A1c in Blood was 6.75 % (2 measurements) "
        "[Observation/a1c-old] [Observation/a1c].",
    ),
    Case(
        "all values under one name",
        "measure",
        {"concept": "A1c", "pick": "all"},
        "Hemoglobin A1c in Blood (2 measurements):\n- 7.1 % on 2019-11-02 [Observation/a1c-old]\n"
        "- 6.4 % on 2020-12-04 [Observation/a1c]",
    ),
    Case(
        "never above tells the nearest",
        "measure",
        {"concept": "A1c", "how": "any", "test": "above", "limits": [8.0]},
        "No: 2 recorded, none of them above 8. "
        "Nearest: Hemoglobin A1c in Blood 7.1 % on 2019-11-02 [Observation/a1c-old].",
        yes_no=True,
    ),
    Case(
        "not one above tells the nearest",
        "measure",
        {"concept": "A1c", "how": "count", "test": "above", "limits": [8.0]},
        "None: 2 recorded, none of them above 8. "
        "Nearest: Hemoglobin A1c in Blood 7.1 % on 2019-11-02 [Observation/a1c-old].",
    ),
    Case(
        "a limit has the unit in which values of several units were compared",
        "measure",
        {"concept": "weight", "how": "any", "test": "above", "limits": [70]},
        "Yes, above 70 kg: Body Weight 185 lb on 2018-05-01, converted to 83.91 kg [Observation/pounds]; "
        "Body Weight 71.55 kg on 2020-12-04 [Observation/weight]. 70 has no unit, and kg or lb makes no difference. "
        "1 in lb was converted to kg.",
        yes_no=True,
    ),
    Case(
        "the first above a limit was recorded in another unit",
        "measure",
        {"concept": "weight", "pick": "first", "test": "above", "limits": [80]},
        "The first Body Weight above 80 kg was 185 lb on 2018-05-01, converted to 83.91 kg "
        "[Observation/pounds]. 80 has no unit, and kg or lb makes no difference. 1 in lb was converted to kg.",
    ),
    Case(
        "a month has no day",
        "find",
        {"kind": "procedure", "concept": "suture", "pick": "last"},
        "The last suture was done in 2001-05: Suture open wound [Procedure/stitches].",
    ),
    Case(
        "yes with the fact",
        "find",
        {"kind": "procedure", "concept": "colonoscopy", "give": "exists"},
        "Yes: Colonoscopy, done 2017-11-01 [Procedure/scope].",
        yes_no=True,
    ),
    Case(
        "yes, several times",
        "find",
        {"kind": "procedure", "concept": "bitewing", "give": "exists"},
        "Yes, 5 recorded: first Dental plain X-ray bitewing, done 2010-03-01 [Procedure/bw2010]; "
        "last Dental plain X-ray bitewing, done 2014-03-01 [Procedure/bw2014].",
        yes_no=True,
    ),
    Case(
        "the name is not said twice",
        "find",
        {"kind": "procedure", "concept": "colonoscopies", "give": "date", "pick": "last"},
        "The last colonoscopy was done on 2017-11-01 [Procedure/scope].",
    ),
    Case(
        "words that mean several names are said as asked",
        "find",
        {"kind": "immunization", "concept": "tetanus shot", "give": "date", "pick": "last"},
        "The last tetanus shot was given on 2019-10-01: Tdap [Immunization/tdap].",
    ),
    Case(
        "a drug was first prescribed",
        "find",
        {"kind": "medication", "concept": "insulin", "give": "date", "pick": "first"},
        "Insulin was first prescribed on 2020-12-04: insulin isophane 70 UNT/ML [Humulin], active "
        "[MedicationRequest/insulin].",
    ),
    Case(
        "a drug asked by its full name is named once",
        "find",
        {"kind": "medication", "concept": "Aspirin 81 MG Oral Tablet", "give": "date", "pick": "last"},
        "Aspirin 81 MG Oral Tablet was last prescribed on 2012-03-05 (stopped) [MedicationRequest/aspirin].",
    ),
    Case(
        "the last in a period is not said to be the last",
        "find",
        {"kind": "procedure", "concept": "bitewing", "give": "date", "pick": "last", "period": "until 2012"},
        "The last bitewing until 2012 was done on 2012-03-01: Dental plain X-ray bitewing "
        "[Procedure/bw2012].",
    ),
    Case(
        "a problem in a period",
        "find",
        {"kind": "condition", "pick": "last", "period": "until 2012"},
        "Last recorded as active until 2012, on 2010-05-24: Diabetes mellitus type 2, active [Condition/diabetes].",
    ),
    Case(
        "the clinician of the visit is not said to have prescribed",
        "find",
        {"kind": "medication", "concept": "insulin", "give": "attribute", "part": "who"},
        "Insulin isophane 70 UNT/ML [Humulin], active, prescribed 2020-12-04, at a visit with "
        "Dr. Jane Rossi [MedicationRequest/insulin] [Encounter/seen].",
    ),
    Case(
        "no opioids in a period, whatever the record's name",
        "find",
        {"kind": "medication", "concept": "opioids", "give": "exists", "period": "in 2005"},
        "No opioids recorded as active in 2005 (4 prescriptions from 2010-06-01 to 2020-12-04 searched).",
        yes_no=True,
    ),
    Case(
        "no allergy to a drug is not: no drug",
        "find",
        {"kind": "allergy", "concept": "penicillin", "give": "exists"},
        "No penicillin allergy recorded (2 allergy entries of 1970-01-01 searched).",
        yes_no=True,
    ),
    Case(
        "drugs for a reason",
        "find",
        {"kind": "medication", "status": "active", "reason": "gout"},
        "Not recorded: active medications for gout (4 prescriptions from 2010-06-01 to 2020-12-04 searched).",
    ),
    Case(
        "how many prescriptions",
        "find",
        {"kind": "medication", "give": "count"},
        "4 prescriptions, first on 2010-06-01 [MedicationRequest/metformin], "
        "last on 2020-12-04 [MedicationRequest/insulin].",
    ),
    Case(
        "a list begins with how many",
        "find",
        {"kind": "immunization", "period": "since 2005"},
        "2 immunizations since 2005:\n- Td (adult), adsorbed, given 2009-10-01 [Immunization/td]\n"
        "- Tdap, given 2019-10-01 [Immunization/tdap]",
    ),
    Case(
        "a stay within one day, with a programmer's reason as words",
        "find",
        {"kind": "encounter", "category": "inpatient", "give": "duration", "pick": "last"},
        "Last inpatient stay: Admission to ward (inpatient), on 2019-04-17, for cabg history, "
        "0 days (admitted and discharged on the same day) [Encounter/ward].",
    ),
    Case(
        "how long a condition lasts",
        "find",
        {"kind": "condition", "concept": "hypertension", "give": "duration"},
        "Essential hypertension, active, since 2004-11-10, 6077 days (about 16.6 years) until 2021-07-01 "
        "[Condition/bp].",
    ),
    Case(
        "no reactions said once",
        "find",
        {"kind": "allergy", "give": "attribute", "part": "detail"},
        "2 allergies:\n- Latex, active, since 1970-01-01 [AllergyIntolerance/latex]\n"
        "- Mold, active, since 1970-01-01 [AllergyIntolerance/mold]\n"
        "Reaction and severity are not recorded.",
    ),
    Case(
        "devices that nobody named",
        "find",
        {"kind": "device"},
        "9 unnamed devices [Device/dev8] [Device/dev0].",
    ),
    Case(
        "nothing new",
        "overview",
        {"since": "2021-06"},
        "Nothing new recorded since 2021-06 (conditions, prescriptions, observations and others searched). "
        "Drugs stopped without a recorded day: 1.",
    ),
    Case(
        "sums by type are of claims",
        "costs",
        {"give": "count", "by": "year"},
        "Claims by year:\n- 2020: 2 claims, 2020-02-01 to 2020-03-01 [Claim/c2]",
    ),
    Case(
        "what was billed",
        "costs",
        {"give": "billed", "period": "in 2020"},
        "500 USD were billed in 2020 (2 claims, 2020-02-01 to 2020-03-01) [Claim/c1] [Claim/c2].",
    ),
    Case(
        "nothing happened",
        "timeline",
        {"period": "in 1990"},
        "Nothing recorded in 1990 (conditions, prescriptions, observations and others searched).",
    ),
    Case("a phone number that is not there", "profile", {"about": "phone"}, "Not recorded: phone."),
]


@dataclass(frozen=True)
class PlanCase:
    """Calls, of which the last ones answer."""

    id: str
    calls: tuple[Call, ...]
    text: str


def find(**arguments: object) -> Call:
    return Call("find", arguments)


def after(call: str) -> dict[str, object]:
    return {"is": "after", "of": call}


INSULIN = find(kind="medication", concept="insulin", pick="first")
CODEINE = find(kind="medication", concept="codeine", pick="first")
PLANS = [
    PlanCase(
        "what went on after something began earlier",
        (CODEINE, find(kind="condition", concept="hypertension", when=after("a"))),
        "Active after codeine (2010-06-01): Essential hypertension, active, since 2004-11-10 [Condition/bp].",
    ),
    PlanCase(
        "what started after something",
        (CODEINE, find(kind="condition", when=after("a"), relation="started", give="count")),
        "1 condition started after codeine (2010-06-01): Viral sinusitis, resolved, since 2015-01-12 "
        "[Condition/sinusitis].",
    ),
    PlanCase(
        "what is nearest need not have been active",
        (CODEINE, find(kind="condition", when={"is": "nearest", "of": "a"})),
        "Nearest to codeine (2010-06-01): Diabetes mellitus type 2, active, since 2010-05-24 "
        "[Condition/diabetes].",
    ),
    PlanCase(
        "a count of one and a count of the other",
        (
            find(kind="procedure", concept="bitewing", give="count"),
            find(kind="immunization", give="count"),
            Call("calculate", {"operation": "higher", "of": ["a", "b"]}),
        ),
        "Yes, higher (bitewing 5, immunizations 2):\n"
        + "".join(
            f"- Dental plain X-ray bitewing, done {year}-03-01 [Procedure/bw{year}]\n"
            for year in range(2010, 2015)
        )
        + "- Td (adult), adsorbed, given 2009-10-01 [Immunization/td]\n"
        "- Tdap, given 2019-10-01 [Immunization/tdap]",
    ),
    PlanCase(
        "until now",
        (INSULIN, Call("calculate", {"operation": "duration", "of": ["a", "now"]})),
        "209 days between insulin and 2021-07-01: insulin isophane 70 UNT/ML [Humulin], active, prescribed "
        "2020-12-04 [MedicationRequest/insulin]. 209 days are about 6.9 months.",
    ),
    PlanCase(
        "operands of one name by status",
        (
            find(kind="medication", concept="aspirin", status="active"),
            find(kind="medication", concept="aspirin", status="past"),
            Call("calculate", {"operation": "both", "of": ["a", "b"]}),
        ),
        "None in both active aspirin and past aspirin (4 prescriptions from 2010-06-01 to 2020-12-04 searched). "
        "None of those found is active. Not recorded: active aspirin.",
    ),
    PlanCase(
        "operands of one kind by reason",
        (
            find(kind="medication", reason="gout"),
            find(kind="medication", reason="asthma"),
            Call("calculate", {"operation": "either", "of": ["a", "b"]}),
        ),
        "None in medications for gout or medications for asthma (4 prescriptions from 2010-06-01 to 2020-12-04 "
        "searched). Not recorded: medication for gout. Not recorded: medication for asthma.",
    ),
    PlanCase(
        "operands of one kind by route and time",
        (
            find(kind="medication", route="oral", period="in 2015"),
            find(kind="medication", route="iv", period="in 2015"),
            find(kind="medication", period="in 2011"),
            Call("calculate", {"operation": "both", "of": ["a", "b", "c"]}),
        ),
        "None in all of medications by oral route active in 2015, medications by iv route active in 2015 and "
        "medications active in 2011 (4 prescriptions from 2010-06-01 to 2020-12-04 searched). Stopped, but the "
        "record does not say since when. 1 more may belong, which the record does not say: Aspirin 81 MG Oral "
        "Tablet. Not recorded: medication by iv route active in 2015.",
    ),
    PlanCase(
        "operands of one kind by place and event",
        (
            CODEINE,
            find(kind="procedure", when=after("a")),
            find(kind="procedure", place="hospital"),
            Call("calculate", {"operation": "without", "of": ["b", "c"]}),
        ),
        "2 names only in procedures after codeine (2010-06-01), compared with procedures at hospital:\n"
        + "".join(
            f"- Dental plain X-ray bitewing, done {year}-03-01 [Procedure/bw{year}]\n"
            for year in range(2011, 2015)
        )
        + "- Colonoscopy, done 2017-11-01 [Procedure/scope]\nNot recorded: procedure at hospital.",
    ),
    PlanCase(
        "operands of one name by kind",
        (
            find(kind="allergy", concept="latex"),
            find(kind="condition", concept="latex"),
            Call("calculate", {"operation": "both", "of": ["a", "b"]}),
        ),
        "None in both latex allergy and latex condition (2 allergy entries of 1970-01-01; 3 conditions from "
        "2004-11-10 to 2015-01-12 searched). Not recorded: latex condition.",
    ),
    PlanCase(
        "a thing of a moment happened then",
        (CODEINE, find(kind="procedure", concept="bitewing", when=after("a"), give="count")),
        "Bitewing after codeine (2010-06-01): 4, first on 2011-03-01 [Procedure/bw2011], last on 2014-03-01 "
        "[Procedure/bw2014].",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_a_clinician_reads(case: Case) -> None:
    record = record_of(RECORD, NOW)
    evidence = run(Call(case.tool, case.arguments), record)
    text = BuiltinWriter().write(Brief(question="", plan=Plan(yes_no=case.yes_no), evidence=[evidence]))
    assert text == case.text
    assert check_draft(text, [evidence], record, "").unsupported == ()


@pytest.mark.parametrize("case", PLANS, ids=lambda case: case.id)
def test_what_a_clinician_reads_of_several_calls(case: PlanCase) -> None:
    record = record_of(RECORD, NOW)
    calls = named(case.calls)
    evidence = run_plan(calls, record)
    text = BuiltinWriter().write(Brief(question="", plan=Plan(calls=calls), evidence=evidence))
    assert text == case.text
    assert check_draft(text, evidence, record, "").unsupported == ()


def test_a_summary_is_headed_groups_of_less_than_thirty_lines() -> None:
    record = record_of(RECORD, NOW)
    evidence = run(Call("overview", {"of": "patient"}), record)
    text = BuiltinWriter().write(Brief(question="", plan=Plan(), evidence=[evidence]))
    assert text == SUMMARY
    assert check_draft(text, [evidence], record, "").unsupported == ()


SUMMARY = """\
Anna Berg, female, born 1948-02-29 (73 years old) [Patient/anna]
Active problems:
- Diabetes mellitus type 2, active, since 2010-05-24 [Condition/diabetes]
- Essential hypertension, active, since 2004-11-10 [Condition/bp]
Current medications:
- Insulin isophane 70 UNT/ML [Humulin], active, prescribed 2020-12-04 [MedicationRequest/insulin]
- Acetaminophen 300 MG / Codeine Phosphate 15 MG Oral Tablet, active, prescribed 2010-06-01 [MedicationRequest/codeine]
- 24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet, active, prescribed 2010-06-01 [MedicationRequest/metformin]
Allergies:
- Mold, active, since 1970-01-01 [AllergyIntolerance/mold]
- Latex, active, since 1970-01-01 [AllergyIntolerance/latex]
Last visit: Check up (outpatient), on 2020-12-04 [Encounter/seen]
Vitals: Heart rate 72/min on 2020-12-04 [Observation/heart]; Body Weight 71.55 kg on 2020-12-04 [Observation/weight]; Body temperature 38.2 °C on 2020-12-04 (high) [Observation/temp]
Results:
- Hemoglobin A1c in Blood 6.4 % on 2020-12-04 [Observation/a1c]
- Glucose in Blood 92.37 mg/dL on 2020-12-04 [Observation/glucose]
- Leukocytes in Blood by Automated count 5.87 10³/µL on 2020-12-04 [Observation/wbc]
Last procedure: Colonoscopy, done 2017-11-01 [Procedure/scope]
Last immunization: Tdap, given 2019-10-01 [Immunization/tdap]"""  # noqa: E501


def test_what_is_not_understood_says_what_the_record_holds() -> None:
    record = record_of(RECORD, NOW)
    asked = ("When was Gout first recorded?", "How old is the patient?")
    brief = Brief(question="asdf", plan=Plan(), holds=("Condition", "Claim"), askable=asked)
    text = BuiltinWriter().write(brief)
    assert text == (
        "I could not tell what this asks about the record; it holds conditions. "
        "Ask, for example: “When was Gout first recorded?” “How old is the patient?”"
    )
    assert check_draft(text, [], record, "asdf", askable=asked).unsupported == ()


def test_what_plays_no_part_in_an_answer_is_said() -> None:
    record = record_of(RECORD, NOW)
    evidence = run(Call("find", {"kind": "medication", "concept": "insulin"}), record)
    plan = Plan(calls=(Call("find", evidence.arguments, "a"),), left_out=("today",))
    text = BuiltinWriter().write(Brief(question="", plan=plan, evidence=[evidence]))
    assert text.endswith("\n\nNot taken into account: “today”.")
    assert check_draft(text, [evidence], record, "", left_out=["today"]).unsupported == ()


def test_advice_is_declined_with_what_is_recorded() -> None:
    record = record_of(RECORD, NOW)
    evidence = run(Call("find", {"kind": "medication", "concept": "insulin"}), record)
    plan = Plan(decline="advice")
    text = BuiltinWriter().write(Brief(question="", plan=plan, evidence=[evidence]))
    assert text == (
        "I give no advice, I only report what is recorded. From the record: Insulin isophane 70 UNT/ML "
        "[Humulin], active, prescribed 2020-12-04 [MedicationRequest/insulin]."
    )
    assert check_draft(text, [evidence], record, "").unsupported == ()
