"""A visit or a report called by its recorded name -> `Period`: 'at the last visit of type "Check up"'.

A visit's name is quoted, as it is made of ordinary words. A report is the results that it lists, whenever they were
taken. Without "first" and the like the most recent is meant.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tools.entries.entry import Entry
from tools.entries.times import Span
from tools.periods.period import NotInRecord, Period
from tools.periods.visits import rank_of
from tools.periods.words import ORDINALS, compiled
from tools.wording.text import words

if TYPE_CHECKING:
    from tools.record import PatientRecord

_RANK = rf"(?P<rank>{'|'.join(ORDINALS)}|latest|most recent)"
_KIND = r"(?:visit|encounter|appointment) (?:(?:of type|recorded as|documented as|called|for) )?"
QUOTED_VISIT = (
    r"(?:(?:(?:(?:at|during|in|on|from) (?:[\w'.-]+ |·+ ?){0,3}?)|the )?"
    rf"{_RANK} (?:time (?:i|he|she|they|we|the patient|·+) (?:came|went|was seen) (?:in )?for |{_KIND})?"
    r"|when (?:[\w'.-]+ |·+ ?){1,3}?(?P<when>first|last|most recently) (?:had|came|attended|was seen)(?: in)?"
    rf"(?: an?| for)? (?:{_KIND})?)"
    r'["“](?P<name>[^"“”]+)["”]'
)
_REPORT = rf"(?:in|of|from|by) (?:(?:the|his|her|my|their) )?(?:{_RANK} )?(?P<name>.+) report"


def recorded(phrase: str, record: "PatientRecord") -> Period | None:
    """Return the period of a visit or report, None if the phrase names neither.

    Raises:
        NotInRecord: it names one, but the record has no such visit or report.
    """
    if visit := compiled(QUOTED_VISIT).fullmatch(phrase):
        return _at_visit(_chosen(visit, "Encounter", record))
    if report := compiled(_REPORT).fullmatch(phrase):
        return _in_report(_chosen(report, "DiagnosticReport", record))
    return None


def _chosen(match: re.Match[str], kind: str, record: "PatientRecord") -> Entry:
    said = match.groupdict()
    entries, place = _named(match["name"], kind, record), rank_of(said["rank"] or said.get("when"))
    if not -len(entries) <= place < len(entries):
        raise NotInRecord
    return entries[place]


def _named(name: str, kind: str, record: "PatientRecord") -> Sequence[Entry]:
    """Return the dated entries of that name, oldest first: of synonyms those whose own name is closest to it."""
    from tools.concepts import (
        link,  # concepts may ask for periods; bound late so that neither needs the other first
    )

    found = [e for reading in link(name, record, (kind,))[:1] for e in reading.entries if e.start]
    shared = {entry.reference: _shared(name, entry.display) for entry in found}
    most = max(shared.values(), default=0)
    return sorted((entry for entry in found if shared[entry.reference] == most), key=_moment)


def _shared(name: str, display: str) -> int:
    """Return how many words of a name begin a word of another.

    >>> _shared("general exam", "General examination of patient (procedure)")
    2
    """
    others = words(display.replace("-", " "))
    return sum(any(o.startswith(word) for o in others) for word in words(name.replace("-", " ")))


def _moment(entry: Entry) -> float:
    return entry.start.moment.timestamp() if entry.start else 0.0


def _at_visit(entry: Entry) -> Period:
    assert entry.start is not None
    span = Span(entry.start.first, (entry.end or entry.start).last)
    return Period(span, f"at the visit of {entry.start.day}", (entry.reference,), entry.reference)


def _in_report(entry: Entry) -> Period:
    assert entry.start is not None
    span = Span(entry.start.first, entry.start.last)
    results = frozenset(part.reference for part in entry.parts if part.reference)
    return Period(span, f"in the report of {entry.start.day}", (entry.reference,), results=results)
