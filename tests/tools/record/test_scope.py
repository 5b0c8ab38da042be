"""A record narrowed by its reader: what is there, what is said of what is not, and what is not even read."""

import gc
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pytest

from tests.builders import (
    Resource,
    allergy,
    condition,
    encounter,
    medication_request,
    observation,
    patient,
    patient_record,
    practitioner,
    procedure,
)
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.program import run
from tools.record import PatientRecord
from tools.record.scope import EVERYTHING, Scope, is_left_out

NOW = date(2021, 7, 1)


@dataclass(frozen=True)
class Case:
    id: str
    scope: Scope
    holds: Resource
    expected: bool


SINCE, UNTIL = Scope.of(since="2019-01-01"), Scope.of(until="2018-12-31")
YEAR = Scope.of(since="2018-01-01", until="2018-12-31")
CASES = [
    Case("a result after the first day", SINCE, observation("x", when="2019-01-01"), True),
    Case("a result before it", SINCE, observation("x", when="2018-12-31"), False),
    Case("a month that may be within", SINCE, observation("x", when="2019-01"), True),
    Case("a year that reaches into it", YEAR, observation("x", when="2018"), True),
    Case("a result after the last day", UNTIL, observation("x", when="2019-01-01"), False),
    Case("a condition that goes on", SINCE, condition("x", onset="2010-01-01"), True),
    Case(
        "a condition that ended before",
        SINCE,
        condition("x", onset="2010-01-01", abatementDateTime="2012-01-01"),
        False,
    ),
    Case(
        "a condition that ended within",
        SINCE,
        condition("x", onset="2010-01-01", status="resolved", abatementDateTime="2020-01-01"),
        True,
    ),
    Case(
        "what ended at an unknown time counts on its first day",
        SINCE,
        medication_request("x", authored="2010-01-01", status="completed"),
        False,
    ),
    Case(
        "a prescription that goes on",
        SINCE,
        medication_request("x", authored="2010-01-01"),
        True,
    ),
    Case("what begins later", UNTIL, condition("x", onset="2019-06-01"), False),
    Case("a stay over the border", SINCE, encounter("x", start="2018-12-30", end="2019-01-02"), True),
    Case("an undated allergy may hold in any period", YEAR, allergy("x", recordedDate=None), True),
    Case(
        "an undated condition that ended may not",
        YEAR,
        condition("x", onset=None, status="resolved"),
        False,
    ),
    Case("an undated result lies in no period", YEAR, observation("x", when=None), False),
    Case("an undated result is of its kind", Scope.of(["Observation"]), observation("x", when=None), True),
    Case("another kind", Scope.of(["condition"]), observation("x"), False),
    Case("the kind by its word", Scope.of(["observation", "allergy"]), observation("x"), True),
    Case("who only gives names", Scope.of(["Condition"], since="2019-01-01"), practitioner("x"), True),
    Case("everything", EVERYTHING, observation("x", when="1990"), True),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_is_within(case: Case) -> None:
    record = patient_record(patient(), case.holds).within(case.scope)
    kind, reference = case.holds["resourceType"], f"{case.holds['resourceType']}/x"
    assert [e.reference for e in record.entries(kind)] == [reference] * case.expected
    assert (record.get(reference) is not None) == case.expected
    assert [term.display != "" for term in record.terms(kind)] == [True] * case.expected
    assert record.holds(kind)
    (cover,) = record.coverage(kind)
    assert any(map(is_left_out, cover.problems)) != case.expected
    assert record.get("Patient/p1") is not None


TWO = (
    patient(),
    observation("old", when="2018-05-02"),
    observation("new", when="2021-03-04"),
    condition("dm", "Diabetes mellitus type 2 (disorder)"),
    procedure("scope", when="2017-04-05"),
)


@dataclass
class Loading:
    """A record that tells which kinds were read."""

    kinds: list[str]

    def record(self, *resources: Resource) -> PatientRecord:
        counts = {
            r["resourceType"]: sum(o["resourceType"] == r["resourceType"] for o in resources)
            for r in resources
        }

        def load(kind: str) -> Iterable[Resource]:
            self.kinds.append(kind)
            return [r for r in resources if r["resourceType"] == kind]

        return PatientRecord(resources[0], counts, load, NOW)


@dataclass(frozen=True)
class Asked:
    id: str
    scope: Scope
    call: Call
    outcome: str
    values: tuple[object, ...]
    left_out: str


COUNT = Call("find", {"kind": "procedure", "give": "count"})
ASKED = [
    Asked("all of it", EVERYTHING, COUNT, "found", (1,), ""),
    Asked(
        "another kind is not read, and nothing is claimed",
        Scope.of(["Observation"]),
        COUNT,
        "unreadable",
        (),
        "left out: the reader narrowed to Observation",
    ),
    Asked(
        "none in the period, and that there are others",
        Scope.of(since="2019-01-01"),
        COUNT,
        "none recorded",
        (0,),
        "1 left out: the reader narrowed to since 2019-01-01",
    ),
    Asked(
        "the last of those within",
        Scope.of(["Observation"], until="2019-12-31"),
        Call("measure", {"concept": "HbA1c", "give": "date", "pick": "last"}),
        "found",
        ("2018-05-02",),
        "1 left out: the reader narrowed to Observation, until 2019-12-31",
    ),
    Asked(
        "a kind of which the record holds nothing is not left out",
        Scope.of(["Observation"]),
        Call("find", {"kind": "allergy", "give": "exists"}),
        "none recorded",
        (False,),
        "",
    ),
    Asked(
        "what would date a period is left out",
        Scope.of(["Observation"]),
        Call("measure", {"concept": "HbA1c", "period": "since diabetes was diagnosed", "pick": "last"}),
        "unreadable",
        (),
        "left out: the reader narrowed to Observation",
    ),
    Asked(
        "or lies outside the period",
        Scope.of(since="2019-01-01"),
        Call("measure", {"concept": "HbA1c", "period": "since the colonoscopy", "pick": "last"}),
        "none recorded",
        (),
        "1 left out: the reader narrowed to since 2019-01-01",
    ),
    Asked(
        "an overview",
        Scope.of(["Condition"]),
        Call("overview", {}),
        "found",
        ("Condition",),
        "left out: the reader narrowed to Condition",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.id)
def test_what_tools_say(case: Asked) -> None:
    evidence = run(case.call, patient_record(*TWO).within(case.scope))
    assert (evidence.outcome, evidence.values) == (case.outcome, case.values)
    said = {problem for cover in evidence.coverage for problem in cover.problems}
    assert case.left_out in said if case.left_out else not said


def test_what_is_left_out_by_kind_is_not_even_read() -> None:
    loading = Loading([])
    record = loading.record(*TWO).within(Scope.of(["Observation"]))
    for call in (
        COUNT,
        Call("overview", {}),
        Call("timeline", {}),
        Call("measure", {"concept": "HbA1c", "pick": "last"}),
    ):
        run(call, record)
    assert record.get("Condition/dm") is None
    assert set(loading.kinds) == {"Observation"}


def test_what_was_read_is_shared_and_the_views_are_not_all_kept() -> None:
    loading = Loading([])
    whole = loading.record(*TWO)
    for year in range(1990, 2020):
        narrowed = whole.within(Scope.of(["Observation"], since=f"{year}-01-01"))
        assert narrowed.entries("Observation")
        assert narrowed.as_of(date(2020, 1, 1)).scope == narrowed.scope
    assert loading.kinds == ["Observation"]
    assert len(whole._views) <= 8
    assert whole.within(EVERYTHING) is whole
    assert narrowed.within(EVERYTHING).entries("Procedure")


def test_a_narrowed_record_is_gone_when_nobody_uses_it() -> None:
    record = patient_record(*TWO)
    used = weakref.ref(record.within(SINCE).as_of(date(2020, 1, 1)))
    assert used() is not None
    gc.disable()
    del record
    gc.enable()
    assert used() is None


def test_what_does_not_count_is_told_only_within_the_scope() -> None:
    wrong = observation("wrong", when="2018-01-01", status="entered-in-error")
    record = patient_record(*TWO, wrong)
    assert record.coverage("Observation")[0].problems == ("1 not counted: entered-in-error",)
    (cover,) = record.within(SINCE).coverage("Observation")
    assert (cover.searched, cover.span) == (1, ("2021-03-04", "2021-03-04"))
    assert cover.problems == ("2 left out: the reader narrowed to since 2019-01-01",)


def test_what_could_not_be_read_stays_said() -> None:
    problems = {"Observation": ("1 could not be read: no status",), "": ("the ingest is not finished",)}
    record = patient_record(*TWO, problems=problems)
    (cover,) = record.within(Scope.of(["Observation"])).coverage("Observation")
    assert cover.problems == ("1 could not be read: no status", "the ingest is not finished")


REFUSED = [
    ({"kinds": ["nonsense"]}, "kind 'nonsense': expected one of condition"),
    ({"kinds": ["Obs ervation"]}, "kind"),
    ({"since": "last year"}, "since 'last year': expected a day as YYYY-MM-DD"),
    ({"since": "2020-01-02", "until": "2020-01-01"}, "until '2020-01-01': expected a day not before since"),
]


@pytest.mark.parametrize(("given", "message"), REFUSED)
def test_what_is_no_scope(given: dict[str, object], message: str) -> None:
    with pytest.raises(BadArgument, match=message):
        Scope.of(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("scope", [EVERYTHING, SINCE, YEAR, Scope.of(["allergy", "Claim"], "2019-01-01")])
def test_a_scope_is_read_back(scope: Scope) -> None:
    assert Scope.read(scope.as_json()) == scope
