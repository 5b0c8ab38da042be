"""What has no value is asked for as a test: it is never said not to be recorded."""

from typing import Any

import pytest

from tests.builders import (
    Resource,
    condition,
    immunization,
    medication_request,
    observation,
    patient,
    patient_record,
    procedure,
)
from tools.calls.catalogue import Call
from tools.calls.program import run_plan

HELD: tuple[Resource, ...] = (
    patient(),
    procedure("culture", "Throat culture (procedure)", when="2019-05-05"),
    condition("sprain", "Sprain of ankle", onset="2020-02-02"),
    immunization("flu", "Influenza, seasonal, injectable", when="2021-10-10"),
    medication_request("pill", "Errin 28 Day Pack", authored="2014-01-21"),
    observation("a1c", when="2020-12-04"),
)
# what is measured, how; outcome; values; what the answer rests on
ROWS: list[tuple[str, dict[str, Any], str, tuple[Any, ...], tuple[str, ...]]] = [
    ("throat culture", {}, "no value", (), ("Procedure/culture",)),
    ("throat culture", {"how": "any"}, "no value", (), ("Procedure/culture",)),
    ("throat culture", {"statistic": "count"}, "no value", (), ("Procedure/culture",)),
    ("ankle sprain", {}, "no value", (), ("Condition/sprain",)),
    ("Errin", {}, "no value", (), ("MedicationRequest/pill",)),
    ("ferritin", {}, "none recorded", (), ()),
    ("ferritin", {"how": "any"}, "none recorded", (False,), ()),
    ("HbA1c", {"how": "any"}, "found", (True,), ("Observation/a1c",)),
]


@pytest.mark.parametrize(("concept", "how", "outcome", "values", "references"), ROWS)
def test_a_thing_that_is_no_test_is_told_as_what_it_is(
    concept: str, how: dict[str, Any], outcome: str, values: tuple[Any, ...], references: tuple[str, ...]
) -> None:
    (found,) = run_plan((Call("measure", {"concept": concept, **how}, "a"),), patient_record(*HELD))
    assert (found.outcome, found.values, found.references) == (outcome, values, references)
