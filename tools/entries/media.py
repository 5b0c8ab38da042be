"""FHIR R4 `Media` -> `Entry`: a picture, a film or a recording.

`display` is the title of what it holds, else "modality of body site", else its view, else its type. `start` when it was
made, else when it was issued. Details: "modality", "body site", "view", "format", "device", "note".
"""

from tools.entries.attachments import pictures_in
from tools.entries.concepts import Concept, also, concept, first_concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import NO_TIMES, times
from tools.entries.references import links, reasons
from tools.entries.shape import obj, text


def parse(resource: JSON) -> Entry:
    """Read a Media."""
    content = obj(resource.get("content"))
    code = _code(resource, text(content.get("title")))
    when = times(resource, "createdDateTime", "createdPeriod", "occurrenceDateTime", "occurrencePeriod")
    when = times(resource, "issued") if when == NO_TIMES else when
    return Entry(
        **head(resource),
        display=code.display,
        codings=code.codings,
        category=labels(resource.get("type")),
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("operator")),
        reasons=reasons(resource),
        pictures=pictures_in(resource),
        details=also(code)
        + when.odd
        + details(
            ("modality", concept(resource.get("modality")).display),
            ("body site", concept(resource.get("bodySite")).display),
            ("view", concept(resource.get("view")).display),
            ("format", text(content.get("contentType")).partition(";")[0]),
            ("device", text(resource.get("deviceName"))),
            ("note", notes(resource)),
        ),
    )


def _code(resource: JSON, title: str) -> Concept:
    modality, site = concept(resource.get("modality")), concept(resource.get("bodySite")).display
    if title:
        return Concept(title, modality.codings)
    if modality.display:
        return Concept(f"{modality.display} of {site}" if site else modality.display, modality.codings)
    named = first_concept(resource.get("view"), resource.get("type"))
    return Concept(named.display or "Picture", named.codings)
