"""FHIR R4 `Organization` -> `Entry`: a hospital, practice or insurer. Details: "type", "phone", "address"."""

from tools.entries.concepts import labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.people import address_words, telecom
from tools.entries.references import links
from tools.entries.shape import obj, text


def parse(resource: JSON) -> Entry:
    """Read an Organization."""
    return Entry(
        **head(resource),
        display=text(resource.get("name")) or "Organization",
        category=labels(resource.get("type")),
        where=links(resource, resource.get("partOf")),
        details=details(
            ("type", ", ".join(names(resource.get("type")))),
            ("phone", ", ".join(telecom(resource.get("telecom"), "phone"))),
            ("address", address_words(obj(resource.get("address")))),
        ),
    )
