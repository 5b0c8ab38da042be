"""What could not be read of a patient's record, by kind, so that it never looks like what is not there."""

import re
import sqlite3
import zlib

import orjson

from tools.sources.naming import kind_in_words, name_of
from tools.sources.parcels import NOBODY
from tools.sources.store import meta
from tools.sources.unread import told
from tools.sources.versions import NOW_CALLED

_ASKED_UNDER = NOW_CALLED | {"Medication": "MedicationRequest"}
"""Kinds -> the kind under which an answer looks for such a thing."""
_THINGS = ("Device",)
"""Kinds that may belong to nobody, and tell something of the patient in whose only file they are; a drug does not."""
_NAMED = 3


def problems_of(connection: sqlite3.Connection, number: int, reference: str) -> dict[str, tuple[str, ...]]:
    """Return what is to be said of each kind of a patient's record, "" for all of it."""
    said: dict[str, list[str]] = {}
    for kind, reasons in _lost(connection, number, reference).items():
        said[kind] = list(told(reasons))
    for kind, names in _of_nobody(connection, number).items():
        one = len(names) == 1
        what = (
            f"{len(names)} {kind_in_words(kind)}{'' if one else 's'} {'names' if one else 'name'} no patient"
        )
        said.setdefault(_ASKED_UNDER.get(kind, kind), []).append(f"{what}: {_first(names)}")
    for kind, text in connection.execute(
        "SELECT kind, text FROM note WHERE patient = ? AND grave", (number,)
    ):
        said.setdefault(kind, []).append(text)
    for name, reason in connection.execute(
        "SELECT name, reason FROM source WHERE state = 'failed' AND name LIKE '%.ndjson%'"
    ):
        said.setdefault(_kind_of_file(name), []).append(f"{name} could not be read to its end: {reason}")
    if meta(connection, "state") != "complete":
        said.setdefault("", []).append("the ingest of these records is not finished")
    return {kind: tuple(texts) for kind, texts in said.items()}


def _lost(connection: sqlite3.Connection, number: int, reference: str) -> dict[str, list[tuple[str, int]]]:
    """Return by kind why resources that may be the patient's were put aside, and how many."""
    unread: dict[str, list[tuple[str, int]]] = {}
    for kind, reason, count, names in connection.execute(
        "SELECT kind, reason, count(*), json_group_array(name) FROM lost WHERE patient = ? OR (patient = '' AND"
        " (source IN (SELECT source FROM chunk WHERE patient = ?)"
        "  OR source IN (SELECT id FROM source WHERE name LIKE '%.ndjson%')))"
        " GROUP BY kind, reason ORDER BY count(*) DESC, reason",
        (reference, number),
    ):
        why = f"{reason} ({_first(orjson.loads(names))})" if reason == NOBODY else reason
        unread.setdefault(_ASKED_UNDER.get(kind, kind), []).append((why, count))
    return unread


def _of_nobody(connection: sqlite3.Connection, number: int) -> dict[str, list[str]]:
    """Return by kind the names of things that no resource names, in a file or store of this patient alone."""
    marks = ", ".join("?" * len(_THINGS))
    rows = connection.execute(
        f"SELECT s.kind, s.data FROM shared s WHERE s.kind IN ({marks})"
        " AND NOT EXISTS (SELECT 1 FROM link l WHERE l.patient = ? AND l.target = s.reference)"
        " AND (s.source IN (SELECT source FROM person GROUP BY source HAVING count(*) = 1 AND min(patient) = ?)"
        "  OR (SELECT count(DISTINCT patient) FROM person) = 1)",
        (*_THINGS, number, number),
    )
    found: dict[str, list[str]] = {}
    for kind, data in rows.fetchall():
        found.setdefault(kind, []).append(name_of(orjson.loads(zlib.decompress(data))))
    return found


def _first(names: list[str]) -> str:
    """Return the first few different names, and how many more there are."""
    different = list(dict.fromkeys(names))
    more = len(different) - _NAMED
    return ", ".join(different[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _kind_of_file(name: str) -> str:
    match = re.match(r"(?:.*[/!])?([A-Z][A-Za-z]+)[^/]*\.ndjson", name)
    return match[1] if match else ""
