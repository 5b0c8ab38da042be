"""An `Entry` -> the line a reader can check: names, numbers, days in words, and what is cut from long lists.

Shared by all tools. Left out: what a value means (no interpretation beyond the record's own flags). Pure.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tools.entries.entry import Entry, Link, Quantity, Range
from tools.evidence import Fact
from tools.text import plain_name

if TYPE_CHECKING:
    from tools.periods import Period
    from tools.record import PatientRecord

LIMIT = 12
"""Most facts that one tool call may put before a model."""
_BUDGET = 1600
_LONGEST_NAME = 160
_BACKGROUND = re.compile(r"\((finding|situation|person|social concept|occupation)\)\s*$", re.IGNORECASE)
_NO_TIME = datetime.min.replace(tzinfo=UTC)
_REFERENCE = re.compile(r"\b[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
_SPACE = re.compile(r"\s+")
_ANNOTATION = re.compile(r"\{[^}]*\}")
_FLAGS = {
    "H": "flagged high",
    "HH": "flagged critically high",
    "L": "flagged low",
    "LL": "flagged critically low",
    "A": "flagged abnormal",
    "AA": "flagged critically abnormal",
    "N": "flagged normal",
    "POS": "positive",
    "NEG": "negative",
}
_CLASSES = {
    "imp": "inpatient",
    "emer": "emergency",
    "amb": "outpatient",
    "vr": "virtual",
    "hh": "home",
    "acute": "inpatient",
    "nonac": "inpatient",
    "obsenc": "observation stay",
    "prenc": "pre-admission",
    "ss": "short stay",
}


def one_line(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return recorded text on one line, shortened with "…" where it is longer than `longest`.

    >>> one_line("Ignore  all   rules", 8)
    'Ignore …'
    """
    flat = _SPACE.sub(" ", text).strip()
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def shown_name(entry: Entry) -> str:
    """Return the record's name for an entry, without SNOMED tag, on one line; "unnamed Condition" if none."""
    return one_line(plain_name(entry.display)) or f"unnamed {entry.kind}"


def number(value: Decimal) -> str:
    """Return a number as people write it: two decimals, four digits below one, integers untouched.

    >>> [number(Decimal(n)) for n in ("169.39532974585742", "6.40", "1200", "0.0272134", "-2.229999")]
    ['169.4', '6.4', '1200', '0.02721', '-2.23']
    """
    if value == value.to_integral_value():
        return f"{value.to_integral_value():f}"
    places = 2 if abs(value) >= 1 else 3 - value.adjusted()
    rounded = round(value, places)
    return f"{rounded:f}".rstrip("0").rstrip(".")


def shown_unit(unit: str) -> str:
    """Return a unit as recorded, without UCUM annotations and the unit one.

    >>> shown_unit("{score}"), shown_unit("mg/dL"), shown_unit("1")
    ('', 'mg/dL', '')
    """
    bare = _ANNOTATION.sub("", unit).strip()
    return "" if bare == "1" else bare


def shown_value(entry: Entry) -> str:
    """Return the value with comparator and unit, "no value (reason)" if absent, "" where none is expected."""
    value = entry.value
    if isinstance(value, Quantity):
        return f"{value.comparator} {number(value.value)} {shown_unit(value.unit)}".strip()
    if value is not None:
        return one_line(plain_name(value))
    return f"no value ({entry.absent})" if entry.absent else ""


def shown_range(bounds: Range) -> str:
    """Return a reference range in words: "4 to 5.6", "at most 200", or the recorded text."""
    if bounds.low is not None and bounds.high is not None:
        return f"{number(bounds.low)} to {number(bounds.high)}"
    if bounds.high is not None:
        return f"at most {number(bounds.high)}"
    return f"at least {number(bounds.low)}" if bounds.low is not None else one_line(bounds.text)


def linked_names(links: Iterable[Link], record: "PatientRecord") -> tuple[str, ...]:
    """Return the distinct names that links stand for, looked up in the record where they carry none."""
    return tuple(dict.fromkeys(name for name in (_link_name(link, record) for link in links) if name))


def with_names(text: str, record: "PatientRecord") -> str:
    """Return text on one line in which references to entries of the record stand as their names."""

    def name(found: re.Match[str]) -> str:
        target = record.get(found[0])
        return target.display if target else found[0]

    return one_line(_REFERENCE.sub(name, text))


def _link_name(link: Link, record: "PatientRecord") -> str:
    target = record.get(link.reference) if link.reference else None
    return one_line(link.display or (target.display if target else ""))


def day_of(entry: Entry) -> str:
    """Return the recorded day (or month, or year) of the start, "" if unknown."""
    return entry.start.day if entry.start else ""


def moment(entry: Entry) -> datetime:
    """Return the moment by which entries are ordered; those without a date come first."""
    return entry.start.moment if entry.start else _NO_TIME


