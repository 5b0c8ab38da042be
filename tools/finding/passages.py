"""Words and texts -> the sentences that bear on them, and the clause of a sentence that holds a name.

Words match by their stem ("smoking" finds "smoked") and by what else people call the same thing (concepts.toml:
"blood thinner" finds "warfarin"); one that stands nowhere is taken for the most similar that does. All words must stand
in a text, of three or more all but one. Left out: negation; what a sentence means.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from tools.concepts.naming import names_within, things_in
from tools.concepts.wording import Words, stems, tokens
from tools.wording.words import cut_at_word, one_line

_FILE = Path(__file__).parent / "sentences.toml"
_BREAK = re.compile(r"(?<=[.!?;])\s+")
_CLAUSE = re.compile(r"[,;:]|\band\b")
_WORD = re.compile(r"[^\W_]+")
_SUFFIX = re.compile(r"(?:ing|ers?|ed|es|s|e)$")
LONGEST = 240
_ALIKE = 85
_END = r"\b"
_NEAR = 2
"""Other words that may stand between those of a name."""
_WRAPPED = 50
"""Letters of a line from which on one that begins small goes on with it."""
_FEW = 3
"""A sentence of fewer words makes no sense without what stands above it: "Stroke" under "Family history"."""
_ENDS = (".", "!", "?", ";", "…")
_STOPS = ".!?:;"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as written, and without case and accents; `heading` is that of its paragraph, "" without."""

    text: str
    bare: str
    heading: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading itself."""
        return _is_heading(self.text)

    @property
    def is_whole(self) -> bool:
        """Whether it ends as a sentence does, and is more than a word or two."""
        return self.text.endswith(_ENDS) and len(_WORD.findall(self.bare)) >= _FEW

    @property
    def leans(self) -> bool:
        """Whether it makes no sense without the one before it: "It was stopped."."""
        said = _WORD.findall(self.bare)
        return len(said) < _FEW - 1 or said[0] in _lists()["leaning"]


@dataclass(frozen=True)
class Page:
    """A text to search."""

    text: str

    @cached_property
    def bare(self) -> str:
        """The text without case and accents."""
        return bare_of(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences."""
        return tuple(_sentences(self.text))

    def passage(self, at: int) -> str:
        """Return a sentence as it makes sense by itself: with its heading, or with the one before it."""
        said = self.sentences[at]
        if said.is_heading:
            after = next(iter(self.sentences[at + 1 : at + 2]), said)
            return _told(said.text) if after.is_heading else _told(f"{_titled(said.text)}{after.text}")
        if said.heading and not said.is_whole:
            return _told(f"{_titled(said.heading)}{said.text}")
        before = self.sentences[max(at - 1, 0) : at] if said.leans else ()
        return _told(*(each.text for each in before), said.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that bears on words: `at` is the place of its page, `together` how many of the words it holds."""

    at: int
    text: str
    together: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that is looked for: `begins` finds it and its other forms, `names` are those of what it names."""

    begins: re.Pattern[str]
    names: frozenset[Words] = frozenset()
    firsts: tuple[str, ...] = ()
    """How the word and the names begin."""

    def may_stand_in(self, bare: str) -> bool:
        return any(first in bare for first in self.firsts)

    def stands_in(self, bare: str) -> bool:
        """Tell whether a sentence, without case and accents, has the word or names the same thing."""
        if not self.may_stand_in(bare):
            return False
        return bool(self.begins.search(bare)) or (bool(self.names) and self._is_named_in(stems(tokens(bare))))

    def _is_named_in(self, short: Words) -> bool:
        return any(short[first:end] in self.names for first, end in things_in(short))


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    told = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: frozenset(told[name].split()) for name in ("abbreviations", "idle", "leaning")}


def search(wanted: str, pages: Sequence[Page]) -> tuple[list[Passage], bool]:
    """Find the sentences that bear on the words, in the pages that hold them all.

    Args:
        wanted: the words.
        pages: from old to new.

    Returns:
        the passages, those with most words in one sentence first, then the newest; whether all words are held.
    """
    words = _wanted(wanted, pages)
    least = len(words) - 1 if len(words) > 2 else len(words)
    found: dict[int, list[Passage]] = {len(words): [], least: []}
    for at in reversed(range(len(pages))):
        if sum(word.may_stand_in(pages[at].bare) for word in words) >= least:
            held, passages = _passages(at, pages[at], words)
            found.get(held, []).extend(passages)
    full = found[len(words)]
    return sorted(full or found[least], key=lambda passage: -passage.together), bool(full)


def sentence_with(wanted: str, each: Page) -> str:
    """Return the first sentence of a page that holds all the telling words, near each other, "" if none does.

    >>> sentence_with("joint pains", Page("No fever. Pain in every joint!"))
    'Pain in every joint!'
    >>> sentence_with("hepatitis B", Page("Chronic hepatitis C, obesity, anemia, vitamin B deficiency"))
    ''
    """
    patterns = _as_they_are(wanted)
    if not patterns or not all(pattern.search(each.bare) for pattern in patterns):
        return ""
    holds = (sentence.text for sentence in each.sentences if _near(sentence.bare, patterns))
    return next(holds, "")


