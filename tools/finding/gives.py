"""What is asked of the entries found -> values for machines, and words to add to their facts.

Names stay as recorded. Who, where and why are taken from the entry and, where it does not say, from the
encounter it belongs to; the words say so. Left out: sentences (the writer's part).
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Literal

from tools.calls.evidence import Scalar
from tools.entries.entry import Entry, Link, Quantity
from tools.entries.times import completed_years
from tools.finding.filters import is_active
from tools.record import PatientRecord
from tools.wording.facts import insurer
from tools.wording.lines import encounter_class
from tools.wording.text import plain_name
from tools.wording.words import (
    in_words,
    length,
    linked_names,
    number,
    one_line,
    shown_unit,
    shown_value,
    with_names,
)

Give = Literal[
    "name",
    "date",
    "end",
    "count",
    "distinct",
    "exists",
    "absent",
    "over",
    "days",
    "years",
    "age",
    "reason",
    "dose",
    "who",
    "where",
    "detail",
    "visit",
    "status",
]
_TEXTS = ("reason", "dose", "who", "where", "detail", "visit")
_AT_THE_VISIT = {"who": "at a visit with ", "where": "at a visit to ", "reason": "at a visit for "}
_PLAIN_TYPE = {"AllergyIntolerance": "allergy"}
"""What goes without saying of a kind."""
_FROM_VISIT: dict[str, Callable[[Entry], tuple[Link, ...]]] = {
    "who": lambda entry: entry.who,
    "where": lambda entry: entry.where,
    "reason": lambda entry: entry.reasons,
}


def given(give: Give, entry: Entry, record: PatientRecord, part: str = "") -> tuple[Scalar, ...]:
    """Return what one entry says to `give`: names, ISO days, whole days or years; () if it does not say.

    Of its details a part may be named: "modality", "body site", "reaction", "activities", "quantity", "insurer",
    "as needed", or "reason": its own, not that of the visit.
    """
    if part and give == "detail":
        return _part(part, entry, record)
    return _GIVERS[give](entry, record)


def distinct(values: Iterable[Scalar]) -> tuple[Scalar, ...]:
    """Return the values without repetitions, in order; texts that differ in case only are the same.

    >>> distinct(["IPV", "ipv", 2, True])
    ('IPV', 2, True)
    """
    seen: dict[tuple[type, Scalar], Scalar] = {}
    for value in values:
        key = value.casefold() if isinstance(value, str) else value
        seen.setdefault((type(value), key), value)
    return tuple(seen.values())


def _part(part: str, entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    if part == "activities":
        return linked_names(entry.parts, record)
    if part == "quantity":
        return (
            (entry.value.value,)
            if isinstance(entry.value, Quantity) and entry.value.value is not None
            else ()
        )
    if part == "insurer":
        return (said,) if (said := insurer(entry, record)) else ()
    if part == "reason":
        return linked_names(entry.reasons, record)
    told = [one_line(text) for label, text in (*entry.details, *entry.counts) if label == part]
    return tuple(_said(text) for text in told)


def _said(text: str) -> Scalar:
    return text == "yes" if text in ("yes", "no") else Decimal(text) if text.isdigit() else text


def _plain(value: Scalar) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else in_words(str(value))


def added_words(give: Give, entry: Entry, record: PatientRecord, part: str = "") -> str:
    """Return what to add to the line of an entry so that it shows what was asked, "" if it does already."""
    said = given(give, entry, record, part)
    if not said:
        return ""
    if part:
        return f"{part}: {', '.join(map(_plain, said))}"
    if give == "days":
        return _lasting(int(said[0]), entry, record)
    if give == "years":
        return f"{said[0]} full years"
    if give == "age":
        return f"at age {said[0]}"
    told = "; ".join(_telling(give, entry, said))
    return f"{_preface(give, entry, record)}{told}" if give in _TEXTS and told else ""


def _lasting(days: int, entry: Entry, record: PatientRecord) -> str:
    if not entry.end:
        return f"{length(days)} until {record.now.isoformat()}"
    ward = "admitted and discharged" if encounter_class(entry) == "inpatient" else "began and ended"
    return length(days) if days else f"0 days ({ward} on the same day)"


def _telling(give: Give, entry: Entry, said: tuple[Scalar, ...]) -> list[str]:
    """Return what says something that the line of the entry does not say already."""
    told = [in_words(str(value)) for value in said]
    if give == "reason" and entry.kind == "Encounter" and entry.reasons:
        return told[1:]
    return [words for words in told if words != f"type: {_PLAIN_TYPE.get(entry.kind)}"]


def _preface(give: Give, entry: Entry, record: PatientRecord) -> str:
    if visit_asked(give, entry, record):
        return _AT_THE_VISIT[give]
    if give in ("dose", "detail", "visit"):
        return {"dose": "dose: ", "visit": "at a visit: "}.get(give, "")
    done_by = "with " if entry.kind == "Encounter" else "by "
    return {"who": done_by, "where": "at ", "reason": "for "}[give]


def visit_asked(give: Give, entry: Entry, record: PatientRecord) -> Entry | None:
    """Return the encounter that says who, where or why for an entry that does not say itself."""
    links = _FROM_VISIT.get(give)
    if links is None or links(entry):
        return None
    visit = record.get(entry.encounter) if entry.encounter else None
    return visit if visit and links(visit) else None


def _names(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return (entry.display,) if entry.display else ()


def _day(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return (entry.start.day,) if entry.start else ()


def _end(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return (entry.end.day,) if entry.end else ()


def _days(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """From start to end; what is still active has lasted until the clock."""
    if not entry.start or not (entry.end or is_active(entry)):
        return ()
    last = entry.end.last if entry.end else record.now
    return ((last - entry.start.first).days,)


def _years(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """From start to end, completed; what is still active has lasted until the clock."""
    if not entry.start or not (entry.end or is_active(entry)):
        return ()
    return (completed_years(entry.start.first, entry.end.last if entry.end else record.now),)


def _age(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    born = record.patient.birth
    return (completed_years(born.first, entry.start.first),) if born and entry.start else ()


def _status(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return (entry.status,) if entry.status else ()


def _dose(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return (one_line(entry.detail("dose")),) if entry.detail("dose") else ()


def _detail(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    told = [f"{label}: {with_names(text, record)}" for label, text in entry.details]
    value = shown_value(entry)
    told = [value, *told] if value else told
    parts = map(plain_name, linked_names(entry.parts, record))
    told += [f"includes {', '.join(parts)}"] if entry.parts else []
    told += [f"{money.label}: {number(money.value)} {shown_unit(money.currency)}" for money in entry.amounts]
    return tuple(told)


def _visit(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """The kind of visit that an entry belongs to."""
    visit = record.get(entry.encounter) if entry.encounter else None
    return (visit.display,) if visit and visit.display else ()


def _reason(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    said = _linked("reason", entry, record)
    if said or entry.kind != "Encounter":
        return said
    return tuple(e.display for e in diagnosed_in(entry, record))


def diagnosed_in(encounter: Entry, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the conditions recorded in an encounter: why it was, where it gives no reason itself."""
    return tuple(e for e in record.entries("Condition") if e.encounter == encounter.reference)


def _who(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return _linked("who", entry, record)


def _where(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return _linked("where", entry, record)


def _linked(give: Give, entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    source = visit_asked(give, entry, record) or entry
    return linked_names(_FROM_VISIT[give](source), record)


_GIVERS: dict[Give, Callable[[Entry, PatientRecord], tuple[Scalar, ...]]] = {
    "name": _names,
    "count": _names,
    "distinct": _names,
    "exists": _names,
    "absent": _names,
    "over": _names,
    "date": _day,
    "end": _end,
    "days": _days,
    "years": _years,
    "age": _age,
    "status": _status,
    "dose": _dose,
    "detail": _detail,
    "visit": _visit,
    "reason": _reason,
    "who": _who,
    "where": _where,
}