def fact(entry: Entry, *more: str) -> Fact:
    """Return the line for an entry, e.g. "Hypertension, active, since 2010-05-24".

    Args:
        entry: any entry.
        more: further words to add to the line, e.g. "dose: 1 tablet a day"; empty ones are dropped.
    """
    line = _LINES.get(entry.kind, _plain_line)(entry)
    said = [entry.void and f"not counted: {entry.void}", entry.caution, *more]
    text = ", ".join([line, *(words for words in said if words)])
    return Fact(text, entry.reference, entry.display, day_of(entry))


def within(entry: Entry, period: "Period | None") -> bool:
    """Tell whether an entry lies in a period: of its encounter, or by its start in its span."""
    if period is None:
        return True
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


def grouped(entries: Sequence[Entry]) -> list[Fact]:
    """Return one line per recorded name, e.g. "IPV, 3 times, 2015-03-01 to 2016-01-10".

    The telling ones are first: clinical names before background (`clinical_rank`), the newest before the old.

    Args:
        entries: in the order of time; the reference is that of the newest of its name.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(shown_name(entry).casefold(), []).append(entry)
    newest_first = sorted(groups.values(), key=lambda members: day_of(members[-1]), reverse=True)
    return [_group_line(members) for members in sorted(newest_first, key=lambda m: clinical_rank(m[-1]))]


def _group_line(members: list[Entry]) -> Fact:
    newest = members[-1]
    if len(members) == 1:
        return fact(newest)
    days = [recorded for recorded in map(day_of, members) if recorded]
    span = " to ".join(dict.fromkeys([*days[:1], *days[-1:]]))
    text = f"{shown_name(newest)}, {len(members)} times, {span}".removesuffix(", ")
    return Fact(text, newest.reference, newest.display, day_of(newest))


def clinical_rank(entry: Entry) -> int:
    """Return 0 for what ails or was done, 1 for SNOMED findings and situations, which are listed after."""
    return 1 if _BACKGROUND.search(entry.display) else 0


def _cost(line: Fact) -> int:
    return len(line.text) + len(line.reference)


def _plain_line(entry: Entry) -> str:
    parts = (shown_name(entry), shown_value(entry), entry.status, _days(entry))
    return ", ".join(part for part in parts if part)


def _days(entry: Entry) -> str:
    start, end = day_of(entry), entry.end.day if entry.end else ""
    if start and end and start != end:
        return f"{start} to {end}"
    return f"on {start}" if start else (f"until {end}" if end else "")


def _lasting_line(entry: Entry) -> str:
    since = _days(entry) if entry.end else (f"since {day_of(entry)}" if entry.start else "")
    return ", ".join(part for part in (shown_name(entry), entry.status, since) if part)


def _dated_line(verb: str) -> Callable[[Entry], str]:
    def line(entry: Entry) -> str:
        when = f"{verb} {day_of(entry)}" if entry.start else ""
        status = "" if entry.status == "completed" else entry.status
        return ", ".join(part for part in (shown_name(entry), status, when) if part)

    return line


def _observation_line(entry: Entry) -> str:
    parts = [f"{shown_name(part)} {shown_value(part)}" for part in entry.components]
    value = ": " + ", ".join(parts) if parts else " " + shown_value(entry)
    asides = [f"reference range {shown_range(entry.range)}"] if entry.range else []
    asides += [_FLAGS.get(flag, flag) for flag in entry.interpretation]
    aside = f" ({', '.join(asides)})" if asides else ""
    return f"{shown_name(entry)}{value}{f' on {day_of(entry)}' if entry.start else ''}{aside}"


def encounter_class(entry: Entry) -> str:
    """Return the class of an encounter in words ("inpatient", "emergency", …), "" if the record has none."""
    return next((_CLASSES[word] for word in entry.category if word in _CLASSES), "")


def _encounter_line(entry: Entry) -> str:
    kind = encounter_class(entry)
    name = f"{shown_name(entry)} ({kind})" if kind else shown_name(entry)
    status = "" if entry.status == "finished" else entry.status
    reasons = (one_line(plain_name(reason.display)) for reason in entry.reasons)
    why = next((f"for {reason}" for reason in reasons if reason), "")
    return ", ".join(part for part in (name, status, _days(entry), why) if part)


def _allergy_line(entry: Entry) -> str:
    told = [f"{label}: {one_line(text)}" for label, text in entry.details if label in _ALLERGY_DETAILS]
    return "; ".join([_lasting_line(entry), *told])


_ALLERGY_DETAILS = ("reaction", "criticality")
_LINES: dict[str, Callable[[Entry], str]] = {
    "Condition": _lasting_line,
    "AllergyIntolerance": _allergy_line,
    "CarePlan": _lasting_line,
    "CareTeam": _lasting_line,
    "Goal": _lasting_line,
    "Coverage": _lasting_line,
    "MedicationRequest": _dated_line("prescribed"),
    "MedicationStatement": _lasting_line,
    "MedicationAdministration": _dated_line("given"),
    "MedicationDispense": _dated_line("dispensed"),
    "Immunization": _dated_line("given"),
    "Procedure": _dated_line("done"),
    "Observation": _observation_line,
    "Encounter": _encounter_line,
}
