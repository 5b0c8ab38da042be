"""Laboratory results: values, days, extremes, reference ranges, coded results, panels, all tests of a period.

FHIR R4 Observation of category laboratory. Items of questionnaires may have that category, too: a question about all
tests is asked only where they make no difference.
"""

import re
from calendar import month_name, monthrange
from collections.abc import Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds import measuring, panels, readings
from evaluation.gold.kinds.common import LONGEST_LIST, names_of, yes_no
from evaluation.gold.periods import Period, draw
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, categories, day, name
from evaluation.gold.series import Series, short
from evaluation.gold.text import askable, words

_SPECIMEN = re.compile(r" (in|of|by) .*(blood|serum|plasma|urine|stool|specimen|count)\b", re.IGNORECASE)
_UNITS = ("mg/dL", "g/dL", "mmol/L", "U/L", "%", "ng/mL")


def series(chart: Chart) -> Sequence[Series]:
    """Return the laboratory tests that were measured as numbers."""
    return measuring.series_in(chart, vital=False)


def missing(chart: Chart) -> list[tuple[str, ...]]:
    """Return tests that other records hold and this one does not, by whatever name."""
    here = measuring.words_of(chart)
    elsewhere = (each for each in chart.absent("Observation") if askable(each) and _SPECIMEN.search(each))
    return [measuring.singular((each, short(each))) for each in elsewhere if not here & words(each)]


LABS = measuring.Group(series, missing)


def unit(found: Sequence[Series], chart: Chart, random: Random) -> Iterator[Gold]:
    """In which unit is it recorded."""
    units = dict.fromkeys([*(each.unit for each in found), *_UNITS])
    for each in found:
        if each.unit and "{" not in each.unit:
            others = tuple((unit,) for unit in units if unit != each.unit and "{" not in unit and unit)
            yield Gold(
                slots={"x": each.names},
                answer=(each.unit,),
                resources=measuring.carriers(each.readings),
                others=others,
            )


def any_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was there any laboratory test in a period."""
    tests = chart.of("Observation", "laboratory")
    for period in (*draw(tests, chart.now, random, 3), _month_of_life(chart, random)):
        found = period.within(tests)
        if not found or any(_is_test(each) for each in found):
            yield yes_no({"period": period.words}, found, chart, random)


def in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which laboratory tests were done in a month."""
    tests = chart.of("Observation", "laboratory")
    for period in (*_months_of(tests, random), _month_of_life(chart, random)):
        found = period.within(tests)
        if len({name(each) for each in found}) <= LONGEST_LIST and all(_is_test(each) for each in found):
            yield names_of({"period": period.words}, found, [each for each in tests if _is_test(each)])


def _is_test(observation: Resource) -> bool:
    """Whether everybody would call it a laboratory test."""
    unit = str(at(observation, "valueQuantity.unit") or "{")
    vital = "vital-signs" in categories(observation) or "pressure" in name(observation).lower()
    return bool(_SPECIMEN.search(name(observation))) or "{" not in unit and not vital


def _months_of(tests: Sequence[Resource], random: Random) -> list[Period]:
    months = sorted({day(each)[:7] for each in tests})
    return [_month(each) for each in random.sample(months, min(len(months), 12))]


def _month_of_life(chart: Chart, random: Random) -> Period:
    """Return a month in the years of the patient's life; there may be nothing in it."""
    born, end = str(chart.patient.get("birthDate") or chart.now)[:4], (chart.died or chart.now)[:4]
    year = random.randrange(int(born), max(int(end), int(born) + 1))
    return _month(f"{year}-{random.randint(1, 12):02}")


def _month(month: str) -> Period:
    year, number = int(month[:4]), int(month[5:])
    last = monthrange(year, number)[1]
    return Period(f"in {month_name[number]} {year}", f"{month}-01", f"{month}-{last}")


KINDS = (
    Kind("lab-latest", measuring.over(LABS, readings.latest, measuring.no_value)),
    Kind("lab-first", measuring.over(LABS, readings.earliest, measuring.no_value)),
    Kind("lab-previous", measuring.over(LABS, readings.previous), 2),
    Kind("lab-on-day", measuring.over(LABS, readings.on_day)),
    Kind("lab-when-latest", measuring.over(LABS, readings.when_latest, measuring.no_day)),
    Kind("lab-when-first", measuring.over(LABS, readings.when_first, measuring.no_day)),
    Kind("lab-extreme", measuring.over(LABS, readings.extreme, measuring.no_value)),
    Kind("lab-when-extreme", measuring.over(LABS, readings.when_extreme)),
    Kind("lab-mean", measuring.over(LABS, readings.mean)),
    Kind("lab-count", measuring.over(LABS, readings.count, measuring.none)),
    Kind("lab-done", measuring.over(LABS, readings.done, measuring.never)),
    Kind("lab-beyond", measuring.over(LABS, readings.beyond)),
    Kind("lab-out-of-range", measuring.over(LABS, readings.ever_out_of_range)),
    Kind("lab-latest-in-range", measuring.over(LABS, readings.latest_in_range)),
    Kind("lab-unit", measuring.over(LABS, unit)),
    Kind("lab-any-in-period", any_in_period),
    Kind("lab-tests-in-period", in_period),
    Kind("lab-reports-in-period", panels.in_period),
    Kind("lab-coded", panels.coded),
    Kind("lab-panel-when", panels.when_latest),
    Kind("lab-panel-count", panels.count),
    Kind("lab-in-panel", panels.result_in_latest, 2),
)
