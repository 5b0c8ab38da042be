"""Vaccines: given or not, when, how often, which, at what age, at which visit (FHIR R4 Immunization).

A vaccine is asked for under its recorded name or by what people call it (`prevention.toml`). Where a vaccination is
recorded as a procedure, it is open whether it counts: neither such vaccines nor such periods are asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.families import absent, doubtful, elsewhere, present
from evaluation.gold.kinds.common import (
    LONGEST_LIST,
    Slots,
    count,
    days_of,
    first,
    last,
    names_of,
    refs,
    yes_no,
)
from evaluation.gold.kinds.measuring import spoken
from evaluation.gold.kinds.time import age_on
from evaluation.gold.periods import ALWAYS, Period, draw
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, name, reference, untagged
from evaluation.gold.text import words

_KIND = "Immunization"
_INFANT = 2
"""Below these years people tell an age in months."""
_PLAIN = ("vaccine", "vaccination", "immunization")
_NTH = ("second", "third", "fourth", "fifth")


@lru_cache(maxsize=1)
def vaccines(chart: Chart) -> tuple[Concept, ...]:
    """Return the vaccines of a chart under all names that mean nothing else, those of one group together."""
    known, unclear = present(_KIND, chart), set(refs(doubtful(_KIND, chart)))
    recorded = [each for each in chart.concepts(_KIND) if not unclear & set(each.references)]
    found: dict[tuple[str, ...], list[str]] = {}
    for concept in (*(_called(each) for each in recorded), *known):
        found.setdefault(concept.references, []).extend(concept.names)
    by_reference = {reference(each): each for each in chart.of(_KIND)}
    return tuple(
        Concept(tuple(dict.fromkeys(names)), tuple(by_reference[each] for each in mine))
        for mine, names in found.items()
    )


def _called(concept: Concept) -> Concept:
    return replace(concept, names=tuple(_phrase(each) for each in concept.names))


def _phrase(recorded: str) -> str:
    """Return a recorded name as it stands behind "the".

    >>> _phrase("MMR"), _phrase("Hep B, adult")
    ('MMR vaccine', 'immunization recorded as "Hep B, adult"')
    """
    if "," in recorded or "(" in recorded:
        return f'immunization recorded as "{recorded}"'
    return recorded if any(each in recorded.lower() for each in _PLAIN) else f"{recorded} vaccine"


def ever(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was it ever given, or in a period; vaccines that were never given are asked for, too."""
    for slots, found in _asked(chart, random):
        yield yes_no(slots, found, chart, random)


