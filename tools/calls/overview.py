"""A record -> what it holds (the manifest), who the patient is clinically, or what a visit needs.

A summary repeats what is recorded, each line with its source. Left out: what is due, what it means, advice.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from tools.calls.evidence import Evidence, Fact
from tools.calls.profile import demographics_line
from tools.entries.entry import Entry
from tools.finding.gives import diagnosed_in, distinct
from tools.finding.key_results import is_abnormal, latest_results, latest_vitals
from tools.finding.lasting import is_active
from tools.finding.matching import is_denial, not_counted
from tools.record import PatientRecord
from tools.record.kinds import KINDS
from tools.wording.facts import clinical_rank, fact, moment
from tools.wording.words import one_line, shown_name

_NO_NAMES = frozenset({"Claim", "ExplanationOfBenefit", "SupplyDelivery"})
_SHORT = 26
_FAMILIAR = 3
"""How many names the manifest shows of each kind."""
_PROBLEMS, _MEDICATIONS, _ALLERGIES = 6, 5, 3
"""How many lines of each a summary shows; the others are counted."""
_TOLD = (
    *("Condition", "MedicationRequest", "AllergyIntolerance", "Observation"),
    *("Encounter", "Procedure", "Immunization"),
)
_NEWS = (
    ("New problem since then", "Condition"),
    ("Prescribed then or since", "MedicationRequest"),
    ("Done then or since", "Procedure"),
    ("Given then or since", "Immunization"),
)


def overview(record: PatientRecord, about: Literal["record", "patient", "visit"] = "record") -> Evidence:
    """What the record holds; a summary of the patient or for a visit.

    Args:
        record: the patient's record.
        about: "record" for kinds, counts, spans and main names; "patient" for problems, medications,
            allergies, visits, vital signs, results; "visit" for the last visit and what came after, too.

    Returns:
        Evidence; values are the kinds in the record, or the names of active problems and medications.
    """
    return _manifest(record) if about == "record" else _summary(record, about)


def _manifest(record: PatientRecord) -> Evidence:
    known = [name for names in KINDS.values() for name in names if record.holds(name)]
    kinds = [name for name in known if record.number(name)]
    facts = [_kind_line(name, record) for name in kinds]
    return Evidence(
        tool="overview",
        arguments={"about": "record"},
        outcome="found" if kinds else "unreadable" if known else "none recorded",
        about="the record",
        values=tuple(kinds),
        facts=tuple(facts),
        total=len(facts),
        references=(record.reference,),
        coverage=record.coverage(*(name for name in known if name not in _NO_NAMES)),
    )


def _kind_line(kind: str, record: PatientRecord) -> Fact:
    if kind in _NO_NAMES:
        return Fact(f"{kind}: {record.number(kind)}", record.reference)
    entries = record.entries(kind)
    days = [entry.start.day for entry in entries if entry.start]
    span = f" ({' to '.join(dict.fromkeys([days[0][:4], days[-1][:4]]))})" if days else ""
    names = ", ".join(_main_names(kind, record))
    return Fact(f"{kind}: {len(entries)}{span}" + (f", {names}" if names else ""), record.reference)


def _main_names(kind: str, record: PatientRecord) -> list[str]:
    terms = [term for term in record.terms(kind) if term.display]
    clinical = [term for term in terms if not clinical_rank(term.entries[-1])] or terms
    common = sorted(clinical, key=lambda term: -len(term.entries))[:_FAMILIAR]
    return [one_line(shown_name(term.entries[-1]), _SHORT) for term in common]


def _summary(record: PatientRecord, about: Literal["patient", "visit"]) -> Evidence:
    problems, medications, allergies = _active(record)
    lines = [demographics_line(record)]
    if about == "visit":
        lines += _since_last_visit(record)
    lines += _section("Problem", problems, _PROBLEMS) + _section("Medication", medications, _MEDICATIONS)
    lines += _section("Allergy", allergies, _ALLERGIES)
    if about == "patient":
        lines += _section("Last visit", _newest(record, "Encounter"), 1)
    lines += _section("Vital sign", _brief(latest_vitals(record)), 3)
    lines += _section("Result", _brief(latest_results(record)), 4)
    if about == "patient":
        lines += _section("Last procedure", _newest(record, "Procedure"), 1)
        lines += _section("Last immunization", _newest(record, "Immunization"), 1)
    told = [entry for entry in (*problems, *medications, *allergies) if not is_denial(entry)]
    return Evidence(
        tool="overview",
        arguments={"about": about},
        outcome="found",
        about=record.patient.name,
        values=distinct(entry.display for entry in told if entry.display),
        facts=tuple(lines),
        total=len(lines),
        references=tuple(dict.fromkeys(line.reference for line in lines)),
        coverage=record.coverage(*_TOLD),
        notes=_left_out(problems, medications, allergies) + _not_there(record, allergies),
    )


def _active(record: PatientRecord) -> tuple[list[Entry], list[Entry], list[Entry]]:
    problems = [entry for entry in _newest(record, "Condition") if is_active(entry)]
    drugs = "MedicationRequest" if record.counts.get("MedicationRequest") else "MedicationStatement"
    medications = [entry for entry in _newest(record, drugs) if is_active(entry)]
    allergies = [
        entry for entry in _newest(record, "AllergyIntolerance") if entry.status not in ("resolved",)
    ]
    return sorted(_once(problems), key=clinical_rank), _once(medications), _once(allergies)


def _newest(record: PatientRecord, kind: str) -> list[Entry]:
    return list(reversed(record.entries(kind)))


def _once(entries: list[Entry]) -> list[Entry]:
    newest: dict[str, Entry] = {}
    for entry in entries:
        newest.setdefault(shown_name(entry).casefold(), entry)
    return list(newest.values())


def _section(label: str, entries: Sequence[Entry], most: int) -> list[Fact]:
    lines = map(fact, entries[:most])
    return [replace(line, text=f"{label}: {line.text}") for line in lines]


def _brief(entries: list[Entry]) -> list[Entry]:
    return [
        replace(e, range=None, interpretation=e.interpretation if is_abnormal(e) else ()) for e in entries
    ]


def _since_last_visit(record: PatientRecord) -> list[Fact]:
    visits = [entry for entry in record.entries("Encounter") if entry.start]
    if not visits:
        return []
    last = visits[-1]
    found = _section("Diagnosed at the last visit", diagnosed_in(last, record), 3)
    for label, kind in _NEWS:
        since = [e for e in _newest(record, kind) if e.start and moment(e) >= moment(last)]
        found += _section(
            label, [e for e in since if e.encounter != last.reference or kind != "Condition"], 3
        )
    return _section("Last visit", [last], 1) + found


def _left_out(*groups: list[Entry]) -> tuple[str, ...]:
    labels = (
        ("active problems", _PROBLEMS),
        ("current medications", _MEDICATIONS),
        ("allergies", _ALLERGIES),
    )
    counted = zip(labels, groups, strict=True)
    return tuple(
        f"{len(group)} {label}, {most} shown" for (label, most), group in counted if len(group) > most
    )


def _not_there(record: PatientRecord, allergies: Sequence[Entry]) -> tuple[str, ...]:
    """Say that there are no allergies, or that they cannot be read, and what does not count."""
    unread = record.unread("AllergyIntolerance")
    why = "were left out" if record.left_out("AllergyIntolerance") else "could not be read"
    none = f"allergies {why}" if unread else "no allergies are recorded"
    aside = not_counted(record, ("Condition", "MedicationRequest", "AllergyIntolerance"), None)
    return (*(() if allergies else (none,)), *aside)
