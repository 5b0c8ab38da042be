"""FHIR R4 `MedicationAdministration` -> `Entry`: a dose given.

`start` and `end` are when it was given. Void: not done, entered in error. Details: "dose", "body site",
"status reason", "note".
"""

from tools.entries.concepts import also, concept, labels, names
from tools.entries.dosage import dosage_words, routes
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.medication import Resolve, drug, nowhere
from tools.entries.moments import times
from tools.entries.references import links, reasons
from tools.entries.shape import obj, objs


def parse(resource: JSON, resolve: Resolve = nowhere) -> Entry:
    """Read a MedicationAdministration; `resolve` finds the Medication it refers to."""
    code = drug(resource, resolve)
    when = times(resource, "effectiveDateTime", "effectivePeriod", "occurenceDateTime", "occurencePeriod")
    return Entry(
        **head(resource),
        display=code.display or "Medication",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=when.end,
        who=links(resource, *(performer.get("actor") for performer in objs(resource.get("performer")))),
        reasons=reasons(resource),
        counts=routes(resource.get("dosage")),
        details=also(code)
        + when.odd
        + details(
            ("dose", dosage_words(resource.get("dosage"))),
            ("body site", concept(obj(resource.get("dosage")).get("site")).display),
            ("status reason", ", ".join(names(resource.get("statusReason")))),
            ("note", notes(resource)),
        ),
    )
