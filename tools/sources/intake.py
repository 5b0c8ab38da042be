"""A file, folder or archive of FHIR records -> the embedded store.

Every resource is validated; what is not valid R4 is quarantined with its reason. Files that did not change
are skipped, files that are gone are forgotten. May be killed at any moment and run again; a second ingest of
the same store waits for the first. Not here: live servers.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from os import cpu_count
from pathlib import Path

from tools.calls.errors import SetupError, UnreadableRecord
from tools.sources import files, report
from tools.sources.files import Piece, Scan
from tools.sources.keeping import forget, keep, settle
from tools.sources.parcels import Job, Parcel
from tools.sources.pool import pack_all
from tools.sources.report import IngestReport
from tools.sources.store import create_or_open, meta, set_meta, speaking, transaction

Progress = Callable[[int, int, str], None]
"""Told bytes done, bytes in all, and the file just finished."""

SMALL = 2 * 1024 * 1024
"""Bytes of JSON below which starting worker processes costs more than it gains."""
PATIENCE = 600.0
"""Seconds to wait for another ingest of the same store."""
_RACY = 2_000_000_000
"""A file that was modified less than so many ns before it was looked at may change again unnoticed."""
_EXPECTED = (
    "expected Bundles or resources of FHIR R4 (.json), a Bulk Data export (.ndjson), or a .zip of these"
)


def ingest(
    location: str | Path, store_path: str | Path, progress: Progress | None = None, workers: int | None = None
) -> IngestReport:
    """Bring the store up to date with what is at the location.

    Args:
        location: a file, folder or archive.
        store_path: the store's file; made if it is not there.
        progress: told after every file or batch.
        workers: processes; 0 for none but this one; by default one for each core if there is enough to do.

    Raises:
        SetupError: nothing there is a record, or the store cannot be written.
    """
    started = time.perf_counter()
    top, store = Path(location).expanduser().resolve(), Path(store_path).expanduser().absolute()
    found = files.scan(top)
    if not found.pieces:
        raise SetupError(f"{top}: no records found; {_EXPECTED}.{_first_reason(found.skipped)}")
    with speaking(store), _alone(store, progress):
        is_new = not store.exists()
        try:
            with closing(create_or_open(store)) as connection:
                return _Run(connection, top, store, found, progress).do(workers, started)
        except SetupError:
            if is_new:
                _delete(store)
            raise


class _Run:
    def __init__(
        self, connection: sqlite3.Connection, top: Path, store: Path, found: Scan, progress: Progress | None
    ) -> None:
        self._db = connection
        self._top, self._store, self._found = top, store, found
        self._progress = progress or (lambda done, total, name: None)
        self._read = self._unchanged = self._removed = 0
        self._done = self._total = 0

    def do(self, workers: int | None, started: float) -> IngestReport:
        self._claim()
        todo = self._compare()
        with speaking(self._store):
            if todo or self._removed:
                set_meta(self._db, "state", "reading")
            self._pack(todo, workers)
            settle(self._db)
            if not self._db.execute("SELECT 1 FROM source WHERE state = 'reading'").fetchone():
                set_meta(self._db, "state", "complete")
            self._db.execute("PRAGMA incremental_vacuum")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return self._report(started)

    def _claim(self) -> None:
        known = meta(self._db, "location")
        if known and known != str(self._top):
            raise SetupError(
                f"{self._store} holds the records of {known}, not of {self._top}."
                " Name another file with --store."
            )
        set_meta(self._db, "location", str(self._top))

    def _compare(self) -> list[tuple[int, Piece]]:
        """Note every file; return those to read, the largest first, with their numbers."""
        with transaction(self._db):
            rows = self._db.execute("SELECT name, id, size, stamp, seen, digest, state FROM source")
            known = {row[0]: row[1:] for row in rows.fetchall()}
            for name in known.keys() - {piece.name for piece in self._found.pieces}:
                forget(self._db, known[name][0])
                self._db.execute("DELETE FROM source WHERE id = ?", (known[name][0],))
                self._removed += 1
            todo = [(self._note(piece, known.get(piece.name)), piece) for piece in self._found.pieces]
        wanted = [(number, piece) for number, piece in todo if number]
        self._unchanged = len(todo) - len(wanted)
        return sorted(wanted, key=lambda item: -item[1].size)

    def _note(self, piece: Piece, known: tuple[int, int, int, int, str, str] | None) -> int:
        """Return the number of a file that is to be read, 0 if it is known."""
        seen = time.time_ns()
        if known:
            number, size, stamp, before, seal, state = known
            same = (size, stamp) == (piece.size, piece.stamp) and before - stamp > _RACY
            if state != "reading" and same:
                return 0
        seal_now = self._digest(piece)
        facts = (piece.size, piece.stamp, seal_now, seen)
        if not known:
            insert = "INSERT INTO source VALUES (NULL, ?, ?, ?, ?, ?, 'reading', '', 0)"
            return int(self._db.execute(insert, (piece.name, *facts)).lastrowid or 0)
        self._db.execute(
            "UPDATE source SET size = ?, stamp = ?, digest = ?, seen = ? WHERE id = ?", (*facts, number)
        )
        if seal == seal_now:
            return number if state == "reading" else 0
        forget(self._db, number)
        return number

    def _digest(self, piece: Piece) -> str:
        try:
            return files.digest(piece)
        except OSError as error:
            return f"unreadable: {error.strerror}"

    def _pack(self, todo: list[tuple[int, Piece]], workers: int | None) -> None:
        self._total = sum(piece.size for _, piece in todo)
        count = _workers(todo) if workers is None else workers
        for job, parcel in pack_all(self._jobs(todo), count):
            self._keep(job, parcel)

    def _jobs(self, todo: list[tuple[int, Piece]]) -> Iterator[Job]:
        for number, piece in todo:
            if piece.form == "json":
                yield Job(number, piece)
            else:
                done = self._db.execute("SELECT batches FROM source WHERE id = ?", (number,)).fetchone()[0]
                yield from (job for job in batch_jobs(number, piece) if job.batch >= done or job.last)

    def _keep(self, job: Job, parcel: Parcel) -> None:
        if not parcel.refused:
            keep(self._db, job, parcel)
        reason = parcel.refused or job.trouble
        if job.last:
            state = _state(parcel, reason)
            self._db.execute(
                "UPDATE source SET state = ?, reason = ? WHERE id = ?", (state, reason, job.source)
            )
            self._read += 1
            self._done += job.piece.size
            self._progress(self._done, self._total, job.piece.name)

    def _report(self, started: float) -> IngestReport:
        failed = report.list_failed(self._db)
        skipped = sorted([*self._found.skipped, *report.list_skipped(self._db)])
        patients = report.count_patients(self._db)
        if not patients:
            why = _first_reason([*failed, *skipped, *report.list_reasons(self._db)])
            raise SetupError(f"{self._top}: no patient found; {_EXPECTED}.{why}")
        return IngestReport(
            location=str(self._top),
            store=str(self._store),
            read=self._read,
            unchanged=self._unchanged,
            removed=self._removed,
            skipped=tuple(skipped),
            failed=tuple(failed),
            patients=patients,
            resources=report.count_resources(self._db),
            quarantined=report.count_quarantined(self._db),
            faults=report.count_faults(self._db),
            problems=tuple(report.list_problems(self._db)),
            seconds=time.perf_counter() - started,
        )


def batch_jobs(source: int, piece: Piece) -> Iterator[Job]:
    """Yield the batches of an NDJSON file; the last one knows that it is, and why no more could be read."""
    batch, first, held = 0, 1, b""
    trouble = ""
    batches = files.batches(piece)
    while True:
        try:
            lines = next(batches, None)
        except UnreadableRecord as error:
            lines, trouble = None, str(error)
        if lines is None:
            yield Job(source, piece, max(batch - 1, 0), held, first, True, trouble)
            return
        if batch:
            yield Job(source, piece, batch - 1, held, first, False)
            first += held.count(b"\n") + 1
        held, batch = lines, batch + 1


def _state(parcel: Parcel, reason: str) -> str:
    if parcel.foreign:
        return "skipped"
    if parcel.again:
        return "reading"
    return "failed" if reason else "read"


def _workers(todo: list[tuple[int, Piece]]) -> int:
    unpacked = sum(piece.size * (10 if piece.packed or piece.member else 1) for _, piece in todo)
    alone = len(todo) == 1 and todo[0][1].form == "json"
    return 0 if alone or unpacked < SMALL else cpu_count() or 1


def _first_reason(reasons: list[tuple[str, str]]) -> str:
    if not reasons:
        return ""
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f" {': '.join(filter(None, reasons[0]))}{more}."


@contextmanager
def _alone(store: Path, progress: Progress | None) -> Iterator[None]:
    """Hold the lock of a store; the system releases it when the process dies."""
    store.parent.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(f"{store}.lock", timeout=0.1, isolation_level=None, check_same_thread=False)
    with closing(lock):
        _take(lock, store, progress)
        yield


def _take(lock: sqlite3.Connection, store: Path, progress: Progress | None) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            lock.execute("BEGIN EXCLUSIVE")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
        if time.monotonic() > until:
            raise SetupError(
                f"{store}: another ingest has been writing it for {PATIENCE:.0f} s. Wait for it, or end it."
            )
        if progress:
            progress(0, 0, "waiting for another ingest of the same records")
        time.sleep(0.2)


def _delete(store: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{store}{suffix}").unlink(missing_ok=True)
