"""What no record answers: what comes, relatives, meals, prospects, facts that nobody writes down.

The answer is empty, unless the record holds what could answer it: then it is not asked.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds.common import diagnoses
from evaluation.gold.kinds.measuring import spoken
from evaluation.gold.kinds.unheard import diseases, random_days
from evaluation.gold.missing import is_missing
from evaluation.gold.question import Gold, Kind
from evaluation.gold.resource import name, untagged

_VISITS = ("appointment", "check-up", "dental appointment", "follow-up visit", "blood draw", "eye exam")
_RELATIVES = ("mother", "father", "brother", "sister", "grandmother", "grandfather")
_DISEASES = ("Heart attack", "Stroke", "Breast cancer", "Type 2 diabetes", "Pneumonia", "Dementia")
_PROSPECTS = ("Good", "Fair", "Guarded", "Poor")
_FAMILY = re.compile(r"family history|familial|hereditary|mother|father", re.IGNORECASE)
_MEALS = ("Rice and beans", "Scrambled eggs", "Chicken soup", "Pasta with tomatoes", "A cheese sandwich")
_FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "eye color": ("eye iris", ("Brown", "Blue", "Green", "Hazel")),
    "hair color": ("hair", ("Brown", "Black", "Blond", "Gray")),
    "shoe size": ("shoe", ("7", "8.5", "10", "11")),
    "blood type": ("group typing rh abo", ("A positive", "B negative", "O positive", "AB positive")),
    "favorite food": ("food", ("Pizza", "Pasta", "Chocolate", "Salad")),
    "dominant hand": ("dominant handed", ("Left", "Right", "Both", "It changed")),
    "preferred pharmacy": ("pharmacy", ("CVS Pharmacy", "Walgreens", "Rite Aid", "Walmart Pharmacy")),
    "organ donor status": (
        "organ donor",
        ("Registered donor", "Not a donor", "Corneas only", "Kidneys only"),
    ),
    "code status": ("resuscitation directive", ("Full code", "DNR", "DNI", "Comfort care only")),
}
"""What is asked for, the words of what could tell it, other answers."""


def appointment(chart: Chart, random: Random) -> Iterator[Gold]:
    """When is the next visit; of the living, where nothing is scheduled."""
    scheduled = any(chart.of(kind) for kind in ("Appointment", "ServiceRequest", "Task"))
    for visit in [] if chart.died or scheduled else _VISITS:
        ahead = (
            date.fromisoformat(chart.now) + timedelta(days=each) for each in random.sample(range(400), 5)
        )
        yield Gold(slots={"visit": visit}, answer=(), others=tuple((each.isoformat(),) for each in ahead))


def relative(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which diseases does a relative have."""
    names = [untagged(each.recorded[0]) for each in diagnoses(chart)]
    others = tuple((each,) for each in random.sample([*names, *_DISEASES], 5))
    named = (name(each) for kind in ("Condition", "Observation") for each in chart.of(kind))
    known = chart.of("FamilyMemberHistory") or any(map(_FAMILY.search, named))
    for relative in [] if known else _RELATIVES:
        yield Gold(slots={"relative": relative}, answer=(), others=others)


def prospects(chart: Chart, random: Random) -> Iterator[Gold]:
    """What is the prognosis of a condition."""
    for condition in diseases(chart) if is_missing(chart, "prognosis expectancy") else []:
        yield Gold(slots={"x": condition.names}, answer=(), others=tuple((each,) for each in _PROSPECTS))


def meal(chart: Chart, random: Random) -> Iterator[Gold]:
    """What was eaten on a day."""
    for each in random_days(chart, random):
        yield Gold(slots={"day": spoken(each)}, answer=(), others=tuple((meal,) for meal in _MEALS))


def fact(chart: Chart, random: Random) -> Iterator[Gold]:
    """What is something about a person that records seldom tell, where nothing here could."""
    for asked, (words, others) in _FACTS.items():
        if is_missing(chart, words):
            yield Gold(slots={"fact": asked}, answer=(), others=tuple((each,) for each in others))


KINDS = (
    Kind("unanswerable-appointment", appointment),
    Kind("unanswerable-relative", relative),
    Kind("unanswerable-prospects", prospects),
    Kind("unanswerable-meal", meal),
    Kind("unanswerable-fact", fact),
)
