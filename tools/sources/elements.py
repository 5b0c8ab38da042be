"""The elements of FHIR R4 by type, and whether a value is sound: of its type, with all that is required.

Read from r4.json, which `make_r4` makes; compiled as they are met. Not checked: that codes are in their value sets,
profiles, and invariants.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from math import isfinite
from typing import Any, NamedTuple

import orjson

Check = Callable[[Any], bool]

_WRITTEN = re.compile(r"(\w+)(\*?)(!?)(?:@(\w+))?")
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_TIME_OF_DAY = re.compile(_TIME)
_CLOCK = re.compile(rf"T{_TIME}(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)")
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


class Element(NamedTuple):
    """What may stand under a name.

    Attributes:
        many: it is a list.
        choice: the choice it is one of, "value" of valueString; "" if of none.
        sound: tells whether a value is sound.
        kind: its FHIR type.
        shape: that type, if it has elements of its own.
    """

    many: bool
    choice: str
    sound: Check
    kind: str
    shape: "Shape | None" = None


class Shape:
    """A type of FHIR that has elements.

    Attributes:
        name: e.g. "Observation", "CodeableConcept".
        elements: by name; "_status" stands beside "status" for what is said of a primitive one.
        required: names that must be there.
        choices: names of which one must be there, each with the name of the choice.
    """

    __slots__ = ("choices", "elements", "name", "required")

    def __init__(self, name: str, written: Mapping[str, str]) -> None:
        self.name, self.elements = name, _Elements(name, written)
        needed = [(key, match) for key, text in written.items() if (match := _parts(text))[3]]
        self.required = frozenset(key for key, match in needed if not match[4])
        self.choices = {
            choice: frozenset(key for key, match in needed if match[4] == choice)
            for choice in {match[4] for _, match in needed if match[4]}
        }

    def sound(self, value: Any) -> bool:
        """Tell whether a value is all as FHIR has it; where not, `validation` finds out what is wrong."""
        if type(value) is not dict or not value:
            return False
        elements = self.elements
        chosen: set[str] | None = None
        for name, content in value.items():
            element = elements[name]
            if element is None:
                return False
            many, choice, sound, _, _ = element
            if not many:
                if not sound(content):
                    return False
            elif type(content) is not list or not content:
                return False
            else:
                for item in content:
                    if not sound(item):
                        return False
            if choice:
                if chosen is None:
                    chosen = {choice}
                elif choice in chosen:
                    return False
                else:
                    chosen.add(choice)
        return self.required <= value.keys() and (not self.choices or self._chosen(value))

    def _chosen(self, value: Mapping[str, Any]) -> bool:
        return all(not names.isdisjoint(value) for names in self.choices.values())


class _Elements(dict[str, Element | None]):
    """Elements by name, compiled when they are met; None under a name that the type does not have."""

    def __init__(self, name: str, written: Mapping[str, str]) -> None:
        super().__init__()
        self._written = written
        if name in kinds():
            self["resourceType"] = Element(False, "", is_text, "code")

    def __missing__(self, name: str) -> Element | None:
        text = self._written.get(name)
        if text:
            self[name] = made = _element(text)
            return made
        if name[:1] == "_" and name[1:] in self._written:
            self[name] = _BESIDE
            return _BESIDE
        return None


@cache
def shape_of(name: str) -> Shape:
    """Return a type that has elements.

    Raises:
        KeyError: R4 has no such type.
    """
    return Shape(name, _table()["types"][name])


@cache
def kinds() -> frozenset[str]:
    """Return the names of the resources of R4."""
    return frozenset(_table()["resources"])


def is_resource(value: Any) -> bool:
    """Tell whether a value is a sound resource of any kind."""
    if type(value) is not dict:
        return False
    kind = value.get("resourceType")
    return isinstance(kind, str) and kind in kinds() and shape_of(kind).sound(value)


def is_text(value: Any) -> bool:
    """Tell whether a value is text that says something."""
    return type(value) is str and value != ""


def is_date(value: Any) -> bool:
    """Tell whether a value is a day, month or year of the calendar.

    >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("2024-02"), is_date("2024-2-1")
    (True, False, True, False)
    """
    return type(value) is str and len(value) <= 10 and _is_day(value)


def is_time(value: Any) -> bool:
    """Tell whether a value is a dateTime: a date, or a day with a time and its zone.

    >>> is_time("2024-02-29T23:59:60Z"), is_time("2024-02-29T10:00:00"), is_time("2024-02-29T24:00:00Z")
    (True, False, False)
    """
    if type(value) is not str:
        return False
    return _is_day(value[:10]) and (len(value) <= 10 or _CLOCK.fullmatch(value, 10) is not None)


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number."""
    return type(value) is int or (type(value) is float and isfinite(value))


@lru_cache(maxsize=16384)
def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def is_id(value: Any) -> bool:
    """Tell whether a value is an id of FHIR R4."""
    return type(value) is str and _ID.fullmatch(value) is not None


def _is_boolean(value: Any) -> bool:
    return value is True or value is False


def _is_whole(value: Any) -> bool:
    return type(value) is int or (type(value) is float and value.is_integer())


def _is_time_of_day(value: Any) -> bool:
    return type(value) is str and _TIME_OF_DAY.fullmatch(value) is not None


def _is_said_beside(value: Any) -> bool:
    return type(value) is dict or type(value) is list


_BESIDE = Element(False, "", _is_said_beside, "Element")
_CHECKS: dict[str, Check] = {
    "boolean": _is_boolean,
    "date": is_date,
    "dateTime": is_time,
    "decimal": is_number,
    "id": is_id,
    "instant": is_time,
    "integer": _is_whole,
    "positiveInt": _is_whole,
    "time": _is_time_of_day,
    "unsignedInt": _is_whole,
}


def _element(text: str) -> Element:
    kind, many, _, choice = _parts(text).groups()
    if kind == "Resource":
        return Element(bool(many), "", is_resource, kind)
    shape = shape_of(kind) if kind[0].isupper() else None
    return Element(
        bool(many), choice or "", shape.sound if shape else _CHECKS.get(kind, is_text), kind, shape
    )


def _parts(text: str) -> re.Match[str]:
    match = _WRITTEN.fullmatch(text)
    assert match, text
    return match


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = orjson.loads(files("tools.sources").joinpath("r4.json").read_bytes())
    return table
