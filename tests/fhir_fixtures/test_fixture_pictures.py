"""The record with pictures is what is drawn, and its pictures are those of the drawings."""

import io
from datetime import date

import numpy as np
import pytest
from PIL import Image

from fhir_fixtures import draw, pictures
from tools.calls.find import find
from tools.pictures import pictures_of
from tools.record import PatientRecord
from tools.sources import open_location


@pytest.fixture(scope="module")
def record() -> PatientRecord:
    return open_location(str(pictures()), workers=0).open("Patient/pia", date(2026, 1, 1))


def test_it_is_small(record: PatientRecord) -> None:
    assert sum(path.stat().st_size for path in pictures().iterdir()) < 50_000


ITS_PICTURES = [
    ("Media/chest", draw.chest(), "Chest X-ray, picture (PNG, 192 × 192), on 2024-03-11"),
    ("DiagnosticReport/chest-report", draw.chest(), "Chest X-ray, picture (PNG, 192 × 192), on 2024-03-11"),
    (
        "DocumentReference/mole-photograph",
        draw.mole(),
        "Photographic image Unspecified body region, picture (JPEG): Mole of left forearm, on 2025-06-02",
    ),
]


@pytest.mark.parametrize(("reference", "drawn", "name"), ITS_PICTURES, ids=[row[0] for row in ITS_PICTURES])
def test_its_pictures(reference: str, drawn: Image.Image, name: str, record: PatientRecord) -> None:
    entry = record.get(reference)
    assert entry is not None
    (picture,) = pictures_of(entry, record)
    assert picture.name == name
    shown = Image.open(io.BytesIO(picture.png()))
    apart = np.asarray(shown.convert("RGB"), dtype=int) - np.asarray(drawn.convert("RGB"), dtype=int)
    assert abs(apart).mean() < 3


def test_they_are_found(record: PatientRecord) -> None:
    assert find(record, "picture", give="count").values == (2,)
    assert find(record, "picture", "mole").references == ("DocumentReference/mole-photograph",)
