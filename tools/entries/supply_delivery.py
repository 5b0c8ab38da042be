"""FHIR R4 `SupplyDelivery` -> `Entry`: equipment or material handed to the patient.

`value` is the quantity; `where` the supplier and the destination. Void: abandoned, entered in error.
Details: "receiver".
"""

from tools.entries.concepts import Concept, also, concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.quantities import quantity
from tools.entries.references import contained, links, name_of, reference
from tools.entries.shape import obj, objs, text

_WHEN = ("occurrenceDateTime", "occurrencePeriod", "occurrenceTiming")


def parse(resource: JSON) -> Entry:
    """Read a SupplyDelivery."""
    item = obj(resource.get("suppliedItem"))
    code = _item(resource, item)
    when = times(resource, *_WHEN)
    receivers = [text(each.get("display")) or reference(each) for each in objs(resource.get("receiver"))]
    return Entry(
        **head(resource),
        display=code.display or concept(resource.get("type")).display or "Supply",
        codings=code.codings,
        category=labels(resource.get("type")),
        start=when.start,
        end=when.end,
        value=quantity(item.get("quantity")),
        where=links(resource, resource.get("supplier"), resource.get("destination")),
        details=also(code) + when.odd + details(("receiver", ", ".join(receivers))),
    )


def _item(resource: JSON, item: JSON) -> Concept:
    named = concept(item.get("itemCodeableConcept"))
    if named.display:
        return named
    pointer = obj(item.get("itemReference"))
    local = contained(resource, reference(pointer))
    return Concept(text(pointer.get("display")) or name_of(local), concept(local.get("code")).codings)
