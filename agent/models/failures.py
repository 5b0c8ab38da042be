"""Why a model could not do its part. The built-in planner and writer stand in; the answer says which and why."""

from typing import Literal

from tools.calls.errors import AssistantError

Why = Literal[
    "not installed", "no weights", "gated", "no chat model", "memory", "endpoint", "time", "nonsense"
]


class ModelFailure(AssistantError):
    """The model did not answer; what it was asked for can be done without it.

    Attributes:
        why: the kind of trouble.
    """

    def __init__(self, why: Why, sentence: str) -> None:
        """Say what happened and what the operator can do, in one sentence."""
        super().__init__(sentence)
        self.why: Why = why


def lacking(name: str, package: str) -> ModelFailure:
    """Return the failure of a local model that needs a package of the extra."""
    install = "pip install 'fhir-record-assistant[medgemma]'"
    return ModelFailure("not installed", f"{name} needs the package {package}; type: {install}")
