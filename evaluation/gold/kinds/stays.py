"""Stays in hospital and emergency visits: how many, when, discharged when, how long (FHIR R4 Encounter).

A stay is an encounter of class IMP, an emergency visit one of class EMER. When a stay ended is not asked where its end
lies behind the clock or the death.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds import events as e
from evaluation.gold.kinds import measuring
from evaluation.gold.kinds.common import LONGEST_LIST, count, days_of, first, last, names_of, refs, yes_no
from evaluation.gold.periods import ALWAYS, Period
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, name

_STAY, _EMERGENCY = "IMP", "EMER"


def emergencies(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many emergency visits were there, of all or in a period."""
    for period, found in _in_periods(chart, random, _EMERGENCY):
        yield count({"period": period.words}, found)


def any_emergency(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was there an emergency visit, ever or in a period."""
    for period, found in _in_periods(chart, random, _EMERGENCY):
        yield yes_no({"period": period.words}, found, chart, random)


def last_emergency(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the last emergency visit, of all or in a period."""
    for period, found in _in_periods(chart, random, _EMERGENCY):
        yield days_of({"period": period.words}, last(found), chart.of("Encounter"))


def stays(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many stays in hospital began, of all or in a period."""
    for period, found in _in_periods(chart, random, _STAY):
        yield count({"period": period.words}, found)


def any_stay(chart: Chart, random: Random) -> Iterator[Gold]:
    """Did a stay in hospital begin, ever or in a period."""
    for period, found in _in_periods(chart, random, _STAY):
        yield yes_no({"period": period.words}, found, chart, random)


def last_admission(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the last admission to hospital, of all or in a period."""
    for period, found in _in_periods(chart, random, _STAY):
        yield days_of({"period": period.words}, last(found), chart.of("Encounter"))


def admissions(chart: Chart, random: Random) -> Iterator[Gold]:
    """On which days were the admissions to hospital, of all or in a period."""
    spare = [day(each) for each in chart.of("Encounter") if at(each, "class.code") != _STAY]
    near = [f"{int(chart.now[:4]) - years}-{random.randint(1, 12):02}-15" for years in range(1, 6)]
    for period, found in _in_periods(chart, random, _STAY):
        days = tuple(day(each) for each in found)
        if len(set(days)) == len(days) <= LONGEST_LIST:
            yield e.lists(
                Gold(slots={"period": period.words}, answer=days, resources=refs(found)),
                [*random.sample(spare, min(len(spare), 6)), *near],
            )


def discharge(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the discharge from the last stay, or from the first."""
    days = dict.fromkeys(day(visit) for visit in chart.of("Encounter"))
    for which, stay in _ended(chart):
        others = tuple((each,) for each in days if each != _end(stay))
        yield Gold(slots={"which": which}, answer=(_end(stay),), resources=refs([stay]), others=others)
    if not _of(chart, _STAY):
        for which in ("last", "first"):
            yield Gold(
                slots={"which": which}, answer=(), others=measuring.no_day(("",), chart, random).others
            )


def length(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many days lie between admission and discharge of the last stay, or of the first."""
    for which, stay in _ended(chart):
        days = (date.fromisoformat(_end(stay)) - date.fromisoformat(day(stay))).days
        yield Gold(slots={"which": which}, answer=(days,), unit="days", resources=refs([stay]))
    if not _of(chart, _STAY):
        others = tuple((each,) for each in (2, 4, 7, 9))
        for which in ("last", "first"):
            yield Gold(slots={"which": which}, answer=(), unit="days", others=others)


def during(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which procedures were done during the last stay, or the first; those of its days belong to it."""
    for which, stay in _ended(chart):
        done = Period("", day(stay), _end(stay)).within(chart.of("Procedure"))
        there = all(chart.target(str(at(each, "encounter.reference") or "")) is stay for each in done)
        if there and len({name(each) for each in done}) <= LONGEST_LIST:
            gold = names_of({"which": which}, done, e.unlike(chart.of("Procedure"), done))
            yield e.also(gold, chart.absent("Procedure"))


def _in_periods(chart: Chart, random: Random, code: str) -> Iterator[tuple[Period, list[Resource]]]:
    """Yield all of the record and some periods, each with the visits of a class."""
    found = _of(chart, code)
    for period in (ALWAYS, *e.spans(found, chart, random, 3)):
        yield period, period.within(found)


def _of(chart: Chart, code: str) -> list[Resource]:
    return [each for each in chart.of("Encounter") if at(each, "class.code") == code]


def _ended(chart: Chart) -> Iterator[tuple[str, Resource]]:
    """Yield the last and the first stay, where everything about their end is known."""
    found = _of(chart, _STAY)
    for which, (stay, *more) in (("last", last(found)), ("first", first(found))) if found else ():
        if not more and "" < _end(stay) < chart.now and (not chart.died or _end(stay) <= chart.died):
            yield which, stay


def _end(stay: Resource) -> str:
    return str(at(stay, "period.end") or "")[:10]


KINDS = (
    Kind("emergency-count", emergencies),
    Kind("emergency-any", any_emergency),
    Kind("emergency-last", last_emergency),
    Kind("stay-count", stays),
    Kind("stay-any", any_stay),
    Kind("stay-last", last_admission),
    Kind("stay-days", admissions),
    Kind("stay-discharge", discharge),
    Kind("stay-length", length),
    Kind("stay-procedures", during, 2),
)
