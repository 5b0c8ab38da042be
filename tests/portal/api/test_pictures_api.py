"""Pictures over the API: PNG alone, for whom may see the patient, and a sentence where there is none."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from portal.access.calling import calling
from portal.app import make
from portal.caller import Caller
from tests.builders import bundle, patient
from tests.portal.portal_for_tests import a_portal
from tests.tools.pictures_for_tests import attachment, binary, drawn, media, photograph, written
from tools.sources import open_location

MARKUP = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
ADA = [
    patient(),
    media(),
    media("wide", content=attachment(written(drawn((3000, 1500)), "JPEG"), "image/jpeg")),
    media("markup", content=attachment(MARKUP, "image/svg+xml", "Sketch")),
    photograph(),
    binary(),
]
BEN = [patient("p2", "Ben"), media("bens", subject={"reference": "Patient/p2"})]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "records"
    folder.mkdir()
    for name, resources in (("ada", ADA), ("ben", BEN)):
        (folder / f"{name}.json").write_text(json.dumps(bundle(*resources)))
    source = open_location(str(folder), cache=tmp_path / "cache", workers=0)
    with TestClient(make(a_portal(tmp_path, source=source))) as client:
        yield client


NAMED = [
    ("Media/m", ["Chest X-ray, picture (PNG, 96 × 64), on 2020-05-01"]),
    ("DocumentReference/d", ["Photograph, picture (JPEG): Mole of left forearm, on 2021-02-03"]),
    ("Patient/p1", []),
]


@pytest.mark.parametrize(("reference", "names"), NAMED)
def test_a_resource_names_its_pictures(reference: str, names: list[str], client: TestClient) -> None:
    assert client.get(f"/api/patients/p1/resources/{reference}").json()["pictures"] == names


SHOWN = [("Media/m", (96, 64)), ("DocumentReference/d", (96, 64)), ("Media/wide", (896, 448))]


@pytest.mark.parametrize(("reference", "size"), SHOWN)
def test_a_picture_is_given_as_png(reference: str, size: tuple[int, int], client: TestClient) -> None:
    given = client.get(f"/api/patients/p1/resources/{reference}/pictures/1")
    assert given.status_code == 200
    assert given.headers["content-type"] == "image/png"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["cache-control"] == "no-store"
    assert Image.open(io.BytesIO(given.content)).size == size


SKETCH = "Sketch, picture (SVG, 96 × 64), on 2020-05-01"
REFUSED = [
    ("p1/resources/Media/m/pictures/2", 404, "This record has no picture 2 of Media/m."),
    ("p1/resources/Media/none/pictures/1", 404, "This record has no picture 1 of Media/none."),
    ("p1/resources/Media/bens/pictures/1", 404, "This record has no picture 1 of Media/bens."),
    (
        "p1/resources/Media/markup/pictures/1",
        404,
        f"{SKETCH} [Media/markup], cannot be shown: it is neither PNG, JPEG nor DICOM.",
    ),
    ("p1/resources/Media/m/pictures/0", 422, ""),
    ("p1/resources/Media/m/pictures/99", 422, ""),
]


@pytest.mark.parametrize(("path", "status", "detail"), REFUSED)
def test_what_cannot_be_shown(path: str, status: int, detail: str, client: TestClient) -> None:
    refused = client.get(f"/api/patients/{path}")
    assert refused.status_code == status
    assert not detail or refused.json() == {"detail": detail}


def test_whoever_may_see_one_patient_sees_no_picture_of_another(client: TestClient) -> None:
    client.app.dependency_overrides[calling] = lambda: Caller(subject="user", patient="Patient/p1")  # type: ignore[attr-defined]
    assert client.get("/api/patients/p2/resources/Media/bens/pictures/1").status_code == 403
    assert client.get("/api/patients/p1/resources/Media/m/pictures/1").status_code == 200
