"""A draft and its question -> the language of the draft: its words for report words, from `languages/*.toml`.

A language is told by words such as "der", "les", "está"; where nothing tells it, it is English. Left out:
languages that have no file; their drafts are read as English.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from agent.check.notation import ENGLISH_MONTHS, date_patterns
from agent.check.segments import Joints
from agent.check.vocabulary import marks
from agent.wording import OWN

CODES = ("de", "fr", "es", "it", "pt", "nl")
_WORD = re.compile(r"\b[^\W\d_]+\b")


@dataclass(frozen=True, slots=True)
class Language:
    """What is needed to read a draft as English.

    Attributes:
        english: a word in lower case -> the English words it stands for.
        phrases: several words in lower case -> the English words they stand for together.
        phrase: finds one of these phrases.
        months: names of months in lower case -> their numbers.
        dates: the ways to write a date.
        between: words that mean "to" between two numbers.
        joints: where its sentences do not end.
    """

    english: Mapping[str, str]
    phrases: Mapping[str, str]
    phrase: re.Pattern[str]
    months: Mapping[str, int]
    dates: tuple[re.Pattern[str], ...]
    between: frozenset[str]
    joints: Joints


def spoken(draft: str, question: str) -> Language | None:
    """Return the language of a draft, None for English.

    Args:
        draft: its words tell; the assistant's own English sentences in it do not count.
        question: tells where the draft's words do not.
    """
    said = _said(draft)
    if said & marks("foreign"):
        for sentence in OWN:
            draft = draft.replace(sentence, "")
        code = _closest(_said(draft), question)
    else:
        code = "" if said & marks("en") else _closest(_said(question))
    return language(code) if code else None


@cache
def language(code: str) -> Language:
    """Return one of the languages of `CODES`."""
    text = files(__package__).joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(unicodedata.normalize("NFC", text))
    names = dict(zip(listed(table["months"]), ENGLISH_MONTHS, strict=True))
    english = {word: meant for meant, line in table["words"].items() for word in listed(line)} | names
    phrases = {word: meant for word, meant in english.items() if " " in word}
    months = {**ENGLISH_MONTHS, **{name: ENGLISH_MONTHS[meant] for name, meant in names.items()}}
    months |= dict(zip(listed(table["short_months"]), range(1, 13), strict=True))
    months |= {name: number for name, number in table.get("other_months", {}).items()}
    return Language(
        english=english,
        phrases=phrases,
        phrase=_any_of(phrases),
        months=months,
        dates=date_patterns(months),
        between=frozenset(listed(table["between_numbers"])),
        joints=_joints(listed(table["abbreviations"]), months, english),
    )


def listed(line: str) -> list[str]:
    """Return the words of a line of a table, which are separated by commas.

    >>> listed("letzte, am höchsten")
    ['letzte', 'am höchsten']
    """
    return [" ".join(word.split()) for word in line.split(",") if word.strip()]


def _joints(abbreviations: Iterable[str], months: Iterable[str], english: Mapping[str, str]) -> Joints:
    short = "|".join(re.escape(word) for word in ("dr", "prof", *abbreviations))
    return Joints(
        abbreviation=re.compile(rf"(?<!\w)(?:{short})\.$", re.IGNORECASE),
        ordinal=re.compile(r"(?<!\w)\d{1,2}\.$"),
        after_ordinal=re.compile(rf"\s*(?:\d{{1,2}}\.|{_any_of(months).pattern})", re.IGNORECASE),
        ands=frozenset(word for word, meant in english.items() if meant == "and"),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    ways = (re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


def _closest(said: frozenset[str], question: str = "") -> str:
    """Return the code of the language that most of the words tell; the question's where two are as close."""
    close = {code: len(said & marks(code)) for code in ("en", *CODES)}
    most = max(close.values())
    if not most:
        return ""
    best = [code for code in close if close[code] == most]
    asked = _closest(_said(question)) if question and len(best) > 1 else ""
    found = asked if asked in best else best[0]
    return "" if found == "en" else found


def _said(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))
