"""FHIR R4 `Observation` -> `Entry`; each component is an entry of its own.

`value` is a quantity, or text: the name of a concept, "yes" or "no", a range, a ratio, a time as recorded.
Details: "issued" (when the effective time is missing), "specimen", "body site", "method", "note".
Not covered: sampled data beyond its size, derivedFrom, several reference ranges for groups of people.
"""

from typing import Any

from tools.entries.concepts import Details, also, code_of, concept, labels, names
from tools.entries.entry import JSON, Entry, Quantity
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.medication import Resolve, nowhere
from tools.entries.moments import NO_TIMES, Times, day, period_words, times
from tools.entries.quantities import in_words, quantity, reference_range
from tools.entries.references import contained, links, reference
from tools.entries.shape import number, obj, objs, text

_EFFECTIVE = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming")
_SAID_IN_DETAILS = frozenset({"specimen", "bodySite", "method", "note"})


def parse(resource: JSON, resolve: Resolve = nowhere) -> Entry:
    """Read an Observation with its components; `resolve` finds the Specimen it refers to."""
    value, absent = value_of(resource)
    has_parts = "component" in resource
    base = head(resource)
    if base["status"] == "registered":
        nothing_yet = value is None and not has_parts
        base |= {"void": "registered"} if nothing_yet else {"caution": base["caution"] or "registered"}
    when = times(resource, *_EFFECTIVE)
    base |= {"category": labels(resource.get("category")), "start": when.start, "end": when.end}
    members, doers = resource.get("hasMember"), resource.get("performer")
    return Entry(
        **base,
        **_what(resource),
        value=value,
        absent=absent,
        components=tuple(_component(part, base) for part in objs(resource["component"])) if has_parts else (),
        who=links(resource, doers) if doers else (),
        parts=links(resource, members) if members else (),
        details=_details(resource, when, resolve),
    )


def _component(part: JSON, base: dict[str, Any]) -> Entry:
    value, absent = value_of(part)
    return Entry(**base, **_what(part), value=value, absent=absent)


def _what(part: JSON) -> dict[str, Any]:
    code = concept(part.get("code"))
    found: dict[str, Any] = {"display": code.display or "Observation", "codings": code.codings}
    if "interpretation" in part:
        found["interpretation"] = tuple(filter(None, map(code_of, objs(part["interpretation"]))))
    if "referenceRange" in part:
        found["range"] = reference_range(part["referenceRange"])
    return found


def value_of(part: JSON) -> tuple[Quantity | str | None, str]:
    """Return the value of an Observation or component, and why there is none.

    >>> value_of({"valueQuantity": {"value": "abc", "unit": "mg/dL"}})
    (None, "not a number: 'abc'")
    >>> value_of({"valueBoolean": True})
    ('yes', '')
    """
    if "valueQuantity" in part:
        return _measured(obj(part["valueQuantity"]), part)
    for key, read in _READERS.items():
        if key in part:
            found = read(part[key])
            return (found, "") if found else (None, _why(part) or f"not readable: {str(part[key])[:60]!r}")
    return None, _why(part)


def _measured(recorded: JSON, part: JSON) -> tuple[Quantity | None, str]:
    found = quantity(recorded)
    if found is None and recorded.get("value") not in (None, ""):
        return None, f"not a number: {str(recorded['value'])[:60]!r}"
    return found, "" if found else _why(part)


def _why(part: JSON) -> str:
    return concept(part["dataAbsentReason"]).display if "dataAbsentReason" in part else ""


def _integer(value: Any) -> Quantity | None:
    found = number(value)
    return None if found is None else Quantity(found)


def _truth(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else ""


def _samples(value: Any) -> str:
    read = obj(value)
    count, unit = len(text(read.get("data")).split()), text(obj(read.get("origin")).get("unit"))
    return f"{count} samples{' in ' + unit if unit else ''}" if count else ""


_READERS = {
    "valueCodeableConcept": lambda value: concept(value).display,
    "valueString": text,
    "valueBoolean": _truth,
    "valueInteger": _integer,
    "valueDateTime": text,
    "valueTime": text,
    "valueRange": in_words,
    "valueRatio": in_words,
    "valuePeriod": period_words,
    "valueSampledData": _samples,
}


def _details(resource: JSON, when: Times, resolve: Resolve) -> Details:
    rest: Details = ()
    if when == NO_TIMES and "issued" in resource:
        rest = details(("issued", day(resource["issued"])))
    if not _SAID_IN_DETAILS.isdisjoint(resource):
        rest += details(
            ("specimen", _specimen(resource, resolve)),
            ("body site", concept(resource.get("bodySite")).display),
            ("method", ", ".join(names(resource.get("method")))),
            ("note", notes(resource)),
        )
    return also(concept(resource.get("code"))) + when.odd + rest


def _specimen(resource: JSON, resolve: Resolve) -> str:
    """Return what was examined, by its type or its name; "" if the record does not name it."""
    said = obj(resource.get("specimen"))
    target = reference(said)
    found = contained(resource, target) if target.startswith("#") else resolve(target) if target else None
    return concept(obj(found).get("type")).display or text(said.get("display"))
