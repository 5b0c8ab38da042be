"""The embedded store as a `RecordSource`. Read-only; may be used from several threads at once."""

import json
import re
import sqlite3
import weakref
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any
from urllib.parse import unquote

import orjson

from tools.calls.errors import SetupError, UnknownPatient, WrongPatient
from tools.entries import Written
from tools.record import PatientRecord
from tools.sources.finding import find_number
from tools.sources.parcels import REFERENCE
from tools.sources.problems import problems_of
from tools.sources.report import IngestReport
from tools.sources.source import Listed, PatientSummary, answers_to, listed
from tools.sources.store import INGEST, open_to_read, speaking

_PEOPLE = (
    "SELECT p.id, p.reference, n.name, n.birth, n.gender, n.died, s.name FROM person n"
    " JOIN patient p ON p.id = n.patient JOIN source s ON s.id = n.source"
)


class StoredRecords:
    """Patients of one store.

    Attributes:
        path: the store's file.
        report: what the ingest that preceded said; None if a store was opened as it is.
    """

    def __init__(self, path: Path, report: IngestReport | None = None) -> None:
        """Open the store.

        Raises:
            SetupError: it is not there, something else, or of another version.
        """
        if not path.is_file():
            command = INGEST.format(location="RECORDS", store=path)
            raise SetupError(f"{path}: there is no such store. Make it with `{command}`.")
        self.path, self.report = path, report
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._idle.put(open_to_read(path))
        weakref.finalize(self, _close_all, self._idle)

    @property
    def location(self) -> str:
        """What opens the same store again."""
        return str(self.path)

    def close(self) -> None:
        """Close the store; records that were opened can load nothing more."""
        _close_all(self._idle)

    def quarantined(self) -> list[tuple[str, str, str, str]]:
        """Return (file, position in it, reference, reason) of everything that was put aside."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT s.name, l.position, coalesce(nullif(l.reference, ''), l.kind), l.reason"
                " FROM lost l JOIN source s ON s.id = l.source ORDER BY s.name, l.id"
            )
            return [(name, position, reference, reason) for name, position, reference, reason in rows]

    def patients(self) -> list[PatientSummary]:
        """Return all patients, by name."""
        with self._connection() as connection:
            rows = connection.execute(f"{_PEOPLE} ORDER BY n.source").fetchall()
            counts: dict[int, dict[str, int]] = {}
            for number, kind, count in connection.execute(
                "SELECT patient, kind, sum(count) FROM chunk GROUP BY patient, kind"
            ):
                counts.setdefault(number, {})[kind] = count
            identifiers: dict[int, list[str]] = {}
            for number, system, value in connection.execute("SELECT patient, system, value FROM identifier"):
                identifiers.setdefault(number, []).append(f"{system}|{value}")
        latest = {row[0]: row for row in rows}
        made = [_summary(row, identifiers.get(n, []), counts.get(n, {})) for n, row in latest.items()]
        return sorted(made, key=lambda p: (p.name.casefold(), p.reference))

    def search(self, text: str, most: int) -> Listed:
        """Return whom an id, identifier, birth date, name or part of these may mean, by name; "" means anybody."""
        return listed((patient for patient in self.patients() if answers_to(patient, text)), most)

    def find(self, text: str) -> PatientSummary:
        """Return the one patient meant by an id, reference, identifier, name, part of a name or birth date.

        Raises:
            UnknownPatient: nobody, or more than one.
        """
        with self._connection() as connection:
            number = find_number(connection, text)
            row = connection.execute(f"{_PEOPLE} WHERE p.id = ? ORDER BY n.source DESC", (number,)).fetchone()
            identifiers = connection.execute(
                "SELECT DISTINCT system || '|' || value FROM identifier WHERE patient = ?", (number,)
            )
            return _summary(row, [token for (token,) in identifiers], _counts(connection, number))

    def open(self, reference: str, now: date) -> PatientRecord:
        """Return the record of "Patient/…" as of `now`.

        Raises:
            UnknownPatient: no such patient here.
            WrongPatient: the store has another person's Patient resource under this reference.
        """
        with self._connection() as connection:
            row = connection.execute("SELECT id FROM patient WHERE reference = ?", (reference,)).fetchone()
            patients = list(_load(connection, row[0], "Patient")) if row else []
            if not patients:
                raise UnknownPatient(f"No patient has the reference {reference!r}.")
            if any(f"Patient/{patient.json['id']}" != reference for patient in patients):
                raise WrongPatient(f"{self.path}: the record of {reference} holds another patient.")
            number = row[0]
            shared = _shared(connection, number)
            counts = Counter(_counts(connection, number)) + Counter(r["resourceType"] for r in shared)
            problems = problems_of(connection, number, reference)

        def load(kind: str) -> Iterator[Mapping[str, Any] | Written]:
            yield from (resource for resource in shared if resource["resourceType"] == kind)
            with self._connection() as own:
                yield from _load(own, number, kind)

        return PatientRecord(patients[-1].json, counts, load, now, problems)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that nobody else uses at the time."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = open_to_read(self.path)
        try:
            with speaking(self.path):
                yield connection
        finally:
            self._idle.put(connection)


def _close_all(connections: LifoQueue[sqlite3.Connection]) -> None:
    while True:
        try:
            connections.get_nowait().close()
        except Empty:
            return


def _summary(
    row: tuple[int, str, str, str, str, str, str], identifiers: list[str], counts: Mapping[str, int]
) -> PatientSummary:
    _, reference, name, birth, gender, died, location = row
    return PatientSummary(
        reference=reference,
        name=name,
        birth=birth,
        gender=gender,
        died=died,
        identifiers=tuple(identifiers),
        counts=counts,
        location=location,
    )


def _counts(connection: sqlite3.Connection, number: int) -> dict[str, int]:
    rows = connection.execute("SELECT kind, sum(count) FROM chunk WHERE patient = ? GROUP BY kind", (number,))
    return dict(rows.fetchall())


def _load(connection: sqlite3.Connection, number: int, kind: str) -> Iterator[Written]:
    rows = connection.execute(
        "SELECT hidden, data FROM chunk WHERE patient = ? AND kind = ? ORDER BY source, batch", (number, kind)
    )
    for hidden, data in rows.fetchall():
        superseded = set(json.loads(hidden)) if hidden else set()
        plain = zlib.decompress(data)
        if b"?identifier=" in plain:
            plain = _resolve(connection, plain)
        for resource in map(Written, plain.split(b"\n")):
            if not superseded or resource.json["id"] not in superseded:
                yield resource


def _resolve(connection: sqlite3.Connection, plain: bytes) -> bytes:
    """Turn "Practitioner?identifier=system|value" into "Practitioner/id" where one has it."""
    known: dict[bytes, bytes] = {}

    def named(match: re.Match[bytes]) -> bytes:
        written = match[1]
        if written not in known:
            known[written] = _named_by(connection, written.decode()).encode() if b"?" in written else written
        return b'"reference":"' + known[written] + b'"'

    return REFERENCE.sub(named, plain)


def _named_by(connection: sqlite3.Connection, written: str) -> str:
    kind, _, token = unquote(written).partition("?identifier=")
    row = connection.execute(
        "SELECT reference FROM token WHERE token = ? AND kind = ?", (token, kind)
    ).fetchone()
    return str(row[0]) if row else written


def _shared(connection: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    """Return the resources of nobody that a record names, and those that they name.

    Files made apart may give one id to two practitioners: the one in a file of the patient's is meant.
    """
    rows = connection.execute("SELECT DISTINCT target FROM link WHERE patient = ?", (number,))
    waiting = [target for (target,) in rows]
    found: dict[str, dict[str, Any] | None] = {}
    while waiting:
        target = waiting.pop()
        reference = _named_by(connection, target) if "?" in target else target
        if reference in found:
            continue
        row = connection.execute(
            "SELECT data FROM shared WHERE reference = ?1 ORDER BY source IN"
            " (SELECT source FROM person WHERE patient = ?2) DESC, source DESC",
            (reference, number),
        ).fetchone()
        plain = _resolve(connection, zlib.decompress(row[0])) if row else b"null"
        found[reference] = orjson.loads(plain)
        waiting += [match.decode() for match in REFERENCE.findall(plain)]
    return [found[reference] for reference in sorted(found) if found[reference]]  # type: ignore[misc]
