"""Procedures and visits -> what is asked of both alike: ever, when, how often, why, during which period.

A name that could also mean a thing of another type in the record is not used, and neither is a code that the record
calls by different names: its names may mean different things.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.kinds.common import Slots, count, days_of, first, last, lists_like, refs, yes_no
from evaluation.gold.kinds.measuring import Absent, Questions
from evaluation.gold.periods import ALWAYS, Period, draw
from evaluation.gold.question import Gold
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, moment, name, untagged
from evaluation.gold.text import askable, could_mean, words

Ask = Callable[[Concept, Chart, Random], Iterator[Gold]]

STRANGERS = ("Dr. Alicia Moreno", "Dr. Peter Hahn", "Dr. Ruth Okafor", "Dr. Simon Blake")
"""Names of nobody, for wrong choices where the record knows too few."""

_ABSENT = 12
_ENOUGH = 4
_OTHERS = ("Condition", "Observation", "DiagnosticReport", "ImagingStudy", "Procedure", "Encounter", "CarePlan")
_INTERNAL = re.compile(r"_|\d|^[a-z]|\b(Condition|Diagnosis|Start)\b")
"""Reasons in the words of a simulator's source code, e.g. "Medication_Review_Due"."""


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one type that people ask for by name.

    Attributes:
        kind: the FHIR type.
        not_asked: matches names by which nobody would ask.
    """

    kind: str
    not_asked: re.Pattern[str]

    def things(self, chart: Chart) -> Sequence[Concept]:
        """Return what the chart holds."""
        return [each for each in _clear(chart, self.kind) if not self.not_asked.search(each.names[0])]

    def missing(self, chart: Chart) -> list[str]:
        """Return names of what only other charts hold."""
        return [
            each
            for each in chart.absent(self.kind)
            if askable(each) and not self.not_asked.search(each) and words(each)
        ]


def over(group: Group, ask: Ask, absent: Absent | None = None) -> Questions:
    """Return the questions about each thing in a chart, and about some things that it does not hold."""

    def questions(chart: Chart, random: Random) -> Iterator[Gold]:
        for concept in group.things(chart):
            yield from ask(concept, chart, random)
        if absent:
            missing = group.missing(chart)
            for unheard in random.sample(missing, min(len(missing), _ABSENT)):
                yield absent((unheard,), chart, random)

    return questions


@lru_cache(maxsize=4)
def _clear(chart: Chart, kind: str) -> tuple[Concept, ...]:
    """Return the concepts of a type under the names that nothing else in the chart could have."""
    others: dict[str, set[str]] = {}
    for other in _OTHERS:
        for each in chart.of(other) if other != kind else ():
            for named in (name(each), str(at(each, "category.coding.display") or "")):
                others.setdefault(named, set()).add(day(each))
    kept = (_unmistakable(concept, others) for concept in chart.concepts(kind))
    return tuple(concept for concept in kept if concept.names)


def _unmistakable(concept: Concept, others: dict[str, set[str]]) -> Concept:
    """Leave out names of other things; one that was always on the same days gives the same answers."""
    days = {day(each) for each in concept.resources}
    recorded = {untagged(each) for each in concept.recorded}
    synonyms = recorded if len({words(each) for each in recorded}) > 1 else set()
    names = (
        each
        for each in concept.names
        if each not in synonyms
        and not any(could_mean(each, other) and on != days for other, on in others.items())
    )
    return replace(concept, names=tuple(names))


def spans(events: Sequence[Resource], chart: Chart, random: Random, most: int) -> list[Period]:
    """Return some periods to ask about: drawn from the events, from the visits where there are none, from birth."""
    born = {"resourceType": "Encounter", "period": {"start": chart.patient.get("birthDate", "")}}
    return draw(events or chart.of("Encounter") or [born], chart.now, random, most)


def ever(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it ever done."""
    yield yes_no({"x": concept.names}, concept.resources, chart, random)


