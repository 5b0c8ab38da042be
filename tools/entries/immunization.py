"""FHIR R4 `Immunization` -> `Entry`: a vaccine given.

`start` is when. Void: not done, entered in error, subpotent (a dose that does not count). Details: "given" (when
recorded in words), "dose number", "series", "dose", "lot", "expires", "route", "body site", "manufacturer", "reported"
(not from the one who gave it), "status reason", "reaction", "note".
"""

from tools.entries.concepts import also, concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import day, times
from tools.entries.quantities import in_words
from tools.entries.references import links, reasons
from tools.entries.shape import number, obj, objs, plain, text


def parse(resource: JSON) -> Entry:
    """Read an Immunization."""
    code = concept(resource.get("vaccineCode"))
    when = times(resource, "occurrenceDateTime")
    base = head(resource)
    if resource.get("isSubpotent") is True:
        base["void"] = base["void"] or "subpotent"
    return Entry(
        **base,
        display=code.display or "Immunization",
        codings=code.codings,
        start=when.start,
        who=links(resource, *(performer.get("actor") for performer in objs(resource.get("performer")))),
        where=links(resource, resource.get("location")),
        reasons=reasons(resource),
        details=also(code) + when.odd + _details(resource),
    )


def _details(resource: JSON) -> tuple[tuple[str, str], ...]:
    protocol = obj(resource.get("protocolApplied"))
    return details(
        ("given", text(resource.get("occurrenceString"))),
        ("dose number", _dose_number(protocol)),
        ("series", text(protocol.get("series"))),
        ("dose", in_words(resource.get("doseQuantity"))),
        ("lot", text(resource.get("lotNumber"))),
        ("expires", day(resource.get("expirationDate"))),
        ("route", concept(resource.get("route")).display),
        ("body site", concept(resource.get("site")).display),
        ("manufacturer", text(obj(resource.get("manufacturer")).get("display"))),
        ("reported", "yes" if resource.get("primarySource") is False else ""),
        ("status reason", concept(resource.get("statusReason")).display),
        ("reaction", ", ".join(day(r.get("date")) for r in objs(resource.get("reaction")))),
        ("note", notes(resource)),
    )


def _dose_number(protocol: JSON) -> str:
    dose = (
        protocol.get("doseNumberPositiveInt")
        or protocol.get("doseNumber")
        or protocol.get("doseNumberString")
    )
    count = number(dose)
    return plain(count) if count is not None else text(dose)
