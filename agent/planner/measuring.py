"""Questions about tests and vital signs: which value, compared with what, in or out of range."""

import re
from dataclasses import replace

from agent.planner.frame import Asks, Frame
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
NUMERIC_PICKS = ("change", "trend", "mean", "max", "min")


def measurement(sentence: Sentence, base: Frame) -> Frame | None:
    """Return what is asked of a test or vital sign, or None if the question is about something else."""
    base = ahead(sentence, base)
    mention, kinds = main_mention(sentence), kinds_of(sentence)
    numeric = sentence.threshold is not None or bool(set(sentence.meanings("pick")) & set(NUMERIC_PICKS))
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
    if base.asks == "who":
        return False
    if "Observation" not in mention.kinds:
        return mention.kinds == ("DiagnosticReport",) and base.asks == "value"
    if SCORED.search(mention.text):
        return True
    if mention.kinds[0] == "Observation":
        return not kinds & {"procedure", "condition", "medication", "immunization"} or len(mention.kinds) == 1
    if numeric or kinds & {"laboratory", "vital"}:
        return True
    return base.asks == "value" and not kinds and "DiagnosticReport" in mention.kinds


def _without_a_name(sentence: Sentence, base: Frame, kinds: set[str], numeric: bool) -> str:
    """A test that neither the record nor the lexicon knows, or all vital signs."""
    concept = unnamed(sentence)
    if "vital" in kinds and not concept and base.asks == "value":
        return "vital signs"
    return concept if kinds & {"laboratory", "vital"} or numeric else ""


def with_choice(sentence: Sentence, frame: Frame) -> Frame:
    """Return the frame of a test with the value, limits, flags and period that the question chooses."""
    threshold = sentence.threshold
    pick = _pick(sentence, frame.asks)
    unflagged = threshold or pick in NUMERIC_PICKS or _HOW_HIGH.search(sentence.free)
    flagged = "" if unflagged else next(iter(sentence.meanings("flagged")), "")
    if frame.asks == "yes or no" and not (threshold or flagged or _about_the_test(sentence)):
        frame = replace(frame, asks="value")
    frame = replace(frame, asks=_form(sentence, frame.asks))
    if frame.asks == "yes or no" and sentence.has("any"):
        pick = ""
    above = threshold.above if threshold else None
    below = threshold.below if threshold else None
    return replace(
        frame,
        pick=pick,
        nth="-2" if pick == "nth" else "",
        above=frame.above if above is None else str(above),
        below=frame.below if below is None else str(below),
        flagged=flagged or frame.flagged,
        period=anchored_period(sentence, frame),
    )


def _form(sentence: Sentence, asks: Asks) -> Asks:
    """Return the form of answer, which of a test may be its unit or the number of days with it."""
    if asks != "yes or no" and _UNIT.search(sentence.free):
        return "unit"
    return "days" if asks != "yes or no" and _DAYS.search(sentence.free) else asks


def _about_the_test(sentence: Sentence) -> bool:
    """Tell "was the A1c checked?" (yes or no) from "does she smoke?" (what was recorded)."""
    past = re.search(r"\b(?:was|were|has|have|had|did|whether|if)\b", sentence.free, re.I)
    return (
        bool(past)
        or sentence.has("done")
        or sentence.has("kind", "laboratory")
        or sentence.has("pick", "trend", "change")
    )


def _pick(sentence: Sentence, asks: Asks) -> str:
    picks = sentence.meanings("pick")
    if _PREVIOUS.search(sentence.free):
        return "nth"
    if _NEXT.search(sentence.text):
        return "first"
    if _SEVERAL.search(sentence.free):
        return "all"
    numeric = next((pick for pick in NUMERIC_PICKS if pick in picks), "")
    if numeric and not _HOW_HIGH.search(sentence.free):
        return numeric
    if "first" in picks and "last" in picks:
        between = re.search(r"\b(?:between|from)\b.*\b(?:and|to)\b", sentence.free, re.I)
        return "change" if between else "first and last"
    chosen = next((pick for pick in picks if pick in ("first", "last", "all")), "")
    return chosen or ("all" if asks == "value" and _PLURAL.search(sentence.free) else "")
