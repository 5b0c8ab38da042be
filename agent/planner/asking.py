"""The cues of a question -> the form of answer it wants: yes or no, a count, a date, a name."""

import re
from dataclasses import replace

from agent.planner.frame import Give
from agent.planner.sentence import TAKEN, Sentence


def _words(*patterns: str, start: str = r"\b", end: str = r"\b") -> re.Pattern[str]:
    """One of the patterns, as whole words, in any case."""
    return re.compile(f"{start}(?:{'|'.join(patterns)}){end}", re.IGNORECASE)


_FORMS_OF_BE = "is|are|was|were|am"
_FORMS_OF_HAVE_AND_DO = "has|have|had|did|does|do|will"
_NEGATED = r"(?:is|was|has|have|did|does|were|are)n't"
_SOMEONE = "i|it|he|she|they"

_AUXILIARY = _words(_FORMS_OF_BE, _FORMS_OF_HAVE_AND_DO, _NEGATED, "ever", start="")
_QUESTION_WORD = re.compile(
    r"^(?:list|name)\b|\b(?:what|which|who|whom|whose|why|how)\b|\bwhen\s*(?:[?.,]|$|·+\s*[?.]*$)",
    re.IGNORECASE,
)
_TO_WHICH = re.compile(r"\b(?:among|in|of|from|with|to|for) (?:what|which|whom)\b", re.IGNORECASE)
"""Within a question that begins with a verb it asks nothing: "is there a drug to which she is allergic?"."""
_ORDER_IN_WHICH = re.compile(r"\border in which\b", re.IGNORECASE)
_HOW = _words("how (?:many|often|frequently|old|long|much)")
_VERIFY = _words(
    r"verify|check|confirm|examine|whether|if(?!\s+you)|see if|ensure|ascertain|checking|confirming|verifying",
    start="",
)
_SURELY = re.compile(
    r"\bwould (?:it|i) be (?:right|correct|true)\b"
    rf"|\b{_NEGATED} (?:{_SOMEONE})\s*\?*$"
    r"|\b(?:right|correct)\s*\?+$",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"^\W*any(?:thing|one)?\b|,\s*any(?: at all)?\s*\W*$|\b(?:yes or no|y/n|yes/no|or not)\b", re.IGNORECASE
)
_WHETHER_AT_END = re.compile(
    r"[,:]\s*(?:(?:(?:an?\s+|any\s+)?[\w¤·]+\s+)?among (?:them|these|those)|at all|ever"
    r"|(?:still |currently )?(?:active|ongoing)(?: at present| now| currently| today)?"
    r"|(?:ever\s+|·+\s*)?(?:done|performed|had|given|seen|recorded|taken|prescribed|diagnosed))\W*$"
    r"|^(?!\W*(?:what|which|who|when|how|where|why)\b).*\bat all\W*$",
    re.IGNORECASE,
)
"""Telegraphic questions whether: "colonoscopy: ever done?", "seen in 2013 at all?"."""
_EVER_AT_END = re.compile(r"[,:]\s*ever\W*$", re.IGNORECASE)
_WHILE = re.compile(
    r"^\W*when\b(?!\s+(?:was|were|is|are|did|does|do|has|have|had|will)\b)"
    r"(?=[^?]*,\s*(?:which|what|who|whom|whose|where|why|how|did)\b)",
    re.IGNORECASE,
)
"""A "when" that does not ask: "when I was there on 3 May, which procedures did they do?"."""
_DONE = _words(
    r"¤+\s+(?:score\s+|test\s+|level\s+|ever\s+|been\s+|still\s+|currently\s+)*"
    r"(?:done|active|current|on file|on record|had|taken|given|[a-z]+ed)",
    r"(?:still\s+)?on\s+(?:an?\s+)?¤+",
    r"¤+\s+on\s+(?:the|my|his|her)\s+(?:active\s+|current\s+)?(?:problem|medication|med|allergy|drug)\s+list",
    r"(?:ever\s+|been\s+)*"
    r"(?:diagnosed|dx'?d|rx'?d|s/p|prescribed|admitted|hospitali[sz]ed|vaccinated|operated)",
    start="",
)
_STILL_ON = re.compile(
    r"\W*(?:(?:still|currently|also|now)\s+)*(?:on|taking)\s+(?:(?:an?|any|the)\s+)?¤", re.IGNORECASE
)
_ASKS_SOMEONE = _words(
    r"(?:can|could|would|will|might|may)\s+(?:you|we|i|someone|anyone|somebody)"
    r"(?:\s+(?:please|kindly|possibly|quickly|just|perhaps))*\s+\w+"
    r"(?:\s+(?:me|us|for me|out|up|and tell me))*",
    start="",
)
_STARTS = re.compile(
    r"[\s,;:.·'-]*(?:(?:and|but|so|then|also|well|for|(?:the |my |this )?(?:patient|pt)|i|she|he|they|that)\b"
    r"[\s,·]*)*",
    re.IGNORECASE,
)
_LATE = _words(_FORMS_OF_BE, _FORMS_OF_HAVE_AND_DO, start=r"(?:[,:;]|\s-)\s*", end=r"\s")
_FIRST_DONE = r"first (?:diagnos\w+|found|done|performed|given|prescri\w+|recorded|seen)"
_ORDER = re.compile(
    r"^(?!.*\b(?:list|dates?|days|number|count|value|interval|age|reading|result)\b)"
    r"(?:.*\b(?:came before|already)\b"
    rf"|(?:\W*first\b.*|.*\b{_FIRST_DONE}\b.*)\b(?:before|after|prior to|(?:earlier|later|sooner) than)\b.*"
    rf"(?:\b{_FIRST_DONE}\b|\b(?:was|did|were)\W*$))",
    re.IGNORECASE,
)
"""Two first times in their order, asked about as a statement: "First EEG before first diagnosis of asthma?"."""
_FOR_WHAT = re.compile(r"\bwhat\b.*\bfor\s*\?*$", re.IGNORECASE)
_RESOLVED_ON = re.compile(r"\b\w+ed\s+on\s*\?+$", re.IGNORECASE)

