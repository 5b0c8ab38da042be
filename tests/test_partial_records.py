"""Records that say little: dates missing, partial or ahead, names without text, people without a birth date."""

from datetime import date
from pathlib import Path

import pytest

from tests.builders import LOINC, SNOMED, Resource, condition, observation, patient
from tests.whole_questions import NOW, Case, ask, assistant_over, check

ADA = patient()


def coding(system: str, code: str, display: str | None = None) -> Resource:
    named = {"display": display} if display else {}
    return {"coding": [{"system": system, "code": code, **named}]}


def without_code(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if name != "code"}


DATES = [
    ADA,
    condition("gout", "Gout (disorder)", code="90560007", onset=None),
    condition("asthma", "Asthma (disorder)", code="195967001", onset="2015"),
    condition("migraine", "Migraine (disorder)", code="37796009", onset="2015-03"),
    condition("psoriasis", "Psoriasis (disorder)", code="9014002", onset="2030-01-01"),
]
AHEAD = [
    ADA,
    observation("then", value=6.0, when="2020-01-01"),
    observation("ahead", value=12, when="2025-01-01"),
]
AFTER = "not counted: after 2021-07-01"
WHEN = [
    Case("no date is not a date", DATES, "When was gout diagnosed?", (), ("Gout",)),
    Case("a year stays a year", DATES, "When was asthma diagnosed?", ("2015",), never=("2015-01",)),
    Case("a month stays a month", DATES, "When was migraine diagnosed?", ("2015-03",), never=("2015-03-01",)),
    Case(
        "both lie in their year",
        DATES,
        "What was diagnosed in 2015?",
        ("Asthma (disorder)", "Migraine (disorder)"),
        ("1 without a date",),
        ("gout",),
    ),
    Case(
        "a year may lie in a month",
        DATES,
        "What was diagnosed in March 2015?",
        ("Migraine (disorder)",),
        ("1 without a date", "1 more may belong, which the record does not say: Asthma"),
        ("gout",),
    ),
    Case(
        "an age from a year is said to be",
        DATES,
        "How old was she when asthma was diagnosed?",
        (34,),
        ("only as 2015",),
    ),
    Case(
        "a year and its month have no order", DATES, "Which came first, asthma or migraine?", (), ("overlap",)
    ),
    Case("what lies ahead has not been", DATES, "Does she have psoriasis?", (False,), (AFTER,)),
    Case("and is not counted", DATES, "How many diagnoses does she have?", (3,), (AFTER,)),
    Case("until its day has come", DATES, "Does she have psoriasis?", (True,), now=date(2031, 1, 1)),
    Case("a result that lies ahead", AHEAD, "What was the latest HbA1c?", (6,), (AFTER,), ("12",)),
    Case("is not the highest", AHEAD, "What was the highest HbA1c?", (6,), (AFTER,)),
]

NAMES = [
    patient(given="Zoë\u200b", family="Mu\u00f1oz\u00ad"),
    condition("s", "Sjo\u0308gren\u200b syndrome (disorder)", code="83901003"),
    condition("m", "Ménière’s disease (disorder)", code="13445001"),
    {**condition("asthma"), "code": coding(SNOMED, "195967001", "Asthma (disorder)")},
    {**condition("bare"), "code": coding(SNOMED, "38341003")},
    {**condition("words"), "code": {"text": "Heart trouble"}},
    without_code(condition("nothing")),
    {**observation("a1c"), "code": coding(LOINC, "4548-4")},
]
WRITTEN = [
    Case(
        "accents and invisible letters",
        NAMES,
        "Does she have Sjogren syndrome?",
        (True,),
        ("syndrome",),
        ("\u200b",),
    ),
    Case("curly apostrophes", NAMES, "When was Meniere's disease diagnosed?", ("2015-03-01",)),
    Case("a coding without a text", NAMES, "Does she have asthma?", (True,), ("Asthma",)),
    Case("a text without a coding", NAMES, "Does she have heart trouble?", (True,), ("Heart trouble",)),
    Case("a code without any name", NAMES, "What was the latest HbA1c?", (6.4,), ("6.4 %",)),
    Case("what has no name counts, too", NAMES, "How many diagnoses does she have?", (6,)),
]

