"""Questions about the whole: a summary, what happened, what notes say, what it cost."""

import re
from dataclasses import replace

from agent.planner.followup import STAYS
from agent.planner.frame import Frame
from agent.planner.naming import anchored_period, concept_text, kinds_of, topic_mentions
from agent.planner.sentence import Sentence

_PAYER = r"(?:payers?|payors?|insurers?|insurance(?: compan(?:y|ies))?|insurance carriers?|health plans?)"
_PAYER_ASKED = re.compile(
    rf"\b(?:which|what|whose)\s+(?:compan(?:y|ies)|{_PAYER})\b"
    rf"|\b(?:is|was|are|were)\s+(?:the\s+)?(?:name of the\s+)?{_PAYER}\b"
    rf"|^\W*(?:name of the\s+)?{_PAYER}\s+(?:of|for|on|to|named|billed|charged|that|who)\b|\bwho(?:m|se)?\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:how many|number of|no\. of|count|tally)\b", re.IGNORECASE)
_NOUNS_OF_NOTES = ("note", "clinical note", "progress", "document", "letter", "discharge", "chart", "h&p")


def overview(sentence: Sentence, base: Frame) -> Frame | None:
    """Read "summarise this patient", "prepare me for the visit", "what is in the record"."""
    if not sentence.has("summary") or topic_mentions(sentence):
        return None
    if sentence.has("summary", "record") and sentence.has("profile"):
        return None
    if base.give in ("reason", "who", "where") or sentence.has("kind", "costs"):
        return None
    if (
        anchored_period(sentence, base)
        and sentence.has("kind", "encounter")
        and not sentence.has("summary", "visit")
    ):
        return replace(base, topic="timeline", give="", period=anchored_period(sentence, base))
    named = set(sentence.meanings("kind")) - {"encounter"}
    if named == {"condition"} and "history" in sentence.free.casefold():
        named = set()
    if named and not sentence.has("summary", "visit") and "patient" not in sentence.text.casefold():
        return None
    return replace(base, topic="overview", about=sentence.meanings("summary")[0])


def money(sentence: Sentence, base: Frame) -> Frame | None:
    """Read what care cost, and who paid."""
    if not sentence.has("kind", "costs"):
        return None
    if base.give in ("", "who", "where") and _PAYER_ASKED.search(sentence.free):
        return _payer(sentence, base)
    counted = base.give == "count" and _COUNTED.search(sentence.free)
    about = "count" if counted else next(iter(sentence.meanings("costs")), "billed")
    text = sentence.free.casefold()
    by = next(
        (by for by in ("year", "payer", "type") if any(f"{w} {by}" in text for w in ("by", "per", "each"))),
        "",
    )
    period = base.period or _visit_meant(sentence)
    return replace(base, topic="costs", about=about, by=by, concept=concept_text(sentence), period=period)


def _visit_meant(sentence: Sentence) -> str:
    """Return the time of one visit: "what did his last visit cost?"."""
    pick = next((pick for pick in sentence.meanings("pick") if pick in ("first", "last")), "")
    if not pick or not sentence.has("kind", "encounter"):
        return ""
    return f"during the {pick} {STAYS.get(next(iter(sentence.meanings('category')), ''), 'visit')}"


def _payer(sentence: Sentence, base: Frame) -> Frame:
    """Read to whom a claim was sent."""
    pick = next((pick for pick in sentence.meanings("pick") if pick in ("first", "last")), "")
    concept = concept_text(sentence) if topic_mentions(sentence) else ""
    return replace(
        base, topic="find", kind="claim", give="detail", part="insurer", concept=concept, pick=pick
    )


def notes(sentence: Sentence, base: Frame) -> Frame | None:
    """Read what notes say, how many there are, and from when."""
    if not sentence.has("kind", "document") or kinds_of(sentence) - {"document", "encounter"}:
        return None
    said = [cue.text.casefold() for cue in sentence.cues if cue.table == "kind" and cue.meaning == "document"]
    concept = concept_text(sentence)
    if not any(word.startswith(_NOUNS_OF_NOTES) for word in said) or (said == ["documentation"] and concept):
        return None
    pick = next((pick for pick in sentence.meanings("pick") if pick in ("first", "last")), "")
    if base.give in ("count", "date") and not concept:
        return replace(base, topic="find", kind="document", pick=pick)
    return replace(base, topic="notes", concept=concept, pick=pick)


def timeline(sentence: Sentence, base: Frame) -> Frame | None:
    """Read "what happened during the last admission?", "anything new since the last visit?"."""
    if not sentence.has("timeline") or topic_mentions(sentence) or sentence.has("kind", "costs"):
        return None
    if base.give in ("count", "duration", "age", "who", "where", "reason"):
        return None
    if kinds_of(sentence) - {"encounter"} and not _sure_words(sentence):
        return None
    return replace(base, topic="timeline", give="", period=anchored_period(sentence, base))


def _sure_words(sentence: Sentence) -> bool:
    weak = ("course", "events", "happened")
    return any(c.table == "timeline" and c.text.casefold() not in weak for c in sentence.cues)
