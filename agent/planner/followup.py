"""A short question and the frame before it -> a whole frame: "and before that?", "what about his LDL?"."""

import re
from dataclasses import replace

from agent.planner.frame import Frame
from agent.planner.sentence import Sentence

_OPENING = re.compile(r"^\W*(?:and|also|or|what about|how about|then|same for|but|ok(?:ay)?,?)\b", re.I)
_PRONOUN = re.compile(r"\b(?:it|that|this|those|these|them|there|one|the same)\b", re.I)
_BEFORE_THAT = re.compile(
    r"\b(?:before (?:that|then|this)|previous(?:ly)?|prior to that|the one before|earlier one|time before)\b",
    re.I,
)
_AFTER_THAT = re.compile(r"\b(?:after (?:that|then|this)|since then|next one|the one after)\b", re.I)


def is_follow_up(sentence: Sentence, frame: Frame) -> bool:
    """Tell whether the question leans on the one before it."""
    if _BEFORE_THAT.search(sentence.text) or _AFTER_THAT.search(sentence.text):
        return len(sentence.text.split()) <= 8
    if frame.topic in ("profile", "overview", "timeline", "costs"):
        return False
    if _OPENING.match(sentence.text):
        return True
    return not frame.concept and not sentence.has("kind") and not sentence.has("category")


def continued(sentence: Sentence, frame: Frame, before: Frame, seen: str) -> Frame:
    """Return the frame before with what the new question changes.

    Args:
        sentence: the new question's parts.
        frame: what the new question says by itself.
        before: the frame it follows.
        seen: the day of the answer before, ISO, or "".
    """
    if seen and _BEFORE_THAT.search(sentence.text):
        return replace(before, pick="last", period=f"before {seen}")
    if seen and _AFTER_THAT.search(sentence.text):
        return replace(before, pick="first", period=f"after {seen}")
    if frame.concept or (frame.kind and frame.kind != before.kind):
        return _other_thing(frame, before)
    changed = {
        name: getattr(frame, name)
        for name in ("period", "pick", "above", "below", "flagged", "status", "category", "ended")
        if getattr(frame, name)
    }
    if frame.asks != "value" or not _OPENING.match(sentence.text):
        changed["asks"] = frame.asks
    return replace(before, **changed)


def _other_thing(frame: Frame, before: Frame) -> Frame:
    """In "what about his LDL?" the question asks of the LDL what was asked before."""
    if frame.topic != before.topic and {frame.topic, before.topic} != {"find", "measure"}:
        return frame
    asks = before.asks if frame.asks == "value" else frame.asks
    return replace(
        frame,
        asks=asks,
        pick=frame.pick or before.pick,
        period=frame.period or before.period,
        status=frame.status or (before.status if frame.kind == before.kind else ""),
        above=frame.above,
        below=frame.below,
    )
