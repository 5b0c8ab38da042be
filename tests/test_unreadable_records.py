"""What could not be read is said, whatever is asked: absent and unreadable never look alike."""

from pathlib import Path

import pytest

from tests.builders import (
    Resource,
    allergy,
    condition,
    encounter,
    immunization,
    medication_request,
    observation,
    patient,
    procedure,
)
from tests.whole_questions import Case, ask, assistant_over, check

ADA = patient()
NOBODY = {"display": "an unknown woman"}


def coded_as(name: str) -> Resource:
    """A concept of which only the name is recorded."""
    return {"text": name}


def nobodys(resource: Resource) -> Resource:
    """The resource without its patient: it cannot be told whose it is."""
    return {
        **resource,
        **{name: NOBODY for name in ("subject", "patient", "beneficiary") if name in resource},
    }


NO_NAME = nobodys(observation("bad"))
MASKED = {**condition("bad"), "code": {"extension": [{"url": "http://x.test/why", "valueCode": "masked"}]}}
UNREAD = [
    ADA,
    NO_NAME,
    nobodys(condition("bad")),
    *map(nobodys, (allergy("bad"), medication_request("bad"), immunization("bad"), procedure("bad"))),
    nobodys(encounter("bad")),
    {"resourceType": "Claim", "id": "bad", "patient": NOBODY},
    {"resourceType": "Coverage", "id": "bad", "beneficiary": NOBODY},
    {"resourceType": "DocumentReference", "id": "bad", "subject": NOBODY},
]
QUESTIONS = """
What was the latest HbA1c?
What is the mean HbA1c?
How many HbA1c results are there?
Was her HbA1c ever above 7?
List all lab tests
Does she have hypertension?
List all diagnoses
How many diagnoses does she have?
When was hypertension diagnosed?
Does she have any allergies?
Is she allergic to peanuts?
What medications is she taking?
Is she on metformin?
Did she get a flu shot?
How many vaccines has she received?
Has she had a colonoscopy?
When was the last visit?
How many times was she hospitalized?
What did her visits cost?
What insurance does she have?
What do the notes say about smoking?
What happened in 2012?
What does the record hold?
Was she on metformin when gout was diagnosed?
Which came first, gout or asthma?
Was her HbA1c above 7 at the last visit?
How often was metformin prescribed during her last admission?
What happened during her last admission?
What do the notes say about smoking since her last admission?
Who was the provider at her last visit?
"""
SAID = "could not be read"


@pytest.mark.parametrize("question", QUESTIONS.strip().splitlines())
def test_nothing_is_claimed_of_what_could_not_be_read(question: str, tmp_path: Path) -> None:
    answer = ask(assistant_over(tmp_path, *UNREAD), question)
    assert (answer.values, answer.abstained) == ((), True), answer.answer
    assert SAID in answer.answer.casefold()
    assert any(SAID in problem for cover in answer.coverage for problem in cover.problems)
    assert answer.grounded, answer.unsupported


@pytest.mark.parametrize("question", QUESTIONS.strip().splitlines())
def test_nothing_is_unreadable_where_nothing_is(question: str, tmp_path: Path) -> None:
    answer = ask(assistant_over(tmp_path, ADA), question)
    assert "read" not in answer.answer.casefold().split()
    assert not any(cover.problems for cover in answer.coverage)


PARTLY: list[Resource] = [
    ADA,
    NO_NAME,
    MASKED,
    observation("good"),
    condition("gout", "Gout", code="90560007"),
]
SOME = [
    Case(
        "a value beside an unreadable one",
        PARTLY,
        "What was the latest HbA1c?",
        (6.4,),
        (SAID, "names no patient"),
    ),
    Case("a count beside an unreadable one", PARTLY, "How many HbA1c results are there?", (1,), (SAID,)),
    Case(
        "another test",
        PARTLY,
        "What was the latest glucose?",
        (),
        ("not all could be read", SAID),
        ("not recorded",),
    ),
    Case("a diagnosis that is there", PARTLY, "Does she have gout?", (True,), ("no name that can be read",)),
    Case("a masked diagnosis may be any", PARTLY, "Does she have asthma?", (), ("not all could be read",)),
    Case("a list", PARTLY, "List all diagnoses", ("Condition", "Gout"), ("Gout", "no name that can be read")),
    Case(
        "a summary",
        PARTLY,
        "Summarise this patient",
        ("Gout", "Condition"),
        ("Gout", "no name that can be read"),
    ),
    Case(
        "an implant that names no patient, of a kind that procedures are asked of",
        [ADA, {"resourceType": "Device", "id": "d", "type": coded_as("Cardiac pacemaker")}],
        "Does she have a pacemaker?",
        (),
        ("1 device names no patient: Cardiac pacemaker",),
        ("no pacemaker",),
    ),
    Case(
        "an implant that names no patient says nothing of others",
        [ADA, {"resourceType": "Device", "id": "d", "type": coded_as("Cardiac pacemaker")}],
        "Has she had a colonoscopy?",
        (False,),
        (),
        ("pacemaker",),
    ),
    Case("another kind is not concerned", PARTLY, "What medications is she taking?", (), (), (SAID,)),
    Case(
        "no allergies are not unreadable allergies",
        [ADA, nobodys(allergy("bad"))],
        "Summarise this patient",
        (),
        ("allergies could not be read",),
        ("no allergies",),
    ),
]


@pytest.mark.parametrize("case", SOME, ids=lambda case: case.id)
def test_partly_readable(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
