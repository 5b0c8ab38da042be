"""FHIR R4 `Medication` -> `Entry`, and the drug that another resource names -> its concept.

Details: "form", "ingredient" (one for each, with its strength), "lot". A `medicationReference` is looked up
among the contained resources, then by `Resolve`; else its own display stands. MIMIC-IV on FHIR has the name of a
drug as an identifier.
"""

from collections.abc import Callable
from typing import Any

from tools.entries.concepts import Concept, also, concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.quantities import in_words
from tools.entries.references import contained, literal, reference
from tools.entries.shape import obj, objs, text

Resolve = Callable[[str], JSON | None]
"""Given "Medication/…" or "Specimen/…", returns that resource of the same record, None if the record has none."""


def nowhere(_reference: str) -> JSON | None:
    """Resolve nothing: for resources read on their own."""
    return None


def parse(resource: JSON) -> Entry:
    """Read a Medication."""
    code = _code(resource)
    ingredients = [
        ("ingredient", words) for part in objs(resource.get("ingredient")) if (words := _ingredient(part))
    ]
    return Entry(
        **head(resource),
        display=code.display or "Medication",
        codings=code.codings,
        details=also(code)
        + details(
            ("form", concept(resource.get("form")).display),
            *ingredients,
            ("lot", text(obj(resource.get("batch")).get("lotNumber"))),
        ),
    )


def drug(resource: JSON, resolve: Resolve) -> Concept:
    """Return the drug of a request, statement, administration or dispense."""
    if "medicationCodeableConcept" in resource:
        return concept(resource["medicationCodeableConcept"])
    named = obj(resource.get("medicationReference") or resource.get("medication"))
    if "concept" in named or "coding" in named:
        return concept(named.get("concept") or named)
    pointer = obj(named.get("reference")) or named
    target = reference(pointer)
    found = contained(resource, target) if target.startswith("#") else resolve(target) if target else None
    read = _code(found or {})
    return read if read.display else Concept(text(pointer.get("display")), read.codings)


def _code(resource: JSON) -> Concept:
    """Return the code of a Medication, by the name among its identifiers if the code has none, else its ingredients."""
    code = concept(resource.get("code"))
    if code.display and code.display not in (coding.code for coding in code.codings):
        return code
    named = (
        text(each.get("value"))
        for each in objs(resource.get("identifier"))
        if text(each.get("system")).endswith("-name")
    )
    display = next(filter(None, named), code.display)
    if display:
        return Concept(display, code.codings)
    parts = [_ingredient(part) for part in objs(resource.get("ingredient"))]
    return Concept(" / ".join(part for part in parts if part), code.codings)


def _ingredient(part: JSON) -> str:
    item = part.get("itemCodeableConcept") or part.get("item")
    name = concept(item).display or _display(part.get("itemReference"))
    return " ".join(word for word in (name, in_words(part.get("strength"))) if word)


def _display(value: Any) -> str:
    return text(obj(value).get("display")) or literal(obj(value).get("reference"))
