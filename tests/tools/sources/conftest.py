from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tools.sources import StoredRecords, ingest

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "records"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Write:
    """Write a resource, bundle, list of lines, text or bytes as a file of the folder."""

    def written(name: str, content: Any) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(name, content))
        return path

    return written


@pytest.fixture
def opened(folder: Path, tmp_path: Path) -> Callable[[], StoredRecords]:
    """Ingest the folder in this process and open the store."""

    def ingested() -> StoredRecords:
        store = tmp_path / "store.db"
        return StoredRecords(store, ingest(folder, store, workers=0))

    return ingested


def as_bytes(name: str, content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode()
    if ".ndjson" in name:
        return b"\n".join(orjson.dumps(line) for line in content)
    return orjson.dumps(content)
