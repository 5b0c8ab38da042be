"""FHIR R4 `Location` -> `Entry`: a place of care. Details: "type", "phone", "address"."""

from tools.entries.concepts import labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.people import address_words, telecom
from tools.entries.references import links
from tools.entries.shape import text


def parse(resource: JSON) -> Entry:
    """Read a Location."""
    return Entry(
        **head(resource),
        display=text(resource.get("name")) or text(resource.get("description")) or "Location",
        category=labels(resource.get("type"), resource.get("physicalType")),
        where=links(resource, resource.get("managingOrganization"), resource.get("partOf")),
        details=details(
            ("type", ", ".join(names(resource.get("type")))),
            ("phone", ", ".join(telecom(resource.get("telecom"), "phone"))),
            ("address", address_words(resource.get("address"))),
        ),
    )
