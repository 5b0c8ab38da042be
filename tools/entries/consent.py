"""FHIR R4 `Consent` -> `Entry`: a consent, a refusal, an advance directive.

`display` is its category, else its scope; `start` when it was given, else when it begins to hold; `end` when it ceases
to. Void: rejected, proposed, draft, entered in error. Details: "scope", "provision" (permit or deny), "about" (what
the provision names), "policy".
"""

from collections.abc import Iterator

from tools.entries.concepts import Concept, concept, first_concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import NO_TIMES, times
from tools.entries.references import links
from tools.entries.shape import obj, objs, text


def parse(resource: JSON) -> Entry:
    """Read a Consent."""
    provision = obj(resource.get("provision"))
    scope, category = concept(resource.get("scope")), first_concept(*objs(resource.get("category")))
    name = category if category.display else scope
    given, holds = times(resource, "dateTime"), times(provision, "period")
    about = list(_about(provision))
    said = (each for each in (*objs(resource.get("category")), resource.get("scope")))
    codings = dict.fromkeys(coding for each in said for coding in concept(each).codings)
    return Entry(
        **head(resource),
        display=name.display or "Consent",
        codings=(*codings, *(coding for each in about for coding in each.codings)),
        category=labels(resource.get("category"), resource.get("scope")),
        start=(given if given != NO_TIMES else holds).start,
        end=holds.end,
        who=links(resource, resource.get("performer")),
        where=links(resource, resource.get("organization")),
        details=given.odd
        + details(
            ("scope", scope.display if scope.display != name.display else ""),
            ("provision", text(provision.get("type"))),
            ("about", ", ".join(each.display for each in about)),
            ("policy", concept(resource.get("policyRule")).display),
            ("purpose", ", ".join(names(provision.get("purpose")))),
        ),
    )


def _about(provision: JSON) -> Iterator[Concept]:
    for each in objs(provision.get("code")):
        if (read := concept(each)).display:
            yield read
    for inner in objs(provision.get("provision")):
        yield from _about(inner)
