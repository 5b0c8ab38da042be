"""What is picked from the observations of one test, as a table a clinician can check."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.builders import patient, patient_record
from tests.tools.series_for_tests import (
    A1C,
    DIASTOLIC,
    GLUCOSE,
    PATIENT,
    SMOKING,
    SYSTOLIC,
    encounter,
    observation,
    pressure,
    record_of,
)
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.measure import measure
from tools.calls.program import gives, run_plan
from tools.measuring.criteria import Test
from tools.measuring.picks import How
from tools.record import PatientRecord

OLD = observation("old", A1C, "2018-03-01", 7.126)
MID = observation("mid", A1C, "2019-03-01", 8.4)
NEW = observation("new", A1C, "2020-12-04", 6.4)
SERIES = (MID, OLD, NEW)
WAVES = tuple(
    observation(f"w{n}", A1C, f"20{14 + n}-03-01", value) for n, value in enumerate((7, 9.5, 6, 7.5), start=1)
)
RANGE = {"referenceRange": [{"low": {"value": 4, "unit": "%"}, "high": {"value": 5.6, "unit": "%"}}]}
HIGH = {"interpretation": [{"coding": [{"code": "H"}]}]}
UNKNOWN = {"dataAbsentReason": {"text": "specimen lost"}}

RSV = {
    "coding": [
        {"system": "http://loinc.org", "code": "92131-2", "display": "Respiratory syncytial virus RNA"}
    ]
}


def result(id: str, day: str, said: str, **more: Any) -> dict[str, Any]:
    made = observation(id, A1C, day, 1)
    del made["valueQuantity"]
    return made | {"code": RSV} | ({"valueCodeableConcept": {"text": said}} if said else {}) | more


RSV_NEGATIVE = result("rsv-no", "2021-06-19", "Not detected")
RSV_POSITIVE = result("rsv-yes", "2021-01-10", "Positive (qualifier value)")
RSV_UNCLEAR = result("rsv-unclear", "2021-06-19", "Invalid")
RSV_BY_CODE = result("rsv-code", "2021-06-19", "", interpretation=[{"coding": [{"code": "POS"}]}])


@dataclass(frozen=True)
class Case:
    id: str
    record: tuple[dict[str, Any], ...]
    values: tuple[Any, ...]
    references: str
    wish: dict[str, Any] = field(default_factory=dict)
    outcome: str = "found"
    note: str = ""
    concept: str = "HbA1c"


def number(text: str) -> Decimal:
    return Decimal(text)


CASES = [
    Case("the latest by time, not by place in the record", SERIES, (number("6.4"),), "new"),
    Case("the first keeps its full precision", SERIES, (number("7.126"),), "old", {"pick": "first"}),
    Case("the last but one", SERIES, (number("8.4"),), "mid", {"pick": "nth", "n": -2}),
    Case(
        "one measurement has none before it",
        (NEW,),
        (),
        "",
        {"pick": "nth", "n": -2},
        "none recorded",
        "measured at one time only: there is none before it",
    ),
    Case("the unit, once", SERIES, ("%",), "old mid new", {"pick": "all", "give": "unit"}),
    Case("its reference range", (NEW | RANGE,), (number("4"), number("5.6")), "new", {"give": "range"}),
    Case(
        "no reference range", (NEW,), (), "", {"give": "range"}, "no value", "no reference range is recorded"
    ),
    Case("high by its range", (OLD, NEW | RANGE), ("high",), "new", {"give": "flag"}),
    Case("high by its flag", (NEW | HIGH,), ("high",), "new", {"give": "flag"}),
    Case(
        "neither range nor flag",
        (NEW,),
        (),
        "",
        {"give": "flag"},
        "no value",
        "no reference range or flag is recorded",
    ),
    Case(
        "two units are both given",
        (OLD, observation("si", A1C, "2021-01-01", 53, "mmol/mol")),
        ("%", "mmol/mol"),
        "old si",
        {"pick": "all", "give": "unit"},
    ),
    Case(
        "the latest is above",
        SERIES,
        (True,),
        "new",
        {"test": "above", "limits": [6], "how": "all", "pick": "last"},
    ),
    Case(
        "the latest is not above, though others were",
        SERIES,
        (False,),
        "new",
        {"test": "above", "limits": [7], "how": "all", "pick": "last"},
    ),
    Case(
        "all are above",
        SERIES,
        (True,),
        "old mid new",
        {"pick": "all", "test": "above", "limits": [6], "how": "all"},
    ),
    Case(
        "not all are above: it stands on what is not",
        SERIES,
        (False,),
        "new",
        {"pick": "all", "test": "above", "limits": [7], "how": "all"},
        note="2 of 3 are above 7",
    ),
    Case(
        "none is above",
        SERIES,
        (True,),
        "",
        {"how": "none", "test": "above", "limits": [9]},
        "none recorded",
        "none of them above 9",
    ),
    Case("one is above", SERIES, (False,), "mid", {"how": "none", "test": "above", "limits": [8]}),
    Case("never measured, denied", (), (True,), "", {"how": "none"}, "none recorded"),
    Case("it went down", SERIES, (True,), "old new", {"statistic": "change", "test": "below", "limits": [0]}),
    Case(
        "it did not go up",
        SERIES,
        (False,),
        "old new",
        {"statistic": "change", "test": "above", "limits": [0]},
    ),
    Case(
        "what is unchanged went neither way",
        (OLD, OLD | {"id": "same", "effectiveDateTime": "2021-01-01"}),
        (False,),
        "old same",
        {"statistic": "change", "test": "above", "limits": [0]},
    ),
    Case(
        "one value goes no way",
        (NEW,),
        (),
        "",
        {"statistic": "change", "test": "above", "limits": [0]},
        "no value",
    ),
    Case(
        "values that vary are neither rising nor falling",
        WAVES,
        (),
        "w1 w2 w3 w4",
        {"statistic": "trend", "test": "above", "limits": [0]},
        "no value",
        "neither rising nor falling",
    ),
    Case(
        "negative is not found",
        (RSV_NEGATIVE,),
        (False,),
        "rsv-no",
        {"test": "found", "how": "any"},
        concept="RSV",
    ),
    Case(
        "positive is found",
        (RSV_NEGATIVE, RSV_POSITIVE),
        (True,),
        "rsv-yes",
        {"test": "found", "how": "any"},
        concept="RSV",
    ),
    Case(
        "it was tested, whatever it found",
        (RSV_NEGATIVE,),
        (True,),
        "rsv-no",
        {"how": "any"},
        concept="RSV",
    ),
    Case(
        "a result that says neither leaves it open",
        (RSV_UNCLEAR,),
        (),
        "",
        {"test": "found", "how": "any"},
        "no value",
        "neither positive nor negative",
        "RSV",
    ),
    Case("a number was found", SERIES, (True,), "old mid new", {"test": "found", "how": "any"}),
    Case(
        "ever positive",
        (RSV_NEGATIVE, RSV_POSITIVE),
        (True,),
        "rsv-yes",
        {"how": "any", "test": "positive"},
        concept="RSV",
    ),
    Case(
        "never positive",
        (RSV_NEGATIVE,),
        (False,),
        "",
        {"how": "any", "test": "positive"},
        "none recorded",
        concept="RSV",
    ),
    Case(
        "the last was negative",
        (RSV_POSITIVE, RSV_NEGATIVE),
        (True,),
        "rsv-no",
        {"pick": "last", "test": "negative", "how": "all"},
        concept="RSV",
    ),
    Case(
        "the interpretation tells where the value does not",
        (RSV_BY_CODE,),
        (True,),
        "rsv-code",
        {"how": "any", "test": "positive"},
        concept="RSV",
    ),
    Case(
        "words are neither above nor below",
        (RSV_NEGATIVE,),
        (),
        "",
        {"how": "any", "test": "below", "limits": [2]},
        "no value",
        "1 of 1 could not be judged: the record gives words (“Not detected”), not a number",
        "RSV",
    ),
    Case(
        "the latest is high",
        (OLD, NEW | RANGE),
        (False,),
        "new",
        {"test": "in range", "how": "all", "pick": "last"},
    ),
    Case(
        "the latest cannot be judged, though another can",
        (OLD | RANGE, NEW),
        (),
        "new",
        {"test": "in range", "how": "all", "pick": "last"},
        "no value",
        "it could not be judged: the record gives neither a usable reference range nor a flag",
    ),
    Case(
        "nothing to judge",
        (),
        (),
        "",
        {"test": "above", "limits": [7], "how": "all", "pick": "last"},
        "none recorded",
    ),
    Case(
        "on how many days",
        (NEW, NEW | {"id": "again"}, OLD),
        (2,),
        "old new again",
        {"statistic": "count", "give": "date"},
    ),
    Case("when it was last", SERIES, ("2020-12-04",), "new", {"give": "date"}),
    Case("how old she was at the first", SERIES, (57,), "old", {"pick": "first", "give": "age"}),
    Case(
        "all, oldest first",
        SERIES,
        (number("7.126"), number("8.4"), number("6.4")),
        "old mid new",
        {"pick": "all"},
    ),
    Case("the highest", SERIES, (number("8.4"),), "mid", {"pick": "max"}),
    Case("the lowest", SERIES, (number("6.4"),), "new", {"pick": "min"}),
    Case(
        "the mean with as many decimals as recorded",
        SERIES,
        (number("7.309"),),
        "old mid new",
        {"statistic": "mean"},
    ),
    Case("change is last minus first", SERIES, (number("-0.726"),), "old new", {"statistic": "change"}),
    Case(
        "one measurement has no change",
        (NEW,),
        (),
        "",
        {"statistic": "change"},
        "no value",
        "measured at one time only",
    ),
    Case("how often", SERIES, (3,), "old mid new", {"statistic": "count"}),
    Case("ever measured", SERIES, (True,), "old mid new", {"how": "any"}),
    Case("never measured", (), (False,), "", {"how": "any"}, "none recorded"),
    Case("never measured, counted", (), (0,), "", {"statistic": "count"}, "none recorded"),
    Case("not recorded is an answer", (), (), "", outcome="none recorded"),
    Case("a period without any", SERIES, (), "", {"period": "in 2017"}, "none recorded"),
    Case("the last in a period", SERIES, (number("8.4"),), "mid", {"period": "in 2019"}),
    Case("above is strict", SERIES, (True,), "old mid", {"how": "any", "test": "above", "limits": [6.4]}),
    Case(
        "nothing above: no, and no references",
        SERIES,
        (False,),
        "",
        {"how": "any", "test": "above", "limits": [9]},
        "none recorded",
        "3 recorded, none of them above 9",
    ),
    Case("how often below", SERIES, (2,), "old new", {"statistic": "count", "test": "below", "limits": [8]}),
    Case("between", SERIES, (1,), "old", {"statistic": "count", "test": "between", "limits": [7, 8]}),
    Case(
        "the last that was above",
        SERIES,
        ("2019-03-01",),
        "mid",
        {"test": "above", "limits": [8], "give": "date", "pick": "last"},
    ),
    Case(
        "ties at one moment are all given",
        (NEW, NEW | {"id": "other", "valueQuantity": {"value": 6.6, "unit": "%"}}),
        (number("6.4"), number("6.6")),
        "new other",
    ),
    Case(
        "two results of the same instant are two, as they are recorded",
        tuple(NEW | {"id": name, "effectiveDateTime": "2020-12-04T08:30:00Z"} for name in ("new", "twin")),
        (2,),
        "new twin",
        {"statistic": "count"},
    ),
    Case(
        "the same result twice in one day may be two measurements",
        (NEW, NEW | {"id": "again"}),
        (2,),
        "new again",
        {"statistic": "count"},
    ),
    Case(
        "a bound is shown as recorded",
        (observation("low", A1C, "2021-01-01", 5, comparator="<"),),
        ("< 5",),
        "low",
    ),
    Case(
        "a bound counts when it is certain",
        (observation("low", A1C, "2021-01-01", 5, comparator="<"),),
        (True,),
        "low",
        {"how": "any", "test": "below", "limits": [5]},
    ),
    Case(
        "a bound that leaves it open is not a no",
        (observation("low", A1C, "2021-01-01", 5, comparator="<"),),
        (),
        "",
        {"how": "any", "test": "above", "limits": [4]},
        "no value",
        "1 of 1 could not be judged: the record gives a bound, not a number",
    ),
    Case(
        "a bound leaves the mean open",
        (*SERIES, observation("low", A1C, "2021-01-01", 5, comparator="<")),
        (),
        "old mid new low",
        {"statistic": "mean"},
        "no value",
        "1 of 4 is given only as a bound, which leaves the mean open",
    ),
    Case(
        "what cannot be converted leaves the highest open",
        (*SERIES, observation("si", A1C, "2017-01-01", 53, "mg/dL")),
        (),
        "",
        {"pick": "max"},
        "no value",
        "left out: 1 in mg/dL, which cannot be converted to %",
    ),
    Case(
        "a missing value with its reason is no value",
        (observation("gone", A1C, "2021-01-01", **UNKNOWN),),
        (),
        "",
        outcome="no value",
        note="1 without a value: specimen lost",
    ),
    Case(
        "a missing value never hides the last real one",
        (NEW, observation("gone", A1C, "2021-01-01", **UNKNOWN)),
        (number("6.4"),),
        "new",
        note="1 without a value: specimen lost",
    ),
    Case(
        "preliminary is used and said",
        (NEW | {"status": "preliminary"},),
        (number("6.4"),),
        "new",
        note="preliminary",
    ),
    Case(
        "entered in error never counts",
        (OLD, NEW | {"status": "entered-in-error"}),
        (number("7.126"),),
        "old",
    ),
    Case(
        "out of range by the record's own range",
        (NEW | RANGE, observation("fine", A1C, "2020-01-01", 5.0, **RANGE)),
        (True,),
        "new",
        {"how": "any", "test": "out of range"},
    ),
    Case(
        "normal by the range",
        (NEW | RANGE, observation("fine", A1C, "2020-01-01", 5.0, **RANGE)),
        (number("5.0"),),
        "fine",
        {"test": "in range", "pick": "last"},
    ),
    Case("flagged by the laboratory", (OLD, NEW | HIGH), (1,), "new", {"statistic": "count", "test": "high"}),
    Case(
        "without range or flag it cannot be judged",
        SERIES,
        (),
        "",
        {"how": "any", "test": "out of range"},
        "no value",
        "3 of 3 could not be judged: the record gives neither a usable reference range nor a flag",
    ),
    Case(
        "rising",
        tuple(observation(f"r{n}", A1C, f"201{n}-01-01", 6 + n / 2) for n in range(5)),
        ("rising",),
        "r0 r1 r2 r3 r4",
        {"statistic": "trend"},
    ),
    Case(
        "falling",
        tuple(observation(f"r{n}", A1C, f"201{n}-01-01", 9 - n / 2) for n in range(5)),
        ("falling",),
        "r0 r1 r2 r3 r4",
        {"statistic": "trend"},
    ),
    Case(
        "stable within five percent",
        tuple(observation(f"r{n}", A1C, f"201{n}-01-01", 6 + n % 2 / 10) for n in range(5)),
        ("stable",),
        "r0 r1 r2 r3 r4",
        {"statistic": "trend"},
    ),
    Case(
        "up and down is varying",
        tuple(observation(f"r{n}", A1C, f"201{n}-01-01", 6 + n % 2 * 3) for n in range(5)),
        ("varying",),
        "r0 r1 r2 r3 r4",
        {"statistic": "trend"},
    ),
    Case("one value is no trend", (NEW,), (), "", {"statistic": "trend"}, "no value", "no trend can be told"),
    Case(
        "words are values",
        (
            observation("s1", SMOKING, "2015-01-01", "Current every day smoker"),
            observation("s2", SMOKING, "2020-01-01", "Former smoker"),
        ),
        ("Former smoker",),
        "s2",
        concept="smoking status",
    ),
    Case(
        "a change of words gives both",
        (
            observation("s1", SMOKING, "2015-01-01", "Current every day smoker"),
            observation("s2", SMOKING, "2020-01-01", "Former smoker"),
        ),
        ("Current every day smoker", "Former smoker"),
        "s1 s2",
        {"statistic": "change"},
        concept="smoking status",
    ),
    Case(
        "components are their own series",
        (pressure("bp1", "2020-01-01", 150, 95), pressure("bp2", "2021-01-01", 128, 77)),
        (number("150"),),
        "bp1",
        {"pick": "max"},
        concept="systolic blood pressure",
    ),
    Case(
        "a component recorded once more on its own is one measurement",
        (
            pressure("bp", "2021-01-01T10:00:00Z", 128, 77),
            observation("own", SYSTOLIC, "2021-01-01T10:00:00Z", 128, "mm[Hg]"),
        ),
        (1,),
        "bp own",
        {"statistic": "count"},
        concept="systolic blood pressure",
    ),
    Case(
        "a blood pressure is two numbers",
        (pressure("bp1", "2020-01-01", 150, 95), pressure("bp2", "2021-01-01", 128, 77)),
        (number("128"), number("77")),
        "bp2",
        concept="blood pressure",
    ),
    Case(
        "how often the blood pressure was taken",
        (pressure("bp1", "2020-01-01", 150, 95), pressure("bp2", "2021-01-01", 128, 77)),
        (2,),
        "bp1 bp2",
        {"statistic": "count"},
        concept="blood pressure",
    ),
    Case(
        "a blood pressure before the last",
        (pressure("bp1", "2020-01-01", 150, 95), pressure("bp2", "2021-01-01", 128, 77)),
        (number("150"), number("95")),
        "bp1",
        {"pick": "nth", "n": -2},
        concept="blood pressure",
    ),
    Case(
        "the numbers of a blood pressure recorded once more on their own carry it too",
        (
            pressure("bp", "2021-01-01T10:00:00Z", 128, 77),
            observation("upper", SYSTOLIC, "2021-01-01T10:00:00Z", 128, "mm[Hg]"),
            observation("lower", DIASTOLIC, "2021-01-01T10:00:00Z", 77, "mm[Hg]"),
        ),
        (number("128"), number("77")),
        "bp upper lower",
        concept="blood pressure",
    ),
    Case(
        "two numbers without a panel are a blood pressure",
        (
            pressure("bp", "2020-01-01", 150, 95),
            observation("upper", SYSTOLIC, "2021-01-01", 128, "mm[Hg]"),
            observation("lower", DIASTOLIC, "2021-01-01", 77, "mm[Hg]"),
        ),
        (number("128"), number("77")),
        "upper lower",
        concept="blood pressure",
    ),
    Case(
        "on how many days the blood pressure was taken",
        (pressure("bp1", "2020-01-01T08:00:00Z", 150, 95), pressure("bp2", "2020-01-01T09:00:00Z", 128, 77)),
        (1,),
        "bp1 bp2",
        {"statistic": "count", "give": "date"},
        concept="blood pressure",
    ),
    Case(
        "the latest blood pressure is judged by the systolic",
        (pressure("bp1", "2020-01-01", 150, 95), pressure("bp2", "2021-01-01", 128, 77)),
        (False,),
        "bp2",
        {"test": "above", "limits": [140], "how": "all", "pick": "last"},
        concept="blood pressure",
        note="judged by Systolic Blood Pressure",
    ),
    Case(
        "a blood pressure above a number is about the systolic",
        (pressure("bp1", "2020-01-01", 150, 95), pressure("bp2", "2021-01-01", 128, 77)),
        (True,),
        "bp1",
        {"how": "any", "test": "above", "limits": [140]},
        concept="blood pressure",
        note="judged by Systolic Blood Pressure",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_measure(case: Case) -> None:
    found = measure(record_of(*case.record), case.concept, **case.wish)
    references = {reference.removeprefix("Observation/") for reference in found.references}
    assert (found.outcome, found.values, references) == (
        case.outcome,
        case.values,
        set(case.references.split()),
    )
    assert case.note in "; ".join(found.notes)


def test_an_age_of_one_born_in_an_unknown_month_says_so() -> None:
    record = patient_record(patient(birthDate="1941"), {**NEW, "subject": {"reference": "Patient/p1"}})

    found = measure(record, "HbA1c", give="age")

    assert (found.values, found.notes) == ((79,), ("the birth is recorded only as 1941",))


def test_a_last_blood_pressure_reads_as_people_write_it() -> None:
    found = measure(record_of(pressure("bp", "2021-01-01", 128.2, 77)), "blood pressure")
    assert [fact.text for fact in found.facts] == ["Blood pressure 128.2/77 mmHg on 2021-01-01"]
    assert found.unit == "mm[Hg]"


def test_a_trend_tells_first_last_lowest_and_highest() -> None:
    found = measure(record_of(*SERIES), "HbA1c", statistic="trend")
    assert [fact.text.partition(":")[0] for fact in found.facts] == ["First", "Last", "Lowest", "Highest"]


def test_a_long_list_is_cut_and_its_length_told() -> None:
    many = [observation(f"g{n}", GLUCOSE, f"2019-01-{n:02}", 80 + n, "mg/dL") for n in range(1, 29)]
    found = measure(record_of(*many), "glucose", pick="all")
    assert len(found.values) == found.total == len(found.references) == 28
    assert len(found.facts) < 28


def test_a_diastolic_alone_is_not_a_pair() -> None:
    found = measure(record_of(observation("d", DIASTOLIC, "2021-01-01", 77, "mm[Hg]")), "diastolic")
    assert found.values == (Decimal(77),)


FOUR = tuple(
    observation(f"q{n}", A1C, f"201{n}-06-01", value) for n, value in enumerate((7, 9, 8, 6.5), start=5)
)
WATER = ("5811-5", "Specific gravity of Urine by Test strip")
GRAVITY = (
    observation("g1", WATER, "2020-01-01", 1.017, "1"),
    observation("g2", WATER, "2020-02-01", 1.019, "1"),
)
FOURTH = (*FOUR, FOUR[-1] | {"id": "twice", "valueQuantity": {"value": 6.7, "unit": "%"}})

CLOSE = (observation("x", A1C, "2020-01-01", 7.0012345), observation("y", A1C, "2020-02-01", 7.0054321))

UNDATED = {
    name: value for name, value in observation("bare", A1C, "", 5).items() if name != "effectiveDateTime"
}

STATISTICS = [
    Case("mean", FOUR, (number("7.62"),), "q5 q6 q7 q8", {"statistic": "mean"}, note="mean of 4"),
    Case("median of an even number", FOUR, (number("7.5"),), "q5 q6 q7 q8", {"statistic": "median"}),
    Case("median of an odd number", SERIES, (number("7.126"),), "old mid new", {"statistic": "median"}),
    Case("sum", FOUR, (number("30.5"),), "q5 q6 q7 q8", {"statistic": "sum"}, note="sum of 4"),
    Case("a sum of nothing is not known", (), (), "", {"statistic": "sum"}, "none recorded"),
    Case("count", FOUR, (4,), "q5 q6 q7 q8", {"statistic": "count"}),
    Case(
        "range is the lowest and the highest",
        FOUR,
        (number("6.5"), number("9")),
        "q6 q8",
        {"statistic": "range"},
        note="of 4 measurements",
    ),
    Case("change", FOUR, (number("-0.5"),), "q5 q8", {"statistic": "change"}),
    Case("percent change of the first", FOUR, (number("-7.14"),), "q5 q8", {"statistic": "percent change"}),
    Case(
        "there is no percent of nothing",
        (FOUR[0] | {"valueQuantity": {"value": 0, "unit": "%"}}, FOUR[1]),
        (),
        "q5 q6",
        {"statistic": "percent change"},
        "no value",
        "the first is 0: there is no percent of it",
    ),
    Case(
        "a change of a moment with two values says so",
        FOURTH,
        (number("-0.3"),),
        "q5 twice",
        {"statistic": "change"},
        note="2 different values at the last time",
    ),
    Case(
        "a trend has its number and its slope",
        tuple(observation(f"r{n}", A1C, f"201{n}-01-01", 6 + n / 2) for n in range(5)),
        ("rising",),
        "r0 r1 r2 r3 r4",
        {"statistic": "trend"},
        note="5 measurements; +0.5 % a year",
    ),
    Case(
        "over some days the slope is that of a day",
        tuple(observation(f"r{n}", A1C, f"2019-01-0{n}", 6 + n) for n in range(1, 5)),
        ("rising",),
        "r1 r2 r3 r4",
        {"statistic": "trend"},
        note="+1 % a day",
    ),
    Case("what has no date is not the first of a trend", (*WAVES, UNDATED), ("varying",), "w1 w2 w3 w4",
         {"statistic": "trend"}, note="1 without a date left out; 4 measurements"),
    Case("a mean is as exact as its numbers", GRAVITY, (number("1.018"),), "g1 g2", {"statistic": "mean"},
         concept="specific gravity of urine"),
    Case(
        "what a program computed is not more exact than two decimals",
        (observation("c1", A1C, "2020-01-01", 7.12345678), observation("c2", A1C, "2020-02-01", 8.2)),
        (number("7.66"),),
        "c1 c2",
        {"statistic": "mean"},
    ),
    Case("mean of the last three", FOUR, (number("7.83"),), "q6 q7 q8",
         {"pick": "last", "n": 3, "statistic": "mean"}),
    Case("mean of those above 7", FOUR, (number("8.5"),), "q6 q7",
         {"statistic": "mean", "test": "above", "limits": [7]}),
    Case("the mean is tested with how", FOUR, (True,), "q5 q6 q7 q8",
         {"statistic": "mean", "test": "above", "limits": [7], "how": "any"}),
    Case("it rose from the first to the second", FOUR, (True,), "q5 q6",
         {"pick": "first", "n": 2, "statistic": "change", "test": "above", "limits": [0]}),
    Case("it did not fall by a tenth", FOUR, (False,), "q5 q8",
         {"statistic": "percent change", "test": "at most", "limits": [-10]}),
    Case("a mean is tested before it is rounded", CLOSE, (True,), "x y",
         {"statistic": "mean", "test": "above", "limits": [7], "how": "any"}),
    Case("words are left out of a mean, and said",
         (*FOUR, result("w", "2020-01-01", "see comment") | {"code": FOUR[0]["code"]}), (number("7.62"),),
         "q5 q6 q7 q8", {"statistic": "mean"}, note="1 given in words left out"),
]  # fmt: skip
TWICE = (*FOUR, FOUR[1] | {"id": "high", "effectiveDateTime": "2019-06-01"})

BELOW = observation("below", A1C, "2019-01-01", 5, comparator="<")
ABOVE = observation("above", A1C, "2019-03-01", 10, comparator=">")
PICKS = [
    Case("the second", FOUR, (number("9"),), "q6", {"pick": "nth", "n": 2}),
    Case("the third from the last", FOUR, (number("9"),), "q6", {"pick": "nth", "n": -3}),
    Case("the last by its place", FOUR, (number("6.5"),), "q8", {"pick": "nth", "n": -1}),
    Case("the last of the moment before is not taken for the last but one", FOURTH,
         (number("6.5"), number("6.7")), "q8 twice", {"pick": "nth", "n": 4}),
    Case("there is no fifth", FOUR, (), "", {"pick": "nth", "n": 5}, "none recorded",
         "measured at 4 times only: there is no 5th"),
    Case("there is no fifth from the last", FOUR, (), "", {"pick": "nth", "n": -5}, "none recorded",
         "measured at 4 times only: there is no 5th from the last"),
    Case("what there is not is neither above nor below", (NEW,), (), "",
         {"pick": "nth", "n": -2, "test": "above", "limits": [7], "how": "any"}, "none recorded",
         "measured at one time only: there is none before it"),
    Case("the last two, oldest first", FOUR, (number("8"), number("6.5")), "q7 q8", {"pick": "last", "n": 2}),
    Case("the first two", FOUR, (number("7"), number("9")), "q5 q6", {"pick": "first", "n": 2}),
    Case("all values of each of the last two moments", FOURTH, (number("8"), number("6.5"), number("6.7")),
         "q7 q8 twice", {"pick": "last", "n": 2}),
    Case("equal values of two days are both given",
         (FOUR[0], FOUR[0] | {"id": "same", "effectiveDateTime": "2016-01-01"}), (number("7"), number("7")),
         "q5 same", {"pick": "last", "n": 2}),
    Case("the last five of four", FOUR, (number("7"), number("9"), number("8"), number("6.5")), "q5 q6 q7 q8",
         {"pick": "last", "n": 5}, note="measured at 4 times only"),
    Case("all is the usual pick of a test", FOUR, (number("9"), number("8")), "q6 q7",
         {"test": "above", "limits": [7]}),
    Case("the first above 7", FOUR, ("2016-06-01",), "q6",
         {"pick": "first", "test": "above", "limits": [7], "give": "date"}),
    Case("when it was highest", FOUR, ("2016-06-01",), "q6", {"pick": "max", "give": "date"}),
    Case("when it was first as high as ever", TWICE, ("2016-06-01",), "q6", {"pick": "max", "n": 1, "give": "date"}),
    Case("when it was last as high as ever", TWICE, ("2019-06-01",), "high", {"pick": "max", "n": -1, "give": "date"}),
    Case("a bound above all others is the highest", (*FOUR, ABOVE), ("> 10",), "above", {"pick": "max"}),
    Case("a bound below all others is the lowest", (*FOUR, BELOW), ("< 5",), "below", {"pick": "min"}),
    Case("a bound below all others is not the highest", (*FOUR, BELOW), (number("9"),), "q6", {"pick": "max"}),
    Case("a bound between others leaves the highest open", (*FOUR, ABOVE | {"valueQuantity": {"value": 8, "unit": "%",
         "comparator": ">"}}), (), "", {"pick": "max"}, "no value",
         "values that are given only as a bound leave open which is the highest"),
    Case("two bounds leave the highest open", (ABOVE, ABOVE | {"id": "more", "valueQuantity": {"value": 12, "unit": "%",
         "comparator": ">"}}), (), "", {"pick": "max"}, "no value",
         "values that are given only as a bound leave open which is the highest"),
    Case("a range from bound to bound", (*FOUR, BELOW, ABOVE), ("< 5", "> 10"), "below above",
         {"statistic": "range"}, note="of 6 measurements"),
    Case("a bound leaves a range open", (FOUR[0], FOUR[1], BELOW | {"valueQuantity": {"value": 8, "unit": "%",
         "comparator": "<"}}), (), "", {"statistic": "range"}, "no value",
         "values that are given only as a bound leave open which is the lowest"),
    Case("to the minute", (NEW | {"effectiveDateTime": "2020-12-04T16:45:30+02:00"},), ("2020-12-04 16:45",),
         "new", {"give": "time"}),
    Case("only the day where there is no time", (NEW,), ("2020-12-04",), "new", {"give": "time"}),
]  # fmt: skip

BOUND = observation("low", A1C, "2021-01-01", 5, comparator="<=")
TESTS = [
    ("above 7 is strict", "above", [7], "q6 q7"),
    ("below 7 is strict", "below", [7], "q8"),
    ("at least 7 includes it", "at least", [7], "q5 q6 q7"),
    ("at most 7 includes it", "at most", [7], "q5 q8"),
    ("between includes both", "between", [7, 8], "q5 q7"),
    ("between in either order", "between", [8, 7], "q5 q7"),
]
RANGED = tuple(
    observation(f"r{value}", A1C, f"20{value + 10}-01-01", value, **RANGE) for value in (3, 4, 5, 6, 9)
)
BY_RANGE = [
    ("in range includes its ends", "in range", "r4 r5"),
    ("out of range is on either side", "out of range", "r3 r6 r9"),
    ("high", "high", "r6 r9"),
    ("low", "low", "r3"),
]
HOW = [
    # what is tested, how, truth, references
    (FOUR, "above", 7, "any", "found", (True,), "q6 q7"),
    (FOUR, "above", 7, "all", "found", (False,), "q5 q8"),
    (FOUR, "above", 7, "none", "found", (False,), "q6 q7"),
    (FOUR, "above", 7, "count", "found", (2,), "q6 q7"),
    (FOUR, "above", 9, "any", "none recorded", (False,), ""),
    (FOUR, "above", 9, "none", "none recorded", (True,), ""),
    (FOUR, "above", 9, "count", "none recorded", (0,), ""),
    (FOUR, "above", 6, "all", "found", (True,), "q5 q6 q7 q8"),
    ((*FOUR, BOUND), "above", 7, "any", "found", (True,), "q6 q7"),
    ((*FOUR, BOUND), "above", 4, "all", "no value", (), "q5 q6 q7 q8 low"),
    ((FOUR[0], BOUND), "below", 5, "any", "no value", (), ""),
    ((FOUR[0], BOUND), "below", 5, "none", "no value", (), ""),
    ((FOUR[0], BOUND), "at most", 5, "any", "found", (True,), "low"),
    ((FOUR[0], BOUND), "above", 8, "any", "none recorded", (False,), ""),
    ((), "above", 7, "any", "none recorded", (False,), ""),
    ((), "above", 7, "all", "none recorded", (), ""),
    ((), "above", 7, "none", "none recorded", (True,), ""),
]  # fmt: skip

SERUM = ("2345-7", "Glucose [Mass/volume] in Serum or Plasma")
BLOOD = ("2339-0", "Glucose [Mass/volume] in Blood")
TWO_TESTS = (
    observation("s1", SERUM, "2018-01-01", 90, "mg/dL"),
    observation("s2", SERUM, "2020-01-01", 100, "mg/dL"),
    observation("b1", BLOOD, "2019-01-01", 140, "mg/dL"),
    observation("b2", GLUCOSE, "2019-06-01", 150, "mg/dL"),
)
TOGETHER = "2 tests go by this name: Glucose in Serum or Plasma (2), Glucose (2)"
SERIES_APART = [replace(case, concept="glucose") for case in (
    Case("a pick takes what the words mean together, and says so", TWO_TESTS, (number("100"),), "s2", {},
         note=TOGETHER),
    Case("also the highest", TWO_TESTS, (number("150"),), "b2", {"pick": "max"}, note=TOGETHER),
    Case("a count is of them together", TWO_TESTS, (4,), "s1 s2 b1 b2", {"statistic": "count"}, note=TOGETHER),
    Case("a mean is of the test that was measured last", TWO_TESTS, (number("95"),), "s1 s2",
         {"statistic": "mean"}, note="left out: 2 of Glucose, another test"),
    Case("a change never goes from one test to another", TWO_TESTS, (number("10"),), "s1 s2",
         {"statistic": "change"}),
    Case("two names of one code are one test", TWO_TESTS[2:], (number("10"),), "b1 b2",
         {"statistic": "change"}),
    Case("one name of two codes is two tests",
         (TWO_TESTS[0] | {"code": TWO_TESTS[0]["code"] | {"text": "Glucose"}}, TWO_TESTS[3]),
         (number("150"),), "b2", {"statistic": "mean"},
         note="left out: 1 of Glucose (code 2345-7), another test"),
    Case("a record without a code is of the test whose name it has",
         (TWO_TESTS[3], TWO_TESTS[3] | {"id": "bare", "code": {"text": "Glucose"}, "effectiveDateTime": "2020-01-01"}),
         (number("0"),), "b2 bare", {"statistic": "change"}),
)]  # fmt: skip

WEIGHT = ("29463-7", "Body weight")
POUNDS = observation("lb", WEIGHT, "2019-01-01", 150, "[lb_av]")
KILOS = (
    observation("kg1", WEIGHT, "2020-01-01", 70, "kg"),
    observation("kg2", WEIGHT, "2021-01-01", 72, "kg"),
)
UNITS = [replace(case, concept="weight") for case in (
    Case("to pounds", KILOS, (number("158.73"),), "kg2", {"unit": "lb"}, note="2 in kg were converted to lb"),
    Case("what cannot be converted stays as recorded", KILOS, (number("72"),), "kg2", {"unit": "cm"},
         note="as recorded: 2 in kg, which cannot be converted to cm"),
    Case("limits are in the unit that is asked for", KILOS, (True,), "kg1 kg2",
         {"unit": "lb", "test": "above", "limits": [150], "how": "all"}),
    Case("all above is left open by one that cannot be compared",
         (*KILOS, POUNDS | {"valueQuantity": {"value": 9}}), (), "lb kg1 kg2",
         {"test": "above", "limits": [60], "how": "all"}, "no value",
         "left out: 1 in no unit, which cannot be converted to kg"),
    Case("limits in a unit to which nothing can be converted leave it open", KILOS, (), "",
         {"unit": "cm", "test": "above", "limits": [1], "how": "any"}, "no value",
         "left out: 2 in kg, which cannot be converted to cm"),
    Case("a series in two units is compared in that of the newest", (POUNDS, *KILOS), (number("3.96"),),
         "lb kg2", {"statistic": "change"}, note="1 in lb was converted to kg"),
    Case("the lowest is so whatever its unit", (POUNDS, *KILOS), (number("68.04"),), "lb", {"pick": "min"}),
    Case("a bound is converted with its sign",
         (KILOS[0] | {"valueQuantity": {"value": 70, "unit": "kg", "comparator": ">"}},), (True,), "kg1",
         {"unit": "lb", "test": "above", "limits": [154], "how": "any"}),
    Case("a mean in another unit", KILOS, (number("156.53"),), "kg1 kg2", {"statistic": "mean", "unit": "lb"}),
)]  # fmt: skip

FERRITIN = ("2276-4", "Ferritin [Mass/volume] in Serum or Plasma")


def bounds(*values: str) -> tuple[dict[str, Any], ...]:
    """Return one test as often as there are values, a year apart: "<0.35", "12.4"; each is called by its place."""
    return tuple(
        observation(f"b{year}", FERRITIN, f"{2010 + year}-06-01", float(value.lstrip("<>=")), "ng/mL",
                    comparator=value[: len(value) - len(value.lstrip("<>="))])
        for year, value in enumerate(values, start=1)
    )  # fmt: skip


UP = {"test": "above", "limits": [0]}
DOWN = {"test": "below", "limits": [0]}
CHANGE, PERCENT = {"statistic": "change"}, {"statistic": "percent change"}
RISING, FALLING = bounds("<0.35", "12.4", "9.8", ">100"), bounds("400", "380", "<200")
LAST_OPEN = "1 of 2 is given only as a bound, which leaves the change open"
SPANS = [replace(case, concept="ferritin") for case in (
    Case("from bound to bound the change is open", RISING, (), "b1 b4", CHANGE, "no value",
         "2 of 2 are given only as a bound, which leaves the change open"),
    Case("but it rose", RISING, (True,), "b1 b4", CHANGE | UP),
    Case("by how many percent is open", RISING, (), "b1 b4", PERCENT, "no value"),
    Case("that it is not minus is not", RISING, (False,), "b1 b4", PERCENT | DOWN),
    Case("a change to a bound is open", FALLING, (), "b1 b3", CHANGE, "no value", LAST_OPEN),
    Case("it fell by more than 200", FALLING, (True,), "b1 b3",
         CHANGE | {"test": "below", "limits": [-200]}),
    Case("it fell by more than 250 is open", FALLING, (), "b1 b3",
         CHANGE | {"test": "below", "limits": [-250]}, "no value", LAST_OPEN),
    Case("it fell by more than half", FALLING, (True,), "b1 b3",
         PERCENT | {"test": "below", "limits": [-50]}),
    Case("it did not rise", FALLING, (False,), "b1 b3", CHANGE | UP),
    Case("from above 100 to 50 it fell by half at least", bounds(">100", "50"), (True,), "b1 b2",
         PERCENT | {"test": "at most", "limits": [-50]}),
    Case("by no more than all", bounds(">100", "50"), (False,), "b1 b2",
         PERCENT | {"test": "below", "limits": [-100]}),
    Case("from one bound to another of its side is open", bounds("<5", "<3"), (), "b1 b2", CHANGE | DOWN, "no value"),
    Case("a bound in between tells nothing of the change", bounds("4", "<3", "6"), (number("2"),), "b1 b3", CHANGE),
    Case("twice as much is a hundred percent", bounds("3", "6"), (True,), "b1 b2",
         PERCENT | {"test": "at least", "limits": [100]}),
    Case("the median lies above a bound", bounds("9", "<5", "11"), (number("9"),), "b1 b2 b3",
         {"statistic": "median"}, note="median of 3"),
    Case("a bound may be the median", bounds("9", "<10", "11"), (), "b1 b2 b3", {"statistic": "median"}, "no value",
         "1 of 3 is given only as a bound, which leaves the median open"),
    Case("it is not above 9", bounds("9", "<10", "8"), (False,), "b1 b2 b3",
         {"statistic": "median", "test": "above", "limits": [9], "how": "any"}),
    Case("a mean with a bound can be too low", bounds("<0.5", "2", "4"), (False,), "b1 b2 b3",
         {"statistic": "mean", "test": "above", "limits": [3], "how": "any"}),
    Case("or may be so", bounds("<0.5", "2", "4"), (), "b1 b2 b3",
         {"statistic": "mean", "test": "above", "limits": [2], "how": "any"}, "no value",
         "1 of 3 is given only as a bound, which leaves the mean open"),
    Case("a sum with bounds on either side is open", bounds("<0.5", "2", ">200"), (), "b1 b2 b3",
         {"statistic": "sum"}, "no value", "2 of 3 are given only as a bound, which leaves the sum open"),
    Case("a trend with a bound is open", RISING, (), "b1 b2 b3 b4", {"statistic": "trend"}, "no value",
         "2 of 4 are given only as a bound, which leaves the trend open"),
    Case("and so is whether it rises", RISING, (), "b1 b2 b3 b4", {"statistic": "trend"} | UP, "no value"),
    Case("how many are below is open", bounds("3", "<5", "8"), (), "", {"test": "below", "limits": [4], "how": "count"},
         "no value", "1 of 3 are below 4; 1 of 3 could not be judged: the record gives a bound, not a number"),
    Case("the last below is open where a later one may be", bounds("3", "8", "<5"), (), "",
         {"test": "below", "limits": [4], "pick": "last"}, "no value"),
    Case("the first below is not", bounds("3", "8", "<5"), (number("3"),), "b1",
         {"test": "below", "limits": [4], "pick": "first"}),
    Case("nor are those of which it is certain", bounds("3", "<5", "8"), (number("3"),), "b1",
         {"test": "below", "limits": [4]}, note="1 of 3 could not be judged"),
    Case("that there are none of them is not", bounds("9", "<5", "8"), (), "", {"test": "below", "limits": [4]},
         "no value", "1 of 3 could not be judged"),
)]  # fmt: skip

EJECTION = ("10230-1", "Left ventricular Ejection fraction")
EF = (
    observation("ef1", EJECTION, "2019-01-01", "mildly reduced"),
    observation("ef2", EJECTION, "2020-01-01", 55),
)
LOW = {"test": "below", "limits": [45]}
WORDY = "1 of 2 could not be judged: the record gives words (“mildly reduced”), not a number"
UNDETECTED = (*bounds("3", "8"), observation("nd", FERRITIN, "2020-01-01", "Not detected"))
BESIDE_WORDS = [
    *(replace(case, concept="ejection fraction") for case in (
        Case("words may be below", EF, (), "", LOW | {"how": "any"}, "no value", WORDY),
        Case("so that none is below is open", EF, (), "", LOW | {"how": "none"}, "no value", WORDY),
        Case("and how many are", EF, (), "", LOW | {"how": "count"}, "no value", WORDY),
        Case("and which", EF, (), "", LOW, "no value", WORDY),
        Case("and whether all are at least 50", EF, (), "ef1 ef2", {"test": "at least", "limits": [50], "how": "all"},
             "no value", "it could not be judged: the record gives words (“mildly reduced”), not a number"),
        Case("not all are below", EF, (False,), "ef2", LOW | {"how": "all"}, note=WORDY),
        Case("one is above", EF, (True,), "ef2", {"test": "above", "limits": [50], "how": "any"}, note=WORDY),
    )),
    *(replace(case, concept="ferritin") for case in (
        Case("what was not detected is words too", UNDETECTED, (), "",
             {"test": "above", "limits": [10], "how": "any"}, "no value"),
        Case("and leaves a count open", UNDETECTED, (), "",
             {"test": "above", "limits": [5], "how": "count"}, "no value"),
    )),
]  # fmt: skip

CREATININE = ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma")
MIXED = tuple(
    observation(f"c{year}", CREATININE, f"20{year}-01-01", value, unit)
    for year, value, unit in (
        (15, 2.5, "mg/dL"), (17, 1.1, "mg/dL"), (18, 90, "U/L"), (20, 1.6, "mg/dL"), (21, 1.4, "mg/dL"),
    )
)  # fmt: skip
HIGHER = {"test": "above", "limits": [1.5]}
NO_UNIT = "left out: 1 in U/L, which cannot be converted to mg/dL"
UNCONVERTED = [replace(case, concept="creatinine") for case in (
    *(Case(f"{wish.get('statistic') or wish['pick']} is open", MIXED, (), "", wish, "no value", NO_UNIT)
      for wish in (
          {"pick": "max"}, {"pick": "min"}, {"statistic": "range"}, {"statistic": "mean"}, {"statistic": "sum"},
          {"statistic": "median"}, {"statistic": "change"}, {"statistic": "trend"}, {"statistic": "change"} | UP,
          {"statistic": "mean"} | HIGHER,
      )),
    Case("how many are above is open", MIXED, (), "", HIGHER | {"how": "count"}, "no value",
         "2 of 5 are above 1.5; 1 of 5 could not be judged: the record gives a unit that cannot be converted"),
    Case("a count of those above too", MIXED, (), "", HIGHER | {"statistic": "count"}, "no value"),
    Case("one is above", MIXED, (True,), "c15 c20", HIGHER | {"how": "any"}, note=NO_UNIT),
    Case("none above 3 is open", MIXED, (), "", {"test": "above", "limits": [3], "how": "none"}, "no value", NO_UNIT),
    Case("the last above 2 is open", MIXED, (), "", {"test": "above", "limits": [2], "pick": "last"}, "no value"),
    Case("the first is not", MIXED, (number("2.5"),), "c15", {"test": "above", "limits": [2], "pick": "first"}),
    Case("nor the last above 1.5", MIXED, (number("1.6"),), "c20", HIGHER | {"pick": "last"}),
    Case("the last five above 1.5 are", MIXED, (), "", HIGHER | {"pick": "last", "n": 5}, "no value"),
    Case("the mean of the last two is known", MIXED, (number("1.5"),), "c20 c21",
         {"statistic": "mean", "pick": "last", "n": 2}, note=NO_UNIT),
    Case("a unit that is asked for makes no difference", MIXED, (), "", {"pick": "max", "unit": "mg/L"}, "no value",
         "left out: 1 in U/L, which cannot be converted to mg/L"),
    Case("how often it was measured is known", MIXED, (5,), "c15 c17 c18 c20 c21", {"statistic": "count"}),
    Case("and whether more than 4 times", MIXED, (True,), "c15 c17 c18 c20 c21",
         {"statistic": "count", "test": "above", "limits": [4], "how": "any"}),
)]  # fmt: skip


def local(name: str, label: str, day: str, value: float) -> dict[str, Any]:
    """Return a vital sign under a hospital's own code, which has the name of its label."""
    coded = {"coding": [{"system": "urn:items", "code": label.casefold(), "display": label}]}
    return observation(name, A1C, day, value, "bpm") | {"code": coded}


