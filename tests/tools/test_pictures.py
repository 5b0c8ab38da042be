"""Pictures of a record: which there are, what a model and a page get, and what is said of those that are broken."""

import io
import re
import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from tests.builders import patient, patient_record
from tests.tools.entries.entry_cases import made
from tests.tools.pictures_for_tests import PATIENT, attachment, binary, drawn, media, photograph, written
from tools.entries import Entry, parse
from tools.pictures import NoPicture, Picture, pictures_of
from tools.record import PatientRecord


def record(*resources: dict[str, Any]) -> PatientRecord:
    return patient_record(patient(), *resources)


def of(entry: str, *resources: dict[str, Any]) -> tuple[Picture, ...]:
    read = record(*resources)
    found = read.get(entry)
    assert isinstance(found, Entry)
    return pictures_of(found, read)


def one(*resources: dict[str, Any]) -> Picture:
    (picture,) = of(f"{resources[0]['resourceType']}/{resources[0]['id']}", *resources)
    return picture


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def dicom(pixels: np.ndarray, how: str = "MONOCHROME2", **more: Any) -> bytes:
    file = Dataset()
    file.file_meta = FileMetaDataset()
    file.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    file.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    file.SOPClassUID = SecondaryCaptureImageStorage
    file.PatientName = "Nobody^Nowhere"
    colours = pixels.ndim == 3 and pixels.shape[2] == 3
    rows, columns = pixels.shape[:2] if colours or pixels.ndim == 2 else pixels.shape[1:]
    file.Rows, file.Columns = rows, columns
    file.SamplesPerPixel, file.PhotometricInterpretation = (3, "RGB") if colours else (1, how)
    if colours:
        file.PlanarConfiguration = 0
    elif pixels.ndim == 3:
        file.NumberOfFrames = pixels.shape[0]
    bits = pixels.dtype.itemsize * 8
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = bits, bits, bits - 1, 0
    file.PixelData = pixels.tobytes()
    for name, value in more.items():
        setattr(file, name, value)
    written = io.BytesIO()
    file.save_as(written, enforce_file_format=True)
    return written.getvalue()


def noted(tag: int, value: Any) -> Image.Exif:
    notes = Image.Exif()
    notes[tag] = value
    return notes


PLAIN, DEFLATED = b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99"
RAMP = np.arange(64 * 96, dtype=np.uint16).reshape(64, 96)


@dataclass(frozen=True)
class Named:
    id: str
    resource: dict[str, Any]
    expected: list[tuple[str, str]]


NAMED = [
    Named("a Media", media(), [("PNG", "Chest X-ray")]),
    Named("a Media of a part of the body", media(content=attachment(b"", "image/jpeg")), [("JPEG", "")]),
    Named("a Media that does not say what it holds", media(content={"url": "Binary/b"}), [("", "")]),
    Named("a film is no picture", media(content=attachment(b"", "video/mp4")), []),
    Named("a document", photograph(), [("JPEG", "Mole of left forearm")]),
    Named(
        "a document with a text and two pictures",
        photograph(
            content=[
                {"attachment": attachment(b"text", "text/plain")},
                {"attachment": attachment(b"", "image/png", "Left")},
                {"attachment": attachment(b"", "application/dicom", "Right")},
            ]
        ),
        [("PNG", "Left"), ("DICOM", "Right")],
    ),
    Named(
        "told by how it begins",
        photograph(content=[{"attachment": attachment(written(drawn(), "JPEG"), kind=None)}]),
        [("JPEG", "")],
    ),
    Named("a note has none", photograph(content=[{"attachment": attachment(b"text", kind=None)}]), []),
    Named(
        "the form of a report",
        made("DiagnosticReport", subject=PATIENT, presentedForm=[attachment(b"", "image/png", "Film")]),
        [("PNG", "Film")],
    ),
    Named("an empty one", made("DocumentReference", content=[{"attachment": {}}, {}, None]), []),
    Named("another kind", made("Observation", content=attachment(b"", "image/png")), []),
]


