"""FHIR R4 `MedicationDispense` -> `Entry`: a drug handed out by a pharmacy.

`start` is when it was handed over, else prepared. Void: cancelled, declined, in preparation, on hold.
Details: "dose", "quantity", "supply", "status reason", "prescription", "note".
"""

from tools.entries.concepts import also, concept, labels
from tools.entries.dosage import dosage_words, routes
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.medication import Resolve, drug, nowhere
from tools.entries.moments import times
from tools.entries.quantities import in_words
from tools.entries.references import links, reference
from tools.entries.shape import obj, objs


def parse(resource: JSON, resolve: Resolve = nowhere) -> Entry:
    """Read a MedicationDispense; `resolve` finds the Medication it refers to."""
    code = drug(resource, resolve)
    when = times(resource, "whenHandedOver", "whenPrepared")
    return Entry(
        **head(resource),
        display=code.display or "Medication",
        codings=code.codings,
        category=labels(resource.get("category"), resource.get("type")),
        start=when.start,
        who=links(resource, *(performer.get("actor") for performer in objs(resource.get("performer")))),
        where=links(resource, resource.get("location")),
        counts=routes(resource.get("dosageInstruction")),
        details=also(code)
        + when.odd
        + details(
            ("dose", dosage_words(resource.get("dosageInstruction"))),
            ("quantity", in_words(resource.get("quantity"))),
            ("supply", in_words(resource.get("daysSupply"))),
            ("status reason", concept(resource.get("statusReasonCodeableConcept")).display),
            ("prescription", reference(obj(resource.get("authorizingPrescription")))),
            ("note", notes(resource)),
        ),
    )
