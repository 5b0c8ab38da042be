"""FHIR R4 `Goal` -> `Entry`.

`status` is the lifecycle status; `start` when it was set, `reasons` what it addresses. Void: proposed,
rejected, cancelled, entered in error. Details: "target" (one for each), "achievement", "priority", "status reason",
"note". Some generators write the description as a Python literal: then its text, or the observation it aims
at, is the name.
"""

import ast
from typing import Any

from tools.entries.concepts import Concept, also, code_of, concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import Times, day, times
from tools.entries.quantities import in_words
from tools.entries.references import links
from tools.entries.shape import obj, objs, text


def parse(resource: JSON) -> Entry:
    """Read a Goal."""
    described = _description(resource.get("description"))
    when = times(resource, "startDate")
    status = text(resource.get("lifecycleStatus")) or code_of(resource.get("status"))
    base = head(resource | {"status": status} if isinstance(resource, dict) else resource)
    return Entry(
        **(base | {"resource": resource}),
        display=described.display or _target_name(resource) or "Goal",
        codings=described.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=_ended(resource, status).start,
        who=links(resource, resource.get("expressedBy")),
        reasons=links(resource, resource.get("addresses")),
        details=also(described) + when.odd + _details(resource),
    )


def _ended(resource: JSON, status: str) -> Times:
    return times(resource if status in ("completed", "cancelled") else {}, "statusDate")


def _details(resource: JSON) -> tuple[tuple[str, str], ...]:
    targets = [("target", words) for target in objs(resource.get("target")) if (words := _target(target))]
    return details(
        *targets,
        ("achievement", code_of(resource.get("achievementStatus"))),
        ("started", concept(resource.get("startCodeableConcept")).display),
        ("priority", code_of(resource.get("priority"))),
        ("status reason", text(resource.get("statusReason"))),
        ("note", notes(resource)),
    )


def _target(target: JSON) -> str:
    measure = concept(target.get("measure")).display
    wanted = next((words for key in _WANTED if (words := _words(target.get(key)))), "")
    due = day(target.get("dueDate")) or in_words(target.get("dueDuration"))
    shown = ": ".join(part for part in (measure, wanted) if part)
    return f"{shown} by {due}".strip() if due else shown


_WANTED = (
    "detailQuantity",
    "detailRange",
    "detailRatio",
    "detailCodeableConcept",
    "detailString",
    "detailInteger",
)


def _words(value: Any) -> str:
    return in_words(value) or concept(value).display or (str(value) if isinstance(value, int) else "")


def _target_name(resource: JSON) -> str:
    return next((words for target in objs(resource.get("target")) if (words := _target(target))), "")


def _description(value: Any) -> Concept:
    described = concept(value)
    if not described.display.startswith("{'"):
        return described
    try:
        written = ast.literal_eval(described.display)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return described
    return Concept(
        text(obj(written).get("text")) or _aim(obj(written)) or described.display, described.codings
    )


def _aim(written: JSON) -> str:
    aim = obj(written.get("observation"))
    name = text(obj(aim.get("codes")).get("display"))
    return (
        " ".join(str(part) for part in (name, aim.get("operator"), aim.get("value")) if part) if name else ""
    )
