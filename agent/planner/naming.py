"""Which of the names in a question it is about, and of what kind that is."""

import re
from dataclasses import replace

from agent.planner.frame import Frame
from agent.planner.kinds import types_for
from agent.planner.sentence import Sentence
from tools.concepts import Mention

_WHAT = r"(?:an?\s+|any\s+|the\s+)?(?P<what>[a-z][\w' /-]{2,60}?)"
_TOLD = r"(?:first |last |ever |newly )?(?:diagnosed|found|detected|performed|done)\b"
_WHICH = r"(?:(?:first|last|latest|most recent|number of|dates? of|the|any)\s+)*"
_DUE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bdiagnosed with {_WHAT}(?:\s+(?:since|until|before|after|in|when|at)\b.*)?[?.]*$",
        rf"\bdiagnos[ei]s of {_WHAT}(?:\s+(?:since|until|before|after|in|when|at|on)\b.*)?[?.]*$",
        rf"\bwhen {_WHAT} (?:was|were) {_TOLD}",
        rf"^\W*(?:was|were|has|have) {_WHAT} (?:ever )?(?:been )?{_TOLD}",
        rf"^\W*{_WHICH}{_WHAT}\s*[:,]\s*(?:how (?:many times|often)|when|dates?|ever|on file|done|count|number)\b",
        rf"\b(?:was|were|is)\s+(?:the |my |her |his |their |·+\s*)?{_WHICH}{_WHAT}\s+"
        r"(?:ever |first |last |most recently )*"
        r"(?:been )?(?:done|performed|carried out|conducted|administered|given)\b",
        rf"\b(?:number of times|how often|how many times|when|ever)\b"
        rf".*?\b(?:underwent|undergo(?:ne)?) {_WHAT}(?:\s+·+)?\W*$",
        rf"\b(?:have|had|suffer(?:ed)? from|get|experienced?) {_WHAT}\?+$",
        rf"\b(?:my|his|her|their|the|·+|at|since) (?:first|last|latest|most recent) {_WHAT}(?: diagnosis)?\?+$",
        rf"^\W*(?:duration|length) of {_WHAT}(?: in \w+)?\?+$",
    )
)
VISIT_ASKED = re.compile(
    r"\b(?:what|which) (?:kind|type|sort) of (?:an? )?(?:visit|encounter|appointment)\b"
    r"|\b(?:encounter|visit|appointment)\b[^?]*\bof (?:what|which) (?:kind|type|sort)\b"
    r"|\b(?:encounter|visit|appointment)\b[^?]*\b(?:what|which) (?:kind|type|sort) (?:was|is) (?:it|that)\b"
    r"|\b(?:encounter|visit|appointment) (?:class/)?type(?: name)?\b"
    r"|\b(?:type|kind|sort) of (?:the )?(?:visit|encounter|appointment)\b",
    re.IGNORECASE,
)
"""The kind of visit at which something was."""
_NEXT_TO = re.compile(r"\bnext[ -](?:to|of)\b", re.IGNORECASE)
_MEANT = ("kind", "category", "discharge", "profile", "status")
_NO_NAME = re.compile(
    r"\b(?:in|since|until|at|on|before|after|during|over|within|by|for|any|anything|anyone|something|it|this|that|these|those|what|which|who|i|he|she|they|we|you|been|one|ones"
    r"|conditions?|diseases?|problems?|diagnos[ei]s|illness(?:es)?|visits?|tests?|procedures?|medications?|records?"
    r"|patient|most|first|last|latest|recently|times?|days?|years?|months?|weeks?|there|now)\b",
    re.IGNORECASE,
)


def kinds_of(sentence: Sentence) -> set[str]:
    """Return the kinds that words of the question name."""
    return set(sentence.meanings("kind"))


def topic_mentions(sentence: Sentence) -> list[Mention]:
    """Return the names outside clauses such as "before starting insulin"."""
    return [m for m in sentence.mentions if not in_clause(sentence, m)]


def in_clause(sentence: Sentence, mention: Mention) -> bool:
    """Tell whether a name stands in a clause that only bounds the time."""
    return any([clause.start <= mention.start < clause.end for clause in sentence.anchored])


def main_mention(sentence: Sentence) -> Mention | None:
    """The name the question is about: of the kind that is named, recorded before merely known, longest first."""
    types = {t for kind in sentence.meanings("kind") for t in types_for(kind)}
    candidates = topic_mentions(sentence)
    best = max(candidates, key=lambda m: (bool(set(m.kinds) & types), m.recorded, len(m.text)), default=None)
    return best and replace(best, kinds=_likeliest(best.kinds, types))


def _likeliest(kinds: tuple[str, ...], named: set[str]) -> tuple[str, ...]:
    """The kinds that are named first; a drug is meant as a drug, not as an allergy, unless allergies are named."""
    meant = tuple(kind for kind in kinds if kind in named)
    others = tuple(kind for kind in kinds if kind not in named and kind != "AllergyIntolerance")
    return (meant + others) or kinds  # fmt: skip


def concept_text(sentence: Sentence) -> str:
    """The words for what the question is about, known or not; "" if it names nothing."""
    mention = main_mention(sentence)
    return mention.text if mention else unnamed(sentence)


def unnamed(sentence: Sentence) -> str:
    """The words that nothing explains: the name of something that neither the record nor the lexicon knows."""
    return max(sentence.rest, key=len, default="")


def plainly_named(sentence: Sentence) -> str:
    """What stands where a name is due, though every word of it is an ordinary one: "diagnosed with injury of neck"."""
    if sentence.mentions:
        return ""
    for pattern in _DUE:
        due = pattern.search(sentence.free)
        if due and _may_be_a_name(due, sentence):
            return due["what"]
    return ""


def _may_be_a_name(found: re.Match[str], sentence: Sentence) -> bool:
    meant = any(
        c.table in _MEANT and found.start("what") <= c.start < found.end("what") for c in sentence.cues
    )
    return not meant and not _NO_NAME.search(found["what"])


def anchored_period(sentence: Sentence, base: Frame) -> str:
    """The period of the question: a plain one, else a clause that hangs on another event."""
    return base.period or (sentence.anchored[0].text if sentence.anchored else "")


def ahead(sentence: Sentence, base: Frame) -> Frame:
    """Return the frame, from today on where the next of something is asked for."""
    following = sentence.has("next") and not _NEXT_TO.search(sentence.free)
    return replace(base, period="after today") if following and not anchored_period(sentence, base) else base
