"""Names of visits and supplies, and the words that stand where one is due: "encounters of the type X".

Whole recorded names and what the lexicon knows; a part of a name counts only where a name is due, as visits are
named with ordinary words ("problem", "treatment"). Whom a visit was with is here, too.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from re import Match

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
_FILED = (
    r"(?:(?:that|which)\s+)?(?:(?:is|are|was|were|been)\s+)?(?:(?:listed|recorded|coded|filed|classified|documented"
    r"|entered|logged|labell?ed|described|registered|categori[sz]ed)\s+(?:as|under)|called|named)"
)
_SUPPLY = r"(?:suppl(?:y|ies)|deliver(?:y|ies)|shipments?)"
_OWN = r"(?:(?:the|my|her|his|their|any)\s+)?"
_ITEM = (
    rf"(?P<name>(?:(?!\b(?:{_NO_NAME}|times|often|last|latest|most|first|the|any|quantity|dates?)\b)"
    r"[\w -]){2,60}?)"
)
_SENT = r"(?:supplied|delivered|dispatched|shipped|sent|(?:came|arrived)\b[^?]*\bdelivery)"
_ADVERBS = r"(?:(?:was|were|ever|last|first|most recently|get|got)\s+)*"
_DUE = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "Encounter",
            rf"\b{_VISIT},?\s+(?:of\s+(?:(?:the|an?)\s+)?(?:types?|kinds?|sort)|types?|{_FILED}):?\s+"
            rf"(?:(?:an?|the)\s+)?{_NAME}",
        ),
        ("SupplyDelivery", rf"\b(?:{_SUPPLY}|quantity|packs?|amount)\s+of\s+{_OWN}{_NAME}"),
        (
            "SupplyDelivery",
            rf"\b(?:get|got|given|receive|received|when|were|was|did they|much|many)\s+"
            rf"{_OWN}{_ITEM}\s+{_ADVERBS}{_SENT}\b",
        ),
        (
            "SupplyDelivery",
            rf"(?:^|\b(?:last|latest|most recent|first|of|any|the|my|her|his)\s+){_ITEM}\s+(?:{_SUPPLY}|quantity)\b",
        ),
    )
)
_DELIVERY = re.compile(r"deliver(?:y|ies)", re.IGNORECASE)
_TITLE = r"(?:[Dd]r|[Dd]oc(?:tor)?|[Pp]rof(?:essor)?|[Nn]urse|[Pp]ractitioner)\b\.?\s+"
_FULL = r"[A-Z](?:(?!['’]s\b)[\w'’-])*[a-z](?:\s+[A-Z](?:(?!['’]s\b)[\w'’-])*){0,3}"
_SEEN_BY = (
    r"(?:see|saw|seen by|seen|seeing|visit(?:s|ed)?|consult(?:ed|ations?)?|appointments?|appts?|encounters?|been|went"
    r"|go|made|make|treated by|examined by)"
)
_PERSON = rf"(?P<name>[A-Z][\w'’-]*[a-z]\s+{_FULL})(?!['’]s)"
_CLINICIANS = (
    re.compile(rf"\b{_TITLE}(?P<name>{_FULL})"),
    re.compile(r"\b(?i:dr)\b\.?\s+(?P<name>[a-z][\w'’-]+)"),
    re.compile(rf"\b(?i:{_SEEN_BY})\s+(?:(?i:with|by|to|visits? to|to see|with the)\s+)*{_PERSON}"),
    re.compile(
        rf"\b(?i:visits?|encounters?|appointments?|appts?|consultations?|contacts?)\b[^?]*?\b(?:with|by|to|w/)\s+{_PERSON}"
    ),
    re.compile(
        rf"\b(?i:did|has|have|had)\s+{_PERSON}\s+(?:ever\s+|last\s+|first\s+|·+\s*)*(?:see|seen|visit|visited|treat|treated|examined?)"
        r"\s+(?:me|her|him|them|the patient|patient|·)"
    ),
)


def with_called(found: list[Mention], text: str, record: PatientRecord) -> list[Mention]:
    """Return names with those of visits and supplies: the longer of two wins, the same name may be of both kinds."""
    named = _called(text, record)
    supplies = any("SupplyDelivery" in other.kinds for other in named)
    found = [one for one in found if not (supplies and _DELIVERY.fullmatch(one.text))]
    kept = [one for one in found if not any(_gives_way(one, other) for other in named)]
    free = [other for other in named if not any(_meet(one, other) for one in kept)]
    same = [
        replace(one, kinds=_both(one, other), recorded=one.recorded or other.recorded)
        for one in kept
        for other in named
        if (one.start, one.end) == (other.start, other.end)
    ]
    return [*(one for one in kept if not any(_meet(one, other) for other in same)), *same, *free]


def _both(one: Mention, other: Mention) -> tuple[str, ...]:
    """Return the kinds of two, those that are recorded first."""
    return (*other.kinds, *one.kinds) if other.recorded and not one.recorded else (*one.kinds, *other.kinds)


def _gives_way(one: Mention, other: Mention) -> bool:
    due = other.score >= _SURE > one.score and other.kinds == ("SupplyDelivery",)
    return _meet(one, other) and (due or one.end - one.start < other.end - other.start)


def _meet(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _called(text: str, record: PatientRecord) -> list[Mention]:
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
            other = "encounter" not in mention.text.casefold() and any(
                cue.end == mention.end for cue in nouns
            )
            visit = any(cue.start <= mention.start < cue.end for cue in visits)
            if not other and (visit or " " in mention.text):
                yield mention
        elif mention.recorded:
            yield mention


def _apart(found: Iterable[Mention], taken: Iterable[Mention]) -> Iterator[Mention]:
    taken = list(taken)
    yield from (one for one in found if not any(one.start < t.end and t.start < one.end for t in taken))


def clinician(text: str) -> Match[str] | None:
    """Return where a question names whom the patient saw, in the group "name", without title; None if nowhere.

    >>> clinician("When did I last see Dr. Jane Nguyen?")["name"], clinician("Any visits with Ann Lee?")["name"]
    ('Jane Nguyen', 'Ann Lee')
    """
    found = (match for pattern in _CLINICIANS for match in pattern.finditer(text))
    return next((match for match in found if _is_person(match["name"])), None)


def _is_person(name: str) -> bool:
    """Whether capitals make a name, not a title: "Did She Visit The Emergency Room?"."""
    if not name[0].isupper():
        return not is_plain(name)
    return not any(cue.table in ("kind", "category", "discharge", "give") for cue in cues_in(name))
