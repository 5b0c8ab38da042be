"""`--model` -> which model writes, and why. This version has the built-in planner and writer only."""

from dataclasses import dataclass

from tools.errors import SetupError


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that was chosen.

    Attributes:
        name: as answers report it, "none" for the built-in planner and writer.
        why: one sentence for the operator.
    """

    name: str
    why: str


def choose(model: str) -> Choice:
    """Return what a model string means on this machine.

    Args:
        model: "none" or "auto".

    Raises:
        SetupError: the string names a model, and none can be run.
    """
    if model == "none":
        return Choice("none", "The built-in planner and writer were asked for.")
    if model == "auto":
        return Choice("none", "The built-in planner and writer are used: this version runs no model yet.")
    raise SetupError(
        f"model {model!r}: this version runs without a model, expected 'none' or 'auto'. MedGemma comes "
        "with the extra 'medgemma' of a later version: pip install 'fhir-record-assistant[medgemma]'."
    )
