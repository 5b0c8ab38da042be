"""A record -> the part of its overview that fits a question: which kinds it holds, and the names that may be meant.

Names near the question come first, then the most frequent of each kind, as many as there is room for. Values are
left out: a planner chooses by names.
"""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from rapidfuzz import fuzz

from agent.prompts.data import on_a_line
from tools.record import PatientRecord
from tools.record.kinds import TYPES
from tools.wording.facts import clinical_rank
from tools.wording.text import normal, plain_name, words

_TOLD = ("Condition", "MedicationRequest", "Observation", "Procedure", "AllergyIntolerance", "Immunization")
_NEAR = 75
"""Of 100: how alike a name and words of the question are when the name may be meant."""
_LONGEST = 60
"""Characters of a name."""


def holdings(question: str, record: PatientRecord, room: int, count: Callable[[str], int]) -> str:
    """Return one line of the kinds and, kind by kind, names; at most `room` tokens.

    Args:
        question: as asked.
        record: the patient's record.
        room: tokens.
        count: tokens of a text.
    """
    lines = {"": _kinds(record)}
    used = count(lines[""])
    for kind, name in _ranked(question, record):
        piece = f"; {name}" if kind in lines else f"{kind}: {name}"
        used += count(piece) + 1
        if used > room:
            break
        lines[kind] = lines.get(kind, "") + piece
    return "\n".join(lines.values()) if used <= room or len(lines) > 1 else ""


def _kinds(record: PatientRecord) -> str:
    return "The record holds " + ", ".join(kind for kind in TYPES if record.counts.get(kind))


def _ranked(question: str, record: PatientRecord) -> Iterator[tuple[str, str]]:
    asked, said = normal(question), set(words(question))
    names = {kind: list(_names(kind, record)) for kind in _TOLD if record.counts.get(kind)}
    every = [(kind, name) for kind in names for name in names[kind]]
    near = [
        (kind, name) for kind, name in every if fuzz.partial_token_set_ratio(asked, normal(name)) >= _NEAR
    ]
    first = sorted(near, key=lambda found: -len(said.intersection(words(found[1]))))
    yield from first
    rest = ([(kind, name) for name in listed if (kind, name) not in first] for kind, listed in names.items())
    for row in zip_longest(*rest):
        yield from (found for found in row if found)


def _names(kind: str, record: PatientRecord) -> Iterator[str]:
    terms = [term for term in record.terms(kind) if term.display]
    for term in sorted(terms, key=lambda term: (clinical_rank(term.entries[-1]), -len(term.entries))):
        yield on_a_line(plain_name(term.display))[:_LONGEST]
