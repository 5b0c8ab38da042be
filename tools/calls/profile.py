"""The Patient resource, care teams and insurance -> who the patient is.

FHIR R4 `Patient` (as `Demographics`), `CareTeam`, `Coverage`. Left out: problems, medications (`overview`).
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.calls.evidence import Evidence, Fact, Outcome, Scalar
from tools.calls.results import Item, Result, Type
from tools.entries.entry import Entry
from tools.entries.times import completed_years, parse_when
from tools.finding.lasting import ACTIVE
from tools.periods import resolve
from tools.record import PatientRecord
from tools.wording.facts import fact, head
from tools.wording.text import normal, plain_name
from tools.wording.words import day_of, linked_names, one_line, with_names

About = Literal[
    "summary",
    "name",
    "birth date",
    "age",
    "gender",
    "deceased",
    "death date",
    "address",
    "phone",
    "email",
    "marital status",
    "language",
    "race",
    "ethnicity",
    "identifiers",
    "contacts",
    "care team",
    "insurance",
    "given name",
    "family name",
    "maiden name",
    "mother's maiden name",
    "birthday",
    "birth place",
    "birth sex",
    "alive",
    "street",
    "city",
    "state",
    "postal code",
    "record number",
    "social security number",
    "driver's license",
    "passport",
    "practitioner",
    "insurance plan",
]
"""The ones asked most come first: a prompt shows no more of them."""
_RECENT_VISITS = 20
_MONTHS_TOLD = 24
"""Months of age up to which an age in years says too little."""
_ALSO = {
    "single": ("never married",),
    "unmarried": ("never married", "divorced", "widowed", "annulled"),
    "widow": ("widowed",),
    "widower": ("widowed",),
}
"""What people say of a marital status, and how HL7 calls it."""
_LIMIT = re.compile(r"(?:(under|younger than) )?(\d+)")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the record says about one thing: values, the lines to show, and what must be said with it."""

    values: tuple[Scalar, ...]
    facts: tuple[Fact, ...]
    unit: str = ""
    notes: tuple[str, ...] = ()


def profile(
    record: PatientRecord, about: About = "summary", *, on: str | None = None, said: str | None = None
) -> Evidence:
    """Demographics, contact, care team, insurance.

    Args:
        record: the patient's record.
        about: what to tell; "summary" is the main demographics on one line.
        on: a day or time for the age, e.g. "2015-03-01", "in 2015"; the clock or death if None. For a birthday
            the age, e.g. "at age 21".
        said: what it might be, to tell whether it is, e.g. "Chicago"; of an age the least, e.g. "65", or "under 18".

    Returns:
        Evidence; values are text, an age in completed years, whether deceased, or whether it is what was said.
        "no value" when the record does not say.

    Raises:
        BadArgument: `on` is not understood as a time.
    """
    if said is not None:
        found = profile(record, about, on=on)
        dated = about in ("birth date", "death date")
        return _dated(found, said, record) if dated else _verified(found, said)
    if on and about == "age":
        return _aged(record, on)
    if about == "birthday":
        return _turned(record, on or "")
    told = _TELLERS[about](record) if about in _TELLERS else _recorded(record, about)
    kinds = _KINDS.get(about, ("Patient",))
    silent: Outcome = "unreadable" if record.unread(*kinds) else "no value"
    return Evidence(
        outcome="found" if told.values else silent,
        about="the patient" if about == "summary" else about,
        values=told.values,
        unit=told.unit,
        facts=head(told.facts),
        total=len(told.facts),
        references=tuple(dict.fromkeys(line.reference for line in told.facts)),
        coverage=record.coverage(*kinds),
        notes=told.notes,
        result=_result(told.values, told.facts, told.unit, _TYPES.get(about, "names"))
        if told.values
        else None,
    )


def _result(values: Sequence[Scalar], facts: Sequence[Fact], unit: str = "", type: Type = "names") -> Result:
    """Return truth, number, times or names; of a number or a time as many items as there are values."""
    if isinstance(values[0], bool):
        return Result(type="truth", truth=values[0])
    references = tuple(dict.fromkeys(line.reference for line in facts))
    if isinstance(values[0], int):
        numbers = (Item(number=Decimal(value), unit=unit, references=references) for value in values)
        return Result(type="numbers", items=tuple(numbers))
    items = tuple(
        Item(name=str(value), start=parse_when(str(value)), references=references) for value in values
    )
    return Result(type=type, items=items)


