"""Findings whose words cannot be followed: what code says in their place, from their claims and facts."""

import pytest

from agent.check import check_draft
from agent.check.grounds import Grounds
from agent.context import Brief
from agent.findings import Claim, Finding, Relation, joined, without_sources
from agent.plan import Plan
from agent.writer.holding import hold_findings
from agent.writer.telling import tell
from tests.agent.test_check_of_claims import KINDS
from tests.agent.test_check_of_relations import A1C, DRUGS, HELD, LDL, PROBLEMS, STAY
from tests.builders import immunization, observation
from tests.whole_questions import NOW, assistant_over
from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence, Fact
from tools.calls.program import named, run_plan
from tools.record import PatientRecord

_RANGE = {
    "code": "2160-0",
    "unit": "mg/dL",
    "referenceRange": [{"low": {"value": 0.6}, "high": {"value": 1.2}}],
}
RECORD = [
    *HELD,
    *(immunization(f"flu{n}", "Influenza", when=f"{2004 + n}-10-01") for n in range(1, 15)),
    immunization("tdap", "Tdap", when="2010-01-01"),
    observation("cr1", "Creatinine", value=1.0, when="2019-01-10", **_RANGE),
    observation("cr2", "Creatinine", value=1.6, when="2020-01-10", **_RANGE),
    {
        "resourceType": "Goal",
        "id": "aim",
        "lifecycleStatus": "active",
        "description": {"text": "Hemoglobin A1c < 7"},
        "subject": {"reference": "Patient/p1"},
        "startDate": "2020-01-01",
    },
]
VACCINES = (Call("find", {"kind": "immunization"}),)
CREATININE = (Call("measure", {"concept": "creatinine", "pick": "all"}),)
AIM = (*A1C, Call("find", {"kind": "goal"}))
_STARTED = "insulin glargine 100 UNT/ML Injectable Solution, active, prescribed 2018-12-24"
_BEGAN = "Diabetes mellitus type 2, active, since 2016-12-20"

# calls; claims with their facts; other facts; what is said
Row = tuple[tuple[Call, ...], tuple[tuple[Relation, tuple[str, ...]], ...], tuple[str, ...], str]
TOLD: list[Row] = [
    (LDL, (("rose", ("ldl1", "ldl2")),), (),
     "LDL Cholesterol rose from 142 mg/dL on 2016-03-01 to 150.5 mg/dL on 2018-03-01, by 8.5 mg/dL (6 %)."),
    (LDL, (("fell", ("ldl1", "ldl2", "ldl3")),), (),
     "LDL Cholesterol fell from 142 mg/dL on 2016-03-01 to 132.9 mg/dL on 2020-03-01, by 9.1 mg/dL (6.4 %); "
     "in between 150.5 mg/dL on 2018-03-01."),
    (LDL, (("rose", ("ldl1", "ldl2")), ("difference", ("ldl1", "ldl2")), ("percent", ("ldl1", "ldl2"))), (),
     "LDL Cholesterol rose from 142 mg/dL on 2016-03-01 to 150.5 mg/dL on 2018-03-01, by 8.5 mg/dL (6 %)."),
    (LDL, (("fell", ("ldl1", "ldl2")),), ("ldl1",), "LDL Cholesterol 142 mg/dL on 2016-03-01."),
    (LDL, (("highest", ("ldl2",)),), (), "The highest of 3: LDL Cholesterol 150.5 mg/dL on 2018-03-01."),
    (VACCINES, (("highest", ("flu14", "tdap")),), (),
     "The highest of 2: Influenza, 14 times, 2005-10-01 to 2018-10-01; beside it Tdap, given 2010-01-01."),
    (VACCINES, (("before", ("flu14", "tdap")),), ("flu14",), "Influenza, 14 times, 2005-10-01 to 2018-10-01."),
    (LDL, (("lowest", ("ldl1", "ldl2")),), (),
     "The lowest of 2: LDL Cholesterol 142 mg/dL on 2016-03-01; beside it LDL Cholesterol 150.5 mg/dL on 2018-03-01."),
    (LDL, (("mean", ("ldl1", "ldl2")),), ("ldl3",),
     "The mean of 2 values of LDL Cholesterol is 146.25 mg/dL: 142 mg/dL on 2016-03-01; 150.5 mg/dL on 2018-03-01. "
     "LDL Cholesterol 132.9 mg/dL on 2020-03-01."),
    (LDL, (("percent", ("ldl1", "ldl3")),), (),
     "LDL Cholesterol changed by -6.4 %: 142 mg/dL on 2016-03-01, then 132.9 mg/dL on 2020-03-01."),
    (A1C, (("same", ("a1c2016", "a1c2018")),), (),
     "Hemoglobin A1c in Blood was the same: 7.3 % on 2016-12-20; 7.3 % on 2018-12-20."),
    (PROBLEMS, (("before", ("diabetes", "neuropathy")),), (),
     f"{_BEGAN}, 781 days (2 years and 1 month) before Neuropathy due to type 2 diabetes mellitus, active, "
     "since 2019-02-09, first recorded 2016-12-20."),
    (PROBLEMS, (("difference", ("diabetes", "neuropathy")), ("first", ("diabetes", "neuropathy"))), (),
     f"{_BEGAN}, and Neuropathy due to type 2 diabetes mellitus, active, since 2019-02-09, first recorded 2016-12-20: "
     "781 days (2 years and 1 month) apart. The first of 2: Diabetes mellitus type 2 on 2016-12-20; "
     "beside it Neuropathy due to type 2 diabetes mellitus on 2019-02-09."),
    (DRUGS, (("count", ("amlodipine", "insulin")),), (),
     f"2 in all: amLODIPine 2.5 MG Oral Tablet, active, prescribed 2004-11-10; {_STARTED}."),
    (DRUGS, (("before", ("insulin", "amlodipine")),), ("insulin",), f"{_STARTED}."),
    (STAY, (("only", ("stay",)),), (),
     "The only one found: Inpatient stay (inpatient), 2019-02-22 to 2019-03-15, 21 days."),
    (CREATININE, (("above", ("cr2",)), ("within", ("cr1",))), (),
     "Above the reference range: Creatinine 1.6 mg/dL on 2020-01-10 (reference 0.6–1.2). "
     "Within the reference range: Creatinine 1 mg/dL on 2019-01-10."),
    (AIM, (("above", ("a1c2020", "aim")),), (),
     "Hemoglobin A1c in Blood 7.3 % on 2020-12-20: 0.3 % above Hemoglobin A1c < 7, active, since 2020-01-01."),
]  # fmt: skip


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> PatientRecord:
    return assistant_over(tmp_path_factory.mktemp("told"), *RECORD).record("Patient/p1", NOW)


