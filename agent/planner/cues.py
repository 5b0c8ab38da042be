"""cues.toml -> where a question uses which cue.

A cue is a phrase of words; `*` ends a word freely, `_` stands for any one word. Longer cues win over shorter
ones that they cover.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


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
    """Return the ordinary words that are never a concept by themselves."""
    return frozenset(str(_tables()["plain"]["words"]).split())


@cache
def _lookup() -> dict[str, tuple[tuple[re.Pattern[str], str, str], ...]]:
    """First word (or its first three letters) -> the cues that may start there, longest first."""
    by_head: dict[str, list[tuple[str, str, str]]] = {}
    for table, meanings in _tables().items():
        if table == "plain":
            continue
        for meaning, phrases in meanings.items():
            for phrase in phrases:
                by_head.setdefault(phrase.split()[0][:2], []).append((phrase, table, meaning))
    return {head: tuple((_pattern(p), t, m) for p, t, m in cues) for head, cues in by_head.items()}


def _pattern(phrase: str) -> re.Pattern[str]:
    parts = [
        re.escape(word).replace(r"\*", r"[\w'’-]*").replace("_", r"(?:[\w'’-]+|·+|¤+)")
        for word in phrase.split()
    ]
    return re.compile(r"\s+".join(parts) + r"(?![\w])", re.IGNORECASE)


def cues_in(text: str) -> tuple[Cue, ...]:
    """Return every cue in `text`, in order, without those inside a longer cue of the same table.

    >>> [(c.table, c.meaning) for c in cues_in("the most recent lab test") if c.table == "pick"]
    [('pick', 'last')]
    """
    found: list[Cue] = []
    for word in re.finditer(r"[\w&][\w'’&-]*", text):
        head = word.group()[:2].casefold()
        for pattern, table, meaning in _lookup().get(head, ()):
            match = pattern.match(text, word.start())
            if match:
                found.append(Cue(table, meaning, match.group(), match.start(), match.end()))
    return tuple(cue for cue in found if not any(_covers(other, cue) for other in found))


def _covers(other: Cue, cue: Cue) -> bool:
    inside = other.start <= cue.start and cue.end <= other.end
    return inside and other.table == cue.table and other.end - other.start > cue.end - cue.start
