"""LangChain messages -> the turns that a chat template takes, with pictures as pictures.

A picture comes as data, in LangChain's form (`{"type": "image", "base64": …, "mime_type": …}`) or OpenAI's
(`{"type": "image_url", "image_url": {"url": "data:image/png;base64,…"}}`). No address is ever opened: it could be
anywhere, and asking for it would tell whose record is read. Left out: tool messages, sound, video, documents.
"""

import base64
import binascii
import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.messages import BaseMessage

from tools.calls.errors import BadArgument

if TYPE_CHECKING:
    from PIL.Image import Image

_ROLES = {"system": "system", "human": "user", "ai": "assistant"}
_DATA = "data:image/png;base64,iVBORw0KGgo="
Turn = dict[str, Any]


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
    return [{**turn, "content": _plain(turn["content"])} for turn in turns]


def pictures_of(turns: Sequence[Turn]) -> list["Image"]:
    """Return the pictures of a conversation, in their order."""
    parts = [part for turn in turns if isinstance(turn["content"], list) for part in turn["content"]]
    return [part["image"] for part in parts if part["type"] == "image"]


def _plain(parts: list[Turn]) -> str | list[Turn]:
    if any(part["type"] == "image" for part in parts):
        return parts
    return "".join(part["text"] for part in parts)


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
