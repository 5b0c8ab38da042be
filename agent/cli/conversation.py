"""The user's file of conversations: a name -> whose record that conversation is about."""

from pathlib import Path
from uuid import uuid4

from agent.cli.options import DATA_VARIABLE, data_folder
from tools.calls.errors import SetupError


def conversations() -> Path:
    """Return the file of this user's conversations.

    Raises:
        SetupError: its folder cannot be made.
    """
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"{folder}: {error.strerror}; conversations are kept there."
            f" Name another folder with {DATA_VARIABLE}."
        ) from error
    return folder / "conversations.db"


def new_name() -> str:
    """Return a name for a conversation that was given none."""
    return uuid4().hex[:8]


def patient_of(path: Path, name: str) -> str:
    """Return the "Patient/…" a kept conversation is about, "" if there is no such conversation.

    Raises:
        SetupError: the file cannot be opened.
    """
    if not path.exists():
        return ""
    from agent.conversations import open_file
    from agent.run import thread

    saver = open_file(path)
    try:
        kept = saver.get_tuple(thread(name))
    finally:
        saver.conn.close()
    return str(kept.checkpoint["channel_values"].get("patient", "")) if kept else ""
