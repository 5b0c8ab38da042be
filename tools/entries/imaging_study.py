"""FHIR R4 `ImagingStudy` -> `Entry`.

`display` is the procedure, else "modality of body site", else the description; `category` the modality.
Void: registered, cancelled, entered in error. Details: "modality", "body site", "description", "series",
"images".
"""

from typing import Any

from tools.entries.concepts import Concept, also, concept, first_concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.references import links, reasons
from tools.entries.shape import number, objs, plain, text


def parse(resource: JSON) -> Entry:
    """Read an ImagingStudy."""
    series = objs(resource.get("series"))
    modalities = _distinct([resource.get("modality"), *(each.get("modality") for each in series)])
    sites = _distinct([each.get("bodySite") for each in series])
    code = _code(resource, modalities, sites)
    when = times(resource, "started")
    return Entry(
        **head(resource),
        display=code.display,
        codings=code.codings,
        category=labels(resource.get("modality"), *(each.get("modality") for each in series)),
        start=when.start,
        who=links(resource, resource.get("interpreter"), resource.get("referrer")),
        where=links(resource, resource.get("location")),
        reasons=reasons(resource),
        details=also(code)
        + when.odd
        + details(
            ("modality", ", ".join(modalities)),
            ("body site", ", ".join(sites)),
            ("description", text(resource.get("description"))),
            ("series", _count(resource.get("numberOfSeries"))),
            ("images", _count(resource.get("numberOfInstances"))),
        ),
    )


def _code(resource: JSON, modalities: list[str], sites: list[str]) -> Concept:
    procedure = first_concept(*objs(resource.get("procedureCode")), resource.get("procedure"))
    if procedure.display:
        return procedure
    made = ", ".join(modalities) + (f" of {', '.join(sites)}" if sites else "")
    return Concept(made if modalities else text(resource.get("description")) or "Imaging study", ())


def _distinct(values: list[Any]) -> list[str]:
    found = (_name(member) for value in values for member in objs(value))
    return [name for name in dict.fromkeys(found) if name]


def _name(coding: JSON) -> str:
    """Return the name of a Coding (R4) or a CodeableConcept (R5)."""
    return (
        text(coding.get("display"))
        or concept(coding.get("concept", coding)).display
        or text(coding.get("code"))
    )


def _count(value: Any) -> str:
    count = number(value)
    return plain(count) if count is not None else ""
