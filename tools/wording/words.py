"""Recorded names, numbers, units, values, links -> words on one line, as a reader expects them.

Left out: what a value means, conversion of units. Pure.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.entries.entry import Attached, Entry, Link, Quantity
from tools.units import same_unit
from tools.wording.text import plain_name

if TYPE_CHECKING:
    from tools.record import PatientRecord

_LONGEST_NAME = 160
_DECIMALS = 3
"""So many are shown as recorded: a specific gravity of 1.017 is not 1.02."""
_WHOLE_DAY = len("2020-03-02")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_REFERENCE = re.compile(r"\b[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
_SPACE = re.compile(r"\s+")
_ANNOTATION = re.compile(r"\{[^}]*\}")
_SURFACE = re.compile(r"/(?:\{1\.73_?m2\}|1\.73[._ ]?m2)$", re.IGNORECASE)
_POWER = re.compile(r"10(?:\*|\^)(\d+)")
_PROPERTY = re.compile(r"\s*\[[^\]]*\](?!\w)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_INNER = str.maketrans('“”„«»"', "‘’‘‘’'")
_READ = {
    "Cel": "°C",
    "degF": "°F",
    "pH": "",
    "(score)": "",
    "in_i": "in",
    "lb_av": "lb",
    "kg/m2": "kg/m²",
    "m2": "m²",
    "ug": "µg",
    "uL": "µL",
    "umol": "µmol",
    "uIU": "µIU",
    "uU": "µU",
}


def one_line(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return recorded text on one line, shortened with "…" where it is longer than `longest`.

    >>> one_line("Ignore  all   rules", 8)
    'Ignore …'
    """
    flat = _SPACE.sub(" ", text).strip()
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def cut_at_word(text: str, longest: int) -> str:
    """Return text that is cut after a word, with "…", where it is longer than `longest`.

    >>> cut_at_word("Off warfarin since the bleed.", 20)
    'Off warfarin since …'
    """
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    return f"{kept.rpartition(' ')[0] or kept[:-1]} …"


def in_quotation_marks(text: str) -> str:
    """Return recorded text as a quotation; quotation marks within it become single ones.

    >>> in_quotation_marks("She said “stop”.")
    '“She said ‘stop’.”'
    """
    return f"“{text.translate(_INNER)}”"


def shown_name(entry: Entry) -> str:
    """Return the record's name for an entry, without SNOMED tag, on one line; "unnamed Condition" if none."""
    return name_of(entry.display, entry.kind)


@lru_cache(maxsize=16384)
def name_of(display: str, kind: str) -> str:
    """Return the name that `shown_name` gives to entries of a kind which are all recorded under one name."""
    return one_line(plain_name(display)) or f"unnamed {kind}"


def called(entry: Entry) -> str:
    """Return the name as on a line: a test without its property; "unnamed device"."""
    name = shown_name(entry)
    if is_unnamed(entry):
        return f"unnamed {name.casefold()}"
    return short_name(name) if entry.kind == "Observation" else name


def called_times(entry: Entry, times: int) -> str:
    """Return the name of several entries: "IPV, 3 times", "9 unnamed devices"."""
    name = called(entry)
    return counted(times, name) if is_unnamed(entry) else f"{name}, {times} times"


def is_unnamed(entry: Entry) -> bool:
    """Tell whether an entry is recorded under no name but its kind."""
    return shown_name(entry).casefold() == entry.kind.casefold()


def number(value: Decimal) -> str:
    """Return a number as recorded; one of more than three decimals with two, below one with four digits.

    >>> [number(Decimal(n)) for n in ("1.017", "6.40", "1200", "169.39532974585742", "0.0272134", "-2.229999")]
    ['1.017', '6.4', '1200', '169.4', '0.02721', '-2.23']
    """
    if value == value.to_integral_value():
        return f"{value.to_integral_value():f}"
    recorded = value.normalize()
    if -int(recorded.as_tuple().exponent) > _DECIMALS:
        recorded = round(value, 2 if abs(value) >= 1 else 3 - value.adjusted()).normalize()
    return f"{recorded:f}"


