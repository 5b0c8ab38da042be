"""Units as people and records write them -> one normal form: "mm[Hg]", "mmHg" and "mm Hg" are the same."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

DAYS_IN: Mapping[str, Decimal] = {
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal("30.4375"),
    "year": Decimal("365.25"),
    "decade": Decimal("3652.5"),
}
"""How many days a unit of time has on average."""
_SAME = {
    "percent": "%", "decades": "decade", "decade": "decade",
    "years": "year", "year": "year", "yr": "year", "yrs": "year", "months": "month",
    "month": "month", "mo": "month", "weeks": "week", "week": "week", "wk": "week", "days": "day", "day":
    "day", "hours": "hour", "hour": "hour", "hrs": "hour", "hr": "hour", "minutes": "min", "minute":
    "min", "min": "min", "seconds": "sec", "second": "sec", "milligrams": "mg", "milligram": "mg", "mg":
    "mg", "micrograms": "ug", "microgram": "ug", "mcg": "ug", "ug": "ug", "µg": "ug", "μg": "ug", "ng":
    "ng", "pg": "pg", "grams": "g", "gram": "g", "g": "g", "kilograms": "kg", "kilogram": "kg", "kg":
    "kg", "pounds": "lb", "pound": "lb", "lbs": "lb", "lb": "lb", "oz": "oz", "centimeters": "cm",
    "centimeter": "cm", "centimetres": "cm", "cm": "cm", "millimeters": "mm", "mm": "mm", "meters": "m",
    "metres": "m", "m": "m", "m2": "m2", "m²": "m2", "inches": "inch", "inch": "inch", "liters": "l",
    "liter": "l", "litres": "l", "l": "l", "dl": "dl", "deciliter": "dl", "milliliters": "ml",
    "milliliter": "ml", "ml": "ml", "ul": "ul", "µl": "ul", "fl": "fl", "mmhg": "mmhg", "mmol": "mmol",
    "umol": "umol", "mol": "mol", "meq": "meq", "iu": "iu", "units": "unit", "unit": "unit", "u": "unit",
    "bpm": "/min", "cel": "cel", "°c": "cel", "celsius": "cel", "°f": "degf", "degf": "degf",
    "fahrenheit": "degf", "usd": "usd", "dollars": "usd", "eur": "eur", "actuat": "actuat", "hr.": "hour",
    "points": "score", "score": "score",
}  # fmt: skip
_BARE = "|".join(
    sorted((re.escape(word) for word in _SAME if len(word) > 1 or word in "gl"), key=len, reverse=True)
)
_PART = r"[A-Za-zµμ%°{][\w%µμ°{}\[\]*^²]*"
UNIT = (
    rf"%|mL\s?/\s?min(?:ute)?\s?/\s?1\.73\s?m[2²]|10[⁰¹²³⁴-⁹]+\s?/\s?{_PART}|(?:beats|breaths)\s*(?:/|per)\s*min(?:ute)?\b|per\s+min(?:ute)?\b|mm\s?\[?Hg\]?|10\*\d+\s*/\s*{_PART}|{_PART}(?:/{_PART})+(?:\.{_PART})*"
    rf"|(?:{_BARE})(?:\s+per\s+(?:{_BARE})\b)?(?![\w])|/\s?min\b"
)
"""A regular expression for what may follow a number as its unit."""

_SURFACE = re.compile(r"/\s?(?:\{1\.73_?m2\}|1\.73[._ ]?m[2²])$")
_RAISED = re.compile(r"10([⁰¹²³⁴-⁹]+)")


@lru_cache(maxsize=2048)
def unit_of(text: str) -> str:
    """Return the normal form of a unit, "" for none.

    >>> [unit_of(unit) for unit in ("mm[Hg]", "mm Hg", "mg per deciliter", "MG/DL", "beats/minute", "years")]
    ['mmhg', 'mmhg', 'mg/dl', 'mg/dl', '/min', 'year']
    >>> unit_of("10³/µL") == unit_of("10*3/uL"), unit_of("mL/min/1.73 m²") == unit_of("mL/min/{1.73_m2}")
    (True, True)
    """
    bare = _SURFACE.sub("", text.casefold().replace("\u03bc", "u"))
    bare = re.sub(r"\{[^}]*\}", "", bare).replace("[", "").replace("]", "")
    bare = _RAISED.sub(lambda match: f"10*{unicodedata.normalize('NFKC', match[1])}", bare)
    bare = re.sub(r"(?:^|\s+)per\s+", "/", bare.strip()).replace("mm hg", "mmhg").replace(" ", "")
    bare = re.sub(r"^(?:beats|breaths)(?=/)", "", bare)
    return "/".join(_SAME.get(part, part) for part in bare.split("/"))
