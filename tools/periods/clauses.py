"""A question -> its clauses that place things by an event: "before starting insulin", "at the last visit".

Pure text; whether the record has the event is for `anchors`. Not taken: "before breakfast", "after that"
(what a follow-up refers to is the planner's), questions that begin with "when".
"""

import re
from collections.abc import Sequence

from tools.periods.period import Mention
from tools.periods.recorded import QUOTED_VISIT
from tools.periods.relations import WITHIN
from tools.periods.words import compiled

STAY = (
    r"(?:hospital(?:i[sz]ation| stay| admission| visit)|inpatient stay|admission|stay|check-?\s?up|visit"
    r"|appointment|encounter"
    r"|consultation|exam(?:ination)?|physical|discharge|hospitali[sz]ation|presentation|follow-?\s?up"
    r"|screening|delivery)"
)


def _spaced(pattern: str) -> str:
    return pattern.replace(" ", r"\s+")


_TRIGGER = re.compile(
    rf"(?<![\w-])(?:(?:{_spaced(WITHIN)})|(?P<pair>before\s+and\s+after|prior\s+to\s+and\s+(?:after"
    rf"|following))"
    r"|before|prior\s+to|after|following|since|until|till|during|throughout|while|whilst|when|at|in|on|upon"
    r"|around"
    r"|from(?=\s+(?:the\s+)?(?:last|first|most\s+recent)))(?:\s+until)?\s+",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(
    r"\bhow\s+(?:long|many\s+\w+)(?:\s+(?:has|is|have)\s+(?:it|passed|elapsed)(?:\s+been)?)?\s*$"
    r"|(?:^\W*|\b(?:number\s+of|the)\s+)(?:days|weeks|months|years|time)(?:\s+(?:passed|elapsed))?\s*$",
    re.IGNORECASE,
)
_WITHIN = re.compile(rf"(?:{_spaced(WITHIN)})\s", re.IGNORECASE)
_NOT_AN_EVENT = re.compile(
    rf"(?:that|this(?!\s+(?:[\w-]+\s+){{0,2}}?{STAY}\b)|then|it|now|me|him|her(?!\s+\w)|them|us|which|what|when"
    r"|whom?|meals?|breakfast|lunch|dinner|supper|bed(?:time)?|food"
    r"|eating|all|care"
    r"|until|since|exercise|hand|or|and|for"
    r"|marriage|marrying|(?:he|she|they|i|we|the\s+patient|·+)\s+(?:got\s+|was\s+|were\s+)?married)\b",
    re.IGNORECASE,
)
_SINGLE_OUT = re.compile(
    r"(?:the\s+)?(?:time|one)\s+(?:just\s+)?(?:before|prior|preceding)\b"
    r"|(?:the\s+|her\s+|his\s+|my\s+)?(?:very\s+)?(?:last|first|latest|most\s+recent|previous|second"
    r"|third)(?:\s+(?:\w+\s+){0,3}?"
    r"(?:measurement|measure|assessment|reading|score|test|testing|check|time|occasion|instance|record|lab|result"
    r"|value|one)\b|\s*(?:[?.,;]|$))",
    re.IGNORECASE,
)
"""Words that pick one of many results: not a period."""
_NEVER = re.compile(r"(?!)")
_OF_A_PHRASE = {
    "following": re.compile(r"\b(?:the|these|any)\s*$", re.IGNORECASE),
    "after": re.compile(r"\blook(?:s|ed|ing)?\s*$", re.IGNORECASE),
}
"""What stands before a word that then begins no clause: "the following tests", "who looks after her"."""

_STAY_PHRASE = re.compile(
    r"(?:(?:the|her|his|their|my|a|an|this)\s+)?(?:time\s+of\s+(?:the\s+)?[\w ]+|diagnosis(?:\s+of\s+[\w ]+)?"
    r"|onset\s+of\s+[\w ]+"
    r"|(?:(?:second|third|next)\s+to\s+last\s+)?"
    rf"(?:(?!(?:for|to|at|by|home|terms)\b)[\w-]+\s+){{0,4}}?{STAY})\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[,;?!]|\.(?:\s|$)|\s(?=(?:what|which|who|how|why|please|list|show|tell|identify|determine"
    r"|above|below|over|under|greater|less|more|higher|lower|exceed\w*|[<>=]|for\s+patient|of\s+patient"
    r"|in\s+patient|to\s+patient"
    r"|and|or|but|was|were|is|are|did|does|do|has|have|had|can|could|will|would|before|after|since|until"
    r"|during|while|when"
    r"|prior|compared|versus|vs|via|(?:that\s+)?(?:he|she|they|i|the\s+patient|patient|·+)\s+(?:had|stayed|was))\b)",
    re.IGNORECASE,
)
_PREDICATE = re.compile(
    r"(?:\s(?:was|were|is|are|had|has|have|got)(?:\s(?:first|last|been|put|newly|initially|ever))*\s"
    r"(?:diagnosed|admitted|discharged|hospitali[sz]ed|started|stopped|discontinued|prescribed|begun|found"
    r"|made|done|performed"
    r"|removed|resolved|placed|implanted|pregnant|born|given|on|in|surgery|taking|confirmed|detected|noted)\b"
    r"|\s(?:started|stopped|began|resolved|ended|occurred|happened))",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\s*(?:(?:he|she|they|i|we|the\s+patient|patient)\b|·+)", re.IGNORECASE)
_SUBJECTS_VERB = re.compile(
    r"\s+(?:(?:first|last|ever|newly)\s+)?(?:was|were|had|has|have|got|is)\b"
    r"(?:\s+(?:first|newly|ever)\b)?(?:\s+(?:found|known|said)\s+to\s+have\b)?",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:was|were|is|are|did|does|do|has|have|had|list|show|give|tell|identify|determine|check|find"
    r"|what's)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:^|\b(?:know|tell|me|us|identify|determine|specify|say|exactly|about|time|occasion|instance|date|day"
    r"|moment|calculate"
    r"|report|state|provide|confirm|check|find|out|recall|see|wondering)\b[^?]*)\s*$|[,;:.!]\s*$",
    re.IGNORECASE,
)


def event_clauses(question: str, text: str, taken: Sequence[Mention]) -> list[Mention]:
    """Return the clauses that hang on an event and do not touch what is `taken`.

    Args:
        question: as typed; the mentions quote it.
        text: the same with plain quotes and dashes, character for character.
        taken: phrases of the calendar. One right after an encounter ("the visit of March 2019") joins the
            clause.
    """
    found = [_quoting(question, visit) for visit in compiled(QUOTED_VISIT).finditer(text)]
    taken, at = [*taken, *found], 0
    while match := _TRIGGER.search(text, at):
        at = match.end()
        if any(m.start < match.end() and match.start() < m.end for m in taken):
            continue
        end = _end_of_clause(text, match, taken)
        if end is None:
            continue
        found += _as_mentions(question, match, end)
        at = end
    return found


def _quoting(question: str, visit: re.Match[str]) -> Mention:
    return Mention(question[visit.start() : visit.end()], visit.start(), visit.end(), anchored=True)


def _as_mentions(question: str, match: re.Match[str], end: int) -> list[Mention]:
    if not match["pair"]:
        return [Mention(question[match.start() : end], match.start(), end, anchored=True)]
    body, middle = question[match.end() : end], match.start() + match["pair"].lower().index("and") + 4
    return [
        Mention(f"before {body}", match.start(), middle, anchored=True),
        Mention(f"after {body}", middle, end, anchored=True),
    ]


def _end_of_clause(text: str, match: re.Match[str], taken: Sequence[Mention]) -> int | None:
    trigger, begin = match.group().lower().split()[0], match.end()
    if trigger == "since" and _HOW_LONG.search(text[: match.start()]):
        return None
    if _NOT_AN_EVENT.match(text, begin) or _SINGLE_OUT.match(text, begin):
        return None
    end: int | None
    if _WITHIN.match(match.group()):
        end = _clause_end(text, match.start(), begin)
    elif trigger in ("at", "in", "on", "upon", "around", "from"):
        stay = _STAY_PHRASE.match(text, begin)
        end = min(stay.end(), _stop(text, begin)) if stay else None
    elif trigger == "when":
        end = None if _ASKING.search(text[: match.start()]) else _predicate_end(text, begin)
    elif _OF_A_PHRASE.get(trigger, _NEVER).search(text[: match.start()]):
        end = None
    else:
        end = _clause_end(text, match.start(), begin)
    return _with_date(text, begin, end, taken) if end else None


def _stop(text: str, begin: int) -> int:
    stop = _STOP.search(text, begin)
    return stop.start() if stop else len(text)


def _clause_end(text: str, start: int, begin: int) -> int:
    """Find the end of "before the diabetes was diagnosed", "since he was put on statins"."""
    subject = _SUBJECT.match(text, begin)
    if subject:
        verb = _SUBJECTS_VERB.match(text, subject.end())
        return _stop(text, verb.end() if verb else subject.end())
    end = _stop(text, begin)
    predicate = _PREDICATE.match(text, end)
    main_verb_before = not text[:start].strip() or _VERB.search(text[:start])
    diagnosed = predicate and predicate.group().casefold().endswith("diagnosed")
    return _stop(text, predicate.end()) if predicate and (main_verb_before or diagnosed) else end


def _predicate_end(text: str, begin: int) -> int | None:
    end = _clause_end(text, 0, begin)
    return end if _PREDICATE.search(f" {text[begin:end]}") else None


def _bare_article(text: str, begin: int) -> str:
    article = re.compile(r"(?:(?:the|her|his|their|my|a|an)\s+)?", re.IGNORECASE).match(text, begin)
    return article.group() if article else ""


def _with_date(text: str, begin: int, end: int, taken: Sequence[Mention]) -> int | None:
    """End before the next calendar phrase, or after it where it dates the encounter of the clause."""
    for mention in taken:
        if begin <= mention.start <= end + 1:
            visit = re.compile(rf"(?:\s+[\w-]+){{0,3}}?\s+{STAY}\b", re.IGNORECASE).match(text, mention.end)
            if visit and mention.start == begin + len(_bare_article(text, begin)):
                end = visit.end()
                break
            dates_it = re.match(r"(?:of|in|on|from|dated)\b|[\d(]", mention.text, re.IGNORECASE)
            encounter = re.search(rf"\b{STAY}\s*$", text[begin : mention.start], re.IGNORECASE)
            end = mention.end if dates_it and encounter else mention.start
            break
    end = begin + len(text[begin:end].rstrip(" ,.;:?!"))
    return end if end > begin else None
