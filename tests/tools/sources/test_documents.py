"""What a file may be: Bundles within Bundles, Parameters, lists, cards, lines of any of these."""

import base64
import json
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Resource, bundle, condition, immunization, observation, patient
from tools.entries import text_of
from tools.sources import StoredRecords

NOW = date(2021, 7, 1)
HELD = [patient(), observation("o"), condition("c")]
IN_PARTS = {
    "parameter": [{"name": "record", "resource": bundle(*HELD[:2])}, {"part": [{"resource": HELD[2]}]}]
}


def card(*entries: Resource) -> dict[str, Any]:
    """A SMART Health Card."""
    claims = {"vc": {"credentialSubject": {"fhirBundle": {"resourceType": "Bundle", "entry": entries}}}}
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    payload = packer.compress(json.dumps(claims).encode()) + packer.flush()
    parts = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (b"{}", payload, b"signature"))
    return {"verifiableCredential": [".".join(parts)]}


def anonymous(resource: Resource, number: int) -> Resource:
    """An entry of a card: without an id."""
    named = {name: value for name, value in resource.items() if name != "id"}
    return {"fullUrl": f"resource:{number}", "resource": named}


def lines(*documents: object) -> bytes:
    return b"\xef\xbb\xbf" + "\r\n".join(map(json.dumps, documents)).encode()


FILES: list[tuple[str, str, object]] = [
    ("a Bundle in a Bundle", "a.json", bundle(bundle(*HELD))),
    ("Parameters", "a.json", {"resourceType": "Parameters", **IN_PARTS}),
    ("a list", "a.json", HELD),
    ("lines that are Bundles, after a mark of the byte order", "a.ndjson", lines(bundle(*HELD[:2]), HELD[2])),
    ("lines in a file that is called .json", "a.json", lines(*HELD)),
]


@pytest.mark.parametrize(("what", "name", "content"), FILES, ids=[row[0] for row in FILES])
def test_what_holds_resources_is_opened(
    what: str, name: str, content: object, write: Callable[..., Path], opened: Callable[[], StoredRecords]
) -> None:
    write(name, content)
    source = opened()
    assert source.report
    assert (source.report.resources, source.report.quarantined) == (
        {"Condition": 1, "Observation": 1, "Patient": 1},
        {},
    )
    assert source.open("Patient/p1", NOW).problems == {}


def test_a_health_card_is_unpacked_and_not_verified(
    write: Callable[..., Path], opened: Callable[[], StoredRecords]
) -> None:
    shot = immunization("v", patient={"reference": "resource:0"})
    write("shot.smart-health-card", card(anonymous(patient(), 0), anonymous(shot, 1)))
    source = opened()
    (known,) = source.patients()
    assert (known.name, source.open(known.reference, NOW).counts["Immunization"]) == ("Ada Moser", 1)
    assert source.report
    assert source.report.problems == ("shot.smart-health-card: its signature was not verified",)


def test_a_card_that_is_none_is_told(write: Callable[..., Path], opened: Callable[[], StoredRecords]) -> None:
    write("ada.json", bundle(patient()))
    write("bad.smart-health-card", {"verifiableCredential": ["no.card"]})
    report = opened().report
    assert report
    assert report.quarantined == {"it is not a JSON object": 1}


def test_a_text_that_is_a_binary_of_the_file_is_found(
    write: Callable[..., Path], opened: Callable[[], StoredRecords]
) -> None:
    binary = {"resourceType": "Binary", "id": "b", "contentType": "text/plain", "data": "R3JhbnVsb21hLg=="}
    note = {
        "resourceType": "DocumentReference",
        "id": "d",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": {"url": "urn:uuid:b"}}],
    }
    whole = bundle(patient(), note)
    whole["entry"].append({"fullUrl": "urn:uuid:b", "resource": binary})
    write("ada.json", whole)
    record = opened().open("Patient/p1", NOW)
    (entry,) = record.entries("DocumentReference")
    assert text_of(entry, record.get) == "Granuloma."


def test_what_cannot_be_read_of_the_patient_is_told(
    write: Callable[..., Path], opened: Callable[[], StoredRecords]
) -> None:
    write("ada.json", bundle(patient(deceasedDateTime="last winter")))
    record = opened().open("Patient/p1", NOW)
    assert (record.dead, record.problems) == (
        True,
        {"Patient": ("deceasedDateTime “last winter” is not a date of FHIR",)},
    )
