"""Entries found -> a number for each year or month."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tools.calls.evidence import Evidence, Fact
from tools.calls.results import Item, Result
from tools.entries.entry import Entry
from tools.entries.times import parse_when
from tools.finding.gives import Give
from tools.finding.matching import Found
from tools.finding.picks import Choice
from tools.record import PatientRecord
from tools.wording.facts import cut

_MOST_GROUPS = 24


def counted(blank: Evidence, record: PatientRecord, choice: Choice, found: Found) -> Evidence:
    """Return a number for each year or month, from the first to the last that has any, or those with the most."""
    groups: dict[str, list[Entry]] = {}
    size = 4 if choice.per == "year" else 7
    for entry in found.entries:
        if entry.start and len(entry.start.day) >= size:
            groups.setdefault(entry.start.day[:size], []).append(entry)
    undated = len(found.entries) - sum(map(len, groups.values()))
    notes = found.notes + ((f"{undated} without a {choice.per} could not be counted",) if undated else ())
    if not groups:
        return replace(blank, outcome="no value", notes=notes)
    counts = {
        name: _number(groups.get(name, ()), choice.asked.give) for name in _names(min(groups), max(groups))
    }
    if choice.pick == "most often":
        counts = {name: count for name, count in counts.items() if count == max(counts.values())}
    facts = [_line(name, count, groups.get(name, ()), record) for name, count in counts.items()]
    chosen = tuple(entry for name in counts for entry in groups.get(name, ()))
    return replace(
        blank,
        outcome="found",
        values=tuple(counts) if choice.pick == "most often" else tuple(counts.values()),
        facts=cut(facts, _MOST_GROUPS),
        total=len(facts),
        references=tuple(entry.reference for entry in chosen),
        notes=notes,
        result=Result(type="numbers", items=tuple(_of_group(*each, groups) for each in counts.items())),
    )


def _names(first: str, last: str) -> Iterator[str]:
    """Yield the years or months from the first to the last.

    >>> list(_names("2019-11", "2020-01")), list(_names("2019", "2020"))
    (['2019-11', '2019-12', '2020-01'], ['2019', '2020'])
    """
    name = first
    while name <= last:
        yield name
        year, month = int(name[:4]), name[5:]
        later = f"{year + 1:04}{'-01' if month else ''}"
        name = later if month in ("", "12") else f"{year:04}-{int(month) + 1:02}"


def _number(entries: Sequence[Entry], give: Give) -> int:
    return len({entry.display.casefold() for entry in entries}) if give == "distinct" else len(entries)


def _line(name: str, count: int, entries: Sequence[Entry], record: PatientRecord) -> Fact:
    newest = entries[-1] if entries else None
    return Fact(
        f"{name}: {count}",
        newest.reference if newest else record.reference,
        newest.display if newest else "",
        name,
    )


def _of_group(name: str, count: int, groups: dict[str, list[Entry]]) -> Item:
    references = tuple(entry.reference for entry in groups.get(name, ()))
    return Item(name=name, start=parse_when(name), number=Decimal(count), references=references)
