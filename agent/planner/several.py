"""One question about several things or times -> a frame for each: "weight and blood pressure", "in 2015 and now"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agent.planner.cues import Cue
from agent.planner.entries import with_choice
from agent.planner.frame import Frame
from agent.planner.naming import topic_mentions
from agent.planner.sentence import Sentence
from tools.concepts import Mention as Named
from tools.periods import Mention as Time

_JOINED = re.compile(
    r"\s*(?:,|&|and|as well as|plus|/)*\s*(?:(?:the|her|his|my|their|last|latest|current|active)\s+)*", re.I
)
_LISTED = ("condition", "medication", "allergy", "immunization", "procedure", "goal", "device", "care plan")
_AND = re.compile(r"\band\b|[,&/]", re.I)
_VERSUS = r"(?:,\s*)?(?:&|and|as well as|vs\.?|versus|against|(?:compared )?with|compared to)\s+"
_JOINED_TIMES = re.compile(rf"\s*(?:,|{_VERSUS})\s*(?:(?:that|those|the one|what (?:is|was) it)\s+)?", re.I)
_LATEST = "now|today|latest|last|most recent|newest|current"
_AND_NOW = re.compile(
    rf"\s*{_VERSUS}(?:(?:what(?:'s| is) it|the)\s+)?(?:right now|currently|{_LATEST})\b", re.I
)
_NOW_AND = re.compile(rf"\b(?:{_LATEST})\b.*\s{_VERSUS}(?:(?:that|the one|it|what it was)\s+)?$", re.I)


def frames_of(sentence: Sentence, frame: Frame) -> tuple[Frame, ...]:
    """Return a frame for each of the things that the question joins by "and", in its order."""
    limited = frame.above or frame.below or frame.test
    if frame.topic == "measure" and frame.give in ("", "date") and frame.concept and not limited:
        return _tests(sentence, frame)
    if frame.topic == "find" and not frame.give and not (frame.concept or frame.reason):
        return _kinds(sentence, frame)
    return (frame,)


def _tests(sentence: Sentence, frame: Frame) -> tuple[Frame, ...]:
    tests = [m for m in topic_mentions(sentence) if "Observation" in m.kinds]
    gaps = _between(tests, sentence.text)
    if not gaps or not all(_JOINED.fullmatch(gap) for gap in gaps):
        return _times(sentence, frame)
    return tuple(replace(frame, concept=mention.text) for mention in tests)


def _times(sentence: Sentence, frame: Frame) -> tuple[Frame, ...]:
    times = sentence.periods
    gaps = _between(times, sentence.text)
    if frame.give or not times or not all(_JOINED_TIMES.fullmatch(gap) for gap in gaps):
        return (frame,)
    periods = [time.text for time in times]
    if _AND_NOW.match(sentence.text[times[-1].end :]) or _NOW_AND.search(sentence.text[: times[0].start]):
        periods.append("")
    return tuple(replace(frame, period=period) for period in periods) if len(periods) > 1 else (frame,)


def _kinds(sentence: Sentence, frame: Frame) -> tuple[Frame, ...]:
    named = [cue for cue in sentence.cues if cue.table == "kind" and cue.meaning in _LISTED]
    gaps = _between(named, sentence.free)
    if not gaps or not all(_AND.search(gap) and _JOINED.fullmatch(gap) for gap in gaps):
        return (frame,)
    kinds = dict.fromkeys(cue.meaning for cue in named)
    return tuple(with_choice(sentence, replace(frame, kind=kind)) for kind in kinds)


def _between(found: Sequence[Cue | Named | Time], text: str) -> list[str]:
    """Return what stands between each and the next."""
    return [text[one.end : other.start] for one, other in pairwise(found)]
