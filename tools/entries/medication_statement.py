"""FHIR R4 `MedicationStatement` -> `Entry`: what the patient is said to take.

`start` and `end` are the effective period; without an end it is that of the dosage. Void: not taken, entered in error.
Details: "dose", "told by", "asserted", "status reason", "note".
"""

from tools.entries.concepts import also, labels, names
from tools.entries.dosage import bounds, dosage_words, routes
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.medication import Resolve, drug, nowhere
from tools.entries.moments import day, times
from tools.entries.references import links, literal, reasons
from tools.entries.shape import obj, text


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
        end=when.end or bounds(resource.get("dosage"), when.start).end,
        who=links(resource, resource.get("informationSource")),
        reasons=reasons(resource),
        counts=routes(resource.get("dosage")),
        details=also(code)
        + when.odd
        + details(
            ("dose", dosage_words(resource.get("dosage"))),
            ("told by", _teller(obj(resource.get("informationSource")))),
            ("asserted", day(resource.get("dateAsserted"))),
            ("status reason", ", ".join(names(resource.get("statusReason")))),
            ("note", notes(resource)),
        ),
    )


def _teller(source: JSON) -> str:
    """Return who said it, in words; "" if that is not recorded by name or sort."""
    named, target = text(source.get("display")), literal(source.get("reference")).partition("/")[0]
    return named or {"Patient": "the patient", "RelatedPerson": "a relative"}.get(target, "")
