"""A path -> the pieces in it that may hold records, and their bytes.

A piece is a `.json`, `.smart-health-card` or `.ndjson` file, plain or gzipped, on disk or in a zip archive. Archives
are read in memory, never unpacked to disk. Nothing here knows FHIR.
"""

import gzip
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from tools.calls.errors import SetupError, UnreadableRecord

LARGEST = 512 * 1024 * 1024
"""Bytes that one JSON document, or one line of NDJSON, may have after unpacking."""
LARGEST_ARCHIVE = 64 * 1024 * 1024 * 1024
"""Bytes that all members of one zip archive may have together after unpacking."""
BATCH = 4 * 1024 * 1024
"""Bytes of NDJSON that are handled, and committed, together."""

_ENDINGS = (".json", ".ndjson", ".json.gz", ".ndjson.gz", ".zip", ".smart-health-card")
_BLOCK = 1024 * 1024
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, or one member of an archive.

    Attributes:
        name: relative to the location, e.g. "a/b.json", "all.zip!a/b.json".
        path: on disk.
        member: name within the archive, "" if it is none.
        size: bytes as stored.
        stamp: modification time of the file on disk, ns.
        seal: digest if it is known without reading, else "".
    """

    name: str
    path: str
    member: str
    size: int
    stamp: int
    seal: str = ""

    @property
    def form(self) -> Literal["json", "ndjson"]:
        """Whether it is one document or one a line."""
        return "ndjson" if ".ndjson" in self.name.lower() else "json"

    @property
    def packed(self) -> bool:
        """Whether it is gzipped."""
        return self.name.lower().endswith(".gz")


@dataclass(slots=True)
class Scan:
    """What a location holds: pieces by name, and (name, reason) of what was left out."""

    pieces: list[Piece]
    skipped: list[tuple[str, str]]


def scan(location: Path) -> Scan:
    """List the pieces of a file or directory, without reading them.

    Raises:
        SetupError: the path does not exist, may not be read, or is a file of another kind.
    """
    found = Scan([], [])
    if location.is_dir():
        _scan_directory(location, found)
    elif location.is_file():
        _add_file(location, location.name, found)
    else:
        raise SetupError(f"{location}: no such file or folder. Name a folder, file or zip of FHIR records.")
    found.pieces.sort(key=lambda piece: piece.name)
    return found


def digest(piece: Piece) -> str:
    """Return a digest of the stored bytes."""
    if piece.seal:
        return piece.seal
    with open(piece.path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(piece: Piece) -> bytes:
    """Return the unpacked bytes of a whole document.

    Raises:
        UnreadableRecord: broken, or larger than `LARGEST`; the message is a bare reason.
    """
    with _opened(piece) as file:
        data: bytes = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableRecord(f"it is larger than {_mib(LARGEST)} after unpacking; export it as NDJSON")
    return data


def batches(piece: Piece) -> Iterator[bytes]:
    """Yield whole lines, some `BATCH` bytes at a time; always cut at the same places.

    Raises:
        UnreadableRecord: broken, or a line longer than `LARGEST`; what came before was yielded.
    """
    rest = b""
    try:
        for block in _blocks(piece):
            rest += block
            if len(rest) < BATCH:
                continue
            whole, newline, after = rest.rpartition(b"\n")
            if newline:
                yield whole
                rest = after
            elif len(rest) > LARGEST:
                raise UnreadableRecord(f"a line is longer than {_mib(LARGEST)}")
    except UnreadableRecord:
        if whole := rest.rpartition(b"\n")[0]:
            yield whole
        raise
    if rest.strip():
        yield rest


def _blocks(piece: Piece) -> Iterator[bytes]:
    with _opened(piece) as file:
        while block := file.read1(_BLOCK):
            yield block


@contextmanager
def _opened(piece: Piece) -> Iterator[Any]:
    try:
        if piece.member:
            with zipfile.ZipFile(piece.path) as archive, archive.open(piece.member) as file:
                yield gzip.GzipFile(fileobj=file) if piece.packed else file
        elif piece.packed:
            with gzip.open(piece.path) as unpacked:
                yield unpacked
        else:
            with open(piece.path, "rb") as plain:
                yield plain
    except EOFError:
        raise UnreadableRecord("the compressed data ends too early (truncated)") from None
    except _BROKEN as error:
        raise UnreadableRecord(f"the compressed data is broken ({error})") from None
    except OSError as error:
        raise UnreadableRecord(f"it cannot be read ({error.strerror or error})") from None


def _scan_directory(top: Path, found: Scan) -> None:
    seen: dict[str, str] = {}
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        for name in sorted(folders):
            if (here / name).is_symlink():
                found.skipped.append(
                    (_relative(here / name, top) + "/", "a link to a directory is not followed")
                )
        folders[:] = sorted(n for n in folders if not n.startswith(".") and not (here / n).is_symlink())
        for name in sorted(names):
            shown, real = _relative(here / name, top), os.path.realpath(here / name)
            if real in seen:
                found.skipped.append((shown, f"a link to {seen[real]}"))
            else:
                seen[real] = shown
                _add_file(here / name, shown, found)


def _relative(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()


def _add_file(path: Path, name: str, found: Scan) -> None:
    reason = _unwanted(path.name)
    if reason:
        found.skipped.append((name, reason))
        return
    try:
        state = path.stat()
    except OSError as error:
        found.skipped.append((name, f"it cannot be read ({error.strerror})"))
        return
    if not path.is_file():
        found.skipped.append((name, "not a regular file"))
    elif name.lower().endswith(".zip"):
        _scan_archive(path, name, state.st_mtime_ns, found)
    else:
        found.pieces.append(Piece(name, str(path), "", state.st_size, state.st_mtime_ns))


def _unwanted(name: str) -> str:
    if name.startswith("."):
        return "a hidden file"
    if not name.lower().endswith(_ENDINGS):
        return "not .json, .ndjson, .zip or .gz of these"
    return ""


def _scan_archive(path: Path, name: str, stamp: int, found: Scan) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        found.skipped.append((name, f"not a readable zip archive ({error})"))
        return
    if sum(info.file_size for info in members) > LARGEST_ARCHIVE:
        found.skipped.append((name, f"it unpacks to more than {_mib(LARGEST_ARCHIVE)}"))
        return
    seen: set[str] = set()
    for info in members:
        shown = f"{name}!{info.filename}"
        reason = _odd_member(info) or ("the archive holds this name twice" if info.filename in seen else "")
        seen.add(info.filename)
        if reason:
            found.skipped.append((shown, reason))
        else:
            seal = f"crc32:{info.CRC:08x}:{info.file_size}"
            found.pieces.append(Piece(shown, str(path), info.filename, info.compress_size, stamp, seal))


def _odd_member(info: zipfile.ZipInfo) -> str:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "a name that points outside the archive"
    if any(part.startswith(".") or part == "__MACOSX" for part in path.parts):
        return "a hidden file"
    if info.flag_bits & 1:
        return "encrypted"
    if path.suffix.lower() == ".zip":
        return "an archive within an archive"
    if info.file_size > LARGEST and ".ndjson" not in path.name.lower():
        return f"it is larger than {_mib(LARGEST)} after unpacking"
    return _unwanted(path.name)


def _mib(size: int) -> str:
    return f"{size // (1024 * 1024)} MiB"
