"""Questions no record can answer: advice, opinions, other people, the world at large."""

import re

from agent.plan import Decline
from agent.planner.sentence import Sentence

_ORDER: tuple[Decline, ...] = ("another patient", "advice", "opinion", "not in a record")
_RECORDED = re.compile(r"\b(?:documented|recorded|was recommended|were recommended|been recommended)\b", re.I)
_NEVER_A_FIELD = re.compile(r"\b(?:prognosis|outlook|prospects)\b", re.I)
_RELATIVE = re.compile(
    r"(?:\bthe|\u00b7+)\s+(?:mother|father|sister|brother|son|daughter|grand\w+|aunt|uncle|cousin|sibling|parent)s?\b",
    re.I,
)
"""The patient's name, or "the", before a relative: another person is asked about."""
_SHOULD = re.compile(r"\W*should\b", re.I)
_WHAT_IS = re.compile(r"\W*what(?:'s| is| are)\s+(?:an?\s+)?¤+\W*", re.I)


def declined(sentence: Sentence) -> Decline | None:
    """Return why the question is declined, or None."""
    related = _RELATIVE.search(sentence.free) and not sentence.has("profile")
    if sentence.stranger or related:
        return "another patient"
    if sentence.has("profile", "mother's maiden name"):
        return None
    if sentence.has("kind", "document"):
        return None
    if _RECORDED.search(sentence.free) and not _NEVER_A_FIELD.search(sentence.free):
        return "not in a record" if sentence.has("decline", "not in a record") else None
    if _SHOULD.match(sentence.text) or sentence.has("giving"):
        return "advice"
    found = sentence.meanings("decline") + (["not in a record"] if _asks_what_it_is(sentence) else [])
    return next((reason for reason in _ORDER if reason in found), None)


def _asks_what_it_is(sentence: Sentence) -> bool:
    """Tell "what is metformin?", which asks for knowledge, from "what is her HbA1c?"."""
    tests = any("Observation" in mention.kinds for mention in sentence.mentions)
    return bool(_WHAT_IS.fullmatch(sentence.free)) and not tests
