"""A clause that hangs on an event of the record -> `Period`: "before starting insulin".

What was started, diagnosed or first done counts from its first time; a visit, a procedure or "during X"
without "first" means the most recent. A drug is taken from its first to its last prescription, on to now
while one is active.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from tools.entries.entry import Entry
from tools.periods.period import Clock, Named, NotInRecord, Period, UnknownEvent
from tools.periods.relations import WINDOW, relate, window
from tools.periods.visits import names_visit, rank_of, visit
from tools.periods.words import ORDINALS, compiled, iso
from tools.wording.text import normal, plain_name

if TYPE_CHECKING:
    from tools.record import PatientRecord

Aspect = Literal["start", "stop", "diagnosis", "first", "use", "whole"]

_RELATIONS = {"before": "before", "prior": "before", "after": "after", "following": "after", "since": "since"}
_RELATIONS |= {"until": "until", "till": "until", "by": "until", "around": "around"}
_TRIGGER = re.compile(
    r"(?P<word>before|prior to|after|following|since|until|till|by|around|during|throughout|while|whilst|when"
    r"|at|in|on|upon|from)\s+",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:(?:the time (?:of|when)|when)\s+)?(?:(?:he|she|they|i|we|the patient|patient|·+)\s+(?:was|were|had|has"
    r"|have|is|got)?\s*(?:ever\s+|been\s+)*)?"
    r"(?:(?:the )?patient's |the |her |his |their |my |an? |this )?",
    re.IGNORECASE,
)
_RANK = re.compile(rf"(?P<rank>{'|'.join(ORDINALS)}|latest|most recent|initial|previous)\s+", re.IGNORECASE)
_X = r"(?:(?:the patient's|the|an?|his|her|my|their) )?(?P<x>.+?)"
_WITH = r"(?:(?:to take|taking|treatment with|therapy with|treatment for|on|with|of|for) )*"
_DONE = r"(?:was|were|is|are|had been|has been|been)?(?: |^)?(?:first |last |newly |initially )?"
_ASPECTS: tuple[tuple[Aspect, str], ...] = (
    ("diagnosis", rf"(?:being |been )?(?:first |newly )?(?:diagnosed with"
                  rf"|found to have|known to have"
                  rf"|diagnosis (?:of|with)|onset of|developing|developed|contracting"
                  rf"|catching|getting diagnosed with) {_X}"),
    ("diagnosis", rf"{_X}(?:'s)? diagnosis"),
    ("diagnosis", rf"{_X} {_DONE}(?:diagnosed|found|noted|detected|confirmed|identified)"),
    ("stop", rf"(?:stopping|stopped|stop|discontinuing|discontinued|discontinuation of|finishing|finished"
             rf"|completing|completed|completion of|coming off|came off|end of|resolution of|recovery from"
             rf"|recovering from|quitting) {_WITH}{_X}"),
    ("stop", rf"{_X} {_DONE}(?:stopped|discontinued|finished|completed|ended|resolved)"),
    ("start", rf"(?:being |been )?(?:first |newly )?(?:starting|started|start|starts|beginning|began|begun"
              rf"|initiation|initiating|initiated|introduction|commencing|put|placed|going|went|prescribed"
              rf"|prescription|given) {_WITH}{_X}"),
    ("start", rf"{_X} (?:therapy |treatment )?{_DONE}(?:started|begun|began|initiated|introduced|prescribed"
              rf"|given)"),
    ("start", rf"{_X} (?:start|initiation|prescription)"),
    ("first", rf"first (?:got|get|getting|had|have|having|caught|came down with|fell ill with|suffered from"
              rf"|experienced|underwent|received) {_X}"),
    ("use", rf"(?:still )?(?:on|taking|using|treated with|being treated with|being on) {_X}"),
    ("whole", rf"(?:having|had|having had|undergoing|undergone|underwent|receiving|received|getting|got"
              rf"|suffering from) {_X}"),
    ("whole", rf"{_X} {_DONE}(?:done|performed|placed|implanted|removed|made|taken|occurred|happened)"),
    ("whole", _X),
)  # fmt: skip

_DRUGS = ("MedicationRequest", "MedicationStatement", "MedicationAdministration")
_PROBLEMS = ("Condition", "AllergyIntolerance")
_EVENTS = (
    "Procedure",
    "Immunization",
    "Device",
    "CarePlan",
    "ImagingStudy",
    "DiagnosticReport",
    "Observation",
)
_TYPES: dict[Aspect, tuple[tuple[str, ...], ...]] = {
    "start": (_DRUGS, (*_EVENTS, *_PROBLEMS)),
    "stop": (_DRUGS, (*_PROBLEMS, *_EVENTS)),
    "diagnosis": (_PROBLEMS,),
    "first": ((*_PROBLEMS, *_DRUGS, *_EVENTS),),
    "use": (_DRUGS, ("Device", "CarePlan")),
    "whole": ((*_PROBLEMS, *_DRUGS, *_EVENTS),),
}
"""Where the event of each aspect is looked for, the likelier place first."""

_BEGINNINGS: dict[Aspect, str] = {"start": "starting", "diagnosis": "diagnosis of", "first": "the first"}
"""Aspects that count from the first day of something, in words."""

_WEAK = frozenset({"at", "in", "on", "upon", "from", "by", "when", "around"})
_GOING_ON = frozenset({"active", "recurrence", "relapse", "in-progress", "unknown", ""})
_SURGERY = re.compile(
    r"surg|ectomy|otomy|ostomy|plasty|bypass|transplant|graft|replacement|implantation|repair|amputation"
    r"|section"
)


def anchored(phrase: str, record: "PatientRecord", clock: Clock) -> Period | None:
    """Return the period of a clause, None if the phrase is no such clause.

    Raises:
        NotInRecord: it is one, but the record has no such event.
    """
    within = compiled(WINDOW).fullmatch(phrase)
    if within:
        return window(within, _event(within["rest"], "in", record, clock))
    match = _TRIGGER.match(phrase)
    if not match:
        named = visit(_visit_named(phrase), record, clock)
        return relate(["in"], named) if named else None
    word = match["word"].lower().split()[0]
    relation = _RELATIONS.get(word, "in")
    rest = phrase[match.end() :]
    if word in _WEAK and not _names_event(rest):
        return None
    inner = _TRIGGER.match(rest)
    if inner and inner["word"].lower() in _RELATIONS:
        return anchored(rest, record, clock)
    return relate(
        [relation], _event(rest, relation, record, clock, whole=word in ("while", "whilst", "during"))
    )


def _names_event(body: str) -> bool:
    """Tell whether what follows "in" or "at" is an event at all: "in the meantime" is none."""
    bare = _bare(body)
    if bare != body and re.match(r"(?:the )?time (?:of|when)\b", body, re.IGNORECASE):
        return True
    by_verb = any(compiled(pattern).fullmatch(bare) for aspect, pattern in _ASPECTS if pattern != _X)
    return (
        by_verb
        or re.fullmatch(r"(?:died|death|pregnan\w+)", bare, re.I) is not None
        or names_visit(bare.lower())
    )


def is_an_event(phrase: str) -> bool:
    """Tell whether a clause hangs on a visit, a birth, a death or an operation, which have no name of their own."""
    match = _TRIGGER.match(phrase)
    bare = _bare(phrase[match.end() :] if match else phrase).lower()
    return names_visit(bare) or bool(_WITHOUT_NAME.search(bare))


_WITHOUT_NAME = re.compile(
    r"\b(?:died|death|dying|passing|passed away|pregnan\w+|birth|born|surgery|operation|procedure)\b",
    re.IGNORECASE,
)


def _bare(body: str) -> str:
    return body[match.end() :] if (match := _SUBJECT.match(body)) else body


def _visit_named(body: str) -> str:
    """Return the words for a visit; "this" one is the one that goes on."""
    bare = _bare(body).strip(" ,.;:?!").lower()
    return f"current {bare}" if body.lower().startswith("this ") and names_visit(bare) else bare


def _event(body: str, relation: str, record: "PatientRecord", clock: Clock, whole: bool = False) -> Named:
    bare = _bare(body).strip(" ,.;:?!")
    if re.fullmatch(r"(?:died|death|dying|passing|passed away)", bare, re.IGNORECASE):
        return _death(record)
    named = visit(_visit_named(body), record, clock, whole)
    if named:
        return named
    for aspect, pattern in _ASPECTS:
        match = compiled(pattern).fullmatch(bare)
        if match:
            return _happening(aspect, match["x"], relation, record)
    raise UnknownEvent


def _death(record: "PatientRecord") -> Named:
    died = record.patient.died
    if died is None:
        raise NotInRecord
    return Named(died.first, died.last, f"death ({died.day})", lead="at", anchors=(record.reference,))


def _happening(aspect: Aspect, words: str, relation: str, record: "PatientRecord") -> Named:
    from tools.concepts.lexicon import lexicon  # bound late, as `link` below
    from tools.concepts.linking import weak_only
    from tools.concepts.wording import stems, tokens

    rank = _RANK.match(words)
    name = words[rank.end() :] if rank else words
    name = "pregnancy" if normal(name) == "pregnant" else name
    if weak_only(stems(tokens(name)), lexicon()):  # "30 February" is no name, though "30" stands in names
        raise UnknownEvent
    label, entries = _look_up(aspect, name, record)
    if aspect == "use" or (aspect == "whole" and entries[0].kind in _DRUGS):
        return _course(label, entries)
    first = aspect in _BEGINNINGS or (aspect == "whole" and entries[0].kind in _PROBLEMS and relation != "in")
    place = rank_of(rank["rank"]) if rank else 0 if first else -1
    if not -len(entries) <= place < len(entries):
        raise NotInRecord
    return _occurrence(aspect, label, entries[place])


def _look_up(aspect: Aspect, name: str, record: "PatientRecord") -> tuple[str, Sequence[Entry]]:
    """Return the record's name for it and its dated entries, oldest first."""
    from tools.concepts import (
        link,  # concepts may ask for periods; bound late so that neither needs the other first
    )

    for types in _TYPES[aspect]:
        for reading in link(name, record, types)[:1]:
            entries = sorted((e for e in reading.entries if e.start), key=_moment)
            if entries:
                return reading.label, entries
    if re.fullmatch(r"(?:surgery|operation|the procedure|surgical procedure)", normal(name)):
        operations = [
            e for e in record.entries("Procedure") if e.start and _SURGERY.search(normal(e.display))
        ]
        if operations:
            return plain_name(operations[-1].display), operations
    raise UnknownEvent


