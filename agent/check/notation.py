"""Dates and numbers as a language writes them -> as the record does: "4. Dezember 2020" -> "2020-12-04".

For languages with a decimal comma and the day before the month. "1.234" is one thousand two hundred and
thirty-four, "1,234" is a little more than one; "6.4", copied from the record, stays. What could be read in two
ways ("04.12.20", "1,234,567") is not read at all. Left out: times of day.
"""

import re
from collections.abc import Mapping

_YEAR = "january february march april may june july august september october november december"
ENGLISH_MONTHS = {name: n for n, name in enumerate(_YEAR.split(), 1)}
_SPACE = "[ \u00a0\u202f]"
_ORDINAL = r"(?:er|re|ste|de|e|º|°|ª|\.[ºª]|\.)?"
_ISO = r"(?<![\d-])\d{4}-\d\d(?:-\d\d)?(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?(?![\d-])"
_GROUPED = rf"[1-9]\d{{0,2}}(?:(?:\.\d{{3}})+|(?:{_SPACE}\d{{3}})+|(?:['’]\d{{3}})+)(?:,\d+)?"
_SHORT_DATE = r"\d{1,2}(?P<by>[./-])\d{1,2}(?P=by)\d\d(?!\d)"
NUMBER = rf"(?<![\w.,])(?!{_SHORT_DATE})(?:{_GROUPED}|\d+(?:[.,]\d+)?)(?![.,'’]?\d)"
"""A regular expression for a number that can be read in one way only."""
UNREADABLE = r"\d[\d.,'’]*"
"""One for the digits that are left: part of a date that could be several, or of a number that is none."""


def date_patterns(months: Mapping[str, int]) -> tuple[re.Pattern[str], ...]:
    """Return the ways to write a date, the longest first; their groups are year, month or m, and day.

    Args:
        months: names and short names of the months, in lower case, with their numbers.
    """
    month = rf"(?P<month>{'|'.join(sorted(map(re.escape, months), key=len, reverse=True))})(?!\w)\.?"
    day, year, of = (
        rf"(?<![\d.,/-])(?P<day>\d{{1,2}}){_ORDINAL}",
        r"(?P<year>\d{4})(?!\d)",
        r"(?:d[ei]\s+|d['’])?",
    )
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"{_ISO}",
            rf"{day}\s+{of}{month},?\s+(?:del?\s+)?{year}",
            rf"(?<!\w){month}\s+(?:del?\s+)?{year}",
            rf"{day}\s+{of}{month}",
            rf"(?<![\d./,-])(?P<day>\d{{1,2}})(?P<sep>[/-]|\.\s?)(?P<m>\d{{1,2}})(?P=sep){year}(?![/-]|[.,]\d)",
            rf"(?<![\d./,-])(?P<m>\d{{1,2}})/{year}(?!/)",
        )
    )


def iso(match: re.Match[str], months: Mapping[str, int]) -> str:
    """Return a date as the record writes it; a day without a year as "4 december".

    >>> months = {"dezember": 12, "december": 12}
    >>> found = [p.fullmatch(text) for text in ("4. Dezember", "04.12.2020") for p in date_patterns(months)]
    >>> [iso(match, months) for match in found if match]
    ['4 december', '2020-12-04']
    """
    part = match.groupdict()
    if "year" not in part and "day" not in part:
        return match[0]
    number = months[part["month"].lower()] if part.get("month") else int(part["m"])
    if not part.get("year"):
        return f"{part['day']} {_YEAR.split()[number - 1]}"
    day = f"-{int(part['day']):02}" if part.get("day") else ""
    return f"{part['year']}-{number:02}{day}"


def decimal(text: str) -> str:
    """Return a number with a decimal point and without marks between thousands.

    >>> [decimal(text) for text in ("6,4", "6.4", "1.234", "1,234", "0.123", "1 234,5", "2020")]
    ['6.4', '6.4', '1234', '1.234', '0.123', '1234.5', '2020']
    """
    if re.fullmatch(_GROUPED, text):
        text = re.sub(rf"\.|['’]|{_SPACE}", "", text)
    return text.replace(",", ".")
