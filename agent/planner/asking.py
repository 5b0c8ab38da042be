"""The cues of a question -> the form of answer it wants: yes or no, a count, a date, a name …"""

import re

from agent.planner.frame import Asks
from agent.planner.sentence import Sentence

_AUXILIARY = re.compile(
    r"(?:is|are|was|were|am|has|have|had|did|does|do|will|isn't|wasn't|hasn't|haven't|didn't|doesn't|weren't|aren't|ever)\b",
    re.I,
)
_QUESTION_WORD = re.compile(r"^(?:list|name)\b|\b(?:what|which|who|whom|whose|why|how)\b|\bwhen\s*(?:[?.,]|$|·+\s*[?.]*$)", re.I)
_HOW = re.compile(r"\bhow (?:many|often|frequently|old|long|much)\b", re.I)
_VERIFY = re.compile(r"(?:verify|check|confirm|examine|whether|if(?!\s+you)|see if|ensure|ascertain|checking|confirming|verifying)\b", re.I)
_SURELY = re.compile(
    r"\bwould (?:it|i) be (?:right|correct|true)\b|\b(?:is|was|did|does|has|have|were|are)n't (?:it|he|she|they|i)\s*\?*$|\b(?:right|correct)\s*\?+$",
    re.I,
)
_DONE = re.compile(
    r"(?:¤+\s+(?:ever\s+|been\s+|still\s+|currently\s+)*(?:done|active|current|on file|on record|had|taken|given|[a-z]+ed)"
    r"|(?:ever\s+|been\s+)*(?:diagnosed|dx'?d|rx'?d|s/p|prescribed|admitted|hospitali[sz]ed|vaccinated|operated))\b",
    re.I,
)
_ASK_SOMEONE = re.compile(
    r"(?:can|could|would|will|might|may)\s+(?:you|we|i|someone|anyone|somebody)(?:\s+(?:please|kindly|possibly|quickly|just|perhaps))*\s+\w+"
    r"(?:\s+(?:me|us|for me|out|up|and tell me))*\b",
    re.I,
)
_STARTS = re.compile(
    r"[\s,;:.·'-]*(?:(?:and|but|so|then|also|well|for|the patient|patient|pt|the pt|my patient|this patient|i|she|he|they|that)\b[\s,·]*)*",
    re.I,
)
_ANY = re.compile(r"^\W*any(?:thing|one)?\b|,\s*any\s*\W*$|\b(?:yes or no|y/n|yes/no|or not)\b", re.I)
_ORDINAL = r"(?:(?:first|last|latest|most recent|initial|earliest|recorded|documented|measured|exact)\s+)*"
_VALUE_ASKED = re.compile(
    rf"\b(?:what|how high|how low|how much)(?:'s)?\s+(?:was|is|were|are)?\s*(?:the|my|his|her|their)?\s*{_ORDINAL}"
    r"(?:¤+|(?:value|reading|result|level|measurement)\b)(?!\s*(?:date|time|day)\b)",
    re.I,
)
_TIME_ASKED = re.compile(
    r"\b(?:when|what (?:date|day|time|year)|which (?:date|day|year|occasion)|dates?|day|timings?)\b", re.I
)
_NAME_ASKED = re.compile(
    r"\b(?:value|reading|result|level|measurement|name|called|how much|weight|"
    r"(?:what|which) (?:drug|medication|medicine|prescription|procedure|surgery|diagnos\w+|condition|vaccine|test))\b",
    re.I,
)
_MOMENT_ASKED = re.compile(
    r"\b(?:what|identify|tell me|give me|determine|state|specify|provide) (?:was|is|were|are)?\s*(?:the|my|his|her)?\s*"
    r"(?:\w+\s+){0,2}(?:time|instance|occasion|occurrence|moment)\b",
    re.I,
)


def asked(sentence: Sentence) -> Asks:
    """Return the form of answer that the question wants."""
    wants = sentence.meanings("asks")
    yes_no = is_yes_no(sentence)
    explicit = bool(_HOW.search(sentence.free))
    summed = sentence.has("pick", "change", "trend", "mean", "max", "min") and not explicit
    if "count" in wants and not summed and not (yes_no and not explicit):
        return "count"
    if "duration" in wants:
        return "duration"
    if "age" in wants and not (yes_no and not explicit):
        return "age"
    if yes_no:
        return "yes or no"
    if re.search(r"\b\w+ed\s+on\s*\?+$", sentence.text):
        return "date"
    if "date" in wants and _TIME_ASKED.search(sentence.free) and not _names_a_value(sentence):
        return "date"
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
    if _VERIFY.match(clause) or _SURELY.search(sentence.text) or _ANY.search(sentence.text) or _ANY.match(clause):
        return True
    if sentence.anchored and "?" in sentence.text and not re.search(r"\w", clause):
        return True
    asks_else = _QUESTION_WORD.search(clause)
    if sentence.threshold and "?" in sentence.text and not asks_else:
        return True
    if _DONE.match(clause) and "?" in sentence.text:
        return asks_else is None and not re.search(r"\b(?:date|time|first|last)\b", clause, re.I)
    if _AUXILIARY.match(clause):
        return asks_else is None
    if re.match(rf"¤+\s+{_AUXILIARY.pattern}", clause, re.I) and not sentence.text.casefold().startswith("how"):
        return asks_else is None
    late = re.search(r"(?:[,:;]|\s-)\s*(?:is|are|was|were|has|have|had|did|does|do|am)\s", sentence.free, re.I)
    return bool(late) and asks_else is None


def _without_prefaces(sentence: Sentence) -> str:
    """The question from its first telling word on: without "could you tell me", "for patient X," and the like."""
    position = 0
    prefaces = sorted(
        (cue for cue in sentence.cues if cue.table == "preface"), key=lambda c: (c.start, -c.end)
    )
    while True:
        start = _STARTS.match(sentence.free, position)
        begins = {position, position + _blank(sentence.free[position:]), start.end() if start else position}
        ends = [c.end for c in prefaces if c.start in begins]
        ends += [m.end() for begin in begins if (m := _ASK_SOMEONE.match(sentence.free, begin))]
        if not ends:
            return sentence.free[max(begins) :]
        position = max(ends)


def _blank(text: str) -> int:
    return len(text) - len(text.lstrip(" ,;:.·'-"))


def _names_a_value(sentence: Sentence) -> bool:
    """A question for a value or name that mentions a time: "what was the weight the last time"."""
    text = sentence.free
    if _VALUE_ASKED.search(text):
        return True
    if _TIME_ASKED.search(text):
        return False
    return bool(_NAME_ASKED.search(text)) and not _MOMENT_ASKED.search(text)