_ORDINAL = r"(?:(?:first|last|latest|most recent|initial|earliest|recorded|documented|measured|exact)\s+)*"
_VALUE_ASKED = re.compile(
    r"\bhow (?:high|low|big|tall|heavy)\s+(?:was|is|were|are|did)\b"
    r"|\b(?:what|how high|how low|how much)(?:'s)?\s+(?:was|is|were|are)?\s*(?:the|my|his|her|their)?\s*"
    rf"{_ORDINAL}(?:¤+|(?:value|reading|result|level|measurement)\b)(?!\s*(?:date|time|day)\b)"
    r"|\bwhat (?:was|is|were|are) (?:it|they)\s*\?*$",
    re.IGNORECASE,
)
_TIME_ASKED = _words(
    "when", "what (?:date|day|time|year)", "which (?:date|day|year|occasion)", "dates?", "day", "timings?"
)  # fmt: skip
_NAME_ASKED = _words(
    "value|reading|result|level|measurement|name|called|how much|weight",
    r"(?:what|which) (?:drug|medication|medicine|prescription|procedure|surgery|diagnos\w+|condition|vaccine|test)",
)
_MOMENT_ASKED = _words(
    r"(?:what|identify|tell me|give me|determine|state|specify|provide) (?:was|is|were|are)?\s*(?:the|my|his|her)?\s*"
    r"(?:\w+\s+){0,2}(?:time|instance|occasion|occurrence|moment)"
)
_MOMENTS = "dates?|days?|times?|timings?|years?|months?|occasion|moment|instance|occurrence|age"
_MAIN = re.compile(
    r"\b(?P<when>when)\b(?P<rest>.*)"
    r"|\b(?:what|(?<!on )(?<!at )(?<!in )(?<!by )which)(?:'s)?\s+(?P<moment>(?:(?:is|was|are|were)\s+)?"
    rf"(?:(?:all|the|my|his|her|their|·+)\s+)*{_ORDINAL}(?:\w+\s+)?(?:{_MOMENTS})\b)?"
    r"|\b(?P<recent>how (?:recent(?:ly)?|far back|long ago|late|early))\b|\b(?:how|who|where|why)\b",
    re.IGNORECASE,
)
"""The word that asks: the first one, as what follows it only says more."""
_DAY_OF = _words(r"the (?:\w+ )?(?:date|day)")
_THEN_ASKS = re.compile(
    rf",\s*(?:what|which|how|who|where|why|{_FORMS_OF_BE}|{_FORMS_OF_HAVE_AND_DO})\b", re.IGNORECASE
)
_WHO_ASKED = _words(
    r"(?:which|what) (?:doctor|physician|practitioner|provider|clinician)",
    r"name of the (?:doctor|physician|practitioner|provider|clinician)",
    r"who saw",
)
_RANGED = re.compile(
    r"\b(?:with)?in(?:side)? (?:\w+ ){0,2}(?:range|limits)\b|\bwnl\b|\brange\b.*\bis it within\b"
    r"|\b(?:above|below|over|under|outside|out of) (?:\w+ ){0,2}(?:range|limits?|normal)\b",
    re.IGNORECASE,
)
_DISTINCT = _words(
    "different|distinct|unique|(?:each|all) (?:\\w+ )?once|counted once|(?:no|without) (?:repeats|doubles|duplicates)"
)
_CONFIRMED = re.compile(
    r"^\W*allergic to\b[^,;]*\?+\s*$|\bconfirmed\W*$|^\W*do you have (?:me|him|her|them|·+) down as\b",
    re.IGNORECASE,
)
_EVER = re.compile(
    r"\bever\b(?:\s+(?:been\s+)?(?:\w+ed|had|done|given|taken|undergone|put on))?"
    r"\s*(?:\W|$|(?:in|on|since|until|before|after|during|for)\b)",
    re.IGNORECASE,
)
"""A statement that is asked about: "colonoscopy ever performed?"."""
_HISTORY = re.compile(
    r"^\W*(?:(?:hx|pmhx?|(?:(?:past|medical|prior)\s+)*history|dx|diagnosis)\s+of|h/o)\b[^,;]*\?+\s*$",
    re.IGNORECASE,
)
_EVER_FIRST = re.compile(r"\W*ever\b", re.IGNORECASE)
_BESIDE_DATES: tuple[Give, ...] = ("reason", "who", "where", "dose")
_LAST_RESORT: tuple[Give, ...] = ("detail", "status")


