"""What an ingest did and what it met on the way, for the operator."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

MOST = 20
"""Problems that are listed one by one; of the rest the number is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """The files of this run, and the state of the whole store after it.

    Attributes:
        location: what was ingested.
        store: the store's file.
        read: files that were read in this run.
        unchanged: files that were known and are the same.
        removed: files that were known and are gone; what came from them was removed.
        skipped: (file, reason) of what holds no records.
        failed: (file, reason) of what could not be read, or not to its end.
        patients: in the store.
        resources: number by FHIR type, shared ones among them.
        quarantined: number by reason, e.g. "Observation: it names no patient".
        faults: number by what was mended or left out of resources that were kept, "Observation: status is missing".
        problems: what else an operator should know, in sentences.
        seconds: wall time of this run.
    """

    location: str
    store: str
    read: int
    unchanged: int
    removed: int
    skipped: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...]
    patients: int
    resources: Mapping[str, int]
    quarantined: Mapping[str, int]
    faults: Mapping[str, int]
    problems: tuple[str, ...]
    seconds: float


def count_patients(connection: sqlite3.Connection) -> int:
    """Return how many patients can be opened."""
    return int(connection.execute("SELECT count(DISTINCT patient) FROM person").fetchone()[0])


def count_resources(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many resources there are by type."""
    rows = connection.execute(
        "SELECT kind, sum(n) FROM (SELECT kind, sum(count) AS n FROM chunk GROUP BY kind"
        " UNION ALL SELECT kind, count(DISTINCT reference) FROM shared GROUP BY kind)"
        " GROUP BY kind ORDER BY kind"
    )
    return dict(rows.fetchall())


def count_quarantined(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many resources were put aside, by reason, the most frequent first."""
    rows = connection.execute(
        "SELECT CASE kind WHEN '' THEN '' ELSE kind || ': ' END || reason AS why, count(*) AS n"
        " FROM lost GROUP BY why ORDER BY n DESC, why"
    )
    return dict(rows.fetchall())


def count_faults(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how often what was mended or left out of resources, the most frequent first."""
    rows = connection.execute(
        "SELECT kind || ': ' || reason AS what, sum(count) AS n FROM fault GROUP BY what ORDER BY n DESC, what"
    )
    return dict(rows.fetchall())


def list_skipped(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return (file, reason) of the files that are not FHIR."""
    rows = connection.execute("SELECT name, reason FROM source WHERE state = 'skipped' ORDER BY name")
    return [(name, reason) for name, reason in rows]


def list_failed(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return (file, reason) of the files that could not be read, or not to their end."""
    rows = connection.execute(
        "SELECT name, reason FROM source WHERE state != 'skipped' AND reason > '' ORDER BY name"
    )
    return [(name, reason) for name, reason in rows]


def list_reasons(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return why there is no patient, as far as single resources are the reason."""
    return [("", reason) for reason in [*_strangers(connection), *count_quarantined(connection)]]


def list_problems(connection: sqlite3.Connection) -> list[str]:
    """Return sentences on what was kept but is odd."""
    found = [*_strangers(connection), *_notes(connection)]
    if len(found) > MOST:
        found = [*found[:MOST], f"and {len(found) - MOST} more like these"]
    return [*found, *_nowhere(connection)]


def _strangers(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT p.reference, sum(c.count) FROM patient p JOIN chunk c ON c.patient = p.id"
        " WHERE p.id NOT IN (SELECT patient FROM person) GROUP BY p.id ORDER BY p.reference"
    )
    return [
        f"{n} {'resource is' if n == 1 else 'resources are'} about {reference}, who is in no file"
        for reference, n in rows
    ]


def _notes(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT coalesce(nullif(trim(coalesce(p.reference, '') || ', ' || n.kind, ', '), ''), s.name, '')"
        " || ': ' || n.text FROM note n LEFT JOIN patient p ON p.id = n.patient"
        " LEFT JOIN source s ON s.id = n.source ORDER BY n.grave DESC, n.id"
    )
    return [text for (text,) in rows]


def _nowhere(connection: sqlite3.Connection) -> list[str]:
    total, example = connection.execute(
        "SELECT count(DISTINCT target), min(target) FROM link l WHERE target NOT LIKE 'http%'"
        " AND NOT EXISTS (SELECT 1 FROM shared s WHERE s.reference = l.target)"
        " AND NOT EXISTS (SELECT 1 FROM patient p WHERE p.reference = l.target)"
        " AND NOT EXISTS (SELECT 1 FROM token t WHERE instr(l.target, '?identifier=')"
        " AND t.token = substr(l.target, instr(l.target, '?identifier=') + 12))"
    ).fetchone()
    if not total:
        return []
    if total == 1:
        return [f"1 resource is referred to but is in no file: {example}"]
    return [f"{total} resources are referred to but are in no file, e.g. {example}"]
