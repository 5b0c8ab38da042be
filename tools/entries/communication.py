"""FHIR R4 `Communication` -> `Entry`: what was said to or by the patient.

`display` is its topic, else its category. Void: not done, entered in error. Details: "message", "sent by", "medium",
"status reason", "note".
"""

from tools.entries.concepts import also, concept, first_concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.references import links, named, reasons
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read a Communication."""
    code = first_concept(resource.get("topic"), *objs(resource.get("category")))
    when = times(resource, "sent", "received")
    said = (text(each.get("contentString")) for each in objs(resource.get("payload")))
    return Entry(
        **head(resource),
        display=code.display or "Communication",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        who=links(resource, resource.get("sender"), resource.get("recipient")),
        reasons=reasons(resource),
        parts=links(resource, resource.get("about")),
        details=also(code)
        + when.odd
        + details(
            ("message", " ".join(filter(None, said))),
            ("sent by", named(resource.get("sender"))),
            ("medium", ", ".join(names(resource.get("medium")))),
            ("status reason", concept(resource.get("statusReason")).display),
            ("note", notes(resource)),
        ),
    )
