"""Conditions: diagnosed or not, when, how often, still active, resolved (FHIR R4 Condition)."""

from collections.abc import Iterator
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds.common import (
    LONGEST_LIST,
    absent_diagnoses,
    count,
    days_of,
    diagnoses,
    first,
    last,
    names_of,
    refs,
    statement,
    yes_no,
)
from evaluation.gold.periods import ALWAYS, draw
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, name

_ACTIVE = {"active", "recurrence", "relapse"}


def _status(condition: Resource) -> str:
    return str(at(condition, "clinicalStatus.coding.code") or "")


def _resolved_on(condition: Resource) -> str:
    return str(at(condition, "abatementDateTime") or at(condition, "abatementPeriod.end") or "")[:10]


def ever(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it ever diagnosed, or in a period; things that only others have are asked for, too."""
    for concept in diagnoses(chart):
        for period in (ALWAYS, *draw(concept.resources, chart.now, random, 1)):
            found = period.within(concept.resources)
            yield yes_no({"x": concept.names, "period": period.words}, found, chart, random)
    for absent in absent_diagnoses(chart):
        yield yes_no({"x": absent, "period": ""}, [], chart, random)


def onset(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it diagnosed first."""
    for concept in diagnoses(chart):
        yield days_of({"x": concept.names}, first(concept.resources), chart.of("Condition"))


def latest(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it diagnosed last, of what was diagnosed more than once."""
    for concept in diagnoses(chart):
        if len({day(each) for each in concept.resources}) > 1:
            yield days_of({"x": concept.names}, last(concept.resources), concept.resources)


def how_often(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many times was it diagnosed."""
    for concept in diagnoses(chart):
        for period in (ALWAYS, *draw(concept.resources, chart.now, random, 1)):
            yield count({"x": concept.names, "period": period.words}, period.within(concept.resources))


def still_active(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is it active; only where all diagnoses of it agree."""
    for concept in diagnoses(chart):
        states = {_status(each) in _ACTIVE for each in concept.resources}
        if len(states) == 1:
            yield _activity(concept.names, list(concept.resources), states.pop())


def _activity(names: tuple[str, ...], found: list[Resource], active: bool) -> Gold:
    since, until = day(found[0]), _resolved_on(found[-1]) or day(found[-1])
    if active:
        right, wrong = "Yes, it is active", [f"No, it resolved on {since}", f"No, it resolved on {until}"]
        return statement({"x": names}, True, right, [*wrong, "No, it was never diagnosed"], found)
    right, wrong = (
        "No, it has resolved",
        ["Yes, it is active", "It was never diagnosed", "Yes, it has recurred"],
    )
    return statement({"x": names}, False, right, wrong, [])


def resolved(chart: Chart, random: Random) -> Iterator[Gold]:
    """When did it resolve, of what was diagnosed once."""
    ends = [c for c in chart.of("Condition") if "" < _resolved_on(c) < chart.now]
    for concept in diagnoses(chart):
        (only, *more) = concept.resources
        if not more and only in ends:
            others = tuple((_resolved_on(c),) for c in ends if _resolved_on(c) != _resolved_on(only))
            yield Gold(
                slots={"x": concept.names},
                answer=(_resolved_on(only),),
                resources=concept.references,
                others=((day(only),), *others),
            )


def active_list(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which conditions are active."""
    found = [each for each in chart.of("Condition") if _status(each) in _ACTIVE]
    if len({name(each) for each in found}) <= LONGEST_LIST:
        yield names_of({}, found, chart.of("Condition"))


def active_count(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many different conditions are active."""
    found = [each for each in chart.of("Condition") if _status(each) in _ACTIVE]
    names = {name(each) for each in found}
    yield Gold(answer=(len(names),), resources=refs(found))


def in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which conditions were diagnosed in a period."""
    everything = chart.of("Condition")
    for _ in range(8):
        for period in draw(everything, chart.now, random):
            found = period.within(everything)
            if len({name(each) for each in found}) <= 5:
                yield names_of({"period": period.words}, found, everything)


def any_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was anything diagnosed in a period."""
    for period in draw(chart.of("Condition"), chart.now, random, 5):
        yield yes_no({"period": period.words}, period.within(chart.of("Condition")), chart, random)


def number_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many diagnoses were recorded in a period."""
    for period in draw(chart.of("Condition"), chart.now, random, 4):
        yield count({"period": period.words}, period.within(chart.of("Condition")))


def first_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which diagnosis was the first, of all or in a period."""
    everything = chart.of("Condition")
    for period in (ALWAYS, *draw(everything, chart.now, random, 2)):
        if found := first(period.within(everything)):
            yield names_of({"period": period.words}, found, everything, "any")


def last_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which diagnosis was the last, of all or in a period."""
    everything = chart.of("Condition")
    for period in (ALWAYS, *draw(everything, chart.now, random, 2)):
        if found := last(period.within(everything)):
            yield names_of({"period": period.words}, found, everything, "any")


KINDS = (
    Kind("condition-ever", ever),
    Kind("condition-onset", onset),
    Kind("condition-latest", latest),
    Kind("condition-count", how_often),
    Kind("condition-still-active", still_active),
    Kind("condition-resolved", resolved),
    Kind("conditions-active", active_list),
    Kind("conditions-active-count", active_count),
    Kind("conditions-in-period", in_period),
    Kind("conditions-any-in-period", any_in_period),
    Kind("conditions-number-in-period", number_in_period),
    Kind("conditions-first", first_of_all),
    Kind("conditions-last", last_of_all),
)