def how_often(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many times was it given, ever or in a period; two on a day could be one time."""
    for slots, found in _asked(chart, random):
        if _apart(found):
            yield count(slots, found)


def latest(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it given last."""
    for concept in vaccines(chart):
        yield days_of({"x": concept.names}, last(concept.resources), chart.of(_KIND))
    yield from _never(chart, random)


def earliest(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was it given first."""
    for concept in vaccines(chart):
        yield days_of({"x": concept.names}, first(concept.resources), chart.of(_KIND))
    yield from _never(chart, random)


def dose(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the second, third … dose given, where each dose has its own day."""
    for concept in vaccines(chart):
        if _apart(concept.resources):
            for nth, given in zip(_NTH, concept.resources[1:], strict=False):
                yield days_of({"x": concept.names, "nth": nth}, [given], concept.resources)


def age(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old was the patient at the first one; the age of an infant is told otherwise."""
    born = str(chart.patient.get("birthDate") or "")
    for concept in vaccines(chart) if len(born) == 10 else ():
        years = age_on(born, day(concept.resources[0]))
        if years >= _INFANT:
            given = first(concept.resources)
            yield Gold(slots={"x": concept.names}, answer=(years,), unit="years", resources=refs(given))


def visit(chart: Chart, random: Random) -> Iterator[Gold]:
    """At what kind of visit was it given last; a wrong choice is not the same in other words."""
    for concept in vaccines(chart):
        given = last(concept.resources)
        visits = [_visit(each, chart) for each in given]
        if len(visits) == 1 and visits[0] and name(visits[0]):
            asked = words(name(visits[0]))
            others = [each for each in chart.of("Encounter") if not _nested(asked, words(name(each)))]
            gold = names_of({"x": concept.names}, [visits[0]], others)
            yield replace(gold, resources=refs([*given, visits[0]]))


def _nested(some: frozenset[str], others: frozenset[str]) -> bool:
    return some <= others or others <= some


def on_day(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which vaccines were given on a day, that of a visit among them."""
    given = sorted({day(each) for each in chart.of(_KIND)})
    visits = sorted({day(each) for each in chart.of("Encounter")})
    drawn = [*random.sample(given, min(len(given), 5)), *random.sample(visits, min(len(visits), 2))]
    for each in dict.fromkeys(drawn):
        yield from _which({"day": spoken(each)}, Period("", each, each), chart)


def in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which vaccines were given in a period."""
    for period in _periods(chart, random, 8):
        yield from _which({"period": period.words}, period, chart)


def any_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was any vaccine given in a period."""
    for period in _periods(chart, random, 5):
        yield yes_no({"period": period.words}, period.within(chart.of(_KIND)), chart, random)


def number_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many vaccines were given, ever or in a period."""
    for period in _periods(chart, random, 4, ALWAYS):
        yield count({"period": period.words}, period.within(chart.of(_KIND)))


def first_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which vaccine was the first, ever or in a period."""
    for period in _periods(chart, random, 2, ALWAYS):
        given = first(period.within(chart.of(_KIND)))
        yield _names({"period": period.words}, given, chart, "any")


def last_of_all(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which vaccine was the last, ever or in a period."""
    for period in _periods(chart, random, 2, ALWAYS):
        given = last(period.within(chart.of(_KIND)))
        yield _names({"period": period.words}, given, chart, "any")


def most_often(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which vaccine was given most often, where it is one, by recorded names and by what people call them."""
    found = sorted(vaccines(chart), key=lambda each: -len(each.resources))
    most = [each for each in found if len(each.resources) == len(found[0].resources)]
    if len(found) > 1 and len(most) == 1 and len(most[0].recorded) == 1 and not elsewhere(_KIND, chart):
        yield names_of({}, most[0].resources, chart.of(_KIND))


def _apart(given: Sequence[Resource]) -> bool:
    return len({day(each) for each in given}) == len(given)


def _asked(chart: Chart, random: Random) -> Iterator[tuple[Slots, list[Resource]]]:
    for concept in vaccines(chart):
        for period in (ALWAYS, *draw(concept.resources, chart.now, random, 1)):
            yield {"x": concept.names, "period": period.words}, period.within(concept.resources)
    for names in absent(_KIND, chart):
        yield {"x": names, "period": ""}, []


def _never(chart: Chart, random: Random) -> Iterator[Gold]:
    """Ask for the day of what was never given; the wrong choices are days of visits."""
    visits = sorted({day(each) for each in chart.of("Encounter")})
    days = random.sample(visits, min(len(visits), 4)) if len(visits) > 2 else _days_of_life(chart, random)
    for names in absent(_KIND, chart):
        yield Gold(slots={"x": names}, answer=(), others=tuple((each,) for each in days))


def _days_of_life(chart: Chart, random: Random) -> list[str]:
    year = int((chart.died or chart.now)[:4])
    return [f"{year - by}-{random.randint(1, 12):02}-{random.randint(1, 28):02}" for by in range(1, 5)]


def _periods(chart: Chart, random: Random, most: int, *more: Period) -> Iterable[Period]:
    """Return periods, of the record where no vaccine is; none in which a vaccination is recorded otherwise."""
    anchors = chart.of(_KIND) or chart.of("Encounter")
    drawn = [*more, *(period for _ in range(most) for period in draw(anchors, chart.now, random, 1))]
    unclear = elsewhere(_KIND, chart)
    return [each for each in dict.fromkeys(drawn) if not each.within(unclear)]


def _which(slots: Slots, period: Period, chart: Chart) -> Iterator[Gold]:
    given = period.within(chart.of(_KIND))
    if len({name(each) for each in given}) <= LONGEST_LIST and not period.within(elsewhere(_KIND, chart)):
        yield _names(slots, given, chart)


def _names(slots: Slots, given: Sequence[Resource], chart: Chart, match: str = "all") -> Gold:
    """Return the names of vaccines; vaccines of other patients are among the wrong choices of a short answer."""
    gold = names_of(slots, given, chart.of(_KIND), match)
    spare = tuple((untagged(each),) for each in chart.absent(_KIND)[:6]) if len(gold.answer) < 2 else ()
    return replace(gold, others=(*gold.others, *spare))


def _visit(immunization: Resource, chart: Chart) -> Resource | None:
    return chart.target(str(at(immunization, "encounter.reference") or ""))


KINDS = (
    Kind("vaccine-ever", ever),
    Kind("vaccine-count", how_often),
    Kind("vaccine-latest", latest),
    Kind("vaccine-first", earliest),
    Kind("vaccine-dose", dose),
    Kind("vaccine-age", age, 2),
    Kind("vaccine-visit", visit, 2),
    Kind("vaccines-on-day", on_day),
    Kind("vaccines-in-period", in_period),
    Kind("vaccines-any-in-period", any_in_period),
    Kind("vaccines-number-in-period", number_in_period),
    Kind("vaccines-first", first_of_all),
    Kind("vaccines-last", last_of_all),
    Kind("vaccines-most-often", most_often),
)
