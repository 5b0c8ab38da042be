"""Medications: prescribed or not, when, how often, current or stopped, lists of a period (FHIR R4 MedicationRequest).

The dead are not asked whether they still take something.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.drugs import drugs, prescriptions
from evaluation.gold.kinds import administrations, dosing, prescribing
from evaluation.gold.kinds.common import (
    LONGEST_LIST,
    Slots,
    count,
    days_of,
    first,
    last,
    names_of,
    refs,
    statement,
    yes_no,
)
from evaluation.gold.kinds.measuring import spoken
from evaluation.gold.kinds.unheard import unprescribed
from evaluation.gold.periods import ALWAYS, Period, draw
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import codings, day, name

_ABSENT = 4
_SHORT_LIST = 5
_ENOUGH = 3
_TOLD = {"active": "Yes, it is active", "stopped": "No, it was stopped", "completed": "No, it was completed"}
_NEVER = "It was never prescribed"


def ever(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it ever prescribed, or in a period; things that only others have are asked for, too."""
    for drug, period, found in _in_periods(chart, random):
        yield yes_no({"x": drug.names, "period": period.words}, found, chart, random)
    for names in unprescribed(chart, random, _ABSENT):
        yield yes_no({"x": names, "period": ""}, [], chart, random)


def first_time(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it first prescribed."""
    for drug in drugs(chart):
        yield days_of({"x": drug.names}, first(drug.resources), prescriptions(chart))


def last_time(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it last prescribed, of all or in a period in which it was."""
    for drug, period, found in _in_periods(chart, random):
        if found:
            yield days_of({"x": drug.names, "period": period.words}, last(found), prescriptions(chart))


def how_often(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many times was it prescribed."""
    for drug, period, found in _in_periods(chart, random):
        yield count({"x": drug.names, "period": period.words}, found)
    for names in unprescribed(chart, random, _ABSENT):
        yield count({"x": names, "period": ""}, [])


def still_taken(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is it still taken."""
    for drug, status in _states(chart):
        wrong = [*(told for each, told in _TOLD.items() if each != status), _NEVER]
        yield statement({"x": drug.names}, status == "active", _TOLD[status], wrong, _carrying(drug, status))


def stopped(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it stopped; one that was stopped and prescribed again could be a yes and a no."""
    told = {"active": "No, it is still active", "stopped": "Yes, it was stopped"}
    for drug, status in _states(chart):
        if status in told and all(each.get("status") == status for each in drug.resources):
            wrong = [*(text for each, text in told.items() if each != status), "No, it was completed", _NEVER]
            yield statement(
                {"x": drug.names}, status == "stopped", told[status], wrong, _carrying(drug, status)
            )


def _states(chart: Chart) -> Iterator[tuple[Concept, str]]:
    """Yield drugs whose latest prescription tells whether they are taken, and no other one denies it."""
    for drug in [] if chart.died else drugs(chart):
        latest = {each.get("status") for each in last(drug.resources)}
        active = any(each.get("status") == "active" for each in drug.resources)
        if len(latest) == 1 and latest <= set(_TOLD) and active == ("active" in latest):
            yield drug, str(*latest)


def _carrying(drug: Concept, status: str) -> list[Resource]:
    """Return the active prescriptions of what is active, all of what is not."""
    return [each for each in drug.resources if status != "active" or each.get("status") == "active"]


def active_list(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which drugs are taken at present."""
    found = _active(chart)
    if not chart.died and _distinct(found) and len({name(each) for each in found}) <= LONGEST_LIST:
        yield _listed({}, found, chart)


def active_count(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many different drugs are taken at present."""
    found = _active(chart)
    if not chart.died and _distinct(found):
        yield Gold(answer=(len({name(each) for each in found}),), resources=refs(found))


def _active(chart: Chart) -> list[Resource]:
    return [each for each in prescriptions(chart) if each.get("status") == "active"]


def in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which drugs were prescribed in a period."""
    for period in _periods(chart, random, 12):
        found = period.within(prescriptions(chart))
        if _distinct(found) and len({name(each) for each in found}) <= _SHORT_LIST:
            yield _listed({"period": period.words}, found, chart)


def any_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was any drug prescribed in a period."""
    for period in _periods(chart, random, 6):
        yield yes_no({"period": period.words}, period.within(prescriptions(chart)), chart, random)


def number_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many prescriptions were there, of all or in a period."""
    for period in (ALWAYS, *_periods(chart, random, 4)):
        yield count({"period": period.words}, period.within(prescriptions(chart)))


def on_day(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which drugs were prescribed on a day, of prescriptions or of a visit without."""
    days = sorted({day(each) for each in prescriptions(chart)})
    visits = sorted({day(each) for each in chart.of("Encounter")} - set(days))
    drawn = [*random.sample(days, min(len(days), 4)), *random.sample(visits, min(len(visits), 1))]
    for each in drawn:
        found = Period(each, each, each).within(prescriptions(chart))
        if len(each) == len("2026-01-01") and _distinct(found):
            yield _listed({"day": spoken(each)}, found, chart)


def first_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which drug was prescribed first, of all or in a period in which one was."""
    for period in (ALWAYS, *_periods(chart, random, 2)):
        if found := first(period.within(prescriptions(chart))):
            yield _listed({"period": period.words}, found, chart, "any")


def last_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which drug was prescribed last, of all or in a period in which one was."""
    for period in (ALWAYS, *_periods(chart, random, 2)):
        if found := last(period.within(prescriptions(chart))):
            yield _listed({"period": period.words}, found, chart, "any")


def _in_periods(chart: Chart, random: Random) -> Iterator[tuple[Concept, Period, list[Resource]]]:
    """Yield each drug with all of its prescriptions, and with those of a period."""
    for drug in drugs(chart):
        for period in (ALWAYS, *draw(drug.resources, chart.now, random, 1)):
            yield drug, period, period.within(drug.resources)


def _periods(chart: Chart, random: Random, most: int) -> list[Period]:
    """Return some periods around prescriptions; around visits where there are none."""
    events = prescriptions(chart) or chart.of("Encounter") or [_birth(chart)]
    drawn = [period for _ in range(most) for period in draw(events, chart.now, random, 1)]
    return list({period.words: period for period in drawn}.values())


def _birth(chart: Chart) -> Resource:
    return {"resourceType": "Encounter", "period": {"start": chart.patient.get("birthDate") or chart.now}}


def _distinct(found: Sequence[Resource]) -> bool:
    """Whether names and codes tell the same drugs apart, so that everybody counts the same number."""
    names = {name(each) for each in found}
    codes = {tuple(str(coding.get("code")) for coding in codings(each)) for each in found}
    return "" not in names and len(names) == len({each.lower() for each in names}) == len(codes)


def _listed(slots: Slots, found: Sequence[Resource], chart: Chart, match: str = "all") -> Gold:
    """Return names of drugs as a gold answer; where a record has too few others, unheard names are added."""
    gold = names_of(slots, found, prescriptions(chart), match)
    if len(gold.others) >= _ENOUGH:
        return gold
    more = [(each[0],) for each in unprescribed(chart, Random(chart.id), 5)]
    return replace(gold, others=(*gold.others, *more))


KINDS = (
    Kind("medication-ever", ever),
    Kind("medication-first-time", first_time),
    Kind("medication-last-time", last_time),
    Kind("medication-count", how_often),
    Kind("medication-still-taken", still_taken),
    Kind("medication-stopped", stopped),
    Kind("medications-active", active_list),
    Kind("medications-active-count", active_count),
    Kind("medications-in-period", in_period),
    Kind("medications-any-in-period", any_in_period),
    Kind("medications-number-in-period", number_in_period),
    Kind("medications-on-day", on_day),
    Kind("medications-first", first_of_all),
    Kind("medications-last", last_of_all),
    *prescribing.KINDS,
    *dosing.KINDS,
    *administrations.KINDS,
)
