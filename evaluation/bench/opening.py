"""Patients of a store -> milliseconds to open a record and to load all of it."""

import time
from datetime import date
from pathlib import Path

import orjson

from agent.cli.bars import Row, quantile
from evaluation.bench.growing import everything
from tools.sources import StoredRecords

_MEGABYTE = 1_000_000


def measure(store: Path, now: date) -> list[Row]:
    """Open every record with a source of its own and load every kind.

    Raises:
        RecordError: a record cannot be read.
    """
    people = [person.reference for person in StoredRecords(store).patients()]
    _load(store, people[0], now)
    worked = time.process_time()
    times = {reference: _load(store, reference, now) for reference in people}
    worked = (time.process_time() - worked) / len(people)
    sizes = {reference: _size(store, reference, now) for reference in people}
    near = min(people, key=lambda reference: abs(sizes[reference] - 5 * _MEGABYTE))
    largest = max(people, key=lambda reference: sizes[reference])
    usual = quantile(list(sizes.values()), 0.5)
    told = (
        f"{len(people)} patients, {_megabytes(usual)} in the middle: find, open, all kinds; a new source each;"
        f" warm: the process, the disk; {1000 * worked:.0f} ms of processor time in the mean;"
        " the bar is 60 ms, for larger records 60 ms a MB"
    )
    return [
        Row(
            "opening a record, median",
            1000 * quantile(list(times.values()), 0.5),
            "ms",
            round(60 * max(1, usual / _MEGABYTE)),
            told,
        ),
        Row("opening the record nearest 5 MB", 1000 * times[near], "ms", 300, _megabytes(sizes[near])),
        Row("opening the largest record", 1000 * times[largest], "ms", None, _megabytes(sizes[largest])),
    ]


def _load(store: Path, reference: str, now: date) -> float:
    begun = time.perf_counter()
    source = StoredRecords(store)
    record = source.open(source.find(reference).reference, now)
    for kind in record.counts:
        record.entries(kind)
    taken = time.perf_counter() - begun
    source.close()
    return taken


def _size(store: Path, reference: str, now: date) -> int:
    source = StoredRecords(store)
    record = source.open(reference, now)
    size = sum(len(orjson.dumps(entry.raw)) for entry in everything(record))
    source.close()
    return size


def _megabytes(size: float) -> str:
    return f"{size / _MEGABYTE:.1f} MB of JSON without blanks"
