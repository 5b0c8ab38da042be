"""FHIR R4 `Coverage` -> `Entry`: an insurance.

`display` is the payor; `start` and `end` its period. Cancelled is how some systems mark an insurance that
ended: it counts. Details: "plan" and other classes by their type, "type", "member" (subscriber id),
"relationship", "order".
"""

from tools.entries.concepts import also, code_of, concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.references import links
from tools.entries.shape import number, objs, plain, text


def parse(resource: JSON) -> Entry:
    """Read a Coverage."""
    kind = concept(resource.get("type"))
    classes = [(code_of(each.get("type")) or "class", _class(each)) for each in objs(resource.get("class"))]
    payors = links(resource, resource.get("payor"), resource.get("insurer"))
    when = times(resource, "period")
    named = [payor.display for payor in payors if payor.display] + [name for _, name in classes if name]
    order = number(resource.get("order"))
    return Entry(
        **head(resource),
        display=named[0] if named else kind.display or "Coverage",
        codings=kind.codings,
        category=labels(resource.get("type")),
        start=when.start,
        end=when.end,
        where=payors,
        details=also(kind)
        + when.odd
        + details(
            *classes,
            ("type", kind.display),
            ("member", text(resource.get("subscriberId"))),
            ("relationship", code_of(resource.get("relationship"))),
            ("order", plain(order) if order is not None else ""),
        ),
    )


def _class(each: JSON) -> str:
    return text(each.get("name")) or text(each.get("value"))
