"""A record -> the part of its overview that fits a question: which kinds it holds, the names that may be meant, others.

Names that the question means come first, in whatever words, each with its kind, how many entries there are and from
when to when; then the main names of each kind, as many as there is room for. Values are left out: a planner chooses by
names.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest

from agent.prompts.data import on_a_line
from agent.reading.marked import TYPES_OF_NAMES
from tools.concepts import link, mentions
from tools.concepts.meaning import Near, stretches
from tools.concepts.wording import spans
from tools.record import PatientRecord
from tools.record.kinds import TYPES
from tools.record.shelf import Term
from tools.wording.facts import clinical_rank
from tools.wording.text import plain_name

_TOLD = ("Condition", "MedicationRequest", "Observation", "Procedure", "AllergyIntolerance", "Immunization")
_LINKED = (*TYPES_OF_NAMES, "Encounter")
_LEAST = 0.6
"""The score from which on words of the question name something."""
_NEAR = 0.55
"""The likeness in meaning from which on words may mean a recorded name; wrong ones cost a few tokens."""
_MOST_READINGS, _MOST_OF_ONE, _MOST_NEAR, _MOST = 2, 4, 3, 12
"""What one name may mean; the recorded names of one meaning; those that are only near; and all of them."""
_MOST_WORDS = 60
"""Words of a question in which names are looked for that are only near."""
_LONGEST = 60
"""Characters of a name."""


def holdings(questions: Sequence[str], record: PatientRecord, room: int, count: Callable[[str], int]) -> str:
    """Return a line of the kinds, one of the names that may be meant, and, kind by kind, main names.

    Args:
        questions: what was asked, and what it may lean on, the newest first.
        record: the patient's record.
        room: tokens that it may take; the kinds are told even if they take more.
        count: tokens of a text.
    """
    meant = _meant(questions, record)
    lines = {"": _kinds(record)}
    used = count(lines[""])
    for line, piece in (
        *(("It may be about", _dated(term)) for term in meant),
        *((term.kind, _name(term)) for term in _main(record) if term not in meant),
    ):
        said = f"; {piece}" if line in lines else f"{line}: {piece}"
        used += count(said) + 1
        if used > room:
            break
        lines[line] = lines.get(line, "") + said
    return "\n".join(lines.values())


def _kinds(record: PatientRecord) -> str:
    return "The record holds " + ", ".join(kind for kind in TYPES if record.counts.get(kind))


def _meant(questions: Sequence[str], record: PatientRecord) -> list[Term]:
    """Return the recorded names that the questions may mean, those that they say before those that are only near."""
    said = [term for question in questions for term in _said(question, record)]
    near = [term for question in questions for term in _near(question, record)]
    kept: list[Term] = []
    for term in [*said, *near]:
        if term not in kept:
            kept.append(term)
    return kept[:_MOST]


def _said(question: str, record: PatientRecord) -> Iterator[Term]:
    """Yield what linkers find under the names in a question, the most frequent first."""
    for mention in mentions(question, record, _LINKED):
        if mention.score >= _LEAST:
            for reading in link(mention.text, record, mention.kinds)[:_MOST_READINGS]:
                yield from sorted(reading.terms, key=lambda term: -len(term.entries))[:_MOST_OF_ONE]


def _near(question: str, record: PatientRecord) -> Iterator[Term]:
    """Yield the names to which words of a question are nearest in meaning, no two of the same words."""
    words = [word for word, _, _ in spans(question)]
    if len(words) > _MOST_WORDS:
        return
    taken: set[int] = set()
    found = sorted(stretches(words, record, _LINKED, (), _NEAR), key=lambda each: -each[2].likeness)
    free = ((range(first, after), near) for first, after, near in found)
    for place, near in islice(free, _MOST):
        if taken.isdisjoint(place) and len(taken) < _MOST_NEAR * _MOST_OF_ONE:
            taken.update(place)
            yield from _called(near, record)


def _called(near: Near, record: PatientRecord) -> Iterator[Term]:
    for kind in near.kinds:
        yield from (term for term in record.terms(kind) if term.display == near.name)


def _main(record: PatientRecord) -> Iterator[Term]:
    """Yield the names of each kind by turns: what is clinically weighty, what is active, what is frequent."""
    for row in zip_longest(*(_ranked(kind, record) for kind in _TOLD if record.counts.get(kind))):
        yield from (term for term in row if term)


def _ranked(kind: str, record: PatientRecord) -> list[Term]:
    def weight(term: Term) -> tuple[int, bool, int]:
        last = term.entries[-1]
        return clinical_rank(last), last.status != "active", -len(term.entries)

    return sorted((term for term in record.terms(kind) if term.display), key=weight)


def _dated(term: Term) -> str:
    counted = [entry for entry in term.entries if not entry.void]
    days = [entry.start.day for entry in counted if entry.start]
    when = [f"{days[0]} to {days[-1]}" if days[0] != days[-1] else days[0]] if days else []
    return f"{_name(term)} ({', '.join([term.kind, str(len(counted)), *when])})"


def _name(term: Term) -> str:
    return on_a_line(plain_name(term.display))[:_LONGEST]
