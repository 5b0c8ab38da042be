"""What is asked of the entries found -> values for machines, and words to add to their facts.

Names stay as recorded. Who, where and why are taken from the entry and, where it does not say, from the
encounter it belongs to; the words say so. Left out: sentences (the writer's part).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.calls.evidence import Scalar
from tools.calls.operations import Unit
from tools.calls.results import Type
from tools.entries.dosage import strengths
from tools.entries.entry import Entry, Link, Quantity
from tools.entries.times import When, completed_years
from tools.finding.conflicts import ends_before_start
from tools.finding.cultures import members, organism_named, organisms, susceptibilities
from tools.finding.lasting import until_now
from tools.measuring.rounding import rounded
from tools.record import PatientRecord
from tools.record.stays import below, covers, on_wards, whole_of
from tools.wording.facts import insurer
from tools.wording.lines import encounter_class
from tools.wording.text import plain_name, words
from tools.wording.words import (
    counted,
    in_words,
    length,
    linked_names,
    number,
    one_line,
    plural,
    shown_unit,
    shown_value,
    with_names,
    with_unit,
)

Give = Literal[
    "entry", "date", "time", "end", "end time", "count", "distinct", "exists", "absent", "over", "duration", "age",
    "attribute", "amount",
]  # fmt: skip
TYPES: Mapping[str, Type] = {
    "entry": "entries",
    "attribute": "names",
    "amount": "quantities",
    **dict.fromkeys(("date", "time", "end", "end time"), "times"),
    **dict.fromkeys(("exists", "absent", "over"), "truth"),
    **dict.fromkeys(("count", "distinct", "duration", "age"), "numbers"),
}
"""What comes of each `give`."""
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(?: ([^\d\s]\S{0,20}))?")
_COUNTED = re.compile(r"\d+(?:\.\d+)? at a time\b")
_SECONDS: dict[str, int] = {"minutes": 60, "hours": 3600, "days": 86400}
_TEXTS = ("reason", "dose", "who", "where", "detail", "visit", "status")
"""Parts whose words need no label."""
OF_STARTS = ("date", "time", "age", "duration")
OF_ENDS = ("end", "end time")
TRUTHS = ("exists", "absent", "over")
GROUPED = ("entry", "exists", "absent")
"""What is shown by names, each of them once if they are many."""
VALUES_OF_NONE: Mapping[Give, tuple[Scalar, ...]] = {
    "exists": (False,),
    "absent": (True,),
    "over": (),
    "count": (0,),
    "distinct": (0,),
}
"""What is told of all entries as a whole, and what it is where there are none."""
_AT_THE_VISIT = {"who": "at a visit with ", "where": "at a visit to ", "reason": "at a visit for "}
_CALLED = {
    "admit source": "admitted from",
    "admission source": "admitted from",
    "discharge disposition": "discharge",
    "discharged to": "discharge",
    "disposition": "discharge",
    "attending physician": "attending",
    "care unit": "ward",
    "lot number": "lot",
    "serial number": "serial",
    "department": "service",
}
"""What people call a detail, and its label."""
_STAGED = re.compile(r"\bstage\s+(?:\d|[ivx]+\b)", re.IGNORECASE)
_OF_STAYS = ("admission type", "admit source", "admission source", "discharge disposition")
"""Attributes of stays that bear no other meaning."""
_PLAIN_TYPE = {"AllergyIntolerance": "allergy"}
"""What goes without saying of a kind."""
_FROM_VISIT: dict[str, Callable[[Entry], tuple[Link, ...]]] = {
    "who": lambda entry: entry.who,
    "where": lambda entry: entry.where,
    "reason": lambda entry: entry.reasons,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of each entry: a `give`, of an attribute which `part`, of a duration in which `unit`."""

    give: Give
    part: str = ""
    unit: Unit | None = None

    @property
    def attribute(self) -> str:
        """The part that is asked for, by the label that records have for it; "" if it is no attribute."""
        part = " ".join(self.part.casefold().split()) or "detail"
        return _CALLED.get(part, part) if self.give == "attribute" else ""

    @property
    def amount(self) -> str:
        """Of which label an amount is asked for: the dose where none is said."""
        return " ".join(self.part.casefold().split()) or "dose"


def attribute_said(text: str) -> str:
    """Return the attribute of stays that a text calls by its name in several words, "" if none.

    >>> attribute_said("What was the admission type of her last stay?"), attribute_said("What type was it?")
    ('admission type', '')
    """
    said = f" {' '.join(words(text))} "
    return next((name for name in _OF_STAYS if f" {name} " in said), "")


