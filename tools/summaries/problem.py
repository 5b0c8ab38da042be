"""A record and a problem -> its course, what was prescribed, seen, done and planned for it, results at its visits.

What is for a problem says so itself (its reason, what it addresses) or was prescribed at a visit for it without another
reason. Left out: what is treated alike but linked to nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tools.calls.evidence import Evidence, Outcome
from tools.concepts import link
from tools.entries.entry import Entry, Link
from tools.finding.lasting import is_current
from tools.finding.matching import not_counted
from tools.record import PatientRecord
from tools.record.stays import parts_of
from tools.summaries.sections import (
    Section,
    brief,
    key_observations,
    newest,
    once,
    prescriptions,
    summary,
    visits,
)
from tools.wording.text import normal, words
from tools.wording.words import linked_names

_KINDS = ("Condition", "MedicationRequest", "Encounter", "Procedure", "CarePlan", "Goal", "Observation")
_EQUALLY = 0.95


def problem_summary(record: PatientRecord, concept: str) -> Evidence:
    """Return what the record tells of a problem; "none recorded" where there is no such problem.

    Args:
        record: the patient's record.
        concept: a condition, e.g. "diabetes".
    """
    drugs = prescriptions(record)
    kinds = tuple(drugs if kind == "MedicationRequest" else kind for kind in _KINDS)
    aside = not_counted(record, ("Condition",), concept)
    readings = link(concept, record, ("Condition",))
    if not readings:
        blank = summary(
            record, concept, (Section("Names it", _naming(concept, record, kinds), 4),), kinds[:1]
        )
        outcome: Outcome = "unreadable" if record.may_hide("Condition") else "none recorded"
        return replace(blank, outcome=outcome, notes=(*blank.notes, *aside))
    problem = _Problem.of(readings[0].entries)
    seen = [visit for visit in visits(record) if problem.is_reason_of(visit)]
    meant = once([drug for drug in newest(record, drugs) if problem.among(drug.reasons)])
    there = frozenset(reference for visit in seen for reference in parts_of(visit, record))
    unsaid = [drug for drug in newest(record, drugs) if drug.encounter in there and not drug.reasons]
    results, vitals = key_observations(
        [e for e in record.entries("Observation") if e.encounter in there], record
    )
    course = sorted(once(reversed(problem.entries)), key=lambda entry: not is_current(entry, record))
    sections = (
        Section("Problem", course, 4, "problems of this kind"),
        Section("Medication for it", _active_first(meant, record), 5, "drugs for it"),
        Section(
            "Prescribed at a visit for it",
            _active_first(once(unsaid), record),
            4,
            "drugs prescribed at its visits",
        ),
        Section("Visit for it", seen, 3, "visits for it"),
        Section("Procedure for it", once(problem.those_for_it(record, "Procedure")), 3, "procedures for it"),
        Section("Care plan for it", once(problem.those_for_it(record, "CarePlan")), 2, "care plans for it"),
        Section("Goal for it", once(problem.those_for_it(record, "Goal")), 3, "goals for it"),
        Section("Result at a visit for it", brief(results), 4, "key results at its visits"),
        Section("Vital sign at a visit for it", brief(vitals), 2),
    )
    found = summary(record, readings[0].label, sections, kinds)
    return replace(
        found,
        values=tuple(entry.display for entry in course if entry.display),
        notes=(*_episodes(problem.entries, course), *found.notes, *aside),
        readings=tuple(each.label for each in readings[1:] if each.score >= _EQUALLY * readings[0].score),
    )


@dataclass(frozen=True, slots=True)
class _Problem:
    """Conditions of one kind, by which others say that they are for it."""

    entries: tuple[Entry, ...]
    references: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "_Problem":
        references = frozenset(entry.reference for entry in entries)
        return cls(tuple(entries), references, frozenset(normal(entry.display) for entry in entries))

    def among(self, reasons: Iterable[Link]) -> bool:
        """Tell whether one of the reasons is this problem."""
        return any(
            each.reference in self.references or normal(each.display) in self.names for each in reasons
        )

    def is_reason_of(self, visit: Entry) -> bool:
        """Tell whether a visit was for it: by its reasons and diagnoses, without any by what was found there."""
        said = (*visit.reasons, *visit.parts)
        return self.among(said) if said else any(e.encounter == visit.reference for e in self.entries)

    def those_for_it(self, record: PatientRecord, kind: str) -> list[Entry]:
        """Return the entries of a kind that are for it, the newest first."""
        return [entry for entry in newest(record, kind) if self.among(entry.reasons)]


def _naming(concept: str, record: PatientRecord, kinds: Iterable[str]) -> list[Entry]:
    """Return what has a problem for its reason by name only, though it is not among the problems."""
    wanted = set(words(concept))
    every = (entry for kind in kinds for entry in newest(record, kind))
    return [e for e in every if any(wanted <= set(words(name)) for name in linked_names(e.reasons, record))]


def _active_first(entries: Iterable[Entry], record: PatientRecord) -> list[Entry]:
    return sorted(entries, key=lambda entry: not is_current(entry, record))


def _episodes(entries: Sequence[Entry], course: Sequence[Entry]) -> tuple[str, ...]:
    """Return how often a problem is recorded, where that is more often than it is shown."""
    first = next((entry.start.day for entry in entries if entry.start), "")
    since = f", first on {first}" if first else ""
    return (f"recorded {len(entries)} times{since}",) if len(entries) > len(course) else ()
