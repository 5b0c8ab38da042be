"""A file in any of the published containers -> its rows: JSON list, JSON lines or CSV with a header.

Empty cells of a CSV count as missing fields. Left out: what the fields mean.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from evaluation.lines import content, objects
from tools.calls.errors import BadArgument

OPTION = "--questions"
_LONGEST_CELL = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it was published.

    Attributes:
        where: file and row, for messages.
        number: from 1.
        fields: as they stand in the file.
    """

    where: str
    number: int
    fields: dict[str, Any]

    def identity(self, family: str) -> str:
        """Return the id of the row; one that has none is named after the set and its number."""
        given = self.fields.get("id")
        return f"{family}-{self.number:05d}" if given is None else str(given)

    def named(self, identity: str) -> str:
        """Return where the row stands, and its id, for messages."""
        return f"{self.where} id {identity!r}"


def read(path: Path, example: str) -> list[Row]:
    """Read all rows of a file.

    Raises:
        BadArgument: the file is missing or empty, or a row cannot be read.
    """
    text = content(path, option=OPTION, example=example).lstrip()
    if text.startswith(b"{"):
        found = list(objects(path, option=OPTION, example=example))
    else:
        found = list((_listed if text.startswith(b"[") else _cells)(path, text, example))
    if not found:
        raise BadArgument(OPTION, str(path), "at least one question", example)
    return [Row(where, number, fields) for number, (where, fields) in enumerate(found, 1)]


def _listed(path: Path, text: bytes, example: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        items = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadArgument(OPTION, str(path), f"a JSON list ({error})", example) from None
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise BadArgument(f"{path} row {number}", item, "one JSON object", example)
        yield f"{path} row {number}", item


def _cells(path: Path, text: bytes, example: str) -> Iterator[tuple[str, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_CELL)  # a cell of gold resources may hold thousands of ids
    try:
        lines = csv.DictReader(io.StringIO(text.decode(), newline=""), strict=True)
        for number, cells in enumerate(lines, 1):
            yield f"{path} row {number}", _complete(f"{path} row {number}", cells, example)
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadArgument(OPTION, str(path), f"CSV in UTF-8 ({error})", example) from None


def _complete(where: str, cells: dict[str | Any, str | Any], example: str) -> dict[str, Any]:
    if None in cells or None in cells.values():
        given = [cell for cell in cells.values() if cell is not None]
        raise BadArgument(where, given, "as many cells as the header has", example)
    return {name: cell for name, cell in cells.items() if cell.strip()}
