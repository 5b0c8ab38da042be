"""Text -> what can be checked in it: dates, numbers with their units, and words.

"on 4 December 2020", "Dec 4, 2020" and "2020-12-04" are one date; "6.4%" and "6.4 %" one number; "diagnoses"
and "diagnose" one word. Left out: times of day (their digits are numbers), fractions in words.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from agent.check.units import UNIT, unit_of
from tools.wording.text import words

Day = tuple[int | None, int | None, int | None]
"""Year, month, day; what is not said is None."""

_NO_MONTH = 99
_YEAR = "january february march april may june july august september october november december"
_MONTHS = _YEAR.split()
_MONTH_OF = {name[:n]: i for i, name in enumerate(_MONTHS, 1) for n in (3, 4, len(name))}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d-])(?P<year>\d{4})-(?P<m>\d\d)(?:-(?P<day>\d\d))?(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?(?![\d-])",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{{4}}))?\b",
        rf"\b{_MONTH}\s+(?:of\s+)?(?P<year>\d{{4}})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?![a-z])",
        r"(?<![\d/])(?P<m>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})(?![\d/])",
        r"(?<![\d.])(?P<day>\d{1,2})\.(?P<m>\d{1,2})\.(?P<year>\d{4})(?![\d.]*\d)",
    )
)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_DAY_FIRST = re.compile(r"(?<![\d/])(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{4}(?![\d/])")
"""A day that is no month: every "3/4/2020" beside it has the day first too."""
_TO = r"(?P<to>\s?(?:to|and|until|through|–|-)\s?)"
_RANGES = (
    (
        re.compile(
            rf"\b(?P<one>\d{{1,2}}){_TO}(?P<other>\d{{1,2}}\s+(?:of\s+)?(?P<rest>{_MONTH}(?:,?\s+\d{{4}})?))",
            re.IGNORECASE,
        ),
        r"\g<one> \g<rest>\g<to>\g<other>",
    ),
    (
        re.compile(
            rf"\b(?P<begin>{_MONTH})\s+(?P<one>\d{{1,2}}){_TO}(?P<other>\d{{1,2}}),?\s+(?P<rest>\d{{4}})\b",
            re.IGNORECASE,
        ),
        r"\g<begin> \g<one>, \g<rest>\g<to>\g<begin> \g<other>, \g<rest>",
    ),
)
"""Two days of one month, "18 to 21 September 2001", and as each would be written alone."""
LINE_OF_SEVERAL = re.compile(r"(?:, |\bordered )(\d+) times(?:,| since)\s")
"""How a line says that it stands for several entries of a name."""
_HEDGE = re.compile(
    r"\b(?:about|around|nearly|almost|roughly|approximately|circa|some|just (?:under|over|above|below))\s*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<currency>\$\s?)?(?P<sign>(?<![^\s(:\"“$])[-−+])?\$?(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)"
    rf"(?P<decimals>\.\d+)?(?:st|nd|rd|th)?(?:[\s-]?(?P<unit>{UNIT}))?(?![\d])",
    re.IGNORECASE,
)
ALL = re.compile(r"\b(?:both|all|each|every)\b", re.IGNORECASE)
"""Words that say something of each of several."""
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
TO_TWELVE = _SMALL.split()
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SPELLED = {
    **{word: n for n, word in enumerate(TO_TWELVE)},
    **{word: n for n, word in enumerate(_TEENS.split(), 13)},
    **{"once": 1, "twice": 2, "thrice": 3, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60},
    **{"seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "dozen": 12},
}
del _SPELLED["one"]  # "one of them" counts nothing
_SPELLED_OUT = re.compile(
    rf"\b(?P<said>{'|'.join(_SPELLED)})\b(?:[\s-](?P<unit>(?:day|week|month|year|decade|hour|point)s?|percent)\b)?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:type|stage|grade|class|category|phase|number|no|step|level|group|dose)\.?$", re.IGNORECASE
)
_COUNTED_WORDS = (
    "measurement reading result record recorded time entry item occasion shown total all test lab value "
    "observation condition problem diagnosis medication drug prescription procedure visit encounter "
    "admission vaccine vaccination immunization shot allergy report document note image study claim device "
    "plan goal different other more"
)
_TIMES = re.compile(r"\s+times\b(?!\s+(?:as|the|a|per|daily)\b)", re.IGNORECASE)
_OFTEN = ("once", "twice", "thrice")
_NEXT = 4
"""Words after a number among which what is counted stands; it is one of the words below, or a plural."""
_COUNTED = frozenset(_COUNTED_WORDS.split())


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written.

    Attributes:
        value: the number.
        decimals: how many are shown.
        unit: in normal form, "" if none.
        text: as written.
        often: it tells how often: "4 times", "twice".
        near: it is told as about this much.
        counts: whole, without unit, it stands where a count of records stands: "3 measurements", "(3)", not "type 3".
    """

    value: Decimal
    decimals: int
    unit: str
    text: str
    counts: bool = False
    near: bool = False
    often: bool = False


