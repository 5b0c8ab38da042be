"""A record and a day -> what is new, changed and ended since then, or until another day.

A drug is new where it was not prescribed before, and a test is told with what it was before. Left out: what it means.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tools.calls.errors import BadArgument
from tools.calls.evidence import Evidence
from tools.entries.entry import Entry
from tools.entries.times import Span, parse_when
from tools.finding.key_results import is_abnormal, latest_vitals
from tools.finding.lasting import ACTIVE, is_current
from tools.finding.matching import undated
from tools.periods import Period, resolve
from tools.record import PatientRecord
from tools.summaries.sections import Section, brief, newest, once, prescriptions, summary, visits
from tools.wording.facts import clinical_rank
from tools.wording.lines import encounter_class
from tools.wording.text import normal
from tools.wording.words import one_line

_KINDS = (
    *("Condition", "MedicationRequest", "AllergyIntolerance", "Procedure"),
    *("Immunization", "Encounter", "Observation"),
)


def changes(record: PatientRecord, since: str) -> Evidence:
    """Return what is new, changed and ended since a day, or between two; "none recorded" where nothing is.

    Args:
        record: the patient's record.
        since: an ISO day or words, "2020-03-01", "since the last visit", "from 2020-03-01 to 2021-02-03"; what is named
            is included.

    Raises:
        BadArgument: the words are not understood.
    """
    drugs = prescriptions(record)
    kinds = tuple(drugs if kind == "MedicationRequest" else kind for kind in _KINDS)
    period = _since(since, record)
    if period is None:
        blank = summary(record, "what is new", (), kinds)
        return undated(blank, record, f'the record has no such event: "{one_line(since)}"')
    span = Span(period.span.first, None)
    record = record.as_of(min(period.span.last or record.now, record.now))

    def began(kind: str) -> list[Entry]:
        return [entry for entry in newest(record, kind) if entry.start and span.holds(entry.start)]

    started, renewed = _by_name(began(drugs), record.entries(drugs))
    vitals, earlier = _vitals(record, span)
    sections = (
        Section("New problem", once(sorted(began("Condition"), key=_problem_rank)), 5, "new problems"),
        Section("Resolved problem", _resolved(record, span), 3, "older problems resolved"),
        Section("Started drug", started, 5, "started drugs"),
        Section("Stopped drug", _stopped(record, drugs, span), 3, "stopped drugs"),
        Section("New allergy", began("AllergyIntolerance"), 3, "new allergies"),
        Section("Visit", _visits(record, span), 3, "visits"),
        Section("Procedure", once(began("Procedure")), 3, "different procedures"),
        Section("Immunization", once(began("Immunization")), 2, "different immunizations"),
        Section(
            "Abnormal result", brief(once(filter(is_abnormal, began("Observation")))), 4, "abnormal results"
        ),
        Section("Vital sign", brief(vitals), 3),
        Section("Vital sign before", brief(earlier), 3),
    )
    found = summary(record, "what is new", sections, kinds)
    news = [entry for section in sections[:9] for entry in section.entries]
    again = (f"drugs of before prescribed again: {len(renewed)}",) if renewed else ()
    return replace(
        found,
        outcome=found.outcome if news or not any(map(record.unread, kinds)) else "unreadable",
        period=period.label,
        values=tuple(dict.fromkeys(entry.display for entry in news if entry.display)),
        notes=(*found.notes, *again, *_without_a_day(record, drugs)),
    )


def _since(words: str, record: PatientRecord) -> Period | None:
    """Return the period from the day or event that words name, with or without "since" before them."""
    bare = words.strip().removeprefix("since ").strip()
    if when := parse_when(bare):
        return Period(Span(when.first, None), f"since {when.day}")
    try:
        return resolve(f"since {bare}", record)
    except BadArgument:
        return resolve(bare, record)


def _by_name(began: Sequence[Entry], every: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return of drugs that were prescribed those that are new, and those that had been prescribed before."""
    now = {entry.reference for entry in began}
    before = {normal(entry.display) for entry in every if entry.reference not in now}
    return _parted(once(began), lambda entry: normal(entry.display) not in before)


def _parted(entries: Sequence[Entry], test: Callable[[Entry], bool]) -> tuple[list[Entry], list[Entry]]:
    return [entry for entry in entries if test(entry)], [entry for entry in entries if not test(entry)]


def _problem_rank(problem: Entry) -> tuple[int, bool]:
    return clinical_rank(problem), problem.status not in ACTIVE


def _resolved(record: PatientRecord, span: Span) -> list[Entry]:
    """Return the problems of before that ended since; those that began since too are among the new ones."""
    older = [e for e in _ended(record, "Condition", span) if not span.holds(e.start)]
    return sorted(once(older), key=clinical_rank)


def _ended(record: PatientRecord, kind: str, span: Span) -> list[Entry]:
    """Return what ended since, up to the clock's day, the newest first."""
    until_now = replace(span, last=record.now)
    return [e for e in newest(record, kind) if e.end and until_now.holds(e.end) and not is_current(e, record)]


def _stopped(record: PatientRecord, kind: str, span: Span) -> list[Entry]:
    """Return the drugs that ended since and are not prescribed any more."""
    going = {normal(entry.display) for entry in record.entries(kind) if is_current(entry, record)}
    return [entry for entry in once(_ended(record, kind, span)) if normal(entry.display) not in going]


def _visits(record: PatientRecord, span: Span) -> list[Entry]:
    """Return the visits since, stays in hospital and emergencies before the others."""
    since = [visit for visit in visits(record) if visit.start and span.holds(visit.start)]
    return sorted(since, key=lambda visit: encounter_class(visit) not in ("inpatient", "emergency"))


def _without_a_day(record: PatientRecord, kind: str) -> tuple[str, ...]:
    """Say where it is not recorded when drugs were stopped, so that none of them is among what was stopped since."""
    names = {normal(e.display) for e in record.entries(kind) if is_current(e, record)}
    over = {normal(e.display) for e in record.entries(kind) if e.status == "stopped" and not e.end} - names
    return (f"drugs stopped without a recorded day: {len(over)}",) if over else ()


def _vitals(record: PatientRecord, span: Span) -> tuple[list[Entry], list[Entry]]:
    """Return the newest vital signs since, and the last of the same ones before."""
    now = [entry for entry in latest_vitals(record) if entry.start and span.holds(entry.start)][:3]
    before: dict[str, Entry] = {}
    for entry in record.entries("Observation"):
        if entry.start and not span.holds(entry.start):
            before[normal(entry.display)] = entry
    return now, [before[name] for entry in now if (name := normal(entry.display)) in before]
