"""FHIR R4 `MedicationStatement` -> `Entry`: what the patient is said to take.

`start` and `end` are the effective period. Void: not taken, entered in error.
Details: "dose", "asserted", "status reason", "note".
"""

from tools.entries.concepts import also, labels, names
from tools.entries.dosage import dosage_words, routes
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.medication import Resolve, drug, nowhere
from tools.entries.moments import day, times
from tools.entries.references import links, reasons


def parse(resource: JSON, resolve: Resolve = nowhere) -> Entry:
    """Read a MedicationStatement; `resolve` finds the Medication it refers to."""
    code = drug(resource, resolve)
    when = times(resource, "effectiveDateTime", "effectivePeriod")
    return Entry(
        **head(resource),
        display=code.display or "Medication",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        end=when.end,
        who=links(resource, resource.get("informationSource")),
        reasons=reasons(resource),
        counts=routes(resource.get("dosage")),
        details=also(code)
        + when.odd
        + details(
            ("dose", dosage_words(resource.get("dosage"))),
            ("asserted", day(resource.get("dateAsserted"))),
            ("status reason", ", ".join(names(resource.get("statusReason")))),
            ("note", notes(resource)),
        ),
    )
