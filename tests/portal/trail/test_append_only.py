"""The database itself refuses to change or delete what was kept, on SQLite and on PostgreSQL; all or nothing."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from portal.database import Database
from portal.trail.tables import outbox, trail
from portal.trail.trail import NotKept, Trail
from tests.portal.trail.answers_for_tests import ANSWER, NOON, NURSE, QUESTION, a_trail, kept

FORBIDDEN = [
    "UPDATE trail SET subject = 'somebody else'",
    "UPDATE trail SET id = id + 100",
    "DELETE FROM trail",
    "DELETE FROM trail WHERE id = 1",
]
REPLACING = [
    "INSERT OR REPLACE INTO trail SELECT id, at, kind, patient, 'somebody else', resource FROM trail",
    "REPLACE INTO trail SELECT id, at, kind, patient, 'somebody else', resource FROM trail",
    "INSERT INTO trail SELECT * FROM trail WHERE true ON CONFLICT (id) DO UPDATE SET subject = 'somebody else'",
]


@pytest.mark.parametrize("statement", [*FORBIDDEN, *REPLACING])
def test_sqlite_keeps_what_was_kept(statement: str, tmp_path: Path) -> None:
    _, database = written(tmp_path)
    _refuses(database, statement)
    database.close()


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_another_program_cannot_change_a_sqlite_file_either(statement: str, tmp_path: Path) -> None:
    _, database = written(tmp_path)
    database.close()
    with pytest.raises(sqlite3.IntegrityError, match="the trail is append-only"):
        sqlite3.connect(tmp_path / "portal.db").execute(statement)


@pytest.mark.real_server
@pytest.mark.parametrize("statement", [*FORBIDDEN, "TRUNCATE trail CASCADE"])
def test_postgresql_keeps_what_was_kept(statement: str, postgres_url: str) -> None:
    _, database = written(postgres_url)
    _refuses(database, statement)
    database.close()


@pytest.mark.real_server
def test_postgresql_is_opened_again_as_it_is(postgres_url: str) -> None:
    _, database = written(postgres_url)
    database.close()
    trail, database = a_trail(postgres_url)
    trail.listed(NURSE, 1)
    assert len(kept(database)) == 3
    database.close()


def test_an_answer_and_its_provenance_are_kept_together_or_not_at_all(tmp_path: Path) -> None:
    trail, database = a_trail(tmp_path, posts=True)
    with database.engine.connect() as connection, connection.begin() as begun:
        trail.answered(NURSE, QUESTION, ANSWER, NOON, NOON, connection)
        begun.rollback()
    assert kept(database) == []
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM trail_outbox")).scalar() == 0
    database.close()


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    trail, database = a_trail(tmp_path)
    with database.writing() as connection:
        connection.execute(text("DROP TABLE trail_outbox"))
        connection.execute(text("DROP TABLE trail"))
    with pytest.raises(NotKept) as told:
        trail.listed(NURSE, 1)
    said = "The trail of accesses cannot be written (OperationalError), so nothing is shown."
    assert str(told.value) == said
    database.close()


def test_an_event_costs_far_less_than_a_millisecond(tmp_path: Path) -> None:
    trail, database = a_trail(tmp_path, posts=True)
    spent = []
    for _ in range(200):
        began = time.perf_counter()
        trail.read(NURSE, "Patient/p1", ["Observation/a0", "Observation/a1"])
        spent.append(time.perf_counter() - began)
    assert sorted(spent)[len(spent) // 2] < 0.003  # 0.5 ms where nothing else runs
    database.close()


def written(url: str | Path) -> tuple[Trail, Database]:
    made, database = a_trail(url)
    made.answered(NURSE, QUESTION, ANSWER, NOON, datetime.fromtimestamp(1_800_000_000, NOON.tzinfo))
    return made, database


def _refuses(database: Database, statement: str) -> None:
    before = kept(database)
    with pytest.raises(DBAPIError, match="the trail is append-only"), database.writing() as connection:
        connection.execute(text(statement))
    assert kept(database) == before
    with database.writing() as connection:  # the next one is kept as ever
        row = {"at": 1.0, "kind": "read", "patient": "", "subject": "x", "resource": "{}"}
        connection.execute(insert(trail).values(row))
        assert connection.execute(outbox.select()).all() == []


def test_processes_that_start_together_create_it_once(tmp_path: Path) -> None:
    _created_once(f"sqlite:///{tmp_path / 'portal.db'}")


@pytest.mark.real_server
def test_processes_that_start_together_create_it_once_in_postgresql(postgres_url: str) -> None:
    _created_once(postgres_url)


def _created_once(url: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        opened = list(threads.map(Database, [url] * 6))
    made = Trail(opened[0], lambda: NOON)
    made.listed(NURSE, 1)
    with pytest.raises(DBAPIError, match="append-only"), opened[-1].writing() as connection:
        connection.execute(text("DELETE FROM trail"))
    for database in opened:
        database.close()
