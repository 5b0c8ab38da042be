"""A picture that a server keeps as a Binary is read when it is looked at, of this patient alone, and within bounds."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from tests.builders import patient
from tests.tools.pictures_for_tests import binary, photograph
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import LIMITS
from tests.tools.sources.live.serving import Behaviour, Server, serving
from tests.whole_questions import NOW
from tools.pictures import NoPicture, pictures_of
from tools.record import PatientRecord
from tools.sources.live import LiveRecords

STRANGE = {**binary(), "id": "s"}


@contextmanager
def read(*resources: dict[str, Any], **behaviours: Behaviour) -> Iterator[tuple[Server, PatientRecord]]:
    with serving([patient(), STRANGE, *resources], **behaviours) as server:
        source = LiveRecords(server.base, limits=LIMITS)
        try:
            yield server, source.open("Patient/p1", NOW)
        finally:
            source.close()


def picture(record: PatientRecord) -> Image.Image:
    (entry,) = record.entries("DocumentReference")
    (one,) = pictures_of(entry, record)
    return Image.open(io.BytesIO(one.png()))


def asked(server: Server) -> list[str]:
    return [each.path for each in server.asked if each.path.startswith("Binary")]


def at(server: str) -> dict[str, Any]:
    content = [{"attachment": {"contentType": "image/jpeg", "url": f"{server}Binary/b"}}]
    return photograph(content=content)


def test_it_is_read_when_it_is_looked_at() -> None:
    with read(photograph(), binary()) as (server, record):
        assert record.entries("DocumentReference")[0].pictures
        assert asked(server) == []
        assert picture(record).size == (96, 64)
        assert asked(server) == ["Binary/b"]


@dataclass(frozen=True)
class Case:
    id: str
    resources: tuple[dict[str, Any], ...]
    behaviour: Behaviour | None = None
    asked: int = 1


CASES = [
    Case("it is not there", (photograph(),)),
    Case(
        "it is another patient's",
        (photograph(), {**binary(), "securityContext": {"reference": "Patient/p2"}}),
    ),
    Case("the server fails", (photograph(), binary()), bad.status(500), LIMITS.tries),
    Case("it is denied", (photograph(), binary()), bad.status(403)),
    Case("it is a web page", (photograph(), binary()), bad.HTML, LIMITS.tries),
    Case("it is at another server", (at("https://elsewhere.example.org/fhir/"), binary()), None, 0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_cannot_be_read_is_elsewhere(case: Case) -> None:
    behaviours = {"Binary": case.behaviour} if case.behaviour else {}
    with read(*case.resources, **behaviours) as (server, record):
        with pytest.raises(NoPicture, match="cannot be shown: it is elsewhere"):
            picture(record)
        assert len(asked(server)) == case.asked


def test_no_binary_is_read_that_no_resource_of_the_patient_names() -> None:
    with read(photograph(), binary()) as (server, record):
        assert record.entries("DocumentReference")
        assert record.attached("Binary/s") is None
        assert record.get("Binary/b") is None
        assert asked(server) == []
