"""vocabulary.toml -> the words that a draft may use beyond those of its evidence."""

import tomllib
from functools import cache
from importlib.resources import files

from agent.check.tokens import stem


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))


@cache
def allowed(table: str, key: str = "words") -> frozenset[str]:
    """Return the words that one entry of a table allows, without plural endings; empty if there is none."""
    listed = _tables()[table].get(key, "").split()
    return frozenset(listed).union(map(stem, listed))


@cache
def report_words() -> frozenset[str]:
    """Return every English word that some table allows."""
    tables = (table for name, table in _tables().items() if name != "resource")
    return frozenset(word for table in tables for line in table.values() for word in line.split())


@cache
def implied() -> dict[str, frozenset[str]]:
    """Return the words that each word of the evidence allows as well, for those words that allow any."""
    return {word: allowed("implied", word) for word in _tables()["implied"]}


@cache
def resource_types() -> frozenset[str]:
    """Return the names of FHIR R4's resource types."""
    return frozenset(_tables()["resource"]["types"].split())
