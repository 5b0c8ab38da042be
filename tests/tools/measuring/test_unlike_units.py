"""Results, ranges and limits in unlike units: converted and said, or left open."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.series_for_tests import observation, record_of
from tools.calls.calculate import calculate
from tools.calls.evidence import Operand
from tools.calls.measure import measure

GLUCOSE, MOLAR = ("2345-7", "Glucose [Mass/volume] in Serum"), ("14749-6", "Glucose [Moles/volume] in Serum")
HEMOGLOBIN, POTASSIUM, ALT = ("718-7", "Hemoglobin"), ("2823-3", "Potassium"), ("1742-6", "ALT")
WEIGHT, TEMPERATURE, TSH = ("29463-7", "Body weight"), ("8310-5", "Body temperature"), ("3016-3", "TSH")
A1C, WBC, ANA = ("4548-4", "Hemoglobin A1c"), ("6690-2", "Leukocytes"), ("5048-4", "ANA titer")


@dataclass(frozen=True)
class Case:
    """What is recorded, oldest first (number and unit, or words), what is asked, and what is told."""

    id: str
    test: tuple[str, str]
    recorded: list[str]
    asked: dict[str, Any]
    values: tuple[Any, ...]
    unit: str = ""
    note: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def bounds(low: float, high: float, unit: str) -> dict[str, Any]:
    return {"referenceRange": [{"low": {"value": low, "unit": unit}, "high": {"value": high, "unit": unit}}]}


def flagged(flag: str) -> dict[str, Any]:
    return {"interpretation": [{"coding": [{"code": flag}]}]}


EVER = {"test": "above", "how": "any"}
CASES = [
    Case("highest of mg/dL and mmol/L", GLUCOSE, ["180 mg/dL", "11.4 mmol/L"], {"pick": "max"}, (Decimal("11.4"),),
         "mmol/L", "1 in mg/dL was converted to mmol/L"),
    Case("lowest of them", GLUCOSE, ["95 mg/dL", "11.4 mmol/L"], {"pick": "min"}, (Decimal("5.27"),), "mmol/L"),
    Case("mean", GLUCOSE, ["180 mg/dL", "10 mmol/L"], {"statistic": "mean"}, (Decimal("10.00"),), "mmol/L"),
    Case("trend", GLUCOSE, ["90 mg/dL", "7 mmol/L", "9 mmol/L"], {"statistic": "trend"}, ("rising",)),
    Case("above 180 mg/dL in mmol/L", GLUCOSE, ["11.4 mmol/L"], EVER | {"limits": ["180 mg/dL"]}, (True,)),
    Case("below 70 mg/dL", GLUCOSE, ["11.4 mmol/L"], {"test": "below", "limits": ["70 mg/dL"], "how": "any"}, (False,)),
    Case("above 10 mmol/L in mg/dL", GLUCOSE, ["205 mg/dL"], EVER | {"limits": ["10 mmol/L"]}, (True,)),
    Case("a limit that leaves off what it is per", HEMOGLOBIN, ["13 g/dL"],
         EVER | {"limits": ["12 g"]}, (True,)),
    Case("a limit without a unit that only fits another", GLUCOSE, ["11.4 mmol/L"],
         EVER | {"limits": [180]}, (),
         note="180 has no unit: mmol/L or mg/dL makes a difference"),
    Case("one that makes no difference", GLUCOSE, ["180 mg/dL", "16 mmol/L"],
         EVER | {"limits": [12]}, (True,),
         note="12 has no unit, and mmol/L or mg/dL makes no difference"),
    Case("values without a unit", A1C, ["7.3"], EVER | {"limits": ["7 %"]}, (True,),
         note="the values have no unit; they were read as %"),
    Case("values without a unit that fit another", TEMPERATURE, ["98.6"], EVER | {"limits": ["38 °C"]}, (False,),
         note="the values have no unit; they were read as °F"),
    Case("values without a unit that leave it open", WEIGHT, ["100"], EVER | {"limits": ["80 kg"]}, (),
         note="the values have no unit: kg or lb makes a difference"),
    Case("values without a unit, which has no other", ANA, ["“1:320”"], EVER | {"limits": ["100 U/L"]}, (True,),
         note="the values have no unit; they were read as U/L"),
    Case("one without a unit among others", POTASSIUM, ["5.9", "4.1 mmol/L"], EVER | {"limits": ["5 mmol/L"]}, (True,),
         note="1 without a unit was read as mmol/L"),
    Case("one that fits", GLUCOSE, ["11.4 mmol/L"], EVER | {"limits": [10]}, (True,)),
    Case("a fever in degrees Celsius", TEMPERATURE, ["38.5 Cel"], EVER | {"limits": ["100.4 °F"]}, (True,)),
    Case("a limit in a unit of something else", WEIGHT, ["70 kg"], EVER | {"limits": ["80 mg/dL"]}, ()),
    Case("pounds and kilograms", WEIGHT, ["154 lb", "71 kg"], {"statistic": "change"}, (Decimal("1.15"),), "kg"),
    Case("asked for in feet and pounds", WEIGHT, ["70 kg"], {"unit": "lbs"}, (Decimal("154.32"),), "lbs"),
    Case("one amount, three units", HEMOGLOBIN, ["13.2 g/dL", "132 g/L", "8.2 mmol/L"], {"statistic": "change"},
         (Decimal("0.00"),), "mmol/L", "they differ by no more than their rounding"),
    Case("A1c of both scales", A1C, ["48 mmol/mol", "7 %"], {"statistic": "change"}, (Decimal("0.46"),), "%"),
    Case("U/L is [IU]/L", ALT, ["40 U/L", "35 [IU]/L"], {"pick": "max"}, (Decimal(40),)),
    Case("meq/L and mmol/L", POTASSIUM, ["4.1 meq/L", "4.5 mmol/L"], {"statistic": "change"}, (Decimal("0.40"),)),
    Case("counts per microliter", WBC, ["7500 /uL", "8.1 10*3/uL"], {"pick": "min"}, (Decimal("7.50"),)),
    Case("uU/mL and mU/L", TSH, ["2.3 uU/mL", "2.1 mU/L"], {"pick": "max"}, (Decimal("2.3"),)),
    Case("without a unit, of that size", POTASSIUM, ["5.9", "4.1 mmol/L"], {"pick": "max"}, (Decimal("5.9"),),
         note="1 without a unit was read as mmol/L"),
    Case("without a unit, of another size", GLUCOSE, ["100", "5.5 mmol/L"], {"pick": "max"}, ()),
    Case("a range in another unit", HEMOGLOBIN, ["140 g/L"], {"test": "in range", "how": "all"}, (True,),
         more=bounds(13, 17, "g/dL")),
    Case("outside it", HEMOGLOBIN, ["120 g/L"], {"test": "low", "how": "any"}, (True,), more=bounds(13, 17, "g/dL")),
    Case("a range in words", POTASSIUM, ["5.9 mmol/L"], {"test": "high", "how": "any"}, (True,),
         more={"referenceRange": [{"text": "3,5-5,1 mmol/l"}]}),
    Case("up to", ALT, ["35 U/L"], {"test": "high", "how": "any"}, (False,),
         more={"referenceRange": [{"text": "bis 40"}]}),
    Case("just what it must be less than", ALT, ["40 U/L"], {"test": "high", "how": "any"}, (True,),
         more={"referenceRange": [{"text": "< 40"}]}),
    Case("a flag that is not what the range says", POTASSIUM, ["7.4 mmol/L"], {"test": "in range", "how": "all"},
         (False,), note="1 of 1 is flagged normal, but above its reference range",
         more=bounds(3.5, 5.1, "mmol/L") | flagged("N")),
    Case("numbers in words", POTASSIUM, ["“4,1”", "“3,9”"], {"pick": "max"}, (Decimal("4.1"),)),
    Case("a bound with a word", POTASSIUM, ["“4,1”", "“> 7.0 CRITICAL”"], {"pick": "max"}, ("> 7.0 CRITICAL",)),
    Case("words that are no number", POTASSIUM, ["“4,1”", "“hemolyzed”"], EVER | {"limits": [5]}, (),
         note="1 of 2 could not be judged: the record gives words (“hemolyzed”), not a number"),
    Case("and the last number before them", POTASSIUM, ["4.1 mmol/L", "“hemolyzed”"], {}, ("hemolyzed",),
         note="no number; the last one before: Potassium 4.1 mmol/L on 2011-01-01"),
    Case("a titer", ANA, ["“1:40”", "“1:320”", "“1:80”"], {"pick": "max"}, ("1:320",)),
    Case("a titer above another", ANA, ["“1:320”"], EVER | {"limits": [160]}, (True,)),
    Case("a share as a range", ("10230-1", "Ejection fraction"), ["“35-40 %”", "55 %"], {"pick": "min"}, ("35-40 %",)),
    Case("mass and moles under two codes", MOLAR, ["glucose 90 mg/dL", "6 mmol/L"], {"statistic": "change"},
         (Decimal("1.00"),), "mmol/L"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_unlike_units(case: Case) -> None:
    found = measure(record_of(*_recorded(case)), case.test[1].partition(" [")[0], **case.asked)
    assert found.values == case.values
    assert case.unit in ("", found.unit)
    assert case.note in "; ".join(found.notes)


def _recorded(case: Case) -> list[dict[str, Any]]:
    made = []
    for place, told in enumerate(case.recorded):
        kind = GLUCOSE if told.startswith("glucose ") else case.test
        when = f"201{place + 1}-01-01"
        number, _, unit = told.removeprefix("glucose ").partition(" ")
        value: Any = told.strip("“”") if told.startswith("“") else float(number)
        made.append(observation(f"o{place}", kind, when, value, unit, **case.more))
    return made


RECKONED = [
    ("difference", ["13.2 g/dL", "130 g/L"], HEMOGLOBIN, Decimal("0.2"), "130 g/L was converted to 13 g/dL"),
    ("percent", ["200 mg/dL", "5.55 mmol/L"], GLUCOSE, Decimal("100.03"), ""),
    ("ratio", ["154 lb", "71 kg"], WEIGHT, Decimal("0.9838"), "71 kg was converted to 156.53 lb"),
    ("higher", ["100 mg/dL", "11.4 mmol/L"], GLUCOSE, False, ""),
    ("lower", ["100 mg/dL", "11.4 mmol/L"], GLUCOSE, True, ""),
    ("same", ["13.2 g/dL", "132 g/L"], HEMOGLOBIN, True, ""),
    ("mean", ["36 Cel", "98.6 [degF]"], TEMPERATURE, Decimal("36.5"), ""),
    ("difference", ["70 kg", "5 mg/dL"], WEIGHT, None, "the units differ (kg, mg/dL)"),
]


@pytest.mark.parametrize(("operation", "told", "kind", "expected", "note"), RECKONED)
def test_reckoned_in_one_unit(
    operation: Any, told: list[str], kind: tuple[str, str], expected: Any, note: str
) -> None:
    record = record_of(*_recorded(Case("", kind, told, {}, ())))
    of = tuple(
        Operand(pick, replace(measure(record, kind[1].partition(" [")[0], pick=pick), tool="measure"))
        for pick in ("first", "last")
    )
    found = calculate(record, operation, of)
    assert found.values == (() if expected is None else (expected,))
    assert note in "; ".join(found.notes)
