"""Questions about insurances: who insures, who ever did, from when to when, for how many years, under which plan.

Insurers are recognised by their recorded name or, where the record does not have them, by where they stand in the
question ("covered by …"). Left out: what an insurer paid (`overviews`).
"""

import re
from dataclasses import replace

from agent.planner.frame import Frame
from agent.planner.naming import anchored_period, topic_mentions
from agent.planner.sentence import Sentence

_WHO = (
    r"(?P<who>[A-Za-z][\w&'.-]*"
    r"(?: (?-i:[A-Z])[\w&'.-]*| of| cross| blue| shield| permanente| health| healthcare){0,4})"
)
_PAYER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:with|by|from|under|join|leave) {_WHO}(?=\W*$| begin| start| end| last|,)",
        rf"\b(?:did|does) {_WHO} (?:begin|start|stop|cease|insure|cover)\b",
        rf"\b(?:my|his|her|their|the patient's|·+) {_WHO} (?:coverage|insurance|policy)\b",
        rf"^\W*{_WHO} (?:coverage|insurance|policy):",
        rf"^\W*(?:was|is|has) {_WHO} (?:ever|among)\b",
    )
)
_KNOWN = re.compile(
    r"\b(?:medicare|medicaid|humana|aetna|anthem|cigna(?: health(?:care)?)?|tricare"
    r"|kaiser(?: permanente)?|united ?health ?care|blue (?:cross(?:(?: and| &)? blue shield)?|shield)|bcbs)\b",
    re.IGNORECASE,
)
"""Insurers known by name, wherever they stand."""
_MEMBER = re.compile(
    r"\b(?:member|enrolled|covered|covers?|policyholder|been with|was \S+ with|insur\w+)\b", re.IGNORECASE
)
_NOBODY = re.compile(
    r"\b(?:i|he|she|they|me|whom|which|what|it|the|my|his|her|insurance|health|company|companies|insurer|years?"
    r"|now|then|today|date|name|current|present|first|last|private|public)\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:until|till|up to|through|leave|left|end|ended|ends|stop(?:ped)?|cease[ds]?|expired?|r[au]n out"
    r"|(?:is|was|were|be) (?:it |that )?over"
    r"|terminat\w+|laps\w+)\b",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\byears\b(?! ago)", re.IGNORECASE)
_COMPANIES = re.compile(
    r"\b(?:insurers|payers|payors|(?:insurance )?compan(?:y|ies)|carriers)\b", re.IGNORECASE
)
_SO_FAR = re.compile(
    r"\b(?:all|every|ever|so far|to date|over the years|over time|history|different|at any (?:time|point)|past ones"
    r"|anywhere|over the whole|on record|have covered|been with"
    r"|(?:have|has) (?:i|he|she|they|·+|the patient) (?:had|been))\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:in the beginning|(?:the|very) (?:start|beginning) of|initial(?:ly)?)\b", re.IGNORECASE
)
_FIRST_TO_LAST = re.compile(r"\bfrom (?:the )?first\b", re.IGNORECASE)
_BEGAN = re.compile(
    r"\b(?:effective|start|begin(?:ning)?|since|valid) (?:from|date|when)?\W*$", re.IGNORECASE
)
_ON_A_DAY = re.compile(r"^(?:as of|as at|at|dated|by)\s+", re.IGNORECASE)
_WHICH_ONE = re.compile(r"\b(?:which|what|who|whom)\b|\binsurer\b.*\bat that time\b", re.IGNORECASE)
_INSURING = re.compile(r"\b(?:insur(?:es|ed|ing)|insurer|pay(?:s|ing) as)\b", re.IGNORECASE)
_BILL = re.compile(r"\b(?:claims?|bills?|billed|invoices?)\b", re.IGNORECASE)
"""Who pays a bill is another question than who insures, asked as "who pays for her care?", too."""
_FORMER = re.compile(r"\b(?:previous|prior|former|earlier)\b", re.IGNORECASE)
_PRESENT = re.compile(r"\W*(?:am|is|are|do|does)\b(?!.*\b(?:among|one of|record|file)\b)", re.IGNORECASE)
_PLAN = "insurance plan"


def insurance(sentence: Sentence, base: Frame) -> Frame | None:
    """Return what is asked of the insurances, None if the question is about something else."""
    payer = _payer(sentence)
    if payer is None or _of_something_else(sentence, base):
        return None
    period = _ON_A_DAY.sub("on ", anchored_period(sentence, base))
    found = replace(base, topic="find", kind="coverage", concept=payer, period=period)
    if _years_asked(sentence, base):
        return replace(found, give="years")
    if base.give in ("count", "distinct") or (sentence.has("give", "count") and not base.give):
        return replace(found, give="distinct" if _COMPANIES.search(sentence.text) else base.give)
    now = "" if payer or period or sentence.ever or _SO_FAR.search(sentence.free) else "active"
    began = payer and _BEGAN.search(sentence.text)
    which = not payer and (period or _WHICH_ONE.search(sentence.free)) and _WHICH_ONE.search(sentence.free)
    listed = not payer and _SO_FAR.search(sentence.free) and not sentence.has("give", "date")
    if began or (base.give == "date" and not which and not listed):
        first = "first" if _first(sentence) else ""
        return replace(
            found,
            give="date",
            ended=bool(_LEFT.search(sentence.text)),
            pick=first,
            status="" if first else now,
        )
    if payer and base.give in ("exists", "duration"):
        return replace(found, status="active" if _of_now(sentence, found) else "")
    if payer:
        return replace(found, give="entry")
    if base.give == "exists" and not sentence.has("profile", _PLAN):
        return replace(found, status=now)
    return _who(sentence, found)


def _first(sentence: Sentence) -> bool:
    """Whether the first insurance alone is meant, and not all of them "from first to current"."""
    first = sentence.has("pick", "first") or bool(_FIRST.search(sentence.free))
    return first and not _FIRST_TO_LAST.search(sentence.text)


def _who(sentence: Sentence, found: Frame) -> Frame:
    """Return what asks for the insurer or the plan of some time, else of now."""
    plan = sentence.has("profile", _PLAN)
    first = _first(sentence)
    if _FORMER.search(sentence.free) and not found.period:
        return replace(found, give="entry", pick="last", status="past")
    ever = sentence.ever and not sentence.has("status", "active")
    if found.period or first or ever or _SO_FAR.search(sentence.free):
        give, part = ("detail", "plan") if plan else ("entry", "")
        return replace(found, give=give, part=part, pick="first" if first else "")  # type: ignore[arg-type]
    return replace(found, topic="profile", kind="", about=_PLAN if plan else "insurance", give="")


def _of_now(sentence: Sentence, found: Frame) -> bool:
    """Whether a question about one insurer is about the present: "is she still with Humana?", "am I with Aetna?"."""
    if found.period or sentence.ever or _SO_FAR.search(sentence.free):
        return False
    present = found.give == "exists" and _PRESENT.match(sentence.text)
    return bool(present) or sentence.has("status", "active")


def _payer(sentence: Sentence) -> str | None:
    """Return the insurer that a question names, "" if none; None if it is not about insurance."""
    recorded = next((m for m in topic_mentions(sentence) if m.kinds == ("Coverage",)), None)
    if recorded:
        return recorded.text
    about = sentence.has("profile", "insurance", _PLAN)
    known = _KNOWN.search(sentence.text)
    if known and (about or _MEMBER.search(sentence.text)):
        return known.group()
    if not about:
        return None
    found = next(filter(None, (pattern.search(sentence.text) for pattern in _PAYER)), None)
    named = found["who"].strip() if found else ""
    return "" if _NOBODY.search(named) else named


def _of_something_else(sentence: Sentence, base: Frame) -> bool:
    """Whether another thing is asked about: a drug that was covered, what a visit cost, the kind of a stay."""
    if any(mention.kinds != ("Coverage",) for mention in topic_mentions(sentence)) or sentence.threshold:
        return True
    if sentence.has("kind", "costs") and (base.give != "who" or _BILL.search(sentence.free)):
        return not _INSURING.search(sentence.free)
    return bool(
        set(sentence.meanings("kind"))
        - {"costs", "document", "encounter", "report", "condition", "care plan"}
    )


def _years_asked(sentence: Sentence, base: Frame) -> bool:
    return base.give in ("count", "distinct", "duration", "", "date") and bool(_YEARS.search(sentence.text))
