"""Encounters of one patient -> hospital stays, their parts and wards, intensive care, emergency departments.

FHIR R4 `Encounter.partOf`, which an entry has as the encounter it belongs to, `class`, `hospitalization` and the
names and levels of its locations. Left out: stays that no encounter tells of; an emergency visit that is no part of the
stay that followed stays a visit of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tools.entries.encounter import Stretch, is_hospitalized, stretches
from tools.entries.entry import Entry, Link
from tools.entries.times import When
from tools.record.patient_record import PatientRecord
from tools.wording.text import words

_INPATIENT = frozenset({"imp", "acute", "nonac", "ss", "obsenc"})
_INPATIENT_WORDS = frozenset({"inpatient", "observation"})
_OBSERVED = frozenset({"obsenc", "observation"})
_WARD = frozenset({"wa", "ward"})
_INSIDE_WARD = frozenset({"ro", "room", "bd", "bed", "co", "corridor", "ca", "cabinet"})
"""Physical types of what lies within a ward."""
_EMERGENCY_CLASS = frozenset({"emer", "emergency"})
_EMERGENCY = frozenset({"emergency", "ed", "er"})
_INTENSIVE = (
    frozenset({"intensive", "care"}),
    frozenset({"critical", "care"}),
    frozenset({"coronary", "care"}),
    frozenset({"soins", "intensifs"}),
    frozenset({"cuidados", "intensivos"}),
    frozenset({"ccu"}),
)
_INTENSIVE_STEM = "intensivs", "intensivm", "intensivpf", "intensivb"
"""How a German word for a unit or service of intensive care begins: "Intensivstation", "Intensivmedizin"."""


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
    hospitalization, or has a part in intensive care or on a ward. An emergency visit tells where its patient came from
    and went to as well: it is a stay only where it or a part of it was on a ward, or where it lasted for days.
    """
    return encounter.kind == "Encounter" and encounter.reference in record.once(hospital_stays)


def hospital_stays(record: PatientRecord) -> frozenset[str]:
    """Return the references of the encounters that are hospital stays, as `is_stay` has it."""
    parts = record.once(_by_whole)
    return frozenset(
        each.reference
        for each in record.entries("Encounter")
        if (_inpatient(each.category) or each.counts or each.reference in parts) and _is_stay(each, record)
    )


def _is_stay(encounter: Entry, record: PatientRecord) -> bool:
    if encounter.encounter and whole_of(encounter, record).reference != encounter.reference:
        return False
    if _inpatient(encounter.category):
        return True
    admitted = is_hospitalized(encounter)
    if admitted and (not _is_emergency(encounter) or _lasted_for_days(encounter)):
        return True
    parts = below(encounter, record)
    return any(
        is_intensive(part, record) or _on_ward(part, record)
        for part in ((encounter, *parts) if admitted else parts)
    )


def _lasted_for_days(encounter: Entry) -> bool:
    """Tell whether an encounter lasted longer than into the next day."""
    start, end = encounter.start, encounter.end
    return bool(start and end and (end.first - start.first).days > 1)


@lru_cache(maxsize=1024)
def _inpatient(category: tuple[str, ...]) -> bool:
    """Tell whether a class is that of a stay: by its code, or by its name where the code is a system's own."""
    named = any(not _INPATIENT_WORDS.isdisjoint(words(label)) for label in category)
    return named or not _INPATIENT.isdisjoint(category)


def in_observation(encounter: Entry, record: PatientRecord) -> bool:
    """Tell whether an encounter is a stay for observation, or the part of a stay that was."""
    return encounter.kind == "Encounter" and any(
        not _OBSERVED.isdisjoint((label, *words(label))) for label in encounter.category
    )


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
    return record.once(_intensive_care, encounter.reference)


def _intensive_care(record: PatientRecord, reference: str) -> tuple[Entry, ...]:
    encounter = record.get(reference)
    if encounter is None or not in_intensive_care(encounter, record):
        return ()
    everywhere = [_narrowed(encounter, each) for each in stretches(encounter) if each.start]
    units = tuple(each for each in everywhere if is_intensive(each, record))
    return units if units and len(units) < len(everywhere) else (encounter,)


def on_wards(stay: Entry, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the time that a hospital stay was on each of its wards, in order: as encounters that bear their names.

    By the locations of the stay and of its parts; of a room or bed the ward around it. A location without a time of its
    own has that of its encounter, unless it is there with its time too.
    """
    return record.once(_on_wards, stay.reference)


def _on_wards(record: PatientRecord, reference: str) -> tuple[Entry, ...]:
    stay = record.get(reference)
    if stay is None or not is_stay(stay, record):
        return ()
    found: dict[tuple[str, When | None], Entry] = {}
    timeless: dict[str, Entry] = {}
    for encounter in (stay, *below(stay, record)):
        for each in stretches(encounter):
            ward = _ward_of(each, record)
            if not ward:
                continue
            there = replace(_narrowed(encounter, each), display=ward.display, where=(ward,))
            if each.start:
                found.setdefault((ward.display, each.start), there)
            else:
                timeless[ward.display] = there  # a part, which comes later, tells more of it than the whole
    named = {name for name, _ in found}
    every = [*found.values(), *(there for name, there in timeless.items() if name not in named)]
    return tuple(sorted(every, key=lambda each: each.start.moment.timestamp() if each.start else 0.0))


def _narrowed(encounter: Entry, to: Stretch) -> Entry:
    """Return an encounter as it was in one of its locations."""
    start, end = to.start or encounter.start, to.end or encounter.end
    return replace(
        encounter, where=(to.where,), start=start, end=end, status="finished" if to.left else encounter.status
    )


def _ward_of(each: Stretch, record: PatientRecord) -> Link | None:
    """Return the ward that a location is, or around a room or bed; None if that is not recorded."""
    link, level = each.where, each.level
    for _ in range(len(_INSIDE_WARD)):
        place = record.get(link.reference) if link.reference else None
        known = level or (place.category if place else ())
        if _INSIDE_WARD.isdisjoint(known):
            name = link.display or (place.display if place else "")
            return Link(link.reference, name) if name else None
        around = (near for near in (place.where if place else ()) if near.reference.startswith("Location/"))
        outer = next(around, None)
        if outer is None:
            return None
        link, level = outer, ()
    return None


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
    in_a_word = any(word.endswith("icu") or word.startswith(_INTENSIVE_STEM) for word in said)
    return in_a_word or any(known <= said for known in _INTENSIVE)


def place_names(entry: Entry, record: PatientRecord) -> tuple[str, ...]:
    """Return the names of the locations and organisations of an entry, looked up where it does not say them."""
    targets = ((link.display, record.get(link.reference) if link.reference else None) for link in entry.where)
    return tuple(
        name for name in (said or (place.display if place else "") for said, place in targets) if name
    )


def _on_ward(part: Entry, record: PatientRecord) -> bool:
    if _inpatient(part.category):
        return True
    places = [place for link in part.where if (place := record.get(link.reference))]
    on_ward = any(_WARD.intersection(place.category) for place in places) or any(
        "ward" in words(name) for name in place_names(part, record)
    )
    return on_ward and not any(_EMERGENCY.intersection(words(name)) for name in place_names(part, record))
