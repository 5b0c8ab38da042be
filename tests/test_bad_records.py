"""What counts and what does not, odd values, doubles, names and references: whole questions, checkable by hand."""

from pathlib import Path

import pytest

from tests.builders import (
    RXNORM,
    Resource,
    allergy,
    concept,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    patient,
    procedure,
)
from tests.whole_questions import Case, check, coded

ADA = patient()
NOT_DONE = {"coding": [{"code": "not-performed", "display": "Not Performed"}]}


def doubted(id: str, display: str, verified: str) -> Resource:
    return condition(id, display, verificationStatus=coded(verified), code=f"1000{len(display)}")


def troponin(id: str, value: float, when: str, comparator: str = "") -> Resource:
    quantity = {"value": value, "unit": "ng/mL", **({"comparator": comparator} if comparator else {})}
    name = "Troponin T [Mass/volume] in Serum"
    return observation(id, name, code="6598-7", value=None, when=when, valueQuantity=quantity)


def glucose(id: str, value: float, unit: str, when: str) -> Resource:
    return observation(id, "Glucose [Mass/volume] in Blood", code="2339-0", value=value, unit=unit, when=when)


ERROR = "not counted: entered-in-error"
A1CS = [
    ADA,
    observation("wrong", value=9.9, status="entered-in-error"),
    observation("called-off", value=8.8, status="cancelled", when="2020-06-01"),
    observation("good", value=6.1, when="2019-01-01"),
]
CLAIMED = [
    ADA,
    doubted("asthma", "Asthma (disorder)", "entered-in-error"),
    doubted("gout", "Gout (disorder)", "refuted"),
    doubted("migraine", "Migraine (disorder)", "unconfirmed"),
]
NEVER_DONE = [
    ADA,
    procedure("scope", status="not-done"),
    immunization("flu", status="not-done"),
    encounter("visit", status="cancelled"),
    medication_request("met", status="cancelled"),
    medication_request("asp", "Aspirin 81 MG Oral Tablet", code="243670", status="entered-in-error"),
    allergy("nuts", verificationStatus=coded("refuted")),
]
STATUSES = [
    Case("a test entered in error", A1CS, "What was the latest HbA1c?", (6.1,), (ERROR,), ("9.9", "8.8")),
    Case("a cancelled test", A1CS, "How many HbA1c results are there?", (1,), ("not counted: cancelled",)),
    Case("neither is the highest", A1CS, "What was the highest HbA1c?", (6.1,), (ERROR,), ("9.9",)),
    Case("nor in the mean", A1CS, "What is the mean HbA1c?", (6.1,), (ERROR,), cites=("Observation/good",)),
    Case("a diagnosis entered in error", CLAIMED, "Does she have asthma?", (False,), (ERROR,)),
    Case(
        "a refuted one", CLAIMED, "Has she ever had gout?", (False,), ("the record states: gout", "refuted")
    ),
    Case(
        "an unconfirmed one counts, and is said to be",
        CLAIMED,
        "Does she have migraine?",
        (True,),
        ("unconfirmed",),
    ),
    Case(
        "they are not problems",
        CLAIMED,
        "What are her active problems?",
        ("Migraine (disorder)",),
        (ERROR, "not counted: refuted"),
        ("asthma", "gout"),
    ),
    Case("they are not counted", CLAIMED, "How many diagnoses does she have?", (1,), (ERROR,)),
    Case(
        "a procedure not done", NEVER_DONE, "Has she had a colonoscopy?", (False,), ("colonoscopy, not-done",)
    ),
    Case(
        "a shot not given", NEVER_DONE, "Did she get a flu shot?", (False,), ("the record states", "not-done")
    ),
    Case(
        "a cancelled visit", NEVER_DONE, "How many encounters has she had?", (0,), ("not counted: cancelled",)
    ),
    Case("a cancelled prescription", NEVER_DONE, "Is she on metformin?", (False,), ("only as cancelled",)),
    Case("a prescription entered in error", NEVER_DONE, "Was aspirin ever prescribed?", (False,), (ERROR,)),
    Case("a refuted allergy", NEVER_DONE, "Does she have any allergies?", (), ("not counted: refuted",)),
    Case("a refuted allergy by name", NEVER_DONE, "Is she allergic to peanuts?", (False,), ("refuted",)),
    Case("none of them happened", NEVER_DONE, "What happened in 2019?", (), ("not counted: cancelled",)),
    Case(
        "nor is in a summary",
        NEVER_DONE,
        "Summarise this patient",
        (),
        ("not counted: refuted",),
        ("peanut",),
    ),
    Case(
        "a preliminary result is said to be",
        [ADA, observation("early", value=7.7, status="preliminary")],
        "What was the latest HbA1c?",
        (7.7,),
        ("preliminary",),
    ),
]

