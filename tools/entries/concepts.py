"""FHIR R4 CodeableConcept, Coding and code -> names, codings, and lower-case labels.

Most concepts of a record recur: those with a single coding are read once and shared.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from tools.codes import disagreement, name_of
from tools.entries.entry import JSON, Coding
from tools.entries.shape import obj, objs, text

Details = tuple[tuple[str, str], ...]


class Concept(NamedTuple):
    """A CodeableConcept: its name and all its codings."""

    display: str
    codings: tuple[Coding, ...]


NO_CONCEPT = Concept("", ())


def concept(value: Any) -> Concept:
    """Read a CodeableConcept, or the first of a list: its text, else its first display, else what its code is called.

    >>> concept({"coding": [{"system": "http://loinc.org", "code": "4548-4"}]}).display
    'hemoglobin A1c (4548-4)'
    >>> concept({"coding": [{"system": "urn:ours", "code": "4548-4"}]}).display
    '4548-4'
    """
    read = obj(value)
    if not read:
        return Concept(text(value), ()) if isinstance(value, str) else NO_CONCEPT
    members, said = read.get("coding"), read.get("text")
    if isinstance(members, list) and len(members) == 1 and isinstance(members[0], dict):
        only = members[0]
        try:
            return _single(said, only.get("system"), only.get("code"), only.get("display"))
        except TypeError:  # not hashable: something other than text stands there
            pass
    return _named(
        text(said), tuple(each for each in map(_coding_of, objs(members)) if each.code or each.display)
    )


@lru_cache(maxsize=16384)
def _single(said: Any, system: Any, code: Any, display: Any) -> Concept:
    only = _coding(text(system), text(code), text(display))
    return _named(text(said), (only,) if only.code or only.display else ())


def _named(said: str, found: tuple[Coding, ...]) -> Concept:
    named = next((coding.display for coding in found if coding.display), "")
    return Concept(said or named or _by_code(found), found)


def _by_code(found: tuple[Coding, ...]) -> str:
    """Return the name of the first code that a kept code system has, with the code; else the first code."""
    known = ((name_of(coding.system, coding.code), coding.code) for coding in found)
    named = next((f"{name} ({code})" for name, code in known if name), "")
    return named or (found[0].code if found else "")


def _coding_of(coding: JSON) -> Coding:
    return _coding(text(coding.get("system")), text(coding.get("code")), text(coding.get("display")))


@lru_cache(maxsize=16384)
def _coding(system: str, code: str, display: str) -> Coding:
    return Coding(system, code, display)


def first_concept(*values: Any) -> Concept:
    """Return the first concept that has a name."""
    for value in values:
        read = concept(value)
        if read.display:
            return read
    return NO_CONCEPT


def names(value: Any) -> list[str]:
    """Return the names of a list of CodeableConcepts."""
    if value is None:
        return []
    members = value if isinstance(value, list) else [value]
    return [read.display for read in map(concept, members) if read.display]


def also(read: Concept) -> Details:
    """Return the other displays of a concept with several codings, as the detail "also"."""
    if len(read.codings) < 2:
        return ()
    seen = dict.fromkeys(coding.display for coding in read.codings if coding.display)
    seen.pop(read.display, None)
    return (("also", "; ".join(seen)),) if seen else ()


def code_of(value: Any) -> str:
    """Return the first code of a CodeableConcept, else its text; a bare code is itself."""
    read = concept(value)
    for coding in read.codings:
        if coding.code:
            return coding.code
    return read.display


def labels(*values: Any) -> tuple[str, ...]:
    """Return codes, displays and texts of concepts, Codings, codes or lists of them; lower case, once each.

    >>> labels([{"coding": [{"code": "LAB", "display": "Laboratory"}]}], "food", {"code": "IMP"})
    ('lab', 'laboratory', 'food', 'imp')
    """
    members = [member for value in values for member in (value if isinstance(value, list) else (value,))]
    if len(members) == 1:
        return _labels_of(members[0])
    return tuple(dict.fromkeys(label for member in members for label in _labels_of(member)))


def _labels_of(member: Any) -> tuple[str, ...]:
    if isinstance(member, dict):
        written = concept(member) if "coding" in member else concept({"coding": [member]})
        return _labels(written)
    word = text(member).lower()
    return (word,) if word else ()


@lru_cache(maxsize=4096)
def _labels(written: Concept) -> tuple[str, ...]:
    words = [word for coding in written.codings for word in (coding.code, coding.display)]
    return tuple(dict.fromkeys(word.lower() for word in [*words, written.display] if word))


@lru_cache(maxsize=16384)
def dispute(kind: str, display: str, codings: tuple[Coding, ...]) -> str:
    """Return in words that the code of an entry of a kind says one thing and its name another, "" if not."""
    names = dict.fromkeys((display, *(coding.display for coding in codings)))
    return disagreement(kind, frozenset(coding.code for coding in codings), tuple(filter(None, names)))
