"""FHIR R4 `ImmunizationRecommendation` -> `Entry`: vaccines that are due.

Each recommendation is a component that goes by its vaccine; its value is the forecast ("due", "complete") with the
first date that is given for it. `display` names all vaccines.
"""

from typing import Any

from tools.entries.concepts import concept, first_concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, joined
from tools.entries.moments import day, times
from tools.entries.references import links
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read an ImmunizationRecommendation."""
    when = times(resource, "date")
    base = head(resource) | {"start": when.start}
    vaccines = [_vaccine(each, base) for each in objs(resource.get("recommendation"))]
    return Entry(
        **base,
        display="Vaccines recommended: " + ", ".join(dict.fromkeys(each.display for each in vaccines)),
        components=tuple(vaccines),
        who=links(resource, resource.get("authority")),
        details=when.odd,
    )


def _vaccine(recommended: JSON, base: dict[str, Any]) -> Entry:
    code = first_concept(*objs(recommended.get("vaccineCode")), recommended.get("targetDisease"))
    dates = (day(each.get("value")) for each in objs(recommended.get("dateCriterion")))
    return Entry(
        **base,
        display=code.display or "Vaccine",
        codings=code.codings,
        value=joined(concept(recommended.get("forecastStatus")).display, next(filter(None, dates), ""))
        or None,
        details=details(
            ("dose", text(recommended.get("doseNumberString"))),
            ("series", text(recommended.get("series"))),
            ("why", concept(recommended.get("forecastReason")).display),
        ),
    )
