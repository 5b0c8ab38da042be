"""Text -> a vector that says what it means, of length 1; texts that mean the same are near each other.

It is the sum of what the pieces of its words mean, without their order: it takes microseconds, and no library but
numpy. Words that are not known are cut into pieces that are ("tracheo", "bronch", "itis").
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.concepts.wording import tokens

WEIGHTS = Path(__file__).with_name("weights.npz")
LONGEST = 24
"""Letters of a word that are looked at."""
_WITHIN = "##"
"""Marks a piece that begins no word."""

Floats = NDArray[np.float32]


class Pieces:
    """The pieces of words that are known, and where each stands."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._places = {piece: place for place, piece in enumerate(pieces)}

    def of_word(self, word: str) -> tuple[int, ...]:
        """Return the places of the longest pieces that make up a word; what has no piece is left out."""
        found: list[int] = []
        start, word = 0, word[:LONGEST]
        while start < len(word):
            ends = range(len(word), start, -1)
            mark = _WITHIN if start else ""
            end = next((end for end in ends if mark + word[start:end] in self._places), 0)
            if end:
                found.append(self._places[mark + word[start:end]])
            start = end or start + 1
        return tuple(found)

    def of(self, text: str) -> tuple[int, ...]:
        """Return the places of the pieces of a text."""
        return tuple(place for word in tokens(text) for place in self.of_word(word))


class Vectors:
    """What the pieces of words mean.

    Args:
        pieces: as the file has them.
        numbers: a row for each, whole numbers of 8 bits.
        scales: what the numbers of a row are to be multiplied by.
    """

    def __init__(self, pieces: Sequence[str], numbers: NDArray[np.int8], scales: Floats) -> None:
        self._pieces = Pieces(pieces)
        self._numbers = numbers
        self._scales = scales
        self.of_word = lru_cache(maxsize=16384)(self._of_word)

    def _of_word(self, word: str) -> Floats:
        """Return the sum of the pieces of a word, of any length."""
        places = list(self._pieces.of_word(word))
        told: Floats = (self._numbers[places] * self._scales[places, None]).sum(axis=0, dtype=np.float32)
        return told

    def of_words(self, words: Sequence[str]) -> Floats:
        """Return a row for each word, of any length."""
        if not words:
            return np.zeros((0, self._numbers.shape[1]), np.float32)
        return np.stack([self.of_word(word) for word in words])

    def of(self, texts: Sequence[str]) -> Floats:
        """Return a row for each text, of length 1; of length 0 for one of which nothing is known."""
        rows = [self.of_words(tokens(text)).sum(axis=0) for text in texts]
        return unit(np.stack(rows)) if rows else np.zeros((0, self._numbers.shape[1]), np.float32)


def unit(rows: Floats) -> Floats:
    """Return rows of length 1; those that are nothing stay so."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    told: Floats = (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
    return told


@lru_cache(maxsize=1)
def vectors() -> Vectors:
    """Return the vectors that ship, loaded when they are first needed."""
    with np.load(WEIGHTS) as told:
        pieces: Any = bytes(told["pieces"]).decode().split("\n")
        return Vectors(pieces, told["numbers"], told["scales"].astype(np.float32))
