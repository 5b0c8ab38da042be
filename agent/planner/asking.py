"""The cues of a question -> the form of answer it wants: yes or no, a count, a date, a name …"""

import re

from agent.planner.frame import Asks
from agent.planner.sentence import Sentence

_AUXILIARY = re.compile(
    r"(?:is|are|was|were|am|has|have|had|did|does|do|will|isn't|wasn't|hasn't|haven't|didn't|doesn't|weren't|aren't|ever)\b",
    re.I,
)
_QUESTION_WORD = re.compile(r"\b(?:what|which|who|whom|whose|why|how|list|name)\b|\bwhen\s*(?:[?.,]|$)", re.I)
_HOW = re.compile(r"\bhow (?:many|often|frequently|old|long|much)\b", re.I)
_VERIFY = re.compile(r"(?:verify|check|confirm|examine|whether|if|see if|ensure|ascertain)\b", re.I)
_STARTS = re.compile(
    r"[\s,;:.'-]*(?:(?:and|but|so|then|also|well|for|the patient|patient|my patient|this patient|i|she|he|they|that)\b[\s,]*)*",
    re.I,
)


def asked(sentence: Sentence) -> Asks:
    """Return the form of answer that the question wants."""
    wants = sentence.meanings("asks")
    yes_no = is_yes_no(sentence)
    explicit = bool(_HOW.search(sentence.free))
    if "count" in wants and not (yes_no and not explicit):
        return "count"
    if "duration" in wants:
        return "duration"
    if "age" in wants and not (yes_no and not explicit):
        return "age"
    if yes_no:
        return "yes or no"
    for form in ("reason", "who", "where", "dose"):
        if form in wants:
            return form  # type: ignore[return-value]
    if "date" in wants and not _names_a_value(sentence):
        return "date"
    for form in ("detail", "status"):
        if form in wants:
            return form  # type: ignore[return-value]
    return "value"


def is_yes_no(sentence: Sentence) -> bool:
    """Tell whether the clause begins as a yes-or-no question or asks to verify something."""
    clause = _without_prefaces(sentence)
    if _VERIFY.match(clause):
        return True
    if re.match(r"(?:any|anything)\b", clause, re.I):
        return True
    asks_else = _QUESTION_WORD.search(clause)
    if _AUXILIARY.match(clause):
        return asks_else is None
    late = re.search(r",\s*(?:is|are|was|were|has|have|had|did|does|do|am)\s", sentence.free, re.I)
    return bool(late) and asks_else is None


def _without_prefaces(sentence: Sentence) -> str:
    """The question from its first telling word on: without "could you tell me", "for patient X," and the like."""
    position = 0
    prefaces = sorted(
        (cue for cue in sentence.cues if cue.table == "preface"), key=lambda c: (c.start, -c.end)
    )
    while True:
        start = _STARTS.match(sentence.free, position)
        position = start.end() if start else position
        cue = next((c for c in prefaces if c.start == position), None)
        if cue is None:
            return sentence.free[position:]
        position = cue.end


def _names_a_value(sentence: Sentence) -> bool:
    """ "the last time" in a question for a value or name: "what was the weight the last time"."""
    text = sentence.free
    if re.search(
        r"\b(?:when|what (?:date|day|time|year)|which (?:date|day|year)|date|dates|day|timing)\b", text, re.I
    ):
        return False
    value = re.search(
        r"\b(?:value|reading|result|level|measurement|name|called|how much|weight|which|what (?:drug|medication|medicine|procedure|diagnos\w+))\b",
        text,
        re.I,
    )
    time = re.search(
        r"\b(?:what|identify|tell me|give me|determine|state|specify|provide) (?:was|is|were|are)?\s*(?:the|my|his|her)?\s*(?:\w+\s+){0,2}(?:time|instance|occasion|occurrence|moment)",
        text,
        re.I,
    )
    return bool(value) and not time