BOUNDS = [
    ADA,
    troponin("t1", 5, "2020-01-01", "<"),
    troponin("t2", 9, "2020-02-01"),
    troponin("t3", 11, "2020-03-01"),
    troponin("t4", 3, "2020-04-01", "<"),
]
ABSENT = [ADA, observation("none", value=None, dataAbsentReason=NOT_DONE)]
EXTREME = [
    ADA,
    observation("zero", value=0, when="2018-01-01"),
    observation("tiny", value=1e-300, when="2019-01-01"),
    observation("huge", value=1e300, when="2020-01-01"),
]
TWO_UNITS = [ADA, glucose("us", 150, "mg/dL", "2020-01-01"), glucose("eu", 5.5, "mmol/L", "2021-01-01")]
WORDS = [ADA, observation("said", value="see comment"), observation("number", value=6.1, when="2019-01-01")]
VALUES = [
    Case("a bound is shown as one", BOUNDS, "What was the latest troponin?", ("< 3",), ("< 3 ng/mL",)),
    Case(
        "a bound is not averaged",
        BOUNDS,
        "What is the mean troponin?",
        (),
        ("2 of 4 are given only as a bound, which leaves the mean open",),
    ),
    Case(
        "two bounds leave the lowest open",
        BOUNDS,
        "What was the lowest troponin?",
        (),
        ("leave open which is the lowest",),
    ),
    Case("a bound can tell", BOUNDS, "Was troponin ever below 4?", (True,), ("< 3",)),
    Case("a bound alone has no mean", BOUNDS[:2], "What is the mean troponin?", (), ("< 5",)),
    Case(
        "a bound may leave it open",
        BOUNDS[:2],
        "Was troponin ever above 4?",
        (),
        ("< 5", "could not be judged"),
    ),
    Case("why a value is absent", ABSENT, "What was the latest HbA1c?", (), ("Not Performed",)),
    Case("absent is not measured", ABSENT, "What is the mean HbA1c?", (), ("Not Performed",)),
    Case(
        "absent is not zero",
        [ADA, observation("o", value=None)],
        "What was the latest HbA1c?",
        (),
        (),
        (" 0 ",),
    ),
    Case(
        "an absent value does not hide an older one",
        [*ABSENT, observation("old", value=6.1, when="2019-01-01")],
        "What was the latest HbA1c?",
        (6.1,),
        ("2019-01-01", "Not Performed"),
    ),
    Case("words are given as recorded", WORDS, "What was the latest HbA1c?", ("see comment",)),
    Case("words are not averaged", WORDS, "What is the mean HbA1c?", (6.1,)),
    Case("an extreme value is kept", EXTREME, "What was the lowest HbA1c?", (0,)),
    Case("units are not converted", TWO_UNITS, "What was the latest glucose?", (5.5,), ("mmol/L",)),
    Case(
        "a mean is in one unit",
        TWO_UNITS,
        "What is the mean glucose?",
        (6.91,),
        ("mmol/L", "1 in mg/dL was converted"),
    ),
    Case("each keeps its own", TWO_UNITS, "List all glucose values", (150, 5.5), ("150 mg/dL", "5.5 mmol/L")),
    Case(
        "a limit without a unit may be in either",
        TWO_UNITS,
        "Was glucose ever above 100?",
        (),
        ("100 has no unit: mmol/L or mg/dL makes a difference",),
        ("No.",),
    ),
]

