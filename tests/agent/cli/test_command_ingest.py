"""`ingest`: the report says what was read, what was put aside and why."""

import json
from pathlib import Path

from tests.agent.cli.calling import call
from tests.builders import bundle, observation, patient

BROKEN = {**observation("o2"), "subject": {"display": "an unknown woman"}}


def report(*arguments: str) -> dict[str, object]:
    ran = call("ingest", *arguments, "--json")
    assert ran.status == 0
    return dict(json.loads(ran.out))


def test_a_second_ingest_reads_nothing_again(records: str) -> None:
    first, second = report("records", "--store", "s.db"), report("records", "--store", "s.db")
    assert (first["read"], first["unchanged"], first["patients"]) == (3, 0, 3)
    assert (second["read"], second["unchanged"], second["patients"]) == (0, 3, 3)


def test_the_named_store_serves_as_records(records: str) -> None:
    call("ingest", "records", "--store", "s.db")
    assert "Carla Wood" in call("patients", "-r", "s.db").out


def test_without_a_store_the_cache_is_filled(records: str, tmp_path: Path) -> None:
    call("ingest", "records")
    assert [path.name[:8] for path in (tmp_path / "cache").glob("*.db")] == ["records-"]


def test_what_is_invalid_is_listed_with_file_place_and_reason(tmp_path: Path) -> None:
    (tmp_path / "ada.json").write_text(json.dumps(bundle(patient("p1"), observation("o1"), BROKEN)))
    whole = report("ada.json", "--store", "s.db")
    (aside,) = whole["quarantine"]  # type: ignore[misc]
    assert (aside["file"], aside["resource"]) == ("ada.json", "Observation/o2")
    assert aside["reason"]
    text = call("ingest", "ada.json", "--store", "s.db").out
    assert "quarantined  1\n" in text
    assert (
        f"Quarantined, one by one\nfile      position  resource        reason\nada.json  {aside['position']}"
        in text
    )


def test_the_list_of_what_is_invalid_is_cut_where_asked_and_says_so(tmp_path: Path) -> None:
    several = [{**BROKEN, "id": f"o{n}"} for n in range(5)]
    (tmp_path / "ada.json").write_text(json.dumps(bundle(patient("p1"), *several)))
    text = call("ingest", "ada.json", "--store", "s.db", "--list", "2").out
    assert "Quarantined, the first 2 of 5\n" in text
    assert "Observation/o1" in text
    assert "Observation/o2" not in text


def test_a_file_that_fails_is_told_beside_those_that_are_read(records: str, tmp_path: Path) -> None:
    (tmp_path / "records" / "cut.json").write_text('{"resourceType": "Bundle", "entry": [')
    ran = call("ingest", "records", "--store", "s.db")
    assert ran.status == 0
    assert "files        4 read, 0 unchanged, 1 failed, 0 skipped, 0 removed\n" in ran.out
    assert "\ncut.json  " in ran.out


def test_nothing_that_can_be_read_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"resourceType": "Bundle", "entry": [')
    ran = call("ingest", "cut.json", "--store", "s.db")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"Error: {tmp_path}/cut.json: no patient found; ")
    assert not (tmp_path / "s.db").exists()
