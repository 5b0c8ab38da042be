"""A record source and a model string -> a running assistant, imported as fast as Python can."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.assistant import Assistant
    from tools.records import RecordSource


def start(source: "RecordSource", model: str, conversations: Path | None = None) -> "Assistant":
    """Return the assistant; takes and raises what `Assistant` does."""
    collecting = gc.isenabled()
    gc.disable()  # imports make much that stays: looking for garbage in it is a tenth of the time to start
    try:
        from agent.assistant import Assistant

        return Assistant(source, model=model, conversations=conversations)
    finally:
        if collecting:
            gc.enable()
