"""FHIR R4 `Observation` -> `Entry`; each component is an entry of its own.

`value` is a quantity, or text: the name of a concept, "yes" or "no", a range, a ratio, a time as recorded.
Void: registered without a result; about another person or a device (`focus`). Where the effective time is missing, its
specimen was collected or the result issued at `start`. Details: "dated by" (which of these), "result" (what a coded
value means, where the record names it otherwise), "specimen", "body site", "method", "note".
Not covered: sampled data beyond its size, several reference ranges for groups of people.
"""

from typing import Any

from tools.entries.concepts import Details, also, code_of, concept, labels, names
from tools.entries.entry import JSON, Entry, Quantity
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.medication import Resolve, nowhere
from tools.entries.moments import NO_TIMES, Times, period_words, span_of, times
from tools.entries.qualifiers import QUALIFIERS
from tools.entries.quantities import in_words, quantity, reference_range
from tools.entries.references import contained, links, name_of, reference
from tools.entries.shape import number, obj, objs, text

_EFFECTIVE = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming")
_SAID_IN_DETAILS = frozenset({"specimen", "bodySite", "method", "note"})
_OTHERS = {
    **dict.fromkeys(
        ("Patient", "RelatedPerson", "Person", "Practitioner", "PractitionerRole"), "another person"
    ),
    **dict.fromkeys(("Device", "DeviceMetric"), "a device"),
    **dict.fromkeys(("Group", "Location", "Organization", "Substance", "Medication"), "something else"),
    "": "someone or something else",
}
"""Kinds of focus that are not the patient. What is of the patient, a tumour or a wound, may be the focus too."""


def parse(resource: JSON, resolve: Resolve = nowhere) -> Entry:
    """Read an Observation with its components; `resolve` finds the Specimen it refers to."""
    value, absent = value_of(resource)
    has_parts = "component" in resource
    base = head(resource)
    if base["status"] == "registered":
        nothing_yet = value is None and not has_parts
        base |= {"void": "registered"} if nothing_yet else {"caution": base["caution"] or "registered"}
    if "focus" in resource and not base["void"]:
        base["void"] = _about(resource)
    sample = _specimen(resource, resolve) if "specimen" in resource else {}
    when, dated_by = _dated(resource, sample)
    base |= {"category": labels(resource.get("category")), "start": when.start, "end": when.end}
    members, doers = resource.get("hasMember"), resource.get("performer")
    source = resource.get("derivedFrom")
    return Entry(
        **base,
        **_what(resource),
        value=value,
        absent=absent,
        components=tuple(_component(part, base) for part in objs(resource["component"])) if has_parts else (),
        who=links(resource, doers) if doers else (),
        parts=links(resource, members) if members else (),
        derived_from=links(resource, source) if source else (),
        details=_details(resource, when, dated_by, sample),
    )


def _about(resource: JSON) -> str:
    """Return whom or what an Observation is about, "about another person: Newborn"; "" where it is the patient."""
    for focus in objs(resource["focus"]):
        target = reference(focus)
        inner = contained(resource, target) if target.startswith("#") else {}
        kind = text(inner.get("resourceType")) or text(focus.get("type")) or target.partition("/")[0]
        other = _OTHERS.get("" if kind == target or kind.startswith("urn:") else kind)
        if other and target != reference(resource.get("subject")):
            name = text(focus.get("display")) or name_of(inner)
            return f"about {other}{f': {name}' if name else ''}"
    return ""


def _dated(resource: JSON, sample: JSON) -> tuple[Times, str]:
    """Return when it was, and by what it is dated where the effective time is missing."""
    when = times(resource, *_EFFECTIVE)
    if when.start or when.end:
        return when, ""
    collected = times(obj(sample.get("collection")), "collectedDateTime", "collectedPeriod")
    if collected.start:
        return Times(collected.start, None, when.odd), "when its specimen was collected"
    issued = span_of(resource["issued"]) if "issued" in resource else NO_TIMES
    return Times(issued.start, None, when.odd), "when it was issued" if issued.start else ""


def _component(part: JSON, base: dict[str, Any]) -> Entry:
    value, absent = value_of(part)
    if value is None:
        absent = absent or "not recorded"
    return Entry(
        **base, **_what(part), value=value, absent=absent, is_component=True, details=_result(part, value)
    )


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


def _answer(value: Any) -> str:
    name = concept(value).display
    return QUALIFIERS.get(name, name)


def _result(part: JSON, value: Quantity | str | None) -> Details:
    """Return what a coded value means where the record names it otherwise: "Negativ", "yes" for a presence."""
    if "valueCodeableConcept" not in part:
        return ()
    known = (
        QUALIFIERS[c.code] for c in concept(part["valueCodeableConcept"]).codings if c.code in QUALIFIERS
    )
    meant = next(known, "")
    return (("result", meant),) if meant and meant != value else ()


def _samples(value: Any) -> str:
    read = obj(value)
    count, unit = len(text(read.get("data")).split()), text(obj(read.get("origin")).get("unit"))
    return f"{count} samples{' in ' + unit if unit else ''}" if count else ""


_READERS = {
    "valueCodeableConcept": _answer,
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


def _details(resource: JSON, when: Times, dated_by: str, sample: JSON) -> Details:
    rest = details(("dated by", dated_by)) if dated_by else ()
    if "valueCodeableConcept" in resource:
        rest += _result(resource, _answer(resource["valueCodeableConcept"]))
    if not _SAID_IN_DETAILS.isdisjoint(resource):
        said = text(obj(resource.get("specimen")).get("display"))
        rest += details(
            ("specimen", concept(sample.get("type")).display or said),
            ("body site", concept(resource.get("bodySite")).display),
            ("method", ", ".join(names(resource.get("method")))),
            ("note", notes(resource)),
        )
    return also(concept(resource.get("code"))) + when.odd + rest


def _specimen(resource: JSON, resolve: Resolve) -> JSON:
    """Return the specimen that was examined, {} if it is not there."""
    target = reference(obj(resource["specimen"]))
    found = contained(resource, target) if target.startswith("#") else resolve(target) if target else None
    return obj(found)
