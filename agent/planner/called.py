"""Names of visits and supplies, and the words that stand where one is due: "encounters of the type X".

Whole recorded names and what the lexicon knows; a part of a name counts only where a name is due, as visits are
named with ordinary words ("problem", "treatment"). Whom a visit was with is here, too.
"""

import re
from re import Match
from collections.abc import Iterable, Iterator

from agent.planner.cues import cues_in, is_plain
from tools.concepts import Mention, link
from tools.concepts import mentions as names_in
from tools.record import PatientRecord

_SAID, _SURE = 0.85, 1.0
_STOP = (
    r"(?=\s*(?:[?.,:;!·\"”)]|$)|\s+(?:did|do|does|was|were|is|are|am|have|has|had|in|on|at|since|until|before|after"
    r"|during|recorded|documented|ever|there|i|she|he|they|the patient|my|last|come|came|arrive)\b)"
)
_NO_NAME = r"(?:what|which|who|it|that|this|was|is|are|were|did|do|does|for|of|at|on|in|by)\b"
_NAME = rf"[\"'“]?(?P<name>(?!{_NO_NAME})[^\W\d_](?:(?![?:;·¤]|, ).){{1,80}}?)['”]?{_STOP}"
_VISIT = r"(?:visits?|encounters?|appointments?|consultations?|contacts?|stays?)"
_DUE = (
    (
        "Encounter",
        re.compile(
            rf"\b{_VISIT},?\s+(?:of\s+(?:the\s+|an?\s+)?(?:types?|kinds?|sort)|types?"
            r"|(?:(?:that|which)\s+)?(?:(?:is|are|was|were|been)\s+)?(?:(?:listed|recorded|coded|filed|classified"
            r"|documented|entered|logged|labell?ed|described|registered|categori[sz]ed)\s+(?:as|under)|called|named))"
            rf":?\s+(?:an?\s+|the\s+)?{_NAME}",
            re.IGNORECASE,
        ),
    ),
    (
        "SupplyDelivery",
        re.compile(
            rf"\b(?:suppl(?:y|ies)|deliver(?:y|ies)|quantity|shipments?|packs?|amount)\s+of\s+(?:the\s+|my\s+|her\s+|his\s+)?{_NAME}",
            re.IGNORECASE,
        ),
    ),
    (
        "SupplyDelivery",
        re.compile(
            r"\b(?:get|got|given|receive|received|when|were|was|did they|much|many)\s+(?:the\s+|my\s+|her\s+|his\s+|any\s+)?"
            rf"(?P<name>(?!{_NO_NAME}|(?:they|i|he|she|my|her|his|the)\b)[^\W\d_](?:(?!\b(?:times|often|was|were|of|did)\b|[?:;·¤,]).){{1,60}}?)\s+(?:was\s+|were\s+|ever\s+|last\s+|first\s+|most recently\s+)*"
            r"(?:get\s+|got\s+)?(?:supplied|delivered|dispatched|shipped|sent|(?:came|arrived)\b[^?]*\bdelivery)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "SupplyDelivery",
        re.compile(
            r"(?:^|\b(?:last|latest|most recent|first|of|any|the|my|her|his)\s+)(?P<name>(?:(?!\b(?:of|last|latest|most|first|the|any|quantity|date)\b)[\w -]){2,60}?)"
            r"\s+(?:suppl(?:y|ies)|deliver(?:y|ies)|shipments?|refills?|quantity)\b",
            re.IGNORECASE,
        ),
    ),
)
_TITLE = r"(?:[Dd]r|[Dd]oc(?:tor)?|[Pp]rof(?:essor)?|[Nn]urse|[Pp]ractitioner)\b\.?\s+"
_FULL = r"[A-Z][\w'’-]*[a-z](?:\s+[A-Z][\w'’-]*){0,3}"
_SEEN_BY = (
    r"(?:see|saw|seen by|seen|seeing|visit(?:s|ed)?|consult(?:ed|ations?)?|appointments?|encounters?|been|went|go|made|make"
    r"|treated by|examined by)"
)
_PERSON = rf"(?P<name>[A-Z][\w'’-]*[a-z]\s+{_FULL})(?!['’]s)"
_CLINICIANS = (
    re.compile(rf"\b{_TITLE}(?P<name>{_FULL})"),
    re.compile(r"\b(?i:dr)\b\.?\s+(?P<name>[a-z][\w'’-]+)"),
    re.compile(rf"\b(?i:{_SEEN_BY})\s+(?:(?i:with|by|to|visits? to|to see|with the)\s+)*{_PERSON}"),
    re.compile(rf"\b(?i:visits?|encounters?|appointments?|consultations?|contacts?)\b[^?]*?\b(?:with|by|to)\s+{_PERSON}"),
    re.compile(
        rf"\b(?i:did|has|have|had)\s+{_PERSON}\s+(?:ever\s+|last\s+|first\s+|·+\s*)*(?:see|seen|visit|visited|treat|treated|examined?)"
        r"\s+(?:me|her|him|them|the patient|patient|·)"
    ),
)


def called(text: str, record: PatientRecord) -> list[Mention]:
    """Return the names of visits and supplies in a question, those that stand where one is due first."""
    due = list(_due(text, record))
    return [*due, *_apart(_named(text, record), due)]


def _due(text: str, record: PatientRecord) -> Iterator[Mention]:
    for kind, pattern in _DUE:
        for match in pattern.finditer(text):
            recorded = bool(link(match["name"], record, (kind,)))
            if recorded or kind == "Encounter":
                yield Mention(match["name"], match.start("name"), match.end("name"), (kind,), recorded, _SURE)


def _named(text: str, record: PatientRecord) -> Iterator[Mention]:
    cues = cues_in(text)
    settings = [cue for cue in cues if cue.table in ("category", "discharge")]
    visits = [cue for cue in cues if cue.table == "kind" and cue.meaning == "encounter"]
    nouns = [cue for cue in cues if cue.table == "kind" and cue.meaning != "encounter"]
    for mention in names_in(text, record, ("Encounter", "SupplyDelivery")):
        told = any(cue.start <= mention.start and mention.end <= cue.end for cue in settings)
        if mention.score < _SAID or told:
            continue
        if "Encounter" in mention.kinds:
            other = "encounter" not in mention.text.casefold() and any(cue.end == mention.end for cue in nouns)
            visit = any(cue.start <= mention.start < cue.end for cue in visits)
            if not other and (visit or " " in mention.text):
                yield mention
        elif mention.recorded:
            yield mention


def _apart(found: Iterable[Mention], taken: Iterable[Mention]) -> Iterator[Mention]:
    taken = list(taken)
    yield from (one for one in found if not any(one.start < t.end and t.start < one.end for t in taken))


def clinician(text: str) -> Match | None:
    """Return where a question names whom the patient saw, in the group "name", without title; None if nowhere.

    >>> [clinician(q)["name"] for q in ("When did I last see Dr. Jane Nguyen?", "How many visits did I make to Ann Lee?")]
    ['Jane Nguyen', 'Ann Lee']
    """
    found = (match for pattern in _CLINICIANS for match in pattern.finditer(text))
    return next((m for m in found if m["name"][0].isupper() or not is_plain(m["name"])), None)