GOUT = condition("gout", "Gout (disorder)", code="90560007")
UNBORN, DEAD = patient(birthDate=None), patient(deceasedDateTime="2019-05-05T10:00:00Z")
PEOPLE = [
    Case("no birth date, no age", [UNBORN], "How old is the patient?", (), ("birth date",)),
    Case("nor an age at an event", [UNBORN, GOUT], "How old was she when gout was diagnosed?", ()),
    Case("a birth year", [patient(birthDate="1980")], "How old is the patient?", (41,), ("only as 1980",)),
    Case("age at death", [DEAD], "How old is the patient?", (39,), ("at death", "2019-05-05")),
    Case("not alive", [DEAD], "Is she alive?", (False,), ("2019-05-05",)),
    Case("the day of death", [DEAD], "When did she die?", ("2019-05-05",)),
    Case(
        "dead since an unknown day",
        [patient(deceasedBoolean=True)],
        "How old is the patient?",
        (),
        ("date of death",),
    ),
    Case("dead, whenever it was", [patient(deceasedBoolean=True)], "Is she alive?", (False,), ("deceased",)),
    Case("not dead yet", [patient(deceasedDateTime="2029-05-05")], "Is she alive?", (True,)),
]


@pytest.mark.parametrize("case", [*WHEN, *WRITTEN, *PEOPLE], ids=lambda case: case.id)
def test_partial_records(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


NOTHING = """
What are her active problems?
List all diagnoses
When was hypertension diagnosed?
What medications is she taking?
Why was aspirin prescribed?
What dose of metformin does she take?
What was the latest HbA1c?
What is the mean glucose?
What was the highest creatinine?
How has her LDL changed?
What were the latest vital signs?
What is the last metabolic panel?
When was the last visit?
How long was the last admission?
Which vaccines has she had?
Does she have any allergies?
What are her care plans?
What are her goals?
What devices does she have?
What do the notes say about smoking?
How much did her care cost?
What insurance does she have?
What happened in 2015?
What happened since the last visit?
Which came first, the stroke or the diabetes?
Who is on her care team?
Where does she live?
What is her phone number?
What was her last procedure?
What imaging has she had?
Should I start insulin?
What does the record hold?
Was she on metformin when she was admitted?
"""
NONE = """
Does she have diabetes?
Is she on metformin?
Has she had a colonoscopy?
Did she get a flu shot last year?
Was her HbA1c ever above 7?
"""
ZERO = """
How many procedures were done in 2019?
How many times was she hospitalized?
How many blood pressure readings are there?
How many vaccines has she received?
"""
EMPTY = [(q, ()) for q in NOTHING.strip().splitlines()]
EMPTY += [(q, (False,)) for q in NONE.strip().splitlines()] + [(q, (0,)) for q in ZERO.strip().splitlines()]
HONEST = ("nothing", "not recorded", "does not", "no ", "none", "cannot be compared", "is not", "only report")


@pytest.mark.parametrize(("question", "values"), EMPTY)
@pytest.mark.parametrize("whole", [patient(), {"resourceType": "Patient", "id": "p1"}], ids=["named", "bare"])
def test_a_record_of_nothing_but_a_patient(
    question: str, values: tuple[object, ...], whole: Resource, tmp_path: Path
) -> None:
    answer = ask(assistant_over(tmp_path, whole), question, now=NOW)
    assert answer.values == values, answer.answer
    assert any(words in answer.answer.casefold() for words in HONEST), answer.answer
    assert answer.grounded, answer.unsupported
    assert not answer.citations
