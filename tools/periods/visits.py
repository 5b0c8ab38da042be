"""Words for one encounter ("the last admission", "the ER visit of March 2019") -> `Named`, from the record.

Kinds are told apart by class (IMP, EMER, VR) and by the name of the encounter. Without "first" or a date the
most recent is meant.
"""

import re
from typing import TYPE_CHECKING

from tools.entries.entry import Entry
from tools.entries.times import Span
from tools.periods.period import Clock, Named, NotInRecord
from tools.periods.relations import timed
from tools.periods.words import ORDINALS, YEAR, iso
from tools.wording.text import normal, words

if TYPE_CHECKING:
    from tools.record import PatientRecord

_INPATIENT = frozenset({"imp", "acute", "nonac", "inpatient", "inpatient encounter"})
_EMERGENCY = frozenset({"emer", "emergency"})
_CHECKUP = re.compile(
    r"check-?\s?up|well\s?(?:ness|\schild|\svisit|\sbaby|\swoman)|annual|physical|general exam|healthy"
    r" individual|periodic"
)
_NOUN = (
    r"(?:admissions?|hospital (?:stay|visit|admission)|hospitali[sz]ation|inpatient (?:stay|admission)|stay"
    r"|check-?\s?up|visit"
    r"|appointment|encounter|consult(?:ation)?|physical(?: exam(?:ination)?)?|discharge|follow-?\s?up"
    r"|presentation)"
)
_PHRASE = re.compile(
    rf"(?P<rank>(?:very )?(?:{'|'.join(ORDINALS)}|latest|most recent|previous|current|final|initial|next to"
    rf" last)\s)?"
    rf"(?P<which>(?:[\w&'-]+\s){{0,4}}?)(?P<noun>{_NOUN})(?: (?:for|with|because of|due to) (?P<why>.+?))?"
    r"(?:,? (?P<time>(?:of|in|on|from|dated|during)? ?.*\d.*|(?:of|in|from) .+|last .+|this .+|yesterday))?"
)
_ADMITTED = re.compile(
    r"(?:being |been |getting )?(?P<rank>last |first |most recently )?(?:being )?(?P<what>admitted"
    r"|hospitali[sz]ed|discharged|in (?:the )?(?:hospital|er|ed))"
    r"(?: (?:to|from|in) (?:the )?hospital)?(?: (?:for|with) (?P<why>.+?))?(?: (?P<rank2>last|first))?"
)
_STAY = re.compile(rf"(?:(?:the )?patient's|the|her|his|their|my|an?) (?P<stay>(?:[\w&'-]+ ){{0,4}}?{_NOUN})")
"""A stay told as what somebody was in hospital for: "in hospital for her first inpatient stay"."""


def visit(body: str, record: "PatientRecord", clock: Clock, whole: bool = True) -> Named | None:
    """Return the encounter that `body` names, None if it names none.

    Args:
        body: without preposition and article, e.g. "last admission for asthma", "admitted".
        record: the record.
        clock: to read a date in `body`.
        whole: "admitted" means all of the stay ("while admitted"), not the day ("when she was admitted").

    Raises:
        NotInRecord: the record has no such encounter.
    """
    verb = _ADMITTED.fullmatch(body)
    if verb and verb["why"] and (stay := _STAY.fullmatch(verb["why"])):
        return visit(stay["stay"], record, clock, whole)
    if verb:
        kind = "er" if verb["what"].endswith((" er", " ed")) else "hospital"
        entry = _choose(record, clock, kind, verb["rank"] or verb["rank2"], verb["why"], None)
        return (
            _edge(entry, verb["what"] == "discharged")
            if not whole or verb["what"] == "discharged"
            else _named(entry)
        )
    match = _PHRASE.fullmatch(body)
    if not match:
        return None
    dated = re.fullmatch(rf"(?P<time>(?:.* )?{YEAR}) (?P<rest>.*)", match["which"])
    which, time = (dated["rest"], dated["time"]) if dated else (match["which"], match["time"])
    entry = _choose(record, clock, f"{which}{match['noun']}", match["rank"], match["why"], time)
    if body in ("admission", "presentation") or match["noun"] == "discharge":
        return _edge(entry, match["noun"] == "discharge")
    return _named(entry)


