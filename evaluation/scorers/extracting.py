"""The text of an answer -> the values it gives, for solvers that give only text.

Only what is plain is taken: "yes" or "no" at its beginning, the only number or day of its kind, a name that stands
there without a "not". What could be read in two ways is left to a judge.
"""

import json
import re
from calendar import month_name
from collections.abc import Sequence
from datetime import date

from evaluation.dataset import LETTERS, Value
from evaluation.scorers.values import plain, same

_MONTHS = tuple(name.lower() for name in month_name if name)
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_LINE = re.compile(r"^\W*answer\W*:\s*(\[.*\])\s*$", re.IGNORECASE | re.MULTILINE)
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)")
_US = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_WRITTEN = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)
_BRITISH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\.?,?\s+(\d{{4}})\b", re.IGNORECASE
)
_CITATION = re.compile(r"\[[A-Z][A-Za-z]+/[^\]]*\]|\[\d+\]")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?")
_YES_OR_NO = re.compile(r"^\W*(?:answer\W*)?(yes|no|true|false)\b", re.IGNORECASE)
_ALONE = re.compile(r"^\W*([A-H])(?:\W*$|[).:]\W)")
_CHOSEN = re.compile(r"\b(?i:answer|option|choice)(?i:\s+is)?\W+([A-H])\b(?!\s+[a-z])")
_NOTHING = re.compile(
    r"\b(?:not (?:recorded|documented|available|stated|mentioned|found|specified|in the record|contain)"
    r"|no (?:information|record|records|data|mention|evidence|such)|cannot (?:be )?(?:determined?|tell|answer)"
    r"|do(?:es)? not (?:say|state|contain|mention|include)|unknown|unable to)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|no|never|without|neither|nor|none)\b|n't\b", re.IGNORECASE)


def extracted(text: str, gold: Sequence[Value]) -> tuple[Value, ...] | None:
    """Return the values that a text gives, of the kind of the gold ones; None if it cannot be told.

    A text that says that nothing is recorded gives ().
    """
    if (told := _told(text)) is not None:
        return told
    bare = _CITATION.sub(" ", text).strip()
    kinds = {type(plain(value)) for value in gold}
    if kinds == {bool}:
        found = _YES_OR_NO.match(bare)
        return (plain(found[1]),) if found else _nothing(bare)
    if _NOTHING.search(bare):
        return ()
    if kinds == {float}:
        return _only(numbers(bare), gold)
    if kinds == {str}:
        return _only(days(bare), gold) if all(map(_is_day, gold)) else _named(bare, gold)
    return None


def letter(text: str) -> str:
    """Return the letter that a text chooses, "" if none.

    >>> letter("The answer is (B)."), letter("**C**"), letter("C) 7.1 %"), letter("A cold")
    ('B', 'C', 'C', '')
    """
    told = _told(text)
    if told and len(told) == 1 and isinstance(told[0], str) and told[0].strip("(). ").upper() in set(LETTERS):
        return told[0].strip("(). ").upper()
    found = _ALONE.match(text) or _CHOSEN.search(text)
    return found[1].upper() if found else ""


def days(text: str) -> list[str]:
    """Return the days that a text names, as ISO days, each once; "03/04/2020" is March 4."""
    found = [(m.start(), m[1], m[2], m[3]) for m in _ISO.finditer(text)]
    found += [(m.start(), m[3], m[1], m[2]) for m in _US.finditer(text)]
    found += [(m.start(), m[3], _month(m[1]), m[2]) for m in _WRITTEN.finditer(text)]
    found += [(m.start(), m[3], _month(m[2]), m[1]) for m in _BRITISH.finditer(text)]
    read = (_day(*parts) for _, *parts in sorted(found))
    return list(dict.fromkeys(filter(None, read)))


def numbers(text: str) -> list[float]:
    """Return the numbers of a text that are no part of a date, each once."""
    for dated in (_ISO, _US, _WRITTEN, _BRITISH):
        text = dated.sub(" ", text)
    return list(dict.fromkeys(float(number.replace(",", "")) for number in _NUMBER.findall(text)))


def _told(text: str) -> tuple[Value, ...] | None:
    """Return what a last line "ANSWER: [..]" gives."""
    lines = _LINE.findall(text)
    try:
        told = json.loads(lines[-1]) if lines else None
    except ValueError:
        return None
    return (
        tuple(told)
        if told is not None and all(isinstance(v, bool | int | float | str) for v in told)
        else None
    )


def _nothing(text: str) -> tuple[Value, ...] | None:
    return () if _NOTHING.search(text) else None


def _only(found: Sequence[Value], gold: Sequence[Value]) -> tuple[Value, ...] | None:
    """Return what was found, if it is clear: as many as gold, or none of them right."""
    if not found:
        return None
    right = [value for value in found if any(same(each, value) for each in gold)]
    if len(found) == len(right) or not right:
        return tuple(found)
    return None


def _named(text: str, gold: Sequence[Value]) -> tuple[Value, ...] | None:
    low = " ".join(text.lower().split())
    held = [value for value in gold if re.search(rf"(?<!\w){re.escape(str(plain(value)))}(?!\w)", low)]
    return tuple(held) if len(held) == len(gold) == 1 and not _NEGATED.search(low) else None


def _is_day(value: Value) -> bool:
    return isinstance(value, str) and bool(_ISO.fullmatch(value))


def _month(word: str) -> str:
    return str(next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(word.lower()[:3])))


def _day(year: str, month: str, day_of_month: str) -> str:
    try:
        return date(int(year), int(month), int(day_of_month)).isoformat()
    except ValueError:
        return ""
