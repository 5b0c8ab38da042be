"""A number in one unit -> the number in another: mass, length, temperature, volume, time, and one per another.

The factors are exact (UCUM; the international pound and inch). Left out: substance to mass ("mmol/L" to "mg/dL"),
months and years, which have no one length.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_PLAIN = str.maketrans({"µ": "u", "μ": "u", "²": "2", "³": "^3", "⁶": "^6", "⁹": "^9"})
_ANNOTATION = re.compile(r"\{[^}]*\}")
_FACTORS: Mapping[str, Mapping[str, str]] = {
    "mass": {
        "kg": "1000", "g": "1", "mg": "1e-3", "ug": "1e-6", "ng": "1e-9", "pg": "1e-12",
        "lb": "453.59237", "oz": "28.349523125",
    },
    "length": {"km": "1000", "m": "1", "cm": "0.01", "mm": "0.001", "um": "1e-6", "in": "0.0254", "ft": "0.3048"},
    "volume": {"L": "1", "dL": "0.1", "cL": "0.01", "mL": "1e-3", "uL": "1e-6", "fL": "1e-15"},
    "time": {"s": "1", "min": "60", "h": "3600", "d": "86400", "wk": "604800"},
    "substance": {"mol": "1", "mmol": "1e-3", "umol": "1e-6", "nmol": "1e-9", "pmol": "1e-12"},
    "cells": {"10*3": "1e3", "10*6": "1e6", "10*9": "1e9", "10*12": "1e12"},
}  # fmt: skip
_SPELLINGS: Mapping[str, str] = {
    "kilogram": "kg", "kilograms": "kg", "kgs": "kg", "gram": "g", "grams": "g", "gm": "g", "milligram": "mg",
    "milligrams": "mg", "mcg": "ug", "microgram": "ug", "micrograms": "ug", "pound": "lb", "pounds": "lb",
    "lbs": "lb", "lb_av": "lb", "ounce": "oz", "ounces": "oz", "oz_av": "oz", "meter": "m", "meters": "m",
    "metre": "m", "metres": "m", "centimeter": "cm", "centimeters": "cm", "centimetre": "cm", "centimetres": "cm",
    "millimeter": "mm", "millimeters": "mm", "inch": "in", "inches": "in", "in_i": "in", "in_us": "in",
    "foot": "ft", "feet": "ft", "ft_i": "ft", "ft_us": "ft", "liter": "L", "liters": "L", "litre": "L",
    "litres": "L", "deciliter": "dL", "deciliters": "dL", "milliliter": "mL", "milliliters": "mL", "cc": "mL",
    "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "hr": "h", "hrs": "h",
    "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "wk", "weeks": "wk",
    "beats": "", "breaths": "",
    "10^3": "10*3", "10e3": "10*3", "k": "10*3", "thou": "10*3", "10^6": "10*6", "10e6": "10*6", "10^9": "10*9",
    "10e9": "10*9", "10^12": "10*12", "10e12": "10*12",
}  # fmt: skip
_DEGREES: Mapping[str, tuple[str, int, int]] = {
    **dict.fromkeys(("cel", "celsius", "degc", "°c", "c"), ("273.15", 1, 1)),
    **dict.fromkeys(("degf", "fahrenheit", "°f", "f"), ("459.67", 5, 9)),
    **dict.fromkeys(("k", "kelvin"), ("0", 1, 1)),
}
"""Of each spelling: how many degrees below zero the absolute zero is, and how many kelvins a degree is (5/9)."""
_NAMES: Mapping[str, str] = {
    **{name.casefold(): name for units in _FACTORS.values() for name in units},
    **_SPELLINGS,
}


class _Unit(NamedTuple):
    """What a unit measures, and how many of its basic unit it is: "mg/dL" is 0.01 of mass over volume."""

    dimensions: tuple[str, ...]
    factor: Decimal


def converted(number: Decimal, unit: str, to: str) -> Decimal | None:
    """Return a number of one unit in another, None if the one cannot be converted to the other.

    >>> converted(Decimal(5), "lb", "kg"), converted(Decimal("98.6"), "degF", "Cel"), converted(Decimal(5), "mg", "mL")
    (Decimal('2.26796185'), Decimal('37.00'), None)
    """
    if same_unit(unit, to):
        return number
    if _bare(unit) in _DEGREES and _bare(to) in _DEGREES:
        return _in_degrees(number, _DEGREES[_bare(unit)], _DEGREES[_bare(to)])
    have, want = _read(unit), _read(to)
    return number * have.factor / want.factor if have.dimensions == want.dimensions else None


def same_unit(one: str, other: str) -> bool:
    """Tell whether two units are one, spelt differently.

    >>> same_unit("mmHg", "mm[Hg]"), same_unit("K/uL", "10*9/L"), same_unit("kg", "g")
    (True, True, False)
    """
    bare, others = _bare(one), _bare(other)
    if bare in _DEGREES or others in _DEGREES:
        return _DEGREES.get(bare) == _DEGREES.get(others)
    return bare == others or _read(one) == _read(other)


def _in_degrees(number: Decimal, have: tuple[str, int, int], want: tuple[str, int, int]) -> Decimal:
    kelvins = (number + Decimal(have[0])) * have[1] / have[2]
    return kelvins * want[2] / want[1] - Decimal(want[0])


@lru_cache(maxsize=1024)
def _read(unit: str) -> _Unit:
    dimensions, factor = [], Decimal(1)
    for place, part in enumerate(_bare(unit).split("/")):
        name = _NAMES.get(part, part)
        found = next((kind for kind, factors in _FACTORS.items() if name in factors), "")
        one = Decimal(_FACTORS[found][name]) if found else Decimal(1)
        dimensions.append(found or f"?{name}")
        factor = factor / one if place else one
    return _Unit(tuple(dimensions), factor)


@lru_cache(maxsize=1024)
def _bare(unit: str) -> str:
    """Return a unit as it is compared: without annotations, brackets, blanks and case."""
    bare = _ANNOTATION.sub(lambda found: "1.73m2" if found[0].startswith("{1.73") else "", unit)
    bare = bare.replace("[", "").replace("]", "").translate(_PLAIN)
    return "".join(bare.replace(" per ", "/").split()).casefold()
