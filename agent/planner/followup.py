"""A short question and the frame before it -> a whole frame: "and before that?", "what about his LDL?"."""

import re
from collections.abc import Callable
from dataclasses import replace

from agent.planner import entries, measuring
from agent.planner.asking import asked
from agent.planner.frame import Frame
from agent.planner.sentence import Sentence

_OPENING = re.compile(r"^\W*(?:and|also|or|what about|how about|then|same for|but|ok(?:ay)?,?)\b", re.I)
_PRONOUN = re.compile(r"\b(?:it|that|this|those|these|them|one|ones|the same)\b", re.I)
_PAST_AGE = re.compile(r"\bhow old (?:was|were)\b|\bat what age\b", re.I)
_BEFORE_THAT = re.compile(
    r"\b(?:before (?:that|then|this)|previous(?:ly)?|prior to that|the one before|earlier one|time before)\b",
    re.I,
)
_AFTER_THAT = re.compile(r"\b(?:after (?:that|then|this)|since then|next one|the one after)\b", re.I)
_WHOLE_TOPICS = ("profile", "overview", "timeline", "costs", "notes")
_LONGEST_RELATIVE = 8
_PICKED_OF_ANYTHING = ("first", "last", "nth", "all")
STAYS = {"inpatient": "admission", "emergency": "ER visit"}
_CHOOSING: dict[str, Callable[[Sentence, Frame], Frame]] = {
    "measure": measuring.with_choice,
    "find": entries.with_choice,
}


def leans_on_a_day(sentence: Sentence) -> bool:
    """Tell whether the question says "before that" or "after that", which the day of the last answer bounds."""
    return bool(_BEFORE_THAT.search(sentence.text) or _AFTER_THAT.search(sentence.text))


def is_follow_up(sentence: Sentence, frame: Frame, before: Frame) -> bool:
    """Tell whether the question leans on the one before it."""
    if leans_on_a_day(sentence):
        return len(sentence.text.split()) <= _LONGEST_RELATIVE
    if frame.topic == "timeline":
        return before.kind == "encounter" and not frame.period
    if frame.topic == "profile" and _PAST_AGE.search(sentence.text):
        return bool(before.concept)
    if frame.topic in _WHOLE_TOPICS or not _says_something(sentence):
        return False
    if _OPENING.match(sentence.text):
        return True
    if not frame.concept and not frame.reason and _PRONOUN.search(sentence.free):
        return True
    if frame.concept or sentence.has("kind") or sentence.has("category"):
        return False
    return _asks_otherwise(sentence)


def _asks_otherwise(sentence: Sentence) -> bool:
    """Whether anything would change; "how is she" and "delete the record" do not repeat the answer before."""
    cued = any(cue.table != "preface" for cue in sentence.cues)
    return bool(cued or sentence.periods or sentence.anchored or sentence.threshold or sentence.ever)


def _says_something(sentence: Sentence) -> bool:
    """Thanks, greetings and agreement ask nothing."""
    courtesies = [(c.start, c.end) for c in sentence.cues if c.table == "preface"]
    words = re.finditer(r"\w+|[·¤]+", sentence.free)
    return any(not any(start <= word.start() < end for start, end in courtesies) for word in words)


def continued(sentence: Sentence, frame: Frame, before: Frame, seen: str) -> Frame:
    """Return the frame before with what the new question changes.

    Args:
        sentence: the new question's parts.
        frame: what the new question says by itself.
        before: the frame it follows.
        seen: the day of the answer before, ISO, where the question leans on it; else "".
    """
    if seen and _BEFORE_THAT.search(sentence.text):
        return replace(before.picking("last"), period=f"before {seen}")
    if seen and _AFTER_THAT.search(sentence.text):
        return replace(before.picking("first"), period=f"after {seen}")
    if frame.topic == "timeline":
        stay = STAYS.get(before.category, "visit")
        return replace(frame, period=f"during the {before.pick or 'last'} {stay}")
    if (
        frame.concept
        or (frame.kind and frame.kind != before.kind)
        or frame.category not in ("", before.category)
    ):
        return _other_thing(frame, before)
    return _same_thing(sentence, frame, before)


def _same_thing(sentence: Sentence, frame: Frame, before: Frame) -> Frame:
    """In "since when?", "in 2019?", "was it ever above 150?" the thing stays and what is asked of it changes."""
    give = asked(sentence)
    keeps = not give and bool(_OPENING.match(sentence.text) or sentence.periods)
    period = sentence.periods[0].text if sentence.periods else "" if sentence.ever else before.period
    bare = replace(before, give=before.give if keeps else give, period=period)
    if give not in ("date", "count"):
        bare = replace(bare, above="", below="", test="")
    chosen = _CHOOSING[before.topic](sentence, bare) if before.topic in _CHOOSING else bare
    if not chosen.chooses and chosen.give not in ("count", "exists"):
        chosen = _choosing_as(before, chosen)
    return replace(chosen, status=chosen.status or before.status)


def _other_thing(frame: Frame, before: Frame) -> Frame:
    """In "what about his LDL?" the question asks of the LDL what was asked before."""
    if frame.topic != before.topic and {frame.topic, before.topic} != {"find", "measure"}:
        return frame
    same_kind = frame.kind == before.kind
    return replace(
        frame if frame.chooses else _choosing_as(before, frame),
        give=frame.give or before.give,
        verdict=before.verdict if frame.topic == before.topic else {},
        period=frame.period or ("" if before.period.startswith(("before ", "after ")) else before.period),
        status=frame.status or (before.status if same_kind else ""),
    )


def _choosing_as(before: Frame, frame: Frame) -> Frame:
    """Return the frame with which of several, or what of all of them, was asked for before.

    Of another topic it is not the highest, nor what was most often: only `measure` or only `find` picks it.
    """
    if frame.topic != before.topic and before.pick not in ("", *_PICKED_OF_ANYTHING):
        return frame
    nth = before.nth if before.pick == "nth" else frame.nth
    return replace(frame, pick=before.pick, statistic=before.statistic, both_ends=before.both_ends, nth=nth)
