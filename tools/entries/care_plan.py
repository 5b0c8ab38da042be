"""FHIR R4 `CarePlan` -> `Entry`.

`display` is the SNOMED category, else the title; `parts` the activities, `reasons` what it addresses. Void:
draft, entered in error, a proposal; a revoked plan was in force before. Details: "activity status" when all
agree, "goal" (a name or "Goal/…"), "care team", "description", "note".
"""

from tools.entries.concepts import Concept, also, concept, labels, names
from tools.entries.entry import JSON, Entry, Link
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.references import link, links, reference
from tools.entries.shape import obj, objs, text

_FRAME = "assess-plan"  # US Core requires this category of every plan: it says nothing about this one.


def parse(resource: JSON) -> Entry:
    """Read a CarePlan."""
    code = _code(resource)
    when = times(resource, "period")
    activities = objs(resource.get("activity"))
    return Entry(
        **head(resource),
        display=code.display,
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("author"), resource.get("contributor")),
        reasons=links(resource, resource.get("addresses")),
        parts=tuple(part for activity in activities if (part := _activity(resource, activity))),
        details=also(code) + when.odd + _details(resource, activities),
    )


def _code(resource: JSON) -> Concept:
    read = [concept(category) for category in objs(resource.get("category"))]
    own = [each for each in read if _FRAME not in {coding.code for coding in each.codings} and each.display]
    for each in own:
        if any(coding.system == "http://snomed.info/sct" for coding in each.codings):
            return each
    title = text(resource.get("title"))
    if title:
        return Concept(title, own[0].codings if own else ())
    return own[0] if own else Concept(text(resource.get("description")) or "Care plan", ())


def _activity(resource: JSON, activity: JSON) -> Link | None:
    detail = obj(activity.get("detail"))
    display = concept(detail.get("code")).display or text(detail.get("description"))
    planned = link(resource, activity.get("reference"))
    if planned:
        return Link(planned.reference, planned.display or display)
    return Link("", display) if display else None


def _details(resource: JSON, activities: object) -> tuple[tuple[str, str], ...]:
    statuses = {text(obj(activity.get("detail")).get("status")) for activity in objs(activities)} - {""}
    goals = [text(goal.get("display")) or reference(goal) for goal in objs(resource.get("goal"))]
    teams = [text(team.get("display")) or reference(team) for team in objs(resource.get("careTeam"))]
    reported = names([obj(each.get("outcomeCodeableConcept")) for each in objs(activities)])
    return details(
        ("activity status", statuses.pop() if len(statuses) == 1 else ""),
        ("outcome", ", ".join(reported)),
        *(("goal", goal) for goal in goals),
        *(("care team", team) for team in teams),
        ("description", text(resource.get("description"))),
        ("note", notes(resource)),
    )
