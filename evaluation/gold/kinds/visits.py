"""A visit -> its reasons and who saw the patient; what was done -> its visit (FHIR R4 Encounter, Practitioner)."""

import re
from collections import Counter
from collections.abc import Iterator

from evaluation.gold.chart import Chart
from evaluation.gold.kinds.common import Slots, absent_diagnoses, diagnoses, refs
from evaluation.gold.kinds.events import STRANGERS, also, person, titled_or_not
from evaluation.gold.question import Gold
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, counts, day, name

REMOTE = "VR"
_ENOUGH = 4
_INTERNAL = re.compile(r"_|\d|^[a-z]|\b(Condition|Diagnosis|Start)\b")
"""Reasons in the words of a simulator's source code, e.g. "Medication_Review_Due"."""


def reasons(event: Resource) -> list[str] | None:
    """Return the reasons of a procedure or visit as recorded, each once; None if one of them is not readable."""
    given = [*(event.get("reasonReference") or ()), *(event.get("reasonCode") or ())]
    said = dict.fromkeys(_reason(each) for each in given)
    return None if "" in said else list(said)


def _reason(given: Resource) -> str:
    coded, text = given.get("display") or at(given, "coding.display"), str(given.get("text") or "")
    return str(coded) if coded else "" if _INTERNAL.search(text) else text


def other_reasons(event: Resource, chart: Chart) -> list[str]:
    """Return what cannot have been the reason of an event: diagnoses that came later, and some of other records."""
    later = (each for each in diagnoses(chart) if day(each.resources[0]) > day(event))
    return [*(each.recorded[0] for each in later), *absent_diagnoses(chart)[:_ENOUGH]]


def visit_of(event: Resource, chart: Chart) -> Resource | None:
    """Return the visit at which something was done, None if it is not in the record or was on another day."""
    visit = chart.target(str(at(event, "encounter.reference") or ""))
    known = visit and visit["resourceType"] == "Encounter" and counts(visit) and day(visit) < chart.now
    return visit if visit and known and day(visit) == day(event) else None


def is_visit(encounter: Resource, chart: Chart) -> bool:
    """Whether everybody would call it a visit: neither a call nor a certificate of death."""
    alive = not chart.died or day(encounter) <= chart.died
    return alive and "death" not in name(encounter).lower() and at(encounter, "class.code") != REMOTE


def alone_on_their_day(chart: Chart) -> list[Resource]:
    """Return the visits that were the only one of their day."""
    visits = chart.of("Encounter")
    days = Counter(day(each) for each in visits)
    return [each for each in visits if days[day(each)] == 1 and len(day(each)) == 10]


def practitioner_of(visit: Resource, chart: Chart) -> tuple[tuple[str, ...], list[Resource]]:
    """Return the names of who saw the patient at a visit and what carries them; nothing if that is not one person."""
    (only, *more) = visit.get("participant") or [{}]
    link = only.get("individual") or {}
    known = chart.target(str(link.get("reference") or ""))
    if more or known and known["resourceType"] != "Practitioner":
        return (), []
    if link.get("display"):
        return titled_or_not(str(link["display"])), [visit]
    return (person(known), [visit, known]) if known and person(known) else ((), [])


def who(slots: Slots, visit: Resource, chart: Chart) -> Iterator[Gold]:
    """Yield who saw the patient at a visit; the wrong choices are others who did."""
    names, carrying = practitioner_of(visit, chart)
    if names:
        others = dict.fromkeys(practitioner_of(each, chart)[0][:1] for each in chart.of("Encounter"))
        gold = Gold(
            slots=slots,
            answer=names,
            match="any",
            resources=refs(carrying),
            others=tuple(filter(None, others)),
        )
        yield also(gold, STRANGERS)
