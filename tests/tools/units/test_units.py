"""Numbers in one unit and what they are in another: as the units are defined, and as six countries write them."""

import csv
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
import ucumvert

import tools.units
from tools.units import converted, same_unit
from tools.units.generate import table
from tools.units.unit import readings

VENDORED = files("ucumvert").joinpath("vendor")
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
    ("98.6", "° F", "Grad C", "37"),
    ("300", "K", "Cel", "26.85"),
    ("0", "Cel", "K", "273.15"),
    ("2", "L", "mL", "2000"),
    ("3", "dL", "cL", "30"),
    ("90", "min", "h", "1.5"),
    ("2", "weeks", "days", "14"),
    ("13.5", "g/dL", "g/L", "135"),
    ("1", "mg/dL", "mg per L", "10"),
    ("1", "mg%", "mg/100 mL", "1"),
    ("250", "10*3/uL", "10*9/L", "250"),
    ("60", "mL/h", "mL/min", "1"),
    ("5", "mmol/L", "umol/mL", "5"),
    ("3", "U/L", "U/mL", "0.003"),
    ("90", "mL/min/{1.73_m2}", "L/min/1.73 m²", "0.09"),
    ("1.2", "g/(24.h)", "mg/d", "1200"),
    ("2", "g/24 Std.", "mg/24h", "2000"),
    ("60", "U/L", "ukat/L", "1"),
    ("760", "mm[Hg]", "kPa", "101.32472"),
    ("10", "cm H2O", "Pa", "980.665"),
    ("0.42", "L/L", "%", "42"),
    ("24", "kg.m-2", "g/cm2", "2.4"),
    ("1", "a", "mo", "12"),
]
NOT_CONVERTED = [
    ("mmol/L", "mg/dL"),
    ("mmol/L", "meq/L"),
    ("mmol/L", "10*9/L"),
    ("kg", "cm"),
    ("%", "mmol/mol"),
    ("%", "1"),
    ("%", ""),
    ("mg/dL", "mg"),
    ("mg/g", "mg/mmol"),
    ("", "kg"),
    ("Cel", "kg"),
    ("mm[Hg]", "mm"),
    ("/[HPF]", "/[LPF]"),
    ("mL/min/{1.73_m2}", "mL/min"),
    ("ng/mL{FEU}", "ng/mL"),
    ("ng/mL FEU", "ng/mL DDU"),
    ("{Log_copies}/mL", "{copies}/mL"),
    ("[arb'U]/mL", "[IU]/mL"),
    ("Ehrlich units", "mg/dL"),
    ("gr", "mg"),
    ("a unit of " + "very " * 40 + "many words", "kg"),
]
SAME = [
    ("mmHg", "mm[Hg]"),
    ("MM HG", "mm[Hg]"),
    ("mg/dl", "mg/dL"),
    ("MG/DL", "mg/dL"),
    ("K/uL", "10^3/µL"),
    ("x10E3/uL", "10*3/uL"),
    ("X 10^3 / µl", "10³/uL"),
    ("x10(9)/L", "10⁹/L"),
    ("Thousand/uL", "10*9/L"),
    ("Tsd./µl", "/nL"),
    ("Tsd/mm³", "K/cumm"),
    ("Mill./µl", "10*12/L"),
    ("Mio/µl", "T/l"),
    ("Gpt/l", "G/l"),
    ("tys/µl", "K/mcL"),
    ("mln/ul", "M/uL"),
    ("cells/mm3", "/uL"),
    ("G/L", "10*9/L"),
    ("G/L", "g/L"),
    ("beats/min", "/min"),
    ("bpm", "{beats}/min"),
    ("kg", "kilograms"),
    ("°C", "Cel"),
    ("{score}", ""),
    ("INR", "1"),
    ("U/L", "[IU]/L"),
    ("UI/L", "IU/L"),
    ("IE/ml", "[IU]/mL"),
    ("E/l", "U/L"),
    ("uIU/mL", "m[IU]/L"),
    ("µU/ml", "mU/L"),
    ("mval/l", "mEq/L"),
    ("MEQ/L", "meq/L"),
    ("mosmol/kg H2O", "mosm/kg"),
    ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
    ("ml/min/1,73m²", "mL/min/{1.73_m2}"),
    ("mmol/mol Hb", "mmol/mol"),
    ("mg/g creat", "mg/g{creat}"),
    ("% HbA1c", "%"),
    ("kg/m²", "kg/m2"),
    ("micromol/l", "umol/L"),
    ("sec", "s"),
    ("mm/hr", "mm/h"),
    ("/HPF", "{cells}/[HPF]"),
    ("CFU/ml", "KBE/ml"),
]
OWN_HERE = ("mol", "eq", "osm", "%", "HPF", "LPF", "pH", "dB", "cSt", "atm", "Torr", "oz_tr", "in_i'H2O")
"""Mere numbers to UCUM, or in no result; the oracle lacks Torr, and its water is of another temperature."""


@pytest.mark.parametrize(("number", "unit", "to", "expected"), CONVERTED)
def test_a_number_in_another_unit(number: str, unit: str, to: str, expected: str) -> None:
    found = converted(Decimal(number), unit, to)
    assert found is not None
    assert abs(found - Decimal(expected)) < Decimal("1e-20")


@pytest.mark.parametrize(("unit", "to"), NOT_CONVERTED)
def test_what_cannot_be_converted(unit: str, to: str) -> None:
    assert converted(Decimal(1), unit, to) is None
    assert converted(Decimal(1), to, unit) is None


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_unit_spelt_in_two_ways(one: str, other: str) -> None:
    assert same_unit(one, other)
    assert converted(Decimal("7.10"), one, other) == Decimal("7.1")


def test_the_table_is_what_ucum_defines() -> None:
    made = table(VENDORED.joinpath("ucum-essence.xml").read_text(encoding="ascii"))
    assert (Path(tools.units.__file__).parent / "ucum.toml").read_text(encoding="utf-8") == made


@pytest.mark.filterwarnings("ignore")
def test_ucumvert_has_the_same_factors() -> None:
    """Each of UCUM's published examples, against a library that reads UCUM by itself."""
    registry = ucumvert.PintUcumRegistry()
    rows = csv.reader(
        VENDORED.joinpath("ucum_examples.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"
    )
    compared: dict[tuple[object, object], tuple[str, float, float]] = {}
    for code in [row[1] for row in rows][1:]:
        if code.startswith("{") or any(own in code for own in OWN_HERE):
            continue
        theirs, ours = registry.from_ucum(code).to_base_units(), readings(code)[0]
        assert not any(base.startswith("?") for base, _ in (*ours.above, *ours.below)), code
        amount = (1 + float(ours.zero)) * float(ours.scale)
        one, size, first = compared.setdefault(
            (theirs.dimensionality, ours.dimension), (code, theirs.magnitude, amount)
        )
        assert amount / first == pytest.approx(theirs.magnitude / size, rel=1e-5), (one, code)
    assert len(compared) > 90
