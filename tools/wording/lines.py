"""An `Entry` -> its line, by kind: "Hypertension, active, since 2010-05-24".

Left out: the reference and what must be said with it (`facts`).
"""

import re
from collections.abc import Callable

from tools.entries.entry import Entry, Quantity
from tools.wording.words import (
    called,
    day_of,
    in_words,
    number,
    on_day,
    one_line,
    short_name,
    shown_name,
    shown_picture,
    shown_range,
    shown_value,
    with_unit,
)

_FLAGS = {
    "H": "high",
    "HH": "critically high",
    "L": "low",
    "LL": "critically low",
    "A": "abnormal",
    "AA": "critically abnormal",
    "N": "",
    "POS": "positive",
    "NEG": "negative",
}
_SYSTOLIC, _DIASTOLIC = "8480-6", "8462-4"
_CLASSES = {
    "imp": "inpatient",
    "emer": "emergency",
    "amb": "outpatient",
    "vr": "virtual",
    "hh": "home",
    "acute": "inpatient",
    "nonac": "inpatient",
    "obsenc": "observation stay",
    "prenc": "pre-admission",
    "ss": "short stay",
    "inpatient": "inpatient",
    "emergency": "emergency",
    "outpatient": "outpatient",
    "observation": "observation stay",
}
_OF_STATEMENTS = ("told by", "status reason")
_TIMES_IN_WORDS = ("given", "performed", "date as recorded")
_MOST_ANSWERS = 12
_ALLERGY_DETAILS = ("reaction", "criticality")

_SENTENCES = re.compile(r"[.?!\]]\s")


def line_of(entry: Entry) -> str:
    """Return the line of an entry of any kind."""
    return _LINES.get(entry.kind, _plain_line)(entry)


def _plain_line(entry: Entry) -> str:
    name = called(entry)
    pictures = (shown_picture(picture, name) for picture in entry.pictures)
    parts = (name, *pictures, shown_value(entry), entry.status, _days(entry))
    return ", ".join(filter(None, parts))


def _days(entry: Entry) -> str:
    start, end = day_of(entry), entry.end.day if entry.end else ""
    if start and end and start != end:
        return f"{start} to {end}"
    return on_day(start) if start else (f"until {end}" if end else "")


def _lasting_line(entry: Entry) -> str:
    since = _days(entry) if entry.end else (f"since {day_of(entry)}" if entry.start else "")
    onset = _in_words(entry, "onset") if entry.details and not entry.end else ""
    if onset and (not entry.start or entry.detail("recorded")):
        since = ", ".join(
            filter(None, (f"onset {onset}", f"recorded {day_of(entry)}" if entry.start else ""))
        )
    return ", ".join(filter(None, (shown_name(entry), entry.status, since)))


def _prescription_line(entry: Entry) -> str:
    until = f"until {entry.end.day}" if entry.end and entry.end.day != day_of(entry) else ""
    return ", ".join(filter(None, (_dated_line("prescribed")(entry), until)))


def _statement_line(entry: Entry) -> str:
    told = (
        f"{label.removeprefix('status ')}: {one_line(said)}"
        for label, said in entry.details
        if label in _OF_STATEMENTS
    )
    return ", ".join((_lasting_line(entry), *told))


def _dispense_line(entry: Entry) -> str:
    return ", ".join(filter(None, (_dated_line("dispensed")(entry), one_line(entry.detail("quantity")))))


def _dated_line(verb: str) -> Callable[[Entry], str]:
    def line(entry: Entry) -> str:
        when = day_of(entry) or _in_words(entry, *_TIMES_IN_WORDS)
        why = entry.detail("status reason") if entry.void else ""
        status = "" if entry.status == "completed" else entry.status
        did = on_day(when) if entry.void and entry.start else f"{verb} {when}"
        said = f"{status} ({one_line(why)})" if status and why else status
        return ", ".join(filter(None, (shown_name(entry), said, when and did)))

    return line


def _in_words(entry: Entry, *labels: str) -> str:
    """Return when something was, where the record says it in words or as an age: "about 2015"."""
    return next((one_line(said) for label, said in entry.details if label in labels), "")


def _observation_line(entry: Entry) -> str:
    when = f" {on_day(day_of(entry))}" if entry.start else ""
    return f"{_measured(entry)}{when}{asides(entry)}"


def _measured(entry: Entry) -> str:
    pressure = _pressure(entry)
    if pressure:
        return pressure
    value = shown_value(entry)
    if entry.components and not value:
        return f"{called(entry)}: {_parts(entry)}"
    words = value and not isinstance(entry.value, Quantity)
    beside = f" ({_parts(entry)})" if words and entry.components else ""
    return f"{called(entry)}{':' if words else ''} {value}{beside}".strip()


