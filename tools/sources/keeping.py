"""Parcels -> rows of the store, and patients whose record comes in several pieces -> one record.

Each function does its work in one transaction: killed at any moment, the store holds a file (or batch) wholly
or not at all.
"""

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import orjson

from tools.sources.documents import Lost
from tools.sources.parcels import Job, Note, Parcel, clashes_note, compress, copies_note
from tools.sources.people import two_people
from tools.sources.store import BY_SOURCE, transaction

Row = tuple[int, int, list[dict[str, object]]]


def keep(connection: sqlite3.Connection, job: Job, parcel: Parcel) -> None:
    """Store a parcel; the batch counts as done."""
    with transaction(connection):
        numbers = _numbers(connection, parcel)
        _keep_people(connection, job.source, parcel, numbers)
        connection.executemany(
            "INSERT INTO chunk (source, patient, kind, batch, count, first, last, hidden, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, '', ?)",
            [
                (job.source, numbers[c.patient], c.kind, job.batch, c.count, c.first, c.last, c.data)
                for c in parcel.chunks
            ],
        )
        _keep_shared(connection, job.source, parcel)
        rows = [(job.source, numbers[p], target) for p, target in parcel.links if p in numbers]
        connection.executemany("INSERT OR IGNORE INTO link VALUES (?, ?, ?)", rows)
        keep_lost(connection, job.source, job.batch, parcel.lost)
        connection.executemany(
            "INSERT INTO fault (source, kind, reason, count, example) VALUES (?, ?, ?, ?, ?)",
            [(job.source, kind, reason, *told) for (kind, reason), told in parcel.faults.items()],
        )
        keep_notes(connection, job.source, [(numbers.get(n.patient, 0), n) for n in parcel.notes])
        connection.execute("UPDATE source SET batches = ? WHERE id = ?", (job.batch + 1, job.source))


def keep_lost(connection: sqlite3.Connection, source: int, batch: int, lost: Iterable[Lost]) -> None:
    """Store what was quarantined. Call within a transaction."""
    connection.executemany(
        "INSERT INTO lost (source, batch, position, kind, reference, patient, reason, name)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(source, batch, x.position, x.kind, x.reference, x.patient, x.reason, x.name) for x in lost],
    )


def keep_notes(connection: sqlite3.Connection, source: int, notes: Iterable[tuple[int, Note]]) -> None:
    """Store what is to be said of patients by their number. Call within a transaction."""
    connection.executemany(
        "INSERT INTO note (source, patient, kind, text, grave) VALUES (?, ?, ?, ?, ?)",
        [(source, number, n.kind, n.text, n.grave) for number, n in notes],
    )


def forget(connection: sqlite3.Connection, source: int) -> None:
    """Remove all that came from a file, and mark the patients it was about. Call within a transaction."""
    connection.execute(
        "UPDATE patient SET settled = 0 WHERE id IN (SELECT DISTINCT patient FROM chunk WHERE source = ?)",
        (source,),
    )
    for table in BY_SOURCE:
        connection.execute(f"DELETE FROM {table} WHERE source = ?", (source,))
    connection.execute(
        "UPDATE source SET batches = 0, state = 'reading', reason = '' WHERE id = ?", (source,)
    )


def settle(connection: sqlite3.Connection) -> None:
    """Make one record of each patient whose pieces changed: merge batches, hide what is superseded."""
    changed = connection.execute("SELECT id FROM patient WHERE settled = 0").fetchall()
    for (patient,) in changed:
        with transaction(connection):
            _settle(connection, patient)
    with transaction(connection):
        connection.execute("DELETE FROM patient WHERE id NOT IN (SELECT patient FROM chunk)")


def _settle(connection: sqlite3.Connection, patient: int) -> None:
    connection.execute("DELETE FROM note WHERE source = 0 AND patient = ?", (patient,))
    kinds = connection.execute(
        "SELECT kind FROM chunk WHERE patient = ? GROUP BY kind HAVING count(*) > 1 OR max(hidden) > ''",
        (patient,),
    ).fetchall()
    for (kind,) in kinds:
        _settle_kind(connection, patient, kind)
    connection.execute("UPDATE patient SET settled = 1 WHERE id = ?", (patient,))


