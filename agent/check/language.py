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

from agent.check.citations import CITATION
from agent.check.notation import ENGLISH_MONTHS, date_patterns
from agent.check.segments import Joints
from agent.check.vocabulary import marks, report_words
from agent.wording import OWN

CODES = ("de", "fr", "es", "it", "pt", "nl")
_WORD = re.compile(r"\b[^\W\d_]+\b")


@dataclass(frozen=True, slots=True)
class Language:
    """What is needed to read a draft as English.

    Attributes:
        english: a word in lower case -> the English words it stands for.
        known: its words, without the apostrophe of those that are joined to the next.
        phrases: several words in lower case -> the English words they stand for together.
        phrase: finds one of these phrases.
        months: names of months in lower case -> their numbers.
        dates: the ways to write a date.
        between: words that mean "to" between two numbers.
        joints: where its sentences do not end.
    """

    english: Mapping[str, str]
    known: frozenset[str]
    phrases: Mapping[str, str]
    phrase: re.Pattern[str]
    months: Mapping[str, int]
    dates: tuple[re.Pattern[str], ...]
    between: frozenset[str]
    joints: Joints


def spoken(draft: str, question: str) -> tuple[Language, ...]:
    """Return the language of a draft, () for English; several where neither draft nor question tells which.

    Args:
        draft: its words tell; the assistant's own English sentences in it do not count.
        question: tells where the draft's words do not.
    """
    if _plainly_english(draft, question):
        return ()
    for sentence in OWN:
        draft = draft.replace(sentence, "")
    codes = _closest(_said(CITATION.sub("", draft)), _said(question))
    return tuple(language(code) for code in codes)


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
        known=frozenset(word.rstrip("'") for word in english),
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
        ordinal=re.compile(rf"(?<!\w)(?:\d{{1,2}}|{'|'.join(map(re.escape, months))})\.$", re.IGNORECASE),
        after_ordinal=re.compile(rf"\s*(?:\d|{_any_of(months).pattern})", re.IGNORECASE),
        ands=frozenset(word for word, meant in english.items() if meant == "and"),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    ways = (re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


def _closest(said: frozenset[str], asked: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the language that most of the words tell, else that of what was asked; () for English."""
    foreign, english = (max(len(said & marks(code)) for code in codes) for codes in (CODES, ("en",)))
    question = _closest(asked) if asked else ()
    if foreign < english or foreign == english and not any(_rather(said, code) for code in question):
        return ()
    known = {code: said & language(code).known for code in CODES}
    score = {code: (len(words - report_words()), len(words)) for code, words in known.items()}
    best = tuple(code for code in CODES if score[code] == max(score.values()))
    return tuple(code for code in best if code in question) or best


def _rather(said: frozenset[str], code: str) -> bool:
    """Tell whether words without marks are rather of a language than English."""
    english = said & report_words()
    return len((said & language(code).known) - english) > len(english) or not english


def _plainly_english(draft: str, question: str) -> bool:
    """Tell at once what is so of nearly every draft; of its words only the first, "Nein.", is freed of signs."""
    said, foreign = draft.lower().split(), marks("foreign")
    if not foreign.isdisjoint(said) or (said and said[0].rstrip(".,:;!") in foreign):
        return False
    return not marks("en").isdisjoint(said) or foreign.isdisjoint(question.lower().split())


def _said(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFC", text).lower()))
