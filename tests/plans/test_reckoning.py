"""The values in the table of plans are what the JSON of the records gives, by code that knows no tool."""

import inspect
from functools import cache

import pytest

import fhir_fixtures
from tests.plans import reckoning
from tests.plans.reckoning import TODAY, Bundle, Value
from tests.plans.table import PLANS, PlannedQuestion


@cache
def bundles() -> dict[str, Bundle]:
    return {bundle.name: bundle for bundle in map(Bundle, fhir_fixtures.records().glob("*.json.gz"))}


def same(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str) or isinstance(one, bool) or isinstance(other, bool):
        return type(one) is type(other) and one == other
    return abs(one - other) <= 0.005


@pytest.mark.parametrize("planned", PLANS, ids=lambda planned: planned.id)
def test_the_values_are_those_of_the_record(planned: PlannedQuestion) -> None:
    parameters = {name: value for name, value in planned.reckoned.items() if name != "by"}
    values = getattr(reckoning, planned.reckoned["by"])(bundles()[planned.patient], **parameters)
    assert len(values) == len(planned.values), values
    assert all(map(same, values, planned.values)), values


def test_an_entry_without_values_says_how_it_ends() -> None:
    silent = [planned.id for planned in PLANS if not planned.values and not planned.outcome]
    assert silent == []


def test_the_clock_is_that_of_the_records() -> None:
    assert TODAY == fhir_fixtures.REFERENCE_DATE


def test_nothing_of_the_product_takes_part() -> None:
    lines = inspect.getsource(reckoning).splitlines()
    imported = {line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= {"gzip", "json", "re", "collections", "datetime", "itertools", "pathlib"} | {
        "statistics",
        "typing",
    }