def _settle_kind(connection: sqlite3.Connection, patient: int, kind: str) -> None:
    rows = connection.execute(
        "SELECT source, first, last, data FROM chunk WHERE patient = ? AND kind = ? ORDER BY source, batch",
        (patient, kind),
    ).fetchall()
    merged: dict[int, dict[str, bytes]] = {}
    days: dict[int, list[str]] = {}
    doubles: Counter[bool] = Counter()
    for source, first, last, data in rows:
        own = merged.setdefault(source, {})
        days.setdefault(source, []).extend((first, last))
        for line in zlib.decompress(data).split(b"\n"):
            identity = str(orjson.loads(line)["id"])
            before = own.pop(identity, None)
            if before is not None:
                doubles[before == line] += 1
            own[identity] = line
    people = (
        [orjson.loads(line) for own in merged.values() for line in own.values()] if kind == "Patient" else []
    )
    strangers = filter(None, (two_people(one, other) for one, other in pairwise(people)))
    hidden = _superseded(merged, doubles)
    connection.execute("DELETE FROM chunk WHERE patient = ? AND kind = ?", (patient, kind))
    for source, own in merged.items():
        _write_chunk(connection, (source, patient, kind), own, hidden[source], days[source])
    notes = [Note("", kind, copies_note(doubles[True]))] if doubles[True] else []
    notes += [Note("", kind, clashes_note(doubles[False]), grave=True)] if doubles[False] else []
    notes += [Note("", "", said, grave=True) for said in strangers]
    keep_notes(connection, 0, [(patient, note) for note in notes])


def _superseded(merged: dict[int, dict[str, bytes]], doubles: Counter[bool]) -> dict[int, list[str]]:
    hidden: dict[int, list[str]] = {source: [] for source in merged}
    newest: dict[str, int] = {}
    for source in sorted(merged):
        for identity, line in merged[source].items():
            if identity in newest:
                older = newest[identity]
                hidden[older].append(identity)
                doubles[merged[older][identity] == line] += 1
            newest[identity] = source
    return hidden


def _write_chunk(
    connection: sqlite3.Connection,
    key: tuple[int, int, str],
    own: dict[str, bytes],
    hidden: Sequence[str],
    days: Sequence[str],
) -> None:
    dated = [day for day in days if day] or [""]
    connection.execute(
        "INSERT INTO chunk (source, patient, kind, batch, count, first, last, hidden, data)"
        " VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?)",
        (
            *key,
            len(own) - len(hidden),
            min(dated),
            max(dated),
            json.dumps(hidden) if hidden else "",
            compress(own.values()),
        ),
    )


def _numbers(connection: sqlite3.Connection, parcel: Parcel) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for reference in dict.fromkeys(chunk.patient for chunk in parcel.chunks):
        row = connection.execute(
            "INSERT INTO patient (reference, settled) VALUES (?, 0)"
            " ON CONFLICT (reference) DO UPDATE SET settled = 0 RETURNING id",
            (reference,),
        ).fetchone()
        numbers[reference] = row[0]
    return numbers


def _keep_people(
    connection: sqlite3.Connection, source: int, parcel: Parcel, numbers: dict[str, int]
) -> None:
    for person in parcel.people:
        number = numbers[person.reference]
        connection.execute(
            "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?, ?, ?, ?)",
            (source, number, person.name, person.birth, person.gender, person.died, person.names),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO identifier VALUES (?, ?, ?, ?)",
            [(source, number, system, value) for system, value in person.identifiers],
        )


def _keep_shared(connection: sqlite3.Connection, source: int, parcel: Parcel) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO shared VALUES (?, ?, ?, ?)",
        [(source, s.reference, s.kind, s.data) for s in parcel.shared],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO token VALUES (?, ?, ?, ?)",
        [(source, s.kind, token, s.reference) for s in parcel.shared for token in s.tokens],
    )
