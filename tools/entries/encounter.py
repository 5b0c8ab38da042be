"""FHIR R4 `Encounter` -> `Entry`: a visit or stay.

`category` is the class, code and name: "imp", "inpatient encounter". `display` is the type. Void: planned,
cancelled, entered in error. `parts` are its diagnoses, `encounter` the one it is a part of. Details: "length",
"service", "priority", "admitted from", "discharge" (disposition), "readmission".
"""

from dataclasses import replace
from typing import Any

from tools.entries.concepts import also, concept, first_concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import Times, times
from tools.entries.quantities import in_words
from tools.entries.references import links, literal, reasons
from tools.entries.shape import obj, objs

_CLASSES = {
    "amb": "ambulatory",
    "emer": "emergency",
    "imp": "inpatient encounter",
    "acute": "inpatient acute",
    "nonac": "inpatient non-acute",
    "obsenc": "observation encounter",
    "ss": "short stay",
    "vr": "virtual",
    "hh": "home health",
    "fld": "field",
    "prenc": "pre-admission",
}


def parse(resource: JSON) -> Entry:
    """Read an Encounter."""
    kind = first_concept(resource.get("type"), resource.get("serviceType"))
    when = times(resource, "period", "actualPeriod")
    category = _category(resource.get("class"))
    return Entry(
        **(head(resource) | {"encounter": literal(obj(resource.get("partOf")).get("reference"))}),
        display=kind.display or (category[-1] if category else "Encounter"),
        codings=kind.codings,
        category=category,
        start=when.start,
        end=when.end,
        who=links(resource, *map(_person, objs(resource.get("participant")))),
        where=links(resource, *map(_place, objs(resource.get("location"))), resource.get("serviceProvider")),
        reasons=reasons(resource),
        parts=links(resource, *(each.get("condition") for each in objs(resource.get("diagnosis")))),
        details=also(kind) + when.odd + _details(resource, when),
    )


def is_hospitalized(entry: Entry) -> bool:
    """Tell whether an encounter tells of an admission to or a discharge from hospital."""
    return bool(obj(entry.raw.get("hospitalization") or entry.raw.get("admission")))


def stretches(entry: Entry) -> tuple[Entry, ...]:
    """Return the time that an encounter was in each of its locations, as the encounter narrowed to it."""
    found = (
        (links(entry.raw, _place(each)), times(each, "period")) for each in objs(entry.raw.get("location"))
    )
    return tuple(replace(entry, where=where, start=t.start, end=t.end) for where, t in found if t.start)


def _person(participant: JSON) -> Any:
    return participant.get("individual") or participant.get("actor")


def _place(stay: JSON) -> Any:
    return stay.get("location")


def _category(value: Any) -> tuple[str, ...]:
    found = labels(value)
    name = _CLASSES.get(found[0], "") if found else ""
    return (*found, name) if name and name not in found else found


def _details(resource: JSON, when: Times) -> tuple[tuple[str, str], ...]:
    stay = obj(resource.get("hospitalization") or resource.get("admission"))
    length = in_words(resource["length"]) if "length" in resource else _length(when)
    rest = details(
        ("service", concept(resource.get("serviceType")).display),
        ("priority", concept(resource.get("priority")).display),
        ("admitted from", concept(stay.get("admitSource")).display),
        ("discharge", concept(stay.get("dischargeDisposition")).display),
        ("readmission", concept(stay.get("reAdmission")).display),
    )
    return (("length", length), *rest) if length else rest


def _length(when: Times) -> str:
    """Return the days between the two dates; within one day, hours and minutes."""
    if when.start is None or when.end is None or len(when.start.text) < 10 or len(when.end.text) < 10:
        return ""
    days = (when.end.first - when.start.first).days
    if days > 0:
        return f"{days} day{'s' * (days != 1)}"
    minutes = int((when.end.moment - when.start.moment).total_seconds()) // 60
    hours = f"{minutes // 60} h " if minutes >= 60 else ""
    return f"{hours}{minutes % 60} min" if minutes > 0 else ""
