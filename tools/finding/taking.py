"""What a patient takes: the FHIR types that say so, what is said beside it, and what the dead took.

Nobody takes a drug after death. Left out: which drugs are current (`lasting`), their lines (`drugs`).
"""

from dataclasses import replace
from decimal import Decimal

from tools.calls.evidence import Evidence
from tools.calls.results import Item, Result
from tools.concepts import link
from tools.finding.drugs import beside_current, dosed
from tools.finding.lasting import DRUGS
from tools.finding.matching import Found
from tools.finding.outcomes import entries_found, undecided
from tools.finding.picks import DRUGS_TAKEN, Choice, picked
from tools.record import PatientRecord
from tools.record.kinds import KINDS
from tools.wording.facts import moment
from tools.wording.words import on_day


def taking_types(record: PatientRecord) -> tuple[str, ...]:
    """Return the FHIR types that say what is being taken, of those that this record has or could not read.

    A prescription or statement says it by its status; a dose given or dispensed only that it once was.
    """
    return tuple(name for name in DRUGS if record.counts.get(name) or record.problems.get(name)) or DRUGS[:1]


def beside_taken(found: Found, record: PatientRecord, concept: str | None) -> tuple[str, ...]:
    """Return what is said beside current drugs, or beside that there are none."""
    died = (_takes_nothing(record),) if record.dead and found.entries and not concept else ()
    return (*died, *beside_current(found.entries, record, named=bool(concept)))


def with_last_given(found: Found, record: PatientRecord, concept: str) -> Found:
    """Return what was found and, where it is given rather than prescribed, when it was given last."""
    given = [
        entry
        for kind in KINDS["administration"]
        if record.counts.get(kind)
        for reading in link(concept, record, (kind,))[:1]
        for entry in reading.entries
    ]
    last = max(given, key=moment, default=None)
    return replace(found, entries=(*found.entries, last)) if last else found


def with_dose(kept: Found, found: Found, choice: Choice, record: PatientRecord) -> Found:
    """Return, where the entries that are meant give no dose, the newest of all those found of the drug that does."""
    told = dosed(picked(kept.entries, choice, record), found.entries)
    return replace(kept, entries=told[:1], notes=(*kept.notes, told[1])) if told else kept


def of_the_dead(blank: Evidence, record: PatientRecord, choice: Choice, found: Found) -> Evidence:
    """Return what a patient who died took at death: there are no drugs now to count, and none of them was ended."""
    give, died, why = choice.asked.give, record.patient.died, _takes_nothing(record)
    if give in ("exists", "absent"):
        return undecided(blank, record, found, _died(record))
    told = found if why in found.notes else replace(found, notes=(*found.notes, why))
    if give in ("count", "distinct"):
        shown = entries_found(blank, record, DRUGS_TAKEN, told)
        none = Result(type="numbers", items=(Item(number=Decimal(0)),))
        return replace(shown, outcome="none recorded", values=(0,), result=none)
    when = f"at death ({died.day})" if died else "at death"
    about = blank.about.removeprefix("active ")
    return entries_found(replace(blank, about=about, period=when, relation="active"), record, choice, told)


def _takes_nothing(record: PatientRecord) -> str:
    return f"{_died(record)} and takes nothing now"


def _died(record: PatientRecord) -> str:
    died = record.patient.died
    return f"the patient died{f' {on_day(died.day)}' if died else ''}"
