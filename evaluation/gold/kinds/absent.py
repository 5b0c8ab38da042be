"""What the record does not say: things that it does not hold, and what no record answers.

About one in five of the questions has an answer, in the same wordings, so that the category does not give it away.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.drugs import drugs
from evaluation.gold.kinds import immunizations, labs, unanswerable, unrecorded, vitals
from evaluation.gold.kinds import measuring as m
from evaluation.gold.kinds.common import count, days_of, diagnoses, first, last, yes_no
from evaluation.gold.kinds.procedures import PROCEDURES
from evaluation.gold.kinds.unheard import (
    ABSENT,
    Names,
    is_said,
    mixed,
    random_days,
    ungiven,
    unheard,
    unprescribed,
)
from evaluation.gold.missing import familiar, is_missing
from evaluation.gold.periods import Period
from evaluation.gold.question import Gold, Kind
from evaluation.gold.series import Series

Ask = Callable[[Names, Chart, Random], Gold]
Told = Callable[[Concept, Chart, Random], Gold]
Questions = Callable[[Chart, Random], Iterator[Gold]]

_SAID = 45
"""Letters; longer names are read, not said."""
_IN_WORDS = re.compile(r"appearance|clarity|color|odor|presence", re.IGNORECASE)
_VARIED = 3
"""Different values at least, for wrong choices."""


@dataclass(frozen=True, slots=True)
class _Things:
    """What people ask for by name: names of what a chart does not hold, and what it does."""

    missing: Callable[[Chart, Random, int], Sequence[Names]]
    present: Callable[[Chart], Sequence[Concept]]


def _procedures(chart: Chart) -> list[Concept]:
    return [each for each in PROCEDURES.things(chart) if is_said("Procedure", each.names[0])]


_CONDITIONS = _Things(partial(unheard, "Condition"), diagnoses)
_DRUGS = _Things(unprescribed, drugs)
_PROCEDURES = _Things(partial(unheard, "Procedure"), _procedures)
_VACCINES = _Things(ungiven, immunizations.vaccines)


def _over(things: _Things, ask: Ask, told: Told) -> Questions:
    """Return the questions about things that a chart does not hold, and about a few that it does."""

    def questions(chart: Chart, random: Random) -> Iterator[Gold]:
        empty = [ask(each, chart, random) for each in things.missing(chart, random, ABSENT)]
        yield from mixed(empty, [told(each, chart, random) for each in things.present(chart)], random)

    return questions


def _no_day(names: Names, chart: Chart, random: Random) -> Gold:
    others = tuple((each,) for each in random_days(chart, random))
    return Gold(slots={"x": names}, answer=(), others=others)


def _no(names: Names, chart: Chart, random: Random) -> Gold:
    return yes_no({"x": names}, [], chart, random)


def _none(names: Names, chart: Chart, random: Random) -> Gold:
    return count({"x": names}, [])


def _first_day(concept: Concept, chart: Chart, random: Random) -> Gold:
    return days_of({"x": concept.names}, first(concept.resources), chart.of("Encounter"))


def _last_day(concept: Concept, chart: Chart, random: Random) -> Gold:
    return days_of({"x": concept.names}, last(concept.resources), chart.of("Encounter"))


def _yes(concept: Concept, chart: Chart, random: Random) -> Gold:
    return yes_no({"x": concept.names}, concept.resources, chart, random)


def _number(concept: Concept, chart: Chart, random: Random) -> Gold:
    return count({"x": concept.names}, concept.resources)


def imaged(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was a kind of image ever taken."""
    for names in unheard("ImagingStudy", chart, random, ABSENT):
        yield _no(names, chart, random)


def value(chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the latest value of what was never measured."""
    told = [m.value({"x": each.names}, each, each.readings[-1:]) for each in _series(chart)]
    yield from mixed(_unmeasured(chart, random, m.no_value), told, random)


def measurements(chart: Chart, random: Random) -> Iterator[Gold]:
    """How often was it measured, of what never was."""
    once = [each for each in _series(chart) if all(len(one.resources) == 1 for one in each.readings)]
    told = [
        Gold(slots={"x": each.names}, answer=(len(each.readings),), resources=m.carriers(each.readings))
        for each in once
    ]
    yield from mixed(_unmeasured(chart, random, m.none), told, random)


def value_in_year(chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the last value of a year in which it was not measured."""
    born, end = (
        int(each[:4]) for each in (chart.patient.get("birthDate") or chart.now, chart.died or chart.now)
    )
    empty, told = [], []
    for series in _series(chart):
        measured = {int(each.day[:4]) for each in series.readings}
        without = [year for year in range(born, end) if year not in measured]
        if without and len({each.value for each in series.readings}) > _VARIED:
            empty.append(_in_year(series, random.choice(without)))
            told.append(_in_year(series, random.choice(sorted(measured))))
    yield from mixed(random.sample(empty, min(len(empty), ABSENT)), told, random)


def _in_year(series: Series, year: int) -> Gold:
    period = Period(f"in {year}", f"{year}-01-01", f"{year}-12-31")
    found = [each for each in series.readings if period.first <= each.day <= period.last]
    return m.value({"x": series.names, "period": period.words}, series, found[-1:])


def _series(chart: Chart) -> list[Series]:
    """Return what was measured as numbers, under names that people say."""
    found = [*labs.series(chart), *vitals.series(chart)]
    said = (replace(each, names=tuple(n for n in each.names if len(n) <= _SAID)) for each in found)
    return [each for each in said if each.names]


def _unmeasured(chart: Chart, random: Random, ask: m.Absent) -> list[Gold]:
    named = [
        *labs.missing(chart),
        *vitals.missing(chart),
        *((each,) for each in familiar(chart, "Observation")),
    ]
    names = [each for each in named if all(_is_number(one) and is_missing(chart, one) for one in each)]
    return [ask(each, chart, random) for each in random.sample(names, min(len(names), ABSENT))]


def _is_number(test: str) -> bool:
    """Whether people would say the name of a test and expect a number."""
    return len(test) <= _SAID and not _IN_WORDS.search(test)


KINDS = (
    Kind("absent-condition-day", _over(_CONDITIONS, _no_day, _first_day)),
    Kind("absent-condition", _over(_CONDITIONS, _no, _yes)),
    Kind("absent-drug-day", _over(_DRUGS, _no_day, _last_day)),
    Kind("absent-drug-count", _over(_DRUGS, _none, _number)),
    Kind("absent-procedure-day", _over(_PROCEDURES, _no_day, _last_day)),
    Kind("absent-procedure", _over(_PROCEDURES, _no, _yes)),
    Kind("absent-vaccine-day", _over(_VACCINES, _no_day, _last_day)),
    Kind("absent-vaccine-count", _over(_VACCINES, _none, _number)),
    Kind("absent-imaging", imaged),
    Kind("absent-value", value),
    Kind("absent-measurements", measurements),
    Kind("absent-value-in-year", value_in_year),
    *unrecorded.KINDS,
    *unanswerable.KINDS,
)
