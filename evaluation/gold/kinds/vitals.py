"""Vital signs: values, days, extremes, means, at a visit, blood pressure as two numbers.

FHIR R4 Observation of category vital-signs, components (blood pressure) as series of their own.
"""

from collections.abc import Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.choices import NOT_RECORDED
from evaluation.gold.kinds import measuring, readings
from evaluation.gold.kinds.common import last
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import plain_id
from evaluation.gold.resource import at, day
from evaluation.gold.series import Reading, Series
from evaluation.gold.text import words

Pair = tuple[Reading, Reading]

_VITAL_SIGNS = (
    "weight",
    "height",
    "BMI",
    "heart rate",
    "respiratory rate",
    "temperature",
    "oxygen saturation",
    "head circumference",
    "systolic pressure",
    "diastolic pressure",
    "pain score",
)
_EMPTY = 0.2
"""Share of visits without a value that are asked about."""
_APART = 3
"""Blood pressures of choices differ by more than this, in both numbers or in one."""


def series(chart: Chart) -> Sequence[Series]:
    """Return the vital signs that were measured as numbers."""
    return measuring.series_in(chart, vital=True)


def missing(chart: Chart) -> list[tuple[str, ...]]:
    """Return vital signs that the chart does not hold, by whatever name."""
    here = measuring.words_of(chart)
    return [(each,) for each in _VITAL_SIGNS if not here & words(each)]


VITALS = measuring.Group(series, missing)


def days_measured(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """On how many different days was it measured."""
    for one, period, taken in measuring.in_periods(found, chart, random):
        answer = (len({each.day for each in taken}),)
        yield Gold(slots=measuring.slots_of(one, period), answer=answer, resources=measuring.carriers(taken))


def at_visit(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the value at the last visit of a type, where it has one value in all; sometimes where it has none."""
    visits = [each for each in chart.concepts("Encounter") if len(last(each.resources)) == 1]
    for series in found if visits else ():
        concept = random.choice(visits)
        (visit,) = last(concept.resources)
        that_day = [each for each in series.readings if each.day == day(visit)]
        here = [each for each in series.readings if _visit(each, chart) == {visit["id"]}]
        if here == that_day and len(here) < 2 and (here or random.random() < _EMPTY):
            yield measuring.value({"x": series.names, "y": concept.names}, series, here)


def _visit(reading: Reading, chart: Chart) -> set[str]:
    links = (at(each, "encounter.reference") for each in measuring.resources(chart, [reading]))
    return {plain_id(str(link or "")) for link in links}


def pressure_latest(chart: Chart, random: Random) -> Iterator[Gold]:
    """What were both numbers of the latest blood pressure."""
    pairs = _pressures(chart)
    if pairs:
        yield _pressure("", pairs, pairs[-1], random)
    elif ("systolic pressure",) in missing(chart):
        wrong = [f"{random.randint(100, 170)}/{random.randint(60, 95)}" for _ in range(4)]
        yield Gold(answer=(), right=NOT_RECORDED, wrong=tuple(wrong))


def pressure_on_day(chart: Chart, random: Random) -> Iterator[Gold]:
    """What were both numbers of the blood pressure on a day with one reading."""
    pairs = _pressures(chart)
    taken = [systolic.day for systolic, _ in pairs]
    once = [pair for pair in pairs if taken.count(pair[0].day) == 1]
    for pair in random.sample(once, min(len(once), 4)):
        yield _pressure(measuring.spoken(pair[0].day), pairs, pair, random)


def _pressures(chart: Chart) -> list[Pair]:
    """Return systolic and diastolic readings, where there is one series of each and both have the same moments."""
    upper, lower = _series_named(chart, "systolic"), _series_named(chart, "diastolic")
    if upper and lower and [each.time for each in upper.readings] == [each.time for each in lower.readings]:
        return list(zip(upper.readings, lower.readings, strict=True))
    return []


def _series_named(chart: Chart, way: str) -> Series | None:
    found = [each for each in series(chart) if any(way in words(named) for named in each.names)]
    return found[0] if len(found) == 1 else None


def _pressure(day: str | tuple[str, ...], pairs: Sequence[Pair], right: Pair, random: Random) -> Gold:
    upper, lower = (each.value for each in right)
    others = [(one.value, other.value) for one, other in random.sample(pairs, min(len(pairs), 8))]
    made = [(upper + by, lower - by / 2) for by in (10, -14, 22, -30)]
    wrong = [each for each in (*others, *made) if max(abs(each[0] - upper), abs(each[1] - lower)) > _APART]
    return Gold(
        slots={"day": day},
        answer=(upper, lower),
        resources=measuring.carriers(right),
        right=f"{upper:.4g}/{lower:.4g}",
        wrong=tuple(dict.fromkeys(f"{one:.4g}/{other:.4g}" for one, other in wrong))[:4],
    )


KINDS = (
    Kind("vital-latest", measuring.over(VITALS, readings.latest, measuring.no_value)),
    Kind("vital-first", measuring.over(VITALS, readings.earliest, measuring.no_value)),
    Kind("vital-on-day", measuring.over(VITALS, readings.on_day)),
    Kind("vital-when-latest", measuring.over(VITALS, readings.when_latest, measuring.no_day)),
    Kind("vital-when-first", measuring.over(VITALS, readings.when_first, measuring.no_day)),
    Kind("vital-extreme", measuring.over(VITALS, readings.extreme, measuring.no_value)),
    Kind("vital-when-extreme", measuring.over(VITALS, readings.when_extreme, measuring.no_day)),
    Kind("vital-mean", measuring.over(VITALS, readings.mean)),
    Kind("vital-count", measuring.over(VITALS, readings.count, measuring.none)),
    Kind("vital-days", measuring.over(VITALS, days_measured, measuring.none)),
    Kind("vital-done", measuring.over(VITALS, readings.done, measuring.never)),
    Kind("vital-beyond", measuring.over(VITALS, readings.beyond)),
    Kind("vital-out-of-range", measuring.over(VITALS, readings.ever_out_of_range)),
    Kind("vital-latest-in-range", measuring.over(VITALS, readings.latest_in_range)),
    Kind("vital-at-visit", measuring.over(VITALS, at_visit), 2),
    Kind("blood-pressure-latest", pressure_latest),
    Kind("blood-pressure-on-day", pressure_on_day),
)
