"""Conversations -> a SQLite file or a PostgreSQL database, through LangGraph's checkpointer.

One conversation is one thread and stays with one patient. Only types of this project's state are read back.
"""

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.choices import Choice
from agent.findings import Assessment, Claim, Finding
from agent.plan import Plan
from agent.state import Checked, Turn, Unsupported
from tools.calls.catalogue import Call
from tools.calls.errors import SetupError
from tools.calls.evidence import Coverage, Evidence, Fact

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
    from langgraph.checkpoint.sqlite import SqliteSaver

_KEPT = (Plan, Call, Evidence, Fact, Coverage, Unsupported, Turn, Choice, Finding, Claim, Assessment, Checked)


def open_conversations(where: Path | str) -> "BaseCheckpointSaver[Any]":
    """Open, or create, the place of conversations.

    Args:
        where: a file, or a URL "postgresql://…".

    Raises:
        SetupError: it cannot be written, is no such database, or a package for it is missing.
    """
    if isinstance(where, str) and where.startswith("postgresql://"):
        return _in_postgres(where)
    return open_file(Path(where))


def open_file(path: Path) -> "SqliteSaver":
    """Open, or create, a file of conversations; raises as `open_conversations`."""
    from langgraph.checkpoint.sqlite import SqliteSaver

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
        saver = SqliteSaver(connection, serde=_serializer())
        connection.execute("PRAGMA synchronous=NORMAL")
        saver.setup()
    except (OSError, sqlite3.Error) as trouble:
        raise SetupError(f"Conversations {path}: {trouble}. Name a file that can be written.") from trouble
    return saver


def _in_postgres(url: str) -> "BaseCheckpointSaver[Any]":
    try:
        from langgraph.checkpoint.postgres import PostgresSaver
        from psycopg import Error
        from psycopg.rows import dict_row
        from psycopg_pool import ConnectionPool
    except ModuleNotFoundError as missing:
        raise SetupError(
            f"PostgreSQL needs {missing.name}, which is not installed: pip install 'fhir-record-assistant[portal]'."
        ) from None
    settings = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    pool: ConnectionPool[Any] = ConnectionPool(url, kwargs=settings, min_size=1, max_size=8, open=False)
    try:
        pool.open(wait=True, timeout=10)
        saver = PostgresSaver(pool, serde=_serializer())
        saver.setup()
    except Error as trouble:
        pool.close()
        raise SetupError(
            f"Conversations in PostgreSQL: {trouble}. Name a database that can be written."
        ) from None
    return saver


def _serializer() -> "JsonPlusSerializer":
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

    return JsonPlusSerializer(allowed_msgpack_modules=[(kind.__module__, kind.__name__) for kind in _KEPT])
