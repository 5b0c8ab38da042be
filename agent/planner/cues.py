"""cues.toml -> where a question uses which cue.

A cue is a phrase of words; `*` ends a word freely, `_` stands for any one word. Longer cues win over shorter
ones that they cover.
"""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from tools.concepts.lexicon import lexicon
from tools.concepts.wording import stem
from tools.wording.text import normal

_SHORTEST_CORRECTED = 5
_LONG = 8
_REMEMBERED = 32768
"""Words, so that what people type does not fill the memory."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One use of a cue: its table, its meaning, and where in the text it stands."""

    table: str
    meaning: str
    text: str
    start: int
    end: int


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("cues.toml").read_text(encoding="utf-8"))


@cache
def plain_words() -> frozenset[str]:
    """Return the ordinary words that are never the name of something by themselves."""
    return frozenset(files(__package__).joinpath("plain_words.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=_REMEMBERED)
def is_plain(word: str) -> bool:
    """Tell whether a word is an ordinary one, never the name of something by itself."""
    plain = normal(word).removesuffix("'s")
    return plain in plain_words() or stem(plain) in lexicon().lists["weak"]


@cache
def cue_words() -> frozenset[str]:
    """Return every whole word of the cues, for telling what a misspelt word stands for."""
    phrases = (p for meanings in _tables().values() for phrases in meanings.values() for p in phrases)
    words = {word.removesuffix("*") for phrase in phrases for word in phrase.split()}
    return frozenset(word for word in words if len(word) >= _SHORTEST_CORRECTED and word.isalpha())


@lru_cache(maxsize=_REMEMBERED)
def corrected(word: str) -> str:
    """Return what a misspelt word of a question stands for, the word itself if it is known or unlike any.

    >>> corrected("medicaton"), corrected("zorblax")
    ('medication', 'zorblax')
    """
    plain = word.casefold()
    if len(plain) < _SHORTEST_CORRECTED or is_plain(plain) or plain in cue_words() or not plain.isalpha():
        return word
    slips = 1 if len(plain) < _LONG else 2
    best = extractOne(plain, _correctable(), scorer=OSA.distance, score_cutoff=slips)
    return best[0] if best and best[0][0] == plain[0] and not _another(plain, best[0]) else word


def _another(word: str, known: str) -> bool:
    """Whether a short word with one other letter is another word: "chill" is no "child", "prone" no "phone"."""
    return len(word) == len(known) < _LONG - 1 and sorted(word) != sorted(known)


@cache
def _correctable() -> tuple[str, ...]:
    stems = {
        word.removesuffix("*")
        for t in ("kind", "category")
        for ps in _tables()[t].values()
        for p in ps
        for word in p.split()
    }
    grown = {stem + end for stem in stems for end in ("", "s", "d", "ed", "es", "ing")}
    return tuple(sorted(w for w in {*grown, *cue_words()} if len(w) >= _SHORTEST_CORRECTED and w.isalpha()))


@cache
def _lookup() -> dict[str, tuple[tuple[str, str, str, str], ...]]:
    """The first two letters of a phrase -> first word, phrase, table and meaning of the cues that may start there."""
    by_head: dict[str, list[tuple[str, str, str, str]]] = {}
    for table, meanings in _tables().items():
        for meaning, phrases in meanings.items():
            for phrase in phrases:
                first = phrase.split()[0].removesuffix("*")
                by_head.setdefault(phrase[:2].strip(), []).append((first, phrase, table, meaning))
    return {head: tuple(cues) for head, cues in by_head.items()}


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    words = re.escape(phrase).replace(r"\*", r"[\w'’-]*").replace("_", r"(?:[\w'’-]+|·+|¤+)")
    return re.compile(words.replace(r"\ ", r"\s+") + r"(?![\w])", re.IGNORECASE)


def cues_in(text: str) -> tuple[Cue, ...]:
    """Return every cue in `text`, in order, without those inside a longer cue of the same table.

    A word for now ("at the moment") is no word for a date ("moment"), nor is "over time".

    >>> [(c.table, c.meaning) for c in cues_in("the most recent lab test") if c.table == "pick"]
    [('pick', 'last')]
    """
    found: list[Cue] = []
    low = text.lower()
    for word in re.finditer(r"[\w&][\w'’&-]*", text):
        for first, phrase, table, meaning in _lookup().get(word.group()[:2].lower(), ()):
            begins = low.startswith(first, word.start())
            match = _pattern(phrase).match(text, word.start()) if begins else None
            if match:
                found.append(Cue(table, meaning, match.group(), match.start(), match.end()))
    starts, longest = [cue.start for cue in found], max((cue.end - cue.start for cue in found), default=0)

    def around(cue: Cue) -> Sequence[Cue]:
        return found[bisect_left(starts, cue.end - longest) : bisect_right(starts, cue.start)]

    longest_ones = [cue for cue in found if not any([_covers(other, cue) for other in around(cue)])]
    return tuple([cue for cue in longest_ones if not _of_a_place(cue, text)])


def _of_a_place(cue: Cue, text: str) -> bool:
    """Whether an abbreviation is the article of a name: "LOS" is a length of stay, "Los Angeles" is none."""
    after = _NEXT_WORD.match(text, cue.end) if cue.text.casefold() == "los" else None
    return after is not None and not is_plain(after[1])


_NEXT_WORD = re.compile(r" ([^\W\d_]{4,})")
_WEAKER = {
    ("give", "status"),
    ("pick", "status"),
    ("pick", "statistic"),
    ("statistic", "pick"),
    ("statistic", "status"),
    ("give", "pick"),
    ("give", "statistic"),
    ("give", "timeline"),
    ("give", "preface"),
}


def _covers(other: Cue, cue: Cue) -> bool:
    inside = other.start <= cue.start and cue.end <= other.end
    rival = other.table in (cue.table, "idiom") or (cue.table, other.table) in _WEAKER
    return inside and rival and other.end - other.start > cue.end - cue.start
