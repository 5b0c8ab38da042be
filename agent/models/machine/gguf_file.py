"""The head of a .gguf file -> the shape of its model, without the package gguf, which needs half a minute.

transformers turns its weights into bf16, so that nothing is counted as quantised. Left out: the weights themselves.
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from agent.models.machine.shapes import Shape

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_SLIDING_RUN = 6
"""Gemma 3: of six layers in turn, the last one has full attention; the file does not say it."""


class NoGguf(ValueError):
    """A file is not in the form GGUF, or ends too early."""


@dataclass(slots=True)
class _Reader:
    data: mmap
    at: int = 0

    def number(self, kind: int) -> Any:
        form = "<" + _NUMBERS[kind]
        (found,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return found

    def text(self) -> str:
        length = self.number(10)
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def value(self, kind: int) -> Any:
        """Return a number or a text; an array is passed over."""
        if kind == _STRING:
            return self.text()
        return self.pass_over() if kind == _ARRAY else self.number(kind)

    def pass_over(self) -> None:
        kind, length = self.number(4), self.number(10)
        if kind in _NUMBERS:
            self.at += length * struct.calcsize(_NUMBERS[kind])
            return
        for _ in range(length):
            if kind == _STRING:
                self.at += 8 + struct.unpack_from("<Q", self.data, self.at)[0]
            else:
                self.pass_over()


def gguf_shape(file: Path) -> Shape:
    """Return the shape of the model in a .gguf file.

    Raises:
        NoGguf: it is no such file, or not whole.
    """
    try:
        with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as data:
            return _shape(_Reader(data))
    except (struct.error, KeyError, UnicodeDecodeError, ValueError) as error:
        raise NoGguf(f"{file.name} is no .gguf file of a language model, or not whole") from error


def _shape(reader: _Reader) -> Shape:
    if reader.data[:4] != b"GGUF":
        raise NoGguf
    reader.at = 8
    tensors, fields = reader.number(10), reader.number(10)
    told = {reader.text(): reader.value(reader.number(4)) for _ in range(fields)}
    parameters = _parameters(reader, tensors)
    kind = told["general.architecture"]
    return _from_fields(
        {name.removeprefix(f"{kind}."): value for name, value in told.items()}, kind, parameters
    )


def _parameters(reader: _Reader, tensors: int) -> int:
    """Return how many parameters the tensors have; the last of them must begin before the file ends."""
    parameters = last = 0
    for _ in range(tensors):
        reader.text()
        parameters += prod(reader.number(10) for _ in range(reader.number(4)))
        reader.number(4)
        last = max(last, reader.number(10))
    if reader.at + last >= len(reader.data):
        raise NoGguf
    return parameters


def _from_fields(told: Mapping[str, Any], kind: str, parameters: int) -> Shape:
    layers, hidden, heads = told["block_count"], told["embedding_length"], told["attention.head_count"]
    head = told.get("attention.key_length") or hidden // heads
    sliding = layers - layers // _SLIDING_RUN if kind == "gemma3" else 0
    return Shape(
        linear=0,
        other=parameters,
        rows=0,
        largest=0,
        layers=layers,
        full=layers - sliding,
        sliding=sliding,
        window=told.get("attention.sliding_window") or 0,
        cached=2 * head * (told.get("attention.head_count_kv") or heads),
        hidden=hidden,
        inner=told["feed_forward_length"],
        heads=heads * head,
    )
