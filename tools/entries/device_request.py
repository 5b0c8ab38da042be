"""FHIR R4 `DeviceRequest` -> `Entry`: an order of a device or aid.

`start` is when it was ordered, else when it is to be used. Void: only proposed or planned, revoked, draft, entered in
error. Details: "priority" (if not routine), "note".
"""

from tools.entries.concepts import also, concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.references import links, named, reasons
from tools.entries.service_request import wish
from tools.entries.shape import text


def parse(resource: JSON) -> Entry:
    """Read a DeviceRequest."""
    code = concept(resource.get("codeCodeableConcept"))
    when = times(resource, "authoredOn", "occurrenceDateTime", "occurrencePeriod", "occurrenceTiming")
    base = head(resource)
    base["void"] = base["void"] or ("revoked" if base["status"] == "revoked" else wish(resource))
    priority = text(resource.get("priority"))
    return Entry(
        **base,
        display=code.display or named(resource.get("codeReference")) or "Device",
        codings=code.codings,
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("requester"), resource.get("performer")),
        reasons=reasons(resource),
        details=also(code)
        + when.odd
        + details(("priority", priority if priority != "routine" else ""), ("note", notes(resource))),
    )
