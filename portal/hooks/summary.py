"""A record -> what a card says of it, computed by the tools: every number and name is one of their evidence.

What could not be read is said; where nothing is recorded and everything was read, there is nothing to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.hooks.markdown import plain
from portal.hooks.wanted import NAMES
from tools.calls.catalogue import Call
from tools.calls.program import run
from tools.record import PatientRecord

LONGEST = 139
"""Characters of a card's summary."""
_SHOWN = 6
"""Lines of one list; of the rest the number is told."""
_JUDGED = 40
"""Names whose last result is looked at."""
_SEXES = ("female", "male", "other")


@dataclass(frozen=True, slots=True)
class Said:
    """One part of a card.

    Attributes:
        short: for the summary, "" if nothing.
        title: what it is about.
        lines: of it, as recorded.
        more: lines that are not shown.
    """

    short: str
    title: str
    lines: tuple[str, ...] = ()
    more: int = 0

    def markdown(self) -> str:
        """Return it as a paragraph and a list."""
        bullets = [f"- {plain(line)}" for line in self.lines]
        bullets += [f"- and {self.more} more"] if self.more else []
        return "\n".join([f"**{self.title}**", *(["", *bullets] if bullets else [])])


@dataclass(frozen=True, slots=True)
class Summary:
    """A record in short, and in a few lines of markdown."""

    short: str
    detail: str


def sum_up(record: PatientRecord, since: date, origin: str) -> Summary | None:
    """Return what there is to say of a record; None if there is nothing.

    Args:
        record: the patient's.
        since: first day of results and visits.
        origin: where the record came from.
    """
    lists = [
        _listed(record, "condition", "active condition", "active conditions"),
        _listed(record, "medication", "current medication", "current medications"),
        _listed(record, "allergy", "allergy", "allergies"),
        _results(record, since),
        _visit(record, since),
    ]
    unread = _unread(record)
    if not any(said.lines for said in lists) and not unread:
        return None
    age, sex = _age(record), _sex(record)
    who = Said(", ".join(filter(None, (age[0], sex))), "Patient", tuple(filter(None, (age[1], sex))))
    shorts = [said.short for said in (who, *lists) if said.short]
    short = f"Record: {', '.join(shorts)}{' (not all could be read)' if unread else ''}"
    parts = [said.markdown() for said in (who, *lists)]
    if unread:
        parts.append(Said("", "Could not be read", unread).markdown())
    parts.append(f"As of {record.now.isoformat()}, computed from {origin}. Recorded facts only, no advice.")
    return Summary(short[:LONGEST], "\n\n".join(parts))


def _age(record: PatientRecord) -> tuple[str, str]:
    """Return the age, or that at death, in short and in words."""
    age, dead = (run(Call("profile", {"about": about}), record) for about in ("age", "deceased"))
    died = True in dead.values
    if not age.values or not age.facts:
        return ("died", dead.facts[0].text) if died and dead.facts else ("", "")
    years = age.values[0]
    return f"died at the age of {years}" if died else f"{years} years old", age.facts[0].text


def _sex(record: PatientRecord) -> str:
    """Return the recorded gender, if it is one of FHIR's codes."""
    values = run(Call("profile", {"about": "gender"}), record).values
    return str(values[0]) if values and values[0] in _SEXES else ""


def _listed(record: PatientRecord, kind: str, one: str, many: str) -> Said:
    """Return what is active of a kind, by its names."""
    found = run(Call("find", {"kind": kind, "status": "active", "give": "distinct"}), record)
    noted = (*(fact.text for fact in found.against), *found.notes) if kind == "medication" else ()
    beside = tuple(note[:1].upper() + note[1:] for note in noted)
    if found.outcome == "none recorded":
        lines = tuple(fact.text for fact in found.facts[:_SHOWN])
        at_death = kind == "medication" and record.dead and lines
        return Said(
            "",
            f"{many[:1].upper()}{many[1:]} at death" if at_death else f"No {one} recorded",
            (*lines, *beside),
        )
    if found.outcome != "found":
        return Said("", _unreadable(many))
    number = int(str(found.values[0]))
    counted = f"{number} {one if number == 1 else many}"
    shown = tuple(fact.text for fact in found.facts[:_SHOWN])
    return Said(counted, counted, (*shown, *beside), found.total - len(shown))


def _unreadable(what: str) -> str:
    return f"{what[:1].upper()}{what[1:]}: could not be read"


def _results(record: PatientRecord, since: date) -> Said:
    """Return the laboratory results whose latest value the record calls abnormal."""
    asked = {"kind": "observation", "category": "laboratory", "period": f"since {since.isoformat()}"}
    taken = run(Call("find", {**asked, "give": "distinct"}), record)
    if taken.outcome == "unreadable":
        return Said("", _unreadable("laboratory results"))
    tests = int(str(taken.values[0])) if taken.values else 0
    names = run(Call("find", {**asked, "status": "out of range"}), record).values
    lines = [line for name in names[:_JUDGED] if (line := _out_of_range(record, str(name), since))]
    of = f"of {tests} laboratory tests since {since.isoformat()}"
    if not lines and record.problems.get("Observation"):
        return Said("", _unreadable("laboratory results out of range"))
    if not lines:
        return Said(
            "", f"No result out of range {of}" if tests else f"No laboratory result since {since.isoformat()}"
        )
    unjudged = max(0, len(names) - _JUDGED)
    counted = f"{len(lines)}{' or more' if unjudged else ''} {'result' if len(lines) == 1 else 'results'} out of range"
    shown = tuple(lines[:_SHOWN])
    return Said(counted, f"{counted} {of}, at the latest measurement", shown, len(lines) - len(shown))


def _out_of_range(record: PatientRecord, name: str, since: date) -> str:
    """Return the last result of a test if the record calls it abnormal, else ""."""
    call = {"concept": name, "period": f"since {since.isoformat()}", "pick": "last"}
    found = run(Call("measure", {**call, "test": "out of range", "how": "all"}), record)
    return found.facts[0].text if True in found.values and found.facts else ""


def _visit(record: PatientRecord, since: date) -> Said:
    asked = {"kind": "encounter", "pick": "last", "period": f"since {since.isoformat()}"}
    found = run(Call("find", asked), record)
    if found.outcome == "none recorded":
        return Said("", f"No visit since {since.isoformat()}")
    if found.outcome == "unreadable":
        return Said("", _unreadable("latest visit"))
    return Said("", "Latest visit", tuple(fact.text for fact in found.facts[:1]))


def _unread(record: PatientRecord) -> tuple[str, ...]:
    """Return what could not be read of the kinds that a card tells of."""
    problems = record.problems
    lines = [f"{name}: {problem}" for kind, name in NAMES.items() for problem in problems.get(kind, ())]
    return (*lines, *_whole_record(problems.get("", ())))


def _whole_record(problems: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"the record: {problem}" for problem in problems)
