"""FHIR R4 `Dosage` and `Timing` -> plain words: "1 tablet by mouth, twice a day, as needed for pain".

The text as recorded wins; what is structured is added when that text holds no number. Not covered: event
lists, offsets from meals, bounds as ranges.
"""

from decimal import Decimal
from typing import Any

from tools.entries.concepts import concept, names
from tools.entries.entry import JSON
from tools.entries.moments import period_words
from tools.entries.quantities import in_words
from tools.entries.shape import number, obj, objs, plain, text, texts

_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_COUNTED = {"d": "times a day", "wk": "times a week"}
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


def counts(value: Any) -> tuple[tuple[str, str], ...]:
    """Return what a single Dosage says in one word, labelled; () of several.

    ("times a day", "2"), ("times a week", "1"), ("at a time", "1"), ("as needed", "no"). What is not said as a whole
    number of a day or week, or at a time, is left out; a schedule that does not say that it is as needed is a no.
    """
    steps = objs(value)
    if len(steps) != 1:
        return ()
    repeat = obj(obj(steps[0].get("timing")).get("repeat"))
    each = number(obj((objs(steps[0].get("doseAndRate")) or [{}])[0].get("doseQuantity")).get("value"))
    often, unit = number(repeat.get("frequency")), text(repeat.get("periodUnit"))
    plainly = number(repeat.get("period")) == 1 and unit in _COUNTED and "frequencyMax" not in repeat
    told = [(_COUNTED[unit], plain(often))] if plainly and often is not None else []
    told += [("at a time", plain(each))] if each is not None else []
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
        return f"{said} ({', '.join(built)})"
    return said


def _built(dosage: JSON) -> list[str]:
    doses = [*objs(dosage.get("doseAndRate")), dosage]
    dose = next((words for each in doses if (words := _dose(each))), "")
    by = _route(concept(dosage.get("route")).display)
    parts = [f"{dose} {by}".strip(), timing_words(dosage.get("timing")), _as_needed(dosage)]
    return [part for part in parts if part]


def _extra(dosage: JSON) -> list[str]:
    most = in_words(dosage.get("maxDosePerPeriod"))
    told = [*names(dosage.get("additionalInstruction")), text(dosage.get("patientInstruction"))]
    return [f"at most {most}"] * bool(most) + [part for part in told if part]


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