RATES = (
    local("r1", "Heart Rate", "2020-01-01", 88),
    local("r2", "Heart Rate", "2020-01-02", 96),
    local("high", "Heart rate - Highest", "2020-01-03", 133),
    local("low", "Heart Rate - Lowest", "2020-01-03", 50),
)
EXTREMES = (
    "left out: 1 of Heart rate - Highest, another test; left out: 1 of Heart Rate - Lowest, another test"
)
CALLED_SO = [replace(case, concept="heart rate") for case in (
    Case("the highest is of the test called so", RATES, (number("96"),), "r2", {"pick": "max"}, note=EXTREMES),
    Case("so is the last", RATES, (number("96"),), "r2", note=EXTREMES),
    Case("and how often", RATES, (2,), "r1 r2", {"statistic": "count"}, note=EXTREMES),
    Case("and what is tested", RATES, (False,), "", {"test": "above", "limits": [125], "how": "any"},
         "none recorded", EXTREMES),
    Case("and a mean", RATES, (number("92"),), "r1 r2", {"statistic": "mean"}, note=EXTREMES),
    Case("where none is called so all are meant", RATES[2:], (number("133"),), "high", {"pick": "max"},
         note="2 tests go by this name"),
)]  # fmt: skip


OPEN = [*SPANS, *BESIDE_WORDS, *UNCONVERTED, *CALLED_SO]


