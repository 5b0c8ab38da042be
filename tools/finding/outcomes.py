"""Entries that are meant -> evidence: what they say, that there are none, or that they do not decide it.

Left out: which are meant (`picks`), numbers for each year or month (`counts`).
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tools.calls.evidence import Evidence, Fact, Scalar
from tools.calls.results import Item, Result
from tools.entries.entry import Entry
from tools.finding.aside import aside_fact
from tools.finding.cautions import cautions
from tools.finding.drugs import by_drug, drug_lines
from tools.finding.gives import (
    GROUPED,
    TRUTHS,
    TYPES,
    VALUES_OF_NONE,
    Asked,
    added_words,
    amount_of,
    carriers,
    distinct,
    values_of,
)
from tools.finding.lasting import goes_on
from tools.finding.matching import Found
from tools.finding.onsets import first_recorded
from tools.finding.picks import ENTRIES, Choice, picked
from tools.finding.windows import item_of
from tools.record import PatientRecord
from tools.wording.facts import LIMIT, cut, fact, grouped, head

NOT_SAID = "whether it goes on is not recorded"
"""Why it is open whether something is so now."""
_ONE_BY_ONE = 6
_OF_DRUGS = (*GROUPED, "count", "distinct")


def entries_found(blank: Evidence, record: PatientRecord, choice: Choice, found: Found) -> Evidence:
    """Return what the entries that are meant say; that they do not decide it where none of them can be chosen."""
    asked = choice.asked
    chosen = picked(found.entries, choice, record)
    if not chosen:
        return undecided(blank, record, found, *cautions(chosen, found, choice, record))
    values = _values(chosen, choice, record)
    total, facts = _facts(chosen, choice, record)
    references = tuple(dict.fromkeys([ref for entry in chosen for ref in carriers(asked, entry, record)]))
    return replace(
        blank,
        outcome="found" if values else "no value",
        values=values,
        unit=_unit(asked, chosen),
        facts=facts,
        total=total,
        references=references,
        notes=found.notes + cautions(chosen, found, choice, record),
        result=_result(choice, chosen, values, record, references),
    )


def none_recorded(
    blank: Evidence, record: PatientRecord, choice: Choice, found: Found, *why: str
) -> Evidence:
    """Return that there are none, with what is set aside or past, and why that does not count."""
    if _may_be_hidden(blank, record):
        return replace(blank, outcome="unreadable", notes=found.notes)
    facts = [*map(aside_fact, found.aside), *map(fact, found.entries)]
    values = () if choice.per else VALUES_OF_NONE.get(choice.asked.give, ())
    return replace(
        blank,
        values=values,
        facts=cut(facts),
        total=len(facts),
        references=tuple(entry.reference for entry in (*found.aside, *found.entries)),
        notes=(*found.notes, *why),
        result=_result(choice, (), values, record, ()),
    )


def _may_be_hidden(blank: Evidence, record: PatientRecord) -> bool:
    """Tell whether something of what was searched could not be read, so that there may be one after all."""
    return record.may_hide(*(cover.kind for cover in blank.coverage))


def undecided(blank: Evidence, record: PatientRecord, found: Found, *why: str) -> Evidence:
    """Return the entries that do not decide what was asked, and why."""
    told = replace(found, notes=(*found.notes, *why), unclear=())
    shown = entries_found(blank, record, ENTRIES, told)
    return replace(shown, outcome="no value", values=(), result=None)


def over(blank: Evidence, record: PatientRecord, found: Found) -> Evidence:
    """Return whether none of what was found goes on, with what does, else with all of it."""
    going = tuple(entry for entry in found.entries if goes_on(entry, record))
    if not going and _may_be_hidden(blank, record):
        return replace(blank, outcome="unreadable", notes=found.notes)
    return replace(
        entries_found(blank, record, ENTRIES, replace(found, entries=going or found.entries)),
        outcome="found",
        values=(not going,),
        result=Result(type="truth", truth=not going),
    )


def _values(chosen: Sequence[Entry], choice: Choice, record: PatientRecord) -> tuple[Scalar, ...]:
    asked = choice.asked
    if asked.give == "count":
        return (len(by_drug(chosen)) if choice.drugs else len(chosen),)
    if asked.give in ("exists", "absent"):
        return (asked.give == "exists",)
    if asked.give in ("entry", "distinct"):
        said = distinct([entry.display for entry in chosen if entry.display])
        return (len(said),) if asked.give == "distinct" else said
    values = [value for entry in chosen for value in values_of(asked, entry, record)]
    return tuple(values) if asked.give == "amount" else distinct(values)


def _facts(chosen: Sequence[Entry], choice: Choice, record: PatientRecord) -> tuple[int, tuple[Fact, ...]]:
    """Return how many lines there are, and those that fit a prompt."""
    asked = choice.asked
    if choice.drugs and asked.give in _OF_DRUGS:
        lines = drug_lines(chosen)
        return len(lines), cut(lines)
    by_name = asked.give in GROUPED or asked.attribute == "status"
    first = record.once(first_recorded)
    if asked.give == "distinct" or (by_name and len(chosen) > _ONE_BY_ONE):
        groups = grouped(chosen, first)
        return len(groups), head(groups)
    shown = chosen if len(chosen) <= LIMIT else (chosen[0], *chosen[-LIMIT:])  # as `cut` leaves them
    clocks = _clocks(shown) if asked.give != "time" else {}
    lines = [
        fact(
            entry,
            clocks.get(entry.reference, ""),
            first.get(entry.reference, ""),
            added_words(asked, entry, record),
        )
        for entry in shown
    ]
    return len(chosen), cut(lines)


def _clocks(chosen: Sequence[Entry]) -> dict[str, str]:
    """Return the time of day, in words, of those that share their day with another of another time."""
    times: dict[str, set[str]] = {}
    for entry in chosen:
        if entry.start:
            times.setdefault(entry.start.day, set()).add(entry.start.minute[11:])
    return {
        entry.reference: f"at {entry.start.minute[11:]}"
        for entry in chosen
        if entry.start and entry.start.clocked and len(times[entry.start.day]) > 1
    }


def _unit(asked: Asked, chosen: Sequence[Entry]) -> str:
    """Return the unit of the values; of amounts that of all of them, "" where they differ."""
    if asked.give == "amount":
        units = {amount.unit for entry in chosen if (amount := amount_of(asked, entry))}
        return units.pop() if len(units) == 1 else ""
    return {"duration": asked.unit or "days", "age": "years"}.get(asked.give, "")


def _result(
    choice: Choice,
    chosen: Sequence[Entry],
    values: tuple[Scalar, ...],
    record: PatientRecord,
    references: tuple[str, ...],
) -> Result:
    """Return what another call can build on: the entries that were picked, or the number or truth about them."""
    asked = choice.asked
    if asked.give in TRUTHS:
        return Result(type="truth", truth=bool(values[0]) if values else None)
    if asked.give in ("count", "distinct"):
        number = Decimal(str(values[0])) if values else None
        items = () if number is None else (Item(number=number, references=references),)
        return Result(type="numbers", items=items)
    return Result(
        type=TYPES[asked.give], items=tuple([i for entry in chosen for i in _items(asked, entry, record)])
    )


def _items(asked: Asked, entry: Entry, record: PatientRecord) -> list[Item]:
    whole = item_of(entry, record)
    if asked.give == "entry":
        return [whole]
    if asked.give in ("end", "end time"):
        return [replace(whole, start=entry.end, end=None, goes_on=False)]
    if asked.give in ("date", "time"):
        return [replace(whole, end=None, goes_on=False)]
    whole, found = replace(whole, references=carriers(asked, entry, record)), list[Item]()
    for value in values_of(asked, entry, record):
        number = None if isinstance(value, str | bool) else Decimal(value)
        name = str(value) if asked.give == "attribute" else entry.display
        unit = _unit(asked, (entry,)) if number is not None else ""
        found.append(replace(whole, name=name, number=number, unit=unit))
    return found
