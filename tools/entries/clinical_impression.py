"""FHIR R4 `ClinicalImpression` -> `Entry`: what a clinician made of the patient's state.

`parts` are the problems, findings and investigations it rests on. Details: "findings", "summary", "description",
"prognosis", "note".
"""

from tools.entries.concepts import also, concept, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.references import links
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read a ClinicalImpression."""
    code = concept(resource.get("code"))
    when = times(resource, "effectiveDateTime", "effectivePeriod", "date")
    found = objs(resource.get("finding"))
    said = [concept(each.get("itemCodeableConcept")).display for each in found]
    items = (each.get("itemReference") for each in found)
    return Entry(
        **head(resource),
        display=code.display or "Clinical impression",
        codings=code.codings,
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("assessor")),
        parts=links(resource, resource.get("problem"), *items),
        details=also(code)
        + when.odd
        + details(
            ("findings", ", ".join(filter(None, said))),
            ("summary", text(resource.get("summary"))),
            ("description", text(resource.get("description"))),
            ("prognosis", ", ".join(names(resource.get("prognosisCodeableConcept")))),
            ("note", notes(resource)),
        ),
        counts=tuple(("finding", name) for name in said if name),
    )
