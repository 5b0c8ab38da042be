"""All results that are out of their reference range, high or low, at a visit or in a time: no test has to be named."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from tests.builders import Resource, encounter, observation, patient, patient_record
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence, Outcome
from tools.calls.program import run_plan

FIRST, SECOND = "2020-03-02", "2021-04-06"


def result(
    id: str,
    name: str,
    code: str,
    value: float | str,
    unit: str = "",
    day: str = SECOND,
    low: float | None = None,
    high: float | None = None,
    visit: str = "second",
    **more: object,
) -> Resource:
    ends = {"low": low, "high": high}
    bounds = {end: {"value": bound} for end, bound in ends.items() if bound is not None}
    judged = {"referenceRange": [bounds]} if bounds else {}
    visited = {"reference": f"Encounter/{visit}"}
    return observation(
        id, name, code=code, value=value, unit=unit, when=day, encounter=visited, **judged, **more
    )


def pressure(high: float) -> Resource:
    part = {
        "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6", "display": "Systolic"}]},
        "valueQuantity": {"value": high, "unit": "mm[Hg]"},
        "referenceRange": [{"high": {"value": 120}}],
    }
    return observation(
        "bp",
        "Blood pressure",
        code="85354-9",
        value=None,
        when=SECOND,
        component=[part],
        category="vital-signs",
    )


VISITS = [encounter("first", start=FIRST, end=FIRST), encounter("second", start=SECOND, end=SECOND)]
OLD_SODIUM = result("na1", "Sodium", "2951-2", 128, "mmol/L", FIRST, 135, 145, "first")
SODIUM = result("na2", "Sodium", "2951-2", 140, "mmol/L", SECOND, 135, 145)
POTASSIUM = result("k", "Potassium", "2823-3", 5.9, "mmol/L", SECOND, 3.5, 5.1)
A1C = result("a1c", "Hemoglobin A1c", "4548-4", 8.1, "%", interpretation=[{"coding": [{"code": "H"}]}])
FERRITIN = result("fer", "Ferritin", "2276-4", 12, "ng/mL")
COLOUR = result("col", "Color of Urine", "5778-6", "Yellow")
WHOLE = [*VISITS, OLD_SODIUM, SODIUM, POTASSIUM, A1C, FERRITIN, COLOUR, pressure(150)]
BUT_FERRITIN = [each for each in WHOLE if each is not FERRITIN]
NOT_SAID = "1 more may belong, which the record does not say: Ferritin"


@dataclass(frozen=True)
class Case:
    id: str
    ask: dict[str, object]
    references: str
    notes: tuple[str, ...] = ()
    outcome: Outcome = "found"
    values: tuple[object, ...] | None = None
    record: list[Resource] = field(default_factory=lambda: WHOLE)


CASES = [
    Case("by range or flag; what has neither may belong", {"status": "out of range"}, "na1 k a1c bp", (NOT_SAID,)),
    Case("of a component too", {"status": "high", "category": "vital signs"}, "bp"),
    Case("of a laboratory", {"status": "high", "category": "lab results"}, "k a1c", (NOT_SAID,)),
    Case("in range", {"status": "in range"}, "na2", (NOT_SAID,)),
    Case("in a time", {"status": "out of range", "period": "in 2020"}, "na1"),
    Case("how many", {"status": "low", "give": "count"}, "na1", (NOT_SAID,), values=(1,)),
    Case("words are neither high nor low", {"status": "high", "concept": "urine color"}, "col", (), "none recorded"),
    Case(
        "a number without a range is no plain no", {"status": "high", "concept": "ferritin", "give": "exists"}, "fer",
        ("the record gives neither a usable reference range nor a flag",), "no value", (),
    ),
    Case(
        "none is out of range where each is judged", {"status": "low", "period": "in 2021", "give": "exists"}, "",
        (), "none recorded", (False,), BUT_FERRITIN,
    ),
]  # fmt: skip


def found(record: list[Resource], *calls: Call) -> Evidence:
    return run_plan(calls, patient_record(patient(), *record))[-1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_results_by_how_they_are_judged(case: Case) -> None:
    evidence = found(case.record, Call("find", {"kind": "observation", **case.ask}))

    assert evidence.outcome == case.outcome
    assert sorted(ref.partition("/")[2] for ref in evidence.references) == sorted(case.references.split())
    assert set(case.notes) <= set(evidence.notes)
    assert case.values is None or evidence.values == case.values


def test_those_of_a_visit() -> None:
    visit = Call("find", {"kind": "encounter", "pick": "last"}, "a")
    asked = {"kind": "observation", "category": "labs", "status": "out of range"}

    evidence = found(WHOLE, visit, Call("find", {**asked, "when": {"is": "during", "of": "a"}}, "b"))

    assert [fact.text for fact in evidence.facts] == [
        "Potassium 5.9 mmol/L on 2021-04-06 (reference 3.5–5.1)",
        "Hemoglobin A1c 8.1 % on 2021-04-06 (high)",
    ]


def test_of_several_results_of_one_test_the_last_is_told() -> None:
    many = [result(f"r{n}", f"Test {n}", f"{n}-0", 9, "g", FIRST, 1, 5) for n in range(7)]
    again = result("again", "Test 0", "0-0", 8, "g", SECOND, 1, 5)

    evidence = found([*many, again], Call("find", {"kind": "observation", "status": "high"}))

    assert {fact.text: fact.more for fact in evidence.facts}["Test 0, 2 times, 2020-03-02 to 2021-04-06"] == (
        "the last 8 g on 2021-04-06 (reference 1–5)"
    )


@dataclass(frozen=True)
class Measured:
    id: str
    ask: dict[str, object]
    values: tuple[object, ...]
    references: str
    notes: tuple[str, ...] = ()
    outcome: Outcome = "found"
    record: list[Resource] = field(default_factory=lambda: WHOLE)


UNJUDGED = "1 result could not be judged"
MEASURED = [
    Measured("values out of range", {"test": "out of range"}, (Decimal(128), Decimal("5.9"), Decimal("8.1")),
             "na1 k a1c", (UNJUDGED,)),
    Measured("how many", {"test": "out of range", "how": "count"}, (3,), "na1 k a1c", (UNJUDGED,)),
    Measured("any", {"test": "high", "how": "any"}, (True,), "k a1c", (UNJUDGED,)),
    Measured("in a time", {"test": "out of range", "period": "in 2020"}, (Decimal(128),), "na1"),
    Measured("none is low", {"test": "low", "how": "any", "period": "in 2021"}, (False,), "", (), "none recorded",
             BUT_FERRITIN),
    Measured("whether one is low is open", {"test": "low", "how": "any", "period": "in 2021"}, (), "", (UNJUDGED,),
             "no value"),
    Measured("the last of each", {}, (Decimal(140), Decimal("5.9"), Decimal("8.1"), Decimal(12), "Yellow"),
             "na2 k a1c fer col"),
    Measured("nothing of a laboratory is recorded", {}, (), "", (), "none recorded", VISITS),
]  # fmt: skip


@pytest.mark.parametrize("case", MEASURED, ids=lambda case: case.id)
def test_all_results_of_a_laboratory_are_measured(case: Measured) -> None:
    evidence = found(case.record, Call("measure", {"concept": "labs", **case.ask}))

    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    assert sorted(ref.partition("/")[2] for ref in evidence.references) == sorted(case.references.split())
    assert evidence.notes == case.notes


WRONG = [
    (
        {"test": "above", "limits": [7]},
        "concept 'labs': expected one test or panel with test above, e.g. 'HbA1c'.",
    ),
    ({"test": "found"}, "concept 'labs': expected one test or panel with test found, e.g. 'HbA1c'."),
    (
        {"statistic": "mean", "per": "year"},
        "per 'year': expected one test, not 5, e.g. 'systolic blood pressure'.",
    ),
]


@pytest.mark.parametrize(("ask", "message"), WRONG)
def test_no_laboratory_is_one_test(ask: dict[str, object], message: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        found(WHOLE, Call("measure", {"concept": "labs", **ask}))

    assert str(refusal.value) == message
