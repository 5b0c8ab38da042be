"""Care plans and goals: which are active, since when, what they include, for which condition, how many goals.

FHIR R4 CarePlan, named by its title or category, and Goal. A goal in a simulator's notation is counted, never named.
"""

import re
from collections.abc import Iterator
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept, concepts_of
from evaluation.gold.kinds import events as e
from evaluation.gold.kinds.common import (
    LONGEST_LIST,
    absent_diagnoses,
    days_of,
    diagnoses,
    last,
    names_of,
    refs,
    statement,
    yes_no,
)
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, name, untagged

_GENERAL = re.compile(r"(care plan|therapy)", re.IGNORECASE)
_NOTATION = re.compile(r"^[{\[]")
_SPARE_PLANS = (
    "Asthma self management",
    "Cancer care plan",
    "Dialysis care plan",
    "Fracture care",
    "Wound care",
)
_SPARE_STEPS = (
    "Exercise therapy",
    "Recommendation to avoid exercise",
    "Stress management",
    "Diabetic diet",
    "Rest",
)
_SPARE_GOALS = ("Lose 5 kg", "Walk 30 minutes a day", "Stop smoking", "Sleep 8 hours a night", "Lower stress")


def active(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which care plans are active; not asked where an active one has ended."""
    plans = _plans(chart)
    found = [each for each in plans if each["status"] == "active"]
    over = any(at(each, "period.end") and str(at(each, "period.end")) < chart.now for each in found)
    if not over and len({name(each) for each in found}) <= LONGEST_LIST:
        yield e.also(names_of({}, found, plans), _SPARE_PLANS)


def any_in_period(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was any care plan started in a period."""
    plans = chart.of("CarePlan")
    for period in e.spans(plans, chart, random, 4):
        yield yes_no({"period": period.words}, period.within(plans), chart, random)


def last_started(chart: Chart, random: Random) -> Iterator[Gold]:
    """When did a care plan last start."""
    for plan in _named(chart):
        yield days_of({"x": _spoken(plan)}, last(plan.resources), [*plan.resources, *chart.of("Encounter")])


def still_active(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is a care plan active, where all of its name agree."""
    for plan in _named(chart):
        states = {each["status"] for each in plan.resources}
        until = [str(at(each, "period.end") or "")[:10] for each in plan.resources]
        since = day(plan.resources[-1])
        if states == {"active"} and not any(until):
            wrong = [f"No, it ended on {since}", "No, it was stopped", "No, there never was one"]
            yield statement({"x": _spoken(plan)}, True, "Yes, it is active", wrong, plan.resources)
        elif states == {"completed"} and all("" < each < chart.now for each in until):
            wrong = ["Yes, it is active", f"Yes, since {since}", "No, there never was one"]
            yield statement({"x": _spoken(plan)}, False, f"No, it ended on {max(until)}", wrong, [])


def activities(chart: Chart, random: Random) -> Iterator[Gold]:
    """What does a care plan include, the last one of its name."""
    for plan in _named(chart):
        (latest, *more) = last(plan.resources)
        steps = _activities(latest)
        if steps and not more and len(steps) <= LONGEST_LIST:
            others = [step for each in _plans(chart) for step in _activities(each)]
            gold = Gold(slots={"x": _spoken(plan)}, answer=tuple(steps), resources=refs([latest]))
            yield e.lists(gold, [*others, *_SPARE_STEPS])


def _activities(plan: Resource) -> list[str]:
    told = (each.get("detail") or {} for each in plan.get("activity") or ())
    return list(dict.fromkeys(filter(None, (str(at(each, "code.coding.display") or "") for each in told))))


def treats(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which condition is a care plan for, the last one of its name."""
    for plan in _named(chart):
        (latest, *more) = last(plan.resources)
        found = [chart.target(str(at(each, "reference") or "")) for each in latest.get("addresses") or ()]
        conditions = [each for each in found if each and each["resourceType"] == "Condition"]
        if conditions and not more and len(conditions) == len(found):
            others = [each for concept in diagnoses(chart) for each in concept.resources]
            gold = names_of({"x": _spoken(plan)}, conditions, e.unlike(others, conditions))
            yield e.resting_on(e.also(gold, absent_diagnoses(chart)), [latest])


def goals(chart: Chart, random: Random) -> Iterator[Gold]:
    """Which goals are recorded, where they are in words."""
    found = chart.of("Goal")
    texts = list(dict.fromkeys(str(at(each, "description.text") or "") for each in found))
    if len(texts) <= LONGEST_LIST and all(texts) and not any(_NOTATION.search(each) for each in texts):
        yield e.lists(Gold(answer=tuple(texts), resources=refs(found)), _SPARE_GOALS)


def number_of_goals(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many goals are recorded."""
    found = chart.of("Goal")
    yield Gold(answer=(len(found),), resources=refs(found))


def _plans(chart: Chart) -> list[Resource]:
    """Return the care plans with their name as their code."""
    return [{**each, "code": _kind(each)} for each in chart.of("CarePlan")]


def _kind(plan: Resource) -> Resource:
    """Return the category that names a plan, which is the last one with a name; its title where it has one."""
    if plan.get("title"):
        return {"text": plan["title"]}
    named = [each for each in plan.get("category") or () if at(each, "coding.display") or each.get("text")]
    return named[-1] if named else {}


def _named(chart: Chart) -> list[Concept]:
    plans = _plans(chart)
    found = concepts_of("CarePlan", plans, plans)
    return [each for each in found if not _GENERAL.fullmatch(untagged(each.names[0]))]


def _spoken(plan: Concept) -> tuple[str, ...]:
    """Return the names of a plan as one would say them.

    >>> _spoken(Concept(("Wound care", "Dialysis care plan", "Self-care interventions"), ()))
    ('wound care plan', 'dialysis care plan', 'self-care interventions care plan')
    """
    return tuple(_with_plan(each[0].lower() + each[1:]) for each in plan.names)


def _with_plan(named: str) -> str:
    plain = named.removesuffix(" procedure")
    if plain.endswith("plan"):
        return plain
    return f"{plain} plan" if plain.endswith("care") else f"{plain} care plan"


KINDS = (
    Kind("care-plans-active", active),
    Kind("care-plans-any", any_in_period),
    Kind("care-plan-start", last_started),
    Kind("care-plan-active", still_active),
    Kind("care-plan-activities", activities),
    Kind("care-plan-condition", treats, 2),
    Kind("goals", goals),
    Kind("goals-count", number_of_goals),
)
