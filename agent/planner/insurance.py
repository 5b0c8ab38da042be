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
_NOBODY = re.compile(
    r"\b(?:i|he|she|they|me|whom|which|what|it|the|my|his|her|insurance|health|company|companies|insurer|years?"
    r"|date|name|current|present|first|last|private|public)\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:until|leave|left|end|ended|ends|stop(?:ped)?|cease[ds]?|expired?|ran out)\b", re.IGNORECASE
)
_YEARS = re.compile(r"\byears\b", re.IGNORECASE)
_COMPANIES = re.compile(
    r"\b(?:insurers|payers|payors|(?:insurance )?compan(?:y|ies)|carriers)\b", re.IGNORECASE
)
_SO_FAR = re.compile(
    r"\b(?:all|ever|so far|to date|over the years|on record|have covered|been with"
    r"|(?:have|has) (?:i|he|she|they|·+|the patient) (?:had|been))\b",
    re.IGNORECASE,
)
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
    period = anchored_period(sentence, base)
    found = replace(base, topic="find", kind="coverage", concept=payer, period=period)
    if _years_asked(sentence, base):
        return replace(found, asks="years")
    if base.asks in ("count", "distinct"):
        return replace(found, asks="distinct" if _COMPANIES.search(sentence.text) else base.asks)
    now = "" if payer or period or sentence.ever else "active"
    if base.asks == "date":
        first = "first" if sentence.has("pick", "first") else ""
        return replace(
            found, ended=bool(_LEFT.search(sentence.text)), pick=first, status="" if first else now
        )
    if payer and base.asks in ("yes or no", "duration"):
        return replace(found, status="active" if _of_now(sentence, found) else "")
    if payer:
        return replace(found, asks="name")
    if base.asks == "yes or no" and not sentence.has("profile", _PLAN):
        return replace(found, status=now)
    return _who(sentence, found)


def _who(sentence: Sentence, found: Frame) -> Frame:
    """Return what asks for the insurer or the plan of some time, else of now."""
    plan = sentence.has("profile", _PLAN)
    first = sentence.has("pick", "first")
    if _FORMER.search(sentence.free) and not found.period:
        return replace(found, asks="name", pick="last", status="inactive")
    if found.period or first or sentence.ever or _SO_FAR.search(sentence.free):
        asks, part = ("detail", "plan") if plan else ("name", "")
        return replace(found, asks=asks, part=part, pick="first" if first else "")  # type: ignore[arg-type]
    return replace(found, topic="profile", kind="", about=_PLAN if plan else "insurance", asks="value")


def _of_now(sentence: Sentence, found: Frame) -> bool:
    """Whether a question about one insurer is about the present: "is she still with Humana?", "am I with Aetna?"."""
    if found.period or sentence.ever or _SO_FAR.search(sentence.free):
        return False
    present = found.asks == "yes or no" and _PRESENT.match(sentence.text)
    return bool(present) or sentence.has("status", "active")


def _payer(sentence: Sentence) -> str | None:
    """Return the insurer that a question names, "" if none; None if it is not about insurance."""
    recorded = next((m for m in topic_mentions(sentence) if m.kinds == ("Coverage",)), None)
    if recorded:
        return recorded.text
    if not sentence.has("profile", "insurance", _PLAN):
        return None
    found = next(filter(None, (pattern.search(sentence.text) for pattern in _PAYER)), None)
    named = found["who"].strip() if found else ""
    return "" if _NOBODY.search(named) else named


def _of_something_else(sentence: Sentence, base: Frame) -> bool:
    """Whether another thing is asked about: a drug that was covered, what a visit cost, the kind of a stay."""
    if any(mention.kinds != ("Coverage",) for mention in topic_mentions(sentence)) or sentence.threshold:
        return True
    if sentence.has("kind", "costs") and (base.asks != "who" or _BILL.search(sentence.free)):
        return True
    return bool(
        set(sentence.meanings("kind"))
        - {"costs", "document", "encounter", "report", "condition", "care plan"}
    )


def _years_asked(sentence: Sentence, base: Frame) -> bool:
    return base.asks in ("count", "distinct", "duration", "value") and bool(_YEARS.search(sentence.text))
