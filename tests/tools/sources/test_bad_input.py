"""What bad input gets: a sentence that names it, never silence, never a traceback."""

import gzip
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.builders import (
    RXNORM,
    SNOMED,
    bundle,
    concept,
    condition,
    encounter,
    observation,
    organization,
    patient,
)
from tools.calls.errors import SetupError
from tools.sources import StoredRecords, files, ingest

NOW = date(2021, 7, 1)
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
Open = Callable[[], StoredRecords]
Write = Callable[..., Path]


@dataclass(frozen=True)
class Aside:
    """A resource that is put aside."""

    id: str
    given: list[dict[str, Any]]
    quarantined: dict[str, int]
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"Patient": 1})


def unread(kind: str, reason: str, count: int = 1) -> dict[str, tuple[str, ...]]:
    return {kind: (f"{count} could not be read: {reason}",)}


def without(element: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resource.items() if name != element}


NOBODYS = {**observation("o"), "subject": {"display": "x"}}
A1C = "Hemoglobin A1c/Hemoglobin.total in Blood"
ASIDE = [
    Aside(
        "a group is nobody's",
        [
            {
                "resourceType": "Group",
                "id": "g",
                "type": "person",
                "actual": True,
                "member": [{"entity": {"reference": "Patient/p1"}}],
            }
        ],
        {"Group: it names no patient": 1},
        unread("Group", "it names no patient (person)"),
    ),
    Aside(
        "an order of DSTU2",
        [{"resourceType": "DiagnosticOrder", "id": "d", "subject": {"reference": "Patient/p1"}}],
        {"DiagnosticOrder: DiagnosticOrder is not a resource of FHIR R4 (looks like DSTU2)": 1},
        unread("ServiceRequest", "DiagnosticOrder is not a resource of FHIR R4 (looks like DSTU2)"),
    ),
    Aside(
        "nobody's observation",
        [NOBODYS],
        {"Observation: it names no patient": 1},
        unread("Observation", f"it names no patient ({A1C})"),
    ),
    Aside(
        "a patient by a URL that leads nowhere",
        [{**observation("o"), "subject": {"reference": "urn:uuid:7"}}],
        {"Observation: its patient is not in the file": 1},
        unread("Observation", "its patient is not in the file"),
    ),
    Aside(
        "two of a kind among good ones are told together",
        [observation("o1"), NOBODYS, {**NOBODYS, "id": "o3"}],
        {"Observation: it names no patient": 2},
        unread("Observation", f"it names no patient ({A1C})", 2),
        {"Patient": 1, "Observation": 1},
    ),
    Aside(
        "contained resources stay inside",
        [observation("o", contained=[{"resourceType": "Device", "id": "d"}], device={"reference": "#d"})],
        {},
        counts={"Patient": 1, "Observation": 1},
    ),
    Aside(
        "a copy counts once",
        [observation("o"), observation("o")],
        {},
        counts={"Patient": 1, "Observation": 1},
    ),
    Aside(
        "of two with one id the last counts",
        [observation("o", value=1), observation("o", value=2)],
        {},
        {"Observation": ("1 occurred twice with different content: the last one was taken",)},
        {"Patient": 1, "Observation": 1},
    ),
    Aside(
        "a device that no resource names",
        [{"resourceType": "Device", "id": "d", "type": concept("Cardiac pacemaker", "14106009", SNOMED)}],
        {},
        {"Device": ("1 device names no patient: Cardiac pacemaker",)},
    ),
    Aside(
        "a drug that no resource names is nobody's",
        [
            {
                "resourceType": "Medication",
                "id": "d",
                "code": concept("Warfarin 5 MG Oral Tablet", "855332", RXNORM),
            }
        ],
        {},
        {},
    ),
    Aside(
        "a diagnosis that is masked",
        [{**condition("c"), "code": {"extension": [{"url": ABSENT, "valueCode": "masked"}]}}],
        {},
        {"Condition": ("1 condition has no name that can be read",)},
        {"Patient": 1, "Condition": 1},
    ),
]


