"""The vocabulary of time: numbers, units, months, years, and what they mean.

Patterns are strings to build on; one blank in a pattern stands for any white space (see `compiled`). Not
covered: languages other than English.
"""

import re
from datetime import date
from functools import lru_cache

from tools.periods.arithmetic import Length
from tools.periods.period import Clock

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {word: float(n) for n, word in enumerate(_ONES)} | {
    w: 10.0 * n for n, w in enumerate(_TENS, start=2)
}
VAGUE = {"couple": 2.0, "few": 3.0, "several": 5.0}
"""What vague amounts are taken for; the label of the period says the number."""

ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": -1,
}
_NTHS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
]  # fmt: skip
_NTHS += [*(f"twenty-{nth}" for nth in _NTHS[:9]), "thirtieth", "thirty-first"]
SPOKEN_DAYS = {nth: day for day, nth in enumerate(_NTHS, start=1)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_UNITS: dict[str, tuple[int, float, str]] = {
    # singular: months, days, how a label says it
    "hour": (0, 1 / 24, "hour"), "hr": (0, 1 / 24, "hour"), "day": (0, 1, "day"),
    "week": (0, 7, "week"), "wk": (0, 7, "week"), "fortnight": (0, 14, "fortnight"),
    "month": (1, 0, "month"), "mo": (1, 0, "month"), "mth": (1, 0, "month"),
    "quarter": (3, 0, "quarter"), "year": (12, 0, "year"), "yr": (12, 0, "year"),
    "decade": (120, 0, "decade"),
}  # fmt: skip

UNIT = f"(?:{'|'.join(_UNITS)})"
_TWENTY_ONE = rf"(?:{'|'.join(_TENS)})(?:\s|-)(?:{'|'.join(_ONES[1:10])})"
WORD_NUMBER = rf"(?:{_TWENTY_ONE}|{'|'.join([*_TENS, *_ONES[1:]])})"
COUNT = rf"(?:[0-9]{{1,3}}(?:\.[0-9])?|(?:an? )?(?:couple(?: of)?|few)|several|{WORD_NUMBER})"
_SOME = rf"{COUNT}(?: and a half)?(?:\s*-\s*|\s+){UNIT}s"
_ONE = rf"(?:1|one|an?|half an?|a half|one and a half)(?:\s|-){UNIT}(?: and a half)?"
LENGTHS = rf"(?:{_SOME}|{_ONE}|{UNIT} and a half)"
"""A length that people mean as one: "two years", "a year and a half"; not "28 day" (a package)."""

ANY_LENGTH = rf"(?:{LENGTHS}|{COUNT}\s*-?\s*{UNIT}s?|half an? {UNIT})"
"""A length where the words around leave no doubt ("… ago"), so that slips like "1 years" are understood."""

MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
SPOKEN_DAY = rf"(?:{'|'.join(sorted(SPOKEN_DAYS, key=len, reverse=True))})"
DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
YEAR = r"(?:1[89]|20)[0-9]{2}"
_TURNS = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "same": 0, "next": 1}
_TURN = rf"(?:the )?(?:{'|'.join(_TURNS)})"
TOLD_YEAR = rf"(?:{_TURN} (?:calendar )?year|the (?:calendar )?year before last)"
TOLD_MONTH = rf"(?:{_TURN} month|the month before last)"
SAID_YEAR = rf"(?:{YEAR}|'[0-9]{{2}}|{TOLD_YEAR})"

_TRANSLATION = {
    ord(a): b for a, b in zip("’‘ʼ´`–—−‐‑ſKıİ\u00a0\u202f\u2009", "'''''-----skii   ", strict=True)
}


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which one blank stands for any white space; case does not count."""
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


def without_groups(pattern: str) -> str:
    """Return the pattern with its named groups unnamed, so that it can be used in another."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def plain(text: str) -> str:
    """Return `text` with typographic quotes, dashes and blanks made plain; every character stays in place."""
    return text.translate(_TRANSLATION)


def number(text: str) -> float | None:
    """Read a number in digits or words; vague ones as `VAGUE` says.

    >>> number("twenty-five"), number("a couple of"), number("1.5")
    (25.0, 2.0, 1.5)
    """
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return float(text)
    parts = [p for p in re.split(r"[\s-]+", text.lower()) if p not in ("a", "an", "of")]
    values = [NUMBERS.get(p, VAGUE.get(p)) for p in parts]
    if not parts:
        return 1.0
    return None if None in values else sum(v for v in values if v is not None)


_LENGTH = (
    rf"(?P<half>half an? |a half(?:\s|-))?(?P<n>{COUNT}|an?)?(?P<more> and a half)?(?:\s"
    rf"|-)*(?P<unit>{UNIT})s?"
    r"(?P<after> and a half)?"
)


@lru_cache(maxsize=1024)
def length(text: str) -> Length | None:
    """Read a length of time.

    >>> length("a year and a half").months, length("90 days").days, length("half a decade").months
    (18, 90, 60)
    """
    match = compiled(_LENGTH).fullmatch(text.strip())
    if not match:
        return None
    amount = number(match["n"]) if match["n"] else 1.0
    if amount is None:
        return None
    amount = amount * (0.5 if match["half"] else 1) + (0.5 if match["more"] or match["after"] else 0)
    months, days, unit = _UNITS[match["unit"].lower()]
    whole, rest = divmod(amount * months, 1)
    return Length(int(whole), -int(-(amount * days + rest * 30) // 1), _said(amount, unit), unit)


def _said(amount: float, unit: str) -> str:
    if unit == "decade":
        amount, unit = amount * 10, "year"
    if unit == "year" and amount % 1 and not amount * 12 % 1:
        amount, unit = amount * 12, "month"
    return f"{amount:g} {unit}{'' if amount == 1 else 's'}"


def year_of(text: str, clock: Clock) -> int:
    """Read a year: "2015", "'15" (not after the clock), "last year".

    >>> year_of("'85", Clock(date(2021, 7, 1)))
    1985
    """
    digits = text.lstrip("'")
    if digits.isdigit():
        short = int(digits)
        return short if len(digits) == 4 else short + (2000 if 2000 + short <= clock.now.year else 1900)
    return clock.now.year + steps(text)


def steps(text: str) -> int:
    """Return how far from the clock's a year or month is that is told by it.

    >>> steps("last year"), steps("the month before last"), steps("this year")
    (-1, -2, 0)
    """
    said = text.lower().split()
    return -2 if "before" in said else next((_TURNS[word] for word in said if word in _TURNS), 0)


def month_of(text: str) -> int:
    """Read the name of a month, whole or shortened."""
    return MONTHS[text.lower().rstrip(".")]


def iso(day: date) -> str:
    """Return the day as labels show it."""
    return day.isoformat()
