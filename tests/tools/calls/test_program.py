"""A plan's calls: who refers to whom, what is refused before anything runs, what abstains."""

import pytest

from tests.builders import condition, encounter, observation, patient, patient_record
from tests.tools.records_for_tests import whole_record
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument, Unsupported
from tools.calls.program import (
    answering,
    check,
    faults,
    gives,
    in_order,
    named,
    references,
    run_call,
    run_plan,
)


def find(concept: str, call_id: str = "a", **more: object) -> Call:
    return Call("find", {"kind": "condition", "concept": concept, **more}, call_id)


def measure(concept: str, relation: str, of: str, call_id: str = "b") -> Call:
    return Call("measure", {"concept": concept, "when": {"is": relation, "of": of}}, call_id)


def calculate(operation: str, *of: object, call_id: str = "c") -> Call:
    return Call("calculate", {"operation": operation, "of": list(of)}, call_id)


REFUSED = [
    (
        "of a call that there is not",
        [find("asthma"), measure("HbA1c", "before", "x")],
        "measure b: of 'x': expected the id of another call: a, e.g. 'a'.",
    ),
    (
        "of itself",
        [find("asthma"), measure("HbA1c", "before", "b")],
        "measure b: of 'b': expected calls that do not wait for one another, e.g. 'a, then b of a'.",
    ),
    (
        "of one and the same twice",
        [find("asthma"), calculate("order", "a", "a")],
        "calculate c: of 'a, a': expected each call or constant once: nothing is compared with itself,"
        """ e.g. '["a", "b"]'.""",
    ),
    (
        "of one another",
        [calculate("sum", "c", call_id="a"), calculate("sum", "a")],
        "calculate a: of 'a': expected calls that do not wait for one another, e.g. 'a, then b of a'.",
    ),
    (
        "of a truth, which has no time",
        [find("asthma", give="exists"), measure("HbA1c", "before", "a")],
        "measure b: when 'a': expected a call that finds something with a time, or an ISO day, not truth, e.g."
        " 'find with give entry'.",
    ),
    (
        "of a number of entries, which has no time",
        [find("asthma", give="count"), measure("HbA1c", "before", "a")],
        "measure b: when 'a': expected a call that finds something with a time, or an ISO day, not numbers, e.g."
        " 'find with give entry'.",
    ),
    (
        "two calls of one name",
        [find("asthma"), find("gout")],
        "id 'a': expected a name of its own for each call, e.g. 'b'.",
    ),
    (
        "a relation that there is not",
        [find("asthma"), measure("HbA1c", "beside", "a")],
        "measure: when {'is': 'beside', 'of': 'a'}: expected is (before, after, after end, at, during, nearest) of"
        ' another call, e.g. \'{"is": "before", "of": "a"}\'.',
    ),
]


@pytest.mark.parametrize(("calls", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_wrong_reference_is_named_before_anything_runs(calls: list[Call], message: str) -> None:
    with pytest.raises(BadArgument) as refusal:
        run_plan(calls, whole_record())
    assert str(refusal.value) == message


def test_one_fault_leaves_the_other_calls_without() -> None:
    calls = [find("asthma"), measure("HbA1c", "before", "x"), find("gout", "c")]
    assert list(faults(calls)) == ["b"]


def test_calls_run_after_those_on_which_they_build_and_answer_in_their_own_order() -> None:
    calls = [measure("HbA1c", "after", "b", "a"), find("diabetes", "b")]
    assert [call.id for call in in_order(calls)] == ["b", "a"]
    assert [evidence.id for evidence in run_plan(calls, whole_record())] == ["a", "b"]


def test_calls_without_a_name_are_called_by_their_place() -> None:
    calls = named([Call("profile", {}), Call("overview", {}, "a"), Call("costs", {})])
    assert [call.id for call in calls] == ["b", "a", "c"]


def test_those_on_which_no_other_builds_answer() -> None:
    calls = [
        find("asthma"),
        measure("HbA1c", "before", "a"),
        calculate("difference", "b", 7, "2019-03-02", "now"),
    ]
    assert references(calls[2]) == ("b",)
    assert answering(calls) == ("c",)


NOTHING = [
    (
        "what is not recorded",
        [condition("dm", onset="2015-03-01")],
        "none recorded",
        "no gout is recorded, so there is no “before” it",
    ),
    (
        "what is recorded without a date",
        [condition("g", display="Gout", onset=None)],
        "no value",
        "gout is recorded without a date, so there is no “before” it",
    ),
]


@pytest.mark.parametrize(
    ("resources", "outcome", "why"), [row[1:] for row in NOTHING], ids=[row[0] for row in NOTHING]
)
def test_next_to_something_without_a_time_a_call_abstains_and_says_why(
    resources: list[dict], outcome: str, why: str
) -> None:
    record = patient_record(patient(), *resources, observation("o1"))
    _, evidence = run_plan([find("gout"), measure("HbA1c", "before", "a")], record)
    assert (evidence.outcome, evidence.values, evidence.notes) == (outcome, (), (why,))


def test_a_call_on_what_failed_is_not_run() -> None:
    with pytest.raises(Unsupported) as refusal:
        run_call(measure("HbA1c", "before", "a"), whole_record(), {})
    assert str(refusal.value) == "measure b: a, on which it builds, could not be answered."


TYPES = [
    (find("asthma"), "entries"),
    (find("asthma", give="date"), "times"),
    (find("asthma", give="duration"), "numbers"),
    (find("asthma", give="count", per="year"), "numbers"),
    (find("asthma", give="exists"), "truth"),
    (find("asthma", give="attribute", part="who"), "names"),
    (Call("measure", {"concept": "LDL"}), "quantities"),
    (Call("measure", {"concept": "LDL", "statistic": "trend"}), "names"),
    (Call("measure", {"concept": "LDL", "statistic": "change", "test": "above", "limits": [0]}), "truth"),
    (Call("measure", {"concept": "LDL", "test": "high", "how": "count"}), "numbers"),
    (calculate("duration", "a", "b"), "numbers"),
    (calculate("earliest", "a", "b"), "entries"),
    (Call("profile", {"about": "birth date"}), "times"),
    (Call("costs", {}), "numbers"),
]


@pytest.mark.parametrize(("call", "kind"), TYPES, ids=lambda part: str(part)[:70])
def test_what_a_call_gives_is_known_before_it_runs(call: Call, kind: str) -> None:
    assert gives(call) == kind


def test_a_constant_that_is_neither_number_nor_day_is_refused() -> None:
    with pytest.raises(BadArgument) as refusal:
        check(named([calculate("sum", "Around Easter")]))
    assert "an ISO date or now" in str(refusal.value)


def test_an_encounter_is_before_another() -> None:
    record = patient_record(
        patient(),
        encounter("e1", start="2015-01-02", end=None),
        encounter("e2", start="2016-01-02", end=None),
    )
    first = Call("find", {"kind": "encounter", "pick": "last"}, "a")
    before = Call("find", {"kind": "encounter", "give": "date", "when": {"is": "before", "of": "a"}}, "b")
    assert run_plan([first, before], record)[1].values == ("2015-01-02",)
