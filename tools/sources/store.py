"""The embedded store: one SQLite file that holds records patient by patient, compressed.

Resources of one kind of one patient from one file make a chunk. Everything that came from a file carries the
number of its source, so that a file can be replaced or forgotten as a whole. `user_version` is the schema's
number; stores of another number are refused, not converted: they are rebuilt from their files in seconds.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.calls.errors import SetupError

SCHEMA = 3
"""Goes up whenever what is stored, or how it is validated, changes."""
APPLICATION = 0x46485241
INGEST = "fhir-assistant ingest {location} --store {store}"
"""The command that makes a store."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, stamp INTEGER NOT NULL,
    digest TEXT NOT NULL, seen INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
    batches INTEGER NOT NULL
);
CREATE TABLE patient (id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, settled INTEGER NOT NULL);
CREATE TABLE person (
    source INTEGER, patient INTEGER, name TEXT, birth TEXT, gender TEXT, died TEXT, names TEXT,
    PRIMARY KEY (source, patient)
) WITHOUT ROWID;
CREATE INDEX person_patient ON person (patient);
CREATE TABLE identifier (
    source INTEGER, patient INTEGER, system TEXT, value TEXT, PRIMARY KEY (source, patient, system, value)
) WITHOUT ROWID;
CREATE INDEX identifier_value ON identifier (value);
CREATE TABLE chunk (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, patient INTEGER NOT NULL, kind TEXT NOT NULL,
    batch INTEGER NOT NULL, count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    hidden TEXT NOT NULL, data BLOB NOT NULL
);
CREATE INDEX chunk_patient ON chunk (patient, kind, count, first, last);
CREATE INDEX chunk_source ON chunk (source, patient);
CREATE TABLE shared (
    source INTEGER, reference TEXT, kind TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (source, reference)
) WITHOUT ROWID;
CREATE INDEX shared_reference ON shared (reference);
CREATE TABLE token (
    source INTEGER, kind TEXT, token TEXT, reference TEXT, PRIMARY KEY (source, kind, token, reference)
) WITHOUT ROWID;
CREATE INDEX token_token ON token (token, kind);
CREATE TABLE link (
    source INTEGER, patient INTEGER, target TEXT, PRIMARY KEY (source, patient, target)
) WITHOUT ROWID;
CREATE INDEX link_patient ON link (patient);
CREATE TABLE lost (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, batch INTEGER NOT NULL, position TEXT NOT NULL,
    kind TEXT NOT NULL, reference TEXT NOT NULL, patient TEXT NOT NULL, reason TEXT NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX lost_patient ON lost (patient);
CREATE INDEX lost_source ON lost (source);
CREATE TABLE fault (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
    count INTEGER NOT NULL, example TEXT NOT NULL
);
CREATE INDEX fault_source ON fault (source);
CREATE TABLE note (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL, patient INTEGER NOT NULL, kind TEXT NOT NULL,
    text TEXT NOT NULL, grave INTEGER NOT NULL
);
CREATE INDEX note_patient ON note (patient);
CREATE INDEX note_source ON note (source);
"""
BY_SOURCE = ("person", "identifier", "chunk", "shared", "token", "link", "lost", "fault", "note")


def create_or_open(path: Path) -> sqlite3.Connection:
    """Open a store for writing, making it if it is not there.

    Raises:
        SetupError: the place cannot be written, or the file is something else or of another version.
    """
    with speaking(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            if _is_new(connection):
                _create(connection)
            check(connection, path)
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a store for reading; also on a read-only disk.

    Raises:
        SetupError: it cannot be read, is something else, or is of another version.
    """
    with speaking(path):
        connection = _connect_to_read(path, "mode=ro")
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            connection = _connect_to_read(path, "immutable=1")
        try:
            check(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not a store, or one of another version.

    Raises:
        SetupError: with the command that rebuilds it.
    """
    if _pragma(connection, "application_id") != APPLICATION:
        raise SetupError(f"{path} is not a store of records: expected one made by `{_command(path)}`.")
    version = _pragma(connection, "user_version")
    if version != SCHEMA:
        again = _command(path, meta(connection, "location") or "RECORDS")
        raise SetupError(
            f"{path} is a store of version {version}; this program reads version {SCHEMA}. "
            f"Delete it and rebuild it with `{again}`."
        )


def meta(connection: sqlite3.Connection, key: str) -> str:
    """Return what is noted about the store as a whole, "" if nothing."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Note something about the store as a whole."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk complain about into sentences for the operator."""
    try:
        yield
    except (sqlite3.DatabaseError, zlib.error) as error:
        raise SetupError(_disk_sentence(path, str(error))) from error
    except OSError as error:
        blocked = isinstance(error, FileExistsError | NotADirectoryError)
        why = "its folder is a file" if blocked else error.strerror or error
        raise SetupError(f"{path} cannot be written: {why}. {_ELSEWHERE}") from error


_ELSEWHERE = "Name another place with --store FILE or FHIR_ASSISTANT_CACHE=FOLDER."


def _disk_sentence(path: Path, text: str) -> str:
    if any(sign in text for sign in ("not a database", "malformed", "no such table", "decompressing")):
        again = _command(path)
        return f"{path} is not a store of records, or it is damaged ({text}). Delete it and run `{again}`."
    if "full" in text:
        return f"{path}: the disk is full; nothing half-written was kept. {_ELSEWHERE}"
    if "readonly" in text or "unable to open" in text:
        return f"{path} cannot be written or opened ({text}). {_ELSEWHERE}"
    return f"{path}: {text}."


def _command(path: Path, location: str = "RECORDS") -> str:
    return INGEST.format(location=location, store=path)


def _connect_to_read(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{mode}"
    return sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)


def _is_new(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA page_size = 2048")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    statements = [s for s in TABLES.split(";") if s.strip()]
    with transaction(connection):
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
