"""Encounters of one patient -> hospital stays and their parts, those in intensive care and emergency departments.

FHIR R4 `Encounter.partOf`, which an entry has as the encounter it belongs to, `class`, `hospitalization` and the
names of its locations. Left out: stays that no encounter tells of.
"""

from collections import defaultdict
from collections.abc import Iterator

from tools.entries.encounter import is_hospitalized, stretches
from tools.entries.entry import Entry
from tools.record.patient_record import PatientRecord
from tools.wording.text import words

_INPATIENT = frozenset({"imp", "acute", "nonac", "ss", "obsenc", "inpatient"})
_WARD = frozenset({"wa", "ward"})
_EMERGENCY_CLASS = frozenset({"emer", "emergency"})
_EMERGENCY = frozenset({"emergency", "ed", "er"})
_INTENSIVE = (frozenset({"intensive", "care"}), frozenset({"critical", "care"}), frozenset({"ccu"}))


def whole_of(encounter: Entry, record: PatientRecord) -> Entry:
    """Return the encounter that an encounter is, in the end, a part of: itself where it is part of none."""
    *_, whole = (encounter, *_above(encounter, record))
    return whole


def wholes_of(encounter: Entry, record: PatientRecord) -> frozenset[str]:
    """Return the references of the encounters that an encounter is a part of."""
    return frozenset(whole.reference for whole in _above(encounter, record))


def _above(encounter: Entry, record: PatientRecord) -> Iterator[Entry]:
    seen = {encounter.reference}
    while (above := record.get(encounter.encounter)) and above.reference not in seen:
        seen.add(above.reference)
        yield above
        encounter = above


def parts_of(encounter: Entry, record: PatientRecord) -> frozenset[str]:
    """Return the references of an encounter and of everything that is a part of it."""
    return frozenset(part.reference for part in (encounter, *below(encounter, record)))


def below(encounter: Entry, record: PatientRecord) -> Iterator[Entry]:
    """Yield the encounters that are, directly or in the end, parts of an encounter."""
    parts = record.once(_by_whole)
    seen, waiting = {encounter.reference}, [encounter.reference]
    while waiting:
        for part in parts.get(waiting.pop(), ()):
            if part.reference not in seen:
                seen.add(part.reference)
                waiting.append(part.reference)
                yield part


def covers(part: Entry, entry: Entry) -> bool:
    """Tell whether an entry lies, by its start, in a part of a stay."""
    if not part.start or not entry.start or entry.start.before(part.start):
        return False
    return part.end is None or not part.end.before(entry.start)


def _by_whole(record: PatientRecord) -> dict[str, list[Entry]]:
    """Return the encounters by the one of which each is directly a part; "" for none."""
    parts: dict[str, list[Entry]] = defaultdict(list)
    for encounter in record.entries("Encounter"):
        parts[encounter.encounter].append(encounter)
    return parts


def is_stay(encounter: Entry, record: PatientRecord) -> bool:
    """Tell whether an encounter is a hospital stay as a whole.

    So it is where it is part of no other, and it is inpatient, short stay or observation by its class, tells of a
    hospitalization, or has a part in intensive care or on a ward. A visit to an emergency department alone is none.
    """
    if encounter.kind != "Encounter" or whole_of(encounter, record).reference != encounter.reference:
        return False
    if _INPATIENT.intersection(encounter.category) or is_hospitalized(encounter):
        return True
    return any(is_intensive(part, record) or _on_ward(part, record) for part in below(encounter, record))


def in_intensive_care(encounter: Entry, record: PatientRecord) -> bool:
    """Tell whether an encounter is a stay in intensive care: the part that was there, the whole only without parts."""
    if encounter.kind != "Encounter" or not is_intensive(encounter, record):
        return False
    return not any(is_intensive(part, record) for part in below(encounter, record))


def in_emergency_department(encounter: Entry, record: PatientRecord) -> bool:
    """Tell whether an encounter is a visit to an emergency department: the part that was there, else the whole."""
    return _is_emergency(encounter) and not any(map(_is_emergency, below(encounter, record)))


def _is_emergency(encounter: Entry) -> bool:
    """Tell by the class, or by the name where there is no class."""
    names = encounter.category or words(encounter.display)
    return encounter.kind == "Encounter" and bool(_EMERGENCY_CLASS.intersection(names))


def intensive_care(encounter: Entry, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the time that an encounter was in intensive care: its own, or by those of its locations that are units."""
    if not in_intensive_care(encounter, record):
        return ()
    everywhere = stretches(encounter)
    units = tuple(each for each in everywhere if is_intensive(each, record))
    return units if units and len(units) < len(everywhere) else (encounter,)


def is_intensive(encounter: Entry, record: PatientRecord) -> bool:
    """Tell whether an encounter, its service or one of its places is called intensive care: "Trauma SICU (TSICU)"."""
    names = (encounter.display, encounter.detail("service"), *place_names(encounter, record))
    return any(map(names_intensive_care, names))


def names_intensive_care(name: str) -> bool:
    """Tell whether a name is that of intensive care.

    >>> names_intensive_care("Trauma SICU (TSICU)"), names_intensive_care("Primary care unit")
    (True, False)
    """
    said = frozenset(words(name))
    return any(word.endswith("icu") for word in said) or any(known <= said for known in _INTENSIVE)


def place_names(entry: Entry, record: PatientRecord) -> tuple[str, ...]:
    """Return the names of the locations and organisations of an entry, looked up where it does not say them."""
    targets = ((link.display, record.get(link.reference) if link.reference else None) for link in entry.where)
    return tuple(
        name for name in (said or (place.display if place else "") for said, place in targets) if name
    )


def _on_ward(part: Entry, record: PatientRecord) -> bool:
    if _INPATIENT.intersection(part.category):
        return True
    places = [place for link in part.where if (place := record.get(link.reference))]
    on_ward = any(_WARD.intersection(place.category) for place in places) or any(
        "ward" in words(name) for name in place_names(part, record)
    )
    return on_ward and not any(_EMERGENCY.intersection(words(name)) for name in place_names(part, record))
