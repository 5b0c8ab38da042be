"""Entries found -> those that are meant: the first, the last, the nth, the longest, the most often recorded.

Left out: what is told of them (`outcomes`).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from tools.entries.entry import Entry
from tools.finding.conflicts import ends_before_start
from tools.finding.gives import OF_ENDS, VALUES_OF_NONE, Asked, elapsed
from tools.finding.lasting import until_now
from tools.finding.matching import Found
from tools.record import PatientRecord

Pick = Literal["all", "first", "last", "nth", "longest", "shortest", "most often"]
Per = Literal["year", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which of the entries that match are meant, and what is asked of them."""

    pick: Pick = "all"
    n: int | None = None
    per: Per | None = None
    asked: Asked
    drugs: bool = False
    """Whether it is the current drugs: each counts once, however often it was ordered."""


ENTRIES = Choice(asked=Asked(give="entry"))
DRUGS_TAKEN = replace(ENTRIES, drugs=True)


def numbered(found: Found, choice: Choice) -> Found:
    """Keep the entries of the nth moment, or of so many first or last ones, where a number is said."""
    if choice.n is None:
        return found
    moments, n = _moments(found.entries), choice.n
    if choice.pick == "nth":
        wanted = moments[n - 1 :][:1] if n > 0 else moments[n:][:1] if -n <= len(moments) else []
    else:
        wanted = moments[:n] if choice.pick == "first" else moments[-n:]
    few = f"recorded {len(moments)} {'time' if len(moments) == 1 else 'times'} only"
    notes = () if len(moments) >= abs(n) else (few,)
    kept = tuple(entry for entry in found.entries if entry.start and entry.start.moment in wanted)
    return replace(found, entries=kept, notes=(*found.notes, *notes))


def picked(entries: tuple[Entry, ...], choice: Choice, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the entries that are meant; of those whose end is asked for, the ones that ended."""
    pick = choice.pick
    if pick == "most often":
        counts = Counter(entry.display.casefold() for entry in entries)
        most = max(counts.values(), default=0)
        return tuple(entry for entry in entries if counts[entry.display.casefold()] == most)
    if choice.asked.give in VALUES_OF_NONE:
        return entries
    if pick in ("longest", "shortest"):
        return _by_length(entries, pick, record)
    ended = tuple(e for e in entries if e.end) if choice.asked.give in OF_ENDS else ()
    return by_start(ended or entries, choice)


def by_start(entries: tuple[Entry, ...], choice: Choice) -> tuple[Entry, ...]:
    """Return the entries of the first or last moment; all of them where neither is asked for, or is settled already."""
    moments = _moments(entries)
    if choice.pick == "all" or choice.n is not None or not moments:
        return entries
    wanted = moments[0] if choice.pick == "first" else moments[-1]
    return tuple(entry for entry in entries if entry.start and entry.start.moment == wanted)


def _by_length(entries: Sequence[Entry], pick: Pick, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the entries that lasted longest or shortest, of those of which it is known how long."""
    lengths = [(lasted, entry) for entry in entries if (lasted := hours(entry, record)) is not None]
    best = (max if pick == "longest" else min)((lasted for lasted, _ in lengths), default=None)
    return tuple(entry for lasted, entry in lengths if lasted == best)


def hours(entry: Entry, record: PatientRecord) -> Decimal | None:
    """Return how many hours an entry lasted, by its days where no times are recorded; None if that is not known."""
    end = until_now(entry, record)
    if not entry.start or not end or ends_before_start(entry):
        return None
    exact = elapsed(entry.start, end, "hours")
    return Decimal(exact if exact is not None else (end.last - entry.start.first).days * 24)


def _moments(entries: Sequence[Entry]) -> list[datetime]:
    return sorted({entry.start.moment for entry in entries if entry.start})
