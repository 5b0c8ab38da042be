"""Questions about two events: which came first, how long between, one during the other."""

import re
from dataclasses import replace

from agent.planner.asking import is_yes_no
from agent.planner.cues import cues_in
from agent.planner.frame import Frame
from agent.planner.kinds import KIND_OF_TYPE
from agent.planner.naming import in_clause, topic_mentions
from agent.planner.sentence import Sentence
from tools.concepts import Mention

_YEAR = re.compile(r"(?:in|during)\s+(\d{4}(?:-\d\d)?)", re.I)
_SPAN = re.compile(r"\bbetween\b.*\band\b|\bfrom\b.*\b(?:to|until)\b", re.IGNORECASE)
_DAYS_ASKED = re.compile(r"\b(?:days|interval)\b", re.IGNORECASE)
_ONE_TO_ANOTHER = re.compile(r"\b(?:and|from|to|until|till|then|after|before)\b|->|→", re.IGNORECASE)
_OLDER_THAN = re.compile(r"\b(?:older|earlier|sooner) than\b", re.IGNORECASE)
_LENGTH = re.compile(r"\b(?:how long|how much time|time|days|weeks|months|years|interval)\b", re.IGNORECASE)
_BEFORE = ("before", "prior to", "earlier than", "sooner than", "ahead of", "by the time")
_AFTER = ("after", "following", "later than", "subsequent")
_LEADING_BEFORE = re.compile(r"\W*(?:before|by the time|prior to)\b", re.IGNORECASE)
"""What is named first is then what the other came before: "by the time asthma was diagnosed, had she …?"."""
_ALREADY = re.compile(r"\balready\b(?=.*\bwhen\b.*\bfirst\b)", re.IGNORECASE)
"""What was there when the other was first found came before it."""
_JUST_AFTER = len(" have an ")
_DURING = ("when", "while", "during", "at the time")
_LEADS = (
    "before and after", "prior to", "at the time of", "at the time", "earlier than", "later than", "subsequent to",
    "by the time", "sooner than", "ahead of", "before", "after", "following", "when", "while", "during", "since",
    "until", "around",
)  # fmt: skip


def two_events(sentence: Sentence, base: Frame) -> Frame | None:
    """Return the comparison the question asks for, or None if it is about one thing."""
    if sentence.threshold:
        return None
    if not sentence.anchored and sentence.periods and _in_force_asked(sentence, base):
        return _in_force(sentence, base)
    if sentence.anchored:
        return _beside_a_clause(sentence, base)
    named = topic_mentions(sentence)
    return _between(sentence, base, named) if len(named) > 1 else None


def _in_force_asked(sentence: Sentence, base: Frame) -> bool:
    """Tell "was she on metformin in 2015?" from "was metformin prescribed in 2015?"."""
    on_it = sentence.has("on") and not sentence.has("kind")
    return base.give == "exists" and (on_it or sentence.has("status", "active"))


def _in_force(sentence: Sentence, base: Frame) -> Frame | None:
    named, year = topic_mentions(sentence), _YEAR.fullmatch(sentence.periods[0].text)
    if len(named) != 1 or year is None:
        return None
    return replace(
        base, topic="compare", concept=event_of(named[0]), second=year[1], order="during", period=""
    )


def _between(sentence: Sentence, base: Frame, named: list[Mention]) -> Frame | None:
    first, second = event_of(named[0]), event_of(named[1])
    both = replace(base, topic="compare", concept=first, second=second)
    order = sentence.meanings("order")
    joined = sentence.text[named[0].end : named[1].start].casefold()
    if _LENGTH.search(sentence.free) and _SPAN.search(sentence.free):
        return replace(both, order="days")
    if _DAYS_ASKED.search(sentence.free) and _ONE_TO_ANOTHER.search(joined) and not is_yes_no(sentence):
        return replace(both, order="days")
    if _OLDER_THAN.search(joined) and is_yes_no(sentence):
        return replace(both, order="before")
    if _either_or(sentence, named) and (
        "which" in order or sentence.has("pick", "first") or "before" in order
    ):
        return replace(both, order="earlier", give="entry")
    if "between" in order or (base.give == "duration" and {"before", "after"} & set(order)):
        return replace(both, order="days")
    if not is_yes_no(sentence):
        return replace(both, order="around") if "around" in order else None
    if re.search(r"\b(?:when|while|during|at the time of)\b", joined):
        return replace(both, order="before" if _ALREADY.search(sentence.free) else "during")
    if _LEADING_BEFORE.match(sentence.text):
        return replace(both, concept=second, second=first, order="before")
    if "before" in order:
        return replace(both, order="before")
    if "after" in order:
        return replace(both, concept=second, second=first, order="before")
    if "during" in order:
        return replace(both, order="during")
    return replace(both, order="around") if "around" in order else None


def _either_or(sentence: Sentence, named: list[Mention]) -> bool:
    between = sentence.text[named[0].end : named[1].start + 1].casefold()
    which = re.search(
        r"(?<!in )\b(?:which|what)\b.*\b(?:first|earlier|sooner|before|older)\b", sentence.free, re.I
    )
    return (
        bool(re.search(r"\b(?:or|vs\.?|versus)\b", between)) or bool(which) or sentence.has("order", "which")
    )


def _beside_a_clause(sentence: Sentence, base: Frame) -> Frame | None:
    """A clause such as "before the diabetes was diagnosed" beside a topic of its own."""
    clause = sentence.anchored[0]
    lead = clause.text.casefold()
    outside = topic_mentions(sentence)
    if not outside:
        return None
    inside = next((m for m in sentence.mentions if in_clause(sentence, m)), None)
    inside = inside or next((m for m in outside[1:] if 0 <= m.start - clause.end <= _JUST_AFTER), None)
    topic, event = (
        event_of(outside[0]),
        event_of(inside) if inside else _named_event(_without_lead(clause.text)),
    )
    compared = replace(base, topic="compare", concept=topic, second=event)
    if "before and after" in sentence.text.casefold() or lead.startswith("around"):
        return replace(compared, order="around")
    counted = base.give == "duration" or (base.give != "exists" and _DAYS_ASKED.search(sentence.free))
    if counted and lead.startswith((*_BEFORE, *_AFTER, "until", "till")):
        return replace(compared, concept=event, second=topic, order="days")
    if base.give != "exists" or sentence.has("any"):
        return None
    if lead.startswith(_BEFORE):
        return replace(compared, order="before")
    if lead.startswith(_AFTER):
        return replace(compared, concept=event, second=topic, order="before")
    if lead.startswith(_DURING):
        return replace(compared, order="before" if _ALREADY.search(sentence.text) else "during")
    return None


def _without_lead(clause: str) -> str:
    lead = next((lead for lead in _LEADS if clause.casefold().startswith(lead)), "")
    return clause[len(lead) :].strip(" ,?.")


def _named_event(words: str) -> str:
    """An event without a name of its own: "she was admitted" is the last admission."""
    kinds = [cue for cue in cues_in(words) if cue.table in ("category", "discharge")]
    if kinds:
        return f"encounter: last {'emergency visit' if kinds[0].meaning == 'emergency' else 'admission'}"
    visited = any(cue.table == "kind" and cue.meaning == "encounter" for cue in cues_in(words))
    return "encounter: last visit" if visited else words


def event_of(mention: Mention) -> str:
    """Return a name as `compare` takes it, with its kind where that is clear."""
    return f"{KIND_OF_TYPE[mention.kinds[0]]}: {mention.text}" if len(mention.kinds) == 1 else mention.text