def names_visit(body: str) -> bool:
    """Tell whether `body` is made of words for an encounter."""
    return bool(_ADMITTED.fullmatch(body) or _PHRASE.fullmatch(body))


def _choose(
    record: "PatientRecord", clock: Clock, kind: str, rank: str | None, why: str | None, time: str | None
) -> Entry:
    entries = [e for e in record.entries("Encounter") if e.start and _is(e, kind)]
    if why:
        entries = [e for e in entries if set(words(why)) <= _about(e)]
    if time:
        period = timed(time.strip(), clock)
        entries = [e for e in entries if period and overlaps(e, period.span)]
    place = rank_of(rank)
    if not -len(entries) <= place < len(entries):
        raise NotInRecord
    return entries[place]


def rank_of(rank: str | None) -> int:
    """Return the index that an ordinal means; without one the last.

    >>> rank_of("first "), rank_of("second"), rank_of(None)
    (0, 1, -1)
    """
    said = (rank or "last").strip().lower().removeprefix("very ")
    if said == "initial":
        return 0
    place = ORDINALS.get(said, -1)
    return place - 1 if place > 0 else -1


def overlaps(entry: Entry, span: Span) -> bool:
    """Tell whether an entry lies at least partly in the span."""
    if entry.start is None:
        return False
    last = (entry.end or entry.start).last
    return (span.first is None or last >= span.first) and (
        span.last is None or entry.start.first <= span.last
    )


def _is(entry: Entry, kind: str) -> bool:
    said, category = normal(kind), set(entry.category)
    if re.search(r"\b(?:er|ed|emergency|a&e|casualty)\b", said):
        return bool(category & _EMERGENCY) or "emergency" in normal(entry.display)
    if re.search(r"\b(?:admission|presentation|discharge|stay|inpatient|hospital\w*)", said):
        return bool(category & _INPATIENT)
    if _CHECKUP.search(said):
        return any(_CHECKUP.search(normal(text)) for text in (entry.display, *entry.category))
    if re.search(r"\b(?:virtual|telehealth|telemedicine|phone|video)\b", said):
        return "vr" in category or bool(re.search(r"tele|virtual", normal(entry.display)))
    wanted = set(words(said)) - {
        "visit",
        "appointment",
        "encounter",
        "consult",
        "consultation",
        "follow",
        "up",
        "followup",
    }
    wanted -= {
        "the",
        "a",
        "an",
        "clinic",
        "office",
        "doctor",
        "doctor's",
        "medical",
        "outpatient",
        "hospital",
        "her",
        "his",
    }
    return wanted <= _about(entry)


def _about(entry: Entry) -> set[str]:
    links = (*entry.reasons, *entry.parts, *entry.where, *entry.who)
    return {
        word
        for text in (entry.display, *entry.category, *(link.display for link in links))
        for word in words(text)
    }


def _noun(entry: Entry) -> str:
    if set(entry.category) & _INPATIENT:
        return "admission"
    return "emergency visit" if set(entry.category) & _EMERGENCY else "visit"


def _named(entry: Entry) -> Named:
    assert entry.start is not None
    ongoing = entry.end is None and entry.status == "in-progress"
    last = None if ongoing else (entry.end or entry.start).last
    label = f"the {_noun(entry)} of {entry.start.day}"
    return Named(
        entry.start.first, last, label, lead="during", anchors=(entry.reference,), encounter=entry.reference
    )


def _edge(entry: Entry, discharge: bool) -> Named:
    assert entry.start is not None
    when = entry.end or entry.start if discharge else entry.start
    label = f"{'discharge' if discharge else 'admission'} ({iso(when.first)})"
    return Named(when.first, when.last, label, point=when.first, lead="at", anchors=(entry.reference,))
