"""Pictures are found by what they are called or of, in Media, documents and reports; they serve where no study is."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.builders import patient, patient_record
from tests.tools.entries.entry_cases import made
from tests.tools.pictures_for_tests import PATIENT, attachment, binary, media, photograph
from tools.calls.find import find

STUDY = made(
    "ImagingStudy",
    subject=PATIENT,
    status="available",
    started="2019-03-01",
    procedureCode=[{"text": "Plain X-ray of chest"}],
)
NOTE = made("DocumentReference", subject=PATIENT, type={"text": "Note on the forearm"}, date="2021-02-04")
FILM = "Chest X-ray, picture (PNG, 96 × 64), completed, on 2020-05-01"
PHOTO = "Photograph, picture (JPEG): Mole of left forearm, current, on 2021-02-03"
RECORD = (media(), photograph(), binary(), NOTE)


@dataclass(frozen=True)
class Case:
    id: str
    call: dict[str, Any]
    outcome: str
    values: tuple[Any, ...]
    facts: list[str] = field(default_factory=list)
    record: tuple[dict[str, Any], ...] = RECORD


CASES = [
    Case("all of them", {"kind": "picture"}, "found", ("Chest X-ray", "Photograph"), [FILM, PHOTO]),
    Case("how many", {"kind": "picture", "give": "count"}, "found", (2,), [FILM, PHOTO]),
    Case(
        "by its title",
        {"kind": "picture", "concept": "chest x-ray", "give": "exists"},
        "found",
        (True,),
        [FILM],
    ),
    Case(
        "by what it shows",
        {"kind": "picture", "concept": "mole", "give": "exists"},
        "found",
        (True,),
        [PHOTO],
    ),
    Case(
        "by its part of the body",
        {"kind": "picture", "concept": "picture of the forearm"},
        "found",
        ("Photograph",),
        [PHOTO],
    ),
    Case("a note is none", {"kind": "picture", "concept": "note"}, "none recorded", ()),
    Case("none of that", {"kind": "picture", "concept": "knee", "give": "exists"}, "none recorded", (False,)),
    Case("in that time", {"kind": "picture", "period": "in 2021"}, "found", ("Photograph",), [PHOTO]),
    Case("the last", {"kind": "picture", "pick": "last", "give": "date"}, "found", ("2021-02-03",), [PHOTO]),
    Case(
        "entered in error is none",
        {"kind": "picture", "give": "exists"},
        "none recorded",
        (False,),
        [],
        (media(status="entered-in-error"),),
    ),
    Case(
        "what a report shows",
        {"kind": "picture", "concept": "chest film"},
        "found",
        ("Chest film",),
        ["Chest film, picture (PNG), final, on 2020-05-02"],
        (
            made(
                "DiagnosticReport",
                subject=PATIENT,
                status="final",
                code={"text": "Chest film"},
                effectiveDateTime="2020-05-02",
                presentedForm=[attachment(b"", "image/png")],
            ),
        ),
    ),
    Case(
        "serves for imaging",
        {"kind": "imaging", "concept": "chest x-ray", "give": "exists"},
        "found",
        (True,),
        [FILM],
    ),
    Case(
        "is no study",
        {"kind": "imaging", "give": "count"},
        "none recorded",
        (0,),
    ),
    Case(
        "is not asked where there is a study",
        {"kind": "imaging", "concept": "chest x-ray"},
        "found",
        ("Plain X-ray of chest",),
        ["Plain X-ray of chest, available, on 2019-03-01"],
        (*RECORD, STUDY),
    ),
    Case(
        "says no result",
        {"kind": "imaging", "concept": "chest x-ray", "give": "attribute", "part": "result"},
        "no value",
        (),
        [FILM],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_find_pictures(case: Case) -> None:
    evidence = find(patient_record(patient(), *case.record), **case.call)
    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    assert [fact.text for fact in evidence.facts] == case.facts
