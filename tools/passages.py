"""Words and texts -> the texts that hold them, each with its most telling passage.

Words match by their stem ("smoking" finds "smoked"); one that stands nowhere is taken for the most similar
that does. All words must stand in a text, of three or more all but one. Left out: synonyms and negation.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tools.facts import one_line

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s*\n\s*")
_WORD = re.compile(r"[^\W_]+")
_SUFFIX = re.compile(r"(?:ing|ers?|ed|es|s|e)$")
_IDLE = frozenset(
    {"a", "an", "and", "any", "about", "did", "do", "does", "for", "has", "have", "in", "is", "mention"}
    | {"mentioned", "of", "on", "or", "the", "there", "to", "was", "with"}
)
_LONGEST = 240
_ALIKE = 85


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a text holds the words: `at` is its place in the list, `words` how many of them it holds.

    `together` tells how many of them stand in the sentence that the passage begins with.
    """

    at: int
    text: str
    words: int
    together: int


def plain(text: str) -> str:
    """Return text for searching: no case, no accents."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def search(wanted: str, texts: Sequence[str], plains: Sequence[str]) -> tuple[list[Passage], bool]:
    """Find the texts that hold the words.

    Args:
        wanted: the words.
        texts: as written, from old to new.
        plains: the same through `plain`.

    Returns:
        the passages, those with most words in one sentence first, then the newest; whether all are held.
    """
    asked = list(dict.fromkeys(_WORD.findall(plain(wanted))))
    telling = [word for word in asked if word not in _IDLE] or asked
    patterns = [_pattern(word, plains) for word in telling]
    found = [hit for at, text in enumerate(texts) for hit in _passage(at, text, plains[at], patterns)]
    full = [hit for hit in found if hit.words == len(patterns)]
    near = [hit for hit in found if len(patterns) > 2 and hit.words == len(patterns) - 1]
    return sorted(reversed(full or near), key=lambda hit: -hit.together), bool(full)


def _pattern(word: str, plains: Sequence[str]) -> re.Pattern[str]:
    stem = _SUFFIX.sub("", word) if len(word) > 4 else word
    pattern = re.compile(rf"\b{re.escape(stem)}")
    if len(word) < 5 or any(map(pattern.search, plains)):
        return pattern
    known = {other for text in plains for other in _WORD.findall(text)}
    near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return re.compile(rf"\b{re.escape(near[0])}") if near else pattern


def _passage(at: int, text: str, bare: str, patterns: list[re.Pattern[str]]) -> Iterator[Passage]:
    found = [pattern for pattern in patterns if pattern.search(bare)]
    if not found or 2 * len(found) < len(patterns):
        return
    sentences = [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]
    held = [[bool(pattern.search(plain(sentence))) for pattern in found] for sentence in sentences]
    rarity = [1 / (1 + sum(column)) for column in zip(*held, strict=True)]
    weights = [_weight(row, rarity, sentence) for row, sentence in zip(held, sentences, strict=True)]
    best = max(range(len(sentences)), key=weights.__getitem__)
    yield Passage(at, _window(sentences, best), len(found), sum(held[best]))


def _weight(held: list[bool], rarity: list[float], sentence: str) -> float:
    weight = sum(rare for rare, holds in zip(rarity, held, strict=True) if holds)
    return weight / 2 if _is_heading(sentence) else weight


def _is_heading(sentence: str) -> bool:
    return sentence.startswith("#") or sentence.endswith(":")


def _window(sentences: list[str], at: int) -> str:
    passage = sentences[at]
    for sentence in sentences[at + 1 :]:
        if len(passage) + len(sentence) > _LONGEST or _is_heading(sentence):
            break
        passage += " " + sentence
    return one_line(passage.lstrip("# "), _LONGEST)
