"""FHIR R4 `Encounter` -> `Entry`: a visit or stay.

`category` is the class, code and name: "imp", "inpatient encounter"; codes of HL7 v2 ("I") have names too. `display`
is the type. Void: planned, cancelled, entered in error. `parts` are its diagnoses, the chief one first, `encounter` the
one it is a part of. Details: "length", "service", "priority", "admitted from", "discharge" (disposition),
"readmission", the people by their part in it ("attending", "consultant", …); of one that the record says is not known
why, as "discharge not known".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tools.entries.concepts import Details, also, code_of, concept, first_concept, labels
from tools.entries.entry import JSON, Entry, Link
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import Times, times
from tools.entries.quantities import in_words
from tools.entries.references import links, literal, reasons
from tools.entries.shape import number, obj, objs, text
from tools.entries.times import When

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
_V2_CLASSES = {
    "e": "emergency",
    "i": "inpatient",
    "o": "outpatient",
    "p": "pre-admission",
    "r": "recurring patient",
    "b": "obstetrics",
}
"""Of table 0004 of HL7 v2, which many systems still send, often without its system and names."""
_HOSPITALIZED = (("hospitalization", "yes"),)
_ROLES = {
    "ATND": "attending",
    "ADM": "admitted by",
    "CON": "consultant",
    "REF": "referred by",
    "DIS": "discharged by",
}
"""Of v3 ParticipationType; others are among `who` alone."""
_USES = ("DD", "CC", "AD", "CM")
"""Of FHIR's diagnosis-role, the chief one first: discharge, chief complaint, admission, comorbidity."""
_UNRANKED = 1_000
_NOT_KNOWN = ("/data-absent-reason", "/v3-NullFlavor")
"""Ends of the code systems that say why something is not there."""
_NEVER_BEEN = ("planned", "reserved")
"""Statuses of a location in which the patient has not been."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time that an encounter was in one of its locations.

    Attributes:
        where: the location.
        level: codes and names of its physical type as the encounter has it, lower case: "wa", "ward".
        start: when it began; None if that is not said.
        end: when it ended; None if it goes on, or if that is not said.
        left: whether the record says that it is over.
    """

    where: Link
    level: tuple[str, ...]
    start: When | None
    end: When | None
    left: bool


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
        parts=links(resource, *(each.get("condition") for each in _diagnoses(resource))),
        details=also(kind) + when.odd + _details(resource, when),
        counts=_HOSPITALIZED if obj(resource.get("hospitalization") or resource.get("admission")) else (),
    )


def is_hospitalized(entry: Entry) -> bool:
    """Tell whether an encounter tells of an admission to or a discharge from hospital."""
    return entry.counts == _HOSPITALIZED


def stretches(entry: Entry) -> Iterator[Stretch]:
    """Yield the time that an encounter was in each of its locations, in the order in which they are recorded."""
    for each in objs(entry.raw.get("location")):
        status = text(each.get("status"))
        where = links(entry.raw, _place(each))
        if not where or status in _NEVER_BEEN:
            continue
        when = times(each, "period")
        level = labels(each.get("physicalType") or each.get("form"))
        yield Stretch(where[0], level, when.start, when.end, bool(when.end) or status == "completed")


def _diagnoses(resource: JSON) -> list[JSON]:
    """Return the diagnoses of a visit, the chief one first: by their rank, then by their use; others as recorded."""
    found = objs(resource.get("diagnosis"))
    return sorted(found, key=lambda each: (number(each.get("rank")) or _UNRANKED, _use(each)))


def _use(diagnosis: JSON) -> int:
    use = code_of(diagnosis.get("use")).upper()
    return _USES.index(use) if use in _USES else len(_USES)


def _person(participant: JSON) -> Any:
    return participant.get("individual") or participant.get("actor")


def _place(stay: JSON) -> Any:
    return stay.get("location")


def _category(value: Any) -> tuple[str, ...]:
    found = labels(value)
    name = (
        (_CLASSES.get(found[0], "") or (len(found) == 1 and _V2_CLASSES.get(found[0], ""))) if found else ""
    )
    return (*found, name) if name and name not in found else found


def _details(resource: JSON, when: Times) -> Details:
    stay = obj(resource.get("hospitalization") or resource.get("admission"))
    length = in_words(resource["length"]) if "length" in resource else _length(when)
    rest = (
        *_coded("service", resource.get("serviceType")),
        *_coded("priority", resource.get("priority")),
        *_coded("admitted from", stay.get("admitSource")),
        *_coded("discharge", stay.get("dischargeDisposition")),
        *_coded("readmission", stay.get("reAdmission")),
    )
    return details(("length", length)) + rest + _people(resource)


def _coded(label: str, value: Any) -> Details:
    """Return what a concept says, labelled; of one that only says why nothing is known, in a code or beside it, why."""
    first = obj(value[0] if isinstance(value, list) and value else value)
    read = concept(first)
    if not read.display:
        why = next((text(e.get("valueCode")) for e in objs(first.get("extension")) if _is_why(e)), "")
        return ((f"{label} not known", why),) if why else ()
    unknown = all(coding.system.endswith(_NOT_KNOWN) for coding in read.codings) and read.codings
    return ((f"{label} not known" if unknown else label, read.display.lower() if unknown else read.display),)


def _is_why(extension: JSON) -> bool:
    return text(extension.get("url")).endswith(_NOT_KNOWN)


def _people(resource: JSON) -> Details:
    """Return who took which part; where a person has no name at hand, where it is to be found."""
    return tuple(
        (role, person.display or person.reference)
        for each in objs(resource.get("participant"))
        for kind in objs(each.get("type"))
        if (role := _ROLES.get(code_of(kind), ""))
        for person in links(resource, _person(each))
    )


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
