"""A small folder of records, and folders of the test's own for everything that is written."""

import json
from pathlib import Path

import pytest

from tests.builders import (
    allergy,
    bundle,
    condition,
    medication_request,
    observation,
    patient,
)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FHIR_ASSISTANT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FHIR_ASSISTANT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FHIR_ASSISTANT_RECORDS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def records(tmp_path: Path) -> str:
    """Ada Moser with some findings, Ben Moser and Carla Wood with next to nothing."""
    folder = tmp_path / "records"
    folder.mkdir()
    ada = bundle(
        patient("p1"),
        observation("a1", "Hemoglobin A1c", value=6.4, when="2020-12-04"),
        observation("a0", "Hemoglobin A1c", value=7.1, when="2018-03-01"),
        condition("c1"),
        medication_request("m1"),
        allergy("al1"),
    )
    _write(folder / "ada.json", ada)
    _write(folder / "ben.json", bundle(patient("p2", given="Ben", family="Moser", gender="male")))
    _write(folder / "carla.json", bundle(patient("p3", given="Carla", family="Wood")))
    return "records"


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