TWICE = [ADA, observation("o", value=6.0), observation("o", value=7.0)]
AT_ONCE = [ADA, observation("a", value=6.0), observation("b", value=7.0)]
NOWHERE = {"reference": "Encounter/none"}
LINKS = [
    ADA,
    condition("bp", encounter=NOWHERE),
    encounter("e", participant=[{"individual": {"reference": "Practitioner/none"}}]),
    medication_request(
        "m",
        "Lisinopril 10 MG Oral Tablet",
        code="314076",
        reasonReference=[{"reference": "Condition/none"}],
        requester={"reference": "Practitioner/none"},
    ),
]
CONTAINED = [
    ADA,
    medication_request(
        "m",
        medicationCodeableConcept=None,
        medicationReference={"reference": "#drug"},
        contained=[
            {
                "resourceType": "Medication",
                "id": "drug",
                "code": concept("Lisinopril 10 MG Oral Tablet", "314076", RXNORM),
            }
        ],
    ),
]
RECORDS = [
    Case("one id, two contents", TWICE, "What was the latest HbA1c?", (7.0,), ("different content",)),
    Case("one id counts once", TWICE, "How many HbA1c results are there?", (1,)),
    Case(
        "an exact copy counts once", [ADA, *[observation("o")] * 2], "How many HbA1c results are there?", (1,)
    ),
    Case(
        "several at one moment are all given",
        AT_ONCE,
        "What was the latest HbA1c?",
        (6.0, 7.0),
        ("6 %", "7 %"),
        cites=("Observation/a", "Observation/b"),
    ),
    Case("and all averaged", AT_ONCE, "What is the mean HbA1c?", (6.5,)),
    Case("an encounter that is not there", LINKS, "When was hypertension diagnosed?", ("2015-03-01",)),
    Case(
        "a reason that is not there", LINKS, "Why was lisinopril prescribed?", (), never=("[Condition/none]",)
    ),
    Case(
        "a prescriber who is not there", LINKS, "Who prescribed lisinopril?", (), never=("Practitioner/none",)
    ),
    Case("a contained drug", CONTAINED, "What medications is she taking?", ("Lisinopril 10 MG Oral Tablet",)),
    Case("a contained drug by its class", CONTAINED, "Is she on an ACE inhibitor?", (True,)),
]


@pytest.mark.parametrize("case", [*STATUSES, *VALUES, *RECORDS], ids=lambda case: case.id)
def test_bad_records(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def lost(id: str, when: str, value: object) -> Resource:
    return observation(id, value=None, valueQuantity={"value": value, "unit": "%"}, when=when)


NOT_READ = [
    Case(
        "a value that is none is no value",
        [ADA, observation("good", value=6.1, when="2019-01-01"), lost("bad", "2020-01-01", "high")],
        "What was the latest HbA1c?",
        (6.1,),
        ("1 without a value: valueQuantity.value “high” is not a number",),
    ),
    Case(
        "several are told by their kind",
        [ADA, *(observation(f"o{n}", when=day) for n, day in enumerate(("soon", "2012-13-40", "12.2.2012")))],
        "What is the mean HbA1c?",
        (6.4,),
        ("3 of 3: effectiveDateTime is not a date of FHIR",),
        ("soon",),
    ),
    Case(
        "a status that is lost is told with the diagnosis",
        [ADA, {**condition("gout", "Gout", code="90560007"), "clinicalStatus": 7}],
        "Has she ever had gout?",
        (True,),
        ("clinicalStatus 7 is not an object",),
    ),
    Case(
        "a leap second is of its day",
        [ADA, observation("o", value=6.1, when="2016-12-31T23:59:60Z")],
        "What was her HbA1c in 2016?",
        (6.1,),
        ("2016-12-31",),
    ),
]


@pytest.mark.parametrize("case", NOT_READ, ids=lambda case: case.id)
def test_what_is_lost_of_an_entry_is_told_with_it(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
