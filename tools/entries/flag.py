"""FHIR R4 `Flag` -> `Entry`: a warning on the chart. `start` and `end` are its period."""

from tools.entries.concepts import also, concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.moments import times
from tools.entries.references import links


def parse(resource: JSON) -> Entry:
    """Read a Flag."""
    code = concept(resource.get("code"))
    when = times(resource, "period")
    return Entry(
        **head(resource),
        display=code.display or "Flag",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("author")),
        details=also(code) + when.odd,
    )
