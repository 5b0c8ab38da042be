"""What calls found, reckoned with: a table a clinician can check."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.series_for_tests import A1C as HBA1C
from tests.tools.series_for_tests import PATIENT, condition, encounter, observation, prescription, record_of
from tools.calls.calculate import calculate
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.evidence import Coverage, Evidence, Fact, Operand, Outcome
from tools.calls.operations import Operation, Unit
from tools.calls.program import check, gives, run_plan
from tools.calls.results import Item, Result, Type
from tools.entries.times import parse_when
from tools.record import PatientRecord


def operand(name: str, kind: Type, *items: Item, outcome: Outcome = "", **more: Any) -> Operand:  # type: ignore[assignment]
    """Return what a call found, with a line for each resource."""
    references = tuple(dict.fromkeys(reference for item in items for reference in item.references))
    found = Evidence(
        tool="find",
        outcome=outcome or ("found" if items else "none recorded"),
        facts=tuple(Fact(f"line of {reference}", reference) for reference in references),
        references=references,
        result=Result(type=kind, items=items, truth=more.pop("truth", None)),
        **more,
    )
    return Operand(name, found)


def item(
    reference: str, start: str = "", number: str = "", unit: str = "", name: str = "", end: str = ""
) -> Item:
    return Item(
        name=name,
        start=parse_when(start) if start else None,
        end=parse_when(end) if end else None,
        number=Decimal(number) if number else None,
        unit=unit,
        references=(reference,),
    )


def event(name: str, *starts: str) -> Operand:
    """Return entries of one name; the first is "asthma1", the next "asthma2"."""
    items = [item(f"{name}{place}", start, name=name) for place, start in enumerate(starts, 1)]
    return operand(name, "entries", *items)


def lasting(name: str, *spans: tuple[str, str]) -> Operand:
    """Return entries that last from one day to another."""
    items = [
        item(f"{name}{place}", first, name=name, end=last) for place, (first, last) in enumerate(spans, 1)
    ]
    return operand(name, "entries", *items)


def value(name: str, number: str, unit: str = "%") -> Operand:
    return operand(name, "quantities", item(name, "2020-01-01", number, unit))


def truth(name: str, held: bool | None) -> Operand:
    facts = (Fact(f"line of {name}", name),) if held else ()
    outcome: Outcome = "found" if held else "none recorded" if held is False else "no value"
    found = Evidence(
        tool="find",
        outcome=outcome,
        facts=facts,
        references=(name,) if held else (),
        result=Result(type="truth", truth=held),
    )
    return Operand(name, found)


def names(name: str, *recorded: str) -> Operand:
    """Return entries of several names; "Aspirin (product)" of the call "a" has the reference "a-aspirin"."""
    return operand(
        name,
        "entries",
        *(item(f"{name}-{each.split()[0].lower()}", "2020-01-01", name=each) for each in recorded),
    )


def unread(name: str, kind: Type = "entries") -> Operand:
    return operand(name, kind, outcome="unreadable")


def constant(text: str) -> Operand:
    when = parse_when(text)
    items = (Item(start=when),) if when else (Item(number=Decimal(text)),)
    return Operand(
        text,
        Evidence(
            outcome="found", values=(text,), result=Result(type="times" if when else "numbers", items=items)
        ),
    )


ASTHMA = event("asthma", "1999-04-02")
DIABETES = event("diabetes", "2015-03-10")
METFORMIN = event("metformin", "2015-04-01")
MIGRAINE = event("migraine", "2015-03")
INSULIN = event("insulin")
UNDATED = event("gout", "")
A1C = value("a1c", "8.4")
GLUCOSE = value("glucose", "104", "mg/dL")
PRESSURE = operand(
    "pressure", "quantities", item("bp", "2020-01-01", "120", "mmHg"), item("bp", "2020-01-01", "80", "mmHg")
)
BOUND = operand("hiv load", "quantities", item("load", "2020-01-01", unit="copies/mL", name="HIV load"))
VISITS = event("visit", "2010-01-01", "2010-03-01", "2014-03-01", "2014-05-01")


@dataclass(frozen=True)
class Case:
    id: str
    operation: Operation
    of: tuple[Operand, ...]
    values: tuple[Any, ...]
    references: str
    outcome: Outcome = "found"
    note: str = ""
    unit: str = ""
    by: Unit | None = None


NUMBERS = [
    Case(
        "a difference is first minus second", "difference", (A1C, value("old", "6.9")), (Decimal("1.5"),),
        "a1c old", unit="%",
    ),
    Case(
        "a difference may be below 0", "difference", (value("new", "6.9"), A1C), (Decimal("-1.5"),), "new a1c",
        unit="%",
    ),
    Case(
        "a constant has the other's unit", "difference", (A1C, constant("7")), (Decimal("1.4"),), "a1c",
        unit="%",
    ),
    Case(
        "no difference across units", "difference", (A1C, GLUCOSE), (), "a1c glucose", "no value",
        "the units differ (%, mg/dL)",
    ),
    Case(
        "a unit may be spelt in two ways", "difference",
        (value("a", "120", "mm[Hg]"), value("b", "110", "mmHg")),
        (Decimal(10),), "a b", unit="mm[Hg]",
    ),
    Case(
        "two values of one moment leave it open", "difference", (PRESSURE, value("b", "110", "mmHg")), (),
        "bp b",
        "no value", "pressure has 2 values (120 mmHg, 80 mmHg); one is needed",
    ),
    Case(
        "a bound is no number", "difference", (BOUND, A1C), (), "load a1c", "no value",
        "hiv load is no exact number: HIV load",
    ),
    Case(
        "nothing is taken from what is not recorded", "difference", (A1C, operand("ldl", "quantities")), (), "",
        "none recorded", "not recorded: ldl",
    ),
    Case(
        "what could not be read is not denied", "difference", (A1C, unread("ldl", "quantities")), (), "",
        "unreadable", "could not be read: ldl",
    ),
    Case(
        "a percentage is of the second", "percent", (value("new", "90"), value("old", "120")), (Decimal(-25),),
        "new old", unit="%",
    ),
    Case(
        "no percentage of 0", "percent", (A1C, value("none", "0")), (), "a1c none", "no value",
        "none is 0, so there is no percent of it",
    ),
    Case(
        "a ratio has no unit", "ratio", (value("ldl", "130", "mg/dL"), value("hdl", "40", "mg/dL")),
        (Decimal("3.25"),), "ldl hdl",
    ),
    Case(
        "a sum is of all that was found", "sum",
        (operand("a", "numbers", item("x", number="2"), item("y", number="3")), value("b", "4", "")),
        (Decimal(9),), "x y b",
    ),
    Case(
        "a sum of nothing is 0", "sum", (operand("a", "numbers"),), (Decimal(0),), "", "none recorded",
        "not recorded: a",
    ),
    Case(
        "a mean is of every number", "mean", (value("a", "1"), value("b", "2"), value("c", "2")),
        (Decimal("1.67"),), "a b c", unit="%",
    ),
    Case("no mean of nothing", "mean", (operand("a", "numbers"),), (), "", "none recorded", "not recorded: a"),
    Case("higher", "higher", (A1C, value("old", "6.9")), (True,), "a1c old"),
    Case("equal is not higher", "higher", (A1C, value("old", "8.4")), (False,), "a1c old"),
    Case("lower than every other", "lower", (value("x", "1"), A1C, value("y", "2")), (True,), "x a1c y"),
    Case(
        "higher needs one unit", "higher", (A1C, GLUCOSE), (), "a1c glucose", "no value",
        "the units differ (%, mg/dL)",
    ),
    Case(
        "a thing found twice counts once", "count", (event("visit", "2010", "2011"), event("visit", "2010")),
        (2,), "visit1 visit2",
    ),
    Case("a count of nothing is 0", "count", (INSULIN,), (0,), "", "none recorded"),
    Case("what could not be read is not counted", "count", (unread("insulin"),), (), "", "unreadable"),
]  # fmt: skip
TIMES = [
    Case("days between", "duration", (DIABETES, METFORMIN), (22,), "diabetes1 metformin1", unit="days"),
    Case(
        "a duration is not negative, and which was first is said", "duration", (METFORMIN, DIABETES), (22,),
        "diabetes1 metformin1", note="diabetes was before metformin", unit="days",
    ),
    Case(
        "long durations are said in years, too", "duration", (DIABETES, constant("2021-07-01")), (2305,),
        "diabetes1",
        note="2305 days are about 6.3 years", unit="days",
    ),
    Case(
        "years to one decimal place", "duration", (DIABETES, constant("2021-07-01")), (Decimal("6.3"),),
        "diabetes1", unit="years", by="years",
    ),
    Case(
        "months to one decimal place", "duration", (DIABETES, METFORMIN), (Decimal("0.7"),),
        "diabetes1 metformin1", unit="months", by="months",
    ),
    Case(
        "minutes are of the clock", "duration",
        (event("a", "2020-01-01T23:30:00Z"), event("b", "2020-01-02T00:45:00Z")),
        (75,), "a1 b1", unit="minutes", by="minutes",
    ),
    Case(
        "hours across offsets are of the clock", "duration",
        (event("a", "2020-03-29T01:30:00+01:00"), event("b", "2020-03-29T03:30:00+02:00")), (1,), "a1 b1",
        unit="hours", by="hours",
    ),
    Case(
        "without a time of day, days are counted", "duration",
        (event("a", "2020-01-01T23:30:00Z"), event("b", "2020-01-02")),
        (1,), "a1 b1", note="not both have a time of day; days were counted", unit="days", by="hours",
    ),
    Case(
        "a month counts from its first day", "duration", (MIGRAINE, DIABETES), (9,), "migraine1 diabetes1",
        note="migraine is dated to a month or year only; its first day was counted", unit="days",
    ),
    Case(
        "of several the first counts, and that is said", "duration", (VISITS, DIABETES), (1894,),
        "visit1 diabetes1",
        note="visit is recorded at 4 times; the first (2010-01-01) was counted", unit="days",
    ),
    Case("from the first to the last of one", "duration", (VISITS,), (1581,), "visit1 visit4", unit="days"),
    Case(
        "one time is no duration", "duration", (ASTHMA,), (), "asthma1", "no value",
        "asthma is recorded at one time only",
    ),
    Case(
        "without a date there is no duration", "duration", (UNDATED, ASTHMA), (), "gout1 asthma1", "no value",
        "recorded without a date: gout",
    ),
    Case(
        "no duration since what is not recorded", "duration", (INSULIN, ASTHMA), (), "", "none recorded",
        "not recorded: insulin",
    ),
    Case("the longest gap has both ends", "longest gap", (VISITS,), (1461,), "visit2 visit3", unit="days"),
    Case("the longest gap in years", "longest gap", (VISITS,), (4,), "visit2 visit3", unit="years", by="years"),
    Case(
        "a gap begins where what came before has ended", "longest gap",
        (lasting("stay", ("2020-01-01", "2020-06-01"), ("2020-06-03", "2020-06-05"), ("2020-09-03", "2020-09-05")),),
        (90,), "stay2 stay3", note="90 days are about 3.0 months", unit="days",
    ),
    Case(
        "the shorter of two that overlap ends no gap", "longest gap",
        (lasting("stay", ("2020-01-01", "2020-06-01"), ("2020-02-01", "2020-02-02"), ("2020-07-01", "2020-07-02")),),
        (30,), "stay1 stay3", unit="days",
    ),
    Case(
        "where all overlap there is none", "longest gap",
        (lasting("stay", ("2020-01-01", "2020-06-01"), ("2020-02-01", "2020-02-02")),), (0,), "stay1 stay2",
        unit="days",
    ),
    Case("the shortest gap has both ends", "shortest gap", (VISITS,), (59,), "visit1 visit2", unit="days"),
    Case(
        "the shortest gap begins where what came before has ended", "shortest gap",
        (lasting("stay", ("2020-01-01", "2020-06-01"), ("2020-06-03", "2020-06-05"), ("2020-09-03", "2020-09-05")),),
        (2,), "stay1 stay2", unit="days",
    ),
    Case(
        "a constant is of the record's own clock", "duration",
        (event("a", "2020-01-01T04:36:00-05:00"), constant("2020-01-01T05:00")), (24,), "a1", unit="minutes",
        by="minutes",
    ),
    Case(
        "and so is its order", "order",
        (event("a", "2020-01-01T04:36:00-05:00"), constant("2020-01-01T05:00")), (True,), "a1",
    ),
    Case(
        "now is the first minute of its day", "duration",
        (event("a", "2021-06-29T14:30:00-05:00"), constant("2021-07-01")), (Decimal("33.5"),), "a1", unit="hours",
        by="hours",
    ),
    Case(
        "days by the clock, where they are asked for", "duration",
        (event("a", "2020-12-30T12:00:00Z"), event("b", "2021-01-01T00:00:00Z")), (Decimal("1.5"),), "a1 b1",
        unit="days", by="days",
    ),
    Case(
        "one visit leaves no gap", "longest gap", (ASTHMA,), (), "asthma1", "no value",
        "recorded at one time only",
    ),
    Case("in order", "order", (ASTHMA, DIABETES, METFORMIN), (True,), "asthma1 diabetes1 metformin1"),
    Case("not in order", "order", (DIABETES, ASTHMA), (False,), "asthma1 diabetes1"),
    Case("a date is an event", "order", (ASTHMA, constant("2005")), (True,), "asthma1"),
    Case(
        "a month and a day in it leave the order open", "order", (MIGRAINE, DIABETES), (),
        "migraine1 diabetes1",
        "no value", "the recorded dates overlap: the order is open",
    ),
    Case(
        "what is surely out of order is, whatever the rest", "order", (MIGRAINE, DIABETES, ASTHMA), (False,),
        "migraine1 diabetes1 asthma1",
    ),
    Case(
        "on the same day the hour decides", "order",
        (event("a", "2015-03-10T08:00:00Z"), event("b", "2015-03-10T09:00:00Z")),
        (True,), "a1 b1",
    ),
    Case(
        "on the same day without hours neither is first", "order", (event("a", "2015-03-10"), DIABETES),
        (False,),
        "a1 diabetes1", note="both on the same day",
    ),
    Case(
        "of a day and an hour in it the order is open", "order", (event("a", "2015-03-10T08:00:00Z"), DIABETES),
        (), "a1 diabetes1", note="the recorded dates overlap: the order is open", outcome="no value",
    ),
    Case(
        "of one instant neither is first", "order",
        (event("a", "2015-03-10T08:00:00Z"), event("b", "2015-03-10T09:00:00+01:00")),
        (False,), "a1 b1", note="both at the same time",
    ),
    Case(
        "an unrecorded event is neither before nor after", "order", (ASTHMA, INSULIN), (), "", "none recorded",
        "not recorded: insulin",
    ),
    Case(
        "without a date there is no order", "order", (ASTHMA, UNDATED), (), "asthma1 gout1", "no value",
        "recorded without a date: gout",
    ),
    Case(
        "the earliest, named as asked if it has no name", "earliest", (DIABETES, ASTHMA, METFORMIN), ("asthma",),
        "diabetes1 asthma1 metformin1",
    ),
    Case("the latest", "latest", (DIABETES, ASTHMA, METFORMIN), ("metformin",), "diabetes1 asthma1 metformin1"),
    Case(
        "two earliest of one day", "earliest", (event("a", "2015-03-10"), DIABETES, METFORMIN),
        ("a", "diabetes"),
        "a1 diabetes1 metformin1", note="both on the same day",
    ),
    Case(
        "what overlaps but is not first does not matter", "earliest", (MIGRAINE, DIABETES, ASTHMA),
        ("asthma",), "migraine1 diabetes1 asthma1",
    ),
    Case(
        "overlapping dates leave the latest open", "latest", (MIGRAINE, DIABETES, ASTHMA), (),
        "migraine1 diabetes1 asthma1", "no value",
    ),
]  # fmt: skip
YES, NO, OPEN = truth("yes", True), truth("no", False), truth("open", None)
DRUGS, MORE = names("a", "Aspirin", "Ibuprofen (product)"), names("b", "ibuprofen", "Paracetamol")
JOINED = [
    Case("both true", "both", (YES, truth("too", True)), (True,), "yes too"),
    Case("one is not recorded", "both", (YES, NO), (False,), "yes"),
    Case("neither is recorded", "both", (NO, NO), (False,), "", "none recorded"),
    Case("either true", "either", (NO, YES), (True,), "yes"),
    Case("neither true", "neither", (NO, NO), (True,), "", "none recorded"),
    Case("not neither", "neither", (NO, YES), (False,), "yes"),
    Case("the first without the second", "without", (YES, NO), (True,), "yes"),
    Case("the first with the second", "without", (YES, truth("too", True)), (False,), "yes too"),
    Case(
        "what is open leaves it open", "both", (YES, OPEN), (), "yes", "no value",
        "the record leaves open: open",
    ),
    Case("what is open need not decide it", "both", (NO, OPEN), (False,), "", "none recorded"),
    Case("what could not be read leaves it open", "either", (NO, unread("x", "truth")), (), "", "unreadable"),
    Case("what could not be read need not decide it", "either", (YES, unread("x", "truth")), (True,), "yes"),
    Case(
        "in both by name, whatever the tag and case", "both", (DRUGS, MORE), ("Ibuprofen (product)",),
        "a-ibuprofen b-ibuprofen",
    ),
    Case(
        "in either, each once", "either", (DRUGS, MORE), ("Aspirin", "Ibuprofen (product)", "Paracetamol"),
        "a-aspirin a-ibuprofen b-ibuprofen b-paracetamol",
    ),
    Case("in the first but not the second", "without", (DRUGS, MORE), ("Aspirin",), "a-aspirin"),
    Case("nothing in both", "both", (DRUGS, INSULIN), (), "", "none recorded", "not recorded: insulin"),
    Case(
        "all of the first where the second is not recorded", "without", (DRUGS, INSULIN),
        ("Aspirin", "Ibuprofen (product)"), "a-aspirin a-ibuprofen", note="not recorded: insulin",
    ),
    Case("what could not be read is in neither list", "without", (DRUGS, unread("b")), (), "", "unreadable"),
    Case("neither thing is recorded", "neither", (INSULIN, event("asthma")), (True,), "", "none recorded"),
    Case("one of the things is recorded", "neither", (INSULIN, ASTHMA), (False,), "asthma1"),
    Case("neither of what could not be read is open", "neither", (INSULIN, unread("b")), (), "", "unreadable"),
    Case("the same number", "same", (A1C, value("old", "8.40")), (True,), "a1c old"),
    Case("another number", "same", (A1C, value("old", "8.5")), (False,), "a1c old"),
    Case(
        "numbers of other units are not the same", "same", (A1C, GLUCOSE), (), "a1c glucose", "no value",
        "the units differ",
    ),
    Case("the same names", "same", (names("a", "Flu"), names("b", "flu (disorder)")), (True,), "a-flu b-flu"),
    Case("other names", "same", (DRUGS, MORE), (False,), "a-aspirin a-ibuprofen b-ibuprofen b-paracetamol"),
    Case("the same truth", "same", (NO, NO), (True,), "", "none recorded"),
]  # fmt: skip
CASES = [*NUMBERS, *TIMES, *JOINED]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.operation}: {case.id}")
def test_calculate(case: Case) -> None:
    found = calculate(record_of(), case.operation, case.of, unit=case.by)

    told = (found.outcome, found.values, found.unit, set(found.references))
    assert told == (case.outcome, case.values, case.unit, set(case.references.split()))
    assert case.note in "; ".join(found.notes)


@dataclass(frozen=True)
class Times:
    id: str
    one: str
    other: str
    outcome: Outcome
    values: tuple[bool, ...]


@pytest.mark.parametrize(
    "case",
    [
        Times("one day", "2015-03-10", "2015-03-10", "found", (True,)),
        Times("two days", "2015-03-10", "2015-03-11", "found", (False,)),
        Times("a day in the month", "2015-03-10", "2015-03", "no value", ()),
        Times("a minute of the day", "2015-03-10 16:45", "2015-03-10", "no value", ()),
    ],
    ids=lambda case: case.id,
)
def test_times_are_the_same_as_far_as_they_were_asked_for(case: Times) -> None:
    of = [operand(text, "times", item(text, text[:10]), values=(text,)) for text in (case.one, case.other)]

    found = calculate(record_of(), "same", tuple(of))

    assert (found.outcome, found.values) == (case.outcome, case.values)


def test_what_comes_of_it_can_be_built_on() -> None:
    gap = calculate(record_of(), "longest gap", (VISITS,)).result
    earliest = calculate(record_of(), "earliest", (ASTHMA, DIABETES)).result
    third = calculate(record_of(), "ratio", (value("a", "1"), value("b", "3"))).result

    assert gap
    assert [(i.number, i.start and i.start.day, i.end and i.end.day) for i in gap.items] == [
        (Decimal(1461), "2010-03-01", "2014-03-01")
    ]
    assert earliest
    assert (earliest.type, [item.name for item in earliest.items]) == ("entries", ["asthma"])
    assert third
    assert third.items[0].number == Decimal(1) / Decimal(3)


def test_lines_are_labelled_where_it_matters_which_is_which() -> None:
    found = calculate(record_of(), "duration", (DIABETES, METFORMIN))

    assert [fact.text for fact in found.facts] == ["First: line of diabetes1", "Second: line of metformin1"]


def test_what_was_searched_and_said_goes_with_it() -> None:
    cover = (Coverage("Condition", 3),)
    asthma = operand(
        "asthma", "entries", item("a", "1999"), coverage=cover, notes=("1 not counted: refuted",)
    )
    gout = operand("gout", "entries", item("b", "2001"), coverage=cover, readings=("Gouty arthritis",))

    found = calculate(record_of(), "order", (asthma, gout))

    assert (found.coverage, found.notes, found.readings) == (
        cover,
        ("1 not counted: refuted",),
        ("Gouty arthritis",),
    )


def call(id: str, tool: str = "find", **arguments: object) -> Call:
    return Call(tool, {"kind": "condition"} | arguments if tool == "find" else arguments, id)


def reckon(operation: str, *of: object, id: str = "z", **more: object) -> Call:
    return Call("calculate", {"operation": operation, "of": list(of), **more}, id)


@dataclass(frozen=True)
class Refused:
    id: str
    calls: tuple[Call, ...]
    message: str


REFUSED = [
    Refused(
        "a truth has no difference",
        (call("a", give="exists"), call("b", "measure", concept="LDL"), reckon("difference", "a", "b")),
        "calculate: of 'a': expected numbers or quantities for difference, not truth, e.g. 'two calls of measure'.",
    ),
    Refused(
        "a difference is of two",
        (call("a", "measure", concept="LDL"), reckon("difference", "a")),
        "calculate: of 'a': expected two operands for difference, e.g. 'two calls of measure'.",
    ),
    Refused(
        "a truth and a list have nothing in common",
        (call("a", give="exists"), call("b"), reckon("both", "a", "b")),
        "calculate: of 'b': expected truth as a is, for both, not entries, e.g. 'two calls of find'.",
    ),
    Refused(
        "a sum has no unit of time",
        (call("a", give="count"), reckon("sum", "a", unit="days")),
        "calculate: unit 'days': expected no unit for sum, as only duration, longest gap, "
        "shortest gap have one, e.g. 'duration'.",
    ),
    Refused(
        "a number is no time",
        (call("a"), reckon("order", "a", 5)),
        "calculate: of '5.0': expected entries or quantities or times for order, not numbers, "
        "e.g. 'two calls of find'.",
    ),
    Refused(
        "words are no constant",
        (call("a"), reckon("order", "a", "last spring")),
        "calculate: of 'last spring': expected the id of a call, a number, an ISO date or now, e.g. '2019-03-02'.",
    ),
    Refused(
        "what comes of a calculation has a type, too",
        (call("a", give="exists"), call("b", give="exists"), reckon("both", "a", "b", id="c"), reckon("sum", "c")),
        "calculate: of 'c': expected numbers or quantities for sum, not truth, e.g. 'measure with pick all'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_a_wrong_calculation_is_refused_before_anything_runs(case: Refused) -> None:
    with pytest.raises(BadArgument) as caught:
        check(case.calls)

    assert str(caught.value) == case.message


@dataclass(frozen=True)
class Typed:
    operation: str
    give: str
    type: Type


@pytest.mark.parametrize(
    "case",
    [
        Typed("both", "exists", "truth"),
        Typed("either", "entry", "entries"),
        Typed("without", "attribute", "names"),
        Typed("neither", "entry", "truth"),
        Typed("earliest", "date", "entries"),
        Typed("duration", "date", "numbers"),
    ],
    ids=lambda case: f"{case.operation} of {case.give}",
)
def test_the_type_of_a_calculation_may_be_that_of_its_operands(case: Typed) -> None:
    operands = [call("a", give=case.give), call("b", give=case.give)]

    assert gives(reckon(case.operation, "a", "b"), {each.id: each for each in operands}) == case.type


def test_a_plan_reckons_with_constants() -> None:
    calls = [
        reckon("duration", "2021-06-01", "now"),
        Call("calculate", {"operation": "sum", "of": ["z", 2]}, "y"),
    ]

    days, more = run_plan(calls, record_of(now=date(2021, 7, 1)))

    assert (days.values, days.unit, days.about) == ((30,), "days", "2021-06-01 / 2021-07-01")
    assert (more.values, more.unit) == ((32,), "days")


CHART = record_of(
    condition("asthma", "Asthma", "1999-04-02"),
    condition("diabetes", "Diabetes", "2015-03-10"),
    prescription("met", "Metformin 500 MG", "2015-04-01"),
    encounter("v1", "Check up", "2015-01-01", "2015-01-01"),
    encounter("v2", "Check up", "2016-01-01", "2016-01-01"),
    encounter("v3", "Check up", "2016-02-01", "2016-02-01"),
    observation("old", HBA1C, "2015-03-01", 9.0),
    observation("new", HBA1C, "2016-03-01", 7.2),
)


@dataclass(frozen=True)
class Plan:
    id: str
    calls: tuple[Call, ...]
    values: tuple[Any, ...]
    references: str
    outcome: Outcome = "found"


PLANS = [
    Plan(
        "which came first",
        (call("a", concept="diabetes"), call("b", concept="asthma"), reckon("earliest", "a", "b")),
        ("Asthma",),
        "diabetes asthma",
    ),
    Plan(
        "from the diagnosis to the drug",
        (
            call("a", concept="diabetes"),
            call("b", kind="medication", concept="metformin"),
            reckon("duration", "a", "b"),
        ),
        (22,),
        "diabetes met",
    ),
    Plan(
        "the longest gap between visits",
        (call("a", kind="encounter"), reckon("longest gap", "a")),
        (365,),
        "v1 v2",
    ),
    Plan(
        "how far the value fell, in percent",
        (
            call("a", "measure", concept="hemoglobin a1c"),
            call("b", "measure", concept="hemoglobin a1c", pick="first"),
            reckon("percent", "a", "b"),
        ),
        (Decimal(-20),),
        "old new",
    ),
    Plan(
        "one of the two is there",
        (
            call("a", concept="asthma", give="exists"),
            call("b", concept="gout", give="exists"),
            reckon("either", "a", "b"),
        ),
        (True,),
        "asthma",
    ),
    Plan(
        "the one without the other",
        (
            call("a", concept="gout", give="exists"),
            call("b", concept="asthma", give="exists"),
            reckon("without", "a", "b"),
        ),
        (False,),
        "asthma",
    ),
    Plan(
        "what is not recorded came neither before nor after",
        (
            call("a", concept="asthma"),
            call("b", kind="medication", concept="insulin"),
            reckon("order", "a", "b"),
        ),
        (),
        "",
        "none recorded",
    ),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.id)
def test_a_whole_plan(plan: Plan) -> None:
    found = run_plan(plan.calls, CHART)[-1]

    references = {reference.partition("/")[2] for reference in found.references}
    assert (found.outcome, found.values, references) == (
        plan.outcome,
        plan.values,
        set(plan.references.split()),
    )


@dataclass(frozen=True)
class Hidden:
    id: str
    operation: Operation
    others: str
    outcome: Outcome
    values: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "case",
    [
        Hidden("the second may be among what was not read", "without", "gout", "unreadable"),
        Hidden("what both have may be among it", "both", "gout", "unreadable"),
        Hidden("what both have was read", "both", "asthma", "found", ("Asthma",)),
        Hidden("what either has was read", "either", "gout", "found", ("Asthma", "Gout")),
    ],
    ids=lambda case: case.id,
)
def test_nothing_is_denied_of_what_was_not_all_read(case: Hidden) -> None:
    problems = {"Condition": ("1 could not be read: status is missing",)}
    hers = {"subject": {"reference": "Patient/p"}}
    conditions = [condition("a", "Asthma", "1999") | hers, condition("g", "Gout", "2001") | hers]
    record = PatientRecord(PATIENT, {"Condition": 3}, lambda kind: conditions, date(2021, 7, 1), problems)
    calls = [call("a", concept="asthma"), call("b", concept=case.others), reckon(case.operation, "a", "b")]

    found = run_plan(calls, record)[-1]

    assert (found.outcome, found.values) == (case.outcome, case.values)
