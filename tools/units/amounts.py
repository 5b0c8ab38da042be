"""Words that state an amount, "7,4", "> 7.0 CRITICAL", "35-40 %", "1:320", "up to 40" -> where it lies, and its unit.

All of the words must be understood, by `amounts.toml` or as a unit: "3 of 5", "2+" and a date state no amount. A comma
is a decimal point, but before three digits it may stand between thousands, so that the number is not read.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tools.units.unit import is_known

_FILE = Path(__file__).parent / "amounts.toml"
_LONGEST = 80
_NUMBER = re.compile(r"(?:(?<![\w.,)\s])|(?<=^))-?\d[\d.,]*(?<![.,])|\d[\d.,]*(?<![.,])")
_TITER = re.compile(r"([<>]=?|≤|≥)?\s*1\s*:\s*(\d{1,9})\D*")
_POINT = re.compile(r"\d{1,15}(?:\.(?!000$)\d+)?")
_COMMA = re.compile(r"\d{1,15},(?:\d{1,2}|\d{4,})|0,\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)|\d{1,3}(?:,\d{3}){2,}")
_OTHER_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_AROUND = " \t()[];,"


@dataclass(frozen=True, slots=True)
class Stated:
    """What words state.

    Attributes:
        low: the least that it is; None if that is open.
        high: the most.
        over_low: it is more than `low`.
        under_high: it is less than `high`.
        unit: as written, "" if there is none.
        bare: there are no words but the number and its unit.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    over_low: bool = False
    under_high: bool = False
    unit: str = ""
    bare: bool = False


@lru_cache(maxsize=8192)
def stated(text: str) -> Stated | None:
    """Return the amount that words state; None if they state none, or not only one.

    >>> stated("< 0,41 mmol/l")
    Stated(low=None, high=Decimal('0.41'), over_low=False, under_high=True, unit='mmol/l', bare=False)
    >>> stated("3 of 5"), stated("2+"), stated("2023-05-01")
    (None, None, None)
    """
    words = " ".join(text.split())
    if not words or len(words) > _LONGEST or not any(map(str.isdigit, words)):
        return None
    if titer := _TITER.fullmatch(words):
        return _bounded(_signs()["before"].get(titer[1] or "", ""), Decimal(titer[2]), "", bare=False)
    first = _NUMBER.search(words)
    sign = _signs()["before"].get(words[: first.start()].strip(" :").casefold()) if first else None
    number = _number(first[0]) if first else None
    if first is None or sign is None or number is None:
        return None
    rest = words[first.end() :]
    if not any(map(str.isdigit, _without_unit(rest))):
        return _single(sign, number, rest, bare=not first.start())
    return None if sign else _range(number, rest)


def _single(sign: str, number: Decimal, rest: str, *, bare: bool) -> Stated | None:
    """Return a number with the bound and the unit that stand around it."""
    after = rest.strip(_AROUND).casefold()
    if not sign and (bound := _signs()["after"].get(after)):
        return _bounded(bound, number, "", bare=False)
    unit = _unit(rest)
    return None if unit is None else _bounded(sign, number, unit, bare=bare and unit == rest.strip())


def _range(low: Decimal, rest: str) -> Stated | None:
    """Return what lies between a number and another that follows."""
    second = _NUMBER.search(rest)
    high = _number(second[0].lstrip("-")) if second else None
    if second is None or high is None or high < low:
        return None
    middle = (rest[: second.start()] + ("-" if second[0].startswith("-") else "")).split()
    if not middle or middle[-1].casefold() not in _words("between"):
        return None
    before, unit = " ".join(middle[:-1]), _unit(rest[second.end() :])
    if unit is None or (before and before != unit and not is_known(before)):
        return None
    return Stated(low, high, unit=unit)


def _without_unit(rest: str) -> str:
    """Return what follows a number without the unit, whose own digits are no further number."""
    words = rest.split()
    known = (n for n in range(len(words), 0, -1) if _is_unit(words[:n]))
    return " ".join(words[next(known, 0) :])


def _unit(rest: str) -> str | None:
    """Return the unit that follows a number, "" if none does; None where there are words that are not understood."""
    words = rest.split()
    for many in range(len(words) + 1):
        more = [word.strip(_AROUND).casefold() for word in words[many:]]
        idle = _words("aside").issuperset(filter(None, more)) or " ".join(more) in _words("aside")
        if idle and (not many or _is_unit(words[:many])):
            return " ".join(words[:many])
    return None


def _is_unit(words: Sequence[str]) -> bool:
    unit = " ".join(words)
    named = "%" in unit or any(map(str.isalpha, unit))
    return named and _words("between").isdisjoint(words) and is_known(unit)


def _bounded(sign: str, number: Decimal, unit: str, *, bare: bool) -> Stated:
    low, high = (None if sign.startswith("<") else number), (None if sign.startswith(">") else number)
    return Stated(low, high, sign == ">", sign == "<", unit, bare and not sign)


def _number(text: str) -> Decimal | None:
    """Return a number with a decimal point or comma; None where that may stand between thousands.

    >>> [_number(text) for text in ("7,4", "1.5", "1,234", "12,345.6", "1.234,5", "0,041")]
    [Decimal('7.4'), Decimal('1.5'), None, Decimal('12345.6'), Decimal('1234.5'), Decimal('0.041')]
    """
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    if _OTHER_THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif _COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    return Decimal(sign + digits) if _POINT.fullmatch(digits) else None


@cache
def _signs() -> Mapping[str, Mapping[str, str]]:
    """Return which bound the words before and after a number make of it."""
    tables = {
        place: {word: sign for sign, words in _file()[place].items() for word in words}
        for place in ("before", "after")
    }
    return {**tables, "before": {"": "", **tables["before"]}}


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(_file()[table]["words"])


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
