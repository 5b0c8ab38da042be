"""Panels (FHIR R4 DiagnosticReport of a laboratory) and results that are no numbers."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.kinds import common
from evaluation.gold.kinds.measuring import is_thing, no_day, series_in, value
from evaluation.gold.periods import ALWAYS, draw
from evaluation.gold.question import Gold
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, categories, codings, moment, name, untagged
from evaluation.gold.text import askable, words

_LABORATORY = {"LAB", "laboratory"}
_PAPER = re.compile("certificate|note|narrative", re.IGNORECASE)
_ABOUT_LIFE = {  # LOINC: items of PRAPARE (93025-5), which nobody calls a result
    "32624-9",
    "54899-0",
    "56799-0",
    "67875-5",
    "71802-3",
    "76437-3",
    "82589-3",
    "93038-8",
}


def when_latest(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was a panel last done; panels that only others have are asked for, too."""
    for panel in _panels(chart):
        yield common.days_of({"x": panel.names}, common.last(panel.resources), chart.of("DiagnosticReport"))
    for absent in _absent(chart):
        yield no_day((absent,), chart, random)


def count(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many times was a panel done, of what is reported once at a moment."""
    for panel in _panels(chart):
        if len({moment(each) for each in panel.resources}) == len(panel.resources):
            for period in (ALWAYS, *draw(panel.resources, chart.now, random, 1)):
                slots: common.Slots = {"x": panel.names, "period": period.words}
                yield common.count(slots, period.within(panel.resources))
    for absent in _absent(chart):
        yield common.count({"x": absent, "period": ""}, [])


def result_in_latest(chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the value of a test in the latest panel of a kind."""
    found = series_in(chart, vital=False)
    for panel in _panels(chart):
        (report, *more) = common.last(panel.resources)
        results = {f"Observation/{each['id']}" for each in _results(report, chart)}
        for series in found if not more else ():
            right = [each for each in series.readings if results & set(each.resources)]
            if len(right) == 1:
                yield value({"x": panel.names, "y": series.names}, series, right)


def in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which diagnostic reports are there of a period, whatever they are about."""
    reports = chart.of("DiagnosticReport")
    for period in (period for _ in range(4) for period in draw(reports, chart.now, random)):
        found = period.within(reports)
        if len({name(each) for each in found}) <= common.LONGEST_LIST:
            yield from common.nameless([common.names_of({"period": period.words}, found, reports)])


def coded(chart: Chart, random: Random) -> Iterator[Gold]:
    """What was the latest result that is no number, e.g. the colour of urine, of all or in a period."""
    found = [each for each in chart.concepts("Observation", "laboratory") if _one_result_a_moment(each)]
    others = dict.fromkeys(_text(result) for concept in found for result in concept.resources)
    for concept in found:
        for period in (ALWAYS, *draw(concept.resources, chart.now, random, 1)):
            right = common.last(period.within(concept.resources))
            yield Gold(
                slots={"x": concept.names, "period": period.words},
                answer=tuple(dict.fromkeys(_text(each) for each in right)),
                resources=common.refs(right),
                others=tuple((each,) for each in others),
            )


def _panels(chart: Chart) -> list[Concept]:
    """Return the laboratory's panels whose name is not that of an Observation as well."""
    tests = {name(each) for each in chart.of("Observation")}
    reports = [each for each in chart.concepts("DiagnosticReport") if _of_laboratory(each.resources, chart)]
    return [_sharply_named(each) for each in reports if not tests & set(each.recorded)]


def _absent(chart: Chart) -> list[str]:
    """Return panels that other records hold, and of which this one has neither a report nor a result."""
    tests = {word for each in chart.of("Observation") for word in words(name(each))} - {"panel"}
    named = (each for each in chart.absent("DiagnosticReport") if askable(each) and not _PAPER.search(each))
    return [each for each in named if not words(each) & tests]


def _of_laboratory(reports: Sequence[Resource], chart: Chart) -> bool:
    """Whether all reports are the laboratory's, by their category and by that of their results."""
    results = (result for each in reports for result in _results(each, chart))
    filed = all(categories(each) & _LABORATORY for each in reports)
    return filed and all(categories(each) & _LABORATORY for each in results)


def _sharply_named(panel: Concept) -> Concept:
    """Leave out the recorded names of a panel that is recorded under several codes: each means one of them."""
    codes = {coding.get("code") for each in panel.resources for coding in codings(each)}
    recorded = {untagged(each) for each in panel.recorded} if len(codes) > 1 else ()
    return Concept(tuple(each for each in panel.names if each not in recorded), panel.resources)


def _results(report: Resource, chart: Chart) -> list[Resource]:
    found = (chart.target(str(at(link, "reference") or "")) for link in report.get("result") or ())
    return [each for each in found if each]


def _one_result_a_moment(concept: Concept) -> bool:
    results = {(moment(each), _text(each)) for each in concept.resources}
    codes = {coding.get("code") for each in concept.resources for coding in codings(each)}
    return (
        all(text for _, text in results)
        and len({time for time, _ in results}) == len(results)
        and not codes & _ABOUT_LIFE
        and is_thing(concept.names[0])
    )


def _text(result: Resource) -> str:
    """Return a result in words as recorded, "" if it is a number or not there."""
    concept = "valueCodeableConcept"
    said = (
        at(result, f"{concept}.coding.display") or at(result, f"{concept}.text") or result.get("valueString")
    )
    return str(said or "")
