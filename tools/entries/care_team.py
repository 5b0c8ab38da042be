"""FHIR R4 `CareTeam` -> `Entry`.

`parts` are the members other than the patient; `where` the managing organisation.
Void: proposed, entered in error. Details: "member" (one for each: name or reference, role), "phone", "note".
"""

from tools.entries.concepts import also, first_concept, labels, names
from tools.entries.entry import JSON, Entry, Link
from tools.entries.head import head, patient_of
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.people import telecom
from tools.entries.references import link, links, reasons
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read a CareTeam."""
    code = first_concept(*objs(resource.get("category")))
    when = times(resource, "period")
    members = _members(resource)
    return Entry(
        **head(resource),
        display=text(resource.get("name")) or code.display or "Care team",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=when.end,
        where=links(resource, resource.get("managingOrganization")),
        reasons=reasons(resource),
        parts=tuple(member for member, _ in members if member),
        details=also(code)
        + when.odd
        + details(
            *(("member", _words(member, role)) for member, role in members),
            ("phone", ", ".join(telecom(resource.get("telecom"), "phone"))),
            ("note", notes(resource)),
        ),
    )


def _members(resource: JSON) -> list[tuple[Link | None, str]]:
    patient = patient_of(resource)
    read = (
        (link(resource, p.get("member")), ", ".join(names(p.get("role"))))
        for p in objs(resource.get("participant"))
    )
    return [(member, role) for member, role in read if not (member and member.reference == patient != "")]


def _words(member: Link | None, role: str) -> str:
    name = (member.display or member.reference) if member else ""
    return f"{name} ({role})" if name and role else name or role
