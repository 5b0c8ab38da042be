"""All observations -> the newest vital signs and the newest results that matter most, for a summary.

What is flagged as abnormal comes first, then common tests in a clinician's order. Left out: trends.
"""

from tools.entries.entry import Entry, Quantity
from tools.measuring.laboratory import VITALS, is_laboratory
from tools.record import PatientRecord
from tools.wording.text import normal

_RESULTS = (
    *(
        "4548-4",
        "2339-0",
        "2345-7",
        "38483-4",
        "2160-0",
        "33914-3",
        "48642-3",
        "48643-1",
        "62238-1",
        "69405-9",
    ),
    *("98979-8", "2823-3", "6298-4", "2951-2", "2947-0", "718-7", "18262-6", "13457-7", "2093-3", "2085-9"),
    *("2571-8", "6690-2", "777-3", "6301-6", "3016-3", "1742-6", "1920-8", "2857-1", "14959-1"),
)
"""LOINC codes of common tests in the order to show: HbA1c, glucose, creatinine, eGFR, potassium, …"""
_ABNORMAL = frozenset({"H", "HH", "L", "LL", "A", "AA", "POS"})


def latest_vitals(record: PatientRecord) -> list[Entry]:
    """Return the newest of each vital sign, in the order to show."""
    found = [entry for entry in _newest_of_each(record) if _vital_rank(entry) is not None]
    panels = {entry.start for entry in found if entry.components}
    found = [e for e in found if e.components or _vital_rank(e) or e.start not in panels]
    return sorted(found, key=lambda entry: _vital_rank(entry) or 0)


def latest_results(record: PatientRecord) -> list[Entry]:
    """Return the newest of each laboratory result that has a number: flagged ones, then common tests."""
    found = [
        entry
        for entry in _newest_of_each(record)
        if is_laboratory(entry, record) and _vital_rank(entry) is None and isinstance(entry.value, Quantity)
    ]
    telling = [entry for entry in found if is_abnormal(entry) or _result_rank(entry) < len(_RESULTS)]
    return sorted(telling, key=lambda entry: (not is_abnormal(entry), _result_rank(entry)))


def is_abnormal(entry: Entry) -> bool:
    """Tell whether an observation, or a component of it, is abnormal by the record's own flag."""
    return any(_ABNORMAL.intersection(part.interpretation) for part in (entry, *entry.components))


def _newest_of_each(record: PatientRecord) -> list[Entry]:
    newest: dict[str, Entry] = {}
    for entry in record.entries("Observation"):
        newest[normal(entry.display)] = entry
    return list(newest.values())


def _vital_rank(entry: Entry) -> int | None:
    return next((VITALS[coding.code] for coding in entry.codings if coding.code in VITALS), None)


def _result_rank(entry: Entry) -> int:
    ranks = (_RESULTS.index(coding.code) for coding in entry.codings if coding.code in _RESULTS)
    return min(ranks, default=len(_RESULTS))