@pytest.mark.parametrize("case", NAMED, ids=lambda case: case.id)
def test_an_entry_knows_its_pictures(case: Named) -> None:
    assert [(each.format, each.title) for each in parse(case.resource).pictures] == case.expected


NAMES = [
    ("its title", media(), "Chest X-ray"),
    (
        "how it was made and of what",
        media(content={}, modality={"text": "Digital Radiography"}, bodySite={"text": "Chest"}),
        "Digital Radiography of Chest",
    ),
    ("its view", media(content={}, view={"text": "Lateral"}), "Lateral"),
    ("its type", media(content={}), "Image"),
    ("nothing at all", {"resourceType": "Media", "id": "m"}, "Picture"),
]


@pytest.mark.parametrize(("why", "resource", "name"), NAMES, ids=lambda part: str(part)[:30])
def test_a_media_is_called_by(why: str, resource: dict[str, Any], name: str) -> None:
    assert parse(resource).display == name


def test_a_picture_says_what_it_is() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "subject": PATIENT,
        "code": {"text": "Chest film"},
    }
    report |= {"media": [{"link": {"reference": "Media/m"}}, {"link": {"reference": "Media/none"}}]}
    assert [(p.reference, p.name) for p in of("DiagnosticReport/r", report, media())] == [
        ("DiagnosticReport/r", "Chest X-ray, picture (PNG, 96 × 64), on 2020-05-01")
    ]
    assert (
        one(photograph(), binary()).name == "Photograph, picture (JPEG): Mole of left forearm, on 2021-02-03"
    )


