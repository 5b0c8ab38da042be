"""Laboratory tests or vital signs of a chart -> series to ask about, and what golds about them share.

The same number written twice at a moment is one reading.
"""

import re
from calendar import month_name
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds.common import Slots, yes_no
from evaluation.gold.periods import ALWAYS, Period, draw
from evaluation.gold.question import Gold
from evaluation.gold.reading import Resource
from evaluation.gold.resource import name
from evaluation.gold.series import Reading, Series, series_of
from evaluation.gold.text import could_mean, words

Questions = Callable[[Chart, Random], Iterator[Gold]]
Ask = Callable[[Sequence[Series], Chart, Random], Iterator[Gold]]
Absent = Callable[[tuple[str, ...], Chart, Random], Gold]

_ABSENT = 4
"""Measurements that a chart does not hold, a kind of question."""
_PLURAL = re.compile(r"[a-z]{3}[a-rtv-z]s$")
_QUESTION = re.compile(r"(what|how|do|are|has|in the|within)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """What a category measures: its series in a chart, and names of what the chart surely does not hold."""

    series: Callable[[Chart], Sequence[Series]]
    missing: Callable[[Chart], list[tuple[str, ...]]]


def over(group: Group, ask: Ask, absent: Absent | None = None) -> Questions:
    """Return the questions about a group: its series in a chart, and some measurements that the chart does not hold.

    Args:
        group: laboratory tests, or vital signs.
        ask: asks about series.
        absent: asks about the name of what is not recorded; None where nobody would.
    """

    def questions(chart: Chart, random: Random) -> Iterator[Gold]:
        yield from ask(group.series(chart), chart, random)
        if absent:
            missing = group.missing(chart)
            for unmeasured in random.sample(missing, min(len(missing), _ABSENT)):
                yield absent(unmeasured, chart, random)

    return questions


@lru_cache(maxsize=2)
def series_in(chart: Chart, vital: bool) -> tuple[Series, ...]:
    """Return the series of vital signs, or of laboratory tests that are no vital signs."""
    busy = {words(name(each)) for kind in ("Condition", "Procedure") for each in chart.of(kind)}
    wanted = (each for each in series_of(chart) if ("vital-signs" in each.categories) == vital)
    tests = (each for each in wanted if vital or "laboratory" in each.categories and not _done(each, chart))
    named = (_named(each, busy) for each in tests)
    return tuple(each for each in named if each.names and is_thing(each.names[0]))


def _done(test: Series, chart: Chart) -> bool:
    """Whether a Procedure could be meant as well, e.g. "Hemoglobin / Hematocrit / Platelet count"."""
    procedures = {name(each) for each in chart.of("Procedure")}
    return any(could_mean(each, other) for each in test.names for other in procedures)


def _named(series: Series, busy: set[frozenset[str]]) -> Series:
    """Leave out names of other things, e.g. a finding called "Pain score"."""
    return replace(series, names=singular([each for each in series.names if words(each) not in busy]))


def singular(names: Sequence[str]) -> tuple[str, ...]:
    """Leave out plurals ("Leukocytes"), which the wordings do not suit, where there is another name."""
    return tuple(each for each in names if not _PLURAL.search(each)) or tuple(names)


def is_thing(name: str) -> bool:
    """Whether a name is that of a thing, not an item of a questionnaire."""
    return not _QUESTION.match(name)


@lru_cache(maxsize=1)
def words_of(chart: Chart) -> frozenset[str]:
    """Return the words by which the Observations of a chart may be called."""
    names = {name(each) for each in chart.of("Observation")}
    names |= {named for series in series_of(chart) for named in series.names}
    return frozenset(word for each in names for word in words(each))


def value(slots: Slots, series: Series, right: Sequence[Reading]) -> Gold:
    """Return the value of equal readings as a gold answer; none if there is no reading."""
    whole = all(each.value == int(each.value) for each in series.readings)
    values = [int(each.value) if whole else each.value for each in series.readings]
    answer = tuple(dict.fromkeys(v for v, each in zip(values, series.readings, strict=True) if each in right))
    others = tuple((each,) for each in values if each not in answer)
    return Gold(slots=slots, answer=answer, unit=series.unit, resources=carriers(right), others=others)


def days(slots: Slots, series: Series, right: Sequence[Reading]) -> Gold:
    """Return the day of readings as a gold answer, any of them if there are several."""
    answer = tuple(dict.fromkeys(each.day for each in right))
    others = tuple((each.day,) for each in series.readings if each.day not in answer)
    return Gold(slots=slots, answer=answer, match="any", resources=carriers(right), others=others)


def no_value(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask for the value of what was never measured."""
    others = tuple((random.randint(4, 1600) / 10,) for _ in range(8))
    return Gold(slots=_unmeasured(asked, random), answer=(), others=others)


def no_day(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask for the day of what was never measured."""
    others = tuple((f"{int(chart.now[:4]) - n}-{random.randint(1, 12):02}-15",) for n in range(1, 6))
    return Gold(slots=_unmeasured(asked, random), answer=(), others=others)


def never(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask whether it was measured, of what was not."""
    return yes_no(_unmeasured(asked, random), [], chart, random)


def none(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask how often it was measured, of what was not."""
    return Gold(slots=_unmeasured(asked, random), answer=(0,))


def _unmeasured(asked: tuple[str, ...], random: Random) -> dict[str, str | tuple[str, ...]]:
    return {"x": asked, "period": "", "most": random.choice(("highest", "lowest"))}


def carriers(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the references of all Observations that carry readings."""
    return tuple(dict.fromkeys(each for reading in readings for each in reading.resources))


def resources(chart: Chart, readings: Sequence[Reading]) -> list[Resource]:
    """Return all Observations that carry readings."""
    found = (chart.target(each) for each in carriers(readings))
    return [each for each in found if each]


def spoken(iso_day: str) -> tuple[str, ...]:
    """Return how people write a day.

    >>> spoken("2015-03-04")
    ('2015-03-04', '4 March 2015')
    """
    year, month, number = iso_day.split("-")
    return iso_day, f"{int(number)} {month_name[int(month)]} {year}"


def in_periods(
    found: Sequence[Series], chart: Chart, random: Random
) -> Iterator[tuple[Series, Period, list[Reading]]]:
    """Yield each series as a whole and in a period."""
    for series in found:
        drawn = draw(resources(chart, series.readings), chart.now, random, 1)
        for period in (ALWAYS, *drawn):
            yield (
                series,
                period,
                [each for each in series.readings if period.first <= each.day <= period.last],
            )


def slots_of(series: Series, period: Period) -> dict[str, str | tuple[str, ...]]:
    """Return the places of a question about a series in a period."""
    return {"x": series.names, "period": period.words}
