"""FHIR R4 `PractitionerRole` -> `Entry`: what a practitioner does, and where.

`display` is the practitioner's name, else the role or specialty. Details: "role", "specialty", "phone",
"email".
"""

from tools.entries.concepts import first_concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.people import telecom
from tools.entries.references import links
from tools.entries.shape import objs


def parse(resource: JSON) -> Entry:
    """Read a PractitionerRole."""
    role = first_concept(*objs(resource.get("code")), *objs(resource.get("specialty")))
    who = links(resource, resource.get("practitioner"))
    when = times(resource, "period")
    return Entry(
        **head(resource),
        display=(who[0].display if who else "") or role.display or "Practitioner role",
        codings=role.codings,
        category=labels(resource.get("specialty")),
        start=when.start,
        end=when.end,
        who=who,
        where=links(resource, resource.get("organization"), resource.get("location")),
        details=when.odd
        + details(
            ("role", ", ".join(names(resource.get("code")))),
            ("specialty", ", ".join(names(resource.get("specialty")))),
            ("phone", ", ".join(telecom(resource.get("telecom"), "phone"))),
            ("email", ", ".join(telecom(resource.get("telecom"), "email"))),
        ),
    )