def _parts(entry: Entry) -> str:
    return ", ".join(f"{short_name(shown_name(part))} {shown_value(part)}" for part in entry.components)


def _pressure(entry: Entry) -> str:
    """Return a blood pressure as people write it, "" if this is none."""
    found = {coding.code: part.value for part in entry.components for coding in part.codings}
    high, low = found.get(_SYSTOLIC), found.get(_DIASTOLIC)
    if len(entry.components) != 2 or not isinstance(high, Quantity) or not isinstance(low, Quantity):
        return ""
    if high.comparator or low.comparator or high.unit != low.unit:
        return ""
    return f"Blood pressure {number(high.value)}/{with_unit(number(low.value), low.unit)}"


def asides(entry: Entry) -> str:
    """Return what the record says of a value, with a space before it: " (high; reference 4–5.6)", "" if nothing."""
    flags = ", ".join(filter(None, (_FLAGS.get(flag, flag) for flag in entry.interpretation)))
    bounds = f"reference {shown_range(entry)}" if entry.range else ""
    dated_by = entry.detail("dated by") if entry.details else ""
    said = "; ".join(filter(None, (flags, bounds, dated_by and f"dated by {dated_by}")))
    return f" ({said})" if said else ""


def encounter_class(entry: Entry) -> str:
    """Return the class of an encounter in words ("inpatient", "emergency", …), "" if the record has none."""
    known = [_CLASSES[word] for word in entry.category if word in _CLASSES]
    return known[0] if known else ""


def _encounter_line(entry: Entry) -> str:
    kind = encounter_class(entry)
    name = f"{shown_name(entry)} ({kind})" if kind else shown_name(entry)
    status = "" if entry.status == "finished" else entry.status
    reasons = [why for reason in entry.reasons if (why := in_words(reason.display))]
    why = f"for {_as_words(reasons[0])}" if reasons else ""
    return ", ".join(filter(None, (name, status, _days(entry), why)))


def _allergy_line(entry: Entry) -> str:
    told = [f"{label}: {one_line(text)}" for label, text in entry.details if label in _ALLERGY_DETAILS]
    return "; ".join([_lasting_line(entry), *told])


def _answers_line(entry: Entry) -> str:
    """Return a form with its answers: "gad7 on 2025-08-14: Feeling nervous: Nearly every day; …"."""
    told = [f"{one_line(part.display)}: {shown_value(part)}" for part in entry.components[:_MOST_ANSWERS]]
    more = len(entry.components) - len(told)
    told += [f"{more} more answers"] if more > 0 else []
    return f"{called(entry)} {_days(entry)}".strip() + f": {'; '.join(told)}" * bool(told)


def _family_line(entry: Entry) -> str:
    had = entry.detail("conditions")
    died = entry.detail("deceased")
    dead = {"": "", "no": "", "yes": "deceased"}.get(died, f"died {died}")
    return ": ".join(filter(None, (called(entry), "; ".join(filter(None, (had, dead))))))


def _answer_or_form(whole: Callable[[Entry], str]) -> Callable[[Entry], str]:
    """Return the line of an entry that holds others, which go by their own names and values."""
    return lambda entry: _observation_line(entry) if entry.value is not None else whole(entry)


def _impression_line(entry: Entry) -> str:
    told = (one_line(entry.detail(label)) for label in ("findings", "summary"))
    return ": ".join(filter(None, (_plain_line(entry), "; ".join(filter(None, told)))))


_LINES: dict[str, Callable[[Entry], str]] = {
    "Condition": _lasting_line,
    "AllergyIntolerance": _allergy_line,
    "CarePlan": _lasting_line,
    "CareTeam": _lasting_line,
    "Goal": _lasting_line,
    "Coverage": _lasting_line,
    "MedicationRequest": _prescription_line,
    "MedicationStatement": _statement_line,
    "MedicationAdministration": _dated_line("given"),
    "MedicationDispense": _dispense_line,
    "Immunization": _dated_line("given"),
    "Procedure": _dated_line("done"),
    "Observation": _observation_line,
    "Encounter": _encounter_line,
    "ServiceRequest": _dated_line("ordered"),
    "DeviceRequest": _dated_line("ordered"),
    "NutritionOrder": _dated_line("ordered"),
    "DeviceUseStatement": _lasting_line,
    "Flag": _lasting_line,
    "QuestionnaireResponse": _answer_or_form(_answers_line),
    "FamilyMemberHistory": _answer_or_form(_family_line),
    "RiskAssessment": _answer_or_form(_answers_line),
    "ImmunizationRecommendation": _answer_or_form(_answers_line),
    "ClinicalImpression": _impression_line,
}


def _as_words(reason: str) -> str:
    """Return a reason, in quotation marks where it is sentences: they are the record's, not the answer's."""
    return f"“{reason.replace('”', '’')}”" if _SENTENCES.search(reason) else reason
