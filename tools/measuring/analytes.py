"""A recorded test -> the substance that it measures, by its code, its name, or the concept that has it."""

from functools import lru_cache

from tools.concepts import records
from tools.entries.entry import Entry
from tools.units import Substance, substances
from tools.wording.text import normal
from tools.wording.words import short_name, shown_name


def substance_of(entry: Entry) -> Substance | None:
    """Return the substance of which a test tells the amount; None where none is known."""
    return _substance(shown_name(entry), frozenset(coding.code for coding in entry.codings))


def is_plain(entry: Entry, of: Substance) -> bool:
    """Tell whether a test is recorded under no more than a name of its substance: "Kreatinin"."""
    return normal(short_name(shown_name(entry))) in map(normal, (of.concept, *of.names))


@lru_cache(maxsize=4096)
def _substance(name: str, codes: frozenset[str]) -> Substance | None:
    every = substances().values()
    plain = normal(short_name(name))
    return (
        next((each for each in every if not codes.isdisjoint(each.codes)), None)
        or next((each for each in every if plain in map(normal, each.names)), None)
        or next((each for each in every if each.concept and records(each.concept, name, codes)), None)
    )
