"""What kinds of questions share: yes or no, counts, first and last, each as a gold answer with its wrong choices."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.question import Gold, Value
from evaluation.gold.reading import Resource
from evaluation.gold.resource import day, moment, name, reference

Slots = Mapping[str, str | tuple[str, ...]]
_WRONG_YES = 4
_SOCIAL = re.compile(
    r"\b(?:employ|labor force|education|military|refugee|criminal|social|violence|housing|homeless|transport"
    r"|income|risk activity|medication review|reports of|victim of|misuses|unemployed|stress \(finding)",
    re.IGNORECASE,
)
LONGEST_LIST = 8
"""Values; a longer list is asked for as a count."""


def refs(resources: Iterable[Resource]) -> tuple[str, ...]:
    """Return the references of resources."""
    return tuple(reference(resource) for resource in resources)


def yes_no(slots: Slots, matches: Sequence[Resource], chart: Chart, random: Random) -> Gold:
    """Return whether there are any, as a gold answer; the choices tell the day of the latest."""
    days = sorted({day(match) for match in matches})
    wrong = [f"Yes, most recently on {each}" for each in _other_days(chart, days, random)]
    right = f"Yes, most recently on {days[-1]}" if days else "No"
    if days:
        wrong.insert(random.randrange(3), "No")
    return Gold(slots=slots, answer=(bool(days),), resources=refs(matches), right=right, wrong=tuple(wrong))


def statement(
    slots: Slots, truth: bool, right: str, wrong: Sequence[str], resources: Sequence[Resource]
) -> Gold:
    """Return a yes or no whose choices are given in words."""
    return Gold(slots=slots, answer=(truth,), resources=refs(resources), right=right, wrong=tuple(wrong))


def count(slots: Slots, matches: Sequence[Resource]) -> Gold:
    """Return how many there are."""
    return Gold(slots=slots, answer=(len(matches),), resources=refs(matches))


def days_of(slots: Slots, events: Sequence[Resource], others: Iterable[Resource]) -> Gold:
    """Return the day of events at the same moment; the wrong choices are days of others."""
    right = {day(event) for event in events}
    wrong = tuple((each,) for each in dict.fromkeys(day(other) for other in others) if each not in right)
    return Gold(slots=slots, answer=tuple(sorted(right)), match="any", resources=refs(events), others=wrong)


def names_of(
    slots: Slots, events: Sequence[Resource], others: Iterable[Resource], match: str = "all"
) -> Gold:
    """Return the names of events as recorded, each once; the wrong choices are names of others."""
    right = tuple(dict.fromkeys(name(event) for event in events))
    spare = [each for each in dict.fromkeys(name(other) for other in others) if each not in right]
    wrong = [(each,) for each in spare] if match == "any" or len(right) < 2 else lists_like(right, spare)
    return Gold(slots=slots, answer=right, match=match, resources=refs(events), others=tuple(wrong))


def diagnoses(chart: Chart) -> list[Concept]:
    """Return the conditions that people speak of as diagnosed; findings of social life are not asked for so."""
    return [c for c in chart.concepts("Condition") if not any(_SOCIAL.search(each) for each in c.recorded)]


def absent_diagnoses(chart: Chart) -> list[str]:
    """Return names of such conditions that only other records hold."""
    return [each for each in chart.absent("Condition") if not _SOCIAL.search(each)]


def first(events: Sequence[Resource]) -> list[Resource]:
    """Return the earliest events: several if they share the moment."""
    return _at(events, min((moment(event) for event in events), default=0))


def last(events: Sequence[Resource]) -> list[Resource]:
    """Return the latest events: several if they share the moment."""
    return _at(events, max((moment(event) for event in events), default=0))


def nameless(gold: Iterable[Gold]) -> Iterator[Gold]:
    """Leave out golds whose answer holds an empty name."""
    return (each for each in gold if "" not in each.answer)


def _at(events: Sequence[Resource], time: float) -> list[Resource]:
    return [event for event in events if moment(event) == time]


def lists_like(right: Sequence[Value], spare: Sequence[Value]) -> list[tuple[Value, ...]]:
    """Return lists that are almost right: one missing, one more, one exchanged."""
    short = [tuple(v for v in right if v != left) for left in right]
    longer = [(*right, more) for more in spare[:3]]
    exchanged = [(*right[1:], more) for more in spare[:3]]
    return [each for row in zip(short, longer, exchanged, strict=False) for each in row] + short


def _other_days(chart: Chart, days: Sequence[str], random: Random) -> list[str]:
    """Return days on which it was not: of visits first, then days near by."""
    visits = chart.days("Encounter") - set(days)
    drawn = random.sample(sorted(visits), min(len(visits), _WRONG_YES))
    anchor = date.fromisoformat(days[-1] if days else chart.now)
    near = [(anchor - timedelta(days=by)).isoformat() for by in (31, 93, 200, 400, 777)]
    return [each for each in dict.fromkeys([*drawn, *near]) if each not in days][:_WRONG_YES]
