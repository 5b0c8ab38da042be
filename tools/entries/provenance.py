"""FHIR R4 `Provenance` -> `Entry`: who made the record.

Its targets, often the whole record, are left in `raw`.
"""

from tools.entries.concepts import concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.moments import times
from tools.entries.references import links
from tools.entries.shape import objs


def parse(resource: JSON) -> Entry:
    """Read a Provenance."""
    activity = concept(resource.get("activity"))
    when = times(resource, "occurredDateTime", "occurredPeriod", "recorded")
    agents = objs(resource.get("agent"))
    return Entry(
        **head(resource),
        display=activity.display or "Provenance",
        codings=activity.codings,
        start=when.start,
        end=when.end,
        who=links(
            resource, *(agent.get("who") for agent in agents), *(agent.get("onBehalfOf") for agent in agents)
        ),
        details=when.odd,
    )