@dataclass(frozen=True, slots=True)
class Tokens:
    """What can be checked in a text; words are without plural endings."""

    dates: tuple[tuple[Day, str], ...] = ()
    numbers: tuple[Number, ...] = ()
    words: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def tokens(text: str) -> Tokens:
    """Return the dates, numbers and words of a text.

    >>> tokens("6.4 % on 4 December 2020").dates[0][0], tokens("6.4 % on 4 December 2020").numbers[0].unit
    ((2020, 12, 4), '%')
    """
    dates: list[tuple[Day, str]] = []
    if _DAY_FIRST.search(text):
        text = _SLASHED.sub(r"\2/\1/\3", text)
    for pattern, apart in _RANGES:
        text = pattern.sub(apart, text)
    for pattern in _DATES:
        found = [*pattern.finditer(text)]
        if found:
            dates += [(_day(match), match[0]) for match in found]
            text = pattern.sub(" ; ", text)
    numbers = [*map(_number, _NUMBER.finditer(text))]
    text = _NUMBER.sub(" ; ", text).replace("/", " ")
    numbers += map(_spelled, _SPELLED_OUT.finditer(text))
    plain = map(stem, words(_SPELLED_OUT.sub(" ; ", text)))
    return Tokens(tuple(dates), tuple(numbers), tuple(plain))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return a word without possessive and plural ending.

    >>> [stem(word) for word in ("biopsies", "patient's", "diagnosis", "results")]
    ['biopsy', 'patient', 'diagnosis', 'result']
    """
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def month_names(day: Day) -> tuple[str, ...]:
    """Return the names of a date's month: "december", "dec"."""
    return () if day[1] in (None, _NO_MONTH) else (_MONTHS[day[1] - 1], _MONTHS[day[1] - 1][:3])


def _day(match: re.Match[str]) -> Day:
    part = match.groupdict()
    month = _MONTH_OF[part["month"].casefold()] if part.get("month") else int(part["m"])
    return (
        int(part["year"]) if part.get("year") else None,
        month if 1 <= month <= 12 else _NO_MONTH,
        int(part["day"]) if part.get("day") else None,
    )


def _number(match: re.Match[str]) -> Number:
    decimals = match["decimals"] or ""
    value = Decimal(match["digits"].replace(",", "") + decimals)
    negative = match["sign"] in ("-", "−")
    unit = "usd" if "$" in match[0] else unit_of(match["unit"] or "")
    shown = max(len(decimals) - 1, 0)
    counts = not (unit or shown) and _counts(match)
    near = bool(_HEDGE.search(match.string[: match.start()]))
    often = counts and bool(_TIMES.match(match.string[match.end() :]))
    return Number(-value if negative else value, shown, unit, match[0].strip(), counts, near, often)


def _spelled(match: re.Match[str]) -> Number:
    unit = unit_of(match["unit"] or "")
    said, counts = match["said"].casefold(), not unit and _counts(match)
    often = counts and (said in _OFTEN[1:] or bool(_TIMES.match(match.string[match.end() :])))
    return Number(Decimal(_SPELLED[said]), 0, unit, match[0], counts, often=often)


def _counts(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()].rstrip(), match.string[match.end() :]
    if _LABEL.search(before):
        return False
    if not before or before[-1] in "(:;" or match[0].casefold() in _OFTEN:
        return True
    following = words(after[:60])[:_NEXT]
    if following[:1] == ("of",):
        return not {"them", "these", "those", "the"}.isdisjoint(following[1:2])
    return any(stem(word) in _COUNTED or stem(word) != word for word in following)
