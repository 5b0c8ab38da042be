"""Any FHIR resource without a file of its own -> `Entry`: what it is called, when it happened, who and why.

The name is looked for in code, type, name, title and description, then in any other CodeableConcept; the
time in the elements that R4 uses for it. Not covered: values, amounts, parts.
"""

from typing import Any

from tools.entries.concepts import Concept, also, concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head, kind_of
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.people import human_name
from tools.entries.references import links, reasons
from tools.entries.shape import objs, text

_NAMED = (
    "code",
    "vaccineCode",
    "medicationCodeableConcept",
    "type",
    "serviceType",
    "name",
    "title",
    "description",
)
_WHEN = (
    "effectiveDateTime",
    "effectivePeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "performedDateTime",
    "performedPeriod",
    "onsetDateTime",
    "period",
    "start",
    "started",
    "date",
    "timingDateTime",
    "timingPeriod",
    "authoredOn",
    "authored",
    "dateTime",
    "sent",
    "created",
    "recorded",
    "recordedDate",
    "issued",
)
_WHO = ("performer", "requester", "author", "sender", "orderer", "practitioner", "recorder", "source")


def parse(resource: JSON) -> Entry:
    """Read a resource of any kind."""
    named = _name(resource)
    when = times(resource, *_WHEN)
    return Entry(
        **head(resource),
        display=named.display or kind_of(resource),
        codings=named.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=when.end,
        who=links(resource, *(resource.get(key) for key in _WHO)),
        where=links(resource, resource.get("location"), resource.get("organization")),
        reasons=reasons(resource),
        details=also(named)
        + when.odd
        + details(("description", _described(resource, named)), ("note", notes(resource))),
    )


def _name(resource: JSON) -> Concept:
    for key in _NAMED:
        found = _read(resource.get(key))
        if found.display:
            return found
    return next((c for value in resource.values() if (c := _coded(value)).display), Concept("", ()))


def _read(value: Any) -> Concept:
    if isinstance(value, str):
        return Concept(text(value), ())
    read = concept(value)
    return read if read.display else Concept(human_name(value), ())


def _coded(value: Any) -> Concept:
    """Read a value that is a CodeableConcept (or a list of them), and nothing else."""
    first = next(iter(objs(value)), {})
    return concept(first) if "coding" in first else Concept("", ())


def _described(resource: JSON, named: Concept) -> str:
    description = text(resource.get("description"))
    return description if description != named.display else ""
