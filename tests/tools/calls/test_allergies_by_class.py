"""Allergies: of the class of a drug, without a category, withdrawn denials; nothing of these is a plain no."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import Resource, allergy, patient, patient_record
from tools.calls.find import find

NONE_KNOWN = {
    "code": {
        "coding": [{"system": "http://snomed.info/sct", "code": "716186003"}],
        "text": "No known allergy",
    }
}
INACTIVE = {"clinicalStatus": {"coding": [{"code": "inactive"}]}}


def uncategorised(id: str, name: str, **more: Any) -> Resource:
    return {key: value for key, value in allergy(id, name, **more).items() if key != "category"}


@dataclass(frozen=True)
class Case:
    id: str
    record: list[Resource]
    asked: dict[str, Any]
    values: tuple[object, ...]
    outcome: str
    references: tuple[str, ...] = ()


PENICILLIN = allergy("a", "Allergy to penicillin")
CASES = [
    Case(
        "a drug of the class of which an allergy is recorded",
        [PENICILLIN],
        {"concept": "amoxicillin", "give": "exists"},
        (),
        "no value",
        ("AllergyIntolerance/a",),
    ),
    Case(
        "another antibiotic is not of the class",
        [PENICILLIN],
        {"concept": "azithromycin", "give": "exists"},
        (False,),
        "none recorded",
    ),
    Case(
        "a drug without a category is one to a drug",
        [uncategorised("a", "Allergy to amoxicillin")],
        {"category": "medication"},
        ("Allergy to amoxicillin",),
        "found",
        ("AllergyIntolerance/a",),
    ),
    Case(
        "what is no drug may be a food",
        [uncategorised("a", "Allergy to crustaceans")],
        {"category": "food", "give": "exists"},
        (),
        "no value",
        ("AllergyIntolerance/a",),
    ),
    Case(
        "a known allergen that is no drug",
        [uncategorised("a", "Allergy to peanut")],
        {"category": "medication", "give": "exists"},
        (False,),
        "none recorded",
    ),
    Case(
        "a drug is no food",
        [uncategorised("a", "Allergy to amoxicillin")],
        {"category": "food", "give": "exists"},
        (False,),
        "none recorded",
    ),
    Case(
        "a “no known allergy” that was withdrawn denies nothing of what came later",
        [PENICILLIN, uncategorised("b", "No known allergy", **NONE_KNOWN, **INACTIVE)],
        {},
        ("Allergy to penicillin",),
        "found",
        ("AllergyIntolerance/a",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_allergies(case: Case) -> None:
    found = find(patient_record(patient(), *case.record), "allergy", **case.asked)
    assert (found.outcome, found.values, found.references) == (case.outcome, case.values, case.references)


def test_a_denial_of_allergies_says_nothing_of_other_things() -> None:
    record = patient_record(patient(), uncategorised("b", "No known allergy", **NONE_KNOWN))
    found = find(record, "any", "passive smoker", give="exists")
    assert (found.values, found.facts) == ((False,), ())
