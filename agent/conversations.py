"""Conversations -> a SQLite file, through LangGraph's checkpointer.

One conversation is one thread and stays with one patient. Only types of this project's state are read back.
"""

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from agent.choices import Choice
from agent.plan import Plan
from agent.state import Turn, Unsupported
from tools.catalogue import Call
from tools.errors import SetupError
from tools.evidence import Coverage, Evidence, Fact

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

_KEPT = (Plan, Call, Evidence, Fact, Coverage, Unsupported, Turn, Choice)


def open_conversations(path: Path) -> "SqliteSaver":
    """Open, or create, the file of conversations.

    Raises:
        SetupError: the file cannot be written or is no SQLite database.
    """
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
    from langgraph.checkpoint.sqlite import SqliteSaver

    kept = [(kind.__module__, kind.__name__) for kind in _KEPT]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
        saver = SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=kept))
        connection.execute("PRAGMA synchronous=NORMAL")
        saver.setup()
    except (OSError, sqlite3.Error) as trouble:
        raise SetupError(f"Conversations {path}: {trouble}. Name a file that can be written.") from trouble
    return saver
