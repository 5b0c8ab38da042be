"""A record -> questions that can be asked of it, for someone whose own was not understood."""

from collections.abc import Iterator, Mapping

from agent.check.recorded import safe
from tools.record import PatientRecord
from tools.wording.text import plain_name

_MOST, _LONGEST = 3, 6
"""Questions that are shown; words of a name that people would say."""
_ASKED: Mapping[str, str] = {
    "Observation": "What was the last {}?",
    "Condition": "When was {} first recorded?",
    "MedicationRequest": "When was {} last prescribed?",
    "Immunization": "When was the last {}?",
    "Procedure": "When was {} last done?",
}
"""FHIR type -> a question about what it has most of."""
_OF_ANY: Mapping[str, str] = {"Encounter": "When was the last visit?", "Patient": "How old is the patient?"}


def askable(record: PatientRecord) -> tuple[str, ...]:
    """Return up to three questions that this record answers, each about what it has most of."""
    return tuple(list(_questions(record))[:_MOST])


def _questions(record: PatientRecord) -> Iterator[str]:
    for kind, question in _ASKED.items():
        said = [term for term in record.terms(kind) if len(term.display.split()) <= _LONGEST]
        if said:
            most = max(said, key=lambda term: len(term.entries))
            yield question.format(safe(plain_name(most.display)))
    yield from (question for kind, question in _OF_ANY.items() if record.counts.get(kind))
