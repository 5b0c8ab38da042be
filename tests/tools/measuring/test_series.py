"""Which measurements of one name are of one test: the same code and specimen."""

from dataclasses import replace
from typing import Any

import pytest

from tests.tools.series_for_tests import observation, record_of
from tools.measuring.series import names_of, points, series_of

SERUM, BLOOD = ("2345-7", "Glucose"), ("2339-0", "Glucose")
LOCAL = {"code": {"coding": [{"system": "urn:local", "code": "GLU"}], "text": "Glucose"}}
BOTH = {"code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}, LOCAL["code"]["coding"][0]]}}
BARE = {"code": {"text": "Glucose"}}
# what is recorded, oldest first, with its specimen -> the series by their names
CASES: list[tuple[str, list[tuple[Any, dict[str, Any], str]], list[list[str]]]] = [
    ("one code is one test", [(SERUM, {}, ""), (SERUM, {}, "")], [["a", "b"]]),
    (
        "two LOINC codes are two tests",
        [(SERUM, {}, ""), (BLOOD, {}, ""), (SERUM, {}, "")],
        [["b"], ["a", "c"]],
    ),
    ("a local code that both have makes one test", [(SERUM, BOTH, ""), (SERUM, LOCAL, "")], [["a", "b"]]),
    ("a local code does not join two LOINC codes", [(SERUM, BOTH, ""), (BLOOD, {}, "")], [["a"], ["b"]]),
    ("without a code the name tells", [(SERUM, {}, ""), (SERUM, BARE, "")], [["a", "b"]]),
    ("two specimens are two tests", [(SERUM, {}, "Urine"), (SERUM, {}, "Blood")], [["a"], ["b"]]),
    (
        "where no specimen is named it is one of them",
        [(SERUM, {}, ""), (SERUM, {}, "Urine"), (SERUM, {}, "Blood")],
        [["a", "b"], ["c"]],
    ),
]


@pytest.mark.parametrize(("recorded", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_series(recorded: list[tuple[Any, dict[str, Any], str]], expected: list[list[str]]) -> None:
    made = [
        observation("abc"[place], kind, f"201{place}-01-01", 90, "mg/dL", **more)
        for place, (kind, more, _) in enumerate(recorded)
    ]
    record = record_of(*made)
    entries = [
        replace(entry, details=(("specimen", specimen),) if specimen else ())
        for entry, (_, _, specimen) in zip(record.entries("Observation"), recorded, strict=True)
    ]
    found = series_of(points(entries, record))
    assert [
        [point.entry.reference.removeprefix("Observation/") for point in group] for group in found
    ] == expected


def test_series_of_one_name_are_called_by_what_differs() -> None:
    record = record_of(observation("a", SERUM, "2020-01-01", 90), observation("b", BLOOD, "2021-01-01", 90))
    assert names_of(series_of(points(record.entries("Observation"), record))) == [
        "Glucose (code 2345-7)",
        "Glucose (code 2339-0)",
    ]
