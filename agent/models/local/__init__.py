"""The local model: MedGemma, or any other chat model that transformers runs, in this process.

Nothing heavy is imported before a model is opened.
"""

from collections.abc import Callable
from importlib.util import find_spec

from agent.models.local.lacking import lacking
from agent.models.model import Model
from agent.models.names import ModelName
from agent.models.options import ModelOptions

__all__ = ["open_local"]

_NEEDED = ("torch", "transformers", "accelerate", "jinja2")


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
    needed = (*_NEEDED, "gguf") if name.kind == "gguf" else _NEEDED
    if missing := [package for package in needed if find_spec(package) is None]:
        raise lacking(name.name, missing[0])
    from agent.models.local.opening import opened

    return opened(name, options, tell)
