"""Procedures and visits -> what is asked of both alike: ever, when, how often, why, during which period.

A name that could also mean a thing of another type in the record is not used, and neither is a code that the record
calls by different names: its names may mean different things.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.kinds import measuring
from evaluation.gold.kinds.common import count, days_of, first, last, lists_like, refs, yes_no
from evaluation.gold.kinds.measuring import Absent, Questions
from evaluation.gold.periods import ALWAYS, Period, draw
from evaluation.gold.question import Gold
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, codings, day, moment, name, untagged
from evaluation.gold.text import askable, could_mean, words

Ask = Callable[[Concept, Chart, Random], Iterator[Gold]]

STRANGERS = ("Dr. Alicia Moreno", "Dr. Peter Hahn", "Dr. Ruth Okafor", "Dr. Simon Blake")
"""Names of nobody, for wrong choices where the record knows too few."""

_ABSENT = 12
_ENOUGH = 4
_STEM = 7
_WOMEN = (
    r"abort|antenatal|breast|cesarean|childbirth|episiotomy|contracepti|f[eo]tal|intrauterine|labor\b|mammogra"
    r"|obstetric|placent|postnatal|pregnan|prenatal|tubal|uter|rhd"
)
_MEN = r"prostat|vasectomy"
_OF_ONE_SEX = re.compile(f"{_WOMEN}|{_MEN}", re.IGNORECASE)
_OF_THE_OTHER_SEX = {
    "male": re.compile(_WOMEN, re.IGNORECASE),
    "female": re.compile(_MEN, re.IGNORECASE),
}
_TEST = re.compile(r"assay|antigen|count|culture|function|measure|screen|spirometry|test\b", re.IGNORECASE)
_OTHERS = (
    "Condition",
    "Observation",
    "DiagnosticReport",
    "ImagingStudy",
    "Procedure",
    "Encounter",
    "CarePlan",
)


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
        """Return names of what only other charts hold, tests left out: the same test may have another name here."""
        recorded = [each for concept in chart.concepts(self.kind) for each in concept.recorded]
        planned = [named for plan in chart.of("CarePlan") for named in _kinds(plan)]
        stems = {stem for each in (*recorded, *planned) for stem in _stems(each)}
        sex = _OF_THE_OTHER_SEX.get(str(chart.patient.get("gender")), _OF_ONE_SEX)
        unheard = (each for each in chart.absent(self.kind) if askable(each) and not stems & _stems(each))
        odd = (self.not_asked, _TEST, sex)
        return [each for each in unheard if not any(pattern.search(each) for pattern in odd)]


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


def _stems(named: str) -> set[str]:
    """Return how the words of a name begin: "echocardiogram" and "echocardiography" begin alike."""
    return {word[:_STEM] for word in words(named)}


@lru_cache(maxsize=4)
def _clear(chart: Chart, kind: str) -> tuple[Concept, ...]:
    """Return the concepts of a type under the names that nothing else in the chart could have."""
    others: dict[str, set[str]] = {}
    for other in _OTHERS:
        for each in chart.of(other) if other != kind else ():
            for named in (name(each), *_kinds(each)):
                others.setdefault(named, set()).add(day(each))
    kept = (_unmistakable(concept, others) for concept in chart.concepts(kind))
    return tuple(concept for concept in kept if concept.names)


def _kinds(resource: Resource) -> list[str]:
    """Return the names of a resource's categories, by which a care plan is known."""
    given = resource.get("category") or ()
    concepts = given if isinstance(given, list) else [given]
    return [str(at(each, "coding.display") or "") for each in concepts if isinstance(each, dict)]


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


def never(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask whether it was done, of what was not."""
    return yes_no({"x": asked}, [], chart, random)


def none(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask how often it was done, of what was not."""
    return count({"x": asked, "period": ""}, [])


def no_day(asked: tuple[str, ...], chart: Chart, random: Random) -> Gold:
    """Ask for the day of what was never done."""
    return replace(measuring.no_day(asked, chart, random), slots={"x": asked})


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


def unlike(events: Iterable[Resource], right: Iterable[Resource]) -> list[Resource]:
    """Return events that share no code with the right ones: the same code under another name is right, too."""
    codes = {coding.get("code") for each in right for coding in codings(each)}
    return [each for each in events if not codes & {coding.get("code") for coding in codings(each)}]


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


def person(practitioner: Resource) -> tuple[str, ...]:
    """Return the name of a practitioner, with and without title; nothing if there is none.

    >>> person({"name": [{"prefix": ["Dr."], "given": ["Ann", "B."], "family": "Lee"}]})
    ('Dr. Ann B. Lee', 'Ann B. Lee')
    """
    named = (practitioner.get("name") or [{}])[0]
    parts = [*(named.get("prefix") or ()), *(named.get("given") or ()), named.get("family")]
    return titled_or_not(" ".join(filter(None, parts))) if named.get("family") else ()


def titled_or_not(named: str) -> tuple[str, ...]:
    """Return a name with and without the title before it."""
    return tuple(dict.fromkeys((named, named.removeprefix("Dr. "))))
