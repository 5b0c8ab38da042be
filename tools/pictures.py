"""The pictures of a record -> PNGs that a model can look at and a page can show.

PNG, JPEG and DICOM (the middle one of several frames, through the window that the file names), at most 896 x 896,
which is what MedGemma sees. What is written beside the pixels in a file is dropped; what is written into a picture
stays. Bounded: 20 MB, 40 megapixels. Left out: films, other formats, what is not in the record, what pictures show.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tools.calls.errors import RecordError
from tools.entries.attachments import NoContent, attachments_in, content_of
from tools.entries.entry import Attached, Entry
from tools.record import PatientRecord
from tools.wording.words import name_of, on_day, shown_picture

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 896
"""Pixels of the longer side, at most."""
MOST_BYTES, MOST_PIXELS = 20_000_000, 40_000_000
_DEFLATED = b"1.2.840.10008.1.2.1.99"
"""The DICOM transfer syntax that may unpack to any size."""
_BROKEN = (
    *(
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        LookupError,
        MemoryError,
        NotImplementedError,
    ),
    *(OSError, RecursionError, RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zlib.error),
)
"""What Pillow and pydicom raise over broken files beside errors of their own."""


class NoPicture(RecordError):
    """A picture of the record cannot be shown; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the record, not yet looked at.

    Attributes:
        reference: the resource that is cited for it, e.g. "Media/1": the one whose picture it is, or the report.
        name: what it is, in words: "Chest X-ray, picture (PNG, 96 × 64), on 2020-05-01".
    """

    reference: str
    name: str
    _entry: Entry
    _attached: Attached
    _record: PatientRecord

    def png(self) -> bytes:
        """Return it as PNG, at most 896 x 896.

        Raises:
            NoPicture: it is broken, too large, of another format, not in the record, or a package is missing.
        """
        attachment = list(attachments_in(self._entry.raw))[self._attached.at]
        try:
            data, _ = content_of(attachment, self._record.attached, MOST_BYTES)
            return _png(data)
        except NoContent as trouble:
            raise NoPicture(f"{self.name} [{self.reference}], cannot be shown: {trouble}.") from None


def pictures_of(entry: Entry, record: PatientRecord) -> tuple[Picture, ...]:
    """Return the pictures of an entry; of a report also those that it names."""
    return tuple(
        Picture(entry.reference, _named(each, held), held, each, record)
        for held in (entry, *_linked(entry, record))
        for each in held.pictures
    )


def _named(attached: Attached, entry: Entry) -> str:
    name = name_of(entry.display, entry.kind)
    day = on_day(entry.start.day) if entry.start else ""
    return ", ".join(filter(None, (name, shown_picture(attached, name), day)))


def _linked(entry: Entry, record: PatientRecord) -> Iterator[Entry]:
    for part in entry.parts if entry.kind == "DiagnosticReport" else ():
        media = record.get(part.reference) if part.reference.startswith("Media/") else None
        if media and not media.void:
            yield media


def _png(data: bytes) -> bytes:
    """Return a picture of any format that is read as PNG.

    Raises:
        NoContent: it is none that is read.
    """
    if find_spec("PIL") is None:
        raise NoContent(
            "it needs Pillow, which is not installed: pip install 'fhir-record-assistant[pictures]'"
        )
    try:
        image = _dicom(data) if data[128:132] == b"DICM" else _opened(data)
        return _plain(image)
    except _BROKEN:
        raise NoContent("it is broken") from None


def _opened(data: bytes) -> "Image":
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except UnidentifiedImageError:
        raise NoContent("it is neither PNG, JPEG nor DICOM") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    if image.width * image.height > MOST_PIXELS:
        raise _too_large()
    if image.mode.startswith(("I", "F")):
        image = _as_grey(image)
    image.thumbnail((SIDE, SIDE))
    return ImageOps.exif_transpose(image)


def _as_grey(image: "Image") -> "Image":
    """Return a picture of 16 or 32 bits in 8, from its darkest to its brightest."""
    import numpy as np

    return _stretched(np.asarray(image))


def _stretched(pixels: Any) -> "Image":
    import numpy as np
    from PIL import Image

    values = pixels.astype(np.float32)
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255 / (high - low)) if high > low else values * 0
    return Image.fromarray(scaled.round().astype(np.uint8))


def _plain(image: "Image") -> bytes:
    """Return the pixels alone; what is transparent is white."""
    from PIL import Image

    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    mode = "L" if image.mode in ("1", "L") else "RGB"
    plain = Image.new(mode, image.size)
    plain.paste(image.convert(mode))
    written = io.BytesIO()
    plain.save(written, "PNG")
    return written.getvalue()


def _dicom(data: bytes) -> "Image":
    if find_spec("pydicom") is None:
        raise NoContent(
            "DICOM needs pydicom, which is not installed: pip install 'fhir-record-assistant[pictures]'"
        )
    if _DEFLATED in data:
        raise NoContent("it is a deflated DICOM")
    from pydicom import config, dcmread
    from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
    from pydicom.pixels.utils import pixel_array

    config.logger.setLevel("CRITICAL")  # it would write what stands in broken files
    config.settings.reading_validation_mode = config.IGNORE
    file = dcmread(io.BytesIO(data))
    if "PixelData" not in file:
        raise NoContent("it is a DICOM without a picture")
    if int(file.Rows) * int(file.Columns) > MOST_PIXELS:
        raise _too_large()
    frames = int(file.get("NumberOfFrames") or 1)
    pixels = pixel_array(file, index=frames // 2 if frames > 1 else 0)
    step = max(1, max(pixels.shape[:2]) // (2 * SIDE))
    pixels = pixels[::step, ::step]
    how = str(file.PhotometricInterpretation)
    if pixels.ndim == 3:
        image = _coloured(pixels)
    elif how == "PALETTE COLOR":
        raise NoContent("it is a DICOM with a palette of colours")
    else:
        image = _stretched(apply_voi_lut(apply_modality_lut(pixels, file), file))
        image = image.point(lambda value: 255 - value) if how == "MONOCHROME1" else image
    image.thumbnail((SIDE, SIDE))
    return image


def _coloured(pixels: Any) -> "Image":
    import numpy as np
    from PIL import Image

    return Image.fromarray(np.ascontiguousarray(pixels, dtype=np.uint8))


def _too_large() -> NoContent:
    return NoContent(f"it is larger than {MOST_PIXELS // 10**6} megapixels")
