"""Procedures: ever, first, last, how often, why, at which visit and with whom; with imaging, supplies, plans.

FHIR R4 Procedure, with its Encounter. Left out: outcome, complication, and reasons in a simulator's own words.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.kinds import events as e
from evaluation.gold.kinds import imaging, measuring, plans, supplies
from evaluation.gold.kinds import visits as v
from evaluation.gold.kinds.common import absent_diagnoses, count, first, last, names_of, refs, yes_no
from evaluation.gold.periods import ALWAYS, Period
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import day, name

_PAPERWORK = (
    r"admission|certification|discharge|documentation|information gathering|notifications|^patient referral"
)
_LABORATORY = r"hemogram|blood count|CD4|viral load|laboratory|urinalysis"
_ELSEWHERE = r"parturition|birth|^face mask|consultation for treatment"
PROCEDURES = e.Group("Procedure", re.compile(rf"{_PAPERWORK}|{_LABORATORY}|{_ELSEWHERE}", re.IGNORECASE))
"""Not asked for by name: paperwork, what is a laboratory result as well, what is no procedure to most people."""

_SHORT = 5


def any_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was any procedure done in a period."""
    done = chart.of("Procedure")
    for period in e.spans(done, chart, random, 4):
        yield yes_no({"period": period.words}, period.within(done), chart, random)


def number_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many procedures were done in a period; what is written twice at a moment is not counted."""
    done = chart.of("Procedure")
    for period in e.spans(done, chart, random, 5):
        if e.once_a_moment(found := period.within(done)):
            yield count({"period": period.words}, found)


def in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which procedures were done in a period."""
    done = chart.of("Procedure")
    for _ in range(8):
        for period in e.spans(done, chart, random, 3):
            found = period.within(done)
            if len({name(each) for each in found}) <= _SHORT:
                yield _also(names_of({"period": period.words}, found, e.unlike(done, found)), chart)


def first_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which procedure was the first, of all or in a period."""
    done = chart.of("Procedure")
    for period in (ALWAYS, *e.spans(done, chart, random, 2)):
        yield _one(period, first(period.within(done)), chart)


def last_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which procedure was the last, of all or in a period."""
    done = chart.of("Procedure")
    for period in (ALWAYS, *e.spans(done, chart, random, 2)):
        yield _one(period, last(period.within(done)), chart)


def _one(period: Period, found: Sequence[Resource], chart: Chart) -> Gold:
    """Return any of the procedures at a moment as a gold answer."""
    others = e.unlike(chart.of("Procedure"), found)
    return _also(names_of({"period": period.words}, found, others, "any"), chart)


def _also(gold: Gold, chart: Chart) -> Gold:
    """Add procedures of other records to the wrong choices."""
    return e.also(gold, chart.absent("Procedure"))


def reason(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """Why was it last done; that there is no reason is asked only where its visit has none, too."""
    (latest, *more) = last(concept.resources)
    why, visit = v.reasons(latest), v.visit_of(latest, chart)
    if not more and (why or why == [] and visit and v.reasons(visit) == []):
        others = [each for done in chart.of("Procedure") for each in v.reasons(done) or ()]
        gold = Gold(slots={"x": concept.names}, answer=tuple(why), resources=refs([latest]))
        yield e.also(gold, [*others, *v.other_reasons(latest, chart)])


def kind_of_visit(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """At what kind of visit was it last done."""
    for latest, visit in _last_visit(concept, chart):
        gold = names_of({"x": concept.names}, [visit], e.unlike(chart.of("Encounter"), [visit]), "any")
        yield e.also(e.resting_on(gold, [latest]), chart.absent("Encounter"))


def practitioner(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """Who saw the patient at the visit at which it was last done."""
    for latest, visit in _last_visit(concept, chart):
        for gold in v.who({"x": concept.names}, visit, chart):
            yield e.resting_on(gold, [latest])


def _last_visit(concept: Concept, chart: Chart) -> Iterator[tuple[Resource, Resource]]:
    """Yield the last time something was done with its visit, where that is one of each."""
    (latest, *more) = last(concept.resources)
    visit = v.visit_of(latest, chart)
    if visit and name(visit) and not more:
        yield latest, visit


def at_visit(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which procedures were done at the only visit of a day."""
    visits = v.alone_on_their_day(chart)
    for visit in random.sample(visits, min(len(visits), 40)):
        found = [each for each in chart.of("Procedure") if day(each) == day(visit)]
        there = all(v.visit_of(each, chart) is visit for each in found)
        if there and len({name(each) for each in found}) <= _SHORT:
            slots = {"day": measuring.spoken(day(visit))}
            yield _also(names_of(slots, found, e.unlike(chart.of("Procedure"), found)), chart)


def _nothing(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask for the reason of what was never done."""
    return e.also(Gold(slots={"x": asked}, answer=()), absent_diagnoses(chart))


KINDS = (
    Kind("procedure-ever", e.over(PROCEDURES, e.ever, e.never)),
    Kind("procedure-in-period", e.over(PROCEDURES, e.within)),
    Kind("procedure-first", e.over(PROCEDURES, e.when_first, e.no_day)),
    Kind("procedure-last", e.over(PROCEDURES, e.when_last, e.no_day)),
    Kind("procedure-count", e.over(PROCEDURES, e.times, e.none)),
    Kind("procedures-any-in-period", any_in_period),
    Kind("procedures-number-in-period", number_in_period),
    Kind("procedures-in-period", in_period),
    Kind("procedures-first", first_of_all),
    Kind("procedures-last", last_of_all),
    Kind("procedure-reason", e.over(PROCEDURES, reason, _nothing)),
    Kind("procedure-kind-of-visit", e.over(PROCEDURES, kind_of_visit), 2),
    Kind("procedure-practitioner", e.over(PROCEDURES, practitioner), 3),
    Kind("procedures-at-visit", at_visit, 2),
    *imaging.KINDS,
    *supplies.KINDS,
    *plans.KINDS,
)
