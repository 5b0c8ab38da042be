"""Drugs -> each once, and what must be said beside those that are current: on hold, over by their days, to start later.

The same drug is the same name as recorded. Left out: names of classes and ingredients (`tools.concepts`).
"""

from collections.abc import Iterable, Mapping, Sequence

from tools.calls.evidence import Fact
from tools.entries.entry import Entry
from tools.finding.lasting import ACTIVE, current_drugs, is_over, is_to_come
from tools.record import PatientRecord
from tools.wording.facts import clinical_rank, fact, moment
from tools.wording.text import normal
from tools.wording.words import day_of, name_of, on_day, one_line

_MOST = 6
_STOPPED = frozenset({"stopped", "on-hold"})
_TO_COME, _OVER = "to start later", "active by status, but over by date"
_AFTER_DEATH = "ordered for after the day of death"
_HELD = {"on-hold": "on hold", "unknown": "of unknown status", "intended": "intended"}
_LEADS = (_TO_COME, _AFTER_DEATH, _OVER, *_HELD.values())
"""What is said of drugs that are neither current nor simply past, in this order."""
_TELLING = ACTIVE | _STOPPED | _HELD.keys()
"""Statuses of what may have to be told beside what is current."""


def by_drug(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return the entries of each drug, in the order of the newest of each, oldest first."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(normal(entry.display), []).append(entry)
    return sorted(groups.values(), key=lambda members: moment(members[-1]))


def drug_lines(entries: Sequence[Entry]) -> list[Fact]:
    """Return a line for each drug, of its newest entry: "…, prescribed 2025-04-01, ordered 4 times since 2025-01-01".

    Args:
        entries: in the order of time.
    """
    groups = sorted(by_drug(entries), key=lambda members: clinical_rank(members[-1]))
    return [fact(members[-1], _ordered(members)) for members in groups]


def _ordered(members: Sequence[Entry]) -> str:
    orders = [entry for entry in members if entry.kind == "MedicationRequest"]
    if len(members) < 2:
        return ""
    if len(orders) < len(members):
        return f"recorded {len(members)} times"
    first = day_of(members[0])
    return f"ordered {len(members)} times{f' since {first}' if first else ''}"


def beside_current(found: Sequence[Entry], record: PatientRecord, *, named: bool) -> tuple[str, ...]:
    """Return what is said beside the drugs that are current: of those that are neither current nor simply past.

    Args:
        found: the drugs that were looked for, current or not, oldest first.
        record: the patient's.
        named: whether one drug or class was looked for: then what was stopped since a current order is told too.
    """
    taken = current_drugs(record)
    current = [entry for entry in found if entry.reference in taken]
    others = [entry for entry in found if entry.status in _TELLING and entry.reference not in taken]
    replaced = _replaced(current, record)
    if not others:
        return replaced
    names = {normal(entry.display) for entry in current}
    alone = named and len(by_drug(found)) == 1  # its name stands beside it
    leads: dict[str, list[Entry]] = {lead: [] for lead in _LEADS}
    for entry in others:
        if lead := _lead(entry, record):
            leads[lead].append(entry)
    told = [_told(lead, entries, names, alone=alone) for lead, entries in leads.items() if entries]
    stopped = _stopped_since(current, others) if named else ()
    return (*filter(None, told), *replaced, *stopped)


def _lead(entry: Entry, record: PatientRecord) -> str:
    """Return what a drug is that is not current; "" if it is simply past."""
    if entry.status in ACTIVE:
        return _OVER if not is_to_come(entry, record) else _AFTER_DEATH if record.dead else _TO_COME
    lead = _HELD.get(entry.status, "")
    return lead if lead and not is_over(entry, record) else ""


def _replaced(current: Sequence[Entry], record: PatientRecord) -> tuple[str, ...]:
    """Return which current orders a newer one of another name replaces: that of the dose before."""
    by = record.once(_replacements)
    replaced = [e for e in current if e.reference in by and normal(by[e.reference]) != normal(e.display)]
    return tuple(
        f"{_named(e)} is replaced by {one_line(by[e.reference])}, though not ended" for e in replaced[:_MOST]
    )


def _replacements(record: PatientRecord) -> Mapping[str, str]:
    """Return the names of the current orders that replace another, by the reference of that one."""
    taken = current_drugs(record)
    orders = [entry for entry in record.entries("MedicationRequest") if entry.reference in taken]
    return {replaced: entry.display for entry in orders if (replaced := entry.detail("replaces"))}


def _told(lead: str, entries: Sequence[Entry], current: set[str], *, alone: bool) -> str:
    """Return a note that names each drug once; one that is current by another entry is not told again."""
    newest = [members[-1] for members in by_drug(entries) if normal(members[-1].display) not in current]
    if alone and newest:
        return f"{lead}{_why(newest[0])}"
    names = [f"{_named(entry)}{_why(entry)}" for entry in newest[:_MOST]]
    more = f" and {len(newest) - _MOST} more" if len(newest) > _MOST else ""
    return f"{lead}: {'; '.join(names)}{more}" if names else ""


def _stopped_since(current: Sequence[Entry], others: Sequence[Entry]) -> tuple[str, ...]:
    """Return which of the drugs that are current were stopped or held by an order that is as new or newer."""
    notes = []
    for members in by_drug(current):
        newest, name = members[-1], normal(members[-1].display)
        after = [
            e
            for e in others
            if e.status in _STOPPED and normal(e.display) == name and moment(e) >= moment(newest)
        ]
        notes += [
            f"another order of {_named(e)}, {on_day(day_of(e))}, is {e.status}" for e in after[:1] if e.start
        ]
    return tuple(notes)


def dosed(chosen: Sequence[Entry], every: Sequence[Entry]) -> tuple[Entry, str] | None:
    """Return the newest order of the same drug that gives a dose, and what is said of it; None without need or any.

    Args:
        chosen: the entries whose dose is asked for.
        every: those of which they were chosen, current or not, oldest first.
    """
    if not chosen or any(entry.detail("dose") for entry in chosen):
        return None
    names = {normal(entry.display) for entry in chosen}
    telling = [entry for entry in every if entry.detail("dose") and normal(entry.display) in names]
    if not telling:
        return None
    day = day_of(chosen[-1])
    older = day_of(telling[-1])
    of = f"of {older}" if older else "without a date"
    return telling[-1], f"the entry{f' of {day}' if day else ''} gives no dose, this one {of} does"


def _named(entry: Entry) -> str:
    return one_line(name_of(entry.display, entry.kind))


def _why(entry: Entry) -> str:
    """Return in parentheses the reason or the day that goes with what is said of a drug."""
    if entry.status in ACTIVE:
        starts = entry.detail("starts")
        return f" (from {starts})" if starts else f" (until {entry.end.day})" if entry.end else ""
    reason = one_line(entry.detail("stopped because") or entry.detail("status reason"))
    return f" ({reason})" if reason else ""
