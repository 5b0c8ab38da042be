"""The local model: MedGemma, or any other chat model that transformers runs, in this process.

Nothing heavy is imported before a model is opened.
"""

import os
import sys
from collections.abc import Callable, MutableMapping
from functools import partial
from importlib.util import find_spec

from agent.models.failures import lacking
from agent.models.model import Model
from agent.models.names import ModelName
from agent.models.options import ModelOptions
from agent.models.thinking import settled

__all__ = ["open_local"]

_NEEDED = ("torch", "transformers", "accelerate", "jinja2")
_ALLOCATORS = ("PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_HIP_ALLOC_CONF")
"""How torch's allocator is set up; the first is the newest name."""


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
    grow_in_place()
    from agent.models.local.chat import LocalChat
    from agent.models.local.opening import opened
    from agent.models.local.trouble import guard

    checkpoint = opened(name, options, tell)
    context = min(options.context, checkpoint.longest)
    return Model(
        name=name.name,
        chat=LocalChat(checkpoint=checkpoint, options=options, context=context),
        context=context,
        count=checkpoint.vocabulary.count,
        guard=partial(guard, name.name),
        thinking=settled(options.thinking, name.name) if checkpoint.vocabulary.marks else "off",
        sees=checkpoint.processor is not None and options.pictures != "off",
    )


def grow_in_place(environment: MutableMapping[str, str] = os.environ) -> None:
    """Have torch grow its pieces of a GPU's memory instead of taking others, unless the operator set it up.

    A cache that grows token by token else leaves holes: MedGemma 27B at 32 768 tokens took 6 GB more than it used.
    torch reads it once, before it touches a GPU first; Windows does not have it.
    """
    if sys.platform == "linux" and not any(name in environment for name in _ALLOCATORS):
        environment[_ALLOCATORS[0]] = "expandable_segments:True"