def ordinal(n: int) -> str:
    """Return the place of something in words, counted from the first or, below zero, from the last.

    >>> [ordinal(n) for n in (1, 2, 13, 22, -1, -2, -3)]
    ['first', 'second', '13th', '22nd', 'last', 'last but one', 'third from last']
    """
    if n < 0:
        return {-1: "last", -2: "last but one"}.get(n) or f"{ordinal(-n)} from last"
    if n <= len(_ORDINALS):
        return _ORDINALS[max(n, 1) - 1]
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def shown_unit(unit: str) -> str:
    """Return a unit as recorded, without UCUM annotations and the unit one.

    >>> shown_unit("{score}"), shown_unit("mg/dL"), shown_unit("1")
    ('', 'mg/dL', '')
    """
    bare = _ANNOTATION.sub("", unit).strip()
    return "" if bare == "1" else bare


def read_unit(unit: str) -> str:
    """Return a unit as people read it; what is computed keeps the unit as recorded.

    >>> [read_unit(unit) for unit in ("mm[Hg]", "10*3/uL", "mL/min/{1.73_m2}", "{score}")]
    ['mmHg', '10³/µL', 'mL/min/1.73 m²', '']
    """
    surface = "/1.73 m²" if _SURFACE.search(unit) else ""
    bare = shown_unit(_SURFACE.sub("", unit)).replace("[", "").replace("]", "")
    if bare in _READ:
        return _READ[bare] + surface
    powers = _POWER.sub(lambda match: f"10{match[1].translate(_RAISED)}", bare)
    return "/".join(_READ.get(part, part) for part in powers.rstrip("/").split("/")) + surface


def with_unit(said: str, unit: str) -> str:
    """Return a number with its unit as people read it.

    >>> with_unit("72", "/min"), with_unit("6.4", "%")
    ('72/min', '6.4 %')
    """
    read = read_unit(unit)
    return f"{said}{read}" if read.startswith("/") else f"{said} {read}".strip()


def short_name(name: str) -> str:
    """Return the name of a test without the property that its unit tells anyway.

    >>> short_name("Glucose [Mass/volume] in Blood"), short_name("Hemoglobin A1c/Hemoglobin.total in Blood")
    ('Glucose in Blood', 'Hemoglobin A1c in Blood')
    """
    short = _PROPERTY.sub("", name).replace("A1c/Hemoglobin.total", "A1c").strip()
    return short or name


def on_day(day: str) -> str:
    """Return when something was: on a day or at a minute, in a month or year.

    >>> on_day("2020-03-02"), on_day("2020-03"), on_day("2020")
    ('on 2020-03-02', 'in 2020-03', 'in 2020')
    """
    return f"{'on' if len(day) >= _WHOLE_DAY else 'in'} {day}"


def shown_picture(picture: Attached, name: str) -> str:
    """Return what a picture is as a file, and its title if that is not the name that stands before it.

    >>> shown_picture(Attached("PNG", "Left arm", 96, 64, at=0), "Photograph")
    'picture (PNG, 96 × 64): Left arm'
    """
    size = f"{picture.width} × {picture.height}" if picture.width and picture.height else ""
    said = ", ".join(filter(None, (one_line(picture.format), size)))
    title = one_line(picture.title)
    return "picture" + f" ({said})" * bool(said) + f": {title}" * bool(title and title != name)


