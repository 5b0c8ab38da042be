"""Text in another language -> the same with its dates, numbers, units, and words that answer or deny, as in English.

For languages with a decimal comma and the day before the month: "4. Dezember 2020" is 2020-12-04, "1.234" one thousand
two hundred and thirty-four, "1,234" a little more than one; "6.4", copied from the record, stays. What could be read
in two ways ("04.12.20", "1,234,567") is not read at all. Left out: times of day, and every other word.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from agent.check.segments import Joints

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
"""As English names them."""
_SPACE = "[ \u00a0\u202f]"
_ORDINAL = r"(?:er|re|ste|de|e|º|°|ª|\.[ºª]|\.)?"
_ISO = r"(?<![\d-])\d{4}-\d\d(?:-\d\d)?(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?(?![\d-])"
_GROUPED = rf"[1-9]\d{{0,2}}(?:(?:\.\d{{3}})+|(?:{_SPACE}\d{{3}})+|(?:['’]\d{{3}})+)(?:,\d+)?"
_SHORT_DATE = r"\d{1,2}(?P<by>[./-])\d{1,2}(?P=by)\d\d(?!\d)"
_NUMBER = rf"(?<![\w.,])(?!{_SHORT_DATE})(?:{_GROUPED}|\d+(?:[.,]\d+)?)(?![.,'’]?\d)"
_MARK = "[\ue000\ue010]\\d+[\ue001\ue011]"
_PART = re.compile(
    rf"(?P<mark>{_MARK})|(?P<number>{_NUMBER})|(?P<unreadable>(?<![\w])\d[\d.,'’]*)|(?P<word>[^\W_]+)"
)
_KEPT = re.compile("\ue010(\\d+)\ue011")
_QUOTED = re.compile(r"[„“”\"«»]\s*([^„“”\"«»]*?)\s*[„“”\"«»]")
_AFTER_NUMBER = re.compile(r"\d\s*$")
_COUNTABLE = re.compile(r"\s+[^\W\d_]{3,}")
_ABBREVIATED = 3
"""Letters of a month that may be another word."""
_LABELS = re.compile(r"\b(?:type|stage)\s*$")
_TOLD = re.compile(r"^(“|the (?:number|date) )(.*?)(”? is not in )")


@dataclass
class Reading:
    """What was read of the pieces of one statement.

    Attributes:
        no: whether "no" denies; in Portuguese it is "in the".
        unreadable: digits that could be read in several ways, "" if none.
        denials: how many of the words met deny for themselves.
    """

    no: bool = True
    unreadable: str = ""
    denials: int = 0
    _kept: list[str] = field(default_factory=list)
    _said: dict[str, str] = field(default_factory=dict)

    def english(self, masked: str) -> str:
        """Return a piece with what can be read in it as English writes it; masks of recorded texts stay."""
        text = unicodedata.normalize("NFC", masked).replace("’", "'")
        text = _QUOTED.sub(lambda match: self._keep(f"“{match[1]}”"), text)
        for pattern in _dates():
            text = pattern.sub(lambda match: self._keep(self._meant(match[0], iso(match))), text)
        text = re.sub(r"(?<=[^\W\d_])'(?=\w)", "' ", text)
        text = _PART.sub(self._part, text)
        while _KEPT.search(text):
            text = _KEPT.sub(lambda match: self._kept[int(match[1])], text)
        return text

    def as_written(self, reason: str) -> str:
        """Return a reason with the draft's own numbers, dates and words in it."""
        if reason.startswith("no single source says"):
            return "no single source says all of it"
        return _TOLD.sub(lambda match: match[1] + self._original(match[2]) + match[3], reason)

    def note(self, english: str, written: str) -> None:
        """Remember how a word was written, for the reasons."""
        self._said.setdefault(english, written)

    def _original(self, english: str) -> str:
        for word, said in sorted(self._said.items(), key=lambda pair: -len(pair[0])):
            found = re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", english)
            if found:
                return f"{english[: found.start()]}{said}{english[found.end() :]}"
        return english

    def _part(self, match: re.Match[str]) -> str:
        if match["mark"]:
            return match[0]
        if match["unreadable"]:
            self.unreadable = self.unreadable or match[0]
            return match[0]
        if match["number"]:
            return self._number(match, decimal(match[0]))
        return self._word(match)

    def _word(self, match: re.Match[str]) -> str:
        said = match[0].lower()
        unit = _words("units").get(said) if _AFTER_NUMBER.search(match.string[: match.start()]) else None
        if unit:
            return self._meant(match[0], unit)
        if number := _words("numbers").get(said):
            return self._number(match, number)
        if len(said) > _ABBREVIATED and said in _words("months"):
            return self._meant(match[0], _words("months")[said])
        meant = _words("words").get(said, "no" if said == "no" and self.no else None)
        if meant is None:
            return ";" if said == "no" else match[0]
        self.denials += meant in ("no", "not", "without", "only")
        return self._meant(match[0], meant)

    def _number(self, match: re.Match[str], english: str) -> str:
        """Return a number; one that may count what follows, so that it is taken for a count."""
        after = _COUNTABLE.match(match.string, match.end())
        counted = after and after[0].strip().lower() not in _words("units")
        label = _LABELS.search(self._read(match.string[: match.start()]))
        whole = english.isdigit() or english.isalpha()
        return self._meant(match[0], english) + (" item" if counted and whole and not label else "")

    def _read(self, before: str) -> str:
        last = before.split()[-1:] or [""]
        return _words("words").get(last[0].lower(), last[0])

    def _meant(self, said: str, english: str) -> str:
        if english != said:
            self.note(english, said)
        return english

    def _keep(self, text: str) -> str:
        self._kept.append(text)
        return f"\ue010{len(self._kept) - 1}\ue011"


