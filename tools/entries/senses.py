"""Recorded names and codes -> what they say of the thing they name: negated, of the family, suspected, none known.

Names are told by how they begin and end (senses.toml), never by a word inside. Left out: what a sense makes of a
question (`tools.finding.aside`); what sentences say.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.entries.entry import Coding, Entry, Sense
from tools.wording.text import normal

_FILE = Path(__file__).parent / "senses.toml"
_TELLING = (
    "negated", "family history", "no family history", "suspected", "feared", "at risk", "screening", "planned",
    "prevention",
    "teaching", "exposure", "history", "declined", "not done", "to stop",
)  # fmt: skip
_BLANKET = ("none known", "no information")
_SYSTEMS = {"snomed.info/sct": "snomed", "absent-unknown": "absent-unknown"}
_EDGES = " :,;-–.()'\""
_RELATIVE = "<relative>"
_PREPOSITIONS = "to|of|in|for|from|on|at|with|available"


@dataclass(slots=True)
class _Table:
    """senses.toml, ready to be looked up."""

    senses: Mapping[str, Mapping[str, Any]]
    whole: dict[str, Sense] = field(default_factory=dict)
    blankets: tuple[tuple[str, re.Pattern[str]], ...] = ()
    sorts: Mapping[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    tails: dict[str, str] = field(default_factory=dict)
    begins: re.Pattern[str] = re.compile("")
    ends: re.Pattern[str] = re.compile("")
    saved: re.Pattern[str] = re.compile("")
    lacking: frozenset[str] = frozenset()
    missed: re.Pattern[str] = re.compile("")


def sense_of(display: str, codings: tuple[Coding, ...]) -> Sense | None:
    """Return what a name, its other names and codes say of the thing that they name; None where they are simply that.

    >>> sense_of("No family history of asthma", ())
    Sense(how='no family history', thing='asthma', counts=False)
    >>> sense_of("At risk of falling (finding)", ()).counts, sense_of("Nocardia infection", ())
    (True, None)
    """
    if len(codings) < 2:
        return _sense_of(display, codings)
    return _sense_of(display, codings[:1]) or next(
        (found for coding in codings[1:] if (found := _sense_of(coding.display, (coding,)))), None
    )


@lru_cache(maxsize=16384)
def _sense_of(display: str, codings: tuple[Coding, ...]) -> Sense | None:
    table = _table()
    names = dict.fromkeys([display, *(coding.display for coding in codings)])
    read = next((found for name in names if name and (found := _named(normal(name), table))), None)
    coded = next((found for coding in codings if (found := _coded(coding, table))), None)
    if coded and read and coded.how == read.how:
        return read
    return coded if coded and not (read and coded.how == "negated") else read


def _coded(coding: Coding, table: _Table) -> Sense | None:
    book = next((book for part, book in _SYSTEMS.items() if part in coding.system), "")
    said = table.senses["codes"].get(book, {}).get(coding.code, "") if book else ""
    how, _, thing = said.partition(": ")
    return Sense(how, thing) if how else None


def _named(name: str, table: _Table) -> Sense | None:
    whole = table.whole.get(name.strip(_EDGES)) or _of_kind(name.strip(_EDGES), table)
    if whole or table.saved.match(name):
        return whole
    return _led(name, table) or _tailed(name, table)


def _of_kind(name: str, table: _Table) -> Sense | None:
    """Return what a name says of a whole kind."""
    for how, names in table.blankets:
        if found := names.fullmatch(name):
            return Sense(how, table.sorts[found["led"] or found["told"]])
    return None


def _led(name: str, table: _Table) -> Sense | None:
    found = table.begins.match(name)
    if not found:
        return None
    lead, thing = found[0], name[found.end() :].strip(_EDGES)
    if not thing or (lead in table.lacking and table.missed.search(thing)):
        return None
    return _sense(table.leads[lead], thing, table)


def _tailed(name: str, table: _Table) -> Sense | None:
    found = table.ends.search(name.rstrip(".") if "(" in name else name.rstrip(_EDGES))
    thing = name[: found.start()].strip(_EDGES) if found else ""
    if not found or not thing or (found[0] in table.lacking and table.missed.search(thing)):
        return None
    return _sense(table.tails[found[0]], thing, table)


def _sense(how: str, thing: str, table: _Table) -> Sense:
    """Return a sense of the innermost thing: of "history of suspected sepsis" it is the sepsis."""
    inner = _named(thing, table)
    return Sense(how, inner.thing if inner else thing, bool(table.senses[how].get("counts")))


@lru_cache(maxsize=4096)
def asked_for(how: str, words: str) -> bool:
    """Tell whether words ask for entries of a sense by what they are: "risk of falling" for those at risk."""
    beginnings = tuple(_items(_table().senses[how].get("asked", "")))
    return bool(beginnings) and any(word.startswith(beginnings) for word in normal(words).split())


def allergen_of(name: str) -> str:
    """Return to what a name says that there is an allergy, "" if it is none: "Allergy to penicillin (finding)".

    >>> allergen_of("Allergy to penicillin (finding)"), allergen_of("Peanut allergy"), allergen_of("Allergic rhinitis")
    ('penicillin', 'peanut', '')
    """
    return _allergen_of(normal(name))


def names_allergy(entry: Entry) -> bool:
    """Tell whether an entry that stands among the problems is an allergy, or denies one: "Allergy to penicillin"."""
    return _names_allergy(entry.sense.thing if entry.sense else entry.display, entry.codings)


@lru_cache(maxsize=16384)
def _names_allergy(name: str, codings: tuple[Coding, ...]) -> bool:
    codes = _table().senses["codes"]["allergy"]
    return bool(allergen_of(name)) or any(c.code in codes or allergen_of(c.display) for c in codings)


@lru_cache(maxsize=16384)
def _allergen_of(name: str) -> str:
    begins, ends, saved = _allergies()
    if saved.match(name):
        return ""
    if led := begins.match(name):
        return name[led.end() :].strip(_EDGES)
    tailed = ends.search(name)
    return name[: tailed.start()].strip(_EDGES) if tailed else ""


@lru_cache(maxsize=1)
def _allergies() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    said = _table().senses["allergy"]
    return _beginning(_items(said["leads"])), _ending(_items(said["tails"])), _beginning(_items(said["save"]))


def certainty_of(code: str) -> str:
    """Return the sense of a German mark of certainty: "V" is "suspected"; "" if it says that it is certain."""
    return str(_table().senses["codes"]["diagnosesicherheit"].get(code, ""))


@lru_cache(maxsize=1)
def _table() -> _Table:
    senses = tomllib.loads(_FILE.read_text("utf-8"))
    table, relatives = _Table(senses), _items(senses["relatives"])
    saved: list[str] = []
    for how in _TELLING:
        said = senses[how]
        leads = [*_items(said.get("lacks", "")), *_items(said.get("leads", ""))]
        table.leads |= dict.fromkeys(_spelt(leads, relatives), how)
        table.tails |= dict.fromkeys(_spelt(_items(said.get("tails", "")), relatives), how)
        saved += _items(said.get("save", ""))
    table.lacking = frozenset(_items(senses["negated"]["lacks"]))
    table.tails |= {"absent": "negated"}
    table.blankets = tuple(_blankets(senses))
    table.sorts = {kind: sort for sort, listed in senses["kinds"].items() for kind in _items(listed)}
    for how in (*_TELLING, *_BLANKET):
        for pair in _items(senses[how].get("names", "")):
            name, _, thing = pair.partition("=")
            table.whole[name.strip()] = Sense(how, thing.strip(), bool(senses[how].get("counts")))
    table.begins, table.ends = _beginning(table.leads), _ending(table.tails)
    table.saved = _beginning(saved)
    missed = _either(_items(senses["missed"]))
    table.missed = re.compile(rf"\b(?:{missed})(?:$| (?:{_PREPOSITIONS})\b)")
    return table


def _blankets(senses: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield each sense of a whole kind with the names that have it: "no known allergies", "allergies: none known"."""
    kinds = _either(kind for listed in senses["kinds"].values() for kind in _items(listed))
    for how in _BLANKET:
        begins, ends, known, after = (
            _either(_items(senses[how].get(key, ""))) for key in ("begins", "ends", "known", "after")
        )
        last = "|".join(filter(None, (ends, after)))
        led = f"(?:{begins}) (?P<led>{kinds})" + (f"(?: (?:{known}))?" if known else "")
        yield how, re.compile(rf"{led}|(?P<told>{kinds}):? (?:{last})")


def _spelt(leads: Iterable[str], relatives: Iterable[str]) -> Iterator[str]:
    for lead in leads:
        if _RELATIVE in lead:
            yield from (lead.replace(_RELATIVE, relative) for relative in relatives)
        else:
            yield lead


def _items(listed: str) -> list[str]:
    return [item for part in listed.split(",") if (item := " ".join(part.split()))]


def _either(items: Iterable[str]) -> str:
    return "|".join(re.escape(item) for item in sorted(set(items), key=len, reverse=True))


def _beginning(items: Iterable[str]) -> re.Pattern[str]:
    """Match the longest item with which a name begins, as whole words."""
    return re.compile(rf"(?:{_either(items)})(?:(?<=\W)|(?!\w))")


def _ending(items: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_either(items)})$")
