"""Values of each day or month, amounts that are added up, and the first or last of all that calls found."""

from decimal import Decimal
from typing import Any

import pytest

from tests.builders import medication_request, observation, patient, patient_record, procedure
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence
from tools.calls.program import run_plan

WEIGHTS = [
    observation(f"w{n}", "Body weight", code="29463-7", value=value, unit="kg", when=when)
    for n, (when, value) in enumerate(
        [
            ("2020-02-01T08:00:00Z", 80),
            ("2020-02-01T20:00:00Z", 81),
            ("2020-02-03T08:00:00Z", 79),
            ("2020-04-03T08:00:00Z", 70),
            ("2020", 99),
        ]
    )
]


def dose(value: float, unit: str) -> dict[str, Any]:
    return {"dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": value, "unit": unit}}]}]}


DRUGS = [
    medication_request("m1", "Glipizide", code="1", authored="2020-01-01", **dose(5, "mg")),
    medication_request("m2", "Glipizide", code="1", authored="2020-01-02", **dose(5, "mg")),
    medication_request("m3", "Glipizide", code="1", authored="2020-01-03", **dose(2.5, "mg")),
    medication_request("m4", "Aspirin", code="2", authored="2020-01-03", **dose(100, "mg")),
    medication_request("m5", "Aspirin", code="2", authored="2020-01-04", **dose(1, "tablet")),
    medication_request("m6", "Senna", code="3", authored="2020-01-05"),
]
DONE = [
    procedure("c1", "Colonoscopy", code="c", when="2020-03-01T10:30:00Z"),
    procedure("c2", "Colonoscopy", code="c", when="2020-05-01"),
    procedure("b1", "Bronchoscopy", code="b", when="2020-04-01T08:15:00Z"),
    procedure("l1", "Laparoscopy", code="l", when="2020-05"),
]


def run(*calls: tuple[str, dict[str, Any]]) -> Evidence:
    record = patient_record(patient(), *WEIGHTS, *DRUGS, *DONE)
    return run_plan(
        [Call(tool, arguments, chr(97 + n)) for n, (tool, arguments) in enumerate(calls)], record
    )[-1]


GROUPED = [
    ("the mean of each day", {"per": "day", "statistic": "mean"}, ("80.50", "79.00", "70.00")),
    ("the lowest of each month", {"per": "month", "pick": "min"}, ("79", "70")),
    ("the last of each year", {"per": "year", "pick": "max"}, ("99",)),
    ("how many on each day", {"per": "day", "statistic": "count"}, ("2", "1", "1")),
]


@pytest.mark.parametrize(("id", "arguments", "values"), GROUPED, ids=[row[0] for row in GROUPED])
def test_values_of_each_day_month_or_year(
    id: str, arguments: dict[str, Any], values: tuple[str, ...]
) -> None:
    evidence = run(("measure", {"concept": "weight", **arguments}))

    assert tuple(map(str, evidence.values)) == values


def test_what_has_no_day_is_said_and_the_lines_carry_theirs() -> None:
    evidence = run(("measure", {"concept": "weight", "per": "day", "statistic": "mean"}))

    assert evidence.notes == ("1 without a day, or in another unit, left out",)
    assert evidence.facts[0].text == "2020-02-01: 80.5 kg (2 measurements)"
    assert evidence.unit == "kg"


def test_a_trend_has_no_days() -> None:
    with pytest.raises(
        BadArgument, match="per 'day': expected a value by statistic mean, median, sum or count"
    ):
        run(("measure", {"concept": "weight", "per": "day", "statistic": "trend"}))


def test_doses_are_added_up_each_once() -> None:
    found = run(("find", {"kind": "medication", "concept": "glipizide", "give": "amount"}))
    added = run(
        ("find", {"kind": "medication", "concept": "glipizide", "give": "amount"}),
        ("calculate", {"operation": "sum", "of": ["a"]}),
    )

    assert (found.values, found.unit) == ((Decimal(5), Decimal(5), Decimal("2.5")), "mg")
    assert (added.values, added.unit) == ((Decimal("12.5"),), "mg")


def test_amounts_in_unlike_units_are_not_added_up() -> None:
    found = run(
        ("find", {"kind": "medication", "concept": "aspirin", "give": "amount"}),
        ("calculate", {"operation": "sum", "of": ["a"]}),
    )

    assert (found.outcome, found.notes) == ("no value", ("the units differ (mg, tablet)",))


def test_a_drug_without_a_dose_says_so() -> None:
    found = run(("find", {"kind": "medication", "concept": "senna", "give": "amount"}))

    assert (found.outcome, found.notes) == ("no value", ("1 of 1 do not say the dose as one number",))


def of(*concepts: str, operation: str, **more: Any) -> Evidence:
    finds = [("find", {"kind": "procedure", "concept": concept, **more}) for concept in concepts]
    return run(
        *finds, ("calculate", {"operation": operation, "of": [chr(97 + n) for n in range(len(finds))]})
    )


def test_the_first_and_last_of_all_whichever_was_found() -> None:
    first = of("colonoscopy", "gastroscopy", "bronchoscopy", operation="first", give="time")
    last = of("colonoscopy", "bronchoscopy", operation="last")

    assert (first.values, first.notes) == (("2020-03-01 10:30",), ("not recorded: gastroscopy",))
    assert last.values == ("Colonoscopy",)
    assert last.references == ("Procedure/c2",)


def test_dates_that_overlap_leave_open_which_was_last() -> None:
    found = of("colonoscopy", "laparoscopy", operation="last")

    assert (found.outcome, found.notes) == ("no value", ("the recorded dates overlap: the order is open",))
