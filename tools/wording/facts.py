"""An `Entry` -> the fact a reader can check, and what is cut from long lists of facts.

Shared by all tools; the words themselves are in `wording` and `lines`. Left out: what a value means. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tools.calls.evidence import Fact
from tools.entries.entry import Entry
from tools.wording.lines import line_of
from tools.wording.words import called_times, day_of, name_of

if TYPE_CHECKING:
    from tools.periods import Period
    from tools.record import PatientRecord

LIMIT = 12
"""Most facts that one tool call may put before a model."""
_BUDGET = 1600
_BACKGROUND = re.compile(r"\((finding|situation|person|social concept|occupation)\)\s*$", re.IGNORECASE)
_NO_TIME = datetime.min.replace(tzinfo=UTC)


def moment(entry: Entry) -> datetime:
    """Return the moment by which entries are ordered; those without a date come first."""
    return entry.start.moment if entry.start else _NO_TIME


def fact(entry: Entry, *more: str) -> Fact:
    """Return the line for an entry, e.g. "Hypertension, active, since 2010-05-24".

    Args:
        entry: any entry.
        more: further words to add to the line, e.g. "dose: 1 tablet a day"; empty ones are dropped.
    """
    line = line_of(entry)
    aside = entry.void and not entry.sense  # else its name says why
    caution = "" if f", {entry.caution}," in f"{line}," else entry.caution  # the line says its status
    said = [f"not counted: {entry.void}" if aside else "", caution, *more]
    text = ", ".join([line, *filter(None, said)])
    return Fact(text, entry.reference, entry.display, day_of(entry))


def within(entry: Entry, period: "Period | None") -> bool:
    """Tell whether an entry lies in a period: of its report or encounter, or by its start in its span."""
    if period is None:
        return True
    if period.results is not None:
        return entry.reference in period.results
    if period.encounter:
        return period.encounter in (entry.encounter, entry.reference)
    return period.span.holds(entry.start)


def cut(facts: Sequence[Fact], limit: int = LIMIT) -> tuple[Fact, ...]:
    """Return at most `limit` facts that fit a prompt: all in order, or the first, then the newest.

    Args:
        facts: in the order of time.
        limit: most facts to keep; long lines make it fewer, but never none.
    """
    if len(facts) <= limit and sum(map(_cost, facts)) <= _BUDGET:
        return tuple(facts)
    return head((facts[0], *reversed(facts[1:])), limit)


def head(facts: Iterable[Fact], limit: int = LIMIT) -> tuple[Fact, ...]:
    """Return the first facts, the telling ones before the others, as far as they fit a prompt."""
    kept: list[Fact] = []
    spent = 0
    for telling in facts:
        spent += _cost(telling)
        if len(kept) == limit or (kept and spent > _BUDGET):
            break
        kept.append(telling)
    return tuple(kept)


def grouped(entries: Sequence[Entry], more: Mapping[str, str] | None = None) -> list[Fact]:
    """Return one line per recorded name, e.g. "IPV, 3 times, 2015-03-01 to 2016-01-10".

    The telling ones are first: clinical names before background (`clinical_rank`), the newest before the old.

    Args:
        entries: in the order of time; the reference is that of the newest of its name.
        more: further words, by reference, for the line of an entry that is alone of its name.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(name_of(entry.display, entry.kind).casefold(), []).append(entry)
    ordered = sorted(groups.values(), key=lambda m: (-clinical_rank(m[-1]), day_of(m[-1])), reverse=True)
    return [_group_line(members, more or {}) for members in ordered]


def _group_line(members: list[Entry], more: Mapping[str, str]) -> Fact:
    newest = members[-1]
    if len(members) == 1:
        return fact(newest, more.get(newest.reference, ""))
    starts = [entry.start for entry in members if entry.start]
    span = " to ".join(dict.fromkeys([start.day for start in (*starts[:1], *starts[-1:])]))
    text = f"{called_times(newest, len(members))}, {span}".removesuffix(", ")
    return Fact(text, newest.reference, newest.display, day_of(newest))


def clinical_rank(entry: Entry) -> int:
    """Return 0 for what ails or was done, 1 for SNOMED findings and situations, which are listed after."""
    return 1 if _BACKGROUND.search(entry.display) else 0


def _cost(line: Fact) -> int:
    return len(line.text) + len(line.reference)


def insurer(entry: Entry, record: "PatientRecord") -> str:
    """Return the name of the insurer of a claim, else of the insurance it names; "" if it names neither."""
    said = entry.detail("insurer") or entry.detail("insurance")
    target = record.get(said) if "/" in said else None
    return target.display if target else said