@pytest.mark.parametrize(
    "case", [*STATISTICS, *PICKS, *SERIES_APART, *UNITS, *OPEN], ids=lambda case: case.id
)
def test_statistics_picks_series_and_units(case: Case) -> None:
    test_measure(case)


@pytest.mark.parametrize(
    ("test", "limits", "references"), [row[1:] for row in TESTS], ids=[row[0] for row in TESTS]
)
def test_a_test_keeps_what_meets_it(test: Test, limits: list[float], references: str) -> None:
    found = measure(record_of(*FOUR), "HbA1c", test=test, limits=tuple(limits))
    assert found.references == tuple(f"Observation/{name}" for name in references.split())


@pytest.mark.parametrize(
    ("test", "references"), [row[1:] for row in BY_RANGE], ids=[row[0] for row in BY_RANGE]
)
def test_a_range_is_the_record_s_own(test: Test, references: str) -> None:
    found = measure(record_of(*RANGED), "HbA1c", test=test)
    assert found.references == tuple(f"Observation/{name}" for name in references.split())


@pytest.mark.parametrize(("record", "test", "limit", "how", "outcome", "values", "references"), HOW)
def test_any_all_none_or_how_many_meet_a_test(
    record: tuple[dict[str, Any], ...],
    test: Test,
    limit: float,
    how: How,
    outcome: str,
    values: tuple[Any, ...],
    references: str,
) -> None:
    found = measure(record_of(*record), "HbA1c", test=test, limits=(limit,), how=how)
    told = {reference.removeprefix("Observation/") for reference in found.references}
    assert (found.outcome, found.values, told) == (outcome, values, set(references.split()))
    assert found.result is not None
    assert found.result.type == ("numbers" if how == "count" else "truth")


