"""LangChain messages -> the tokens of a prompt, by the checkpoint's own chat template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from langchain_core.messages import BaseMessage

from agent.models.failures import ModelFailure
from agent.models.local.checkpoint import Checkpoint
from agent.models.local.messages import Turn, pictures_of, turns_of
from agent.models.thinking import ASK

_TOKENS = ("input_ids", "attention_mask")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given to read.

    Attributes:
        ids: its tokens.
        system: its system message, "" if there is none.
        pictures: what the processor made of the pictures besides tokens.
    """

    ids: list[int]
    system: str
    pictures: Mapping[str, torch.Tensor] = field(default_factory=dict)


def prompt_of(checkpoint: Checkpoint, messages: Sequence[BaseMessage], *, thinking: bool) -> Prompt:
    """Return the prompt of a conversation.

    Args:
        checkpoint: whose template is used.
        messages: of the system, the user and the model.
        thinking: ask for a thought.

    Raises:
        ModelFailure: a picture, and the model reads text only.
        BadArgument: something in the messages is neither text nor a picture.
    """
    turns = turns_of(messages, checkpoint.vocabulary.harmless)
    if thinking:
        turns = _asked(turns)
    first = turns[0] if turns else {}
    system = str(first["content"]) if first.get("role") == "system" else ""
    if not pictures_of(turns):
        return Prompt(render(checkpoint, turns), system)
    return _with_pictures(checkpoint, turns, system)


def render(checkpoint: Checkpoint, turns: list[Turn]) -> list[int]:
    """Return the tokens of turns without pictures, up to where the model begins to speak."""
    tokenizer = checkpoint.vocabulary.tokenizer
    read: Any = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=True)
    return list(read["input_ids"])


def _with_pictures(checkpoint: Checkpoint, turns: list[Turn], system: str) -> Prompt:
    if checkpoint.processor is None:
        raise ModelFailure(
            "no chat model", f"{checkpoint.name} reads text, not pictures; medgemma-27b reads both."
        )
    whole = [{**turn, "content": _listed(turn["content"])} for turn in turns]
    read: Any = checkpoint.processor.apply_chat_template(
        whole, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    )
    model = checkpoint.model
    pictures = {name: value.to(model.device) for name, value in read.items() if name not in _TOKENS}
    floats = {name: value.to(model.dtype) for name, value in pictures.items() if value.is_floating_point()}
    return Prompt(read["input_ids"][0].tolist(), system, {**pictures, **floats})


def _listed(content: str | list[Turn]) -> list[Turn]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _asked(turns: list[Turn]) -> list[Turn]:
    """Return the turns with the request to think before the system message, which is added where there is none."""
    if turns and turns[0]["role"] == "system":
        return [{"role": "system", "content": ASK + turns[0]["content"]}, *turns[1:]]
    return [{"role": "system", "content": ASK}, *turns]
