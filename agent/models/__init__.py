"""`--model` -> which model plans and writes, why, and the door to it, which opens when it is needed first.

Nothing heavy is imported before: a laptop without a GPU starts as fast as without this package.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agent.models.failures import ModelFailure
from agent.models.names import ModelName, understand
from agent.models.options import ModelOptions

if TYPE_CHECKING:
    from agent.models.model import Model

__all__ = ["Choice", "Door", "ModelFailure", "ModelName", "ModelOptions", "choose"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that was chosen.

    Attributes:
        named: what it is and where.
        options: how it is run; the precision is settled.
        why: one sentence for the operator.
    """

    named: ModelName
    options: ModelOptions
    why: str

    @property
    def name(self) -> str:
        """As answers report it, "none" for the built-in planner and writer."""
        return self.named.name


def choose(model: str, options: ModelOptions | None = None) -> Choice:
    """Return what a model string means on this machine.

    Args:
        model: as `--model`; "auto" takes MedGemma where a GPU and its weights are there.
        options: how it is to be run.

    Raises:
        BadArgument: the string names nothing.
    """
    named, options = understand(model), options or ModelOptions()
    if named.kind == "none":
        return Choice(named, options, "The built-in planner and writer were asked for.")
    if named.kind != "auto":
        return Choice(named, options, f"{named.name} was asked for.")
    from agent.models.machine import judge, this_machine

    judged = judge(this_machine(), options)
    return Choice(understand(judged.model), replace(options, precision=judged.precision), judged.why)


class Door:
    """Opens a model once, when it is asked for first; what went wrong then is not tried again.

    Args:
        choice: which model.
        tell: hears what is going on while it loads, a sentence at a time.
    """

    def __init__(self, choice: Choice, tell: Callable[[str], None] = lambda sentence: None) -> None:
        self._choice = choice
        self._tell = tell
        self._lock = threading.Lock()
        self._opened: Model | ModelFailure | None = None

    def __call__(self) -> "Model":
        """Return the model.

        Raises:
            ModelFailure: it cannot be run here.
        """
        with self._lock:
            if self._opened is None:
                try:
                    self._opened = self._open()
                except ModelFailure as failure:
                    self._opened = failure
        if isinstance(self._opened, ModelFailure):
            raise self._opened
        return self._opened

    def _open(self) -> "Model":
        if self._choice.named.kind == "endpoint":
            from agent.models.endpoint import caution, open_endpoint

            if said := caution(self._choice.named.where):
                self._tell(said)
            return open_endpoint(self._choice.named, self._choice.options)
        from agent.models.local import open_local

        return open_local(self._choice.named, self._choice.options, tell=self._tell)