def test_a_no_about_the_last_stands_on_the_last() -> None:
    found = measure(record_of(*FOUR), "HbA1c", pick="last", test="above", limits=(7,), how="any")
    assert (found.outcome, found.values, found.references) == ("found", (False,), ("Observation/q8",))


PRESSURES = (
    pressure("bp1", "2020-01-01", 150, 95),
    pressure("bp2", "2021-01-01", 128, 77),
)
SAME_TIME = (pressure("a", "2021-01-01T08:00:00Z", 128, 77), pressure("b", "2021-01-01T08:00:00Z", 131, 80))
ALONE = (
    observation("up", ("220050", "Arterial Blood Pressure systolic"), "2021-01-01T08:00:00Z", 120, "mmHg"),
    observation("low", ("220051", "Arterial Blood Pressure diastolic"), "2021-01-01T08:00:00Z", 80, "mmHg"),
)
JUDGED = tuple(
    each | {"referenceRange": [{"low": {"value": 60}, "high": {"value": high}}]}
    for each, high in zip(ALONE, (110, 85), strict=True)
)
PANELS = [replace(case, concept="blood pressure") for case in (
    Case("two pressures of one moment keep together what belongs together", SAME_TIME,
         (number("128"), number("77"), number("131"), number("80")), "a b"),
    Case("the last two pressures", PRESSURES, (number("150"), number("95"), number("128"), number("77")),
         "bp1 bp2", {"pick": "last", "n": 2}),
    Case("the mean of each", PRESSURES, (number("139"), number("86")), "bp1 bp2", {"statistic": "mean"}),
    Case("how many were at least 140", PRESSURES, (1,), "bp1",
         {"test": "at least", "limits": [140], "how": "count"}, note="judged by Systolic Blood Pressure"),
    Case("the days on which it was taken", PRESSURES, ("2020-01-01", "2021-01-01"), "bp1 bp2",
         {"pick": "all", "give": "date"}),
    Case("it fell, by the systolic", PRESSURES, (True,), "bp1 bp2",
         {"statistic": "change", "test": "below", "limits": [0]}, note="judged by Systolic Blood Pressure"),
    Case("two tests that are a pressure without a panel", ALONE, (number("120"), number("80")), "up low"),
    Case("the highest of each", ALONE, (number("120"), number("80")), "up low", {"pick": "max"}),
    Case("ever measured", PRESSURES, (True,), "bp1 bp2", {"how": "any"}),
    Case("never measured", (), (False,), "", {"how": "any"}, "none recorded"),
    Case("a panel is in range if all of it is", JUDGED, (False,), "up low",
         {"pick": "last", "test": "in range", "how": "all"}),
    Case("a panel is out of range if a part is", JUDGED, (True,), "up low",
         {"pick": "last", "test": "out of range", "how": "all"}),
    Case("what is out of range", JUDGED, (number("120"),), "up", {"test": "out of range"}),
    Case("how many cannot be judged is not 0", PRESSURES, (), "", {"test": "high", "how": "count"}, "no value"),
    Case("a part that cannot be judged leaves it open", PRESSURES, (), "", {"test": "high", "how": "any"},
         "no value", "2 of 2 could not be judged"),
)]  # fmt: skip


