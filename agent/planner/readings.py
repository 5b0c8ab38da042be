"""Questions about single times of one thing: is the latest higher than the first, how long ago was the last."""

import re
from dataclasses import replace

from agent.planner.asking import is_yes_no
from agent.planner.events import event_of
from agent.planner.frame import Frame
from agent.planner.measuring import SCORED
from agent.planner.naming import plainly_named, topic_mentions, unnamed
from agent.planner.sentence import Sentence

_HIGHER = re.compile(
    r"\b(?:higher|greater|bigger|more|risen|rises?|rose|rising|(?:gone|go|goes|went|going) up|increas\w+|up"
    r"|above|exceed\w*|climb\w*|heavier|taller)\b|>",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"\b(?:lower|less|smaller|fallen|falls?|fell|falling|(?:gone|go|goes|went|going) down|decreas\w+|drop\w*|down"
    r"|below|lighter|shorter)\b|<",
    re.IGNORECASE,
)
_LAST_TWO = (
    r"one before|previous|preceding|before (?:it|last)|next[- ]to[- ]last|second[- ](?:to[- ]last|latest|last)"
    r"|last but one|penultimate"
    r"|(?:last|latest|most recent) (?:two|2)|two (?:last|latest|most recent)"
)
"""The last value and the one before it."""
_PREVIOUS = re.compile(
    rf"\b(?:{_LAST_TWO}|previously|prior|last time|time before|before that)\b",
    re.IGNORECASE,
)
_FIRST_AND_LAST = re.compile(r"\bfirst\b.*\blast time\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|initial|baseline|earliest)\b", re.IGNORECASE)
_AGO = re.compile(
    r"\bhow many \w+ (?:ago|is it since|has it been since|have passed since)\b"
    r"|\bhow long (?:is it|has it been) since\b|\bhow long ago\b.*\bin days\b"
    r"|\bdays\b.*\b(?:ago|since|(?:to|until|till) (?:today|now))\b"
    r"|^\W*(?:time|weeks|months|years)\b.*\bsince\b",
    re.IGNORECASE,
)
_APART = re.compile(r"\b(?:how far apart|how long|how many \w+ (?!times)|days|interval)\b", re.IGNORECASE)
_TWO = re.compile(rf"\b(?:{_LAST_TWO})\b", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?:than|vs|versus|compared)\b[^?]*\?"
    r"|^(?!.*\b(?:what|which|how|when)\b).*(?:\b(?:up|down) from\b|[<>])[^?]*\?",
    re.IGNORECASE,
)
_BEGUN = re.compile(r"\bfirst|begin|began|begun|start\w*|onset\b", re.IGNORECASE)


def two_readings(sentence: Sentence, base: Frame) -> Frame | None:
    """Return the comparison of two times of one test, or None if the question is about something else."""
    named = topic_mentions(sentence)
    if len(named) != 1 or sentence.threshold or "Observation" not in named[0].kinds:
        return None
    before, first = _PREVIOUS.search(sentence.free), _FIRST.search(sentence.free)
    if _FIRST_AND_LAST.search(sentence.free):
        before = None
    if not before and not first:
        return None
    name = named[0].text
    last, other = f"measure: last {name}", f"measure: {'previous' if before else 'first'} {name}"
    compared = replace(base, topic="compare", give="", concept=last, second=other, period="")
    measured = named[0].kinds[0] == "Observation" or SCORED.search(name)
    apart = measured and _TWO.search(sentence.free)
    if apart and base.give != "exists" and _APART.search(sentence.free):
        return replace(compared, concept=other, second=last, order="days", give="duration")
    if base.period or not (is_yes_no(sentence) or _THAN.search(sentence.free)):
        return None
    if _HIGHER.search(sentence.free):
        return replace(compared, order="higher", give="exists")
    if _LOWER.search(sentence.free):
        return replace(compared, concept=other, second=last, order="higher", give="exists")
    return None


def days_ago(sentence: Sentence, base: Frame) -> Frame | None:
    """Return the days from the last time of something to the clock, or None if something else is asked."""
    named = topic_mentions(sentence)
    known = (
        event_of(named[0])
        if len(named) == 1
        else ""
        if named
        else unnamed(sentence) or plainly_named(sentence)
    )
    if not known or is_yes_no(sentence) or not _AGO.search(sentence.free):
        return None
    which = "first" if _BEGUN.search(sentence.free) else "last"
    kind, colon, name = known.rpartition(": ")
    happened = f"{kind}{colon}{which} {name}"
    return replace(
        base,
        topic="compare",
        give="duration",
        concept=happened,
        second=sentence.today,
        order="days",
        period="",
    )
