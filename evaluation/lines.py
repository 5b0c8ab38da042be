"""JSON lines <-> frozen models: questions, results and scores; what is wrong is named by line and id.

Left out: what the lines mean.
"""

import os
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from tools.calls.errors import BadArgument

_BOM = b"\xef\xbb\xbf"


class Line(BaseModel):
    """One line: frozen; a field that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)


L = TypeVar("L", bound=Line)


def read(path: Path, kind: type[L], *, key: Callable[[L], Hashable], option: str, example: str) -> list[L]:
    """Read all lines of a file.

    Args:
        path: JSON lines in UTF-8; blank lines do not count.
        kind: what a line is.
        key: what no two lines share.
        option: whose value the path is, e.g. "--questions".
        example: a line that is right.

    Raises:
        BadArgument: the file is missing or empty, or a line is wrong or there twice; the message names the line.
    """
    lines: dict[Hashable, L] = {}
    for where, fields in objects(path, option=option, example=example):
        line = parsed(kind, fields, where, example)
        if key(line) in lines:
            raise BadArgument(f"{where} id", fields.get("id"), "each id once", example)
        lines[key(line)] = line
    if not lines:
        raise BadArgument(option, str(path), "at least one line", example)
    return list(lines.values())


def objects(path: Path, *, option: str, example: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (where, object) of each line that is not blank, e.g. ("set.jsonl line 3", {"id": "q3"}).

    Raises:
        BadArgument: the file cannot be read, or a line is no JSON object.
    """
    lines = content(path, option=option, example=example).splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{path} line {number}", object_in(line, f"{path} line {number}", example)


def content(path: Path, *, option: str, example: str) -> bytes:
    """Return the bytes of a file, without a byte order mark.

    Raises:
        BadArgument: the file cannot be read.
    """
    try:
        return path.read_bytes().removeprefix(_BOM)
    except OSError as error:
        raise BadArgument(option, str(path), f"a file that can be read ({error.strerror})", example) from None


def parsed(kind: type[L], fields: dict[str, Any], where: str, example: str) -> L:
    """Return an object as a line of a kind.

    Raises:
        BadArgument: a field is missing, unknown or of the wrong type; the message names where, id and field.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "line"
        named = (
            f"{where} id {fields['id']!r} {field}" if "id" in fields and field != "id" else f"{where} {field}"
        )
        given = None if first["type"] == "missing" else first["input"]
        raise BadArgument(named, given, first["msg"].lower(), example) from None


def encoded(line: Line) -> bytes:
    """Return a line as it is written, with the end of line; fields with their default are left out."""
    return orjson.dumps(line.model_dump(mode="json", exclude_defaults=True), option=orjson.OPT_APPEND_NEWLINE)


def write(path: Path, lines: Iterable[Line]) -> None:
    """Write a file as a whole: after a kill it is there completely or as it was before.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        for line in lines:
            file.write(encoded(line))
    os.replace(draft, path)


def object_in(line: bytes, where: str, example: str) -> dict[str, Any]:
    """Return the JSON object of a line.

    Raises:
        BadArgument: it is none; the message names where.
    """
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        shown = line.decode(errors="replace")
        raise BadArgument(where, shown, f"one JSON object ({error})", example) from None
    if not isinstance(fields, dict):
        raise BadArgument(where, line.decode(errors="replace"), "one JSON object", example)
    return fields
