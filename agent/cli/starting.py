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
    from tools.sources import RecordSource


def start(source: "RecordSource", running: "Running", conversations: Path | None = None) -> "Assistant":
    """Return the assistant; which model "auto" took, and what goes on while one loads, is told on stderr.

    Where nobody watches, that there is none is not told. Raises what `Assistant` does.
    """
    from agent.assistant import Assistant
    from agent.cli.printing import errors, say_aside

    assistant = Assistant(
        source,
        model=running.model,
        options=running.options,
        planning=running.planner,
        planner_model=running.planner_model,
        tell=say_aside,
        conversations=conversations,
    )
    if running.model == "auto" and (assistant.model.name != "none" or errors().is_terminal):
        say_aside(assistant.model.why)
    return assistant


def settle() -> None:
    """Leave what was made so far alone and collect garbage from here on."""
    gc.freeze()
    gc.enable()
