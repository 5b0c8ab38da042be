"""Entries -> what contradicts itself in them: ended and active, an end before the start, a start before birth.

Nothing is mended here: what does not fit is said. Left out: which of two entries is right.
"""

from collections.abc import Callable, Iterator, Sequence

from tools.entries.entry import Entry
from tools.record import PatientRecord
from tools.wording.words import shown_name

_MOST = 3
_ENDED = ("resolved", "inactive", "remission")


def conflicts(entries: Sequence[Entry], record: PatientRecord) -> tuple[str, ...]:
    """Return what does not fit in entries, in sentences; at most three of a sort are named."""
    notes: list[str] = []
    backwards = [e for e in entries if e.start and e.end and e.end.moment < e.start.moment]
    notes += _named("ends before it starts", [e for e in backwards if ends_before_start(e)], _span)
    ended = record.once(ended_yet_active)
    notes += _named("recorded as active, but ended", [e for e in entries if e.reference in ended], _end)
    if born := record.patient.birth:
        early = [e for e in entries if e.start and e.start.last < born.first]
        notes += _named(f"before the recorded birth ({born.day})", early, _start)
    return tuple(notes)


def ends_before_start(entry: Entry) -> bool:
    """Tell whether an entry surely ends before it starts."""
    return bool(entry.start and entry.end and entry.end.before(entry.start))


def ended_yet_active(record: PatientRecord) -> frozenset[str]:
    """Return the problems that are recorded as active, and as ended before the clock's day; to be asked for `once`."""
    active = [entry for entry in record.entries("Condition") if entry.status == "active" and entry.end]
    return frozenset(entry.reference for entry in active if entry.end and entry.end.last < record.now)


def also_ended(active: Sequence[Entry], every: Sequence[Entry]) -> tuple[str, ...]:
    """Return which entries say of a problem that goes on that it does not: of the same start, or a later one."""
    newest = max((e.start.moment for e in active if e.start), default=None)
    others = [e for e in every if e.kind == "Condition" and e.status in _ENDED]
    later = [e for e in others if newest is None or (e.start and e.start.moment >= newest)]
    return tuple(f"also recorded as {e.status}: {shown_name(e)}{_since(e)}" for e in later[:_MOST])


def _named(what: str, entries: Sequence[Entry], when: Callable[[Entry], str]) -> Iterator[str]:
    if len(entries) > _MOST:
        yield f"{len(entries)} {what}"
        return
    for entry in entries:
        yield f"{what}: {shown_name(entry)}, {when(entry)}"


def _start(entry: Entry) -> str:
    return entry.start.day if entry.start else ""


def _end(entry: Entry) -> str:
    return entry.end.day if entry.end else ""


def _span(entry: Entry) -> str:
    return f"{_start(entry)} to {_end(entry)}"


def _since(entry: Entry) -> str:
    return f", since {entry.start.day}" if entry.start else ""
