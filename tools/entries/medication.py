"""FHIR R4 `Medication` -> `Entry`, and the drug that another resource names -> its concept.

Details: "form", "ingredient" (one for each, with its strength), "lot". A `medicationReference` is looked up
among the contained resources, then by `Resolve`; else its own display stands. Its codings are those of the drug
and of its active ingredients. A Medication whose code is a bare code is named by its ingredients, else by an identifier
that is a name.
"""

from collections.abc import Callable, Sequence

from tools.entries.concepts import Concept, also, concept
from tools.entries.entry import JSON, Coding, Entry
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
    code = _code(resource, nowhere)
    ingredients = [
        ("ingredient", words)
        for part in objs(resource.get("ingredient"))
        if (words := _ingredient(part, nowhere))
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
    read = _code(found or {}, resolve)
    active = (part for part in objs(obj(found).get("ingredient")) if part.get("isActive") is not False)
    parts = [coding for part in active for coding in _codings(_item(part, resolve))]
    codings = tuple(dict.fromkeys((*read.codings, *parts)))
    return Concept(read.display or text(pointer.get("display")), codings)


def _codings(item: Concept) -> tuple[Coding, ...]:
    """Return the codings of an ingredient; one that has a name only is a coding without a code."""
    return item.codings or ((Coding("", "", item.display),) if item.display else ())


def _code(resource: JSON, resolve: Resolve) -> Concept:
    """Return the code of a Medication; where it is no name, its ingredients or an identifier are."""
    code = concept(resource.get("code"))
    if text(obj(resource.get("code")).get("text")) or any(coding.display for coding in code.codings):
        return code
    parts = [_ingredient(part, resolve) for part in objs(resource.get("ingredient"))]
    name = " / ".join(part for part in parts if part) or _name_among(objs(resource.get("identifier")))
    return Concept(name or code.display, code.codings)


def _name_among(identifiers: Sequence[JSON]) -> str:
    """Return the identifier that is a name: by its system, else in small letters."""
    values = [(text(each.get("system")), text(each.get("value"))) for each in identifiers]
    named = (value for system, value in values if system.endswith("name"))
    return next(named, "") or next((value for _, value in values if any(map(str.islower, value))), "")


def _ingredient(part: JSON, resolve: Resolve) -> str:
    name = _item(part, resolve).display
    return " ".join(word for word in (name, in_words(part.get("strength"))) if word)


def _item(part: JSON, resolve: Resolve) -> Concept:
    """Return an ingredient; the ingredients of a part are not looked up."""
    named = concept(part.get("itemCodeableConcept") or part.get("item"))
    if named.display:
        return named
    pointer = obj(part.get("itemReference"))
    target = literal(pointer.get("reference"))
    said = text(pointer.get("display"))
    found = resolve(target) if target and not said else None
    return _code(found, nowhere) if found else Concept(said or target, ())
