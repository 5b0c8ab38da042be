"""A record that its reader narrowed to a period -> only that is asked of a server, if nothing of it can be missed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.builders import Resource, observation, patient
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, EVE, LIMITS, STRANGER
from tests.tools.sources.live.serving import Answering, Asked, Behaviour, serving, statement
from tests.whole_questions import NOW
from tools.record.scope import EVERYTHING, Scope
from tools.sources.live import Limits, LiveRecords

YEARS = [observation(f"y{n}", value=n, when=f"201{n}-06-01") for n in range(10)]
DEEP = json.loads('[{"extension":' * 300 + "[]" + "}]" * 300)
OWN: list[Resource] = [patient(), *YEARS]
OF_EVE = [observation(f"eve-{n}", value=13.7, when="2018-06-01", subject="p2") for n in range(9)]
SINCE, UNTIL = Scope.of(since="2018-01-01"), Scope.of(until="2011-12-31")
BETWEEN = Scope.of(since="2014-06-01", until="2015-06-01")
DATED = statement(Observation=["patient", "date"])
UNDATED = observation("undated", effectiveDateTime=None)
ALL = [f"y{n}" for n in range(10)]


def dates(behaviour: Behaviour) -> Behaviour:
    """Behave so where a date is searched for."""
    return lambda to, asked: behaviour(to, asked) if "date" in asked.terms else None


def date_of(change: Callable[[str], str], tell: bool) -> Behaviour:
    """Search by another date than is asked for; tell so or not."""

    def answer(to: Answering, asked: Asked) -> object:
        terms = {**asked.terms, "date": change(asked.terms["date"])}
        terms = {name: value for name, value in terms.items() if value}
        shown = replace(asked, terms=terms) if tell else asked
        return to.json(to.bundle(shown, to.server.matching(asked.path, terms)))

    return dates(answer)


def loses_one(to: Answering, asked: Asked) -> object:
    """Give one row less, and count one less."""
    return to.json(to.bundle(asked, to.server.matching(asked.path, asked.terms)[1:]))


def only(how: str, behaviour: Behaviour) -> Behaviour:
    return lambda to, asked: behaviour(to, asked) if asked.terms.get("date", "").startswith(how) else None


@dataclass(frozen=True)
class Case:
    """What a server does, and the rows that are there for the reader; whether no more than those were read."""

    id: str
    does: Behaviour
    spared: bool
    scope: Scope = SINCE
    there: tuple[str, ...] = ("y8", "y9")
    problem: str = ""
    held: tuple[Resource, ...] = (*OWN, *OF_EVE)
    states: Any = None
    limits: Limits = LIMITS


def well(to: Answering, asked: Asked) -> None:
    return None


CASES = [
    Case("since", well, True),
    Case("until", well, True, UNTIL, ("y0", "y1")),
    Case("between", well, True, BETWEEN, ("y4", "y5")),
    Case(
        "the first day and the last one",
        well,
        True,
        Scope.of(since="2014-06-01", until="2014-06-01"),
        ("y4",),
    ),
    Case("nothing within", well, True, Scope.of(since="2019-06-02"), ()),
    Case("from the beginning of time", well, True, Scope.of(since="0001-01-01", until="2010-12-31"), ("y0",)),
    Case("to its end", well, True, Scope.of(since="2019-01-01", until="9999-12-31"), ("y9",)),
    Case("no period", well, False, Scope.of(kinds=["observation"]), tuple(ALL)),
    Case("no more than a page", well, False, limits=replace(LIMITS, page=10)),
    Case("the search is not listed", well, False, states=statement()),
    Case("the date is refused", dates(bad.status(400)), False),
    Case("the date fails", dates(bad.status(500)), False),
    Case("only rows by date fail", bad.reading(dates(bad.status(500))), False),
    Case("the date is ignored, openly", date_of(lambda _: "", tell=True), False),
    Case("the date is ignored, in secret", date_of(lambda _: "", tell=False), False),
    Case(
        "one date of two is applied",
        date_of(lambda days: days.split(",")[0], tell=True),
        False,
        BETWEEN,
        ("y4", "y5"),
    ),
    Case(
        "one date of two is applied, in secret",
        date_of(lambda days: days.split(",")[0], tell=False),
        False,
        BETWEEN,
        ("y4", "y5"),
    ),
    Case("before is not understood", only("eb", bad.status(400)), False),
    Case("a row of the period is lost", only("ge", loses_one), False),
    Case("a row before it is not counted", only("eb", loses_one), False),
    Case("a row without a date", well, False, held=(*OWN, UNDATED)),
    Case(
        "a row that is not valid",
        well,
        False,
        problem="1 could not be read: it is nested too deeply",
        held=(*OWN, observation("bad", when="2019-01-01", extension=DEEP)),
    ),
    Case(
        "a row that is not valid, outside",
        well,
        True,
        held=(*OWN, observation("bad", when="2011-01-01", extension=DEEP)),
    ),
    Case(
        "everybody's rows, in secret",
        bad.ignores_the_patient_in_secret,
        False,
        limits=replace(LIMITS, page=4),
    ),
    Case("everybody's rows, openly", bad.ignores_the_patient, False, limits=replace(LIMITS, page=4)),
    Case(
        "a further page of the period fails",
        only("ge", bad.reading(bad.status(500), range(1, 9))),
        False,
        Scope.of(since="2016-01-01"),
        ("y6", "y7", "y8", "y9"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_period_is_read_alone_or_the_whole_is(case: Case) -> None:
    said = case.states or DATED
    with serving(case.held, Observation=case.does, metadata=lambda to, asked: to.json(said)) as server:
        record = LiveRecords(server.base, limits=case.limits).open("Patient/p1", NOW)
        narrowed = record.within(case.scope)
        there = tuple(entry.reference.partition("/")[2] for entry in narrowed.entries("Observation"))
        rows = [a for a in server.asked if a.path == "Observation" and not a.counts and "date" not in a.terms]
        (cover,) = narrowed.coverage("Observation")
        said_of = record.problems.get("Observation", ())
        every = [entry.reference.partition("/")[2] for entry in record.entries("Observation")]
        names = [term.display for term in narrowed.terms("Observation")]
    assert there == case.there
    assert (not rows) == case.spared
    assert case.problem in " ".join(said_of)
    assert [name for name in every if name not in ("undated", "bad")] == ALL
    assert cover.searched == len(case.there)
    left_out = sum(
        r["resourceType"] == "Observation" and r["subject"]["reference"] == "Patient/p1" for r in case.held
    )
    left_out -= len(there) + bool(case.problem)
    assert any(problem.startswith(f"{left_out} left out") for problem in cover.problems) == bool(left_out)
    assert bool(names) == bool(there)
    assert [word for word in STRANGER if word in f"{every}{names}{cover}"] == []


def test_a_period_is_never_taken_for_the_whole() -> None:
    with serving([*OWN, *OF_EVE], metadata=lambda to, asked: to.json(DATED)) as server:
        record = LiveRecords(server.base, limits=LIMITS).open("Patient/p1", NOW)
        sizes = [
            len(record.within(scope).entries("Observation")) for scope in (SINCE, UNTIL, BETWEEN, EVERYTHING)
        ]
        asked = len(server.asked)
        again = [
            len(record.within(scope).entries("Observation"))
            for scope in (SINCE, Scope.of(since="2017-01-01"))
        ]
        assert len(server.asked) == asked  # the whole is there by now
    assert (sizes, again) == ([2, 2, 2, 10], [2, 3])


def test_one_thing_of_a_period_is_found_and_nothing_outside() -> None:
    with serving(OWN, metadata=lambda to, asked: to.json(DATED)) as server:
        record = LiveRecords(server.base, limits=LIMITS).open("Patient/p1", NOW)
        narrowed = record.within(SINCE)
        held = [
            [bool(each.get(f"Observation/{name}")) for name in ("y1", "y9")] for each in (narrowed, record)
        ]
    assert held == [[False, True], [True, True]]


def test_kinds_that_the_reader_left_out_are_not_read() -> None:
    with serving([*ADA, *EVE]) as server:
        record = LiveRecords(server.base, limits=LIMITS).open("Patient/p1", NOW)
        narrowed = record.within(Scope.of(kinds=["condition"]))
        assert [e.reference for e in narrowed.entries("Condition")] == ["Condition/gout"]
        assert not narrowed.entries("Observation")
        read = {asked.path for asked in server.asked if not asked.counts}
    assert read == {"metadata", "Patient/p1", "Condition"}
