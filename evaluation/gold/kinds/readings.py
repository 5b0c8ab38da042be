"""Series -> what laboratory results and vital signs are asked alike: values, days, extremes, means, ranges.

Each function asks about the series that its category hands it. Whatever would depend on counting a number that is
written twice once or twice is not asked.
"""

from collections.abc import Iterator, Sequence
from random import Random
from statistics import fmean

from evaluation.gold.chart import Chart
from evaluation.gold.kinds.common import statement, yes_no
from evaluation.gold.kinds.measuring import carriers, days, in_periods, resources, slots_of, spoken, value
from evaluation.gold.question import Gold
from evaluation.gold.ranges import place
from evaluation.gold.resource import day
from evaluation.gold.series import Reading, Series

_SPOKEN = {"kg", "cm", "%", "mg/dL", "g/dL", "mmol/L", "U/L", "kg/m2"}
"""Units as recorded that people write as well."""
_APART = 0.005
"""A number to compare with is this share off every value, so that rounding does not change the answer."""


def latest(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the latest value, of all or in a period."""
    for series, period, readings in in_periods(found, chart, random):
        yield value(slots_of(series, period), series, readings[-1:])


def earliest(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the first value, of all or in a period."""
    for series, period, readings in in_periods(found, chart, random):
        yield value(slots_of(series, period), series, readings[:1])


def previous(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the value before the latest."""
    for series in found:
        if len(series.readings) > 1 and all(len(each.resources) == 1 for each in series.readings[-2:]):
            yield value({"x": series.names}, series, series.readings[-2:-1])


def on_day(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the value on a day with one reading, or on the day of a visit without."""
    visits = sorted({day(visit) for visit in chart.of("Encounter")})
    for series in found:
        measured = [each.day for each in series.readings]
        once = [each for each in series.readings if measured.count(each.day) == 1]
        for reading in random.sample(once, min(len(once), 2)):
            yield value({"x": series.names, "day": spoken(reading.day)}, series, [reading])
        if without := [each for each in visits if each not in measured]:
            yield value({"x": series.names, "day": spoken(random.choice(without))}, series, [])


def when_latest(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it last measured, of all or in a period."""
    for series, period, readings in in_periods(found, chart, random):
        yield days(slots_of(series, period), series, readings[-1:])


def when_first(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it first measured, of all or in a period."""
    for series, period, readings in in_periods(found, chart, random):
        yield days(slots_of(series, period), series, readings[:1])


def extreme(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the highest or lowest value, of all or in a period."""
    for series, period, readings in in_periods(found, chart, random):
        most = random.choice(("highest", "lowest"))
        yield value({**slots_of(series, period), "most": most}, series, _extremes(readings, most))


def when_extreme(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """On which day was it highest or lowest; only of what varied."""
    for series in found:
        most = random.choice(("highest", "lowest"))
        if len({each.value for each in series.readings}) > 1:
            yield days({"x": series.names, "most": most}, series, _extremes(series.readings, most))


def mean(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """What is the mean of several values, where writing one of them twice does not change it."""
    for series, period, readings in in_periods(found, chart, random):
        once = round(fmean(each.value for each in readings), 2) if len(readings) > 1 else None
        if once is not None and once == round(fmean(_as_written(readings)), 2):
            values = dict.fromkeys(each.value for each in readings)
            others = tuple((round(each, 2),) for each in (min(values), max(values), *values))
            yield Gold(
                slots=slots_of(series, period),
                answer=(once,),
                unit=series.unit,
                resources=carriers(readings),
                others=others,
            )


def count(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """How often was it measured, of what is written once at a moment."""
    single = [each for each in found if all(len(reading.resources) == 1 for reading in each.readings)]
    for series, period, readings in in_periods(single, chart, random):
        yield Gold(slots=slots_of(series, period), answer=(len(readings),), resources=carriers(readings))


def done(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it ever measured, or in a period."""
    for series, period, readings in in_periods(found, chart, random):
        yield yes_no(slots_of(series, period), resources(chart, readings), chart, random)


def beyond(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it ever above or below a number."""
    for series, period, readings in in_periods(found, chart, random):
        way = random.choice(("above", "below"))
        number = _number_between(series, random)
        if number is not None:
            match = [each for each in readings if (each.value > number) == (way == "above")]
            spelled = (f"{number:.10g}", f"{number:.10g} {series.unit}")
            slots = {**slots_of(series, period), "way": way, "n": spelled[: 1 + (series.unit in _SPOKEN)]}
            yield yes_no(slots, resources(chart, match), chart, random)


def ever_out_of_range(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it ever above or below the reference range, where every result tells."""
    told = [each for each in found if all(_flag(reading, chart) for reading in each.readings)]
    for series, period, readings in in_periods(told, chart, random):
        way = random.choice(("above", "below"))
        match = [each for each in readings if _flag(each, chart) == way]
        yield yes_no({**slots_of(series, period), "way": way}, resources(chart, match), chart, random)


def latest_in_range(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """Is the latest value within the reference range."""
    for series in found:
        flag = _flag(series.readings[-1], chart)
        told = {"within": "Yes", "above": "No, it is above the range", "below": "No, it is below the range"}
        if flag is not None:
            wrong = [*(text for each, text in told.items() if each != flag), "It was never measured"]
            carrying = resources(chart, series.readings[-1:])
            yield statement({"x": series.names}, flag == "within", told[flag], wrong, carrying)


def _extremes(readings: Sequence[Reading], most: str) -> list[Reading]:
    chosen = (max if most == "highest" else min)((each.value for each in readings), default=None)
    return [each for each in readings if each.value == chosen]


def _as_written(readings: Sequence[Reading]) -> list[float]:
    return [each.value for each in readings for _ in each.resources]


def _number_between(series: Series, random: Random) -> float | None:
    """Return a round number near a value of the series and apart from all of them; None if none was found."""
    values = [each.value for each in series.readings]
    for _ in range(10):
        drawn = round(random.uniform(0.95 * min(values), 1.05 * max(values)), _decimals_for(max(values)))
        if drawn > 0 and all(abs(drawn - each) > _APART * drawn for each in values):
            return drawn
    return None


def _decimals_for(most: float) -> int:
    """Return how many decimals people give a limit: none for a heart rate, one for an HbA1c.

    >>> _decimals_for(140), _decimals_for(9.1), _decimals_for(0.8)
    (0, 1, 2)
    """
    return 0 if most >= 20 else 1 if most >= 2 else 2


def _flag(reading: Reading, chart: Chart) -> str | None:
    """Return where a reading lies in its reference range, None where not all of its Observations tell the same."""
    places = {place(each, reading.value) for each in resources(chart, [reading])}
    return places.pop() if len(places) == 1 else None
