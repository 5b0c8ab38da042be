"""FHIR R4 HumanName, ContactPoint, Address -> as people write them."""

from typing import Any

from tools.entries.entry import JSON
from tools.entries.shape import obj, objs, text, texts

_USES = ("official", "usual", "", "temp", "nickname", "anonymous", "old", "maiden")


def human_name(value: Any, *, titles: bool = True) -> str:
    """Return the official (else the first) HumanName as people write it: given and family, titles around.

    >>> human_name([{"prefix": ["Dr."], "given": ["Ann", "B."], "family": "Lee"}])
    'Dr. Ann B. Lee'
    """
    return one_name(official_name(value), titles=titles)


def official_name(value: Any) -> JSON:
    """Return the official (else the first) HumanName, {} if there is none."""
    choices = [name for name in objs(value) if one_name(name)]
    return min(choices, key=_preference) if choices else {}


def _preference(name: JSON) -> int:
    use = text(name.get("use"))
    return _USES.index(use) if use in _USES else len(_USES)


def one_name(name: JSON, *, titles: bool = True) -> str:
    """Return one HumanName as people write it; its text when it has no parts."""
    own = [*texts(name.get("given")), *texts(name.get("family"))]
    if not own:
        return text(name.get("text"))
    before, after = (texts(name.get(key)) if titles else [] for key in ("prefix", "suffix"))
    return " ".join([*before, *own, *after])


def telecom(value: Any, system: str) -> tuple[str, ...]:
    """Return the phone numbers, email addresses, … of a ContactPoint list that are in use."""
    points = [
        point for point in objs(value) if text(point.get("system")) == system and point.get("use") != "old"
    ]
    return tuple(number for point in points if (number := text(point.get("value"))))


def contact_words(resource: JSON, system: str) -> str:
    """Return the phone numbers, email addresses, … of a resource, as one text."""
    return ", ".join(telecom(resource.get("telecom"), system))


def address_words(value: Any) -> str:
    """Return an Address (or the first of several) on one line."""
    read = obj(value)
    town = [text(read.get(key)) for key in ("city", "state", "postalCode", "country")]
    parts = [*texts(read.get("line")), *(part for part in town if part)]
    return ", ".join(parts) or text(read.get("text"))
