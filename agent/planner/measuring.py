"""Questions about tests and vital signs: which value, compared with what, in or out of range."""

import re
from dataclasses import replace

from agent.planner.asking import asks_a_number
from agent.planner.frame import Frame, Give
from agent.planner.naming import ahead, anchored_period, kinds_of, main_mention, unnamed
from agent.planner.sentence import Sentence
from tools.concepts import Mention

_TREATED = re.compile(r"\bfor\s+(?:(?:my|his|her|the|their)\s+)?¤", re.I)
_SEVERAL = re.compile(r"\b(?:last|latest|recent|first)\s+(?:\d+|two|three|four|five|six|few|couple)\b", re.I)
_PLURAL = re.compile(r"\b(?:readings|values|measurements|results)\b", re.I)
_PREVIOUS = re.compile(
    r"\bsecond[- ](?:most recent|latest|last|newest|to[- ]last)\b|\bnext[- ]to[- ]last\b|\blast but one\b"
    r"|\bpenultimate\b|\bbefore the (?:latest|last|most recent)\b|\b(?:time|one) before (?:last|it|that)\b",
    re.I,
)
_NEXT = re.compile(r"\b(?:just|right|immediately|directly|soon) after\b", re.I)
"""The first value of what came after: "the glucose just after the diagnosis of asthma"."""
_HOW_HIGH = re.compile(r"\bhow (?:high|low)\b.*\b(?:first|last|latest|most recent) ", re.I)
"""The value of one time, not the highest: "how high was it the last time"."""
_DAYS = re.compile(
    r"\bhow many (?:\w+ )?days (?:was|were|did)\b|\bon how many\b.*\bdays\b"
    r"|\b(?:different|distinct|separate) (?:calendar )?(?:days|dates)\b|\bhow many (?:calendar )?dates\b"
    r"|\bdays (?:on which|with)\b"
    r"|\b(?:each|every) day once\b",
    re.I,
)
_UNIT = re.compile(
    r"\b(?:what|which)(?: is the| are the)? units?\b|\bunits? (?:of|for|used|in which|that)\b|\bmeasured in\W*$"
    r"|^\W*units?,",
    re.I,
)
SCORED = re.compile(r"\b(?:score|scale|rating|level)$", re.I)
_STATISTICS = ("change", "trend", "mean")
_EXTREMES = ("max", "min")


def measurement(sentence: Sentence, base: Frame) -> Frame | None:
    """Return what is asked of a test or vital sign, or None if the question is about something else."""
    base = ahead(sentence, base)
    mention, kinds = main_mention(sentence), kinds_of(sentence)
    numeric = sentence.threshold is not None or asks_a_number(sentence)
    if mention is None:
        concept = _without_a_name(sentence, base, kinds, numeric)
    else:
        treated = "medication" in kinds and _TREATED.search(sentence.free)
        concept = mention.text if _is_test(mention, base, kinds, numeric) and not treated else ""
    return (
        with_choice(sentence, replace(base, topic="measure", kind="observation", concept=concept))
        if concept
        else None
    )


def _is_test(mention: Mention, base: Frame, kinds: set[str], numeric: bool) -> bool:
    """The name is a test's: by its own kind or, where it could be several things, by what is asked of it."""
    if base.give == "who":
        return False
    if "Observation" not in mention.kinds:
        return mention.kinds == ("DiagnosticReport",) and not base.give
    if SCORED.search(mention.text):
        return True
    if mention.kinds[0] == "Observation":
        return not kinds & {"procedure", "condition", "medication", "immunization"} or len(mention.kinds) == 1
    if numeric or kinds & {"laboratory", "vital"}:
        return True
    return not base.give and not kinds and "DiagnosticReport" in mention.kinds


def _without_a_name(sentence: Sentence, base: Frame, kinds: set[str], numeric: bool) -> str:
    """A test that neither the record nor the lexicon knows, or all vital signs."""
    concept = unnamed(sentence)
    if "vital" in kinds and not concept and not base.give:
        return "vital signs"
    return concept if kinds & {"laboratory", "vital"} or numeric else ""


def with_choice(sentence: Sentence, frame: Frame) -> Frame:
    """Return the frame of a test with the value, limits, flags and period that the question chooses."""
    threshold = sentence.threshold
    frame = _choosing(sentence, frame)
    numeric = frame.statistic or frame.pick in _EXTREMES
    untested = threshold or numeric or _HOW_HIGH.search(sentence.free)
    test = "" if untested else next(iter(sentence.meanings("test")), "")
    if frame.give == "exists" and not (threshold or test or _about_the_test(sentence)):
        frame = replace(frame, give="")
    frame = replace(frame, give=_form(sentence, frame.give))
    if frame.give == "exists" and sentence.has("any"):
        frame = frame.picking("")
    above = threshold.limit(threshold.above) if threshold else ""
    below = threshold.limit(threshold.below) if threshold else ""
    return replace(
        frame,
        nth="-2" if frame.pick == "nth" else "",
        above=above or frame.above,
        below=below or frame.below,
        test=test or frame.test,
        period=anchored_period(sentence, frame),
    )


def _form(sentence: Sentence, give: Give) -> Give:
    """Return the form of answer, which of a test may be its unit or the number of days with it."""
    if give != "exists" and _UNIT.search(sentence.free):
        return "unit"
    return "days" if give != "exists" and _DAYS.search(sentence.free) else give


def _about_the_test(sentence: Sentence) -> bool:
    """Tell "was the A1c checked?" (yes or no) from "does she smoke?" (what was recorded)."""
    past = re.search(r"\b(?:was|were|has|have|had|did|whether|if)\b", sentence.free, re.I)
    return (
        bool(past)
        or sentence.has("done")
        or sentence.has("kind", "laboratory")
        or sentence.has("statistic", "trend", "change")
    )


def _choosing(sentence: Sentence, frame: Frame) -> Frame:
    """Return the frame with which values are meant, or what is computed of them."""
    if pick := _pick(sentence):
        return frame.picking(pick)
    picks, statistics = sentence.meanings("pick"), sentence.meanings("statistic")
    bare, exact = frame.picking(""), not _HOW_HIGH.search(sentence.free)
    if exact and (statistic := next((each for each in _STATISTICS if each in statistics), "")):
        return replace(bare, statistic=statistic)
    if exact and (extreme := next((each for each in _EXTREMES if each in picks), "")):
        return frame.picking(extreme)
    if "first" in picks and "last" in picks:
        between = re.search(r"\b(?:between|from)\b.*\b(?:and|to)\b", sentence.free, re.I)
        return replace(bare, statistic="change") if between else replace(bare, both_ends=True)
    chosen = next((pick for pick in picks if pick in ("first", "last", "all")), "")
    return frame.picking(chosen or ("all" if not frame.give and _PLURAL.search(sentence.free) else ""))


def _pick(sentence: Sentence) -> str:
    """Return what is picked by a phrase of its own, "" if nothing: "the last but one", "just after"."""
    if _PREVIOUS.search(sentence.free):
        return "nth"
    if _NEXT.search(sentence.text):
        return "first"
    return "all" if _SEVERAL.search(sentence.free) else ""
