"""The words of `slots.toml`, of each table what the tools call something -> what people say; the words of a text."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

WORDS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("slots.toml").read_text()
)
_WORD = re.compile(r"[^\W\d_]+")


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, the longest first.

    >>> any_of(["er", "ward"])
    'ward|er'
    """
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a text, in small letters, without digits.

    >>> words_in("Last HbA1c, please?")
    ('last', 'hba', 'c', 'please')
    """
    return tuple(word.lower() for word in _WORD.findall(text))
