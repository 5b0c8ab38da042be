"""FHIR R4 `Device` -> `Entry`.

A Device does not say when it was implanted, so it has no `start`. Details: "name", "manufacturer", "model",
"made", "expires", "serial", "lot", "udi", "status reason", "note".
"""

from tools.entries.concepts import also, first_concept, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import day
from tools.entries.references import links
from tools.entries.shape import obj, objs, text


def parse(resource: JSON) -> Entry:
    """Read a Device."""
    code = first_concept(resource.get("type"), resource.get("code"))
    called = _called(resource)
    return Entry(
        **head(resource),
        display=code.display or called or "Device",
        codings=code.codings,
        where=links(resource, resource.get("owner"), resource.get("location")),
        details=also(code)
        + details(
            ("name", called if called != code.display else ""),
            ("manufacturer", text(resource.get("manufacturer"))),
            ("model", text(resource.get("modelNumber")) or text(resource.get("model"))),
            ("made", day(resource.get("manufactureDate"))),
            ("expires", day(resource.get("expirationDate"))),
            ("serial", text(resource.get("serialNumber"))),
            ("lot", text(resource.get("lotNumber"))),
            ("udi", text(resource.get("distinctIdentifier")) or _udi(resource)),
            ("status reason", ", ".join(names(resource.get("statusReason")))),
            ("note", notes(resource)),
        ),
    )


def _called(resource: JSON) -> str:
    given = [text(name.get("name")) for name in objs(resource.get("deviceName"))]
    return next((name for name in given if name), "")


def _udi(resource: JSON) -> str:
    carrier = obj(resource.get("udiCarrier") or resource.get("udi"))
    return text(carrier.get("deviceIdentifier")) or text(carrier.get("carrierHRF"))
