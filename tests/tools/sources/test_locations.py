"""Any location, in any form -> the same record."""

import gzip
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.builders import (
    bundle,
    condition,
    encounter,
    medication_request,
    observation,
    organization,
    patient,
    practitioner,
)
from tools.calls.errors import SetupError
from tools.sources import IngestReport, StoredRecords, files, ingest, open_location
from tools.sources.store import SCHEMA

NOW = date(2021, 7, 1)
Open = Callable[[], StoredRecords]
Write = Callable[..., Path]

ADA = [patient(), observation("o1"), observation("o2", when="2021-01-02"), condition("c")]
HELD = {"Patient": 1, "Observation": 2, "Condition": 1}
LINES = b"\n".join(orjson.dumps(resource) for resource in ADA)
DOCUMENT = orjson.dumps(bundle(*ADA))


def zipped(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


FORMS: list[tuple[str, dict[str, Any], str]] = [
    ("a bundle", {"ada.json": DOCUMENT}, "ada.json"),
    ("a bundle with a byte order mark", {"ada.json": b"\xef\xbb\xbf" + DOCUMENT}, "ada.json"),
    ("a gzipped bundle", {"ada.json.gz": gzip.compress(DOCUMENT)}, "ada.json.gz"),
    ("a bundle of bundles", {"ada.json": bundle(bundle(*ADA[:2]), bundle(*ADA[2:]))}, "ada.json"),
    ("a list of resources", {"ada.json": ADA}, "ada.json"),
    ("a resource a line", {"ada.ndjson": LINES}, "ada.ndjson"),
    ("a gzipped resource a line", {"ada.ndjson.gz": gzip.compress(LINES)}, "ada.ndjson.gz"),
    (
        "blank lines and a last newline",
        {"ada.ndjson": LINES.replace(b"\n", b"\r\n\r\n") + b"\n"},
        "ada.ndjson",
    ),
    ("a folder with a file a resource", {f"x/{r['id']}.json": r for r in ADA}, "."),
    (
        "a Bulk Data export",
        {"Patient.ndjson": ADA[:1], "Observation.ndjson": ADA[1:3], "Condition.000.ndjson": ADA[3:]},
        ".",
    ),
]


@pytest.mark.parametrize(("what", "content", "name"), FORMS, ids=[form[0] for form in FORMS])
def test_every_form_of_a_record_gives_the_same_record(
    what: str, content: dict[str, Any], name: str, folder: Path, write: Write, tmp_path: Path
) -> None:
    for file, data in content.items():
        write(file, data)
    source = open_location(str(folder / name), cache=tmp_path / "cache", workers=0)
    assert [(p.reference, dict(p.counts)) for p in source.patients()] == [("Patient/p1", HELD)]
    record = source.open("Patient/p1", NOW)
    assert [entry.reference for entry in record.entries("Observation")] == [
        "Observation/o1",
        "Observation/o2",
    ]
    assert (record.counts, record.problems) == (HELD, {})


@pytest.mark.parametrize(
    "inside", ["ada.json", "deep/er/ada.json", "ada.ndjson", "ada.json.gz", "ada.ndjson.gz"]
)
def test_members_of_an_archive_are_read_in_memory(inside: str, folder: Path, tmp_path: Path) -> None:
    plain = LINES if "ndjson" in inside else DOCUMENT
    zipped(folder / "all.zip", {inside: gzip.compress(plain) if inside.endswith(".gz") else plain})
    source = open_location(str(folder / "all.zip"), cache=tmp_path / "cache", workers=0)
    assert source.open("Patient/p1", NOW).counts == HELD
    assert source.patients()[0].location == f"all.zip!{inside}"
    assert [path.name for path in folder.rglob("*")] == ["all.zip"]


def test_worker_processes_give_the_same_store(folder: Path, write: Write, tmp_path: Path) -> None:
    for number in range(5):
        write(f"{number}.json", bundle(patient(f"p{number}"), observation("o", subject=f"p{number}")))
    reports = [ingest(folder, tmp_path / f"{workers}.db", workers=workers) for workers in (0, 2)]
    assert reports[0].resources == reports[1].resources == {"Patient": 5, "Observation": 5}


def test_progress_counts_to_the_end(folder: Path, write: Write, tmp_path: Path) -> None:
    sizes = [write(name, bundle(patient(name[0]))).stat().st_size for name in ("a.json", "b.json")]
    told: list[tuple[int, int, str]] = []
    ingest(folder, tmp_path / "store.db", lambda *step: told.append(step), workers=0)
    assert told == [(sizes[0], sum(sizes), "a.json"), (sum(sizes), sum(sizes), "b.json")]


def test_another_way_of_writing_a_location_is_the_same_location(
    folder: Path, write: Write, tmp_path: Path
) -> None:
    write("ada.json", bundle(patient("p1")))
    for location in (folder, folder / ".." / folder.name):
        assert len(open_location(str(location), cache=tmp_path / "cache").patients()) == 1
    assert len(list((tmp_path / "cache").glob("*.db"))) == 1


def test_the_cache_is_where_the_environment_says(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FHIR_ASSISTANT_CACHE", str(tmp_path / "here"))
    source = open_location(str(write("ada.json", DOCUMENT)))
    assert source.path.parent == tmp_path / "here"
    assert source.report
    assert source.report.read == 1
    again = open_location(str(tmp_path / "records" / "ada.json"))
    assert again.report
    assert (again.report.read, again.report.unchanged) == (0, 1)


URLS = ["urn:uuid:", "http://server/fhir/Any/"]


@pytest.mark.parametrize("urls", URLS)
def test_references_by_url_become_references_by_id(urls: str, write: Write, opened: Open) -> None:
    seen = encounter("e", subject="x")
    seen["subject"]["reference"] = f"{urls}p1"
    taken = observation("o", encounter={"reference": f"{urls}e"}, subject="x")
    taken["subject"]["reference"] = f"{urls}p1"
    write("ada.json", bundle(patient(), seen, taken, urls=urls, type="transaction"))
    record = opened().open("Patient/p1", NOW)
    entry = record.get("Observation/o")
    assert entry
    assert (entry.patient, entry.encounter) == ("Patient/p1", "Encounter/e")


def test_an_id_left_to_the_server_is_taken_from_the_url(write: Write, opened: Open) -> None:
    made = bundle(patient("7"), urls="urn:uuid:", type="transaction")
    del made["entry"][0]["resource"]["id"]
    write("ada.json", made)
    assert opened().patients()[0].reference == "Patient/7"


NPI = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|{}"


@pytest.mark.parametrize("names", [("a-hospital.json", "b-ada.json"), ("b-hospital.json", "a-ada.json")])
def test_people_of_a_hospital_file_are_found_by_identifier(
    names: tuple[str, str], write: Write, opened: Open
) -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "practitioner": {"reference": NPI.format(1)},
        "organization": {"reference": "Organization/h"},
    }
    hospital = bundle(practitioner("s", npi="1"), practitioner("t", npi="2"), organization("h"), role)
    asked = medication_request("m", requester={"reference": NPI.format(1)})
    lost = medication_request("n", requester={"reference": NPI.format(9)})
    mine = encounter("e", participant=[{"individual": {"reference": "PractitionerRole/r"}}])
    write(names[0], hospital)
    write(names[1], bundle(patient(), asked, lost, mine))
    source = opened()
    record = source.open("Patient/p1", NOW)
    requesters = {e.reference: e.raw["requester"]["reference"] for e in record.entries("MedicationRequest")}
    assert requesters == {"MedicationRequest/m": "Practitioner/s", "MedicationRequest/n": NPI.format(9)}
    kinds = ("Practitioner", "Organization", "PractitionerRole")
    assert {kind: record.counts[kind] for kind in kinds} == dict.fromkeys(kinds, 1)
    role_read = record.get("PractitionerRole/r")
    assert role_read
    assert role_read.raw["practitioner"] == {"reference": "Practitioner/s"}
    assert source.report
    assert source.report.problems == (f"1 resource is referred to but is in no file: {NPI.format(9)}",)


def export(write: Write, *, observations: int = 40) -> None:
    write("Patient.ndjson", [patient("a"), patient("b", "Ben")])
    write(
        "Observation.ndjson",
        [observation(f"o{n}", subject="ab"[n % 2], value=n) for n in range(observations)],
    )


def test_batches_of_an_export_become_one_record_a_patient(
    write: Write, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BATCH", 1000)
    monkeypatch.setattr(files, "_BLOCK", 300)
    export(write)
    source = opened()
    assert {p.name: p.counts["Observation"] for p in source.patients()} == {"Ada Moser": 20, "Ben Moser": 20}
    loaded = source.open("Patient/b", NOW).entries("Observation")
    assert [entry.reference for entry in loaded] == [f"Observation/o{n}" for n in range(1, 40, 2)]


def test_a_broken_line_is_told_to_its_patient(write: Write, opened: Open) -> None:
    export(write, observations=2)
    good = orjson.dumps(observation("o", subject="a"))
    write("Observation.ndjson", good + b"\n" + good.replace(b"}}", b"}", 1) + b'\n{"resource')
    source = opened()
    assert source.report
    assert source.report.quarantined == {
        "Observation: it is not JSON": 1,
        "it is not JSON": 1,
    }
    assert source.open("Patient/a", NOW).problems == {
        "": ("1 could not be read: it is not JSON",),
        "Observation": ("1 could not be read: it is not JSON",),
    }
    assert source.open("Patient/b", NOW).problems == {"": ("1 could not be read: it is not JSON",)}


def test_an_export_that_ends_too_early_is_told_to_every_patient(write: Write, opened: Open) -> None:
    export(write)
    lines = b"\n".join(orjson.dumps(observation(f"o{n}", subject="a", value=n)) for n in range(500))
    write("Observation.ndjson.gz", gzip.compress(lines)[:-200])
    source = opened()
    told = (
        "Observation.ndjson.gz could not be read to its end: the compressed data ends too early (truncated)",
    )
    assert [source.open(f"Patient/{p}", NOW).problems["Observation"][-1:] for p in "ab"] == [told, told]
    assert 20 < source.open("Patient/a", NOW).counts["Observation"] < 500


WRONG = [
    ("", "No location was named: expected a folder, file, archive or store of FHIR records."),
    (
        "/nowhere/at/all",
        "/nowhere/at/all: no such file or folder. Name a folder, file or zip of FHIR records.",
    ),
    (
        "/nowhere/store.db",
        "/nowhere/store.db: there is no such store."
        " Make it with `fhir-assistant ingest RECORDS --store /nowhere/store.db`.",
    ),
]


@pytest.mark.parametrize(("location", "message"), WRONG)
def test_a_wrong_location_is_named(location: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        open_location(location, cache=tmp_path)
    assert str(caught.value) == message


def test_a_report_tells_the_whole_store(folder: Path, write: Write, tmp_path: Path) -> None:
    write("ada.json", bundle(patient(), observation("o"), observation("p", status=None), organization("h")))
    report = ingest(folder, tmp_path / "store.db", workers=0)
    assert report == IngestReport(
        location=str(folder),
        store=str(tmp_path / "store.db"),
        read=1,
        unchanged=0,
        removed=0,
        skipped=(),
        failed=(),
        patients=1,
        resources={"Observation": 2, "Organization": 1, "Patient": 1},
        quarantined={},
        faults={"Observation: status is missing": 1},
        problems=(),
        seconds=report.seconds,
    )
    assert SCHEMA == 3
