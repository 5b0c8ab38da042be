"""Entries that are meant -> what the record does not say of them, where it was asked for."""

from collections.abc import Sequence

from tools.entries.entry import Entry
from tools.finding.gives import OF_ENDS, Asked, Give, values_of
from tools.finding.matching import Found
from tools.finding.picks import Choice, by_start, hours
from tools.record import PatientRecord
from tools.wording.words import one_line

_RECKONED = ("age", "duration")
_REACTION = frozenset({"reaction", "severity", "criticality"})


def cautions(chosen: Sequence[Entry], found: Found, choice: Choice, record: PatientRecord) -> tuple[str, ...]:
    """Return what must be said of the entries that were chosen of those found."""
    asked = choice.asked
    return (
        *(_without_end(found, choice) if asked.give in OF_ENDS else ()),
        *(_not_compared(found, choice, record) if choice.pick != "all" else ()),
        *(_vague(chosen, asked, record) if asked.unit or asked.give in _RECKONED else ()),
        *(_silent(chosen, asked, record) if asked.give in ("attribute", "amount") else ()),
        *(_may_belong(found.unclear) if found.unclear else ()),
    )


def _without_end(found: Found, choice: Choice) -> list[str]:
    """Return how many of those whose end is asked for have none; of one its status."""
    endless = [entry for entry in by_start(found.entries, choice) if not entry.end]
    if len(endless) != 1:
        return [f"{len(endless)} have no recorded end"] if endless else []
    day = f" from {endless[0].start.day}" if endless[0].start else ""
    status = f": it is {endless[0].status}" if endless[0].status else ""
    return [f"one{day} has no recorded end{status}"]


def _not_compared(found: Found, choice: Choice, record: PatientRecord) -> list[str]:
    """Return how many could not be compared by their length, or ordered by their date."""
    if choice.pick in ("longest", "shortest"):
        unknown = sum(1 for entry in found.entries if hours(entry, record) is None)
        return [f"{unknown} without an end could not be compared"] if unknown else []
    undated = sum(1 for entry in found.entries if entry.start is None)
    return [f"{undated} without a date could not be ordered"] if undated else []


def _vague(chosen: Sequence[Entry], asked: Asked, record: PatientRecord) -> list[str]:
    """Return which times are less exact than what is reckoned with them, and which lengths are not known."""
    notes = list[str]()
    if asked.give in _RECKONED:
        notes += _partial(chosen, asked.give, record)
    if asked.give == "duration" and len(chosen) > 1:
        endless = sum(1 for entry in chosen if not values_of(asked, entry, record))
        notes += [f"{endless} of unknown length left out"] if endless else []
    if asked.unit in ("minutes", "hours") and any(e.start and not e.start.clocked for e in chosen):
        notes.append("only days are recorded, no times of day")
    return notes


def _partial(chosen: Sequence[Entry], give: Give, record: PatientRecord) -> list[str]:
    """Return which dates that are counted from or to are only a month or year."""
    births = [record.patient.birth] if give == "age" else []
    ends = [entry.end for entry in chosen] if give == "duration" else []
    dates = {"birth": births, "start": [entry.start for entry in chosen], "end": ends}
    vague = {
        name: [when.day for when in known if when and when.first != when.last]
        for name, known in dates.items()
    }
    return [f"the {name} is recorded only as {days[0]}" for name, days in vague.items() if days]


def _silent(chosen: Sequence[Entry], asked: Asked, record: PatientRecord) -> list[str]:
    """Return of what was asked for that the record does not tell it, or that it is not known."""
    part, notes = asked.attribute, list[str]()
    if part == "detail" and chosen and all(map(_without_reaction, chosen)):
        notes.append("reaction and severity are not recorded")
    if asked.give == "amount" and (n := sum(1 for entry in chosen if not values_of(asked, entry, record))):
        notes.append(f"{n} of {len(chosen)} do not say the {asked.amount} as one number")
    why = {entry.detail(f"{part} not known") for entry in chosen} - {""} if part else set[str]()
    return [*notes, f"{part}: not known, the record says ({', '.join(sorted(why))})"] if why else notes


def _may_belong(unclear: Sequence[Entry]) -> list[str]:
    names = ", ".join(dict.fromkeys(one_line(entry.display) for entry in unclear[:3]))
    return [f"{len(unclear)} more may belong, which the record does not say: {names}"]


def _without_reaction(entry: Entry) -> bool:
    return entry.kind == "AllergyIntolerance" and _REACTION.isdisjoint(label for label, _ in entry.details)
