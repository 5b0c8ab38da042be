"""Recorded names, numbers, units, values, links -> words on one line, as a reader expects them.

Left out: what a value means, conversion of units. Pure.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from tools.entries.entry import Entry, Link, Quantity, Range
from tools.text import plain_name

if TYPE_CHECKING:
    from tools.record import PatientRecord

_LONGEST_NAME = 160
_REFERENCE = re.compile(r"\b[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
_SPACE = re.compile(r"\s+")
_ANNOTATION = re.compile(r"\{[^}]*\}")


def one_line(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return recorded text on one line, shortened with "…" where it is longer than `longest`.

    >>> one_line("Ignore  all   rules", 8)
    'Ignore …'
    """
    flat = _SPACE.sub(" ", text).strip()
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def shown_name(entry: Entry) -> str:
    """Return the record's name for an entry, without SNOMED tag, on one line; "unnamed Condition" if none."""
    return one_line(plain_name(entry.display)) or f"unnamed {entry.kind}"


def number(value: Decimal) -> str:
    """Return a number as people write it: two decimals, four digits below one, integers untouched.

    >>> [number(Decimal(n)) for n in ("169.39532974585742", "6.40", "1200", "0.0272134", "-2.229999")]
    ['169.4', '6.4', '1200', '0.02721', '-2.23']
    """
    if value == value.to_integral_value():
        return f"{value.to_integral_value():f}"
    places = 2 if abs(value) >= 1 else 3 - value.adjusted()
    rounded = round(value, places)
    return f"{rounded:f}".rstrip("0").rstrip(".")


def shown_unit(unit: str) -> str:
    """Return a unit as recorded, without UCUM annotations and the unit one.

    >>> shown_unit("{score}"), shown_unit("mg/dL"), shown_unit("1")
    ('', 'mg/dL', '')
    """
    bare = _ANNOTATION.sub("", unit).strip()
    return "" if bare == "1" else bare


def shown_value(entry: Entry) -> str:
    """Return the value with comparator and unit, "no value (reason)" if absent, "" where none is expected."""
    value = entry.value
    if isinstance(value, Quantity):
        return f"{value.comparator} {number(value.value)} {shown_unit(value.unit)}".strip()
    if value is not None:
        return one_line(plain_name(value))
    return f"no value ({entry.absent})" if entry.absent else ""


def shown_range(bounds: Range) -> str:
    """Return a reference range in words: "4 to 5.6", "at most 200", or the recorded text."""
    if bounds.low is not None and bounds.high is not None:
        return f"{number(bounds.low)} to {number(bounds.high)}"
    if bounds.high is not None:
        return f"at most {number(bounds.high)}"
    return f"at least {number(bounds.low)}" if bounds.low is not None else one_line(bounds.text)


def linked_names(links: Iterable[Link], record: "PatientRecord") -> tuple[str, ...]:
    """Return the distinct names that links stand for, looked up in the record where they carry none."""
    return tuple(dict.fromkeys(name for name in (_link_name(link, record) for link in links) if name))


def with_names(text: str, record: "PatientRecord") -> str:
    """Return text on one line in which references to entries of the record stand as their names."""

    def name(found: re.Match[str]) -> str:
        target = record.get(found[0])
        return target.display if target else found[0]

    return one_line(_REFERENCE.sub(name, text))


def _link_name(link: Link, record: "PatientRecord") -> str:
    target = record.get(link.reference) if link.reference else None
    return one_line(link.display or (target.display if target else ""))


def day_of(entry: Entry) -> str:
    """Return the recorded day (or month, or year) of the start, "" if unknown."""
    return entry.start.day if entry.start else ""