def _moment(entry: Entry) -> float:
    return entry.start.moment.timestamp() if entry.start else 0.0


def _course(label: str, entries: Sequence[Entry]) -> Named:
    """Return the time in which a drug was taken."""
    starts = [e.start.first for e in entries if e.start]
    ends = [(e.end or e.start).last for e in entries if e.start]
    last = None if any(e.status == "active" and not e.end for e in entries) else max(ends)
    days = f"{iso(starts[0])} to {iso(last)}" if last else f"since {iso(starts[0])}"
    anchors = tuple(dict.fromkeys(e.reference for e in entries))
    return Named(starts[0], last, f"{label} ({days})", lead="during", anchors=anchors)


def _occurrence(aspect: Aspect, label: str, entry: Entry) -> Named:
    assert entry.start is not None
    begun, ended = entry.start, entry.end
    if aspect in _BEGINNINGS:
        name = f"{_BEGINNINGS[aspect]} {label} ({begun.day})"
        return Named(begun.first, begun.last, name, lead="at", anchors=(entry.reference,))
    if aspect == "stop":
        if ended is None:
            raise NotInRecord
        return Named(
            ended.first, ended.last, f"end of {label} ({ended.day})", lead="at", anchors=(entry.reference,)
        )
    open_end = ended is None and entry.kind in _PROBLEMS and entry.status in _GOING_ON
    last = None if open_end else (ended or begun).last
    days = (
        begun.day if last == begun.last else f"{begun.day} to {iso(last)}" if last else f"since {begun.day}"
    )
    point = begun.first if open_end else None
    return Named(
        begun.first, last, f"{label} ({days})", point=point, lead="during", anchors=(entry.reference,)
    )