def clause_with(wanted: str, sentence: str) -> str:
    """Return the part of a sentence between commas that holds all the telling words; all of it if none does.

    >>> clause_with("kidney transplant", "Asthma, awaiting transplantation of kidney, stress")
    'awaiting transplantation of kidney'
    """
    patterns = _as_they_are(wanted)
    clauses = (clause.strip(" -*•.") for clause in _CLAUSE.split(sentence))
    return next((clause for clause in clauses if _near(bare_of(clause), patterns)), sentence)


def _near(bare: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    """Tell whether all words stand in a sentence with few others between them; a single letter as it is."""
    if not all(pattern.search(bare) for pattern in patterns):
        return False
    if len(patterns) == 1:
        return True
    said = _WORD.findall(bare)
    at = [[n for n, word in enumerate(said) if pattern.match(word)] for pattern in patterns]
    return any(
        all(any(abs(n - first) <= _NEAR + len(patterns) for n in others) for others in at[1:])
        for first in at[0]
    )


@lru_cache(maxsize=256)
def _as_they_are(wanted: str) -> tuple[re.Pattern[str], ...]:
    asked = [word for word in dict.fromkeys(_WORD.findall(bare_of(wanted))) if word not in _lists()["idle"]]
    return tuple(
        re.compile(
            rf"\b{re.escape(_SUFFIX.sub('', word) if len(word) > 4 else word)}{'' if len(word) > 2 else _END}"
        )
        for word in asked
    )


def bare_of(text: str) -> str:
    """Return a text without case and accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _wanted(wanted: str, pages: Sequence[Page]) -> list[_Word]:
    """Return the telling words, each with the names of the thing that it names, or is a part of the name of."""
    asked = list(dict.fromkeys(_WORD.findall(bare_of(wanted))))
    telling = [word for word in asked if word not in _lists()["idle"]] or asked
    names: dict[str, frozenset[Words]] = {}
    for said, others in names_within(wanted):
        for word in _WORD.findall(bare_of(said)):
            names[word] = names.get(word, frozenset()) | others
    return [_word(word, names.get(word, frozenset()), pages) for word in telling]


def _word(word: str, names: frozenset[Words], pages: Sequence[Page]) -> _Word:
    stem = _SUFFIX.sub("", word) if len(word) > 4 else word
    begins = re.compile(rf"\b{re.escape(stem)}")
    if len(word) > 4 and not names and not any(begins.search(each.bare) for each in pages):
        known = list(dict.fromkeys(other for each in pages for other in _WORD.findall(each.bare)))
        near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        stem = near[0] if near else stem
        begins = re.compile(rf"\b{re.escape(stem)}")
    return _Word(begins, names, tuple({stem, *(name[0] for name in names)}))


def _passages(at: int, each: Page, words: Sequence[_Word]) -> tuple[int, list[Passage]]:
    """Return how many words a page holds, and its sentences with most of them; headings only without others."""
    held = [[word.stands_in(sentence.bare) for word in words] for sentence in each.sentences]
    most = max(map(sum, held), default=0)
    telling = [n for n, found in enumerate(held) if most and sum(found) == most]
    plain = [n for n in telling if not each.sentences[n].is_heading]
    passages = [Passage(at, each.passage(n), most) for n in plain or telling]
    return sum(map(any, zip(*held, strict=True))), passages


def _sentences(text: str) -> Iterator[Sentence]:
    for line, heading in _lines(text):
        begun = ""
        for part in filter(None, map(str.strip, _BREAK.split(line))):
            begun = f"{begun} {part}".strip()
            if begun.endswith(".") and _shortens(begun.rpartition(" ")[2][:-1]):
                continue
            yield Sentence(begun, bare_of(begun), heading)
            begun = ""
        if begun:
            yield Sentence(begun, bare_of(begun), heading)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a text, each with the heading of its paragraph; those that were wrapped are one."""
    for paragraph in _paragraphs(text):
        heading = paragraph[0] if _is_heading(paragraph[0]) else ""
        for line in paragraph:
            if _is_heading(line):
                heading = line
            yield line, "" if line == heading else heading


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Yield the lines of each paragraph; what follows a heading after an empty line belongs to it."""
    lines, last = list[str](), 0
    for line in map(str.strip, text.splitlines()):
        if not line and lines and not _is_heading(lines[-1]):
            yield lines
            lines = []
        elif line and lines and last >= _WRAPPED and line[0].islower() and lines[-1][-1] not in _STOPS:
            lines[-1] = f"{lines[-1]} {line}"
        elif line:
            lines.append(line)
        last = len(line) or last
    if lines:
        yield lines


def _shortens(word: str) -> bool:
    return word.casefold().lstrip("(") in _lists()["abbreviations"] or (len(word) == 1 and word.isupper())


def _is_heading(sentence: str) -> bool:
    return sentence.startswith("#") or sentence.endswith(":")


def _titled(heading: str) -> str:
    """Return a heading as it stands before a sentence: "Family history: "."""
    return f"{heading.strip('# :')}: "


def _told(*sentences: str) -> str:
    said = " ".join(sentence.lstrip("# ") for sentence in sentences)
    return cut_at_word(one_line(said, len(said)).rstrip(" ;"), LONGEST)
