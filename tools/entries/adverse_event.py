"""FHIR R4 `AdverseEvent` -> `Entry`: harm that happened, or nearly did.

`start` is when it happened, else when it was detected or recorded. Void: only potential. Details: "kind", "severity",
"seriousness", "outcome", "suspected" (what is thought to have caused it).
"""

from tools.entries.concepts import also, concept, first_concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.references import links, named
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read an AdverseEvent."""
    code = first_concept(resource.get("event"), *objs(resource.get("category")))
    when = times(resource, "date", "detected", "recordedDate")
    base = head(resource)
    potential = text(resource.get("actuality")) == "potential"
    causes = [named(each.get("instance")) for each in objs(resource.get("suspectEntity"))]
    return Entry(
        **(base | {"void": base["void"] or ("only potential" if potential else "")}),
        display=code.display or "Adverse event",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        who=links(resource, resource.get("recorder"), resource.get("contributor")),
        where=links(resource, resource.get("location")),
        parts=links(resource, resource.get("resultingCondition")),
        details=also(code)
        + when.odd
        + details(
            ("kind", ", ".join(name for name in names(resource.get("category")) if name != code.display)),
            ("severity", concept(resource.get("severity")).display),
            ("seriousness", concept(resource.get("seriousness")).display),
            ("outcome", concept(resource.get("outcome")).display),
            ("suspected", ", ".join(filter(None, causes))),
        ),
    )
