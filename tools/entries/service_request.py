"""FHIR R4 `ServiceRequest` -> `Entry`: an order, a referral, a directive.

`start` is when it was ordered, else when it is to be done. Void: must not be performed, only proposed or planned,
draft, revoked, entered in error. Details: "for" (when it is to be done, if ordered before), "priority" (if not
routine), "category", "order detail", "to" (the service or specialty asked), "body site", "instruction", "note".
"""

from tools.entries.concepts import also, concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import NO_TIMES, day, period_words, times
from tools.entries.references import links, reasons
from tools.entries.shape import obj, text

_WHEN = ("occurrenceDateTime", "occurrencePeriod", "occurrenceTiming")
_NOT_YET = {"proposal": "proposed", "plan": "planned"}


def wish(resource: JSON) -> str:
    """Return why a request is no order to do something: "do not perform", "proposed"; "" if it is one."""
    if resource.get("doNotPerform") is True:
        return "do not perform"
    return _NOT_YET.get(text(resource.get("intent")), "")


def parse(resource: JSON) -> Entry:
    """Read a ServiceRequest."""
    code = concept(resource.get("code"))
    ordered, due = times(resource, "authoredOn"), times(resource, *_WHEN)
    base = head(resource)
    base["void"] = base["void"] or ("revoked" if base["status"] == "revoked" else wish(resource))
    priority = text(resource.get("priority"))
    when = ordered if ordered != NO_TIMES else due
    return Entry(
        **base,
        display=code.display or ", ".join(names(resource.get("category"))) or "Order",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=due.end if when is due else None,
        who=links(resource, resource.get("requester"), resource.get("performer")),
        where=links(resource, resource.get("locationReference")),
        reasons=reasons(resource),
        details=also(code)
        + when.odd
        + details(
            ("for", _due(resource) if when is ordered else ""),
            ("priority", priority if priority != "routine" else ""),
            ("category", ", ".join(names(resource.get("category")))),
            ("order detail", ", ".join(names(resource.get("orderDetail")))),
            ("to", concept(resource.get("performerType")).display),
            ("body site", ", ".join(names(resource.get("bodySite")))),
            ("instruction", text(resource.get("patientInstruction"))),
            ("note", notes(resource)),
        ),
    )


def _due(resource: JSON) -> str:
    return day(resource.get("occurrenceDateTime")) or period_words(obj(resource.get("occurrencePeriod")))
