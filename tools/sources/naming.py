"""A resource -> what it is called, and whether that can be read at all."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.entries import parse

NAMELESS = "it has no name that can be read"
_DRUG = ("medicationCodeableConcept", "medicationReference")
_NAMED = {
    **dict.fromkeys(
        ("AllergyIntolerance", "Condition", "DiagnosticReport", "Observation", "Procedure"), ("code",)
    ),
    **dict.fromkeys(("MedicationAdministration", "MedicationDispense", "MedicationRequest"), _DRUG),
    **{"Immunization": ("vaccineCode",), "MedicationStatement": _DRUG},
}
"""Kinds that are about one thing -> where that thing is named."""
_WORDS = ("text", "code", "display", "reference", "identifier")


def is_nameless(resource: Mapping[str, Any]) -> bool:
    """Tell whether a sound resource is about something that it does not name: masked, unknown, or unreadable."""
    places = _NAMED.get(resource["resourceType"])
    return places is not None and not any(_says(resource.get(place)) for place in places)


def name_of(resource: Mapping[str, Any]) -> str:
    """Return what a resource is called, its kind if it does not say."""
    return parse(resource).display[:80]


def kind_in_words(kind: str) -> str:
    """Return the name of a kind as people write it.

    >>> kind_in_words("PlanDefinition")
    'plan definition'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()


def _says(value: Any) -> bool:
    return any(part.get(word) for part in _parts(value) for word in _WORDS)


def _parts(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        yield from value.get("coding") or ()
