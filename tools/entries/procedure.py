"""FHIR R4 `Procedure` -> `Entry`.

`start` and `end` are when it was performed. Void: not done, in preparation, on hold, stopped, entered in error.
Details: "performed" (an age or words), "body site", "outcome", "complication", "follow-up", "device", "status
reason", "note".
"""

from tools.entries.concepts import also, concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.quantities import in_words
from tools.entries.references import links, reasons
from tools.entries.shape import objs, text

_PERFORMED = ("performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod")


def parse(resource: JSON) -> Entry:
    """Read a Procedure."""
    code = concept(resource.get("code"))
    when = times(resource, *_PERFORMED)
    return Entry(
        **head(resource),
        display=code.display or "Procedure",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=when.end,
        who=links(resource, *(performer.get("actor") for performer in objs(resource.get("performer")))),
        where=links(resource, resource.get("location")),
        reasons=reasons(resource),
        parts=links(resource, resource.get("report")),
        details=also(code) + when.odd + _details(resource),
        counts=tuple(("device", name) for name in _devices(resource)) if "focalDevice" in resource else (),
    )


def _details(resource: JSON) -> tuple[tuple[str, str], ...]:
    age = in_words(resource.get("performedAge")) or in_words(resource.get("performedRange"))
    return details(
        ("performed", f"at age {age}" if age else text(resource.get("performedString"))),
        ("body site", ", ".join(names(resource.get("bodySite")))),
        ("outcome", concept(resource.get("outcome")).display),
        ("complication", ", ".join(names(resource.get("complication")))),
        ("follow-up", ", ".join(names(resource.get("followUp")))),
        ("device", ", ".join(_devices(resource))),
        ("status reason", concept(resource.get("statusReason")).display),
        ("note", notes(resource)),
    )


def _devices(resource: JSON) -> list[str]:
    used = [device for use in objs(resource.get("focalDevice")) for device in objs(use.get("manipulated"))]
    return [name for device in used if (name := text(device.get("display")))]
