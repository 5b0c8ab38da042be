"""A model's name -> the model, ready to be asked."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from transformers.utils import logging

from agent.models.local.chat import LocalChat
from agent.models.local.checkpoint import load
from agent.models.local.fetching import fetch
from agent.models.local.precision import fitting
from agent.models.local.trouble import guard
from agent.models.model import Model
from agent.models.names import ModelName
from agent.models.options import ModelOptions
from agent.models.thinking import settled


def opened(name: ModelName, options: ModelOptions, tell: Callable[[str], None]) -> Model:
    """Return the model; see `open_local`. A processor is slower with prompts side by side: there is no batch."""
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    path = fetch(name.where, tell) if name.kind == "hub" else Path(name.where).expanduser()
    precision = fitting(name, options)
    thinking = settled(options.thinking, name.name)
    checkpoint = load(path, name.name, precision, thinking=thinking, tell=tell)
    context = min(options.context, checkpoint.longest)
    chat = LocalChat(checkpoint=checkpoint, options=options, context=context)
    return Model(
        name=name.name,
        chat=chat,
        context=context,
        count=checkpoint.vocabulary.count,
        guard=partial(guard, name.name),
        thinking=thinking if checkpoint.vocabulary.thinks else "off",
        sees=checkpoint.processor is not None and options.pictures != "off",
        batching=chat.batching if checkpoint.model.device.type != "cpu" else nullcontext,
    )
