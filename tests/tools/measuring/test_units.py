"""Numbers in one unit and what they are in another, by the definitions of the units."""

from decimal import Decimal

import pytest

from tools.measuring.units import converted, same_unit

CONVERTED = [
    ("1", "kg", "g", "1000"),
    ("1", "[lb_av]", "kg", "0.45359237"),
    ("16", "oz", "lb", "1"),
    ("1", "µg", "ng", "1000"),
    ("1", "mcg", "mg", "0.001"),
    ("1", "[in_i]", "cm", "2.54"),
    ("12", "inches", "ft", "1"),
    ("1.8", "m", "mm", "1800"),
    ("100", "degF", "Cel", "37.77777777777777777777777778"),
    ("37", "°C", "[degF]", "98.6"),
    ("300", "K", "Cel", "26.85"),
    ("0", "Cel", "K", "273.15"),
    ("2", "L", "mL", "2000"),
    ("3", "dL", "cL", "30"),
    ("90", "min", "h", "1.5"),
    ("2", "weeks", "days", "14"),
    ("13.5", "g/dL", "g/L", "135"),
    ("1", "mg/dL", "mg per L", "10"),
    ("250", "10*3/uL", "10*9/L", "250"),
    ("60", "mL/h", "mL/min", "1"),
    ("5", "mmol/L", "umol/mL", "5"),
    ("3", "U/L", "U/mL", "0.003"),
    ("90", "mL/min/{1.73_m2}", "L/min/1.73 m²", "0.09"),
]
NOT_CONVERTED = [
    ("mmol/L", "mg/dL"),
    ("kg", "cm"),
    ("%", "mmol/mol"),
    ("mg/dL", "mg"),
    ("", "kg"),
    ("Cel", "kg"),
    ("mm[Hg]", "mm"),
    ("mL/min/{1.73_m2}", "mL/min"),
]
SAME = [
    ("mmHg", "mm[Hg]"),
    ("mg/dl", "mg/dL"),
    ("K/uL", "10^3/µL"),
    ("beats/min", "/min"),
    ("kg", "kilograms"),
    ("°C", "Cel"),
    ("{score}", ""),
]


@pytest.mark.parametrize(("number", "unit", "to", "expected"), CONVERTED)
def test_a_number_in_another_unit(number: str, unit: str, to: str, expected: str) -> None:
    found = converted(Decimal(number), unit, to)
    assert found is not None
    assert abs(found - Decimal(expected)) < Decimal("1e-20")


@pytest.mark.parametrize(("unit", "to"), NOT_CONVERTED)
def test_what_cannot_be_converted(unit: str, to: str) -> None:
    assert converted(Decimal(1), unit, to) is None


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_unit_spelt_in_two_ways(one: str, other: str) -> None:
    assert same_unit(one, other)
    assert converted(Decimal("7.10"), one, other) == Decimal("7.1")