def within(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it done in a period."""
    for period in draw(concept.resources, chart.now, random, 2):
        found = period.within(concept.resources)
        yield yes_no({"x": concept.names, "period": period.words}, found, chart, random)


def when_first(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it first done."""
    yield days_of({"x": concept.names}, first(concept.resources), _nearest(concept, chart))


def when_last(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it last done."""
    yield days_of({"x": concept.names}, last(concept.resources), _nearest(concept, chart))


def _nearest(concept: Concept, chart: Chart) -> Sequence[Resource]:
    """Return the events whose days could be mistaken for those of a thing."""
    return concept.resources if len(concept.resources) > 4 else chart.of("Encounter")


def times(concept: Concept, chart: Chart, random: Random) -> Iterator[Gold]:
    """How often was it done; what is written twice at a moment is not counted."""
    if once_a_moment(concept.resources):
        for period in (ALWAYS, *draw(concept.resources, chart.now, random, 1)):
            yield count({"x": concept.names, "period": period.words}, period.within(concept.resources))


def once_a_moment(events: Sequence[Resource]) -> bool:
    """Whether nothing is written twice at the same moment."""
    return len({(name(each), moment(each)) for each in events}) == len(events)


def reasons(event: Resource) -> list[str] | None:
    """Return the reasons of a procedure or visit as recorded, each once; None if one of them is not readable."""
    given = [*(event.get("reasonReference") or ()), *(event.get("reasonCode") or ())]
    said = [
        str(each.get("display") or at(each, "coding.display") or each.get("text") or "") for each in given
    ]
    if not all(said) or any(_INTERNAL.search(each) for each in said if each):
        return None
    return list(dict.fromkeys(said))


def visit_of(event: Resource, chart: Chart) -> Resource | None:
    """Return the visit at which something was done, None if it is not in the record or was on another day."""
    visit = chart.target(str(at(event, "encounter.reference") or ""))
    return visit if visit and visit in chart.of("Encounter") and day(visit) == day(event) else None


def person(practitioner: Resource) -> tuple[str, ...]:
    """Return the name of a practitioner, with and without titles; nothing if there is none.

    >>> person({"name": [{"prefix": ["Dr."], "given": ["Ann", "B."], "family": "Lee"}]})
    ('Dr. Ann B. Lee', 'Ann B. Lee')
    """
    given = (practitioner.get("name") or [{}])[0]
    plain = " ".join([*(given.get("given") or ()), *filter(None, [given.get("family")])])
    titled = " ".join([*(given.get("prefix") or ()), plain])
    return tuple(dict.fromkeys((titled, plain))) if plain else ()


def who(slots: Slots, visit: Resource, practitioner: Resource, chart: Chart) -> Gold:
    """Return who saw the patient at a visit; the wrong choices are others who did."""
    others = (person(each)[0] for each in chart.of("Practitioner") if person(each))
    gold = Gold(
        slots=slots, answer=person(practitioner), match="any", resources=refs([visit, practitioner])
    )
    return also(gold, [*others, *STRANGERS])


def practitioner_of(visit: Resource, chart: Chart) -> Resource | None:
    """Return who saw the patient at a visit, None if that is not one known person."""
    (only, *more) = visit.get("participant") or [{}]
    seen_by = None if more else chart.target(str(at(only, "individual.reference") or ""))
    return seen_by if seen_by and seen_by["resourceType"] == "Practitioner" and person(seen_by) else None


def alone_on_their_day(chart: Chart) -> list[Resource]:
    """Return the visits that were the only one of their day."""
    visits = chart.of("Encounter")
    days = Counter(day(each) for each in visits)
    return [each for each in visits if days[day(each)] == 1 and len(day(each)) == 10]


def also(gold: Gold, wrong: Iterable[str]) -> Gold:
    """Return a gold answer with more names as wrong choices, where it has too few of its own."""
    more = tuple((each,) for each in dict.fromkeys(wrong) if each and each not in gold.answer)
    return gold if len(gold.others) >= _ENOUGH else replace(gold, others=(*gold.others, *more))


def lists(gold: Gold, spare: Sequence[str]) -> Gold:
    """Return a gold list with almost right lists as wrong choices: one missing, one more, one exchanged."""
    more = [each for each in dict.fromkeys(spare) if each not in gold.answer]
    if len(gold.answer) < 2:
        return replace(gold, others=tuple((each,) for each in more))
    return replace(gold, others=tuple(lists_like(gold.answer, more)))


def resting_on(gold: Gold, events: Iterable[Resource]) -> Gold:
    """Return a gold answer that other events carry as well."""
    return replace(gold, resources=tuple(dict.fromkeys((*refs(events), *gold.resources))))