@pytest.mark.parametrize("case", ASIDE, ids=lambda case: case.id)
def test_what_is_put_aside_is_counted_and_said(case: Aside, write: Write, opened: Open) -> None:
    write("ada.json", bundle(patient(), *case.given))
    source = opened()
    record = source.open("Patient/p1", NOW)
    assert source.report
    kept = {kind: number for kind, number in record.counts.items() if kind in case.counts}
    assert (source.report.quarantined, record.problems, kept) == (
        case.quarantined,
        case.problems,
        case.counts,
    )


WHOLE = orjson.dumps(bundle(patient("p2"), observation("o", subject="p2")))
FAILED = [
    ("truncated.json", WHOLE[:-20], "the JSON ends too early (truncated)"),
    ("broken.json", b'{"resourceType": Bundle}', "it is not JSON (line 1, column 18)"),
    ("empty.json", b"", "it is empty"),
    ("truncated.json.gz", gzip.compress(WHOLE)[:-30], "the compressed data ends too early (truncated)"),
    ("plain.json.gz", WHOLE, "the compressed data is broken (Not a gzipped file (b'{\"'))"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "reason"), FAILED)
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(
    name: str, content: bytes, reason: str, write: Write, opened: Open
) -> None:
    write("ada.json", bundle(patient()))
    write(name, content)
    for source in (opened(), opened()):
        assert source.report
        assert (source.report.failed, source.report.patients) == (((name, reason),), 1)


SKIPPED = [
    ("package.json", b'{"name": "x"}', "it is JSON but not FHIR: it has no resourceType"),
    ("numbers.json", b"[1, 2]", "it is JSON but not FHIR: it has no resourceType"),
    ("README.md", b"# Records", "not .json, .ndjson, .zip or .gz of these"),
    (".hidden.json", b"{}", "a hidden file"),
    ("broken.zip", b"PK?", "not a readable zip archive (File is not a zip file)"),
]


@pytest.mark.parametrize(("name", "content", "reason"), SKIPPED)
def test_a_file_that_holds_no_records_is_skipped_with_a_reason(
    name: str, content: bytes, reason: str, write: Write, opened: Open
) -> None:
    write("ada.json", bundle(patient()))
    write(name, content)
    for source in (opened(), opened()):
        assert source.report
        assert (source.report.skipped, source.report.failed) == (((name, reason),), ())


EXPECTED = (
    "expected Bundles or resources of FHIR R4 (.json), a Bulk Data export (.ndjson), or a .zip of these"
)
NOTHING: list[tuple[str, dict[str, Any], str]] = [
    ("an empty folder", {}, f"no records found; {EXPECTED}."),
    (
        "no file of records",
        {"a.txt": b"", "b.csv": b""},
        f"no records found; {EXPECTED}. a.txt: not .json, .ndjson, .zip or .gz of these (and 1 more).",
    ),
    (
        "JSON that is not FHIR",
        {"a.json": b"{}"},
        f"no patient found; {EXPECTED}. a.json: it is JSON but not FHIR: it has no resourceType.",
    ),
    (
        "one broken file",
        {"a.json": b"{"},
        f"no patient found; {EXPECTED}. a.json: the JSON ends too early (truncated).",
    ),
    ("a bundle with no patient", {"a.json": bundle(organization("o"))}, f"no patient found; {EXPECTED}."),
    (
        "a bundle without its patient",
        {"a.json": bundle(observation("o"))},
        f"no patient found; {EXPECTED}. 1 resource is about Patient/p1, who is in no file.",
    ),
    (
        "a patient that does not say that it is one",
        {"a.json": bundle({"name": "Ada"})},
        f"no patient found; {EXPECTED}. resourceType is missing.",
    ),
]


@pytest.mark.parametrize(("what", "content", "message"), NOTHING, ids=lambda value: str(value)[:30])
def test_a_place_without_a_single_record_is_an_error_and_leaves_no_store(
    what: str, content: dict[str, Any], message: str, folder: Path, write: Write, tmp_path: Path
) -> None:
    for name, data in content.items():
        write(name, data)
    with pytest.raises(SetupError) as caught:
        ingest(folder, tmp_path / "store.db", workers=0)
    assert str(caught.value) == f"{folder}: {message}"
    assert not (tmp_path / "store.db").exists()


