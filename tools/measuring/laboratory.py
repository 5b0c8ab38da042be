"""An observation -> whether a laboratory measured it, or whether it is a vital sign.

The record's category decides. Where an observation has none, it is a laboratory's if one of its reports lists it, or by
its specimen, reference range or LOINC code. Left out: panels without a value.
"""

from tools.concepts.lexicon import lexicon
from tools.entries.entry import Entry
from tools.record import PatientRecord

VITALS = {
    "85354-9": 0,
    "55284-4": 0,
    "8480-6": 0,
    "8462-4": 0,
    "8867-4": 1,
    "29463-7": 2,
    "39156-5": 3,
    "59408-5": 4,
    "2708-6": 4,
    "8310-5": 5,
    "9279-1": 6,
    "8302-2": 7,
}
"""LOINC codes of vital signs in the order to show: blood pressure, heart rate, weight, BMI, oxygen, …"""
_FILED = frozenset({"laboratory", "lab", "microbiology", "mb", "chemistry", "hematology"})
_REPORTS = frozenset({"laboratory", "lab", "ch", "hm", "mb", "microbiology", "chemistry", "hematology"})


def is_vital_sign(entry: Entry) -> bool:
    """Tell whether an observation is a vital sign, by its category or code."""
    return "vital-signs" in entry.category or any(coding.code in VITALS for coding in entry.codings)


def is_laboratory(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an entry is a result or report of a laboratory."""
    if entry.category:
        return not _FILED.isdisjoint(entry.category)
    if entry.kind != "Observation" or is_vital_sign(entry):
        return False
    measured = lexicon().measured()
    return (
        entry.range is not None
        or bool(entry.detail("specimen"))
        or any(coding.code in measured for coding in entry.codings)
        or entry.reference in record.once(_reported)
    )


def _reported(record: PatientRecord) -> frozenset[str]:
    """Return the results that reports of laboratories list."""
    reports = (one for one in record.entries("DiagnosticReport") if not _REPORTS.isdisjoint(one.category))
    return frozenset(link.reference for report in reports for link in report.parts)
