"""A resource as it stands in a file -> a sound one, and the faults that were found in it.

A faulty element costs that element, never the resource: it is taken out (a date that is none stays, and is none), and
what was there is told. What is only
written another way than FHIR writes it ("5.4" for 5.4, one object for a list of one) is mended.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from tools.entries.unread import UNREAD
from tools.sources.elements import Element, Shape, is_number, is_resource, is_time, kinds, shape_of
from tools.sources.versions import as_r4

TWICE = [["stands twice"]]
"""Stands for the value of a name that an object has twice: no element of FHIR is a list of lists."""

_SAID = 2
_LONGEST = 60
_IN_WORDS = {
    **{"CodeableConcept": "text", "Annotation": "text", "HumanName": "text", "Address": "text"},
    **{"Reference": "reference", "Coding": "code", "Identifier": "value", "ContactPoint": "value"},
}
"""Types that people write as bare text -> the element that it is."""
_WRONG = {
    **{
        "date": "is not a date of FHIR",
        "dateTime": "is not a date of FHIR",
        "instant": "is not a date of FHIR",
    },
    **{"decimal": "is not a number", "boolean": "is not true or false", "time": "is not a time of day"},
    **{"integer": "is not a whole number", "positiveInt": "is not a whole number"},
    **{"unsignedInt": "is not a whole number", "id": "is not an id of FHIR"},
}
_QUIET = frozenset({"text", "meta", "extension", "language", "implicitRules"})
"""Elements that no answer is read from: what is wrong in them is told to the operator only."""
_DATES = ("date", "dateTime", "instant")
"""What `tools.entries` tells as it stands where it is no date: it is left where it is."""
_NEXT_DAY = "is read as the start of the next day"
_TECHNICAL = ("$", "@", "_")
_MIDNIGHT = re.compile(r"T24:00(?::00(?:\.0+)?)?")
_NUMBER = re.compile(r"[+-]?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a resource that is not as FHIR has it.

    Attributes:
        path: names from the resource down, "reaction.manifestation".
        what: what is wrong with it, e.g. "is missing", "is not a number".
        shown: what stood there, short; "" where that says nothing.
        grave: something was not read, which must be said with an answer.
    """

    path: str
    what: str
    shown: str = ""
    grave: bool = False

    @property
    def reason(self) -> str:
        """The fault without what stood there, so that many of a kind can be counted."""
        return f"{self.path} {self.what}"

    @property
    def sentence(self) -> str:
        """The fault with what stood there."""
        return f"{self.path} {self.shown} {self.what}" if self.shown else self.reason


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a resource.

    Attributes:
        refused: why it is no resource of R4 at all; "" if it is one.
        faults: what was mended or taken out.
        version: the version of FHIR it was written for, "DSTU2", "STU3" or "R5"; "" for R4.
    """

    refused: str = ""
    faults: tuple[Fault, ...] = ()
    version: str = ""


_SOUND = Checked()


def check(resource: dict[str, Any]) -> Checked:
    """Make a resource sound, in place. Of what could not be read of it, a word stays in its `meta`."""
    if is_resource(resource):
        return _SOUND
    try:
        version = as_r4(resource)
        if refused := _refusal(resource, version):
            return Checked(refused, version=version)
        faults: list[Fault] = []
        _Mending(faults).resource(resource)
    except RecursionError:
        return Checked("it is nested too deeply")
    _note_unread(resource, faults)
    return Checked(faults=tuple(faults), version=version)


def _refusal(resource: dict[str, Any], version: str) -> str:
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not kind:
        return "resourceType is missing"
    hint = f" (looks like {version})" if version else ""
    return "" if kind in kinds() else f"{kind[:_LONGEST]} is not a resource of FHIR R4{hint}"


def _note_unread(resource: dict[str, Any], faults: Iterable[Fault]) -> None:
    grave = list(dict.fromkeys(fault.sentence for fault in faults if fault.grave))
    if grave:
        more = [f"and {len(grave) - _SAID} more like these"] if len(grave) > _SAID else []
        said = [{"url": UNREAD, "valueString": text} for text in (*grave[:_SAID], *more)]
        meta = resource.setdefault("meta", {})
        meta["extension"] = [*meta.get("extension", []), *said]


class _Mending:
    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults
        self._quiet = False

    def resource(self, value: dict[str, Any], path: str = "") -> None:
        self._object(shape_of(value["resourceType"]), value, path)

    def _tell(self, path: str, what: str, shown: object = None, grave: bool = False) -> None:
        text = "" if shown is None else short(shown)
        self._faults.append(Fault(path, what, text, grave and not self._quiet))

    def _object(self, shape: Shape, value: dict[str, Any], path: str) -> None:
        for name in list(value):
            below = f"{path}.{name}" if path else name
            quiet, self._quiet = self._quiet, self._quiet or name in _QUIET
            element = shape.elements[name]
            if element is None:
                self._tell(below, "is not an element of R4", grave=not name.startswith(_TECHNICAL))
            else:
                self._element(value, name, element, below)
            self._quiet = quiet
        self._whole(shape, value, path)

    def _whole(self, shape: Shape, value: dict[str, Any], path: str) -> None:
        before = f"{path}." if path else ""
        lacking = [n for n in sorted(shape.required) if n not in value and f"_{n}" not in value]
        for name in lacking:
            self._tell(before + name, "is missing", grave=not path and name == "status")
        for choice, names in sorted(shape.choices.items()):
            if not any(n in value or f"_{n}" in value for n in names):
                self._tell(f"{before}{choice}[x]", "is missing")
        chosen = Counter(e.choice for n in value if (e := shape.elements[n]) and e.choice)
        for choice in (choice for choice, number in chosen.items() if number > 1):
            self._tell(f"{before}{choice}[x]", "is given in more than one form", grave=True)

    def _element(self, value: dict[str, Any], name: str, element: Element, path: str) -> None:
        content = value[name]
        if content is None or content in ("", [], {}):
            del value[name]
            return self._tell(path, "is empty")
        if content == TWICE:
            del value[name]
            return self._tell(path, "stands twice", grave=True)
        if isinstance(content, list) != element.many and element.kind != "Element":
            content = self._counted(content, element, path)
        if element.many:
            found = [self._item(element, item, path) for item in content]
            content = found if element.shape is None else [item for item in found if item is not None]
            empty = not any(item is not None for item in content)
        else:
            content = self._item(element, content, path)
            empty = content is None
        if empty:
            del value[name]
        else:
            value[name] = content

    def _counted(self, content: Any, element: Element, path: str) -> Any:
        """Return a list where one belongs, its first where it does not."""
        if element.many:
            self._tell(path, "is not a list")
            return [content]
        self._tell(path, "is a list", grave=len(content) > 1)
        return content[0]

    def _item(self, element: Element, item: Any, path: str) -> Any:
        """Return a sound value, None if it could not be read."""
        if element.sound(item):
            return item
        if item is None:
            return None
        if element.kind == "Resource":
            return self._contained(item, path)
        if element.shape:
            return self._inner(element.shape, item, path)
        mended, what = _rewritten(element.kind, item)
        if mended is None:
            self._tell(path, what, item if what != "is empty" else None, grave=what != "is empty")
            is_said = element.kind in _DATES and isinstance(item, str)
            return item if is_said and item else None
        if what:
            self._tell(path, what, item, grave=what == _NEXT_DAY)
        return mended

    def _inner(self, shape: Shape, item: Any, path: str) -> Any:
        if isinstance(item, dict):
            self._object(shape, item, path)
            return item or None
        if (
            isinstance(item, str)
            and item
            and shape.name in _IN_WORDS
            and not item.lstrip().startswith(("{", "["))
        ):
            self._tell(path, "is not an object")
            return {_IN_WORDS[shape.name]: item}
        return self._tell(path, "is not an object", item, grave=item != "")

    def _contained(self, item: Any, path: str) -> Any:
        reason = _refusal(item, as_r4(item)) if isinstance(item, dict) else "is not an object"
        if reason:
            return self._tell(path, f"holds what cannot be read: {reason}", grave=True)
        self.resource(item, path)
        return item


def _rewritten(kind: str, item: Any) -> tuple[Any, str]:
    """Return a value of a primitive type as FHIR writes it, and what was wrong; None if it cannot be told."""
    wrong = _WRONG.get(kind, "is not text")
    if item == "":
        return None, "is empty"
    if kind in ("decimal", "integer", "positiveInt", "unsignedInt"):
        if isinstance(item, str) and _NUMBER.fullmatch(item.strip()) and is_number(number := _number(item)):
            return number, "is a number in quotes"
        return None, wrong
    if kind == "boolean":
        return {"true": (True, "is in quotes"), "false": (False, "is in quotes")}.get(item, (None, wrong))
    if isinstance(item, int) and not isinstance(item, bool):
        item, wrong = str(item), wrong if kind in _WRONG else "is a number"
    if not isinstance(item, str):
        return None, wrong
    if kind in _DATES:
        return _date(item.strip(), kind, wrong)
    return (None, wrong) if kind == "time" else (item, "")


def _number(text: str) -> float | int:
    """Return a number that is written as text."""
    return float(text) if any(sign in text for sign in ".eE") else int(text)


def _date(text: str, kind: str, wrong: str) -> tuple[str | None, str]:
    if kind == "date" and is_time(text):
        return text[:10], "has a time of day"
    if is_time(text):
        return text, ""
    ended = _MIDNIGHT.search(text)
    try:
        moment = datetime.fromisoformat(_MIDNIGHT.sub("T00:00:00", text) if ended else text)
        moment += timedelta(days=bool(ended))
    except (ValueError, OverflowError):
        return None, wrong
    if not text[:4].isdecimal() or "W" in text.upper():
        return None, wrong
    written = moment.isoformat() if len(text) > 10 else moment.date().isoformat()
    written = written.replace("+00:00", "Z") if moment.tzinfo is UTC else written
    if ended:
        return written, _NEXT_DAY
    return written, "has no zone" if len(
        text
    ) > 10 and moment.tzinfo is None else "is not written as FHIR writes it"


def short(value: object) -> str:
    """Return JSON as it may be shown in a sentence: text in quotes, cut; of what has elements only that."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f"“{cut}”" if isinstance(value, str) else cut
