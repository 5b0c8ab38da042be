"""A folder -> what of a checkpoint is missing or cut short in it, as an interrupted download leaves it.

Only names, sizes and the heads of files are read. Left out: whether the numbers in them are sound.
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_INDEX = "model.safetensors.index.json"
_SINGLE = "model.safetensors"
_LENGTH = 8
"""Bytes before the head of a safetensors file, which tell how long the head is."""


def damage(folder: Path) -> str:
    """Return what is wrong with the checkpoint in a folder, in words that go into a sentence; "" if nothing is."""
    for name in ("config.json", "tokenizer_config.json"):
        if wrong := _json(folder / name):
            return wrong
    if not (folder / _INDEX).exists():
        return _weights(folder / _SINGLE)
    if wrong := _json(folder / _INDEX):
        return wrong
    shards = sorted({str(shard) for shard in _object(folder / _INDEX).get("weight_map", {}).values()})
    return next((wrong for shard in shards if (wrong := _weights(folder / shard))), "")


def _json(file: Path) -> str:
    try:
        _object(file)
    except FileNotFoundError:
        return f"{file.name} is missing"
    except ValueError:
        return f"{file.name} is no JSON object"
    return ""


def _object(file: Path) -> Mapping[str, Any]:
    read = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(read, dict):
        raise ValueError(file.name)
    return read


def _weights(file: Path) -> str:
    """Return what is wrong with a file of weights, whose head tells how long it has to be."""
    if not file.is_file():
        return f"{file.name} is missing"
    try:
        whole = _whole(file)
    except (ValueError, KeyError, struct.error):
        return f"{file.name} is no safetensors file"
    size = file.stat().st_size
    return "" if size >= whole else f"{file.name} ends after {size:,} of {whole:,} bytes"


def _whole(file: Path) -> int:
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(_LENGTH))
        if length > file.stat().st_size:
            raise ValueError(file.name)
        head = json.loads(opened.read(length))
    ends = [tensor["data_offsets"][1] for name, tensor in head.items() if name != "__metadata__"]
    return int(_LENGTH + length + max(ends, default=0))