@pytest.mark.parametrize("case", PANELS, ids=lambda case: case.id)
def test_a_panel_is_answered_together(case: Case) -> None:
    test_measure(case)


STAY = encounter("stay", "Hospital admission", "2016-05-30T08:00:00Z", "2016-06-05T10:00:00Z", "IMP")
MICU = encounter("ward", "Intensive care", "2016-05-31T08:00:00Z", "2016-06-02T08:00:00Z", "ACUTE") | {
    "partOf": {"reference": "Encounter/stay"},
    "location": [{"location": {"display": "Medical Intensive Care Unit (MICU)"}}],
}
LINKED = observation("late", A1C, "2016-09-01", 8.8, encounter={"reference": "Encounter/ward"})
CALCIUM = observation("anchor", ("17861-6", "Calcium"), "2017-01-01", 9, "mg/dL")
SAME_DAY = observation("near", A1C, "2017-01-01T10:00:00Z", 7.7)
WINDOWS = [
    ("the last before", {"is": "before"}, {}, ("8.8",), "late"),
    ("the first after", {"is": "after"}, {"pick": "first"}, ("8",), "q7"),
    ("at is the same day", {"is": "at"}, {"pick": "all"}, ("7.7",), "near"),
    ("the nearest", {"is": "nearest"}, {}, ("7.7",), "near"),
    ("within so many days after", {"is": "after", "within": 200}, {"pick": "all"}, ("8",), "q7"),
    ("a statistic before", {"is": "before"}, {"statistic": "mean"}, ("8.27",), "q5 q6 late"),
    ("a period too", {"is": "before"}, {"period": "in 2015"}, ("7",), "q5"),
    ("ever above 8 after", {"is": "after"}, {"test": "above", "limits": [8], "how": "any"}, ("False",), ""),
    ("the last but one before", {"is": "before"}, {"pick": "nth", "n": -2}, ("9",), "q6"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "more", "values", "references"), [row[1:] for row in WINDOWS], ids=[row[0] for row in WINDOWS]
)
def test_measured_next_to_what_another_call_found(
    when: dict[str, Any], more: dict[str, Any], values: tuple[str, ...], references: str
) -> None:
    record = record_of(*FOUR, LINKED, SAME_DAY, CALCIUM)
    call = Call("measure", {"concept": "HbA1c", "when": {**when, "of": "a"}, **more}, "b")
    found = run_plan((Call("measure", {"concept": "calcium"}, "a"), call), record)[1]
    assert tuple(map(str, found.values)) == values
    assert found.references == tuple(f"Observation/{name}" for name in references.split())


