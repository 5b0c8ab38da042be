"""A Patient resource -> what a list shows and what a search looks at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.wording.text import words
from tools.wording.words import one_line

_NAME_ORDER = ("official", "usual", "", "nickname", "maiden", "old", "anonymous", "temp")


@dataclass(frozen=True, slots=True)
class Person:
    """The searchable part of a Patient.

    Attributes:
        names: for search: words of every name, one name a line, as recorded and without digits.
        identifiers: (system, value) each.
    """

    reference: str
    name: str
    birth: str
    gender: str
    died: str
    names: str
    identifiers: tuple[tuple[str, str], ...]


def person_of(patient: Mapping[str, Any]) -> Person:
    """Read a valid Patient resource."""
    reference = f"Patient/{patient['id']}"
    names = sorted(patient.get("name") or [], key=lambda n: _NAME_ORDER.index(_use(n)))
    shown = [full_name(name) for name in names]
    died = patient.get("deceasedDateTime") or ("true" if patient.get("deceasedBoolean") else "")
    return Person(
        reference=reference,
        name=one_line(next(filter(None, shown), reference)),
        birth=str(patient.get("birthDate") or ""),
        gender=str(patient.get("gender") or ""),
        died=str(died),
        names="\n".join(
            dict.fromkeys(key for name in shown for key in (name_key(name), name_key(no_digits(name))))
        ),
        identifiers=tuple(
            (str(i.get("system") or ""), str(i["value"]))
            for i in patient.get("identifier") or []
            if i.get("value")
        ),
    )


def two_people(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return what is said where two versions of a Patient are of different people, "" where they may be of one.

    They are of two where no word of their names is the same, or both the given names and the days of birth differ.
    """
    persons = person_of(one), person_of(other)
    if not all(person.names for person in persons):
        return ""
    given = [set(name_key(" ".join(_given(each))).split()) for each in (one, other)]
    births = {person.birth for person in persons if person.birth}
    strangers = set(persons[0].names.split()).isdisjoint(persons[1].names.split())
    if not strangers and not (given[0].isdisjoint(given[1]) and len(births) > 1):
        return ""
    told = " and ".join(f"{each.name}{f', born {each.birth}' if each.birth else ''}" for each in persons)
    return f"two people share the id {persons[0].reference}: {told}; what is recorded may be of either"


def full_name(name: Mapping[str, Any]) -> str:
    """Return a HumanName as people say it, without titles: "María del Carmen Abreu"."""
    given = " ".join(part for part in name.get("given") or [] if part)
    return f"{given} {name.get('family') or ''}".strip() or str(name.get("text") or "")


def name_key(name: str) -> str:
    """Return the words of a name, for comparison.

    >>> name_key("O'Keefe, Mathilda")
    'okeefe mathilda'
    """
    return " ".join(words(name)).replace("'", "")


def no_digits(name: str) -> str:
    """Return a name without the digits that Synthea appends: "Abbie917 Mraz291" -> "Abbie Mraz"."""
    return re.sub(r"(?<=[^\W\d])\d+\b", "", name)


def _given(patient: Mapping[str, Any]) -> list[str]:
    return [part for name in patient.get("name") or [] for part in name.get("given") or [] if part]


def _use(name: Mapping[str, Any]) -> str:
    use = str(name.get("use") or "")
    return use if use in _NAME_ORDER else "temp"
