"""Words for an event ("medication: insulin", "last admission", "2015-03") -> its entries and their times.

An end that the record does not give is inferred for prescriptions only: from the supply and its refills, else
a prescription that is followed by another of the same drug within 400 days lasts until then. Both are said.
Left out: everything else that would be guessing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tools.calls.errors import BadArgument
from tools.concepts import Reading, link
from tools.entries.entry import Entry
from tools.entries.times import When, parse_when
from tools.periods import resolve
from tools.record import PatientRecord
from tools.record.kinds import types_of
from tools.wording.text import normal

_ANY = (
    "Condition",
    "MedicationRequest",
    "Procedure",
    "Encounter",
    "Immunization",
    "AllergyIntolerance",
    "Observation",
)
_ALIASES = {"measure": "observation", "test": "observation", "drug": "medication", "diagnosis": "condition"}
_DRUGS = ("MedicationRequest", "MedicationStatement")
_LASTING = ("Condition", *_DRUGS, "AllergyIntolerance", "CarePlan", "CareTeam")
_GOING_ON = ("active", "recurrence", "relapse", "in-progress")
_RENEWED_WITHIN = 400
_ORDINAL = re.compile(r"(first|last|previous)\s+(?=\S)", re.IGNORECASE)
_NTH = {"first": 0, "last": -1, "previous": -2}
_SUPPLY = re.compile(r"(\d{1,4}) (day|week|month|year)")
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}

Days = tuple[date, date | None]
"""First and last day; None is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What words stand for in this record.

    Attributes:
        asked: the words, without the kind before them.
        label: the record's name.
        kinds: the FHIR resource types looked at.
        entries: every time it happened, oldest first, undated ones before.
        day: the time, when the words are a date.
        reading: what the words were read as, if it is a name in the record.
        rivals: what else they could mean.
    """

    asked: str
    label: str
    kinds: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    day: When | None = None
    reading: Reading | None = None
    rivals: tuple[str, ...] = ()

    @property
    def recorded(self) -> bool:
        """Whether the record has it; a date always is."""
        return bool(self.entries) or self.day is not None

    @property
    def firsts(self) -> tuple[Entry, ...]:
        """The entries of the first time, all of the same moment; the undated if there are no others."""
        dated = [entry for entry in self.entries if entry.start]
        if not dated or not dated[0].start:
            return self.entries[:1]
        moment = dated[0].start.moment
        same = [entry for entry in dated if entry.start and entry.start.moment == moment]
        return tuple({entry.reference: entry for entry in same}.values())

    @property
    def start(self) -> When | None:
        """The first time."""
        return self.day or next((entry.start for entry in self.firsts), None)

    @property
    def times(self) -> tuple[Days, ...]:
        """The days of each time it happened, as `time_of` tells."""
        if self.day:
            return ((self.day.first, self.day.last),)
        return tuple(days for entry in self.entries for days in time_of(entry))


@dataclass(frozen=True, slots=True)
class Stay:
    """How long an entry lasted.

    Attributes:
        entry: the entry; it has a start.
        first: its first day.
        last: its last day; None if it goes on or if the end is not known.
        known: whether the record tells the end, or that there is none yet.
        why: what to say about the end, "" if the record tells it.
    """

    entry: Entry
    first: date
    last: date | None
    known: bool = True
    why: str = ""

    def holds(self, days: Days) -> bool | None:
        """Tell whether it lasted on one of the days; None if that hangs on an end that is not known."""
        begin, end = days
        if end is not None and end < self.first:
            return False
        if begin <= self.first:
            return True
        return (self.last is None or self.last >= begin) if self.known else None


def named(argument: str, words: str, record: PatientRecord, kinds: tuple[str, ...] | None = None) -> Event:
    """Return what `words` stand for.

    Args:
        argument: name of the argument, for the error.
        words: as `compare` takes them; "first", "last" or "previous" before a name is that one time of it.
        record: the patient's record.
        kinds: the FHIR resource types to look at, unless the words name one.

    Raises:
        BadArgument: no words.
    """
    types, bare = _split(words)
    if not bare:
        raise BadArgument(argument, words, "an event or a date", "condition: diabetes")
    types = types or kinds or _ANY
    day = parse_when(bare)
    if day:
        return Event(asked=bare, label=bare, day=day)
    anchored = _anchored(bare, record) if "Encounter" in types else ()
    if anchored:
        return Event(asked=bare, label=bare, kinds=(anchored[0].kind,), entries=anchored)
    ordinal, readings = _linked(bare, record, types)
    if not readings:
        return Event(asked=bare, label=bare, kinds=types)
    best = readings[0]
    entries = sorted(best.entries, key=_moment)
    rivals = tuple(reading.label for reading in readings[1:] if reading.score >= 0.95 * best.score)
    return Event(
        asked=bare,
        label=f"{ordinal} {best.label}".strip(),
        kinds=tuple(dict.fromkeys(entry.kind for entry in entries)) or types,
        entries=tuple(_nth(ordinal, entries) if ordinal else entries),
        reading=best,
        rivals=rivals,
    )


def _linked(words: str, record: PatientRecord, types: tuple[str, ...]) -> tuple[str, Sequence[Reading]]:
    """Return which of several times is meant, "" if all, and what the rest of the words can mean."""
    said = _ORDINAL.match(words)
    whole = link(words, record, types)
    recorded = (normal(entry.display) for reading in whole for entry in reading.entries)
    if not said or any(name.startswith(normal(said[0])) for name in recorded):
        return "", whole
    return said[1].casefold(), link(words[said.end() :], record, types)


def _nth(ordinal: str, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries of the first, last or last but one moment; none if there are not so many."""
    moments = sorted({_moment(entry) for entry in entries if entry.start})
    chosen = moments[_NTH[ordinal]] if len(moments) >= abs(_NTH[ordinal]) else None
    return [entry for entry in entries if _moment(entry) == chosen]


