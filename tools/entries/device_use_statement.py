"""FHIR R4 `DeviceUseStatement` -> `Entry`: a device that the patient is said to use.

`display` is the device as the statement names it. `start` and `end` are when it was used, else when that was recorded.
Details: "recorded", "body site", "note".
"""

from tools.entries.concepts import concept, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import day, times
from tools.entries.references import links, reasons
from tools.entries.shape import obj, text


def parse(resource: JSON) -> Entry:
    """Read a DeviceUseStatement."""
    device = links(resource, resource.get("device"))
    code = concept(obj(resource.get("device")).get("concept"))  # R5
    when = times(resource, "timingPeriod", "timingDateTime", "timingTiming", "recordedOn")
    return Entry(
        **head(resource),
        display=code.display or next((each.display for each in device if each.display), "") or "Device",
        codings=code.codings,
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("source")),
        reasons=reasons(resource),
        parts=device,
        details=when.odd
        + details(
            ("recorded", day(resource.get("recordedOn"))),
            ("body site", ", ".join(names(resource.get("bodySite")))),
            ("note", notes(resource) or text(resource.get("comment"))),
        ),
    )
