"""Questions that ask for a picture itself are asked of the pictures that the record holds, and of nothing else."""

from dataclasses import dataclass
from typing import Any

import pytest

from agent.plan import Plan
from agent.reading import Reader
from tests.builders import condition, patient, patient_record, procedure
from tests.tools.pictures_for_tests import binary, media, photograph
from tests.tools.records_for_tests import note
from tools.calls.find import find
from tools.calls.program import run_plan

CHEST, MOLE = "Media/m", "DocumentReference/d"
WITH_PICTURES = [
    patient(),
    media(),
    photograph(),
    binary(),
    condition("mole", "Mole of skin"),
    condition("wound", "Wound of foot"),
]
STUDY: dict[str, Any] = {
    "resourceType": "ImagingStudy",
    "id": "ct",
    "status": "available",
    "subject": {"reference": "Patient/p1"},
    "started": "2022-01-01",
    "description": "CT of chest",
}


@dataclass(frozen=True)
class Case:
    question: str
    values: tuple[object, ...]
    cites: tuple[str, ...]


CASES = [
    Case("Is there an X-ray picture on file?", (True,), (CHEST,)),
    Case("Is there a chest X-ray picture on file?", (True,), (CHEST,)),
    Case("show me the pictures", ("Chest X-ray", "Photograph"), (CHEST, MOLE)),
    Case("how many pictures are there?", (2,), (CHEST, MOLE)),
    Case("Does the record have any pictures?", (True,), (CHEST, MOLE)),
    Case("is there a photo of the mole?", (True,), (MOLE,)),
    Case("any photos of the wound?", (False,), ()),
]


def meant(question: str, *resources: dict[str, Any]) -> Plan:
    """The plan of the reading that is sure, else of the first that is offered."""
    plan = Reader().plan(question, patient_record(*resources), {})
    return plan if plan.calls else plan.readings[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.question)
def test_a_picture_that_is_asked_for(case: Case) -> None:
    plan = meant(case.question, *WITH_PICTURES)

    [found] = run_plan(plan.calls, patient_record(*WITH_PICTURES))

    assert found.arguments["kind"] == "picture"
    assert (found.values, found.references) == (case.values, case.cites)


ELSEWHERE = [
    ("a record without pictures", "Is there a picture of the wound?", [patient(), note("n", "Walks.")], "condition"),
    ("its imaging studies", "Show me the pictures", [patient(), STUDY, media()], "imaging"),
    ("a figure of speech", "How long has she had the mole, whatever the clinical picture?", WITH_PICTURES, "condition"),
    ("no word of pictures", "Does she have a mole?", WITH_PICTURES, "condition"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "holds", "kind"), [row[1:] for row in ELSEWHERE], ids=[row[0] for row in ELSEWHERE]
)
def test_what_is_asked_of_something_else_stays(question: str, holds: list[dict[str, Any]], kind: str) -> None:
    assert [call.arguments["kind"] for call in meant(question, *holds).calls] == [kind]


def test_a_picture_says_that_it_was_taken() -> None:
    record = patient_record(patient(), media(), procedure("p", "Appendectomy"))

    assert find(record, "procedure", "chest x-ray", give="exists").values == (True,)