def _dated(told: Evidence, said: str, record: PatientRecord) -> Evidence:
    """Return whether the day that was told lies within the time that was said: "1967-11-01", "in 1967"."""
    period = resolve(said, record)
    if not told.values or period is None:
        return told
    first, last = period.span.first or date.min, period.span.last or date.max
    day = str(told.values[0])
    return _truth(told, first.isoformat()[: len(day)] <= day <= last.isoformat()[: len(day)])


def _verified(told: Evidence, said: str) -> Evidence:
    """Return whether what was told is what was said; a number as an age is the least."""
    if not told.values:
        return told
    numbers = [value for value in told.values if isinstance(value, int)]
    limit = _LIMIT.fullmatch(normal(said)) if numbers else None
    if limit:
        truth = (numbers[0] < int(limit[2])) == bool(limit[1])
    else:
        wanted = (normal(said), *_ALSO.get(normal(said), ()))
        truth = any(
            _same(one, part) for one in wanted for value in told.values for part in _parts(told, str(value))
        )
    return _truth(told, truth)


def _truth(told: Evidence, truth: bool) -> Evidence:
    return replace(told, values=(truth,), unit="", result=Result(type="truth", truth=truth))


def _parts(told: Evidence, value: str) -> tuple[str, ...]:
    """Return the texts in normal form that each answer for a value: of an address its parts and their stretches."""
    if told.about not in ("address", "street"):
        return (normal(value),)
    parts = [normal(part).split() for part in value.split(",")]
    return (normal(value), *(" ".join(part[at:]) for part in parts for at in range(max(1, len(part) - 1))))


def _same(said: str, told: str) -> bool:
    """Whether two texts in normal form say the same: "english" is "english (united states)", "555 0100" "555-0100"."""
    digits = [re.sub(r"[\s().+-]", "", text) for text in (said, told)]
    same_number = digits[0] == digits[1] and digits[0].isdigit()
    return said == told or told.startswith(f"{said} (") or same_number


def _turned(record: PatientRecord, age: str) -> Evidence:
    period, end = resolve(age, record) if age else None, record.patient.died if record.dead else None
    asked = Evidence(
        outcome="no value", about="birthday",
        coverage=record.coverage("Patient"),
    )  # fmt: skip
    day = period.span.first if period else None
    if day is None or day > (end.first if end else record.now):
        return replace(asked, notes=(f"no such birthday so far: {_life(record)}",))
    line = _line(record, f"birthday {age}: {day.isoformat()} ({_life(record)})")
    return replace(
        asked,
        outcome="found",
        values=(day.isoformat(),),
        result=_result((day.isoformat(),), (line,), type="times"),
        facts=(line,),
        total=1,
        references=(record.reference,),
    )


def _aged(record: PatientRecord, on: str) -> Evidence:
    patient, period = record.patient, resolve(on, record)
    asked = Evidence(
        outcome="no value", about="age",
        period=period.label if period else "", coverage=record.coverage("Patient"),
    )  # fmt: skip
    end = patient.died.first if record.dead and patient.died else record.now
    first, last = (period.span.first, period.span.last) if period else (None, None)
    if first is None and last:
        first, asked = last, replace(asked, period=f"on {last.isoformat()}")
    if not patient.birth or not first or not last or not patient.birth.first <= first <= end:
        return replace(asked, notes=(f"no age to be told for that time: {_life(record)}",))
    ages = tuple(dict.fromkeys(completed_years(patient.birth.first, day) for day in (first, min(last, end))))
    line = _line(record, f"{' to '.join(map(str, ages))} years old {asked.period} ({_life(record)})")
    return replace(
        asked,
        outcome="found",
        values=ages,
        unit="years",
        result=_result(ages, (line,), "years"),
        facts=(line,),
        total=1,
        references=(record.reference,),
    )


def _life(record: PatientRecord) -> str:
    birth = record.patient.birth
    born = f"born {birth.day}" if birth else "the birth date is not recorded"
    return f"{born}, {_death(record)}" if record.dead else born


def demographics_line(record: PatientRecord) -> Fact:
    """Return the patient on one line: name, gender, birth date, age, where they live, death."""
    patient, age, dead = record.patient, _age(record), record.dead
    years = f" ({age} years old{' at death' if dead else ''})" if age is not None else ""
    city = one_line(patient.addresses[0].city) if patient.addresses and not dead else ""
    parts = [
        one_line(patient.name) or "name not recorded",
        patient.gender,
        f"born {patient.birth.day}{years}" if patient.birth else "birth date not recorded",
        f"lives in {city}" if city else "",
        _death(record) if dead else "",
    ]
    return _line(record, ", ".join(part for part in parts if part))


