"""Every resource of real Synthea output is read; these records are not part of the product."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tools.entries import parse, text_of

RECORDS = Path(__file__).parents[4] / "shared" / "records"
FILES = sorted(RECORDS.rglob("*.json"))
NOT_THE_PATIENTS = {
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Location",
    "Medication",
    "Provenance",
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILES, reason="the records to measure with are not here"),
]


def resources(file: Path) -> Iterator[dict[str, Any]]:
    """The resources of a bundle, its full URLs replaced by "Type/id" as ingest does."""
    text = file.read_text("utf-8")
    entries = orjson.loads(text)["entry"]
    names = {e["fullUrl"]: f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in entries}
    named = re.sub(r'"(urn:uuid:[^"]*)"', lambda found: f'"{names.get(found[1], found[1])}"', text)
    yield from (entry["resource"] for entry in orjson.loads(named)["entry"])


@pytest.mark.parametrize("file", FILES[:6], ids=lambda file: file.name.split("_")[1])
def test_every_resource_has_a_name_and_the_right_patient(file: Path) -> None:
    read = [parse(resource) for resource in resources(file)]
    (patient,) = (entry.reference for entry in read if entry.kind == "Patient")
    for entry in read:
        assert entry.display not in ("", entry.kind), entry.reference
        assert entry.patient == ("" if entry.kind in NOT_THE_PATIENTS else patient), entry.reference
        assert (entry.void, entry.caution) == ("", ""), entry.reference
        assert "as recorded" not in str(entry.details), entry.reference
        assert all(part.display and part.patient == patient for part in entry.components), entry.reference
        text_of(entry)
