"""Encounters of one patient -> which are parts of which, and which are hospital stays with their wards.

FHIR R4 `Encounter.partOf`, which an entry has as the encounter it belongs to, and `class`.
"""

from collections import defaultdict

from tools.entries.entry import Entry
from tools.record.patient_record import PatientRecord
from tools.wording.text import words

_INPATIENT = frozenset({"imp", "acute", "nonac", "ss", "obsenc", "inpatient"})
_HOSPITALIZATION = ("admitted from", "discharge", "readmission")
_WARDS = frozenset({"icu", "micu", "sicu", "ccu", "nicu", "picu", "ward"})


def whole_of(encounter: Entry, record: PatientRecord) -> Entry:
    """Return the encounter that an encounter is, in the end, a part of: itself where it is part of none."""
    seen = {encounter.reference}
    while (above := record.get(encounter.encounter)) and above.reference not in seen:
        seen.add(above.reference)
        encounter = above
    return encounter


def parts_of(encounter: Entry, record: PatientRecord) -> frozenset[str]:
    """Return the references of an encounter and of everything that is a part of it."""
    below: dict[str, list[str]] = defaultdict(list)
    for each in record.entries("Encounter"):
        below[each.encounter].append(each.reference)
    found, waiting = {encounter.reference}, [encounter.reference]
    while waiting:
        new = [part for part in below[waiting.pop()] if part not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def is_stay(encounter: Entry, record: PatientRecord) -> bool:
    """Tell whether an encounter is a hospital stay as a whole: part of no other, and inpatient or on a ward.

    So it is by its class, by what it tells of admission and discharge, or by a part in intensive care or on a ward.
    """
    if encounter.kind != "Encounter" or whole_of(encounter, record) is not encounter:
        return False
    if _INPATIENT.intersection(encounter.category) or any(map(encounter.detail, _HOSPITALIZATION)):
        return True
    below = (record.get(reference) for reference in parts_of(encounter, record) - {encounter.reference})
    return any(part is not None and _on_ward(part) for part in below)


def _on_ward(part: Entry) -> bool:
    names = (part.display, *(place.display for place in part.where))
    return bool(_INPATIENT.intersection(part.category)) or any(
        _WARDS.intersection(words(name)) for name in names
    )
