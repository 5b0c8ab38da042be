"""A fact -> what else the record says of its entry, as far as reasoning needs it: why, how much, by whom, until when.

Answers for readers leave it out. Of several entries of one name it tells how the last stands. Left out: what the fact
says already; notes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tools.calls.evidence import Fact
from tools.concepts import link, mentions
from tools.entries.entry import Entry, Link, Quantity
from tools.finding.gives import diagnosed_in, visit_asked
from tools.measuring.analytes import substance_of
from tools.record import PatientRecord
from tools.units import converted, same_unit
from tools.wording.facts import fact, moment
from tools.wording.lines import asides, line_of
from tools.wording.words import called, in_words, linked_names, one_line, short_name, shown_name

_LONGEST = 80
"""Characters that one recorded text may take."""
_MOST = 2
"""Reasons, people and places that are named."""
_LASTING = ("Condition", "MedicationRequest", "MedicationStatement", "CarePlan")
_TIMES = re.compile(r", \d+ times, ")
"""The mark of a line of several entries of one name, of which the last tells how it stands, or its value."""
_AIM = re.compile(r"\s(?:[<>≤≥]=?\s*)?\d[\d.,/–-]*(?:\s*(?P<unit>[^\s\d<>]\S*))?")
"""The first number of a goal, with its unit."""


def with_more(told: Fact, record: PatientRecord) -> Fact:
    """Return a fact with what else the record says of its entry; as it is where it has that already."""
    entry = record.get(told.reference) if told.reference != record.reference else None
    tell = _BY_KIND.get(entry.kind) if entry else None
    if told.more or entry is None or tell is None:
        return told
    line, lead = line_of(entry), ""
    if line not in told.text:
        if not _TIMES.search(told.text) or not (said_of := _said_of(entry, line)):
            return told
        lead = f"the last {said_of}"
    said = dict.fromkeys(one_line(words, _LONGEST) for words in (lead, *tell(entry, record)) if words)
    return replace(told, more="; ".join(words for words in said if not _says(told.text, words)))


def _said_of(entry: Entry, line: str) -> str:
    """Return what the line of an entry says after its name: how it stands, or its value; "" of other kinds."""
    if entry.kind == "Observation":
        return line.removeprefix(called(entry)).lstrip(" :") if entry.value is not None else ""
    return line.partition(", ")[2] if entry.kind in _LASTING else ""


def _says(text: str, words: str) -> bool:
    """Tell whether a line says what stands after a label; a bare number may be part of a day."""
    value = words.rpartition(": ")[2]
    return value in text and not value.isdigit()


def latest_of_goals(goals: Iterable[Entry], record: PatientRecord) -> tuple[Fact, ...]:
    """Return the newest value of each test that goals aim at, where their texts name one that was measured."""
    newest = (_aimed_at(goal, record) for goal in goals)
    found = {entry.reference: entry for entry in newest if entry}
    return tuple(map(fact, found.values()))


def _aimed_at(goal: Entry, record: PatientRecord) -> Entry | None:
    """Return the newest measurement of what a goal aims at, in its unit if it has one; None if it names none."""
    texts = [text for label, text in goal.details if label == "target"] + [goal.display]
    for text in texts:
        aim = _AIM.search(text)
        found = _measured(text[: aim.start()], record) if aim else None
        if aim and found and _fits(aim["unit"], found):
            return found
    return None


def _measured(name: str, record: PatientRecord) -> Entry | None:
    """Return the newest measurement of what words name, or have among them."""
    readings = link(name.strip(" :"), record, ("Observation",))
    if not readings:
        named = next((each for each in mentions(name, record, ("Observation",)) if each.recorded), None)
        readings = link(named.text, record, ("Observation",)) if named else ()
    measured = [e for e in (readings[0].entries if readings else ()) if e.start and not e.void and _units(e)]
    return max(measured, key=moment, default=None)


def _fits(unit: str, measured: Entry) -> bool:
    return not unit or any(
        same_unit(unit, own) or converted(Decimal(1), unit, own, substance_of(measured)) is not None
        for own in _units(measured)
    )


def _units(measured: Entry) -> list[str]:
    return [e.value.unit for e in (measured, *measured.components) if isinstance(e.value, Quantity)]


def _drug(entry: Entry, record: PatientRecord) -> Iterator[str]:
    if entry.end is None and entry.kind in ("MedicationRequest", "MedicationStatement"):
        yield "no end recorded"
    yield from _labelled(entry, "starts", "supply", "stopped because", "dose", "route")
    yield from _why_and_who(entry, record)


def _condition(entry: Entry, record: PatientRecord) -> Iterator[str]:
    if entry.end is None and entry.status in ("resolved", "inactive", "remission"):
        yield "no end recorded"
    yield from _labelled(entry, "severity", "stage", "abated", "body site")


def _allergy(entry: Entry, record: PatientRecord) -> Iterator[str]:
    yield f"category: {', '.join(entry.category)}" if entry.category else ""
    yield from (said for said in _labelled(entry, "type") if not said.endswith("allergy"))
    yield from _labelled(entry, "reaction", "criticality", "last reaction")


def _goal(entry: Entry, record: PatientRecord) -> Iterator[str]:
    yield from _labelled(entry, "target", "achievement")
    yield _for(entry.reasons, record)


def _encounter(entry: Entry, record: PatientRecord) -> Iterator[str]:
    if entry.end is None:
        yield "no end recorded"
    yield _for(entry.reasons[1:], record) if entry.reasons else _diagnosed(entry, record)
    yield _some("at ", linked_names(entry.where, record))
    yield _some("with ", linked_names(entry.who, record))
    yield from _labelled(entry, "admitted from", "discharge", "service")


def _procedure(entry: Entry, record: PatientRecord) -> Iterator[str]:
    yield from _labelled(entry, "body site", "outcome", "complication")
    yield from _why_and_who(entry, record)


def _immunization(entry: Entry, record: PatientRecord) -> Iterator[str]:
    yield from _labelled(entry, "dose number", "series", "reaction")
    yield _for(entry.reasons, record)


def _observation(entry: Entry, record: PatientRecord) -> Iterator[str]:
    for part in entry.components:
        said = asides(part)
        yield f"{short_name(shown_name(part))}{said}" if said else ""


def _planned(entry: Entry, record: PatientRecord) -> Iterator[str]:
    yield from _why_and_who(entry, record)


_BY_KIND: Mapping[str, Callable[[Entry, PatientRecord], Iterator[str]]] = {
    **dict.fromkeys(
        ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration"), _drug
    ),
    "Condition": _condition,
    "AllergyIntolerance": _allergy,
    "Goal": _goal,
    "Encounter": _encounter,
    "Procedure": _procedure,
    "Immunization": _immunization,
    "Observation": _observation,
    "ServiceRequest": _planned,
    "CarePlan": _planned,
}


def _labelled(entry: Entry, *labels: str) -> Iterator[str]:
    for label, text in (*entry.details, *entry.counts):
        if label in labels:
            yield f"{label}: {text}"


def _why_and_who(entry: Entry, record: PatientRecord) -> Iterator[str]:
    """Yield what an entry was for and by whom: as it says itself, else as the visit says at which it was."""
    yield _for(entry.reasons, record)
    yield _some("by ", linked_names(entry.who, record))
    visits = {part: visit_asked(part, entry, record) for part in ("reason", "who")}
    why = _for(visits["reason"].reasons, record) if visits["reason"] else ""
    who = _some("with ", linked_names(visits["who"].who, record)) if visits["who"] else ""
    yield f"at a visit {' '.join(filter(None, (why, who)))}" if why or who else ""


def _for(reasons: Sequence[Link], record: PatientRecord) -> str:
    return _some("for ", linked_names(reasons, record))


def _diagnosed(encounter: Entry, record: PatientRecord) -> str:
    return _some("diagnosed: ", [entry.display for entry in diagnosed_in(encounter, record)])


def _some(before: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{before}{', '.join(map(in_words, names[:_MOST]))}{more}" if names else ""
