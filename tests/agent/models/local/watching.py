"""How many tokens a model reads in each step, while a test asks it something."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agent.models.local.chat import LocalChat
from agent.models.model import Model


def chat_of(model: Model) -> LocalChat:
    assert isinstance(model.chat, LocalChat)
    return model.chat


@contextmanager
def steps_of(model: Model) -> Iterator[list[int]]:
    """Give a list that grows by the number of tokens of each forward pass."""
    steps: list[int] = []

    def note(module: Any, args: Any, kwargs: dict[str, Any]) -> None:
        steps.append(kwargs["input_ids"].numel())

    hook = chat_of(model).checkpoint.model.register_forward_pre_hook(note, with_kwargs=True)
    try:
        yield steps
    finally:
        hook.remove()
