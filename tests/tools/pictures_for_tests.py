"""Small pictures drawn for the tests, and resources that hold them."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw

PATIENT = {"reference": "Patient/p1"}


def drawn(size: tuple[int, int] = (96, 64), mode: str = "L") -> Image.Image:
    """A bright disc on a dark ground."""
    image = Image.new(mode, size, 30 if mode in ("L", "I;16") else None)
    width, height = size
    fill = 200 if mode in ("L", "I;16") else "white"
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, 3 * width // 4, 3 * height // 4), fill=fill)
    return image


def written(image: Image.Image, form: str = "PNG", **how: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **how)
    return file.getvalue()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def attachment(data: bytes, kind: str | None = "image/png", title: str = "") -> dict[str, Any]:
    return {
        "data": base64_of(data),
        **({"contentType": kind} if kind else {}),
        **({"title": title} if title else {}),
    }


def media(identity: str = "m", **body: Any) -> dict[str, Any]:
    """A chest film as PNG, unless `body` says otherwise."""
    return {
        "resourceType": "Media",
        "id": identity,
        "status": "completed",
        "subject": PATIENT,
        "type": {"coding": [{"code": "image", "display": "Image"}]},
        "createdDateTime": "2020-05-01",
        "width": 96,
        "height": 64,
        "content": attachment(written(drawn()), title="Chest X-ray"),
        **body,
    }


def photograph(**body: Any) -> dict[str, Any]:
    """A document with a photograph that is a Binary of the record."""
    return {
        "resourceType": "DocumentReference",
        "id": "d",
        "status": "current",
        "subject": PATIENT,
        "type": {"text": "Photograph"},
        "date": "2021-02-03T10:00:00Z",
        "content": [
            {"attachment": {"contentType": "image/jpeg", "title": "Mole of left forearm", "url": "Binary/b"}}
        ],
        **body,
    }


def binary(data: bytes | None = None) -> dict[str, Any]:
    data = written(drawn(), "JPEG") if data is None else data
    return {"resourceType": "Binary", "id": "b", "contentType": "image/jpeg", "data": base64_of(data)}