NEAREST = [
    ("as near before as after gives both", ("2016-12-31", "2017-01-02"), None, (7, 8)),
    ("on either side", ("2016-01-01", "2017-03-01"), None, (8,)),
    ("not farther than so many days", ("2016-01-01", "2017-03-01"), 30, ()),
]


@pytest.mark.parametrize(
    ("days", "within", "values"), [row[1:] for row in NEAREST], ids=[row[0] for row in NEAREST]
)
def test_the_nearest(days: tuple[str, ...], within: int | None, values: tuple[int, ...]) -> None:
    around = [observation(f"n{value}", A1C, day, value) for value, day in enumerate(days, start=7)]
    when = {"is": "nearest", "of": "a"} | ({} if within is None else {"within": within})
    calls = (
        Call("measure", {"concept": "calcium"}, "a"),
        Call("measure", {"concept": "HbA1c", "when": when}, "b"),
    )
    assert run_plan(calls, record_of(CALCIUM, *around))[1].values == values


STAYS: list[tuple[str, str, dict[str, Any], str]] = [
    ("during a stay, and what is linked to a part of it", "during", {"pick": "all"}, "q6 late"),
    ("after its end", "after end", {"pick": "first"}, "late"),
    ("before it", "before", {}, "q5"),
]


@pytest.mark.parametrize(
    ("relation", "more", "references"), [row[1:] for row in STAYS], ids=[row[0] for row in STAYS]
)
def test_measured_next_to_a_stay(relation: str, more: dict[str, Any], references: str) -> None:
    call = Call("measure", {"concept": "HbA1c", "when": {"is": relation, "of": "a"}, **more}, "b")
    stay = Call("find", {"kind": "encounter", "category": "inpatient"}, "a")
    found = run_plan((stay, call), record_of(*FOUR, LINKED, STAY, MICU))[1]
    assert found.references == tuple(f"Observation/{name}" for name in references.split())


