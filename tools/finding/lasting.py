"""Entries -> how long each lasted: a condition, a prescription, a stay.

An end that the record does not give is inferred for prescriptions only: from the supply and its refills, else
a prescription that is followed by another of the same drug within 400 days lasts until then. Both are said.
What goes on is told by status; of a drug by its days too, and nobody takes one after death.
Left out: everything else that would be guessing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tools.entries.entry import Entry
from tools.entries.times import When, parse_when
from tools.finding.undecided import all_of
from tools.record import PatientRecord
from tools.record.kinds import KINDS
from tools.record.scope import ENDED
from tools.record.stays import is_stay
from tools.wording.text import normal

DRUGS = KINDS["medication"]
ACTIVE = frozenset(
    {"active", "recurrence", "relapse", "accepted", "in-progress", "arrived", "triaged", "onleave"}
)
BY_THE_CLOCK = frozenset({*DRUGS, "Encounter"})
"""Kinds of which the days tell, too, whether they go on, as a status is left standing."""
_LASTING = ("Condition", *DRUGS, "AllergyIntolerance", "CarePlan", "CareTeam", "Goal", "Device", "Coverage")
_RENEWED_WITHIN = 400
_SUPPLY = re.compile(r"(\d{1,4}) (day|week|month|year)")
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """How long an entry lasted.

    Attributes:
        first: when it began.
        last: when it ended; None if it goes on or if the end is not known.
        known: whether the record tells the end, or that there is none yet.
        why: what to say about the end, "" if the record tells it.
    """

    first: When
    last: When | None
    known: bool = True
    why: str = ""

    def reaches(self, day: date) -> bool | None:
        """Tell whether it lasted until a day or longer; None if that hangs on what is not known of its end."""
        if self.last is not None:
            return True if self.last.first >= day else False if self.last.last < day else None
        return True if self.known or self.first.first >= day else None

    def goes_beyond(self, when: When) -> bool | None:
        """Tell whether it lasted longer than until a time; None if that hangs on what is not known of its end."""
        if self.last is not None:
            return when.precedes(self.last)
        return True if self.known or when.before(self.first) else None

    def meets(self, first: date | None, last: date | None) -> bool | None:
        """Tell whether it lasted on one of these days, of which None is open; None if the record leaves that open."""
        begun = (
            True if last is None or self.first.last <= last else False if self.first.first > last else None
        )
        reached = True if first is None else self.reaches(first)
        return all_of(begun, reached)


def is_current(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an entry is current at the clock, or was at death: by its status, of a drug by its days too.

    A visit or stay with an end is over by then, whatever its status, and nobody is in hospital after death.
    """
    if entry.kind in DRUGS:
        return entry.reference in current_drugs(record)
    if entry.kind == "Encounter" and (record.dead or (entry.end and entry.end.first <= record.now)):
        return False
    return entry.status in ACTIVE


def current_drugs(record: PatientRecord) -> frozenset[str]:
    """Return the references of the drugs that are current at the clock, or were at death."""
    return record.once(_current_drugs)


def _current_drugs(record: PatientRecord) -> frozenset[str]:
    active = [entry for kind in DRUGS for entry in record.entries(kind) if entry.status in ACTIVE]
    return frozenset(e.reference for e in active if not (is_over(e, record) or is_to_come(e, record)))


def is_over(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether the end of an entry surely lies before the clock's day, or before the day of death."""
    return entry.end is not None and entry.end.last < last_day(record)


def is_to_come(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether a drug is to be taken, or was ordered, only from a later day than the clock's, or that of death."""
    starts = parse_when(entry.detail("starts")) or entry.start
    return starts is not None and starts.first > last_day(record)


def last_day(record: PatientRecord) -> date:
    """Return the clock's day, or that of death where the patient has died before it and the day is known."""
    died = record.patient.died
    return died.first if record.dead and died else record.now


def goes_on(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an entry goes on at the clock: by its status or its end; nobody takes a drug after death."""
    if entry.kind in BY_THE_CLOCK:
        return not record.dead and is_current(entry, record)
    return entry.status in ACTIVE or _ends_later(entry, record)


def may_have_ended(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an entry has an end, or is of a kind that lasts and does not go on."""
    return entry.end is not None or (entry.kind in _LASTING and not goes_on(entry, record))


def until_now(entry: Entry, record: PatientRecord) -> When | None:
    """Return until when an entry has lasted at the clock; None if that is not known.

    What has not ended has lasted until the clock's day, or until death.
    """
    if (entry.end is None and entry.status in ACTIVE) or _ends_later(entry, record):
        return record.patient.died if record.dead else parse_when(record.now.isoformat())
    return entry.end


def _ends_later(entry: Entry, record: PatientRecord) -> bool:
    """Tell whether an end is recorded that is still to come, of what has not ended before."""
    return entry.end is not None and entry.end.first > record.now and entry.status not in ENDED


def lasting(entries: Iterable[Entry], record: PatientRecord) -> Iterator[tuple[Entry, Lasting | None]]:
    """Yield how long each of some entries lasted, the newest first; None where it has no start.

    Args:
        entries: those that the same words mean, oldest first.
        record: the patient's record.
    """
    following: dict[str, When] = {}
    for entry in reversed(tuple(entries)):
        if entry.start is None:
            yield entry, None
            continue
        name = normal(entry.display)
        yield entry, _lasting(entry, entry.start, following.get(name), record)
        following[name] = entry.start


def _lasting(entry: Entry, first: When, following: When | None, record: PatientRecord) -> Lasting:
    if entry.end:
        return Lasting(first=first, last=entry.end)
    if entry.status in ACTIVE:
        return Lasting(first=first, last=record.patient.died if record.dead else None)
    if entry.kind not in _LASTING and not (entry.kind == "Encounter" and is_stay(entry, record)):
        return Lasting(first=first, last=first)
    supplied = _supplied(entry, first)
    if supplied:
        why = f"no end is recorded; supplied for {entry.detail('supply')}"
        return Lasting(first=first, last=supplied, why=why)
    if entry.kind in DRUGS and following and 0 < (following.first - first.first).days <= _RENEWED_WITHIN:
        why = "no end is recorded; taken to last until prescribed again"
        return Lasting(first=first, last=following, why=why)
    status = entry.status or "of unknown status"
    return Lasting(
        first=first, last=None, known=False, why=f"{status}, but the record does not say since when"
    )


def _supplied(entry: Entry, first: When) -> When | None:
    supply = _SUPPLY.match(entry.detail("supply"))
    if not supply:
        return None
    refills = entry.detail("refills")
    fills = 1 + (int(refills) if refills.isdigit() else 0)
    days = int(supply[1]) * _UNIT_DAYS[supply[2]] * fills
    return parse_when(date.fromordinal(min(first.first.toordinal() + days, date.max.toordinal())).isoformat())
