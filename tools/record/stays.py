"""Encounters of one patient -> which are parts of which: a hospital stay with its wards.

FHIR R4 `Encounter.partOf`, which an entry has as the encounter it belongs to.
"""

from collections import defaultdict

from tools.entries.entry import Entry
from tools.record.patient_record import PatientRecord


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