def values_of(asked: Asked, entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """Return what one entry says: names, ISO days or minutes, numbers; () if it does not say."""
    if asked.give == "attribute":
        teller = _ATTRIBUTES.get(asked.attribute)
        return teller(entry, record) if teller else _detailed(asked.attribute, entry, record)
    if asked.give == "amount":
        amount = amount_of(asked, entry)
        return (amount.value,) if amount else ()
    if asked.give == "duration":
        lasted = duration(entry, record, asked.unit)
        return () if lasted is None else (lasted,)
    return _GIVERS.get(asked.give, _names)(entry, record)


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


def duration(entry: Entry, record: PatientRecord, unit: Unit | None = None) -> int | Decimal | None:
    """Return how long an entry lasted; what goes on has lasted until the clock's day begins, or until death.

    Without a unit it is days between the two dates. Weeks, months and years are whole ones by the calendar; minutes,
    hours and days are exact to two decimals where both times of day are recorded. None if an end is not recorded, or
    minutes or hours are asked for of days.
    """
    start, end = entry.start, until_now(entry, record)
    if start is None or end is None or ends_before_start(entry):
        return None
    by_the_clock = unit in _SECONDS and start.clocked and end is not entry.end and not record.dead
    return elapsed(start, end.begun(start) if by_the_clock else end, unit)


def amount_of(asked: Asked, entry: Entry) -> Quantity | None:
    """Return the number and unit of a detail that is an amount, "10 mg", of a dose what is taken at once; else None."""
    if asked.amount == "quantity" and isinstance(entry.value, Quantity):
        return entry.value
    label = "amount" if asked.amount == "dose" and dict(entry.counts).get("amount") else asked.amount
    said = next((text for name, text in (*entry.counts, *entry.details) if name == label), "")
    found = _AMOUNT.fullmatch(said)
    return Quantity(Decimal(found[1]), found[2] or "") if found else None


def elapsed(start: When, end: When, unit: Unit | None) -> int | Decimal | None:
    """Return the time between two moments, as `duration` has it."""
    if unit in _SECONDS and start.clocked and end.clocked:
        seconds = Decimal(int((end.moment - start.moment).total_seconds()))
        exact = rounded(seconds / _SECONDS[unit]).normalize()
        return int(exact) if exact == exact.to_integral_value() else exact
    return _calendar(start, end.last, unit)


def _calendar(start: When, last: date, unit: Unit | None) -> int | None:
    days = (last - start.first).days
    if unit in ("months", "years"):
        months = (last.year - start.first.year) * 12 + last.month - start.first.month
        months -= last.day < start.first.day
        return months if unit == "months" else completed_years(start.first, last)
    return {None: days, "days": days, "weeks": days // 7}.get(unit)


def added_words(asked: Asked, entry: Entry, record: PatientRecord) -> str:
    """Return what to add to the line of an entry so that it shows what was asked, "" if it does already."""
    said = values_of(asked, entry, record)
    if not said:
        return ""
    if asked.give == "duration":
        return _lasting(said[0], asked.unit, entry, record)
    if asked.give == "amount":
        amount = amount_of(asked, entry)
        return f"{asked.amount}: {with_unit(number(amount.value), amount.unit)}" if amount else ""
    if asked.give in _SHOWN:
        return _SHOWN[asked.give].format(said[0])
    if asked.give != "attribute":
        return ""
    part = asked.attribute
    if part not in _TEXTS:
        return f"{part.removeprefix('own ')}: {', '.join(map(_plain, said))}"
    told = "; ".join(_telling(part, entry, said))
    return f"{_preface(part, entry, record)}{told}" if told and part != "status" else ""


_SHOWN: dict[str, str] = {"age": "at age {}", "time": "at {}", "end time": "ended {}"}


def _lasting(lasted: Scalar, unit: Unit | None, entry: Entry, record: PatientRecord) -> str:
    end = until_now(entry, record)
    until = "" if end is None or end is entry.end else f" until {end.day}"
    if unit not in (None, "days") or not isinstance(lasted, int):
        full = "full " if unit in ("weeks", "months", "years") else ""
        noun = f"{full}{(unit or 'days').removesuffix('s')}"
        return f"{counted(lasted, noun) if isinstance(lasted, int) else f'{_plain(lasted)} {plural(noun)}'}{until}"
    ward = "admitted and discharged" if encounter_class(entry) == "inpatient" else "began and ended"
    return f"{length(lasted)}{until}" if lasted or until else f"0 days ({ward} on the same day)"


def _plain(value: Scalar) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else in_words(str(value))


def _telling(part: str, entry: Entry, said: tuple[Scalar, ...]) -> list[str]:
    """Return what says something that the line of the entry does not say already."""
    told = [in_words(str(value)) for value in said]
    if part == "reason" and entry.kind == "Encounter" and entry.reasons:
        return told[1:]
    return [words for words in told if words != f"type: {_PLAIN_TYPE.get(entry.kind)}"]


def _preface(part: str, entry: Entry, record: PatientRecord) -> str:
    if visit_asked(part, entry, record):
        return _AT_THE_VISIT[part]
    if part == "dose" and strength(entry):
        return "no dosage is recorded, by its name "
    if part in ("dose", "detail", "visit"):
        return {"dose": "dose: ", "visit": "at a visit: "}.get(part, "")
    done_by = "with " if entry.kind == "Encounter" else "by "
    return {"who": done_by, "where": "at ", "reason": "for "}[part]


def carriers(asked: Asked, entry: Entry, record: PatientRecord) -> tuple[str, ...]:
    """Return the references of what says what was asked of an entry: its own first."""
    if asked.give != "attribute" and asked.give not in OF_STARTS:
        return (entry.reference,)
    part = asked.attribute
    found = [entry.reference]
    visit = visit_asked(part, entry, record)
    found += [visit.reference] if visit else []
    if asked.give in OF_STARTS and (own := record.get(entry.reference)) and not own.start and entry.encounter:
        found += [entry.encounter]  # which lends it its date
    found += [entry.encounter] if part == "visit" and entry.encounter else []
    if part == "reason" and entry.kind == "Encounter" and not entry.reasons:
        found += [each.reference for each in diagnosed_in(entry, record)]
    if part == "organism":
        found += [grown.reference for grown in organisms(entry, record)]
    if part in _SUSCEPTIBILITIES:
        found += [
            said.reference for _, verdict, said in susceptibilities(entry, record) if _asks(part, verdict)
        ]
    return tuple(dict.fromkeys(found))


def strength(entry: Entry) -> str:
    """Return the strength in the name of a drug for which no dosage is recorded, "" of anything else."""
    return (
        strengths(entry.display) if entry.kind.startswith("Medication") and not entry.detail("dose") else ""
    )


def _dose(entry: Entry) -> str:
    """Return the dose; of one that only counts tablets, "1 at a time", with the strength that the name tells."""
    said = one_line(entry.detail("dose"))
    counted = _COUNTED.match(said) and entry.kind.startswith("Medication")
    return ", ".join(filter(None, (strengths(entry.display) if counted else "", said))) or strength(entry)


def visit_asked(part: str, entry: Entry, record: PatientRecord) -> Entry | None:
    """Return the encounter that says who, where or why for an entry that does not say itself."""
    links = _FROM_VISIT.get(part)
    if links is None or links(entry):
        return None
    visit = record.get(entry.encounter) if entry.encounter else None
    return visit if visit and links(visit) else None


def diagnosed_in(encounter: Entry, record: PatientRecord) -> tuple[Entry, ...]:
    """Return the conditions recorded in an encounter or a part of it: why it was, where it gives no reason itself."""
    stay = {encounter.reference, *(part.reference for part in below(encounter, record))}
    return tuple(entry for entry in record.entries("Condition") if entry.encounter in stay)


def _names(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return (entry.display,) if entry.display else ()


def _age(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """The age at the start, which a condition may record in place of a date."""
    if entry.detail("onset").startswith("at age "):
        return tuple(int(number) for label, number in entry.counts if label == "age at onset")
    born = record.patient.birth
    if not born or not entry.start or entry.start.last < born.first:
        return ()
    return (completed_years(born.first, entry.start.first),)


_GIVERS: dict[str, Callable[[Entry, PatientRecord], tuple[Scalar, ...]]] = {
    "date": lambda entry, record: (entry.start.day,) if entry.start else (),
    "time": lambda entry, record: (entry.start.minute,) if entry.start else (),
    "end": lambda entry, record: (entry.end.day,) if entry.end else (),
    "end time": lambda entry, record: (entry.end.minute,) if entry.end else (),
    "age": _age,
}


def _detailed(label: str, entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """Return what an entry says under a label: in its details, else in its components or what it is made of."""
    told = [text for name, text in (*entry.details, *entry.counts) if name == label]
    if not told and entry.kind == "Encounter" and f"{label} not known" not in dict(entry.details):
        told = [
            text for part in _parts_in_order(entry, record) for name, text in part.details if name == label
        ]
    if told:
        return distinct([_said(with_names(text, record)) for text in told])
    wanted = set(words(label))
    parts = (*entry.components, *members(entry, record))
    return tuple(
        shown_value(part) for part in parts if wanted <= set(words(part.display)) and shown_value(part)
    )


def _parts_in_order(encounter: Entry, record: PatientRecord) -> list[Entry]:
    """Return the parts of an encounter, which tell of a stay what it does not tell itself, by their start."""
    return sorted(
        below(encounter, record), key=lambda part: part.start.moment.timestamp() if part.start else 0.0
    )


def _said(text: str) -> Scalar:
    return text == "yes" if text in ("yes", "no") else Decimal(text) if text.isdigit() else text


def _detail(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """Everything that an entry says."""
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


def _class(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return entry.category[-1:] if entry.kind == "Encounter" else _detailed("class", entry, record)


def _stage(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """The stage, or the name that says it: "Chronic kidney disease stage 3"."""
    said = _detailed("stage", entry, record)
    return said or ((entry.display,) if _STAGED.search(entry.display) else ())


def _admission_type(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """How somebody was admitted: a class that says it, as observation does, else the priority, else the class."""
    if encounter_class(entry) in ("observation stay", "short stay"):
        return _class(entry, record)
    return _detailed("priority", entry, record) or _class(entry, record)


def _ward(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """The wards that a stay was on, in order; of what belongs to a stay those that it was on at its time."""
    whole = entry if entry.kind == "Encounter" else record.get(entry.encounter)
    wards = on_wards(whole_of(whole, record), record) if whole else ()
    if whole is None or whole_of(whole, record) is not entry:
        wards = tuple(ward for ward in wards if covers(ward, entry))
    return distinct([ward.display for ward in wards])


def _diagnoses(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    """Return the diagnoses of a visit, the chief one first where it says so; else those that were made at it."""
    named = linked_names(entry.parts, record) if entry.kind == "Encounter" else ()
    return named or tuple(each.display for each in diagnosed_in(entry, record))


def _reason(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    said = _linked("reason", entry, record)
    if said or entry.kind != "Encounter":
        return said
    return tuple(each.display for each in diagnosed_in(entry, record))


def _linked(part: str, entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    source = visit_asked(part, entry, record) or entry
    return linked_names(_FROM_VISIT[part](source), record)


def _quantity(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return (entry.value.value,) if isinstance(entry.value, Quantity) else _detailed("quantity", entry, record)


def _organism(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
    return tuple(dict.fromkeys(map(organism_named, organisms(entry, record)))) or tuple(
        text for name, text in entry.details if name == "organism"
    )


_SUSCEPTIBILITIES = {
    "susceptibility": "",
    "resistant to": "resistant",
    "sensitive to": "sensitive",
    "susceptible to": "sensitive",
    "intermediate to": "intermediate",
}


def _asks(part: str, verdict: str) -> bool:
    return _SUSCEPTIBILITIES[part] in ("", verdict)


def _susceptibility(part: str) -> Callable[[Entry, PatientRecord], tuple[Scalar, ...]]:
    """Return the drugs that what grew is resistant or sensitive to; all of them with their verdict."""

    def told(entry: Entry, record: PatientRecord) -> tuple[Scalar, ...]:
        found = [each for each in susceptibilities(entry, record) if _asks(part, each[1])]
        shown = (f"{drug}: {said}" if part == "susceptibility" else drug for drug, said, _ in found)
        return tuple(dict.fromkeys(shown))

    return told


_ATTRIBUTES: dict[str, Callable[[Entry, PatientRecord], tuple[Scalar, ...]]] = {
    "reason": _reason,
    "own reason": lambda entry, record: linked_names(entry.reasons, record),
    "dose": lambda entry, record: (said,) if (said := _dose(entry)) else (),
    "who": lambda entry, record: _linked("who", entry, record),
    "where": lambda entry, record: _linked("where", entry, record),
    "visit": _visit,
    "status": lambda entry, record: (entry.status,) if entry.status else (),
    "detail": _detail,
    "activities": lambda entry, record: linked_names(entry.parts, record),
    "diagnosis": _diagnoses,
    "main diagnosis": lambda entry, record: _diagnoses(entry, record)[:1],
    "quantity": _quantity,
    "insurer": lambda entry, record: (said,) if (said := insurer(entry, record)) else (),
    "organism": _organism,
    "class": _class,
    "stage": _stage,
    "code": lambda entry, record: tuple(dict.fromkeys(each.code for each in entry.codings if each.code)),
    "admission type": _admission_type,
    "ward": _ward,
    **{part: _susceptibility(part) for part in _SUSCEPTIBILITIES},
}
ATTRIBUTES = frozenset(_ATTRIBUTES)
"""What is told of an entry by a name of its own; further ones are the labels of its details."""
