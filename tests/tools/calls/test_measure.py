"""What is picked from the observations of one test, as a table a clinician can check."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.series_for_tests import (
    A1C,
    DIASTOLIC,
    GLUCOSE,
    SMOKING,
    SYSTOLIC,
    observation,
    pressure,
    record_of,
)
from tools.calls.errors import BadArgument
from tools.calls.measure import measure

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
        {"how": "any", "test": "above", "limits": [2]},
        "no value",
        "recorded in words, which are neither above 2",
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
    Case("the mean to two decimals", SERIES, (number("7.31"),), "old mid new", {"statistic": "mean"}),
    Case("change is last minus first", SERIES, (number("-0.73"),), "old new", {"statistic": "change"}),
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
        (number("5"),),
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
        "a bound is left out of the mean, and said so",
        (*SERIES, observation("low", A1C, "2021-01-01", 5, comparator="<")),
        (number("7.31"),),
        "old mid new",
        {"statistic": "mean"},
        note="1 given only as a bound left out",
    ),
    Case(
        "units are not mixed: that of the newest is used",
        (*SERIES, observation("si", A1C, "2017-01-01", 53, "mmol/mol")),
        (number("8.4"),),
        "mid",
        {"pick": "max"},
        note="left out: 1 in mmol/mol; units are not converted",
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


BAD = [
    ("", {}, "concept '': expected a test, vital sign or panel, e.g. 'HbA1c'."),
    ("HbA1c", {"above": "lots"}, "above 'lots': expected a number in the unit of the record, e.g. '140'."),
    (
        "HbA1c",
        {"give": "fits"},
        "give 'fits': expected above, below or flagged, and a pick of measurements, e.g. 'value'.",
    ),
    (
        "HbA1c",
        {"give": "fits", "pick": "mean", "above": 7},
        "give 'fits': expected above, below or flagged, and a pick of measurements, e.g. 'value'.",
    ),
    ("HbA1c", {"pick": "mean", "give": "date"}, "give 'date': expected 'value' for a mean, e.g. 'value'."),
]


@pytest.mark.parametrize(("concept", "wish", "message"), BAD)
def test_what_cannot_be_measured_is_said(concept: str, wish: dict[str, Any], message: str) -> None:
    with pytest.raises(BadArgument) as caught:
        measure(record_of(*SERIES), concept, **wish)
    assert str(caught.value) == message