def _age(record: PatientRecord) -> int | None:
    patient, dead = record.patient, record.dead
    if not patient.birth or (dead and not patient.died):
        return None
    return completed_years(patient.birth.first, patient.died.first if dead and patient.died else record.now)


def _death(record: PatientRecord) -> str:
    return f"died {record.patient.died.day}" if record.patient.died else "deceased, date not recorded"


def _line(record: PatientRecord, text: str) -> Fact:
    return Fact(text, record.reference, record.patient.name)


def _recorded(record: PatientRecord, about: About) -> _Said:
    values = tuple(one_line(text) for text in _TEXTS[about](record) if text)
    shown = _SHOWN[about](record) if about in _SHOWN else values
    line = _line(record, f"{_LABELS.get(about, about)}: {'; '.join(shown)}")
    return _Said(values, (line,) if values else ())


def _say_summary(record: PatientRecord) -> _Said:
    line = demographics_line(record)
    return _Said((line.text,), (line,))


def _say_age(record: PatientRecord) -> _Said:
    age, patient = _age(record), record.patient
    if age is None or patient.birth is None:
        why = "the date of death is not recorded" if patient.birth else "the birth date is not recorded"
        return _Said((), (), notes=(why,))
    dead = patient.died if record.dead else None
    when = f"at death on {dead.day}" if dead else f"on {record.now.isoformat()}"
    partial = patient.birth.first != patient.birth.last
    notes = (f"the birth date is recorded only as {patient.birth.day}",) if partial else ()
    exact = "" if partial else _of_a_child(patient.birth.first, dead.first if dead else record.now)
    text = f"{age} years old{exact} {when} (born {patient.birth.day})"
    return _Said((age,), (_line(record, text),), "years", notes)


