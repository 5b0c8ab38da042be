"""What an entry says -> where in its resource that stands, as a path into the JSON.

Looked for by what stands there, first in the elements that may say it: a path that is given leads to what was said,
or, where the entry says it in words of its own ("1:128"), to the element that it was read from. () is nowhere: it is
not in this resource (the drug that it names by reference), or in several places.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import takewhile
from typing import Any

from tools.entries.entry import JSON, Coding, Entry, Link, Quantity
from tools.entries.references import literal
from tools.entries.shape import number, text

Path = tuple[str | int, ...]

_STATUS = ("status", "clinicalStatus", "verificationStatus", "lifecycleStatus", "achievementStatus")
_CODED = (
    *("code", "vaccineCode", "medicationCodeableConcept", "medicationReference", "medication", "contained"),
    *("type", "serviceType", "category"),
)
_START = (
    *("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming", "onsetDateTime"),
    *("onsetPeriod", "performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod"),
    *("period", "actualPeriod", "authoredOn", "started", "startDate", "billablePeriod", "whenHandedOver"),
    *("date", "created", "recordedDate", "birthDate"),
)
_END = (
    *("abatementDateTime", "abatementPeriod", "effectivePeriod", "performedPeriod", "occurrencePeriod"),
    *("period", "actualPeriod", "billablePeriod", "deceasedDateTime"),
)
_DEEPEST = 40


def status_place(entry: Entry, said: str) -> Path:
    """Return where status, void or caution stand."""
    return _first(entry.raw, said, _STATUS)


def start_place(entry: Entry) -> Path:
    """Return where the start stands."""
    return _first(entry.raw, entry.start.text, _START) if entry.start else ()


def end_place(entry: Entry) -> Path:
    """Return where the end stands."""
    return _first(entry.raw, entry.end.text, _END) if entry.end else ()


def value_place(entry: Entry) -> Path:
    """Return where the value stands, or why there is none."""
    if entry.kind == "Observation" or entry.value is None:
        return _value(entry, entry.raw)
    return _first(entry.raw, _said(entry) or "", ("suppliedItem", "quantity"))


def component_places(entry: Entry) -> tuple[Path, ...]:
    """Return where the value of each component stands."""
    parts = entry.raw.get("component")
    listed = list(enumerate(parts)) if isinstance(parts, list) else []
    paths: list[tuple[Path, JSON]] = [
        (("component", n), part) for n, part in listed if isinstance(part, dict)
    ]
    if isinstance(parts, dict):
        paths = [(("component",), parts)]
    return tuple(
        path + _value(component, part)
        for component, (path, part) in zip(entry.components, paths, strict=False)
    )


def range_place(entry: Entry) -> Path:
    """Return where the reference range stands."""
    return ("referenceRange",) if entry.range and "referenceRange" in entry.raw else ()


def code_place(entry: Entry, coding: Coding) -> Path:
    """Return where a coding stands."""
    first = (path for key in _CODED if key in entry.raw for path in _codings(entry.raw[key], (key,), coding))
    return next(first, None) or next(_codings(entry.raw, (), coding), ())


def links_place(entry: Entry, links: Iterable[Link]) -> Path:
    """Return the innermost element in which all of these are named."""
    found = [_only(entry.raw, link.reference) or _only(entry.raw, link.display) for link in links]
    if not found or () in found:
        return ()
    steps = zip(*found, strict=False)
    alike = takewhile(lambda each: len(set(each)) == 1, steps)
    return tuple(each[0] for each in alike)


def text_place(entry: Entry, said: str | Decimal) -> Path:
    """Return the only place that says something; () if there is none or several."""
    return _only(entry.raw, said)


def _value(entry: Entry, part: JSON) -> Path:
    for key in part:
        if key.startswith("value"):
            said = _said(entry)
            found = (p for p, leaf in _leaves(part[key], (key,)) if said is not None and _says(leaf, said))
            return next(found, (key,))
    return ("dataAbsentReason",) if "dataAbsentReason" in part else ()


def _said(entry: Entry) -> Decimal | str | None:
    return entry.value.value if isinstance(entry.value, Quantity) else entry.value


def _first(raw: JSON, said: str | Decimal, elements: Iterable[str]) -> Path:
    leaves = (leaf for key in elements if key in raw for leaf in _leaves(raw[key], (key,)))
    return next((path for path, leaf in leaves if _says(leaf, said)), None) or _only(raw, said)


def _only(raw: JSON, said: str | Decimal) -> Path:
    if said == "":
        return ()
    found = [path for path, leaf in _leaves(raw, ()) if _says(leaf, said)]
    return found[0] if len(found) == 1 else ()


def _says(leaf: Any, said: str | Decimal) -> bool:
    if isinstance(said, Decimal):
        return number(leaf) == said
    return isinstance(leaf, str) and (said == text(leaf) or ("/" in said and said == literal(leaf)))


def _codings(node: Any, path: Path, coding: Coding) -> Iterator[Path]:
    key = "code" if coding.code else "display"
    for place, found in _nodes(node, path):
        same = isinstance(found, dict) and key in found and text(found.get("system")) == coding.system
        if same and text(found[key]) == getattr(coding, key):
            yield (*place, key)


def _leaves(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    return ((place, found) for place, found in _nodes(node, path) if not isinstance(found, (dict, list)))


def _nodes(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Walk JSON in the order in which it is written, not deeper than any resource is."""
    waiting: list[tuple[Path, Any]] = [(path, node)]
    while waiting:
        place, found = waiting.pop()
        yield place, found
        if len(place) > _DEEPEST:
            continue
        if isinstance(found, dict):
            waiting += [((*place, key), member) for key, member in reversed(found.items())]
        elif isinstance(found, list):
            waiting += [((*place, n), member) for n, member in reversed(list(enumerate(found)))]
