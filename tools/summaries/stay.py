"""A record -> one hospital stay: its dates, reason, diagnoses, procedures, drugs, results and discharge.

What hangs on any part of the stay belongs to it, and what names no encounter but lies within its clock times or days.
"""

from collections.abc import Sequence
from dataclasses import replace

from tools.calls.evidence import Evidence, Fact, Outcome
from tools.concepts import link
from tools.entries.entry import Entry
from tools.finding.windows import Beside, Window, nearest, span_of
from tools.record import PatientRecord
from tools.record.stays import is_stay, parts_of
from tools.summaries.sections import (
    Section,
    brief,
    key_observations,
    labelled,
    newest,
    once,
    prescriptions,
    summary,
)
from tools.wording.facts import fact
from tools.wording.text import normal, words
from tools.wording.words import in_words, linked_names

_KINDS = (
    "Encounter",
    "Condition",
    "Procedure",
    "MedicationRequest",
    "MedicationAdministration",
    "Observation",
)
_FIRST_OF = ("after", "after end")
"""Relations of which the first stay is meant, not the last."""


def stay_summary(record: PatientRecord, concept: str | None = None, when: Beside | None = None) -> Evidence:
    """Return what the record tells of a hospital stay: the last that is meant.

    Args:
        record: the patient's record.
        concept: what it was for, e.g. "pneumonia"; None for any.
        when: next to what another call found; then of stays after that the first is meant.
    """
    drugs = prescriptions(record)
    kinds = tuple(drugs if kind == "MedicationRequest" else kind for kind in _KINDS)
    stays = [e for e in record.entries("Encounter") if e.start and is_stay(e, record)]
    about = " ".join(("hospital stay", *((f"for {concept}",) if concept else ())))
    meant = _next_to([stay for stay in stays if _is_for(stay, concept, record)], when, record)
    if not meant:
        outcome: Outcome = "unreadable" if record.may_hide("Encounter") else "none recorded"
        blank = summary(record, about, (), ("Encounter",))
        why = (f"hospital stays recorded: {len(stays)}, none of which is meant",) if stays else ()
        return replace(blank, outcome=outcome, notes=(*blank.notes, *why))
    stay = meant[0] if when and when.relation in _FIRST_OF else meant[-1]
    parts = parts_of(stay, record)
    results, vitals = key_observations(_in_stay("Observation", stay, parts, record)[::-1], record)
    sections = (
        Section("Diagnosis", once(_diagnoses(stay, parts, record)), 6, "diagnoses"),
        Section("Procedure", once(_in_stay("Procedure", stay, parts, record)), 4, "procedures"),
        Section("Drug started", once(_in_stay(drugs, stay, parts, record)), 5, "drugs prescribed"),
        Section(
            "Drug given", once(_in_stay("MedicationAdministration", stay, parts, record)), 4, "drugs given"
        ),
        Section("Result", brief(results), 5, "key or abnormal results"),
        Section("Vital sign", brief(vitals), 3),
        Section("Part of the stay", _wards(stay, parts, record), 3, "parts of the stay"),
    )
    found = summary(record, about, sections, kinds)
    lines = (*_about_it(stay, record), *found.facts, *_discharge(stay))
    several = (f"of {len(meant)} such stays this is the {'first' if stay is meant[0] else 'last'}",)
    return replace(
        found,
        outcome="found",
        values=tuple(
            dict.fromkeys(e.display for section in sections[:4] for e in section.entries if e.display)
        ),
        facts=lines,
        total=len(lines),
        references=tuple(dict.fromkeys(line.reference for line in lines)),
        notes=(*(several if len(meant) > 1 else ()), *found.notes),
        period=f"{stay.start.day if stay.start else ''} to {stay.end.day if stay.end else 'now'}",
    )


def _next_to(stays: Sequence[Entry], when: Beside | None, record: PatientRecord) -> Sequence[Entry]:
    """Return the stays next to what another call found: at it and during it are those that it overlaps."""
    if when is None:
        return stays
    if when.relation in ("at", "during"):
        return [stay for stay in stays if _overlaps(stay, when, record)]
    held = [stay for stay in stays if Window(record, beside=when).holds(stay)]
    return nearest(held, when, lambda stay: stay.start) if when.relation == "nearest" else held


def _overlaps(stay: Entry, when: Beside, record: PatientRecord) -> bool:
    """Tell whether a stay holds what another call found, by its encounter or by its days."""
    item = when.item
    span = span_of(item) if item else None
    if item is None or span is None or stay.start is None:
        return False
    if item.entry and {item.entry.encounter, item.entry.reference} & parts_of(stay, record):
        return True
    first, last = span
    begun = last is None or not last.before(stay.start)
    return begun and (stay.end is None or not stay.end.before(first))


def _is_for(stay: Entry, concept: str | None, record: PatientRecord) -> bool:
    """Tell whether a stay was for a problem: by its reasons, or by what was diagnosed at it."""
    if concept is None:
        return True
    parts = parts_of(stay, record)
    meant = {
        entry.reference for reading in link(concept, record, ("Condition",))[:1] for entry in reading.entries
    }
    names = {normal(entry.display) for reference in meant if (entry := record.get(reference))}
    said = (*stay.reasons, *stay.parts)
    if any(each.reference in meant or normal(each.display) in names for each in said):
        return True
    if any(entry.reference in meant for entry in _diagnoses(stay, parts, record)):
        return True
    wanted = set(words(concept))
    return any(wanted <= set(words(name)) for name in (stay.display, *linked_names(said, record)))


def _diagnoses(stay: Entry, parts: frozenset[str], record: PatientRecord) -> list[Entry]:
    """Return the conditions that a stay names as its diagnoses, in its order, and those recorded at it."""
    named = [entry for each in stay.parts if (entry := record.get(each.reference)) and not entry.void]
    linked = [entry for entry in newest(record, "Condition") if entry.encounter in parts]
    return list({entry.reference: entry for entry in (*named, *linked)}.values())


def _in_stay(kind: str, stay: Entry, parts: frozenset[str], record: PatientRecord) -> list[Entry]:
    """Return what belongs to a stay, the newest first: linked to a part of it, or linked to none and dated in it."""
    return [
        entry
        for entry in newest(record, kind)
        if entry.encounter in parts or (not entry.encounter and _dated_in(entry, stay))
    ]


def _dated_in(entry: Entry, stay: Entry) -> bool:
    if not entry.start or not stay.start or entry.start.before(stay.start):
        return False
    return stay.end is None or not stay.end.before(entry.start)


def _wards(stay: Entry, parts: frozenset[str], record: PatientRecord) -> list[Entry]:
    return [e for e in record.entries("Encounter") if e.reference in parts and e is not stay]


def _about_it(stay: Entry, record: PatientRecord) -> list[Fact]:
    """Return the line of the stay with its length, and its further reasons."""
    lines = [labelled("Stay", fact(stay, stay.detail("length")))]
    reasons = [in_words(name) for name in linked_names(stay.reasons, record)]
    if len(reasons) > 1 or (reasons and not stay.reasons[0].display):
        lines.append(Fact(f"Reason: {', '.join(reasons)}", stay.reference, stay.display))
    return lines


def _discharge(stay: Entry) -> list[Fact]:
    day = f" on {stay.end.day}" if stay.end else ""
    told = in_words(stay.detail("discharge"))
    if not told and not day:
        return [
            Fact(
                f"Discharge: none is recorded; {stay.status or 'of unknown status'}",
                stay.reference,
                stay.display,
            )
        ]
    return [Fact(f"Discharge: {told or 'discharged'}{day}", stay.reference, stay.display)]
