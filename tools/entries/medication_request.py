"""FHIR R4 `MedicationRequest` -> `Entry`: a prescription or order.

`start` is when it was authored, else from when it is to be taken; `end` is until when: by its dosage, else by how long
the order is valid. Void: cancelled, draft, entered in error, proposed or planned, an order not to give.
Details: "dose", "starts" (a day after that of the order), "supply" ("30 days"), "quantity", "refills", "pharmacy",
"valid", "replaces" (an order before), "stopped because", "intent" (if not an order), "priority" (if not routine),
"substitution", "note".
"""

from tools.entries.concepts import also, concept, labels
from tools.entries.dosage import Bounds, bounds, counts, dosage_words, routes
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.medication import Resolve, drug, nowhere
from tools.entries.moments import Times, period_words, span_of, times
from tools.entries.quantities import in_words
from tools.entries.references import links, reasons, reference
from tools.entries.shape import number, obj, plain, text

_ORDERS = ("", "order", "original-order", "reflex-order", "filler-order", "instance-order")


def parse(resource: JSON, resolve: Resolve = nowhere) -> Entry:
    """Read a MedicationRequest; `resolve` finds the Medication it refers to."""
    code = drug(resource, resolve)
    when = times(resource, "authoredOn")
    lasting = _lasting(resource, when)
    base = head(resource)
    intent = text(resource.get("intent"))
    return Entry(
        **base,
        display=code.display or "Medication",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start or lasting.start,
        end=lasting.end,
        who=links(resource, resource.get("requester")),
        reasons=reasons(resource),
        details=also(code) + when.odd + _details(resource, intent, _later(lasting, when)),
        counts=counts(resource.get("dosageInstruction")) + routes(resource.get("dosageInstruction")),
    )


def _lasting(resource: JSON, ordered: Times) -> Bounds:
    """Return from when to when a drug is to be taken; an end before the order says nothing."""
    taken = bounds(resource.get("dosageInstruction"), ordered.start)
    valid = span_of(obj(obj(resource.get("dispenseRequest")).get("validityPeriod")))
    start, end = taken.start or valid.start, taken.end or valid.end
    return Bounds(start, None if end and ordered.start and end.before(ordered.start) else end)


def _later(lasting: Bounds, ordered: Times) -> str:
    """Return the day from which a drug is to be taken, where that is after the day of its order."""
    later = lasting.start and ordered.start and lasting.start.first > ordered.start.last
    return lasting.start.day if later and lasting.start else ""


def _details(resource: JSON, intent: str, starts: str) -> tuple[tuple[str, str], ...]:
    supply = obj(resource.get("dispenseRequest"))
    refills, priority = number(supply.get("numberOfRepeatsAllowed")), text(resource.get("priority"))
    substitute = obj(resource.get("substitution")).get("allowedBoolean")
    return details(
        ("dose", dosage_words(resource.get("dosageInstruction"))),
        ("starts", starts),
        ("supply", in_words(supply.get("expectedSupplyDuration"))),
        ("quantity", in_words(supply.get("quantity"))),
        ("refills", plain(refills) if refills is not None else ""),
        ("pharmacy", text(obj(supply.get("performer")).get("display"))),
        ("valid", period_words(supply.get("validityPeriod"))),
        ("replaces", reference(resource.get("priorPrescription"))),
        ("stopped because", concept(resource.get("statusReason")).display),
        ("intent", intent if intent not in _ORDERS else ""),
        ("priority", priority if priority != "routine" else ""),
        (
            "substitution",
            {True: "allowed", False: "not allowed"}.get(substitute, "")
            if substitute in (True, False)
            else "",
        ),
        ("note", notes(resource)),
    )
