"""FHIR R4 Attachment -> the plain text in it or the bytes of a picture, or why there is none.

Read are plain text in any character set, HTML, XML, the sections of a CDA document, RTF and PDF, told by their content
where their type is not named; what an attachment names by a URL is a Binary of the same record. Bounded: the bytes,
and the pages and the time of a PDF. Not read: scanned pages, office formats, other addresses.
"""

import base64
import binascii
import codecs
import logging
import re
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from tools.entries.entry import JSON, Attached, Entry
from tools.entries.references import literal
from tools.entries.shape import obj, objs, text

Find = Callable[[str], Entry | None]
"""Finds an entry of the same record by its reference."""
Afford = Callable[[int], bool]
"""Tells whether so many bytes of PDF, which is slow to read, are still to be read."""

LARGEST = 16 * 1024 * 1024
"""Bytes of an attachment that are read as text."""
PAGES, SECONDS, LARGEST_PAGE = 200, 0.8, 2 * 1024 * 1024
"""Pages of a PDF that are read, for how long, and bytes of a page that are looked through."""

_BLOCKS = frozenset({"p", "div", "br", "hr", "pre", "section", "title", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS |= {"ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "list", "item", "paragraph"}
_SILENT = frozenset({"script", "style", "head"})
_MARKUP = frozenset(
    {"text/html", "text/xml", "application/xml", "application/xhtml+xml", "application/hl7-cda+xml"}
)
_RTF, _PDF = frozenset({"text/rtf", "application/rtf", "text/richtext"}), "application/pdf"
_DICOM = "application/dicom"
_BEGINNINGS = {"iVBORw0KGgo": "PNG", "/9j/": "JPEG"}
"""How the base64 of a picture begins."""
_TEXTS = frozenset({"", "application/json", "application/octet-stream", "application/txt"})
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TAG = re.compile(r"\s*<[!?/a-zA-Z]")
_CDA = re.compile(r"<(?:\w+:)?ClinicalDocument\b")
_CHARSET = re.compile(r"""(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_BROKEN = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    *(EOFError, NotImplementedError, OSError, struct.error, zlib.error),
)
"""What readers of broken files raise beside errors of their own."""


class NoContent(Exception):
    """What an attachment holds cannot be had; the message says why."""


class NoText(NoContent):
    """An attachment has no text that can be read; the message says why."""


def anything(size: int) -> bool:
    """Afford to read any PDF."""
    return True


def text_in(attachment: JSON, find: Find, afford: Afford = anything) -> str:
    """Return the text of an attachment.

    Args:
        attachment: FHIR R4 Attachment.
        find: finds the Binary that it names.
        afford: is asked before a PDF is read.

    Raises:
        NoContent: there is none.
    """
    data, kind = content_of(attachment, find)
    if len(data) > LARGEST:
        raise NoText(f"it is larger than {LARGEST // (1024 * 1024)} MiB")
    name = kind.lower().partition(";")[0].strip()
    if data.startswith(b"%PDF") or name == _PDF:
        if not afford(len(data)):
            raise NoText("it is one PDF more than are read of a record")
        return _pdf(data)
    if data.lstrip().startswith(b"{\\rtf") or name in _RTF:
        return _rtf(data)
    if name in _MARKUP:
        return _marked_up(_characters(data, kind))
    is_text = b"\0" not in data or data.startswith(_UTF16)
    if name.startswith("text/") or (is_text and name in _TEXTS):
        written = _characters(data, kind)
        return _marked_up(written) if not name and _TAG.match(written) else _plain(written)
    raise NoText(name or "an unnamed format")


def strip_markup(written: str) -> str:
    r"""Return the text of HTML or XML, a line for each block.

    >>> strip_markup("<div><p>Chest pain &amp; cough</p><ul><li>2 days</li></ul></div>")
    'Chest pain & cough\n2 days'
    """
    return _fed(_Text(), written)


def content_of(attachment: JSON, find: Find, most: int | None = None) -> tuple[bytes, str]:
    """Return what an attachment holds, and its content type, "" if it is not said.

    Args:
        attachment: FHIR R4 Attachment.
        find: finds the Binary that it names.
        most: bytes that are read; None for any number.

    Raises:
        NoContent: it holds nothing that can be read here, or more.
    """
    written, kind = attachment.get("data"), text(attachment.get("contentType"))
    if not isinstance(written, str):
        address = literal(attachment.get("url"))
        binary = find(address) if address.startswith("Binary/") else None
        if binary is None:
            raise NoContent("it is elsewhere" if address else "it is empty")
        written, kind = obj(binary.raw).get("data"), kind or text(obj(binary.raw).get("contentType"))
    encoded = str(written or "")
    if most is not None and len(encoded) // 4 * 3 > most:
        raise NoContent(f"it is larger than {most // 10**6} MB")
    try:
        return base64.b64decode("".join(encoded.split()), validate=True), kind
    except (binascii.Error, ValueError):
        raise NoContent("it is not valid base64") from None


def attachments_in(resource: JSON) -> Iterator[JSON]:
    """Yield the attachments of a Media, a DocumentReference, a DiagnosticReport, in their order."""
    for content in objs(resource.get("content")):
        yield from objs(content.get("attachment")) or (
            (content,) if resource.get("resourceType") == "Media" else ()
        )
    yield from objs(resource.get("presentedForm"))


def pictures_in(resource: JSON) -> tuple[Attached, ...]:
    """Return the pictures that are attached to a resource, told by their content type, else by how they begin."""
    return tuple(
        Attached(
            _format(attachment),
            text(attachment.get("title")),
            _pixels(resource.get("width")),
            _pixels(resource.get("height")),
            at,
        )
        for at, attachment in enumerate(attachments_in(resource))
        if _is_picture(attachment) or _is_of_media(resource, attachment)
    )


def _is_picture(attachment: JSON) -> bool:
    kind = text(attachment.get("contentType")).lower()
    return (
        kind.startswith("image/")
        or kind.partition(";")[0] == _DICOM
        or (not kind and bool(_format(attachment)))
    )


def _is_of_media(resource: JSON, attachment: JSON) -> bool:
    """Tell whether something of a Media, which may be a film or a sound as well, does not say that it is no picture."""
    return resource.get("resourceType") == "Media" and not text(attachment.get("contentType"))


def _format(attachment: JSON) -> str:
    kind = text(attachment.get("contentType")).lower().partition(";")[0]
    if kind:
        subtype = kind.partition("/")[2].removeprefix("x-").partition("+")[0]
        return {"jpg": "JPEG", "pjpeg": "JPEG"}.get(subtype, subtype.upper())
    written = attachment.get("data")
    begins = written.lstrip()[:12] if isinstance(written, str) else ""
    return next((name for start, name in _BEGINNINGS.items() if begins.startswith(start)), "")


def _pixels(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _characters(data: bytes, kind: str) -> str:
    """Return the text of bytes in the character set that they, or their type, name; else UTF-8, else Windows-1252."""
    if data.startswith(_UTF16):
        return data.decode("utf-16", errors="replace")
    named = _CHARSET.search(kind) or _CHARSET.search(data[:1024].decode("ascii", errors="ignore"))
    for charset in (*([named[1]] if named else []), "utf-8-sig"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", errors="replace")


def _plain(written: str) -> str:
    return written.replace("\r\n", "\n").strip()


def _marked_up(written: str) -> str:
    return _fed(_Sections(), written) if _CDA.search(written) else strip_markup(written)


def _rtf(data: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    try:
        return _plain(rtf_to_text(data.decode("latin-1"), errors="ignore"))
    except _BROKEN:
        raise NoText("the RTF is broken") from None


def _pdf(data: bytes) -> str:
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would write what stands in broken files
    try:
        pages = [page.strip() for page in _pages(data)]
    except (PyPdfError, *_BROKEN):
        raise NoText("the PDF is broken or locked") from None
    found = "\n".join(filter(None, pages))
    if not found:
        raise NoText("no text in the PDF, perhaps a scan")
    return found


def _pages(data: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    until = time.monotonic() + SECONDS
    pages = PdfReader(BytesIO(data)).pages
    for read, page in enumerate(pages):
        if read == PAGES or time.monotonic() > until:
            yield f"(only the first {read} of {len(pages)} pages were read)"
            return
        content = page.get_contents()
        if content is not None and len(content.get_data()) <= LARGEST_PAGE:
            yield page.extract_text()


def _fed(reader: "_Text", written: str) -> str:
    reader.feed(written.replace("<![CDATA[", "").replace("]]>", "").replace("<![", "&lt;!["))
    reader.close()
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _Text(HTMLParser):
    """Collects the text of a page. Entities that a document defines are not expanded."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)

    def _break(self, tag: str) -> None:
        self.pieces.append("\n" if tag in _BLOCKS else " " * (tag in ("td", "th")))


class _Sections(_Text):
    """Collects titles and texts of the sections of a CDA document: not its header, nor its coded entries."""

    def __init__(self) -> None:
        super().__init__()
        self._path: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        self._path.append(tag)
        self._break(tag if tag != "text" else "p")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag.rpartition(":")[2])

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in self._path:
            del self._path[len(self._path) - 1 - self._path[::-1].index(tag) :]
        self._break(tag)

    def handle_data(self, data: str) -> None:
        inside = self._path
        told = "section" in inside and ("text" in inside or inside[-1] == "title") and "entry" not in inside
        if told or inside[-1:] == ["title"]:
            self.pieces.append(data)
