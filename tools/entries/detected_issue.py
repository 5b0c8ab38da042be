"""FHIR R4 `DetectedIssue` -> `Entry`: an interaction, a duplicate, a dose that was warned of.

`parts` are what it is about. Details: "severity", "detail", "mitigation".
"""

from tools.entries.concepts import also, concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.references import links
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read a DetectedIssue."""
    code = concept(resource.get("code"))
    when = times(resource, "identifiedDateTime", "identifiedPeriod")
    done = (concept(each.get("action")).display for each in objs(resource.get("mitigation")))
    return Entry(
        **head(resource),
        display=code.display or "Detected issue",
        codings=code.codings,
        category=labels(resource.get("code")),
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("author")),
        parts=links(resource, resource.get("implicated")),
        details=also(code)
        + when.odd
        + details(
            ("severity", text(resource.get("severity"))),
            ("detail", text(resource.get("detail"))),
            ("mitigation", ", ".join(filter(None, done))),
        ),
    )
