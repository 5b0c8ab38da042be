"""Questions no record can answer: advice, opinions, other people, the world at large."""

import re

from agent.plan import Decline
from agent.planner.sentence import Sentence

_ORDER: tuple[Decline, ...] = ("another patient", "advice", "opinion", "not in a record")
_RECORDED = re.compile(r"\b(?:documented|recorded|was recommended|were recommended|been recommended)\b", re.I)
_NEVER_A_FIELD = re.compile(r"\b(?:prognosis|outlook|prospects)\b", re.I)
_SHOULD = re.compile(r"\W*should\b", re.I)
_WHAT_IS = re.compile(r"\W*what(?:'s| is| are)\s+(?:an?\s+)?¤+\W*", re.I)


def declined(sentence: Sentence) -> Decline | None:
    """Return why the question is declined, or None."""
    if sentence.stranger:
        return "another patient"
    if sentence.has("profile", "mother's maiden name"):
        return None
    if sentence.has("kind", "document"):
        return None
    if _RECORDED.search(sentence.free) and not _NEVER_A_FIELD.search(sentence.free):
        return None
    if _SHOULD.match(sentence.text):
        return "advice"
    found = sentence.meanings("decline") + (["not in a record"] if _asks_what_it_is(sentence) else [])
    return next((reason for reason in _ORDER if reason in found), None)


def _asks_what_it_is(sentence: Sentence) -> bool:
    """Tell "what is metformin?", which asks for knowledge, from "what is her HbA1c?"."""
    tests = any("Observation" in mention.kinds for mention in sentence.mentions)
    return bool(_WHAT_IS.fullmatch(sentence.free)) and not tests
