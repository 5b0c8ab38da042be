"""A location as people write it -> a record source.

A folder, file or archive is ingested once into a store in the user's cache, keyed by its path; what changed
there since is read again when it is opened. A `.db` file is a store and is opened as it is.
"""

import hashlib
import os
from pathlib import Path

from platformdirs import user_cache_path

from tools.calls.errors import SetupError
from tools.sources.intake import Progress, ingest
from tools.sources.source import OpenedRecords
from tools.sources.store import SCHEMA
from tools.sources.stored import StoredRecords

CACHE_VARIABLE = "FHIR_ASSISTANT_CACHE"


def open_location(
    location: str, *, cache: Path | None = None, progress: Progress | None = None, workers: int | None = None
) -> OpenedRecords:
    """Open the records at a location.

    Args:
        location: path of a folder, `.json`, `.ndjson` (also `.gz`), `.zip` or `.db`, or the base URL of a FHIR R4
            server, "https://…".
        cache: folder for the stores of locations that are none; by default FHIR_ASSISTANT_CACHE, or the
            user's cache directory.
        progress: told bytes done, bytes in all and the file, while records are read for the first time.
        workers: processes to read with; see `ingest`.

    Raises:
        SetupError: nothing there is a record, the cache cannot be written, or a server cannot be used.
        UnreadableRecord: a server did not answer.
    """
    if location.lower().startswith(("http://", "https://")):
        return _server(location)
    if not location.strip():
        raise SetupError("No location was named: expected a folder, file, archive or store of FHIR records.")
    path = Path(location).expanduser()
    if path.suffix == ".db":
        return StoredRecords(path)
    store = cached_store(path, cache)
    return StoredRecords(store, ingest(path, store, progress, workers))


def _server(base: str) -> OpenedRecords:
    try:
        from tools.sources.live import LiveRecords, from_environment
    except ModuleNotFoundError as missing:
        raise SetupError(
            f"A FHIR server needs {missing.name}, which is not installed:"
            " pip install 'fhir-record-assistant[server]'."
        ) from None
    return LiveRecords(base, from_environment(base, os.environ))


def cached_store(path: Path, cache: Path | None = None) -> Path:
    """Return the store in the cache for a location."""
    folder = cache or Path(os.environ.get(CACHE_VARIABLE) or user_cache_path("fhir-record-assistant"))
    absolute = path.expanduser().resolve()
    key = hashlib.sha256(str(absolute).encode(errors="surrogateescape")).hexdigest()[:16]
    return folder / f"{absolute.name[:40] or 'records'}-{key}.v{SCHEMA}.db"
