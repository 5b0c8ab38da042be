"""A URL -> the database that all replicas of the portal share: SQLite in a file, or PostgreSQL.

Each part defines its own tables on `metadata`. Secrets are never columns: of a token its hash is kept, and what
must be read back is sealed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, ProgrammingError

from portal.turns import Turns
from tools.calls.errors import SetupError

metadata = MetaData()
_EXAMPLE = "sqlite:///portal.db or postgresql://user@host/name"
_CREATING = 0x66686972
"""The lock of PostgreSQL under which tables are created; any number that is ours."""
_WRITES = "writes"
"""Of a connection: it will write, so SQLite takes the lock at once instead of failing half way."""
_SQLITE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA foreign_keys=ON")


class Database:
    """The portal's tables.

    Args:
        url: "sqlite:///PATH" or "postgresql://…"; a password stands better in PGPASSWORD or a passfile.
        create: whether tables that are not there are created.

    Raises:
        SetupError: nothing can be kept there.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        self.engine = _engine(url)
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        self._turns = Turns(Path(file)) if file else None
        if create:
            self._create()

    def _create(self) -> None:
        """Create what is not there: all of it or nothing, by one process at a time."""
        try:
            with self.writing() as connection:
                if self.engine.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_CREATING)))
                metadata.create_all(connection)
        except (OperationalError, ProgrammingError) as trouble:
            why = " ".join(str(trouble.orig).split())
            raise SetupError(f"The database of the portal cannot be used: {why}") from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that only reads."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together, or not at all."""
        options = {_WRITES: True}
        with (
            self._turns.turn() if self._turns else nullcontext(),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        where = make_url(url)
        if where.get_backend_name() == "sqlite":
            return _sqlite(url, where.database or "")
        if where.get_backend_name() == "postgresql":
            return create_engine(where.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError):
        pass
    raise SetupError(f"--database: expected {_EXAMPLE}.")


def _sqlite(url: str, file: str) -> Engine:
    if not file or file == ":memory:":
        raise SetupError(f"--database: SQLite needs a file, expected {_EXAMPLE}.")
    path = Path(file)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as trouble:
        raise SetupError(
            f"The database {path}: {trouble.strerror}. Name a file that can be written."
        ) from None
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
