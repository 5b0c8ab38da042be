"""A reference -> everything the entry says, line by line.

Left out: the raw JSON (the command `show` prints it), other patients' resources.
"""

import re

from tools.calls.errors import BadArgument, WrongPatient
from tools.calls.evidence import Evidence, Fact, Scalar
from tools.calls.profile import profile
from tools.calls.results import Result
from tools.entries.entry import Entry, Quantity
from tools.finding.windows import item_of
from tools.record import PatientRecord
from tools.wording.facts import cut, fact
from tools.wording.words import day_of, linked_names, number, shown_unit, with_names

_REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")


def read(record: PatientRecord, reference: str) -> Evidence:
    """Read one resource by its reference.

    Args:
        record: the patient's record.
        reference: "Type/id", as cited.

    Returns:
        Evidence; "none recorded" when this record has no such resource.

    Raises:
        BadArgument: not of the form "Type/id".
        WrongPatient: another patient, or a resource of another patient.
    """
    if not _REFERENCE.fullmatch(reference):
        raise BadArgument("reference", reference, "Type/id as cited", "Condition/1f2d")
    if reference == record.reference:
        return profile(record)
    kind = reference.partition("/")[0]
    if kind == "Patient":
        raise WrongPatient(f"{reference} is another patient than {record.reference}.")
    entry = record.get(reference)
    if entry is None:
        unread = record.unread(kind)
        return Evidence(
            outcome="unreadable" if unread else "none recorded",
            about=reference,
            coverage=record.coverage(kind),
            notes=() if unread else ("no such resource in this record",),
        )
    facts = _lines(entry, record)
    return Evidence(
        outcome="found",
        about=entry.display or reference,
        values=_values(entry),
        unit=entry.value.unit if isinstance(entry.value, Quantity) else "",
        facts=cut(facts),
        total=len(facts),
        references=(reference,),
        coverage=record.coverage(kind),
        result=Result(type="entries", items=(item_of(entry, record),)),
    )


def _values(entry: Entry) -> tuple[Scalar, ...]:
    if isinstance(entry.value, Quantity):
        return (entry.value.value,)
    said = entry.value or entry.display
    return (said,) if said else ()


def _lines(entry: Entry, record: PatientRecord) -> list[Fact]:
    said = [
        ("status", entry.status),
        ("category", ", ".join(entry.category)),
        ("who", ", ".join(linked_names(entry.who, record))),
        ("where", ", ".join(linked_names(entry.where, record))),
        ("reason", ", ".join(linked_names(entry.reasons, record))),
        *entry.details,
        ("includes", ", ".join(linked_names(entry.parts, record))),
        *((money.label, f"{number(money.value)} {shown_unit(money.currency)}") for money in entry.amounts),
    ]
    extra = [f"{label}: {with_names(text, record)}" for label, text in said if text]
    extra += [f"encounter: {entry.encounter}"] if entry.encounter else []
    return [fact(entry), *(Fact(text, entry.reference, entry.display, day_of(entry)) for text in extra)]
