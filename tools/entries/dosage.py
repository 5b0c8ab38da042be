"""FHIR R4 `Dosage` and `Timing` -> plain words: "1 tablet by mouth, twice a day, as needed for pain".

The text as recorded wins; what is structured is added where that text does not hold it, and told as differing where
it does not fit. Not covered: event lists, offsets from meals.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from tools.entries.concepts import concept, names
from tools.entries.entry import JSON
from tools.entries.moments import period_words, span_of
from tools.entries.quantities import in_words, quantity
from tools.entries.shape import number, obj, objs, plain, text, texts
from tools.entries.times import When, parse_when

_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_COUNTED = {"d": "times a day", "wk": "times a week"}
_LONGEST = 100_000
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DOSED = re.compile(r"(?:(\d+) ?[x×] ?)?(\d+(?:[.,]\d+)?) ?\[?([^\W\d_]+)")
"""A number with its unit, and how many times it is taken at once: "2 x 500 mg"."""
_STRENGTH = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)? ?([^\W\d_]+)\b(?!/)")
_MASSES = {
    **dict.fromkeys(("g", "gram", "grams"), ("mass", Decimal(1000))),
    **dict.fromkeys(("mg", "milligram", "milligrams"), ("mass", Decimal(1))),
    **dict.fromkeys(("mcg", "ug", "µg", "μg", "microgram", "micrograms"), ("mass", Decimal("0.001"))),
}
_OF_UNITS = frozenset({"u", "iu", "unit", "units", "ie", "unt"})
_TIMES = {Decimal(1): "once", Decimal(2): "twice"}
_CODES = {
    "QD": "once a day",
    "BID": "twice a day",
    "TID": "3 times a day",
    "QID": "4 times a day",
    "QOD": "every 2 days",
    "AM": "in the morning",
    "PM": "in the afternoon",
    "BED": "at bedtime",
    "WK": "once a week",
    "MO": "once a month",
}
_WHEN = {
    "HS": "at bedtime",
    "WAKE": "after waking",
    "AC": "before meals",
    "PC": "after meals",
    "C": "with meals",
    "ACM": "before breakfast",
    "ACD": "before lunch",
    "ACV": "before dinner",
    "PCM": "after breakfast",
    "PCD": "after lunch",
    "PCV": "after dinner",
    "CM": "with breakfast",
    "CD": "with lunch",
    "CV": "with dinner",
    "MORN": "in the morning",
    "NOON": "at noon",
    "AFT": "in the afternoon",
    "EVE": "in the evening",
    "NIGHT": "at night",
}
_LENGTHS = {"s": 0, "min": 0, "h": 0, "d": 1, "wk": 7, "mo": 30, "a": 365}
"""Days in a unit of time; what is shorter than a day ends on the day it begins."""
_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday"} | {
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def dosage_words(value: Any) -> str:
    """Return a list of Dosages in words, in their order, "" if they say nothing."""
    steps = objs(value)
    if len(steps) > 1:
        steps = sorted(steps, key=lambda step: number(step.get("sequence")) or 0)
    return "; ".join(words for words in map(_one, steps) if words)


def strengths(name: str) -> str:
    """Return the strengths in the name of a drug; an amount of something else ("5 mg/mL") is no dose.

    >>> strengths("Acetaminophen 325 MG / Codeine 15 MG Oral Tablet"), strengths("Insulin lispro 100 UNT/ML")
    ('325 MG / 15 MG', '')
    """
    return " / ".join(
        found[0] for found in _STRENGTH.finditer(name) if _scale(found[1])[0] in ("mass", "unit")
    )


class Bounds(NamedTuple):
    """When what a list of Dosages says begins and ends, as far as it is recorded."""

    start: When | None
    end: When | None


def bounds(value: Any, begun: When | None) -> Bounds:
    """Return from when to when Dosages are to be followed: they end when the last does, if each has an end.

    Args:
        value: a list of Dosages.
        begun: from when those last that only say how long: steps of one sequence one after the other.
    """
    steps = [obj(obj(step.get("timing")).get("repeat")) for step in objs(value)]
    bounded = [step for step in steps if "boundsPeriod" in step]
    periods = [span_of(step["boundsPeriod"]) for step in bounded]
    starts = [period.start for period in periods if period.start] if len(bounded) == len(steps) else []
    ends = [period.end for period in periods if period.end]
    if ends and len(ends) == len(steps):
        return Bounds(min(starts, default=None), max(ends, key=lambda end: end.last))
    lengths = [days for step in steps if (days := _length(step)) is not None]
    if not begun or not lengths or len(lengths) < len(steps):
        return Bounds(min(starts, default=None), None)
    in_turn = len({plain(number(step.get("sequence")) or Decimal(0)) for step in objs(value)}) == len(steps)
    last = begun.first.toordinal() + (sum(lengths) if in_turn else max(lengths))
    return Bounds(None, parse_when(date.fromordinal(min(last, date.max.toordinal())).isoformat()))


def _length(repeat: JSON) -> int | None:
    """Return how many days a Timing lasts, the most where it is a range; None if it does not say."""
    longest = obj(repeat.get("boundsDuration")) or obj(obj(repeat.get("boundsRange")).get("high"))
    value, unit = number(longest.get("value")), text(longest.get("code")) or text(longest.get("unit"))
    named = next((code for code, name in _UNITS.items() if unit in (code, name, f"{name}s")), "")
    if value is None or not named or not 0 <= value < _LONGEST:
        return None
    return int(value * _LENGTHS[named])


def counts(value: Any) -> tuple[tuple[str, str], ...]:
    """Return what a single Dosage says in one word, labelled; () of several.

    ("times a day", "2"), ("times a week", "1"), ("at a time", "1"), ("amount", "1 tablet"), ("as needed", "no"). What
    is not said as a whole number of a day or week, or at a time, is left out; a schedule that does not say that it is
    as needed is a no.
    """
    steps = objs(value)
    if len(steps) != 1:
        return ()
    repeat = obj(obj(steps[0].get("timing")).get("repeat"))
    dose = (objs(steps[0].get("doseAndRate")) or [{}])[0].get("doseQuantity")
    each = number(obj(dose).get("value"))
    often, unit = number(repeat.get("frequency")), text(repeat.get("periodUnit"))
    plainly = number(repeat.get("period")) == 1 and unit in _COUNTED and "frequencyMax" not in repeat
    told = [(_COUNTED[unit], plain(often))] if plainly and often is not None else []
    told += [("at a time", plain(each)), ("amount", in_words(dose))] if each is not None else []
    needed = "yes" if _as_needed(steps[0]) else "no" if "timing" in steps[0] or _refused(steps[0]) else ""
    return (*told, *([("as needed", needed)] if needed else []))


def routes(value: Any) -> tuple[tuple[str, str], ...]:
    """Return the routes of one Dosage or several, labelled, as recorded: (("route", "Oral route"),)."""
    found = (concept(step.get("route")).display for step in objs(value))
    return tuple(("route", route) for route in dict.fromkeys(found) if route)


def _refused(dosage: JSON) -> bool:
    return dosage.get("asNeededBoolean") is False


def _one(dosage: JSON) -> str:
    said, built = text(dosage.get("text")), _built(dosage)
    if not said:
        return ", ".join([*built, *_extra(dosage)])
    if built and not any(character.isdigit() for character in said):
        return f"{said} ({', '.join([*built, *_most(dosage)])})"
    added = [part for part in (*_most(dosage), _needed(dosage, said)) if part]
    return ", ".join([f"{said}{_unlike(dosage, said)}", *added])


def _unlike(dosage: JSON, said: str) -> str:
    """Return the structured dose where its text does not say it, and whether the two differ; "" where they agree."""
    known = [each for each in (*objs(dosage.get("doseAndRate")), dosage) if _dose(each)]
    amounts = _amounts(known[0]) if known else ()
    if not amounts:
        return ""
    told = [
        (_number(n) * (_number(times) if times else 1), _scale(unit))
        for times, n, unit in _DOSED.findall(said)
    ]
    alike = [n * scale for n, (kind, scale) in told if kind == amounts[0][1][0]]
    lowest, highest = (n * scale for n, (_, scale) in (amounts[0], amounts[-1]))
    if alike:
        return "" if lowest <= alike[0] <= highest else f", but its structured dose is {_dose(known[0])}"
    numbers = {_number(found) for found in _NUMBER.findall(said)}
    return "" if {n for n, _ in amounts} <= numbers else f" ({_dose(known[0])})"


def _amounts(dosage: JSON) -> tuple[tuple[Decimal, tuple[str, Decimal]], ...]:
    """Return the least and the most of a structured dose, each with its unit; () if there is no number."""
    dose = obj(dosage.get("doseQuantity") or dosage.get("doseRange") or dosage.get("dose"))
    found = [quantity(dose.get(end)) for end in ("low", "high")] if "low" in dose else [quantity(dose)]
    return tuple((each.value, _scale(each.unit)) for each in found if each)


def _scale(unit: str) -> tuple[str, Decimal]:
    """Return what a unit of dose measures, and how much of it one is: grams are told in milligrams."""
    word = unit.casefold().strip("[]{}.()")
    return _MASSES.get(word) or ("unit" if word in _OF_UNITS else word.removesuffix("s"), Decimal(1))


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", "."))


def _needed(dosage: JSON, said: str) -> str:
    needed = _as_needed(dosage)
    return "" if any(word in said.casefold() for word in ("need", "prn", needed)) else needed


def _built(dosage: JSON) -> list[str]:
    doses = [*objs(dosage.get("doseAndRate")), dosage]
    dose = next((words for each in doses if (words := _dose(each))), "")
    by = _route(concept(dosage.get("route")).display)
    parts = [f"{dose} {by}".strip(), timing_words(dosage.get("timing")), _as_needed(dosage)]
    return [part for part in parts if part]


def _extra(dosage: JSON) -> list[str]:
    told = [*names(dosage.get("additionalInstruction")), text(dosage.get("patientInstruction"))]
    return [*_most(dosage), *(part for part in told if part)]


def _most(dosage: JSON) -> list[str]:
    most = in_words(dosage.get("maxDosePerPeriod"))
    return [f"at most {most}"] if most else []


def _dose(dosage: JSON) -> str:
    dose = (
        in_words(dosage.get("doseQuantity"))
        or in_words(dosage.get("doseRange"))
        or in_words(dosage.get("dose"))
    )
    if dose.replace(".", "").isdigit():
        dose += " at a time"
    rate = next((w for k in ("rateQuantity", "rateRatio", "rateRange") if (w := in_words(dosage.get(k)))), "")
    return f"{dose} at {rate}".strip() if rate else dose


def _route(route: str) -> str:
    plainer = {"oral route": "by mouth", "oral": "by mouth", "po": "by mouth"}
    bare = route.partition(" (")[0].lower()
    return plainer.get(bare, f"by {bare}" if bare.endswith("route") else bare)


def _as_needed(dosage: JSON) -> str:
    what = names(dosage.get("asNeededCodeableConcept")) or names(dosage.get("asNeededFor"))
    if what:
        return f"as needed for {', '.join(what)}"
    return "as needed" if dosage.get("asNeededBoolean") is True or dosage.get("asNeeded") is True else ""


def timing_words(value: Any) -> str:
    """Return a Timing in words.

    >>> timing_words({"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}})
    'twice a day'
    >>> timing_words({"repeat": {"period": 6, "periodUnit": "h", "when": ["PC"]}})
    'every 6 hours after meals'
    """
    timing = obj(value)
    repeat = obj(timing.get("repeat"))
    named = concept(timing.get("code"))
    known = next((_CODES[coding.code] for coding in named.codings if coding.code in _CODES), "")
    often = _often(repeat) or known or named.display
    parts = [often, _moments(repeat), _bounds(repeat)]
    return " ".join(part for part in parts if part)


def _often(repeat: JSON) -> str:
    period, unit = number(repeat.get("period")), _UNITS.get(text(repeat.get("periodUnit")), "")
    if not (period and unit):
        return ""
    times = _count(number(repeat.get("frequency")), number(repeat.get("frequencyMax")))
    if period == 1 and "periodMax" not in repeat:
        return f"{times or 'once'} {'an' if unit == 'hour' else 'a'} {unit}"
    return f"{times} every {plain(period)}{_up_to(repeat)} {unit}s".removeprefix("once").strip()


def _count(frequency: Decimal | None, most: Decimal | None) -> str:
    if most and most != frequency:
        return f"{plain(frequency)} to {plain(most)} times" if frequency else f"up to {plain(most)} times"
    if frequency is None:
        return ""
    return _TIMES.get(frequency, f"{plain(frequency)} times")


def _up_to(repeat: JSON) -> str:
    most = number(repeat.get("periodMax"))
    return f" to {plain(most)}" if most else ""


def _moments(repeat: JSON) -> str:
    days = [_DAYS.get(day, day) for day in texts(repeat.get("dayOfWeek"))]
    hours = [hour[:5] for hour in texts(repeat.get("timeOfDay"))]
    whens = [_WHEN.get(when, when) for when in texts(repeat.get("when"))]
    parts = [f"on {', '.join(days)}" * bool(days), f"at {', '.join(hours)}" * bool(hours), ", ".join(whens)]
    return " ".join(part for part in parts if part)


def _bounds(repeat: JSON) -> str:
    lasting = in_words(repeat.get("boundsDuration")) or in_words(repeat.get("boundsRange"))
    if lasting:
        return f"for {lasting}"
    count = number(repeat.get("count"))
    within = period_words(repeat.get("boundsPeriod"))
    return " ".join(part for part in (f"{plain(count)} times in all" if count else "", within) if part)