def asked(sentence: Sentence) -> Give:
    """Return the form of answer that the question wants."""
    sentence = _without_while(sentence)
    wants = sentence.meanings("give")
    explicit = bool(_HOW.search(sentence.free))
    yes_no = is_yes_no(sentence)
    if "who" in wants and not yes_no and _WHO_ASKED.search(sentence.free):
        return "who"
    plainly_yes_no = yes_no and not explicit
    if "duration" in wants:
        return "duration"
    if "count" in wants and not plainly_yes_no and (explicit or not asks_a_number(sentence)):
        return "distinct" if _DISTINCT.search(sentence.free) else "count"
    if "age" in wants and not plainly_yes_no:
        return "age"
    if yes_no:
        return "exists"
    if _FOR_WHAT.search(sentence.text):
        return "reason"
    timed = bool(_TIME_ASKED.search(sentence.free))
    over_time = sentence.has("statistic", "trend") and not timed
    said = "date" in wants and _asks_when(sentence) and not _names_a_value(sentence)
    dated = said or _RESOLVED_ON.search(sentence.text)
    if dated and not over_time and (timed or not set(_BESIDE_DATES) & set(wants)):
        return "date"
    return next((form for form in (*_BESIDE_DATES, *_LAST_RESORT) if form in wants), "")


def asks_a_number(sentence: Sentence) -> bool:
    """Tell whether something is asked that only numbers have: a statistic, the highest, the lowest."""
    return sentence.has("statistic") or sentence.has("pick", "max", "min")


def _without_while(sentence: Sentence) -> Sentence:
    opening = _WHILE.match(sentence.free)
    if not opening:
        return sentence
    end = opening.end()
    cues = tuple(cue for cue in sentence.cues if cue.start >= end or cue.table != "give")
    return replace(sentence, free=TAKEN * end + sentence.free[end:], cues=cues)


