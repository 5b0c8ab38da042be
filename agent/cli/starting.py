"""A record source and a model string -> a running assistant, imported as fast as Python can.

Commands begin with the garbage collector off: what they import and read stays, and looking for garbage in it
is a quarter of the time to the first answer. A command that goes on for long turns it on with `settle`.
"""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.assistant import Assistant
    from tools.records import RecordSource


def start(source: "RecordSource", model: str, conversations: Path | None = None) -> "Assistant":
    """Return the assistant; takes and raises what `Assistant` does."""
    from agent.assistant import Assistant

    return Assistant(source, model=model, conversations=conversations)


def settle() -> None:
    """Leave what was made so far alone and collect garbage from here on."""
    gc.freeze()
    gc.enable()
