"""Visits: first and last, how many, of which kind, why, with whom and where; with hospital stays and costs.

FHIR R4 Encounter, with the Practitioner and Organization that it names. A call is not everybody's visit and neither
is what was written after death: whatever would depend on them is not asked.
"""

import re
from collections import Counter
from collections.abc import Iterator
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds import costs, measuring, stays
from evaluation.gold.kinds import events as e
from evaluation.gold.kinds import visits as v
from evaluation.gold.kinds.common import count, days_of, first, last, names_of, refs, yes_no
from evaluation.gold.periods import ALWAYS, Period, draw
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, name

_NOT_ASKED = re.compile(r"emergency|admission|inpatient|death|procedure$|disorder$", re.IGNORECASE)
TYPES = e.Group("Encounter", _NOT_ASKED)
_AT_HOME = "HH"
_PLACES = (
    "Riverside Clinic",
    "Lakeview Medical Center",
    "Northgate Family Practice",
    "Harbor Street Hospital",
)
_DRAWN = 12


def latest(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the last visit, of all or in a period."""
    for period, found in _in_periods(chart, random, 2):
        yield days_of({"period": period.words}, last(found), chart.of("Encounter"))


def earliest(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the first visit, of all or in a period."""
    for period, found in _in_periods(chart, random, 2):
        yield days_of({"period": period.words}, first(found), chart.of("Encounter"))


def number(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many visits were there, of all or in a period."""
    for period, found in _in_periods(chart, random, 4):
        yield count({"period": period.words}, found)


def any_visit(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was there any visit in a period."""
    for period, found in _in_periods(chart, random, 4):
        if period is not ALWAYS:
            yield yes_no({"period": period.words}, found, chart, random)


def kind_of_last(chart: Chart, random: Random) -> Iterator[Gold]:
    """Of which kind was the last visit, of all or in a period."""
    for period, found in _in_periods(chart, random, 3):
        right = last(found)
        gold = names_of({"period": period.words}, right, e.unlike(chart.of("Encounter"), right), "any")
        if all(gold.answer):
            yield e.also(gold, chart.absent("Encounter"))


def kind_on_day(chart: Chart, random: Random) -> Iterator[Gold]:
    """Of which kind was the only visit of a day."""
    for words, visit in _single(chart, random):
        if name(visit):
            gold = names_of({"visit": words}, [visit], e.unlike(chart.of("Encounter"), [visit]), "any")
            yield e.also(gold, chart.absent("Encounter"))


def _in_periods(chart: Chart, random: Random, most: int) -> Iterator[tuple[Period, list[Resource]]]:
    """Yield periods with their visits, where everybody would call them visits."""
    visits = chart.of("Encounter")
    for period in (ALWAYS, *e.spans(visits, chart, random, most)):
        found = period.within(visits)
        if all(v.is_visit(each, chart) for each in found):
            yield period, found


def reason(chart: Chart, random: Random) -> Iterator[Gold]:
    """Why was the last visit, or the only one of a day; without a reason the kind of visit would pass for one."""
    others = [each for visit in chart.of("Encounter") for each in v.reasons(visit) or ()]
    for words, visit in _single(chart, random):
        if why := v.reasons(visit):
            gold = Gold(slots={"visit": words}, answer=tuple(why), resources=refs([visit]))
            yield e.also(e.also(gold, others), v.other_reasons(visit, chart))


def practitioner(chart: Chart, random: Random) -> Iterator[Gold]:
    """Who saw the patient at the last visit, or at the only one of a day."""
    for words, visit in _single(chart, random):
        yield from v.who({"visit": words}, visit, chart)


def organization(chart: Chart, random: Random) -> Iterator[Gold]:
    """At which organization was the last visit, or the only one of a day."""
    others = [name for each in chart.of("Encounter") if (name := _place(each, chart)[0])]
    for words, visit in _single(chart, random):
        named, carrying = _place(visit, chart)
        if named:
            gold = Gold(slots={"visit": words}, answer=(named,), resources=refs(carrying))
            yield e.also(e.also(gold, others), _PLACES)


def _place(visit: Resource, chart: Chart) -> tuple[str, list[Resource]]:
    """Return the name of the organization of a visit and what carries it, "" if it is not known."""
    provider = visit.get("serviceProvider") or {}
    place = chart.target(str(provider.get("reference") or ""))
    if provider.get("display"):
        return str(provider["display"]), [visit]
    return (str(place.get("name") or ""), [visit, place]) if place else ("", [])


def _single(chart: Chart, random: Random) -> Iterator[tuple[str, Resource]]:
    """Yield the last visit and some that were the only one of their day, with the words for them."""
    alone = [each for each in v.alone_on_their_day(chart) if v.is_visit(each, chart)]
    if alone and alone[-1] is chart.of("Encounter")[-1]:
        yield "most recent visit", alone[-1]
    for visit in random.sample(alone, min(len(alone), _DRAWN)):
        yield f"visit on {random.choice(measuring.spoken(day(visit)))}", visit


def visits_with(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many visits were there with a practitioner, of all or in a period."""
    for names, visits in _by_practitioner(chart):
        for period in (ALWAYS, *draw(visits, chart.now, random, 1)):
            yield count({"x": names, "period": period.words}, period.within(visits))


def last_seen_by(chart: Chart, random: Random) -> Iterator[Gold]:
    """When did a practitioner see the patient last."""
    for names, visits in _by_practitioner(chart):
        yield days_of({"x": names}, last(visits), chart.of("Encounter"))


def ever_seen_by(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was the patient ever seen by a practitioner."""
    for names, visits in _by_practitioner(chart):
        yield yes_no({"x": names}, visits, chart, random)


def _by_practitioner(chart: Chart) -> Iterator[tuple[tuple[str, ...], list[Resource]]]:
    """Yield practitioners whose name is theirs alone with their visits, and some who never saw the patient."""
    namesakes = Counter(e.person(each)[-1:] for each in chart.of("Practitioner"))
    seen: dict[tuple[str, ...], list[Resource]] = {}
    for visit in chart.of("Encounter"):
        seen.setdefault(v.practitioner_of(visit, chart)[0], []).append(visit)
    for names, visits in seen.items():
        if names and namesakes[names[-1:]] < 2 and all(v.is_visit(each, chart) for each in visits):
            yield names, visits
    for stranger in e.STRANGERS:
        if not any(stranger in names for names in seen):
            yield (stranger,), []


def remote(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was there any visit by phone or video, ever or in a period."""
    yield from _of_class(chart, random, v.REMOTE, r"phone|virtual|video|tele", "phone or video visit")


def at_home(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was there any home visit, ever or in a period."""
    yield from _of_class(chart, random, _AT_HOME, r"home", "home visit")


def _of_class(chart: Chart, random: Random, code: str, named: str, words: str) -> Iterator[Gold]:
    """Ask for visits of a class; not where the name of another class says the same."""
    of_class = [each for each in chart.of("Encounter") if at(each, "class.code") == code]
    spoken = [each for each in chart.of("Encounter") if re.search(named, name(each), re.IGNORECASE)]
    for period in (ALWAYS, *e.spans(of_class, chart, random, 2)) if spoken == of_class else ():
        yield yes_no({"x": words, "period": period.words}, period.within(of_class), chart, random)


KINDS = (
    Kind("visit-last", latest),
    Kind("visit-first", earliest),
    Kind("visits-count", number),
    Kind("visits-any-in-period", any_visit),
    Kind("visit-kind-of-last", kind_of_last),
    Kind("visit-kind-on-day", kind_on_day),
    Kind("visit-type-ever", e.over(TYPES, e.ever, e.never)),
    Kind("visit-type-last", e.over(TYPES, e.when_last, e.no_day)),
    Kind("visit-type-count", e.over(TYPES, e.times, e.none)),
    Kind("visit-reason", reason),
    Kind("visit-practitioner", practitioner, 2),
    Kind("visit-organization", organization, 2),
    Kind("visits-with", visits_with, 2),
    Kind("practitioner-last-seen", last_seen_by, 2),
    Kind("practitioner-ever-seen", ever_seen_by, 2),
    Kind("visit-remote", remote),
    Kind("visit-at-home", at_home),
    *stays.KINDS,
    *costs.KINDS,
)