def _facts(evidence: tuple[Evidence, ...], ids: tuple[str, ...]) -> tuple[Fact, ...]:
    kinds = {**KINDS, "diabetes": "Condition", "neuropathy": "Condition", "stay": "Encounter", "aim": "Goal"}
    kinds |= {"hctz": "MedicationRequest", "flu14": "Immunization", "tdap": "Immunization"}
    facts = {fact.reference: fact for e in evidence for fact in e.told}
    return tuple(facts[f"{kinds.get(each, 'Observation')}/{each}"] for each in ids)


@pytest.mark.parametrize(("calls", "claims", "ids", "text"), TOLD)
def test_what_code_says_of_claims_and_facts(
    held: PatientRecord,
    calls: tuple[Call, ...],
    claims: tuple[tuple[Relation, tuple[str, ...]], ...],
    ids: tuple[str, ...],
    text: str,
) -> None:
    evidence = run_plan(named(calls), held)
    declared = tuple(Claim(relation, _facts(evidence, of)) for relation, of in claims)
    finding = Finding("What a model said.", _facts(evidence, ids), declared)
    told = tell(finding, [Grounds(e, held) for e in evidence])
    assert without_sources(told.text) == text
    named_facts = dict.fromkeys(fact.reference for claim in told.claims for fact in claim.of)
    assert all(f"[{reference}]" in told.text for reference in named_facts)


_ROSE: tuple[Relation, tuple[str, ...]] = ("rose", ("ldl1", "ldl2"))
_RISE = "LDL Cholesterol rose from 142 mg/dL on 2016-03-01 to 150.5 mg/dL on 2018-03-01, by 8.5 mg/dL (6 %)."
# the findings of a draft: words, facts, claims; what is shown; what is to be written again
DRAFTS = [
    ("in its own words", [("LDL climbed from 142 mg/dL to 150.5 mg/dL.", ("ldl1", "ldl2"), [_ROSE])],
     "LDL climbed from 142 mg/dL to 150.5 mg/dL.", []),
    ("words that nothing carries", [("LDL edged up alarmingly.", ("ldl1", "ldl2"), [_ROSE])], _RISE, []),
    ("words that are not so beside a claim that is", [("LDL fell to 150.5 mg/dL.", ("ldl1", "ldl2"), [_ROSE])],
     _RISE, []),
    ("a relation that nothing decides", [("LDL was 142 mg/dL still.", ("ldl1",), [])],
     "LDL Cholesterol 142 mg/dL on 2016-03-01.", []),
    ("a claim that is not so", [("LDL was measured twice.", ("ldl1", "ldl2"), [("fell", ("ldl1", "ldl2"))])],
     "LDL Cholesterol 142 mg/dL on 2016-03-01. LDL Cholesterol 150.5 mg/dL on 2018-03-01.",
     ["“fell” is not so: 142.0 to 150.5 mg/dl"]),
    ("no facts beside others", [("LDL was 142 mg/dL.", ("ldl1",), []), ("It is worrying.", (), [])],
     "LDL was 142 mg/dL.", []),
    ("a denial of what was looked for and not found, beside others",
     [("LDL was 142 mg/dL.", ("ldl1",), []), ("Regrettably, ferritin was never done.", (), [])],
     "LDL was 142 mg/dL. Not recorded: ferritin (14 observations from 2016-03-01 to 2020-12-20 searched).", []),
    ("no facts at all", [("It is worrying.", (), [])], "", ["it names no source"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("findings", "shown", "wrong"), [row[1:] for row in DRAFTS], ids=[d[0] for d in DRAFTS]
)
def test_what_of_a_draft_is_shown(
    held: PatientRecord,
    findings: list[tuple[str, tuple[str, ...], list[tuple[Relation, tuple[str, ...]]]]],
    shown: str,
    wrong: list[str],
) -> None:
    evidence = run_plan(named((*LDL, Call("measure", {"concept": "ferritin"}))), held)
    draft = []
    for words, ids, claims in findings:
        facts = _facts(evidence, ids)
        sources = "".join(f" [{fact.reference}]" for fact in facts)
        declared = tuple(Claim(relation, _facts(evidence, of)) for relation, of in claims)
        draft.append(Finding(f"{words[:-1]}{sources}.", facts, declared))
    text = joined(finding.text for finding in draft)
    checked = check_draft(text, evidence, held, "", claims=[c for each in draft for c in each.claims])
    came_to = hold_findings(draft, checked, Brief(question="", plan=Plan(), evidence=evidence), held)
    assert without_sources(joined(each.text for each in came_to.findings)) == shown
    assert [each.reason for each in came_to.wrong] == wrong
