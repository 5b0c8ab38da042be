"""FHIR R4 `Practitioner` -> `Entry`: a person who gives care.

Details: "gender", "qualification", "phone", "email", "address", "npi".
"""

from tools.entries.concepts import concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.people import address_words, human_name, telecom
from tools.entries.shape import obj, objs, text


def parse(resource: JSON) -> Entry:
    """Read a Practitioner."""
    skills = (concept(each.get("code")).display for each in objs(resource.get("qualification")))
    numbers = (
        text(i.get("value")) for i in objs(resource.get("identifier")) if "us-npi" in text(i.get("system"))
    )
    return Entry(
        **head(resource),
        display=human_name(resource.get("name")) or "Practitioner",
        details=details(
            ("gender", text(resource.get("gender"))),
            ("qualification", ", ".join(skill for skill in skills if skill)),
            ("phone", ", ".join(telecom(resource.get("telecom"), "phone"))),
            ("email", ", ".join(telecom(resource.get("telecom"), "email"))),
            ("address", address_words(obj(resource.get("address")))),
            ("npi", ", ".join(value for value in numbers if value)),
        ),
    )
