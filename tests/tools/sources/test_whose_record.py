"""Whose record it is: two people under one id, and other records of one person, are told before anything is denied."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import bundle, patient
from tests.tools.sources.conftest import Write
from tools.calls.find import find
from tools.sources import StoredRecords

NOW = dt.date(2026, 1, 1)
ADA = patient("p1", "Ada", "Moser", birthDate="1960-05-01")


@dataclass(frozen=True)
class Case:
    id: str
    files: tuple[Any, ...]
    told: str = ""


def linked(how: str, other: str) -> dict[str, Any]:
    return ADA | {"link": [{"other": {"reference": other}, "type": how}]}


BRUNO = patient("p1", "Bruno", "Keller", birthDate="1985-02-02")
SHARED = (
    "two people share the id Patient/p1: Ada Moser, born 1960-05-01 and Bruno Keller, born 1985-02-02;"
    " what is recorded may be of either"
)
CASES = [
    Case("one person", (ADA,)),
    Case("two people in two files", (ADA, BRUNO), SHARED),
    Case("two people in one file", (bundle(ADA, BRUNO),), SHARED),
    Case(
        "a family's two members",
        (ADA, patient("p1", "Eva", "Moser", birthDate="1990-01-01")),
        "two people share the id Patient/p1: Ada Moser, born 1960-05-01 and Eva Moser, born 1990-01-01;"
        " what is recorded may be of either",
    ),
    Case("a married name", (ADA, patient("p1", "Ada", "Keller", birthDate="1960-05-01"))),
    Case("a corrected birth date", (ADA, ADA | {"birthDate": "1960-05-10"})),
    Case("a version without a name", (ADA, {k: v for k, v in ADA.items() if k != "name"})),
    Case(
        "replaces another record",
        (linked("replaces", "Patient/old"),),
        "this record replaces Patient/old, which may hold more",
    ),
    Case(
        "was replaced",
        (linked("replaced-by", "Patient/new"),),
        "this record was replaced by Patient/new, which may hold more",
    ),
    Case(
        "another record of the person",
        (linked("seealso", "Patient/x"),),
        "Patient/x is a record of the same person and may hold more",
    ),
    Case("a relative's record of the person", (linked("seealso", "RelatedPerson/x"),)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_whose_record(case: Case, write: Write, opened: Callable[[], StoredRecords]) -> None:
    for number, content in enumerate(case.files):
        write(f"{number}.json", content)
    record = opened().open("Patient/p1", NOW)
    assert record.of_the_whole == ((case.told,) if case.told else ())


@pytest.mark.parametrize("case", [case for case in CASES if case.told], ids=lambda case: case.id)
def test_nothing_is_denied_of_such_a_record(
    case: Case, write: Write, opened: Callable[[], StoredRecords]
) -> None:
    for number, content in enumerate(case.files):
        write(f"{number}.json", content)
    found = find(opened().open("Patient/p1", NOW), "allergy", give="exists")
    assert (found.outcome, found.values) == ("unreadable", ())
