"""A published answer -> gold values as our own sets have them: true or false, numbers, names, ISO days.

Of a time only the day as written is kept. Left out: slashed dates (day or month first?) and a bare year (or is it a
number?); they stay text.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from evaluation.dataset import Value

ABSENT = re.compile(
    r"(?:\[\]|null|nan|n/?a|none|unknown|no answer"
    r"|(?:is |was )?not (?:recorded|documented|available|found|known|stated|specified|in the record)"
    r"|patient not found)\.?",
    re.IGNORECASE,
)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d.*", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(
    r"\$?(?P<number>[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    r"(?:\s*(?P<percent>%)|\s+(?P<unit>[^\s/]+/\S+|mmHg|mm\[Hg\]|USD|bpm|kg|g|mg|cm|mm|(?:year|month|week|day)s?))?"
)
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_WRITTEN_DAYS = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")


def typed(text: str) -> tuple[tuple[Value, ...], str, str]:
    """Return the values, the unit and the words of an answer in words.

    The words are empty where the values say it all, or where the answer is that the record does not say.

    >>> typed("6.4 %"), typed("March 5, 2020"), typed("Yes")
    (((6.4,), '%', ''), (('2020-03-05',), '', ''), ((True,), '', ''))
    >>> typed("Not recorded."), typed("Twice, in spring"), typed("2015")
    (((), '', ''), ((), '', 'Twice, in spring'), ((), '', '2015'))
    """
    text = " ".join(text.split())
    if ABSENT.fullmatch(text):
        return (), "", ""
    if text.casefold().rstrip(".") in _TRUTH:
        return (_TRUTH[text.casefold().rstrip(".")],), "", ""
    if day := _day(text):
        return (day,), "", ""
    number = _NUMBER.fullmatch(text)
    if number is None or _YEAR.fullmatch(text):
        return (), "", text
    unit = number["percent"] or number["unit"] or ("USD" if text.startswith("$") else "")
    return (_number(number["number"]),), unit, ""


def plain(values: Iterable[Any]) -> tuple[Value, ...]:
    """Return recorded values: nulls left out, times as days.

    >>> plain([None, "2180-05-07T17:15:00-04:00", 3, " Void "])
    ('2180-05-07', 3, 'Void')
    """
    return tuple(
        _shortened(value) if isinstance(value, str) else value for value in values if value is not None
    )


def _shortened(text: str) -> str:
    time = _TIME.fullmatch(text.strip())
    return time[1] if time else text.strip()


def _day(text: str) -> str:
    short = _shortened(text)
    return short if _DAY.fullmatch(short) and _exists(short) else _written(text)


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day if len(day) == 10 else f"{day}-01")
    except ValueError:
        return False
    return True


def _written(text: str) -> str:
    for form in _WRITTEN_DAYS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return ""


def _number(text: str) -> int | float:
    digits = text.replace(",", "").replace("−", "-")
    return float(digits) if "." in digits else int(digits)