def _split(words: str) -> tuple[tuple[str, ...], str]:
    kind, colon, rest = words.partition(":")
    known = _ALIASES.get(normal(kind), normal(kind))
    if not colon:
        return (), words.strip()
    try:
        return types_of(known), rest.strip()
    except BadArgument:
        return (), words.strip()


def _anchored(words: str, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the encounters that words like "the last admission" name; () if they name none."""
    try:
        when = resolve(f"during {words}", record)
    except BadArgument:
        return ()
    found = [record.get(reference) for reference in when.anchors] if when else []
    return tuple(entry for entry in found if entry and entry.kind == "Encounter")


def _moment(entry: Entry) -> float:
    return entry.start.moment.timestamp() if entry.start else float("-inf")


def time_of(entry: Entry) -> tuple[Days, ...]:
    """Return the days that an entry stands for as a time: all of an encounter or procedure, else its start.

    So "when diabetes was diagnosed" is the day of onset, and "during the admission" the whole stay.
    """
    if entry.start is None:
        return ()
    ended = entry.end if entry.end and entry.kind not in _LASTING else entry.start
    return ((entry.start.first, ended.last),)


def stay(entry: Entry, others: Sequence[Entry]) -> Stay:
    """Return how long an entry lasted.

    Args:
        entry: has a start.
        others: the entries that the same words mean, oldest first.
    """
    assert entry.start is not None
    first = entry.start.first
    if entry.end:
        return Stay(entry, first, entry.end.last)
    if entry.status in _GOING_ON:
        return Stay(entry, first, None)
    if entry.kind not in _LASTING:
        return Stay(entry, first, entry.start.last)
    supplied = _supplied(entry)
    if supplied:
        return Stay(entry, first, supplied, why=f"no end is recorded; supplied for {entry.detail('supply')}")
    renewed = _renewed(entry, others) if entry.kind in _DRUGS else None
    if renewed:
        return Stay(entry, first, renewed, why="no end is recorded; taken to last until prescribed again")
    status = entry.status or "of unknown status"
    return Stay(entry, first, None, False, f"{status}, but the record does not say since when")


def _supplied(entry: Entry) -> date | None:
    supply = _SUPPLY.match(entry.detail("supply"))
    if not supply or not entry.start:
        return None
    refills = entry.detail("refills")
    fills = 1 + (int(refills) if refills.isdigit() else 0)
    days = int(supply[1]) * _UNIT_DAYS[supply[2]] * fills
    return date.fromordinal(min(entry.start.first.toordinal() + days, date.max.toordinal()))


def _renewed(entry: Entry, others: Sequence[Entry]) -> date | None:
    name = normal(entry.display)
    same = (e for e in others if normal(e.display) == name and _moment(e) > _moment(entry))
    following = next((e.start.first for e in same if e.start), None)
    start = entry.start.first if entry.start else None
    if following and start and (following - start).days <= _RENEWED_WITHIN:
        return following
    return None
