"""FHIR R4 `Appointment` -> `Entry`: a visit that is booked, or was.

`start` and `end` are when it is to be. Void: cancelled, missed, proposed, entered in error. Details: "service",
"description", "booked" (the day), "instruction", "status reason".
"""

from tools.entries.concepts import also, concept, first_concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import NO_TIMES, day, span_of, times
from tools.entries.references import link, reasons
from tools.entries.shape import objs, text

_PLACES = ("Location/", "HealthcareService/", "Organization/")


def parse(resource: JSON) -> Entry:
    """Read an Appointment."""
    code = first_concept(
        *objs(resource.get("serviceType")),
        resource.get("appointmentType"),
        *objs(resource.get("specialty")),
        *objs(resource.get("reasonCode")),
    )
    described = text(resource.get("description"))
    actors = [link(resource, each.get("actor")) for each in objs(resource.get("participant"))]
    others = [each for each in actors if each and not each.reference.startswith("Patient/")]
    began, ended = times(resource, "start"), times(resource, "end")
    wanted = span_of(next(iter(objs(resource.get("requestedPeriod"))), None))
    when = began if began != NO_TIMES else wanted
    return Entry(
        **head(resource),
        display=described or code.display or "Appointment",
        codings=code.codings,
        start=when.start,
        end=ended.start or when.end,
        who=tuple(each for each in others if not each.reference.startswith(_PLACES)),
        where=tuple(each for each in others if each.reference.startswith(_PLACES)),
        reasons=reasons(resource),
        details=also(code)
        + when.odd
        + details(
            ("service", code.display if described and code.display != described else ""),
            ("booked", day(resource.get("created"))),
            ("instruction", text(resource.get("patientInstruction")) or text(resource.get("comment"))),
            ("status reason", concept(resource.get("cancelationReason")).display),
        ),
    )