def zipped(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


ODD_MEMBERS = [
    ("../evil.json", "a name that points outside the archive"),
    ("/etc/evil.json", "a name that points outside the archive"),
    ("a/../../evil.json", "a name that points outside the archive"),
    ("C:/evil.json", "a name that points outside the archive"),
    ("..\\evil.json", "a name that points outside the archive"),
    ("__MACOSX/._ada.json", "a hidden file"),
    ("inner.zip", "an archive within an archive"),
    ("notes.txt", "not .json, .ndjson, .zip or .gz of these"),
]


@pytest.mark.parametrize(("name", "reason"), ODD_MEMBERS)
def test_odd_members_of_an_archive_are_refused_and_the_others_read(
    name: str, reason: str, folder: Path, opened: Open
) -> None:
    zipped(folder / "all.zip", {"x/ada.json": orjson.dumps(bundle(patient())), name: WHOLE})
    report = opened().report
    assert report
    assert (report.skipped, report.patients) == (((f"all.zip!{name}", reason),), 1)
    assert [path.name for path in folder.rglob("*")] == ["all.zip"]


def test_what_unpacks_to_more_than_the_limit_is_refused(
    folder: Path, write: Write, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 1024 * 1024)
    write("ada.json", bundle(patient()))
    bomb = b" " * (1024 * 1024 + 1)
    zipped(folder / "bomb.zip", {"bomb.json": bomb})
    write("bomb.json.gz", gzip.compress(bomb))
    write("bomb.ndjson.gz", gzip.compress(bomb * 5))
    report = opened().report
    assert report
    too_large = "it is larger than 1 MiB after unpacking"
    assert report.skipped == (("bomb.zip!bomb.json", too_large),)
    assert report.failed == (
        ("bomb.json.gz", f"{too_large}; export it as NDJSON"),
        ("bomb.ndjson.gz", "a line is longer than 1 MiB"),
    )


def test_a_bundle_with_several_patients_is_several_records(write: Write, opened: Open) -> None:
    both = bundle(
        *(patient("a"), patient("b", "Ben")),
        *(observation("x", subject="a"), observation("x", subject="b"), condition("y", subject="b")),
    )
    write("two.json", both)
    source = opened()
    counts = {p.reference: dict(p.counts) for p in source.patients()}
    assert counts == {
        "Patient/a": {"Patient": 1, "Observation": 1},
        "Patient/b": {"Patient": 1, "Observation": 1, "Condition": 1},
    }
    assert source.open("Patient/a", NOW).get("Condition/y") is None


def test_references_to_nowhere_are_kept_and_told(write: Write, opened: Open) -> None:
    seen = encounter("e", serviceProvider={"reference": "Organization/gone"})
    write("ada.json", bundle(patient(), seen, observation("o", encounter={"reference": "Encounter/lost"})))
    source = opened()
    assert source.report
    assert source.report.problems == ("2 resources are referred to but are in no file, e.g. Encounter/lost",)
    entry = source.open("Patient/p1", NOW).get("Observation/o")
    assert entry
    assert entry.encounter == "Encounter/lost"


def test_links_are_followed_to_files_but_not_to_directories(
    folder: Path, write: Write, opened: Open, tmp_path: Path
) -> None:
    write("ada.json", bundle(patient()))
    outside = tmp_path / "ben.json"
    outside.write_bytes(orjson.dumps(bundle(patient("p2"))))
    (folder / "ben.json").symlink_to(outside)
    (folder / "again.json").symlink_to(folder / "ada.json")
    (folder / "gone.json").symlink_to(folder / "nowhere.json")
    (folder / "loop").symlink_to(folder)
    report = opened().report
    assert report
    assert report.patients == 2
    assert report.skipped == (
        ("again.json", "a link to ada.json"),
        ("gone.json", "it cannot be read (No such file or directory)"),
        ("loop/", "a link to a directory is not followed"),
    )


@pytest.mark.parametrize("depth", [130, 400])
def test_nesting_without_end_is_put_aside(depth: int, write: Write, opened: Open) -> None:
    level = '{"url": "http://x", "extension": ['
    deep = (
        orjson.dumps(observation("o")).decode()[:-1]
        + ', "extension": ['
        + level * depth
        + "]}" * depth
        + "]}"
    )
    text = orjson.dumps(bundle(patient(), {"here": 1})).decode().replace('{"here":1}', deep)
    write("ada.json", text)
    report = opened().report
    assert report
    assert report.quarantined == {"Observation: it is nested too deeply": 1}
