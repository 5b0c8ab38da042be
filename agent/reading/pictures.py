"""A question that asks for pictures, "any photos of the wound?" -> its readings, asked of what is pictured.

The network reads what is asked of which thing; it learned no kind "picture". The words are in slots.toml. Left out:
records without pictures, and imaging as a whole where the record has imaging studies.
"""

from collections.abc import Iterable
from dataclasses import replace

from agent.reading.program import Program
from agent.reading.ranking import Candidate, Ranking
from agent.reading.words import WORDS, words_in
from tools.calls.catalogue import Call
from tools.calls.program import faults
from tools.finding.matching import has_pictures
from tools.record import PatientRecord
from tools.record.kinds import PICTURE

_SAID = frozenset(WORDS["pictures"]["picture"])
_FIGURES = tuple(WORDS["pictures"]["no picture"])
_ALIKE = frozenset({"concept", "give", "pick", "n", "period", "when", "relation", "reason", "place", "who"})
"""What can be asked of a picture as of what it shows."""


def asks_for_pictures(question: str) -> bool:
    """Tell whether a question names pictures.

    >>> asks_for_pictures("Any photos of the wound?"), asks_for_pictures("What is the clinical picture?")
    (True, False)
    """
    said = f" {' '.join(words_in(question))} "
    for figure in _FIGURES:
        said = said.replace(f" {figure} ", " ")
    return not _SAID.isdisjoint(said.split())


def of_pictures(ranked: Ranking, question: str, record: PatientRecord) -> Ranking:
    """Return the readings of a question, those of a question for pictures as what they ask of pictures."""
    if not asks_for_pictures(question) or not has_pictures(record):
        return ranked
    studies = bool(record.counts.get("ImagingStudy"))
    return replace(ranked, candidates=tuple(_of_pictures(ranked.candidates, studies)))


def _of_pictures(candidates: Iterable[Candidate], studies: bool) -> Iterable[Candidate]:
    for candidate in candidates:
        program = candidate.program
        yield replace(candidate, program=_shown(program, studies)) if program else candidate


def _shown(program: Program, studies: bool) -> Program:
    """Return a program whose answers are found among the pictures; as it is where it asks more than that."""
    calls = tuple(_asked_of_pictures(call) if call.id in program.answer else call for call in program.calls)
    kept = studies and any(call.arguments.get("kind") == "imaging" for call in program.calls)
    return program if kept or faults(calls) else replace(program, calls=calls)


def _asked_of_pictures(call: Call) -> Call:
    asked = {name: value for name, value in call.arguments.items() if value not in ("", None)}
    if call.tool != "find" or not asked.keys() - {"kind", "status"} <= _ALIKE:
        return call
    asked.pop("status", None)
    return replace(call, arguments={**asked, "kind": PICTURE})