def _of_a_child(born: date, on: date) -> str:
    """Return the age of a child under two in days, weeks or months, in parentheses; "" of anybody older.

    >>> _of_a_child(date(2023, 12, 1), date(2024, 1, 15)), _of_a_child(date(2020, 1, 1), date(2024, 1, 1))
    (' (6 weeks)', '')
    """
    days = (on - born).days
    months = 12 * (on.year - born.year) + on.month - born.month - (on.day < born.day)
    if not 0 <= months < _MONTHS_TOLD:
        return ""
    number, unit = (days, "day") if days < 14 else (days // 7, "week") if months < 3 else (months, "month")
    return f" ({number} {unit}{'' if number == 1 else 's'})"


def _say_deceased(record: PatientRecord) -> _Said:
    dead = record.dead
    return _Said((dead,), (_line(record, _death(record) if dead else "no death recorded"),))


def _say_alive(record: PatientRecord) -> _Said:
    dead = _say_deceased(record)
    return _Said((not dead.values[0],), dead.facts)


def _say_death_date(record: PatientRecord) -> _Said:
    died = record.patient.died if record.dead else None
    return _Said((died.day,) if died else (), _say_deceased(record).facts)


def _say_practitioner(record: PatientRecord) -> _Said:
    named = linked_names(record.patient.practitioners, record)
    if named:
        facts = tuple(_line(record, f"general practitioner: {name}") for name in named)
        return _Said(named, facts)
    return _most_seen(record)


def _most_seen(record: PatientRecord) -> _Said:
    visits = record.entries("Encounter")[-_RECENT_VISITS:]
    seen = Counter(name for visit in visits for name in linked_names(visit.who, record))
    if not seen:
        return _Said((), ())
    name, times = seen.most_common(1)[0]
    latest = next(visit for visit in reversed(visits) if name in linked_names(visit.who, record))
    text = f"{name}, seen in {times} of the last {len(visits)} visits, last on {day_of(latest)}"
    note = "no general practitioner is recorded; this is who was seen most in the last visits"
    return _Said((name,), (Fact(text, latest.reference, name),), notes=(note,))


def _say_team(record: PatientRecord) -> _Said:
    teams, note = _in_force(record.entries("CareTeam"), "care team")
    values = tuple(dict.fromkeys(name for team in teams for name in linked_names(team.parts, record)))
    facts = tuple(fact(team, *_members(team, record)) for team in teams)
    return _Said(values, facts, notes=note)


def _members(team: Entry, record: PatientRecord) -> tuple[str, ...]:
    told = [with_names(text, record) for label, text in team.details if label == "member"]
    return (f"members: {'; '.join(dict.fromkeys(told))}",) if told else ()


def _say_insurance(record: PatientRecord) -> _Said:
    policies, note = _in_force(record.entries("Coverage"), "insurance")
    values = tuple(dict.fromkeys(plain_name(policy.display) for policy in policies))
    return _Said(values, tuple(fact(policy, _plan(policy)) for policy in policies), notes=note)


def _say_plan(record: PatientRecord) -> _Said:
    policies, note = _in_force(record.entries("Coverage"), "insurance")
    plans = tuple(dict.fromkeys(one_line(p.detail("plan")) for p in policies if p.detail("plan")))
    return _Said(plans, tuple(fact(policy, _plan(policy)) for policy in policies), notes=note)


def _plan(policy: Entry) -> str:
    plan = policy.detail("plan")
    return f"plan {one_line(plan)}" if plan and plan != policy.display else ""


def _in_force(entries: Sequence[Entry], what: str) -> tuple[list[Entry], tuple[str, ...]]:
    active = [entry for entry in entries if entry.status in ACTIVE]
    if active or not entries:
        return active, ()
    return [entries[-1]], (f"no active {what} is recorded; this is the last one",)


def _address_texts(record: PatientRecord) -> tuple[str, ...]:
    return tuple(address.text for address in record.patient.addresses[:1])


def _contact_texts(record: PatientRecord) -> tuple[str, ...]:
    told = (
        (contact.name, contact.relationship, ", ".join((*contact.phones, *contact.emails)))
        for contact in record.patient.contacts
    )
    return tuple(", ".join(part for part in parts if part) for parts in told)


def _identifier_texts(record: PatientRecord) -> tuple[str, ...]:
    return tuple(
        f"{one_line(each.label or each.system)}: {one_line(each.value)}"
        for each in record.patient.identifiers
    )


def _numbers(record: PatientRecord, label: str) -> tuple[str, ...]:
    """Return the identifiers of one type: the label is how its name begins."""
    return tuple(one_line(i.value) for i in record.patient.identifiers if normal(i.label).startswith(label))


def _birth_texts(record: PatientRecord) -> tuple[str, ...]:
    return (record.patient.birth.day,) if record.patient.birth else ()


_TELLERS: dict[About, Callable[[PatientRecord], _Said]] = {
    "summary": _say_summary,
    "age": _say_age,
    "deceased": _say_deceased,
    "alive": _say_alive,
    "death date": _say_death_date,
    "practitioner": _say_practitioner,
    "care team": _say_team,
    "insurance": _say_insurance,
    "insurance plan": _say_plan,
}
_TEXTS: dict[About, Callable[[PatientRecord], Sequence[str]]] = {
    "name": lambda record: (record.patient.name,),
    "given name": lambda record: (record.patient.given,),
    "family name": lambda record: (record.patient.family,),
    "maiden name": lambda record: (record.patient.maiden_name,),
    "mother's maiden name": lambda record: (record.patient.mothers_maiden_name,),
    "birth place": lambda record: (record.patient.birth_place,),
    "birth sex": lambda record: (record.patient.birth_sex,),
    "street": lambda record: tuple(", ".join(address.lines) for address in record.patient.addresses[:1]),
    "state": lambda record: tuple(address.state for address in record.patient.addresses[:1]),
    "postal code": lambda record: tuple(address.postal_code for address in record.patient.addresses[:1]),
    "record number": lambda record: _numbers(record, "medical record"),
    "social security number": lambda record: _numbers(record, "social security"),
    "driver's license": lambda record: _numbers(record, "driver"),
    "passport": lambda record: _numbers(record, "passport"),
    "birth date": _birth_texts,
    "gender": lambda record: (record.patient.gender,),
    "address": _address_texts,
    "city": lambda record: tuple(address.city for address in record.patient.addresses[:1]),
    "phone": lambda record: record.patient.phones,
    "email": lambda record: record.patient.emails,
    "marital status": lambda record: (record.patient.marital_status,),
    "language": lambda record: record.patient.languages,
    "race": lambda record: (record.patient.race,),
    "ethnicity": lambda record: (record.patient.ethnicity,),
    "identifiers": lambda record: tuple(each.value for each in record.patient.identifiers),
    "contacts": _contact_texts,
}
_SHOWN: dict[About, Callable[[PatientRecord], tuple[str, ...]]] = {
    "identifiers": _identifier_texts,
    "city": _address_texts,
    "street": _address_texts,
    "state": _address_texts,
    "postal code": _address_texts,
}
_LABELS: dict[About, str] = dict.fromkeys(("street", "city", "state", "postal code"), "address")
"""What the line shows, where that is more than what was asked for."""
_TYPES: dict[About, Type] = {"birth date": "times", "death date": "times"}
_KINDS: dict[About, tuple[str, ...]] = {
    "practitioner": ("Patient", "Encounter"),
    "care team": ("CareTeam",),
    "insurance": ("Coverage",),
    "insurance plan": ("Coverage",),
}
