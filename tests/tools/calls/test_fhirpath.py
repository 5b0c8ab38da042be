"""FHIRPath over one record: results with their resources, and what is refused."""

import copy
from decimal import Decimal
from typing import Any

import pytest

import tools.calls.fhirpath
from tests.tools.series_for_tests import A1C, condition, observation, record_of
from tools.calls.errors import BadArgument, Unsupported
from tools.calls.fhirpath import fhirpath

RECORD = (
    observation("old", A1C, "2018-03-01", 7.1),
    observation("new", A1C, "2020-12-04", 6.4),
    observation("wrong", A1C, "2020-12-05", 64, status="entered-in-error"),
    condition("asthma", "Asthma", "1999-04-02"),
)
CASES: list[tuple[str, str, str, tuple[Any, ...], str]] = [
    (
        "numbers in full",
        "Observation.value.value",
        "observation",
        (Decimal("7.1"), Decimal("6.4")),
        "old new",
    ),
    (
        "one of them",
        "Observation.where(effective > @2019-12-31).value.value",
        "Observation",
        (Decimal("6.4"),),
        "new",
    ),
    ("a quantity in words", "Observation.value.where(value < 7)", "observation", ("6.4 %",), "new"),
    ("a concept in words", "Condition.code", "condition", ("Asthma",), "asthma"),
    ("counted over all", "Observation.where(value.value > 7).count()", "observation", (1,), "old"),
    ("the first of all", "Observation.effective.first()", "observation", ("2018-03-01",), "old"),
    ("none", "Observation.where(value.value > 70)", "observation", (), ""),
    ("none, counted", "Procedure.count()", "procedure", (0,), ""),
    ("the clock is the record's", "Condition.select(today())", "condition", ("2021-07-01",), "asthma"),
    (
        "text is matched",
        "Condition.where(code.text.matches('^Asth.*'))",
        "condition",
        ("Condition/asthma",),
        "asthma",
    ),
    ("the patient", "Patient.birthDate", "Patient", ("1960-05-10",), "p"),
]


@pytest.mark.parametrize(
    ("expression", "kind", "values", "references"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_fhirpath(expression: str, kind: str, values: tuple[Any, ...], references: str) -> None:
    found = fhirpath(record_of(*RECORD), expression, kind=kind)
    assert found.values == values
    assert {reference.partition("/")[2] for reference in found.references} == set(references.split())


def test_what_does_not_count_is_left_out_and_said() -> None:
    assert fhirpath(record_of(*RECORD), "Observation.id", kind="observation").notes == (
        "1 that do not count were left out",
    )


def test_the_record_stays_as_it_is() -> None:
    resources = copy.deepcopy(RECORD)
    fhirpath(record_of(*resources), "Observation.value.ofType(Quantity).value", kind="observation")
    assert resources == RECORD


def test_a_long_result_is_cut_and_its_length_told() -> None:
    many = [observation(f"o{n}", A1C, "2020-01-01", n) for n in range(150)]
    found = fhirpath(record_of(*many), "Observation.value.value", kind="observation")
    assert (len(found.values), found.total, len(found.references)) == (100, 150, 150)
    assert found.notes == ("the first 100 of 150 results",)


REFUSED = [
    ("", "FHIRPath of 1 to 500 characters"),
    ("x" * 501, "FHIRPath of 1 to 500 characters"),
    ("Observation.where(", "line 1, character 19"),
    ("Observation..value", "line 1, character 13"),
    ("Observation.code code", "line 1, character 18"),
    ("Observation.madeUp()", "Not implemented: madeUp"),
]


@pytest.mark.parametrize(("expression", "why"), REFUSED)
def test_an_expression_that_is_not_understood_is_said(expression: str, why: str) -> None:
    with pytest.raises(BadArgument) as caught:
        fhirpath(record_of(*RECORD), expression, kind="observation")
    assert why in str(caught.value)
    assert str(caught.value).endswith("e.g. \"Observation.where(code.coding.code = '4548-4').value.value\".")


@pytest.mark.parametrize(
    "expression",
    [
        "Observation.id.aggregate($total & $total, 'a')",
        "Observation.id.repeat($this & $this)",
        "Observation.where(code.text.matches('(a+)+b'))",
        "(" * 249 + "1" + ")" * 249,
    ],
)
def test_what_could_take_for_ever_is_refused(expression: str) -> None:
    with pytest.raises(Unsupported):
        fhirpath(record_of(*RECORD), expression, kind="observation")


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.calls.fhirpath, "SECONDS", 0.05)
    many = [observation(f"o{n}", A1C, "2020-01-01", n) for n in range(3000)]
    with pytest.raises(Unsupported) as caught:
        fhirpath(
            record_of(*many),
            "Observation.descendants().where($this.toString().contains('x'))",
            kind="observation",
        )
    assert str(caught.value) == "The expression took more than 0.05 seconds; narrow it."
