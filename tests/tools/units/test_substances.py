"""Masses and amounts of substance, against the factors that laboratories publish."""

from decimal import Decimal

import pytest

from tools.units import converted, substances

# the substance, a number and its unit, what it is in the other (SI conversion tables: AMA Manual of Style, NGSP)
MOLES = [
    ("glucose", "100 mg/dL", "5.551 mmol/L"),
    ("creatinine", "1 mg/dL", "88.4 umol/L"),
    ("urea nitrogen", "20 mg/dL", "7.14 mmol/L"),
    ("urea", "43 mg/dL", "7.16 mmol/L"),
    ("total cholesterol", "200 mg/dL", "5.172 mmol/L"),
    ("LDL cholesterol", "100 mg/dL", "2.586 mmol/L"),
    ("triglycerides", "150 mg/dL", "1.694 mmol/L"),
    ("bilirubin", "1 mg/dL", "17.104 umol/L"),
    ("calcium", "10 mg/dL", "2.495 mmol/L"),
    ("calcium", "5 meq/L", "2.5 mmol/L"),
    ("magnesium", "2 mg/dL", "0.8229 mmol/L"),
    ("phosphate", "3.1 mg/dL", "1.001 mmol/L"),
    ("uric acid", "7 mg/dL", "416.4 umol/L"),
    ("iron", "100 ug/dL", "17.91 umol/L"),
    ("lactate", "9 mg/dL", "0.999 mmol/L"),
    ("hemoglobin", "8.2 mmol/L", "13.214 g/dL"),
    ("sodium", "140 meq/L", "140 mmol/L"),
    ("carbon dioxide", "24 mEq/L", "24 mmol/l"),
    ("hemoglobin A1c", "48 mmol/mol", "6.543 %"),
    ("hemoglobin A1c", "7 %", "53.0 mmol/mol"),
    ("urine albumin creatinine ratio", "3.4 mg/mmol", "30.06 mg/g"),
    ("vitamin D", "30 ng/mL", "74.88 nmol/L"),
    ("cortisol", "10 ug/dL", "275.9 nmol/L"),
    ("testosterone", "500 ng/dL", "17.34 nmol/L"),
    ("free thyroxine", "1.2 ng/dL", "15.45 pmol/L"),
]


@pytest.mark.parametrize(("of", "told", "expected"), MOLES)
def test_a_mass_and_an_amount_of_substance(of: str, told: str, expected: str) -> None:
    number, unit = told.split()
    other, to = expected.split()
    found = converted(Decimal(number), unit, to, substances()[of])
    assert float(found or 0) == pytest.approx(float(other), rel=1e-3)
    back = converted(found or Decimal(0), to, unit, substances()[of])
    assert float(back or 0) == pytest.approx(float(number), rel=1e-9)


def test_urea_nitrogen_is_told_as_urea() -> None:
    urea, nitrogen = substances()["urea"], substances()["urea nitrogen"]
    assert round(converted(Decimal(20), "mg/dL", "mg/dL", nitrogen, urea) or 0, 1) == Decimal("42.9")


@pytest.mark.parametrize(
    ("of", "unit", "to"), [("sodium", "g/dL", "10*9/L"), ("hemoglobin A1c", "%", "mg/dL")]
)
def test_what_no_substance_turns_into_the_other(of: str, unit: str, to: str) -> None:
    assert converted(Decimal(1), unit, to, substances()[of]) is None