def test_a_no_is_open_where_a_month_may_lie_in_the_time_that_is_asked_for() -> None:
    vague = observation("vague", A1C, "2018", 9)

    found = measure(
        record_of(vague), "HbA1c", period="since March 2018", test="above", limits=(8,), how="any"
    )

    assert (found.outcome, found.values) == ("no value", ())
    assert found.notes == ("1 dated to a month or year that leaves it open",)
    assert [fact.reference for fact in found.facts] == ["Observation/vague"]


def test_what_has_no_date_is_not_placed_in_time_and_that_is_said() -> None:
    undated = observation("undated", A1C, "", 12)
    del undated["effectiveDateTime"]
    found = measure(record_of(undated, *FOUR), "HbA1c", period="since 2018")
    assert (found.values, found.notes) == (
        (Decimal("6.5"),),
        ("1 without a date could not be placed in time",),
    )


PLACES = [
    ("a ward of the stay by its time", "MICU", "q6 late"),
    ("in words", "intensive care unit", "q6 late"),
    ("nowhere else", "emergency department", ""),
]


@pytest.mark.parametrize(("place", "references"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_measured_at_a_place(place: str, references: str) -> None:
    inside = {"encounter": {"reference": "Encounter/stay"}}
    record = record_of(FOUR[0], FOUR[1] | inside, LINKED, STAY, MICU)
    found = measure(record, "HbA1c", place=place, pick="all")
    assert found.references == tuple(f"Observation/{name}" for name in references.split())


RESULTS = [
    ("a value", {}, "quantities", [("6.5", "%", "2018-06-01")]),
    ("a day", {"give": "date"}, "times", [(None, "", "2018-06-01")]),
    ("an age", {"give": "age"}, "numbers", [("58", "", "2018-06-01")]),
    ("a mean", {"statistic": "mean"}, "numbers", [("7.62", "%", None)]),
    ("a range", {"statistic": "range"}, "numbers", [("6.5", "%", None), ("9", "%", None)]),
    ("a count", {"statistic": "count"}, "numbers", [("4", "", None)]),
    ("a trend", {"statistic": "trend"}, "names", [(None, "", None)]),
    ("a unit", {"give": "unit"}, "names", [(None, "", None)]),
    ("a truth", {"how": "any"}, "truth", []),
    ("whether it rose", {"statistic": "change", "test": "above", "limits": (0,)}, "truth", []),
    ("a mean of some", {"statistic": "mean", "test": "above", "limits": (8,)}, "numbers", [("9.00", "%", None)]),
    ("how many", {"test": "above", "limits": (8,), "how": "count"}, "numbers", [("1", "", None)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wish", "kind", "items"), [row[1:] for row in RESULTS], ids=[row[0] for row in RESULTS]
)
def test_what_another_call_can_build_on(wish: dict[str, Any], kind: str, items: list[Any]) -> None:
    result = measure(record_of(*FOUR), "HbA1c", **wish).result
    assert result is not None
    assert result.type == kind == gives(Call("measure", {"concept": "HbA1c", **wish}))
    built = [
        (
            str(item.number) if item.number is not None else None,
            item.unit,
            item.start.day if item.start else None,
        )
        for item in result.items
    ]
    assert built == items


ANY_TEST: list[tuple[Test, tuple[float, ...]]] = [
    ("above", (7,)), ("below", (7,)), ("at least", (7,)), ("at most", (7,)), ("between", (6, 8)), ("in range", ()),
    ("out of range", ()), ("high", ()), ("low", ()), ("positive", ()), ("negative", ()), ("found", ()),
]  # fmt: skip
MANY = (
    observation("m1", A1C, "2015-01-01", 6.1, **RANGE),
    observation("m2", A1C, "2016-01-01", 9, **HIGH),
    observation("m3", A1C, "2017-01-01", 5, comparator="<"),
    observation("m4", A1C, "2018-01-01", 60, "mmol/mol"),
    observation("m5", A1C, "2019-01-01", "Negative"),
    observation("m6", A1C, "2020-01-01", "about 8"),
    observation("m7", A1C, "2021-01-01", 7.5),
)
HOLDINGS = [
    ("numbers", (MANY[0], MANY[1], MANY[6]), "HbA1c"), ("all sorts", MANY, "HbA1c"), ("words", MANY[4:6], "HbA1c"),
    ("a negative", MANY[4:5], "HbA1c"), ("nothing", (), "HbA1c"), ("a panel", PRESSURES, "blood pressure"),
    ("a judged panel", JUDGED, "blood pressure"),
]  # fmt: skip


@pytest.mark.parametrize(("test", "limits"), ANY_TEST, ids=[row[0] for row in ANY_TEST])
@pytest.mark.parametrize(("held", "concept"), [row[1:] for row in HOLDINGS], ids=[row[0] for row in HOLDINGS])
def test_values_are_of_the_type_that_is_told(
    held: tuple[dict[str, Any], ...], concept: str, test: Test, limits: tuple[float, ...]
) -> None:
    record = record_of(*held)
    picks: list[dict[str, Any]] = [{}, {"pick": "last"}, {"pick": "first", "n": 2}, {"pick": "max"}]
    tested: dict[str, Any] = {"concept": concept, "test": test, **({"limits": limits} if limits else {})}
    truths = [{"how": how} | pick for how in ("any", "all", "none") for pick in picks]
    if limits:
        statistics = ("mean", "median", "sum", "count", "range", "change", "percent change", "trend")
        truths += [{"how": how, "statistic": name} for how in ("any", "none") for name in statistics]
    counts = [{"how": "count", "give": give} | pick for give in ("value", "date") for pick in picks]
    told: list[tuple[type, dict[str, Any]]] = [(bool, wish) for wish in truths] + [
        (int, wish) for wish in counts
    ]
    for kind, wish in told:
        found = measure(record, **tested, **wish)
        assert [type(value) for value in found.values] in ([], [kind]), wish
        assert found.values or found.outcome in ("no value", "none recorded"), wish
        assert not (found.values and found.outcome == "no value"), wish
        assert found.result is not None
        assert found.result.type == gives(Call("measure", {**tested, **wish})), wish


HIDING = [
    ({}, "none recorded", "unreadable"),
    ({"how": "none"}, "none recorded", "unreadable"),
    ({"test": "above", "limits": (10,), "how": "any"}, "none recorded", "unreadable"),
    ({"test": "above", "limits": (6,), "how": "all"}, "found", "unreadable"),
    ({"test": "above", "limits": (7,), "how": "any"}, "found", "found"),
    ({"test": "above", "limits": (8,), "how": "all"}, "found", "found"),
]


@pytest.mark.parametrize(("wish", "whole", "hidden"), HIDING)
def test_what_was_not_read_turns_no_answer_that_rests_on_all(
    wish: dict[str, Any], whole: str, hidden: str
) -> None:
    concept = "HbA1c" if "test" in wish else "LDL"
    assert measure(record_of(*FOUR), concept, **wish).outcome == whole
    unread = PatientRecord(
        PATIENT,
        {"Observation": 5},
        lambda kind: (
            [{"subject": {"reference": "Patient/p"}, **each} for each in FOUR]
            if kind == "Observation"
            else []
        ),
        date(2021, 7, 1),
        {"Observation": ("1 could not be read",)},
    )
    found = measure(unread, concept, **wish)
    assert found.outcome == hidden
    assert bool(found.values) == (hidden == "found")


BAD = [
    ("", {}, "concept '': expected a test, vital sign or panel, e.g. 'HbA1c'."),
    ("HbA1c", {"test": "above"}, "limits []: expected one number with above, e.g. '[7]'."),
    (
        "HbA1c",
        {"test": "between", "limits": (7,)},
        "limits [7]: expected two numbers with between, e.g. '[7, 9]'.",
    ),
    ("HbA1c", {"test": "high", "limits": (7,)}, "limits [7]: expected none with high, e.g. '[]'."),
    ("HbA1c", {"limits": (7,)}, "limits [7]: expected a test that takes them, e.g. 'test: above'."),
    ("HbA1c", {"how": "all"}, "how 'all': expected a test, e.g. 'test: above'."),
    ("HbA1c", {"how": "any", "statistic": "mean"}, "how 'any': expected a test, e.g. 'test: above'."),
    (
        "HbA1c",
        {"how": "count", "statistic": "mean", "test": "above", "limits": (7,)},
        "how 'count': expected any, all or none for the mean, e.g. 'any'.",
    ),
    ("HbA1c", {"pick": "nth"}, "n None: expected with nth which one, from the last if below 0, e.g. '-2'."),
    (
        "HbA1c",
        {"pick": "all", "n": 2},
        "n 2: expected with first and last a number from 1, and none with all, e.g. '3'.",
    ),
    (
        "HbA1c",
        {"statistic": "trend", "test": "high"},
        "test 'high': expected limits for the trend, e.g. 'above'.",
    ),
    ("HbA1c", {"statistic": "mean", "give": "date"}, "give 'date': expected value for mean, e.g. 'value'."),
    ("HbA1c", {"how": "any", "give": "age"}, "give 'age': expected value for how any, e.g. 'value'."),
]


@pytest.mark.parametrize(("concept", "wish", "message"), BAD)
def test_what_cannot_be_measured_is_said(concept: str, wish: dict[str, Any], message: str) -> None:
    with pytest.raises(BadArgument) as caught:
        measure(record_of(*SERIES), concept, **wish)
    assert str(caught.value) == message