def iso(match: re.Match[str]) -> str:
    """Return a date as the record writes it; a day without a year as "4 december".

    >>> found = [p.fullmatch(text) for text in ("4. Dezember", "04.12.2020") for p in _dates()]
    >>> [iso(match) for match in found if match]
    ['4 december', '2020-12-04']
    """
    part = match.groupdict()
    if "year" not in part and "day" not in part:
        return match[0]
    number = _months()[part["month"].lower()] if part.get("month") else int(part["m"])
    if not part.get("year"):
        return f"{part['day']} {MONTHS[number - 1]}"
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


def marks(language: str) -> frozenset[str]:
    """Return the words by which a language is told ("en", "de", …), as they are written."""
    return frozenset(_tables()["marks"][language].split())


@cache
def foreign_marks() -> frozenset[str]:
    """Return the words by which any language but English is told."""
    return frozenset(word for code in _tables()["marks"] if code != "en" for word in marks(code)) - marks(
        "en"
    )


@cache
def joints() -> Joints:
    """Return where a sentence in another language goes on though it seems to end."""
    short = _any_of(_tables()["abbreviations"]["words"].split())
    months = _any_of(_months())
    return Joints(
        abbreviation=re.compile(rf"(?<!\w){short}\.$", re.IGNORECASE),
        ordinal=re.compile(rf"(?<!\w)(?:\d{{1,2}}|{months})\.$", re.IGNORECASE),
        after_ordinal=re.compile(rf"\s*(?:\d|{months}(?!\w))", re.IGNORECASE),
        ands=frozenset(word for word, meant in _words("words").items() if meant == "and"),
    )


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    text = files(__package__).joinpath("foreign.toml").read_text(encoding="utf-8")
    return tomllib.loads(unicodedata.normalize("NFC", text))


@cache
def _words(table: str) -> Mapping[str, str]:
    """Return each word of a table with the English one it stands for."""
    return {word: english for english, line in _tables()[table].items() for word in line.split()}


@cache
def _months() -> Mapping[str, int]:
    numbers = {name: number for number, name in enumerate(MONTHS, 1)}
    return numbers | {word: numbers[english] for word, english in _words("months").items()}


@cache
def _dates() -> tuple[re.Pattern[str], ...]:
    """Return the ways to write a date, the longest first; their groups are year, month or m, and day."""
    month = rf"(?P<month>{_any_of(_months())})(?!\w)\.?"
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


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"
