"""Words for one encounter ("the last admission", "the ER visit of March 2019") -> `Named`, from the record.

Hospital stays, intensive care and emergency departments are told apart as `tools.record.stays` has it; a visit
alone is any encounter that is part of no other. Without "first" or a date the most recent is meant.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tools.entries.entry import Entry
from tools.entries.times import Span
from tools.finding.lasting import goes_on
from tools.periods.period import Clock, Named, NotInRecord
from tools.periods.relations import timed
from tools.periods.words import ORDINALS, YEAR, iso
from tools.record.stays import (
    below,
    in_emergency_department,
    in_intensive_care,
    intensive_care,
    is_stay,
    names_intensive_care,
    place_names,
    whole_of,
)
from tools.wording.text import normal, words

if TYPE_CHECKING:
    from tools.record import PatientRecord

_CHECKUP = re.compile(
    r"check-?\s?up|well\s?(?:ness|\schild|\svisit|\sbaby|\swoman)|annual|physical|general exam|healthy"
    r" individual|periodic"
)
ICU = r"(?:\w*icu|ccu|(?:intensive|critical) care(?: unit)?)"
_NOUN = (
    r"(?:admissions?|hospital (?:stay|visit|admission)|hospitali[sz]ation|inpatient (?:stay|admission)|stay"
    r"|check-?\s?up|visit"
    r"|appointment|encounter|consult(?:ation)?|physical(?: exam(?:ination)?)?|discharge|follow-?\s?up"
    rf"|presentation|{ICU})"
)
_RANK = (
    rf"(?:(?:very )?(?:(?:{'|'.join(ORDINALS)}|next) to last|(?:second|2nd|third|3rd) last"
    rf"|{'|'.join(ORDINALS)}|latest|most recent|previous|current|ongoing|present|final|initial|penultimate))"
)
_WHOSE = re.compile(
    rf"(?:patient )?[\w·.-]+(?: [\w·.-]+)?'s (?={_RANK} |(?:hospital|inpatient|er|ed) |{_NOUN}(?: |$))"
)
_PHRASE = re.compile(
    rf"(?P<rank>{_RANK}\s)?"
    rf"(?P<which>(?:[\w&'-]+\s){{0,4}}?)(?P<noun>{_NOUN})(?: (?:for|with|because of|due to) (?P<why>.+?))?"
    r"(?:,? (?P<time>(?:of|in|on|from|dated|during)? ?.*\d.*|(?:of|in|from) .+|last .+|this .+|yesterday))?"
)
_ADMITTED = re.compile(
    rf"(?:being |been |getting )?(?P<rank>last |first |most recently |currently )?(?:being )?(?P<what>admitted"
    rf"|hospitali[sz]ed|discharged|in (?:the )?(?P<place>hospital|er|ed|{ICU}))"
    rf"(?: (?:to|from|in) (?:the )?(?P<unit>hospital|{ICU}))?"
    r"(?: (?:for|with) (?P<why>.+?))?(?: (?P<rank2>last|first))?"
)
_STAY = re.compile(rf"(?:(?:the )?patient's|the|her|his|their|my|an?) (?P<stay>(?:[\w&'-]+ ){{0,4}}?{_NOUN})")
"""A stay told as what somebody was in hospital for: "in hospital for her first inpatient stay"."""
_NOW = frozenset({"current", "currently", "ongoing", "present"})


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
        left = verb["what"] == "discharged"
        kind = verb["unit"] or verb["place"] or "hospital"
        entry = _choose(record, clock, kind, verb["rank"] or verb["rank2"], verb["why"], None, left)
        return _named(entry, record) if whole and not left else _edge(entry, left)
    whose = _WHOSE.match(body)
    match = _PHRASE.fullmatch(body[whose.end() :] if whose and not re.match(_RANK, body) else body)
    if not match:
        return None
    dated = re.fullmatch(rf"(?P<time>(?:.* )?{YEAR}) (?P<rest>.*)", match["which"])
    which, time = (dated["rest"], dated["time"]) if dated else (match["which"], match["time"])
    left = match["noun"] == "discharge"
    entry = _choose(record, clock, f"{which}{match['noun']}", match["rank"], match["why"], time, left)
    edge = left or (body in ("admission", "presentation") and not whole)
    return _edge(entry, left) if edge else _named(entry, record)


def names_visit(body: str) -> bool:
    """Tell whether `body` is made of words for an encounter."""
    return bool(_ADMITTED.fullmatch(body) or _PHRASE.fullmatch(body))


def _choose(
    record: "PatientRecord",
    clock: Clock,
    kind: str,
    rank: str | None,
    why: str | None,
    time: str | None,
    left: bool,
) -> Entry:
    entries = _called(kind, record)
    if why:
        entries = [e for e in entries if set(words(why)) <= _about(e, record)]
    if time:
        period = timed(time.strip(), clock)
        entries = [e for e in entries if period and overlaps(e, period.span)]
    if left or (rank or "").strip() in _NOW:
        entries = [e for e in entries if _ongoing(e, record) != left]
    place = rank_of(rank)
    if not -len(entries) <= place < len(entries):
        raise NotInRecord
    return entries[place]


def rank_of(rank: str | None) -> int:
    """Return the index that an ordinal means; without one the last.

    >>> rank_of("first "), rank_of("second"), rank_of(None), rank_of("second to last")
    (0, 1, -1, -2)
    """
    said = (rank or "last").strip().lower().removeprefix("very ")
    if said == "initial":
        return 0
    if said in ("penultimate", "next to last"):
        return -2
    which, _, from_end = said.partition(" ")
    place = ORDINALS.get(which, -1)
    if from_end.endswith("last"):
        return -place
    return place - 1 if place > 0 else -1


def overlaps(entry: Entry, span: Span) -> bool:
    """Tell whether an entry lies at least partly in the span."""
    if entry.start is None:
        return False
    last = (entry.end or entry.start).last
    return (span.first is None or last >= span.first) and (
        span.last is None or entry.start.first <= span.last
    )


def _called(kind: str, record: "PatientRecord") -> Sequence[Entry]:
    """Return the encounters that words for their kind mean, oldest first."""
    encounters = [e for e in record.entries("Encounter") if e.start]
    said = normal(kind)
    if names_intensive_care(said):
        units = [stay for e in encounters for stay in intensive_care(e, record) if stay.start]
        return _about_all(_wanted(said, _OF_UNITS), sorted(units, key=_moment), record)
    for pattern, means, others in _KINDS:
        if pattern.search(said):
            meant = [e for e in encounters if means(e, record)]
            return meant if others is None else _about_all(_wanted(said, others), meant, record)
    wholes = [e for e in encounters if whole_of(e, record) is e]
    return _about_all(wanted, encounters, record) if (wanted := _wanted(said, _OF_VISITS)) else wholes


def _moment(entry: Entry) -> float:
    return entry.start.moment.timestamp() if entry.start else 0.0


def _about_all(wanted: set[str], entries: Sequence[Entry], record: "PatientRecord") -> Sequence[Entry]:
    return [e for e in entries if wanted <= _about(e, record)] if wanted else entries


def _wanted(said: str, others: frozenset[str]) -> set[str]:
    """Return the words that say more of an encounter than its kind."""
    return set(words(said)) - others


def _is_checkup(entry: Entry, record: "PatientRecord") -> bool:
    return any(_CHECKUP.search(normal(text)) for text in (entry.display, *entry.category))


def _is_virtual(entry: Entry, record: "PatientRecord") -> bool:
    return "vr" in entry.category or bool(re.search(r"tele|virtual", normal(entry.display)))


def _is_outpatient(entry: Entry, record: "PatientRecord") -> bool:
    """Tell whether an encounter is neither a hospital stay or a part of one nor at an emergency department."""
    whole = whole_of(entry, record) is entry
    return whole and not is_stay(entry, record) and not in_emergency_department(entry, record)


_OF_VISITS = frozenset(
    {
        "visit", "appointment", "encounter", "consult", "consultation", "follow", "up", "followup", "clinic",
        "office", "doctor", "doctor's", "medical", "outpatient", "ambulatory", "hospital", "entire", "whole",
        "full", "the", "a", "an", "her", "his", "their",
    }
)  # fmt: skip
_OF_STAYS = _OF_VISITS | {
    "admission", "admissions", "hospitalization", "hospitalisation", "inpatient", "stay", "presentation",
    "discharge",
}  # fmt: skip
_OF_EMERGENCY = _OF_STAYS | {"er", "ed", "emergency", "a", "e", "casualty", "room", "department"}
_OF_UNITS = _OF_STAYS | {"icu", "intensive", "critical", "care", "unit"}
_KINDS: Sequence[tuple[re.Pattern[str], Callable[[Entry, "PatientRecord"], bool], frozenset[str] | None]] = (
    (re.compile(r"\b(?:er|ed|emergency|a&e|casualty)\b"), in_emergency_department, _OF_EMERGENCY),
    (re.compile(r"\b(?:clinic|office|outpatient|ambulatory|follow-?\s?up)\b"), _is_outpatient, _OF_VISITS),
    (re.compile(r"\b(?:admission|presentation|discharge|stay|inpatient|hospital\w*)"), is_stay, _OF_STAYS),
    (_CHECKUP, _is_checkup, None),
    (re.compile(r"\b(?:virtual|telehealth|telemedicine|phone|video)\b"), _is_virtual, None),
)
"""Words for a kind, what it is, and the words that say no more of it; None where any others are passed over."""


def _about(entry: Entry, record: "PatientRecord") -> set[str]:
    """Return the words for an encounter: its name, class, reasons, people and places, and those of its parts."""
    names = {
        name
        for each in (entry, *below(entry, record))
        for name in (each.display, *each.category, each.detail("service"), *place_names(each, record))
    }
    names |= {link.display for link in (*entry.reasons, *entry.parts, *entry.who)}
    return {word for name in names for word in words(name)}


def _ongoing(entry: Entry, record: "PatientRecord") -> bool:
    """Tell whether an encounter, or the part of it that is meant, goes on at the clock."""
    return goes_on(entry, record) and not (entry.end and entry.end.first <= record.now)


def _noun(entry: Entry, record: "PatientRecord") -> str:
    if is_stay(entry, record):
        return "admission"
    if in_intensive_care(entry, record):
        return "ICU stay"
    return "emergency visit" if in_emergency_department(entry, record) else "visit"


def _named(entry: Entry, record: "PatientRecord") -> Named:
    """Return the time of an encounter and its parts, or of a part of it that is told by its places alone."""
    assert entry.start is not None
    if entry is not record.get(entry.reference):
        return _in_units(entry, record)
    parts = [part for part in (entry, *below(entry, record)) if part.start]
    first = min(part.start.first for part in parts if part.start)
    last = max((part.end or part.start).last for part in parts if part.start)
    label = f"the {_noun(entry, record)} of {entry.start.day}"
    return Named(
        first,
        None if _ongoing(entry, record) else last,
        label,
        lead="during",
        anchors=(entry.reference,),
        encounter=entry.reference,
    )


def _in_units(entry: Entry, record: "PatientRecord") -> Named:
    """Return the time in intensive care that a stay tells of by its places, to the minute."""
    assert entry.start is not None
    last = None if _ongoing(entry, record) else entry.end or entry.start
    return Named(
        entry.start.first,
        last.last if last else None,
        f"the ICU stay of {entry.start.day}",
        lead="during",
        anchors=(entry.reference,),
        minute=entry.start.minute if entry.start.clocked else "",
        until=last.minute if last and last.clocked else "",
    )


def _edge(entry: Entry, discharge: bool) -> Named:
    assert entry.start is not None
    when = entry.end or entry.start if discharge else entry.start
    label = f"{'discharge' if discharge else 'admission'} ({iso(when.first)})"
    return Named(when.first, when.last, label, point=when.first, lead="at", anchors=(entry.reference,))
