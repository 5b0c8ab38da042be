"""Words -> the things of the lexicon that they name, each with all that people call it.

Of a class of drugs or diseases these are the names of its members, too. Left out: which of them this record holds.
"""

from collections.abc import Iterator
from functools import lru_cache

from tools.concepts.lexicon import Concept, lexicon
from tools.concepts.wording import Words, stems, tokens

_SHORTEST = 2
"""Letters; one alone ("K") is no name in a sentence."""


def names_within(text: str) -> Iterator[tuple[str, frozenset[Words]]]:
    """Yield each stretch of a text that names a thing, and the names of that thing, as stems.

    >>> [(said, ("coumadin",) in names) for said, names in names_within("Is she on warfarin?")]
    [('warfarin', True)]
    """
    words = tokens(text)
    for first, end in things_in(stems(words)):
        yield " ".join(words[first:end]), names_of(stems(words[first:end]))


@lru_cache(maxsize=4096)
def things_in(short: Words) -> tuple[tuple[int, int], ...]:
    """Return where things are named: first word and the one after the last, never overlapping, the longest first."""
    book, found, first = lexicon(), list[tuple[int, int]](), 0
    while first < len(short):
        ends = (first + size for size in book.sizes.get(short[first], ()))
        end = next((end for end in ends if end <= len(short) and _is_name(short[first:end])), 0)
        if end:
            found.append((first, end))
        first = end or first + 1
    return tuple(found)


@lru_cache(maxsize=4096)
def names_of(short: Words, *, members: bool = True) -> frozenset[Words]:
    """Return all names of the things that a name in stems may mean, of classes with those of their members."""
    concepts = lexicon().phrases.get(short, ())
    return frozenset(name for concept in concepts for name in _names(concept, members))


def _names(concept: Concept, members: bool) -> Iterator[Words]:
    yield from filter(_is_name, concept.phrases)
    if members and concept.how == "class":
        for member in concept.held.members:
            yield from _names(member, members)


def _is_name(short: Words) -> bool:
    """Tell whether words are a name within a sentence, and no ordinary ones."""
    book = lexicon()
    if short not in book.phrases or short in book.never or len("".join(short)) < _SHORTEST:
        return False
    return len(short) > 1 or not (short[0] in book.lists["weak"] or short[0] in book.shouted)
