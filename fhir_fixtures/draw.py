"""Two drawings, a chest film and a mole, and the record of a patient who has them -> `pictures/Pia_Lindqvist.json`.

    python -m fhir_fixtures.draw

Both are drawn here, with a fixed seed, and show nobody: what reads pictures has something to look at. The record is
apart from those in `records/`, so that no question about these counts it.
"""

import base64
import io
import random
from pathlib import Path
from typing import Any

import orjson
from PIL import Image, ImageDraw, ImageFilter

from fhir_fixtures import pictures

PATIENT = {"reference": "Patient/pia"}


def chest() -> Image.Image:
    """Draw a chest film: two dark lungs, ribs, a spine, and the shadow of a heart."""
    film = Image.new("L", (192, 192), 150)
    pen = ImageDraw.Draw(film)
    for left, right in ((30, 88), (104, 162)):
        pen.ellipse((left, 26, right, 150), fill=45)
    pen.ellipse((78, 84, 134, 148), fill=165)
    pen.rectangle((91, 12, 101, 180), fill=185)
    for rib in range(8):
        top = 34 + 14 * rib
        pen.arc((24, top, 94, top + 44), 200, 340, fill=95, width=3)
        pen.arc((98, top, 168, top + 44), 200, 340, fill=95, width=3)
    return _grained(film.filter(ImageFilter.GaussianBlur(1.6)), 7, 4)


def mole() -> Image.Image:
    """Draw a mole on skin: uneven, of two browns, beside a ruler of 10 mm."""
    skin = Image.new("RGB", (160, 120), (224, 182, 156))
    pen = ImageDraw.Draw(skin)
    pen.ellipse((52, 32, 104, 76), fill=(110, 66, 44))
    pen.ellipse((80, 44, 116, 82), fill=(84, 48, 34))
    pen.ellipse((62, 40, 80, 56), fill=(140, 92, 64))
    skin = skin.filter(ImageFilter.GaussianBlur(1.2))
    pen = ImageDraw.Draw(skin)
    for mm in range(11):
        pen.line((30 + 10 * mm, 108, 30 + 10 * mm, 100 if mm % 5 else 94), fill=(20, 20, 20))
    return skin


def record() -> dict[str, Any]:
    """Return the Bundle of the patient: a Media that holds its picture, a document whose picture is a Binary."""
    film = {
        "resourceType": "Media",
        "id": "chest",
        "status": "completed",
        "type": _coded("http://terminology.hl7.org/CodeSystem/media-type", "image", "Image"),
        "modality": _coded("http://dicom.nema.org/resources/ontology/DCM", "DX", "Digital Radiography"),
        "view": {"text": "posteroanterior"},
        "subject": PATIENT,
        "createdDateTime": "2024-03-11T09:20:00+01:00",
        "bodySite": _coded("http://snomed.info/sct", "51185008", "Thoracic structure"),
        "width": 192,
        "height": 192,
        "content": _attachment(_written(chest(), "PNG"), "image/png", "Chest X-ray"),
    }
    report = {
        "resourceType": "DiagnosticReport",
        "id": "chest-report",
        "status": "final",
        "category": [_coded("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology")],
        "code": {"text": "Chest X-ray"},
        "subject": PATIENT,
        "effectiveDateTime": "2024-03-11T09:20:00+01:00",
        "media": [{"link": {"reference": "Media/chest"}}],
        "conclusion": "Lungs clear. Heart of normal size.",
    }
    photograph = {
        "resourceType": "DocumentReference",
        "id": "mole-photograph",
        "status": "current",
        "type": _coded("http://loinc.org", "72170-4", "Photographic image Unspecified body region"),
        "subject": PATIENT,
        "date": "2025-06-02T14:05:00+02:00",
        "content": [
            {
                "attachment": {
                    "contentType": "image/jpeg",
                    "title": "Mole of left forearm",
                    "url": "Binary/mole",
                }
            }
        ],
    }
    binary = {
        "resourceType": "Binary",
        "id": "mole",
        "contentType": "image/jpeg",
        "data": base64.b64encode(_written(mole(), "JPEG")).decode(),
    }
    found = {
        "resourceType": "Condition",
        "id": "mole",
        "clinicalStatus": _coded(
            "http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"
        ),
        "code": _coded("http://snomed.info/sct", "400096001", "Melanocytic nevus of skin"),
        "subject": PATIENT,
        "onsetDateTime": "2025-06-02",
    }
    patient = {
        "resourceType": "Patient",
        "id": "pia",
        "name": [{"use": "official", "given": ["Pia"], "family": "Lindqvist"}],
        "gender": "female",
        "birthDate": "1961-03-04",
    }
    entries = [{"resource": each} for each in (patient, film, report, found, photograph, binary)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def main() -> None:
    """Write the record."""
    (Path(pictures()) / "Pia_Lindqvist.json").write_bytes(
        orjson.dumps(record(), option=orjson.OPT_INDENT_2) + b"\n"
    )


def _grained(film: Image.Image, seed: int, most: int) -> Image.Image:
    chance = random.Random(seed)
    grains = bytes(max(0, min(255, grey + chance.randint(-most, most))) for grey in film.tobytes())
    return Image.frombytes("L", film.size, grains)


def _written(picture: Image.Image, form: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, optimize=True)
    return file.getvalue()


def _attachment(data: bytes, kind: str, title: str) -> dict[str, Any]:
    return {"contentType": kind, "title": title, "data": base64.b64encode(data).decode()}


def _coded(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


if __name__ == "__main__":
    main()
