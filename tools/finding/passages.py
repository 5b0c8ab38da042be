"""Words and texts -> the texts that hold them, each with its most telling passage.

Words match by their stem ("smoking" finds "smoked"); one that stands nowhere is taken for the most similar
that does. All words must stand in a text, of three or more all but one. Left out: synonyms and negation.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from tools.wording.words import one_line

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s*\n\s*")
_CLAUSE = re.compile(r"[,;:]|\band\b")
_WORD = re.compile(r"[^\W_]+")
_SUFFIX = re.compile(r"(?:ing|ers?|ed|es|s|e)$")
_IDLE = frozenset(
    {"a", "an", "and", "any", "about", "did", "do", "does", "for", "has", "have", "in", "is", "mention"}
    | {"mentioned", "of", "on", "or", "the", "there", "to", "was", "with"}
)
LONGEST = 240
_ALIKE = 85
_END = r"\b"
_NEAR = 2
"""Other words that may stand between those of a name."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text to search: bare (without case and accents), and its sentences, as written and bare."""

    bare: str
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a page holds the words: `at` is its place, `together` how many of them stand in one sentence."""

    at: int
    text: str
    together: int


def page(text: str) -> Page:
    """Prepare a text for searching."""
    sentences = [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]
    return Page(_bare(text), tuple((sentence, _bare(sentence)) for sentence in sentences))


def search(wanted: str, pages: Sequence[Page]) -> tuple[list[Passage], bool]:
    """Find the pages that hold the words.

    Args:
        wanted: the words.
        pages: from old to new.

    Returns:
        the passages, those with most words in one sentence first, then the newest; whether all are held.
    """
    asked = list(dict.fromkeys(_WORD.findall(_bare(wanted))))
    telling = [word for word in asked if word not in _IDLE] or asked
    patterns = [_pattern(word, pages) for word in telling]
    held = [[pattern for pattern in patterns if pattern.search(each.bare)] for each in pages]
    full = [at for at, found in enumerate(held) if found and len(found) == len(patterns)]
    near = [at for at, found in enumerate(held) if len(patterns) > 2 and len(found) == len(patterns) - 1]
    passages = [_passage(at, pages[at], held[at]) for at in reversed(full or near)]
    return sorted(passages, key=lambda passage: -passage.together), bool(full)


def sentence_with(wanted: str, each: Page) -> str:
    """Return the first sentence of a page that holds all the telling words, near each other, "" if none does.

    >>> sentence_with("joint pains", page("No fever. Pain in every joint!"))
    'Pain in every joint!'
    >>> sentence_with("hepatitis B", page("Chronic hepatitis C, obesity, anemia, vitamin B deficiency"))
    ''
    """
    patterns = _as_they_are(wanted)
    if not patterns or not all(pattern.search(each.bare) for pattern in patterns):
        return ""
    holds = (text for text, bare in each.sentences if _near(bare, patterns))
    return next(holds, "")


def clause_with(wanted: str, sentence: str) -> str:
    """Return the part of a sentence between commas that holds all the telling words; all of it if none does.

    >>> clause_with("kidney transplant", "Asthma, awaiting transplantation of kidney, stress")
    'awaiting transplantation of kidney'
    """
    patterns = _as_they_are(wanted)
    clauses = (clause.strip(" -*•.") for clause in _CLAUSE.split(sentence))
    return next((clause for clause in clauses if _near(_bare(clause), patterns)), sentence)


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
    asked = [word for word in dict.fromkeys(_WORD.findall(_bare(wanted))) if word not in _IDLE]
    return tuple(
        re.compile(
            rf"\b{re.escape(_SUFFIX.sub('', word) if len(word) > 4 else word)}{'' if len(word) > 2 else _END}"
        )
        for word in asked
    )


def _bare(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _pattern(word: str, pages: Sequence[Page]) -> re.Pattern[str]:
    stem = _SUFFIX.sub("", word) if len(word) > 4 else word
    pattern = re.compile(rf"\b{re.escape(stem)}")
    if len(word) < 5 or any(pattern.search(each.bare) for each in pages):
        return pattern
    known = list(dict.fromkeys(other for each in pages for other in _WORD.findall(each.bare)))
    near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return re.compile(rf"\b{re.escape(near[0])}") if near else pattern


def _passage(at: int, each: Page, patterns: list[re.Pattern[str]]) -> Passage:
    sentences = [sentence for sentence, _ in each.sentences]
    held = [[bool(pattern.search(bare)) for pattern in patterns] for _, bare in each.sentences]
    rarity = [1 / (1 + sum(column)) for column in zip(*held, strict=True)]
    weights = [_weight(row, rarity, sentence) for row, sentence in zip(held, sentences, strict=True)]
    best = max(range(len(sentences)), key=weights.__getitem__)
    return Passage(at, _window(sentences, best), sum(held[best]))


def _weight(held: list[bool], rarity: list[float], sentence: str) -> float:
    weight = sum(rare for rare, holds in zip(rarity, held, strict=True) if holds)
    return weight / 2 if _is_heading(sentence) else weight


def _is_heading(sentence: str) -> bool:
    return sentence.startswith("#") or sentence.endswith(":")


def _window(sentences: list[str], at: int) -> str:
    passage = sentences[at]
    for sentence in sentences[at + 1 :]:
        if len(passage) + len(sentence) > LONGEST or _is_heading(sentence):
            break
        passage += " " + sentence
    return one_line(passage.lstrip("# "), LONGEST)
