"""The store keeps up with its files, survives being killed, and says what is wrong with it."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import orjson
import pytest

from tests.builders import bundle, condition, observation, patient
from tools.calls.errors import SetupError
from tools.sources import StoredRecords, ingest, open_location
from tools.sources import store as stores

NOW = date(2021, 7, 1)
Open = Callable[[], StoredRecords]
Write = Callable[..., Path]
INGEST = """
import sys
from tools.sources import ingest
report = ingest(sys.argv[1], sys.argv[2], lambda done, total, name: print(name, flush=True), workers=1)
print(report.patients, report.read, report.unchanged)
"""


def counts(source: StoredRecords, reference: str = "Patient/p1") -> dict[str, int]:
    return source.open(reference, NOW).counts


def test_unchanged_files_are_not_read_again(write: Write, opened: Open) -> None:
    path = write("ada.json", bundle(patient(), observation("o")))
    opened()
    os.utime(path, (1, 1))
    again = opened()
    assert again.report
    assert (again.report.read, again.report.unchanged, again.report.patients) == (0, 1, 1)


def test_a_changed_file_replaces_what_came_from_it(write: Write, opened: Open) -> None:
    write("ada.json", bundle(patient(), observation("o"), observation("bad", status=None)))
    opened()
    write("ada.json", bundle(patient(family="Keller"), condition("c")))
    source = opened()
    assert counts(source) == {"Patient": 1, "Condition": 1}
    assert source.patients()[0].name == "Ada Keller"
    assert source.report
    assert (source.report.read, source.report.quarantined) == (1, {})


def test_a_change_within_the_same_instant_is_seen(write: Write, opened: Open) -> None:
    path = write("ada.json", bundle(patient(), observation("o1")))
    stamp = path.stat().st_mtime_ns
    opened()
    write("ada.json", bundle(patient(), observation("o2")))
    os.utime(path, ns=(stamp, stamp))
    assert opened().open("Patient/p1", NOW).get("Observation/o2")


def test_a_patient_whose_file_is_gone_is_gone(write: Write, opened: Open) -> None:
    write("ada.json", bundle(patient()))
    ben = write("ben.json", bundle(patient("p2")))
    assert len(opened().patients()) == 2
    ben.unlink()
    source = opened()
    assert [p.reference for p in source.patients()] == ["Patient/p1"]
    assert source.report
    assert source.report.removed == 1


def test_a_later_file_supersedes_an_earlier_one_until_it_is_gone(write: Write, opened: Open) -> None:
    write("1.json", bundle(patient(), observation("o", value=1), observation("same")))
    later = write("2.json", bundle(patient(), observation("o", value=2), observation("same")))
    source = opened()
    record = source.open("Patient/p1", NOW)
    assert record.counts == {"Patient": 1, "Observation": 2}
    assert [
        e.raw["valueQuantity"]["value"] for e in record.entries("Observation") if e.reference.endswith("/o")
    ] == [2]
    assert record.problems == {
        "Observation": ("1 occurred twice with different content: the last one was taken",)
    }
    later.unlink()
    record = opened().open("Patient/p1", NOW)
    assert (record.counts, record.problems) == ({"Patient": 1, "Observation": 2}, {})
    entry = record.get("Observation/o")
    assert entry
    assert entry.raw["valueQuantity"]["value"] == 1


def many(write: Write, number: int = 12) -> None:
    for n in range(number):
        write(
            f"{n:02}.json",
            bundle(patient(f"p{n}"), *(observation(f"o{i}", subject=f"p{n}") for i in range(200))),
        )


def start(folder: Path, store: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", INGEST, str(folder), str(store)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def test_a_killed_ingest_goes_on_where_it_was(folder: Path, write: Write, tmp_path: Path) -> None:
    many(write)
    store = tmp_path / "store.db"
    with start(folder, store) as run:
        assert run.stdout
        first = [run.stdout.readline().strip() for _ in range(3)]
        run.send_signal(signal.SIGKILL)
    half = StoredRecords(store)
    assert 3 <= len(half.patients()) < 12
    for summary in half.patients():
        record = half.open(summary.reference, NOW)
        assert (record.counts, record.problems) == (
            {"Patient": 1, "Observation": 200},
            {"": ("the ingest of these records is not finished",)},
        )
    half.close()
    report = ingest(folder, store, workers=0)
    assert report.patients == 12
    assert report.unchanged >= len(first)
    assert report.resources == {"Patient": 12, "Observation": 2400}
    assert StoredRecords(store).open("Patient/p0", NOW).problems == {}


def test_a_second_ingest_waits_for_the_first(folder: Path, write: Write, tmp_path: Path) -> None:
    many(write)
    store = tmp_path / "store.db"
    runs = [start(folder, store) for _ in range(2)]
    last = sorted(run.communicate(timeout=60)[0].splitlines()[-1] for run in runs)
    assert last == ["12 0 12", "12 12 0"]
    assert [run.returncode for run in runs] == [0, 0]


def test_waiting_is_told_and_ends(
    folder: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("ada.json", bundle(patient()))
    store = tmp_path / "store.db"
    monkeypatch.setattr("tools.sources.intake.PATIENCE", 0.3)
    other = sqlite3.connect(f"{store}.lock", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    told: list[str] = []
    with pytest.raises(SetupError, match="another ingest has been writing it") as caught:
        ingest(folder, store, lambda done, total, name: told.append(name), workers=0)
    other.close()
    assert (
        str(caught.value) == f"{store}: another ingest has been writing it for 0 s. Wait for it, or end it."
    )
    assert told[0] == "waiting for another ingest of the same records"
    assert not store.exists()


def test_a_store_of_another_version_names_the_command_that_rebuilds_it(write: Write, opened: Open) -> None:
    path = write("ada.json", bundle(patient()))
    store = opened().path
    with sqlite3.connect(store) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    message = (
        f"{store} is a store of version 99; this program reads version {stores.SCHEMA}. "
        f"Delete it and rebuild it with `fhir-assistant ingest {path.parent} --store {store}`."
    )
    for act in (lambda: open_location(str(store)), lambda: ingest(path.parent, store)):
        with pytest.raises(SetupError) as caught:
            act()
        assert str(caught.value) == message


def test_a_file_that_is_no_store_is_refused_and_left_alone(
    folder: Path, write: Write, tmp_path: Path
) -> None:
    write("ada.json", bundle(patient()))
    letter, foreign = tmp_path / "letter.db", tmp_path / "foreign.db"
    letter.write_text("Dear colleague, " * 100)
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    command = "fhir-assistant ingest RECORDS --store"
    messages = {
        letter: f"{letter} is not a store of records, or it is damaged (file is not a database)."
        f" Delete it and run `{command} {letter}`.",
        foreign: f"{foreign} is not a store of records: expected one made by `{command} {foreign}`.",
    }
    for path, message in messages.items():
        before = path.read_bytes()
        for act in (open_location, lambda location: ingest(folder, location, workers=0)):
            with pytest.raises(SetupError) as caught:
                act(str(path))
            assert str(caught.value) == message
        assert path.read_bytes() == before


def test_a_store_belongs_to_one_location(folder: Path, write: Write, opened: Open, tmp_path: Path) -> None:
    write("ada.json", bundle(patient()))
    store = opened().path
    other = tmp_path / "other.json"
    other.write_bytes(orjson.dumps(bundle(patient("p2"))))
    with pytest.raises(SetupError) as caught:
        ingest(other, store, workers=0)
    assert str(caught.value) == (
        f"{store} holds the records of {folder}, not of {other}. Name another file with --store."
    )
    assert [p.reference for p in StoredRecords(store).patients()] == ["Patient/p1"]


def test_a_place_that_cannot_be_written_is_named(folder: Path, write: Write) -> None:
    write("ada.json", bundle(patient()))
    with pytest.raises(SetupError) as caught:
        ingest(folder, folder / "ada.json" / "store.db", workers=0)
    assert str(caught.value) == (
        f"{folder / 'ada.json' / 'store.db'} cannot be written: its folder is a file."
        " Name another place with --store FILE or FHIR_ASSISTANT_CACHE=FOLDER."
    )


def test_a_full_disk_is_told_and_nothing_half_written_is_left(
    folder: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(write, 8)
    store = tmp_path / "store.db"

    def on_a_small_disk(path: Path) -> sqlite3.Connection:
        connection = stores.create_or_open(path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        return connection

    monkeypatch.setattr("tools.sources.intake.create_or_open", on_a_small_disk)
    with pytest.raises(SetupError) as caught:
        ingest(folder, store, workers=0)
    assert str(caught.value) == (
        f"{store}: the disk is full; nothing half-written was kept."
        " Name another place with --store FILE or FHIR_ASSISTANT_CACHE=FOLDER."
    )
    assert [p.name for p in tmp_path.iterdir() if "store.db" in p.name] == ["store.db.lock"]


def test_a_store_can_be_read_where_nothing_can_be_written(
    write: Write, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("ada.json", bundle(patient(), observation("o")))
    store = opened().path
    before = sorted(path.name for path in store.parent.iterdir())
    store.chmod(0o444)
    store.parent.chmod(0o555)
    try:
        assert counts(StoredRecords(store)) == {"Patient": 1, "Observation": 1}
    finally:
        store.parent.chmod(0o755)
    assert set(before) <= {path.name for path in store.parent.iterdir()}


def test_kinds_may_be_read_from_many_threads_at_once(write: Write, opened: Open) -> None:
    write("ada.json", bundle(patient(), *(observation(f"o{n}") for n in range(300)), condition("c")))
    source = opened()
    found: list[int] = []

    def read() -> None:
        record = source.open("Patient/p1", NOW)
        found.append(len(record.entries("Observation")) + len(record.entries("Condition")))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [301] * 8


def test_a_worker_that_dies_costs_one_file(
    folder: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("1.json", bundle(patient()))
    write("2.json", bundle(patient("p2")))
    dies_once = "import os; os.path.exists({0!r}) or (open({0!r}, 'w'), os._exit(9)); {1}"
    from tools.sources import pool

    monkeypatch.setattr(pool, "_START", dies_once.format(str(tmp_path / "died"), pool._START))
    report = ingest(folder, tmp_path / "store.db", workers=1)
    assert report.patients == 1
    assert [reason for _, reason in report.failed] == [
        "the process that read it ended unexpectedly (status 9); it may need more memory than there is"
    ]
    again = ingest(folder, tmp_path / "store.db", workers=0)
    assert (again.patients, again.failed) == (2, ())


DAMAGE = [
    ("UPDATE chunk SET data = zeroblob(20)", "Error -3 while decompressing data: unknown compression method"),
    ("DROP TABLE chunk", "no such table: chunk"),
]


@pytest.mark.parametrize(("damage", "why"), DAMAGE, ids=["resources", "tables"])
def test_a_damaged_store_costs_one_sentence(damage: str, why: str, write: Write, opened: Open) -> None:
    write("ada.json", bundle(patient(), observation("o")))
    store = opened().path
    with sqlite3.connect(store) as connection:
        connection.execute(damage)
    connection.close()
    with pytest.raises(SetupError) as caught:
        open_location(str(store)).open("Patient/p1", NOW)
    assert str(caught.value) == (
        f"{store} is not a store of records, or it is damaged ({why})."
        f" Delete it and run `fhir-assistant ingest RECORDS --store {store}`."
    )
