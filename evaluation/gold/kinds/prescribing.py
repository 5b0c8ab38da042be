"""Why, by whom and at which visit a drug was prescribed.

FHIR R4 MedicationRequest with the Condition, Practitioner and Encounter that it refers to. Why and by whom is asked
where all prescriptions of a drug say the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.concept import Concept
from evaluation.gold.drugs import drugs, prescriptions
from evaluation.gold.kinds.common import last, refs
from evaluation.gold.kinds.events import STRANGERS, person
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at, day, name, untagged

_SHORT_LIST = 5
_ENOUGH = 4
_VISITS = ("Telephone encounter", "Hospital admission", "Home visit", "Emergency room admission")
"""Wrong choices where a record knows too few kinds of visits."""


def reasons_of(request: Resource, chart: Chart) -> list[Resource]:
    """Return the Conditions for which a drug was prescribed."""
    links = (str(each.get("reference") or "") for each in request.get("reasonReference") or ())
    found = (chart.target(link) for link in links)
    return [each for each in found if each and each["resourceType"] == "Condition"]


def reason(chart: Chart, random: Random) -> Iterator[Gold]:
    """Why was it prescribed, where all of its prescriptions say the same."""
    for drug in drugs(chart):
        told = [reasons_of(each, chart) for each in drug.resources]
        conditions = {each["id"]: each for found in told for each in found}
        names = {name(each) for each in conditions.values()}
        if all(told) and len(names) == 1 and not _coded_reason(drug):
            yield Gold(
                slots={"x": drug.names},
                answer=tuple(names),
                resources=(*drug.references, *refs(conditions.values())),
                others=_other_names(chart.of("Condition"), names),
            )


def _coded_reason(drug: Concept) -> bool:
    return any("reasonCode" in each for each in drug.resources)


def for_condition(chart: Chart, random: Random) -> Iterator[Gold]:
    """What was prescribed for a condition; nothing only where no prescription comes near it."""
    everything = prescriptions(chart)
    for condition in chart.concepts("Condition"):
        ids = {each["id"] for each in condition.resources}
        found = [each for each in everything if ids & {c["id"] for c in reasons_of(each, chart)}]
        right = tuple({name(each).lower(): name(each) for each in reversed(found)}.values())[::-1]
        if len(right) <= _SHORT_LIST and (found or _alone(condition, everything)):
            yield Gold(
                slots={"x": condition.names},
                answer=right,
                resources=refs(found),
                others=_lists(right, [name(each) for each in everything]),
            )


def _alone(condition: Concept, requests: Iterable[Resource]) -> bool:
    """Whether it is a disease for which nothing can have been prescribed without saying so."""
    diseases = all(name(each).endswith("(disorder)") for each in condition.resources)
    days = {day(each) for each in condition.resources}
    visits = {at(each, "encounter.reference") for each in condition.resources} - {None}
    near = (each for each in requests if day(each) in days or at(each, "encounter.reference") in visits)
    return diseases and not any(near)


def _lists(right: tuple[str, ...], names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return other drugs one by one, and the right ones with one more, one exchanged and one missing."""
    spare = [each for each in dict.fromkeys(names) if each.lower() not in {one.lower() for one in right}]
    if len(right) < 2:
        return tuple((each,) for each in spare)
    changed = [list_ for each in spare[:3] for list_ in ((*right, each), (*right[1:], each))]
    return (*changed, right[1:], right[:-1])


def prescriber(chart: Chart, random: Random) -> Iterator[Gold]:
    """Who prescribed it, where all its prescriptions name the same person."""
    for drug in drugs(chart):
        links = {str(at(each, "requester.reference") or "") for each in drug.resources}
        found = chart.target(*links) if len(links) == 1 and "" not in links else None
        if found and (names := person(found)):
            others = [person(each)[0] for each in chart.of("Practitioner") if person(each)]
            yield Gold(
                slots={"x": drug.names},
                answer=names,
                match="any",
                resources=(*drug.references, *refs([found])),
                others=tuple((each,) for each in dict.fromkeys([*others, *STRANGERS]) if each not in names),
            )


def visit(chart: Chart, random: Random) -> Iterator[Gold]:
    """At which type of visit was it last prescribed."""
    for drug in drugs(chart):
        requests = last(drug.resources)
        links = {str(at(each, "encounter.reference") or "") for each in requests}
        found = chart.target(*links) if len(links) == 1 else None
        if found and found["resourceType"] == "Encounter" and name(found):
            right = name(found)
            others = _other_names(chart.of("Encounter"), {right})
            made = tuple((each,) for each in _VISITS if each.lower() != untagged(right).lower())
            yield Gold(
                slots={"x": drug.names},
                answer=(right,),
                resources=refs([*requests, found]),
                others=others if len(others) >= _ENOUGH else made,
            )


def _other_names(events: Iterable[Resource], right: set[str]) -> tuple[tuple[str, ...], ...]:
    known = {each.lower() for each in right}
    names = dict.fromkeys(name(each) for each in events)
    return tuple((each,) for each in names if each and each.lower() not in known)


KINDS = (
    Kind("medication-reason", reason, 2),
    Kind("medications-for-condition", for_condition, 2),
    Kind("medication-prescriber", prescriber, 2),
    Kind("medication-visit", visit, 2),
)
