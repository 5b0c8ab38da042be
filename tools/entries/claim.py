"""FHIR R4 `Claim` -> `Entry`: a bill.

`display` is the first service billed, `parts` all of them, `reasons` the diagnoses, `category` the type
("institutional", "pharmacy"). `start` is the billed period, else when it was created. Void: cancelled,
draft, entered in error, a preauthorization or predetermination. Amounts: "billed" (the total, else the sum
of the items). Details: "insurer", "insurance", "prescription", "priority" (if not normal).
"""

from decimal import Decimal
from typing import Any

from tools.entries.concepts import also, code_of, concept, labels
from tools.entries.entry import JSON, Amount, Entry, Link
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.quantities import money
from tools.entries.references import link, links, reference
from tools.entries.shape import obj, objs, text

NOT_BILLS = ("preauthorization", "predetermination")


def parse(resource: JSON) -> Entry:
    """Read a Claim."""
    items = objs(resource.get("item"))
    service = concept(items[0].get("productOrService")) if items else concept(None)
    when = times(resource, "billablePeriod", "created")
    base = head(resource)
    base["void"] = base["void"] or unbilled(resource)
    priority = code_of(resource.get("priority"))
    return Entry(
        **base,
        display=service.display or " ".join([code_of(resource.get("type")), "claim"]).strip(),
        codings=service.codings,
        category=labels(resource.get("type")),
        start=when.start,
        end=when.end,
        **parties(resource),
        parts=services(items),
        amounts=_billed(resource, items),
        details=also(service)
        + when.odd
        + details(
            ("insurer", insurer(resource)),
            ("insurance", insurance(resource)),
            ("prescription", reference(obj(resource.get("prescription")))),
            ("priority", priority if priority != "normal" else ""),
        ),
    )


def unbilled(resource: JSON) -> str:
    """Return why it is no bill: it only asks what would be paid."""
    use = text(resource.get("use"))
    return use if use in NOT_BILLS else ""


def services(items: object) -> tuple[Link, ...]:
    """Return what was billed, as named, in order."""
    found = (concept(item.get("productOrService")).display for item in objs(items))
    return tuple(Link("", name) for name in found if name)


def parties(resource: JSON) -> dict[str, Any]:
    """Return who provided, where, and for which diagnoses."""
    providers = links(resource, resource.get("provider"), resource.get("facility"))
    places = tuple(each for each in providers if each.reference.startswith(("Organization", "Location")))
    diagnoses = objs(resource.get("diagnosis"))
    said = (concept(each.get("diagnosisCodeableConcept")).display for each in diagnoses)
    coded = tuple(Link("", name) for name in said if name)
    return {
        "who": tuple(each for each in providers if each not in places),
        "where": places,
        "reasons": coded + links(resource, *(each.get("diagnosisReference") for each in diagnoses)),
    }


def insurance(resource: JSON) -> str:
    """Return the insurances by name, else by reference."""
    covers = (link(resource, each.get("coverage")) for each in objs(resource.get("insurance")))
    return ", ".join(dict.fromkeys(each.display or each.reference for each in covers if each))


def insurer(resource: JSON) -> str:
    """Return to whom it is sent, by name, else by reference."""
    company = link(resource, resource.get("insurer"))
    return (company.display or company.reference) if company else ""


def _billed(resource: JSON, items: object) -> tuple[Amount, ...]:
    total = money("billed", resource.get("total"))
    if total:
        return (total,)
    nets = [net for item in objs(items) if (net := money("billed", item.get("net")))]
    return (Amount("billed", sum((n.value for n in nets), Decimal()), nets[0].currency),) if nets else ()