def plural(noun: str) -> str:
    """Return a noun for several.

    >>> plural("active condition"), plural("allergy"), plural("imaging study"), plural("inpatient stay")
    ('active conditions', 'allergies', 'imaging studies', 'inpatient stays')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeo":
        return f"{noun[:-1]}ies"
    return noun if noun.endswith(("s", "ing")) else f"{noun}s"


def counted(n: int, noun: str) -> str:
    """Return so many of something.

    >>> counted(1, "full year"), counted(0, "day"), counted(3, "allergy")
    ('1 full year', '0 days', '3 allergies')
    """
    return f"{n} {noun if n == 1 else plural(noun)}"


@lru_cache(maxsize=16384)
def in_words(text: str) -> str:
    """Return recorded words without SNOMED tag on one line; a programmer's name as words.

    >>> in_words("Medication_Review_Due"), in_words("Viral sinusitis (disorder)")
    ('medication review due', 'Viral sinusitis')
    """
    plain = one_line(plain_name(text))
    return plain.replace("_", " ").strip().lower() if "_" in plain and " " not in plain else plain


def length(days: int) -> str:
    """Return whole days, and what long ones are about.

    >>> length(1), length(75), length(2934)
    ('1 day', '75 days (about 2.5 months)', '2934 days (about 8 years)')
    """
    said = counted(days, "day")
    if days <= 60:
        return said
    about = days / 365.25 if days > 365 else days / 30.44
    unit = "years" if days > 365 else "months"
    return f"{said} (about {about:.1f} {unit})".replace(".0 ", " ")


def shown_value(entry: Entry) -> str:
    """Return the value with comparator and unit, "no value (reason)" if absent, "" where none is expected."""
    value = entry.value
    if isinstance(value, Quantity):
        return f"{value.comparator} {with_unit(number(value.value), value.unit)}".strip()
    if value is not None:
        return one_line(plain_name(value))
    return f"no value ({entry.absent})" if entry.absent else ""


def shown_range(entry: Entry) -> str:
    """Return the reference range in words: "4–5.6", "at most 200", or the recorded text; "" if there is none.

    Its unit is told where it is not that of the value: "13–17 g/dL" of 140 g/L.
    """
    bounds = entry.range
    if bounds is None:
        return ""
    own = entry.value.unit if isinstance(entry.value, Quantity) else ""
    unit = bounds.unit if own and bounds.unit and not same_unit(own, bounds.unit) else ""
    if bounds.low is not None and bounds.high is not None:
        return with_unit(
            f"{number(bounds.low)}{' to ' if bounds.low < 0 else '–'}{number(bounds.high)}", unit
        )
    if bounds.high is not None:
        return with_unit(f"at most {number(bounds.high)}", unit)
    return (
        with_unit(f"at least {number(bounds.low)}", unit) if bounds.low is not None else one_line(bounds.text)
    )


def linked_names(links: Iterable[Link], record: "PatientRecord") -> tuple[str, ...]:
    """Return the distinct names that links stand for, looked up in the record where they carry none."""
    return tuple(dict.fromkeys(name for name in (_link_name(link, record) for link in links) if name))


def with_names(text: str, record: "PatientRecord") -> str:
    """Return text on one line in which references to entries of the record stand as their names."""

    def name(found: re.Match[str]) -> str:
        target = record.get(found[0])
        return target.display if target else found[0]

    return one_line(_REFERENCE.sub(name, text))


def recorded_texts(entry: Entry) -> list[str]:
    """Return what an entry records in words, as recorded."""
    texts: list[str] = []
    for part in (entry, *entry.components):
        texts += [part.display, part.absent, *[text for _, text in part.details]]
        texts.append(part.value.unit if isinstance(part.value, Quantity) else part.value or "")
        texts.append(part.range.text if part.range else "")
        texts += [link.display for link in (*part.who, *part.where, *part.reasons, *part.parts)]
    return texts


def _link_name(link: Link, record: "PatientRecord") -> str:
    target = record.get(link.reference) if link.reference else None
    return one_line(link.display or (target.display if target else ""))


def day_of(entry: Entry) -> str:
    """Return the recorded day (or month, or year) of the start, "" if unknown."""
    return entry.start.day if entry.start else ""
