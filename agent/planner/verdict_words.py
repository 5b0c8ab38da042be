"""A question -> its words and phrases, each with what it says of a yes or no: verdicts.toml is the list.

A word that is in no table is not understood. Names, times and limits have been read before and are left out.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from agent.planner.cues import is_plain

TOKEN = re.compile(r"[^\W_](?:[\w'’/-]*\w)?")
_NAMES = re.compile(r"[¤·]+")
_NOT_READ = ("marks", "disease", "class")
"""Tables that say something of words which another table has too."""
_SHORTEST_MENDED = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A word or phrase of a question.

    Attributes:
        text: in small letters.
        table: its table of verdicts.toml, "" if in none.
        meaning: what it means there.
        start: where it stands.
    """

    text: str
    table: str
    meaning: str
    start: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question, in order."""

    said: tuple[Said, ...]

    def of(self, table: str) -> list[str]:
        """Return what the words of a table mean here, each time."""
        return [said.meaning for said in self.said if said.table == table]

    def has(self, mark: str) -> bool:
        """Tell whether a word has one of the marks of verdicts.toml, in a phrase or alone."""
        return not marked(mark).isdisjoint(self._each())

    def are_present(self) -> bool:
        """Tell whether the question asks about now: its first verb is in the present, and nothing tells of the past."""
        verb = next((word for word in self._each() if word in marked("present") | marked("past verb")), "")
        perfect = verb in marked("perfect") and self.has("participle")
        return verb in marked("present") and not perfect and not self.has("past")

    def _each(self) -> list[str]:
        return [word.removesuffix("n't") for said in self.said for word in said.text.split()]


def words_in(free: str) -> Words:
    """Return the words of a question, without the tag at its end.

    Args:
        free: the question without names, times and limits, which have been read before.

    A denial that leads asks for the thing itself: "isn't she on it?" whether she is; "Mia isn't on it" says that she
    is not.
    """
    free = _without_tag(free)
    found = list(_words(free))
    if found and found[0].text.endswith("n't") and not _NAMES.search(free[: found[0].start]):
        found[0] = replace(found[0], text=found[0].text.removesuffix("n't"), table="plain", meaning="words")
    return Words(tuple(found))


@cache
def marked(mark: str) -> frozenset[str]:
    """Return the words that have a mark."""
    return frozenset(_tables()["marks"][mark])


@cache
def listed(table: str) -> frozenset[str]:
    """Return the words of one of the tables that questions are not read by."""
    return frozenset(_tables()[table]["words"])


def _without_tag(free: str) -> str:
    """Return a question without the tag at its end, ", isn't she?", which turns the word order and no more."""
    head, comma, tail = free.rpartition(",")
    words = [match.group().casefold() for match in TOKEN.finditer(tail)]
    is_tag = (
        len(words) == 2
        and words[1] in marked("tag pronoun")
        and words[0].removesuffix("n't") in marked("tag verb")
    )
    return head if comma and is_tag else free


def _words(free: str) -> Iterator[Said]:
    """Yield the words and phrases of a text, the longest phrases first, those of no table one by one."""
    found = list(TOKEN.finditer(free))
    words = [match.group().casefold().replace("’", "'") for match in found]
    at = 0
    while at < len(words):
        size, table, meaning = _longest(words, at, found, free)
        yield Said(" ".join(words[at : at + size]), table, meaning, found[at].start())
        at += size


def _longest(words: list[str], at: int, found: list[re.Match[str]], free: str) -> tuple[int, str, str]:
    phrases, longest = _phrases()
    for size in range(min(longest, len(words) - at), 0, -1):
        known = phrases.get(tuple(words[at : at + size]))
        if known and not _NAMES.search(free[found[at].start() : found[at + size - 1].end()]):
            return size, *known
    return 1, *_misspelt(words[at])


@lru_cache(maxsize=4096)
def _misspelt(word: str) -> tuple[str, str]:
    """Return table and meaning of the word that a misspelt one stands for: one slip, and no word of its own."""
    if len(word) < _SHORTEST_MENDED or is_plain(word):
        return "", ""
    phrases, _ = _phrases()
    near = extractOne(word, _single_words(), scorer=OSA.distance, score_cutoff=1)
    return phrases[(near[0],)] if near and near[0][0] == word[0] else ("", "")


@cache
def _single_words() -> tuple[str, ...]:
    return tuple(
        phrase[0] for phrase in _phrases()[0] if len(phrase) == 1 and len(phrase[0]) >= _SHORTEST_MENDED
    )


@cache
def _phrases() -> tuple[dict[tuple[str, ...], tuple[str, str]], int]:
    """Return the phrases with their table and meaning, and how many words the longest has."""
    phrases: dict[tuple[str, ...], tuple[str, str]] = {}
    for table, meanings in _tables().items():
        for meaning, said in meanings.items() if table not in _NOT_READ else ():
            for phrase in said:
                phrases.setdefault(tuple(phrase.split()), (table, meaning))
    return phrases, max(map(len, phrases))


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("verdicts.toml").read_text(encoding="utf-8"))
