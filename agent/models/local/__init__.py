"""The local model: MedGemma, or any other chat model that transformers runs, in this process.

Nothing heavy is imported before a model is opened.
"""

from collections.abc import Callable

from agent.models.failures import ModelFailure
from agent.models.model import Model
from agent.models.names import ModelName
from agent.models.options import ModelOptions

__all__ = ["open_local"]


def open_local(
    name: ModelName, options: ModelOptions, *, tell: Callable[[str], None] = lambda sentence: None
) -> Model:
    """Return a model of the hub, in a folder, or in a .gguf file.

    Args:
        name: of kind "hub", "folder" or "gguf".
        options: how it is run.
        tell: hears what is going on, a sentence at a time.

    Raises:
        ModelFailure: it cannot be run here.
    """
    try:
        from agent.models.local.opening import opened
    except ModuleNotFoundError as error:
        sentence = (
            f"{name.name} needs the package {error.name}; type: pip install 'fhir-record-assistant[medgemma]'"
        )
        raise ModelFailure("not installed", sentence) from error
    return opened(name, options, tell)
