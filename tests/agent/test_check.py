"""What the checker must refuse and what it must let pass: one draft a line, over hand-made evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from agent.check import check_draft
from agent.context import Brief
from agent.plan import Plan
from agent.writer import BuiltinWriter
from tests.agent.scripted import ANNA, PROBLEMS, evidence, record_of
from tools.calls.evidence import Evidence, Fact

RECORD = record_of(ANNA)
A1C = evidence()
GLUCOSE = evidence(
    arguments={"concept": "glucose"},
    about="Glucose",
    values=(Decimal("92.37"),),
    unit="mg/dL",
    facts=(
        Fact(
            "Glucose [Mass/volume] in Blood 92.37 mg/dL on 2020-12-04",
            "Observation/glucose",
            "Glucose [Mass/volume] in Blood",
            "2020-12-04",
        ),
    ),
    references=("Observation/glucose",),
)
CHANGE = evidence(
    arguments={"concept": "A1c", "statistic": "change"},
    values=(Decimal("-0.70"),),
    facts=(
        Fact(
            "First: Hemoglobin A1c 7.1 % on 2019-11-02", "Observation/a1c-old", "Hemoglobin A1c", "2019-11-02"
        ),
        Fact("Last: Hemoglobin A1c 6.4 % on 2020-12-04", "Observation/a1c", "Hemoglobin A1c", "2020-12-04"),
    ),
    total=2,
    references=("Observation/a1c-old", "Observation/a1c"),
)
COUNT = evidence(
    arguments={"concept": "A1c", "statistic": "count"},
    values=(2,),
    unit="",
    facts=CHANGE.facts,
    total=2,
    references=CHANGE.references,
)
MEAN = evidence(
    arguments={"concept": "A1c", "statistic": "mean"},
    values=(Decimal("6.75"),),
    facts=CHANGE.facts,
    total=2,
    references=CHANGE.references,
)
ABOVE = evidence(
    arguments={"concept": "A1c", "how": "any", "test": "above", "limits": [7.0]},
    values=(True,),
    unit="",
    facts=CHANGE.facts[:1],
    references=("Observation/a1c-old",),
)
NOT_ABOVE = evidence(
    arguments={"concept": "A1c", "how": "any", "test": "above", "limits": [9.0]},
    outcome="none recorded",
    values=(False,),
    unit="",
    facts=CHANGE.facts[:1],
    references=(),
    notes=("2 recorded, none of them above 9.0",),
)
DIABETES = Evidence(
    tool="find",
    arguments={"kind": "condition", "concept": "diabetes", "give": "exists"},
    outcome="found",
    about="Diabetes mellitus type 2 (disorder)",
    values=(True,),
    facts=(
        Fact(
            "Diabetes mellitus type 2, active, since 2010-05-24",
            "Condition/diabetes",
            "Diabetes mellitus type 2 (disorder)",
            "2010-05-24",
        ),
    ),
    total=1,
    references=("Condition/diabetes",),
    coverage=PROBLEMS,
)
LIST = Evidence(
    tool="find",
    arguments={"kind": "condition"},
    outcome="found",
    about="condition",
    values=("Diabetes mellitus type 2 (disorder)", "Viral sinusitis (disorder)"),
    facts=(
        *DIABETES.facts,
        Fact(
            "Viral sinusitis, resolved, on 2015-01-12",
            "Condition/sinusitis",
            "Viral sinusitis (disorder)",
            "2015-01-12",
        ),
    ),
    total=2,
    references=("Condition/diabetes", "Condition/sinusitis"),
    coverage=PROBLEMS,
)
METFORMIN = Evidence(
    tool="find",
    arguments={"kind": "medication", "concept": "metformin"},
    outcome="found",
    about="24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet",
    values=("24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet",),
    facts=(
        Fact(
            "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet, active, prescribed 2010-06-01",  # noqa: E501
            "MedicationRequest/metformin",
            "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet",
            "2010-06-01",
        ),
    ),
    total=1,
    references=("MedicationRequest/metformin",),
)
INR = evidence(
    arguments={"concept": "INR"},
    outcome="none recorded",
    about="INR",
    values=(),
    unit="",
    facts=(),
    total=0,
    references=(),
)
GOUT = Evidence(
    tool="find",
    arguments={"kind": "condition", "concept": "gout", "give": "exists"},
    outcome="none recorded",
    about="gout",
    values=(False,),
    coverage=PROBLEMS,
)
AGE = Evidence(
    tool="profile",
    arguments={"about": "age"},
    outcome="found",
    about="age",
    values=(73,),
    facts=(Fact("73 years old, born 1948-02-29", "Patient/anna", "Anna Berg", "1948-02-29"),),
    total=1,
    references=("Patient/anna",),
)
STRANGE = evidence(references=("Observation/a1c", "Condition/gout"))


@dataclass(frozen=True)
class Draft:
    text: str
    evidence: tuple[Evidence, ...]


SUPPORTED = [
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("Her most recent A1c is 6.4% (4 December 2020) [Observation/a1c].", (A1C,)),
    Draft("A1c 6.4 percent on Dec 4, 2020 [Observation/a1c]", (A1C,)),
    Draft("In December 2020 the hemoglobin A1c was 6.4 % [Observation/a1c].", (A1C,)),
    Draft("The A1c was 6.4 % on 12/4/2020 [Observation/a1c].", (A1C,)),
    Draft("The A1c measured in 2020 was 6.4 % [Observation/a1c].", (A1C,)),
    Draft("Glucose was 92.4 mg/dL [Observation/glucose].", (GLUCOSE,)),
    Draft("Glucose was about 92 mg per deciliter [Observation/glucose].", (GLUCOSE,)),
    Draft("A1c was 6.4 % [Observation/a1c] and glucose 92.37 mg/dL [Observation/glucose].", (A1C, GLUCOSE)),
    Draft(
        "Results:\n- A1c 6.4 % [Observation/a1c]\n- glucose 92 mg/dL [Observation/glucose]", (A1C, GLUCOSE)
    ),
    Draft("A1c was 6.4 % and glucose 92.37 mg/dL [Observation/a1c; Observation/glucose].", (A1C, GLUCOSE)),
    Draft("A1c fell by 0.7 %, from 7.1 % [Observation/a1c-old] to 6.4 % [Observation/a1c].", (CHANGE,)),
    Draft("A1c changed by -0.7 % [Observation/a1c-old] [Observation/a1c].", (CHANGE,)),
    Draft("There are two A1c measurements, the first in 2019 [Observation/a1c-old].", (COUNT,)),
    Draft("The average A1c was 6.75 % [Observation/a1c-old] [Observation/a1c].", (MEAN,)),
    Draft("Yes, the A1c was 7.1 % on 2019-11-02, above 7 % [Observation/a1c-old].", (ABOVE,)),
    Draft("No. The A1c of 7.1 % on 2019-11-02 is recorded [Observation/a1c-old].", (NOT_ABOVE,)),
    Draft("Yes: type 2 diabetes mellitus since 24 May 2010 [Condition/diabetes].", (DIABETES,)),
    Draft("The patient was diagnosed with diabetes in 2010 [Condition/diabetes].", (DIABETES,)),
    Draft(
        "2 conditions:\n- Diabetes mellitus type 2 [Condition/diabetes]\n- Viral sinusitis [Condition/sinusitis]",  # noqa: E501
        (LIST,),
    ),
    Draft("She has taken metformin 500 mg since June 2010 [MedicationRequest/metformin].", (METFORMIN,)),
    Draft("There is no record of an INR.", (INR,)),
    Draft("Not recorded: INR (4 observations, 2019-11-02 to 2020-12-04 searched).", (INR,)),
    Draft("No. Gout is not recorded.", (GOUT,)),
    Draft("No, 2 conditions were searched and none is gout.", (GOUT,)),
    Draft("The patient is 73 years old [Patient/anna].", (AGE,)),
    Draft("I give no advice: I only report what is in the record.", ()),
    Draft("The record says “Hemoglobin A1c/Hemoglobin.total in Blood” [Observation/a1c].", (A1C,)),
]

REFUSED = [
    # a changed number
    Draft("The latest Hemoglobin A1c was 6.5 % on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("The latest Hemoglobin A1c was 64 % on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("The latest Hemoglobin A1c was 6.42 % on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("The latest Hemoglobin A1c was -6.4 % on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("Glucose was 92.5 mg/dL [Observation/glucose].", (GLUCOSE,)),
    Draft("Glucose was 93 mg/dL [Observation/glucose].", (GLUCOSE,)),
    Draft("Glucose was 100 mg/dL [Observation/glucose].", (GLUCOSE,)),
    Draft("There are three A1c measurements [Observation/a1c].", (COUNT,)),
    Draft("There are 20 A1c measurements [Observation/a1c].", (COUNT,)),
    Draft("The average A1c was 6.57 % [Observation/a1c].", (MEAN,)),
    Draft("A1c changed by 0.7 % [Observation/a1c-old] [Observation/a1c].", (CHANGE,)),
    Draft("A1c rose by 0.7 % [Observation/a1c-old] [Observation/a1c].", (CHANGE,)),
    Draft("The patient is 37 years old [Patient/anna].", (AGE,)),
    Draft("The patient is seventy years old [Patient/anna].", (AGE,)),
    Draft("No record of INR (5 observations searched).", (INR,)),
    Draft("She takes metformin 1000 mg [MedicationRequest/metformin].", (METFORMIN,)),
    Draft("She takes metformin 500 mg twice a day [MedicationRequest/metformin].", (METFORMIN,)),
    # a changed date
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-12-05 [Observation/a1c].", (A1C,)),
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-11-04 [Observation/a1c].", (A1C,)),
    Draft("The latest Hemoglobin A1c was 6.4 % on 2021-12-04 [Observation/a1c].", (A1C,)),
    Draft("The A1c was 6.4 % on 5 December 2020 [Observation/a1c].", (A1C,)),
    Draft("The A1c was 6.4 % on November 4, 2020 [Observation/a1c].", (A1C,)),
    Draft("The A1c was 6.4 % in November [Observation/a1c].", (A1C,)),
    Draft("The A1c was 6.4 % on 4/12/2020 [Observation/a1c].", (A1C,)),
    Draft("The A1c was 6.4 % in 2019 [Observation/a1c].", (A1C,)),
    Draft("Diabetes since 24 May 2011 [Condition/diabetes].", (DIABETES,)),
    Draft("She has taken metformin since July 2010 [MedicationRequest/metformin].", (METFORMIN,)),
    # a changed unit
    Draft("The latest Hemoglobin A1c was 6.4 mg/dL on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("The latest Hemoglobin A1c was 6.4 mmol/mol [Observation/a1c].", (A1C,)),
    Draft("Glucose was 92.37 mmol/L [Observation/glucose].", (GLUCOSE,)),
    Draft("Glucose was 92.37 g/dL [Observation/glucose].", (GLUCOSE,)),
    Draft("Glucose was 92.37 % [Observation/glucose].", (GLUCOSE,)),
    Draft("The patient is 73 months old [Patient/anna].", (AGE,)),
    Draft("She takes metformin 500 g [MedicationRequest/metformin].", (METFORMIN,)),
    Draft("She takes metformin 500 mcg [MedicationRequest/metformin].", (METFORMIN,)),
    # a changed or invented name
    Draft("The latest creatinine was 6.4 % on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("The latest Hemoglobin A2 was 6.4 % on 2020-12-04 [Observation/a1c].", (A1C,)),
    Draft("She takes warfarin 500 MG [MedicationRequest/metformin].", (METFORMIN,)),
    Draft("She takes metformin and lisinopril [MedicationRequest/metformin].", (METFORMIN,)),
    Draft("Yes: type 1 diabetes mellitus since 2010 [Condition/diabetes].", (DIABETES,)),
    Draft("Yes: diabetes with neuropathy since 2010 [Condition/diabetes].", (DIABETES,)),
    Draft("The patient has sarcoidosis [Condition/diabetes].", (DIABETES,)),
    Draft("The patient Maria Berg is 73 years old [Patient/anna].", (AGE,)),
    Draft("Dr. House diagnosed diabetes [Condition/diabetes].", (DIABETES,)),
    # a judgement or course that nobody recorded
    Draft("The A1c of 6.4 % is elevated [Observation/a1c].", (A1C,)),
    Draft("The A1c of 6.4 % is normal [Observation/a1c].", (A1C,)),
    Draft("The A1c is well controlled at 6.4 % [Observation/a1c].", (A1C,)),
    Draft("The diabetes has resolved [Condition/diabetes].", (DIABETES,)),
    Draft("Severe diabetes since 2010 [Condition/diabetes].", (DIABETES,)),
    Draft("The first A1c was 6.4 % [Observation/a1c].", (CHANGE,)),
    Draft("The highest A1c was 7.1 % [Observation/a1c-old].", (CHANGE,)),
    Draft("She should stop metformin [MedicationRequest/metformin].", (METFORMIN,)),
    # a swapped subject
    Draft("The latest glucose was 6.4 % on 2020-12-04 [Observation/a1c].", (A1C, GLUCOSE)),
    Draft("The latest A1c was 92.37 mg/dL [Observation/a1c].", (A1C, GLUCOSE)),
    Draft("The latest A1c was 92.37 mg/dL [Observation/glucose].", (A1C, GLUCOSE)),
    Draft("Glucose was 6.4 % and A1c 92.37 mg/dL [Observation/a1c; Observation/glucose].", (A1C, GLUCOSE)),
    Draft("A1c was 7.1 % on 2020-12-04 [Observation/a1c].", (CHANGE,)),
    Draft("A1c was 7.1 % in 2020 and 6.4 % in 2019 [Observation/a1c-old; Observation/a1c].", (CHANGE,)),
    Draft("Viral sinusitis since 2010-05-24 [Condition/sinusitis].", (LIST,)),
    Draft("Viral sinusitis is active [Condition/sinusitis].", (LIST,)),
    # a wrong, foreign or missing citation
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-12-04 [Observation/a1c-old].", (A1C,)),
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-12-04 [Observation/a1d].", (A1C,)),
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-12-04 [Condition/diabetes].", (A1C, DIABETES)),
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-12-04 [Condition/gout].", (STRANGE,)),
    Draft("The latest Hemoglobin A1c was 6.4 % on 2020-12-04.", (A1C,)),
    Draft("The patient has diabetes.", (DIABETES,)),
    Draft("The patient is 73 years old.", (AGE,)),
    Draft("A1c was 6.4 % [Observation/a1c]. Glucose was 92.37 mg/dL.", (A1C, GLUCOSE)),
    # a flipped answer
    Draft("No, the patient does not have diabetes [Condition/diabetes].", (DIABETES,)),
    Draft("The patient has never had diabetes [Condition/diabetes].", (DIABETES,)),
    Draft("No.", (DIABETES,)),
    Draft("No: Diabetes mellitus type 2, active, since 2010-05-24 [Condition/diabetes].", (DIABETES,)),
    Draft("She is not on metformin [MedicationRequest/metformin].", (METFORMIN,)),
    Draft("She isn't on metformin [MedicationRequest/metformin].", (METFORMIN,)),
    Draft("There is no record of diabetes.", (DIABETES,)),
    Draft("There is no record of an A1c.", (A1C,)),
    Draft("Yes.", (GOUT,)),
    Draft("Yes, gout is recorded.", (GOUT,)),
    Draft("No, gout is recorded.", (GOUT,)),
    Draft("The answer is: No.", (INR,)),
    Draft("No.", (INR,)),
    Draft("I see the patient has gout.", (GOUT,)),
    Draft("The patient is not without gout.", (GOUT,)),
    Draft("The patient has nothing but gout.", (GOUT,)),
    Draft("The A1c of 6.4 % is above the reference range [Observation/a1c].", (A1C,)),
    Draft("The A1c of 6.4 % is within the reference range [Observation/a1c].", (A1C,)),
    Draft("The A1c of 6.4 % exceeds its limits [Observation/a1c].", (A1C,)),
    Draft("The patient has gout.", (GOUT,)),
    Draft("An INR is recorded.", (INR,)),
    Draft("The INR was 2.3.", (INR,)),
    Draft("Yes, the A1c was above 9: 7.1 % [Observation/a1c-old].", (NOT_ABOVE,)),
    Draft("The A1c of 7.1 % on 2019-11-02 is above 9 [Observation/a1c-old].", (NOT_ABOVE,)),
    Draft("No, the A1c was not above 7 [Observation/a1c-old].", (ABOVE,)),
    # an invented quote, or nothing to stand on
    Draft("The note says “A1c in Blood was Hemoglobin” [Observation/a1c].", (A1C,)),
    Draft("The patient is 73 years old.", ()),
    Draft("Diabetes was diagnosed in 2010.", ()),
]


@pytest.mark.parametrize("draft", SUPPORTED, ids=lambda draft: draft.text)
def test_what_the_evidence_says_passes(draft: Draft) -> None:
    assert check_draft(draft.text, draft.evidence, RECORD, "").unsupported == ()


@pytest.mark.parametrize("draft", REFUSED, ids=lambda draft: draft.text)
def test_what_the_evidence_does_not_say_is_refused(draft: Draft) -> None:
    assert check_draft(draft.text, draft.evidence, RECORD, "").unsupported != ()


def test_the_words_of_the_question_are_no_support() -> None:
    found = check_draft(
        "A1c was 9.9 % [Observation/a1c].", (A1C,), RECORD, "Isn't the A1c 9.9 %?"
    ).unsupported
    assert [u.reason for u in found] == ["the number 9.9 % is not in the evidence it cites"]


def test_a_failure_may_be_repeated() -> None:
    why = "kind 'x': expected a word, e.g. 'condition'."
    assert check_draft(why, (), RECORD, "", (why,)).unsupported == ()


MUTATED = {
    "A1c": (A1C,),
    "glucose": (GLUCOSE,),
    "change": (CHANGE,),
    "count": (COUNT,),
    "mean": (MEAN,),
    "above": (ABOVE,),
    "not above": (NOT_ABOVE,),
    "diabetes": (DIABETES,),
    "list": (LIST,),
    "metformin": (METFORMIN,),
    "INR": (INR,),
    "gout": (GOUT,),
    "age": (AGE,),
    "several": (A1C, GLUCOSE, DIABETES, INR),
}


def _written(given: tuple[Evidence, ...]) -> str:
    return BuiltinWriter().write(Brief(question="", plan=Plan(), evidence=given))


@pytest.mark.parametrize("given", MUTATED.values(), ids=MUTATED)
def test_the_built_in_wording_passes(given: tuple[Evidence, ...]) -> None:
    text = _written(given)
    assert check_draft(text, given, RECORD, "").unsupported == (), text


@pytest.mark.parametrize("given", MUTATED.values(), ids=MUTATED)
def test_every_mutation_of_the_built_in_wording_is_refused(given: tuple[Evidence, ...]) -> None:
    text = _written(given)
    passed = [mutant for mutant in _mutants(text) if not check_draft(mutant, given, RECORD, "").unsupported]
    assert passed == []


def _mutants(text: str) -> Iterator[str]:
    yield from _changed_digits(text)
    for wrong, right in (
        ("Hemoglobin", "Calcium"),
        ("Glucose", "Sodium"),
        ("metformin", "warfarin"),
        ("Diabetes", "Asthma"),
        ("sinusitis", "bronchitis"),
        ("gout", "asthma"),
        ("INR", "PSA"),
    ):
        if wrong in text:
            yield text.replace(wrong, right)
    for unit, other in (("%", "mg/dL"), ("mg/dL", "mmol/L"), ("years", "months"), ("500 MG", "500 UG")):
        if unit in text:
            yield text.replace(unit, other, 1)
    for citation in re.findall(r"\[[A-Z]\w+/[\w-]+\]", text):
        if all(line.count("[") == 1 for line in text.splitlines() if citation in line):
            yield text.replace(citation, "", 1)
        yield text.replace(citation, "[Observation/other]", 1)
        yield text.replace(citation, "[Patient/bert]", 1)
    for word, other in (
        ("Yes", "No"),
        ("No", "Yes"),
        ("active", "resolved"),
        (" was ", " was not "),
        ("latest", "first"),
    ):
        if re.search(rf"(?<!\w){word}(?!\w)", text):
            yield re.sub(rf"(?<!\w){word}(?!\w)", other, text, count=1)


def _changed_digits(text: str) -> Iterator[str]:
    quiet = [match.span() for match in re.finditer(r"\[[A-Z]\w+/[\w-]+\]", text)]
    for match in re.finditer(r"\d", text):
        if not any(start <= match.start() < end for start, end in quiet):
            yield text[: match.start()] + str((int(match[0]) + 1) % 10) + text[match.end() :]
            yield text[: match.start()] + str((int(match[0]) + 5) % 10) + text[match.end() :]
