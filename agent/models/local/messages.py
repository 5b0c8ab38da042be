"""LangChain messages -> what a model is given to read, by the checkpoint's own chat template.

This is the one place where messages become tensors, with pictures and without. A picture comes as data, in
LangChain's form (`{"type": "image", "base64": …, "mime_type": …}`) or OpenAI's (`{"type": "image_url", "image_url":
{"url": "data:image/png;base64,…"}}`). No address is ever opened: it could be anywhere, and asking for it would tell
whose record is read. Left out: tool messages, sound, video, documents.
"""

import base64
import binascii
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from langchain_core.messages import BaseMessage

from agent.models.failures import ModelFailure
from agent.models.local.opening import Checkpoint
from agent.models.thinking import asked_to_think
from tools.calls.errors import BadArgument

if TYPE_CHECKING:
    from PIL.Image import Image

_ROLES = {"system": "system", "human": "user", "ai": "assistant"}
_DATA = "data:image/png;base64,iVBORw0KGgo="
Turn = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given to read.

    Attributes:
        inputs: of its `generate`, on its device: `input_ids` and `attention_mask` of one sequence; with pictures,
            what the processor made of them.
        system: its system message, "" if there is none.
        pictures: whether there is one in it.
    """

    inputs: Mapping[str, torch.Tensor]
    system: str
    pictures: bool

    @property
    def ids(self) -> list[int]:
        """Its tokens."""
        ids: list[int] = self.inputs["input_ids"][0].tolist()
        return ids


def prompt_of(checkpoint: Checkpoint, messages: Sequence[BaseMessage], *, thinking: bool = False) -> Prompt:
    """Return the prompt of a conversation, up to where the model begins to speak.

    Args:
        checkpoint: whose template is used.
        messages: of the system, the user and the model.
        thinking: ask for a thought, at the head of the system message.

    Raises:
        ModelFailure: a picture, and the model reads text only.
        BadArgument: something in the messages is neither text nor a picture.
    """
    turns = turns_of(asked_to_think(messages) if thinking else messages, checkpoint.vocabulary.harmless)
    pictures = any(isinstance(turn["content"], list) for turn in turns)
    template: Any = checkpoint.processor if pictures else checkpoint.vocabulary.tokenizer
    if template is None:
        sentence = f"{checkpoint.name} reads text, not pictures; medgemma-27b reads both."
        raise ModelFailure("no chat model", sentence)
    inputs = rendered(checkpoint, template, turns if not pictures else [_in_blocks(turn) for turn in turns])
    system = turns[0]["content"] if turns and turns[0]["role"] == "system" and not pictures else ""
    return Prompt(inputs, system, pictures)


def rendered(checkpoint: Checkpoint, template: Any, turns: Sequence[Turn]) -> dict[str, torch.Tensor]:
    """Return turns as the tensors that the model's `generate` takes, on its device.

    Args:
        checkpoint: the model.
        template: its tokenizer or processor.
        turns: with contents as `template` takes them.
    """
    read = template.apply_chat_template(
        turns, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    )
    model = checkpoint.model
    kinds = {name: model.dtype if value.is_floating_point() else value.dtype for name, value in read.items()}
    return {name: value.to(model.device, kinds[name]) for name, value in read.items()}


def turns_of(messages: Sequence[BaseMessage], harmless: Callable[[str], str]) -> list[Turn]:
    """Return the turns of a conversation; neighbours with one role become one turn.

    The content of a turn is a text, or a list of parts if there is a picture in it.

    Args:
        messages: of the system, the user and the model.
        harmless: keeps a text from becoming control tokens.

    Raises:
        BadArgument: a message has another role, or something in it is neither text nor a picture.
    """
    turns: list[Turn] = []
    for message in messages:
        if message.type not in _ROLES:
            raise BadArgument(
                "message", message.type, "a message of the system, a human or the model", "human"
            )
        role, parts = _ROLES[message.type], _parts(message.content, harmless)
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += [{"type": "text", "text": "\n\n"}, *parts]
        else:
            turns.append({"role": role, "content": parts})
    return [{**turn, "content": _joined(turn["content"])} for turn in turns]


def _joined(parts: list[Turn]) -> str | list[Turn]:
    """Return neighbouring texts as one, since templates trim each; a text if there is no picture."""
    if not any(part["type"] == "image" for part in parts):
        return "".join(part["text"] for part in parts)
    joined: list[Turn] = []
    for part in parts:
        if joined and joined[-1]["type"] == part["type"] == "text":
            joined[-1] = {"type": "text", "text": joined[-1]["text"] + part["text"]}
        else:
            joined.append(part)
    return joined


def _in_blocks(turn: Turn) -> Turn:
    content = turn["content"]
    return {**turn, "content": [{"type": "text", "text": content}] if isinstance(content, str) else content}


def _parts(content: str | Sequence[str | Mapping[str, Any]], harmless: Callable[[str], str]) -> list[Turn]:
    blocks = [content] if isinstance(content, str) else content
    return [_part({"type": "text", "text": b} if isinstance(b, str) else b, harmless) for b in blocks]


def _part(block: Mapping[str, Any], harmless: Callable[[str], str]) -> Turn:
    if block.get("type") == "text":
        return {"type": "text", "text": harmless(str(block["text"]))}
    if block.get("type") in ("image", "image_url"):
        return {"type": "image", "image": _picture(_encoded(block))}
    raise BadArgument("content", block.get("type"), "text or a picture", "text")


def _encoded(block: Mapping[str, Any]) -> str:
    """Return the base64 of a picture."""
    address = block.get("image_url", block.get("url"))
    if isinstance(address, Mapping):
        address = address.get("url")
    if address is None:
        return str(block.get("base64") or block.get("data") or "")
    head, comma, data = str(address).partition(",")
    if not (comma and head.startswith("data:image/") and head.endswith(";base64")):
        kind = str(address).partition(":")[0][:8]
        raise BadArgument(
            "image", f"{kind}:…", "the picture itself as base64, since no address is opened", _DATA
        )
    return data


def _picture(encoded: str) -> "Image":
    from PIL import Image, UnidentifiedImageError

    try:
        opened = Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)))
        return opened.convert("RGB")
    except (
        binascii.Error,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
    ) as error:
        raise BadArgument("image", "…", "a whole PNG or JPEG picture as base64", _DATA) from error