def told_by_a_stay(sentence: Sentence) -> bool:
    """Tell whether a stay in words that no period reads bounds the question: "when they admitted me, what …"."""
    opening = _WHILE.match(sentence.free)
    comma = sentence.free.find(",")
    return bool(opening) and any(
        c.table in ("category", "discharge") and c.start < comma for c in sentence.cues
    )


def is_yes_no(sentence: Sentence) -> bool:
    """Tell whether the clause begins as a yes-or-no question or asks to verify something."""
    clause = _without_prefaces(sentence)
    asking = "?" in sentence.text
    if (
        _VERIFY.match(clause)
        or _SURELY.search(sentence.text)
        or _ANY.search(sentence.text)
        or _ANY.match(clause)
        or _WHETHER_AT_END.search(sentence.free)
        or _EVER_AT_END.search(sentence.text)
        or _HISTORY.match(sentence.free)
        or _CONFIRMED.search(sentence.free)
    ):
        return True
    if asking and _EVER_FIRST.match(sentence.text):
        return True
    if asking and sentence.anchored and not re.search(r"\w", clause):
        return True
    told = _ORDER_IN_WHICH.sub("", _TO_WHICH.sub("", clause) if _AUXILIARY.match(clause) else clause)
    if _QUESTION_WORD.search(told) or _RESOLVED_ON.search(sentence.text):
        return False
    measured = sentence.mentions and sentence.mentions[0].kinds[0] == "Observation"
    if asking and not measured and _ORDER.search(sentence.text):
        return True
    picked = (
        sentence.has("pick")
        or sentence.has("statistic")
        or sentence.has("give", "count", "date", "age", "duration")
    )
    if asking and not picked and _EVER.search(sentence.text):
        return True
    untimed = not _TIME_ASKED.search(clause)
    if asking and (
        ((sentence.threshold or _RANGED.search(clause)) and untimed)
        or _STILL_ON.match(clause)
        or (_DONE.match(clause) and not _words("date|time|first|last").search(clause))
    ):
        return True
    named_first = re.match(rf"¤+\s+{_AUXILIARY.pattern}", clause, re.IGNORECASE)
    if named_first and not sentence.text.casefold().startswith("how"):
        return True
    return bool(_AUXILIARY.match(clause) or _LATE.search(sentence.free))


def _without_prefaces(sentence: Sentence) -> str:
    """The question from its first telling word on: without "could you tell me", "for patient X," and so on."""
    prefaces = [cue for cue in sentence.cues if cue.table == "preface"]
    position = 0
    while True:
        begins = _beginnings(sentence.free, position)
        ends = [cue.end for cue in prefaces if cue.start in begins]
        ends += [m.end() for begin in begins if (m := _ASKS_SOMEONE.match(sentence.free, begin))]
        if not ends:
            return sentence.free[max(begins) :]
        position = max(ends)


def _beginnings(text: str, position: int) -> set[int]:
    """Where the next words may begin: here, after the punctuation, after "and the patient"."""
    rest = text[position:]
    start = _STARTS.match(text, position)
    return {position, position + len(rest) - len(rest.lstrip(" ,;:.·'-")), start.end() if start else position}


def _asks_when(sentence: Sentence) -> bool:
    """Tell "when was it taken?" from "what was it when it was taken?" and "when it was taken, what was it?"."""
    clause = _without_prefaces(sentence)
    asks = _MAIN.search(clause)
    if not asks or _DAY_OF.search(clause[: asks.start()]):
        return True
    return bool((asks["when"] and not _THEN_ASKS.search(asks["rest"])) or asks["moment"] or asks["recent"])


def _names_a_value(sentence: Sentence) -> bool:
    """A question for a value or name that mentions a time: "what was the weight the last time"."""
    text = sentence.free
    if _VALUE_ASKED.search(text):
        return True
    if _TIME_ASKED.search(text):
        return False
    return bool(_NAME_ASKED.search(text)) and not _MOMENT_ASKED.search(text)
