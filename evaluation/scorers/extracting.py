"""The text of an answer -> the values it gives, for solvers that give only text.

Only what is plain is taken: "yes" or "no" at its beginning, numbers or days that are all right or all wrong, a name
that is the whole answer or all that it ends with, nowhere a "not". What could be read in two ways is left to a judge.
"""

import re
from calendar import month_name
from collections.abc import Sequence
from datetime import date

import orjson

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
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_YES_OR_NO = re.compile(
    r"\W*(?:answer\W*)?(yes\b|true\b|false\b|no(?=[ \t]*(?:$|[^\w\s-])))", re.IGNORECASE | re.MULTILINE
)
_ALONE = re.compile(r"\W*([A-H])(?:\W*$|[).:]\W)", re.MULTILINE)
_CHOSEN = re.compile(r"\b(?i:answer|option|choice)(?i:\s+is)?\W+([A-H])\b(?!\s+[a-z])")
_NOTHING = re.compile(
    r"\b(?:not (?:recorded|documented|available|stated|mentioned|found|specified|in the record|contain)"
    r"|no (?:information|record|records|data|mention|evidence|such)|cannot (?:be )?(?:determined?|tell|answer)"
    r"|do(?:es)? not (?:say|state|contain|mention|include)|unknown|unable to)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|no|never|without|neither|nor|none)\b|n['’]t\b", re.IGNORECASE)
_NUMBER_WORD = re.compile(
    r"\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice)\b", re.IGNORECASE
)


def extracted(text: str, gold: Sequence[Value]) -> tuple[Value, ...] | None:
    """Return the values that a text gives, of the kind of the gold ones; None if it cannot be told.

    A text that says that nothing is recorded gives ().
    """
    if (told := _told(text)) is not None:
        return told
    bare = _CITATION.sub(" ", text).strip()
    kind = _kind(gold)
    if kind is bool:
        claimed = _YES_OR_NO.match(bare)
        return (plain(claimed[1]),) if claimed else None
    found = _mentioned(bare, gold, kind)
    if _NOTHING.search(bare):
        return () if not found and all(map(_NOTHING.search, _SENTENCE.split(bare))) else None
    return tuple(found) if found and _clear(bare, found, gold, kind) else None


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
    return list(dict.fromkeys(float(n.replace(",", "")) for n in _NUMBER.findall(_undated(text))))


def _told(text: str) -> tuple[Value, ...] | None:
    """Return what a last line "ANSWER: [..]" gives."""
    lines = _LINE.findall(text)
    try:
        told = orjson.loads(lines[-1]) if lines else None
    except orjson.JSONDecodeError:
        return None
    if told is None or not all(isinstance(value, bool | int | float | str) for value in told):
        return None
    return tuple(told)


def _kind(gold: Sequence[Value]) -> type[bool | float | date | str]:
    """Return what gold values are; those of several kinds count as names."""
    kinds = {date if _is_day(value) else type(plain(value)) for value in gold}
    return kinds.pop() if len(kinds) == 1 else str


def _mentioned(text: str, gold: Sequence[Value], kind: type) -> Sequence[Value]:
    """Return the numbers or days of a text, or which of the gold names stand in it."""
    if kind is float:
        return numbers(text)
    if kind is date:
        return days(text)
    low = " ".join(text.lower().split())
    return [name for name in gold if re.search(rf"(?<!\w){re.escape(str(plain(name)))}(?!\w)", low)]


def _clear(text: str, found: Sequence[Value], gold: Sequence[Value], kind: type) -> bool:
    """Whether what was found is what the text claims."""
    if _NEGATED.search(text) or (kind is float and _NUMBER_WORD.search(text)):
        return False
    if kind is str:
        return len(gold) == 1 and _at_the_end(str(plain(gold[0])), text)
    return len({any(same(each, value) for each in gold) for value in found}) == 1


def _at_the_end(name: str, text: str) -> bool:
    """Whether a name is all of a text, or all of it after "is", "was" or a colon, but for a date."""
    bare = str(plain(_undated(text).strip(" .*_\n")))
    before, after = r"(?:^|\b(?:is|was)\s|:)\W*(?:an? |the )?", r"\W*(?:on|since)?\W*$"
    return bool(re.search(f"{before}{re.escape(name)}{after}", bare))


def _undated(text: str) -> str:
    for dated in (_ISO, _US, _WRITTEN, _BRITISH):
        text = dated.sub(" ", text)
    return text


def _is_day(value: Value) -> bool:
    return isinstance(value, str) and bool(_ISO.fullmatch(value))


def _month(word: str) -> str:
    return str(next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(word.lower()[:3])))


def _day(year: str, month: str, day_of_month: str) -> str:
    try:
        return date(int(year), int(month), int(day_of_month)).isoformat()
    except ValueError:
        return ""
