"""A record source and a model string -> a running assistant, imported as fast as Python can.

Commands begin with the garbage collector off: what they import and read stays, and looking for garbage in it
is a quarter of the time to the first answer. A command that goes on for long turns it on with `settle`.
"""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.assistant import Assistant
    from agent.cli.running import Running
    from tools.records import RecordSource


def start(source: "RecordSource", running: "Running", conversations: Path | None = None) -> "Assistant":
    """Return the assistant, with what it says while a model loads on stderr; raises what `Assistant` does."""
    from agent.assistant import Assistant
    from agent.cli.printing import say_aside

    return Assistant(
        source,
        model=running.model,
        options=running.options,
        planning=running.planner,
        tell=say_aside,
        conversations=conversations,
    )


def settle() -> None:
    """Leave what was made so far alone and collect garbage from here on."""
    gc.freeze()
    gc.enable()