SHOWN = [
    ("grey", written(drawn()), "L", (96, 64), (30, 200)),
    ("colours", written(drawn(mode="RGB")), "RGB", (96, 64), ((0, 0, 0), (255, 255, 255))),
    ("what is transparent is white", written(drawn(mode="RGBA")), "RGB", (96, 64), ((255,) * 3, (255,) * 3)),
    ("a palette", written(drawn(mode="RGB").convert("P")), "RGB", (96, 64), ((0, 0, 0), (255, 255, 255))),
    ("16 bits, darkest to brightest", written(drawn(mode="I;16")), "L", (96, 64), (0, 255)),
    ("a photograph", written(drawn(), "JPEG"), "L", (96, 64), (30, 200)),
    ("a large one", written(drawn((3000, 1500))), "L", (896, 448), (30, 200)),
    ("one that lies on its side", written(drawn(), "JPEG", exif=noted(0x0112, 6)),
     "L", (64, 96), (30, 200)),
    ("DICOM", dicom(RAMP), "L", (96, 64), (0, 128)),
    ("DICOM where black is white", dicom(RAMP, "MONOCHROME1"), "L", (96, 64), (255, 127)),
    ("DICOM through its window", dicom(RAMP, WindowCenter=1000, WindowWidth=2000), "L", (96, 64), (0, 255)),
    ("the middle one of three", dicom(np.stack([RAMP, RAMP[::-1], RAMP])), "L", (96, 64), (253, 128)),
    ("DICOM in colours", dicom(np.full((64, 96, 3), 90, np.uint8)), "RGB", (96, 64), ((90,) * 3, (90,) * 3)),
    ("a large DICOM", dicom(np.zeros((4000, 2000), np.uint8)), "L", (448, 896), (0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "data", "mode", "size", "pixels"), SHOWN, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_picture_is_shown_as_png(why: str, data: bytes, mode: str, size: Any, pixels: Any) -> None:
    shown = opened(one(media(content=attachment(data, kind=None))).png())
    assert (shown.format, shown.mode, shown.size) == ("PNG", mode, size)
    corner, middle = (shown.getpixel(at) for at in ((0, 0), (size[0] // 2, size[1] // 2)))
    assert np.allclose(np.array([corner, middle]), np.array(pixels), atol=3)


def test_a_binary_of_the_record_is_read() -> None:
    assert opened(one(photograph(), binary()).png()).size == (96, 64)


def test_what_is_written_beside_the_pixels_is_dropped() -> None:
    data = written(drawn(), "PNG", exif=noted(0x010E, "Pia Bildner"))
    assert b"Pia Bildner" in data
    assert b"Pia Bildner" not in one(media(content=attachment(data))).png()
    assert b"Nobody" not in one(media(content=attachment(dicom(RAMP)))).png()


def vast_png() -> bytes:
    """A PNG that says it has 400 megapixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + head
        + struct.pack(">I", zlib.crc32(head))
        + b"\0\0\0\0IDAT"
    )


BAD = [
    ("nothing there", {}, "it is empty"),
    ("at another address", {"url": "https://example.org/film.png"}, "it is elsewhere"),
    ("a Binary that the record lacks", {"url": "Binary/none"}, "it is elsewhere"),
    ("a file of this machine", {"url": "file:///etc/passwd"}, "it is elsewhere"),
    ("no base64", {"contentType": "image/png", "data": "###"}, "it is not valid base64"),
    ("too many bytes", {"contentType": "image/png", "data": "A" * 27_000_000}, "it is larger than 20 MB"),
    ("cut off", attachment(written(drawn((300, 300), "RGB"), "JPEG")[:-700]), "it is broken"),
    ("cut off in its head", attachment(written(drawn())[:30]), "it is neither PNG, JPEG nor DICOM"),
    ("another format", attachment(written(drawn(), "TIFF"), "image/tiff"), "it is neither PNG, JPEG nor DICOM"),
    ("a text", attachment(b"<svg onload=alert(1)>"), "it is neither PNG, JPEG nor DICOM"),
    ("too many pixels", attachment(vast_png()), "it is larger than 40 megapixels"),
    ("45 megapixels", attachment(written(Image.new("1", (9000, 5000)))), "it is larger than 40 megapixels"),
    ("100 megapixels", attachment(written(Image.new("1", (10000, 10000)))), "it is larger than 40 megapixels"),
    ("DICOM cut off", attachment(dicom(RAMP)[:-5000]), "it is broken"),
    ("DICOM that packs any size", attachment(dicom(RAMP).replace(PLAIN, DEFLATED)), "it is a deflated DICOM"),
    ("DICOM of a text", attachment(dicom(RAMP).partition(b"\xe0\x7f\x10\0")[0]), "it is a DICOM without a picture"),
    ("DICOM of 41 megapixels", attachment(dicom(RAMP, Rows=6400, Columns=6500)), "it is larger than 40 megapixels"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "content", "trouble"), BAD, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_picture_that_cannot_be_shown_says_why(why: str, content: dict[str, Any], trouble: str) -> None:
    picture = one(photograph(content=[{"attachment": {"contentType": "image/png", **content}}]))
    with pytest.raises(
        NoPicture, match=rf"\[DocumentReference/d\], cannot be shown: {re.escape(trouble)}\.$"
    ):
        picture.png()


@pytest.mark.parametrize("package", ["PIL", "pydicom"])
def test_a_package_that_is_missing_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.pictures.find_spec", lambda name: None if name == package else object())
    with pytest.raises(
        NoPicture, match="which is not installed: pip install 'fhir-record-assistant.pictures.'"
    ):
        one(media(content=attachment(dicom(RAMP)))).png()


def test_no_damage_to_a_file_is_anything_but_said() -> None:
    chance = np.random.default_rng(7)
    for data in (written(drawn()), written(drawn(), "JPEG"), dicom(RAMP[:8, :8])):
        for _ in range(150):
            broken = bytearray(data)
            for at in chance.integers(0, len(data), size=chance.integers(1, 6)):
                broken[at] = chance.integers(0, 256)
            picture = one(media(content=attachment(bytes(broken), kind=None)))
            with suppress(NoPicture):
                assert opened(picture.png()).format == "PNG"
