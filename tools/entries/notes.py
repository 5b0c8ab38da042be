"""An entry -> the plain text that people wrote in it: notes, reports, conclusions, annotations.

Attachments are base64 (RFC 4648): UTF-8, else Latin-1; HTML and XML become text. Read only when asked for.
Not covered: PDF, images, RTF and attachments that are only linked: they are not text of this record.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tools.calls.errors import UnreadableRecord
from tools.entries.composition import sections
from tools.entries.entry import JSON, Entry
from tools.entries.shape import obj, objs, text

_BLOCKS = frozenset({"p", "div", "br", "hr", "pre", "section", "title", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS |= {"ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "list", "item", "paragraph"}
_SILENT = frozenset({"script", "style", "head"})
_MARKUP = frozenset(
    {"text/html", "text/xml", "application/xml", "application/xhtml+xml", "application/hl7-cda+xml"}
)
_TAG = re.compile(r"\s*<[!?/a-zA-Z]")
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")


def text_of(entry: Entry) -> str:
    """Return the written text of an entry, its pieces separated by an empty line; "" if it has none.

    Raises:
        UnreadableRecord: an attachment is not valid base64, or there are attachments but none is text.
    """
    attachments = list(_attachments(entry.raw))
    read = [_decoded(entry.reference, place, each) for place, each in enumerate(attachments, 1)]
    pieces = [piece for piece in [*read, *_written(entry.raw)] if piece]
    if not pieces and attachments:
        kinds = ", ".join(text(each.get("contentType")) or "an unnamed format" for each in attachments)
        raise UnreadableRecord(f"{entry.reference}: no text in its attachments ({kinds}).")
    return "\n\n".join(dict.fromkeys(pieces))


def _attachments(raw: JSON) -> Iterator[JSON]:
    for content in objs(raw.get("content")):
        yield from objs(content.get("attachment"))
    yield from objs(raw.get("presentedForm"))


def _decoded(reference: str, place: int, attachment: JSON) -> str:
    written, kind = attachment.get("data"), _kind(attachment)
    if not isinstance(written, str) or not _is_text(kind):
        return ""
    try:
        data = base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableRecord(f"{reference}: attachment {place} is not valid base64 ({error}).") from error
    return _readable(_characters(data), kind)


def _kind(attachment: JSON) -> str:
    return text(attachment.get("contentType")).lower().partition(";")[0].strip()


def _is_text(kind: str) -> bool:
    return (
        kind in ("", "application/json")
        or kind in _MARKUP
        or (kind.startswith("text/") and kind != "text/rtf")
    )


def _characters(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _readable(written: str, kind: str) -> str:
    unnamed_markup = kind == "" and _TAG.match(written) is not None
    return (
        strip_markup(written) if kind in _MARKUP or unnamed_markup else written.replace("\r\n", "\n").strip()
    )


def _written(raw: JSON) -> Iterator[str]:
    for section in sections(raw):
        yield "\n".join(part for part in (text(section.get("title")), _narrative(section)) if part)
    yield text(raw.get("conclusion"))
    for note in objs(raw.get("note")):
        yield text(note.get("text"))
    yield text(raw.get("comment"))


def _narrative(section: JSON) -> str:
    return strip_markup(text(obj(section.get("text")).get("div")))


def strip_markup(written: str) -> str:
    r"""Return the text of HTML or XML, a line for each block.

    >>> strip_markup("<div><p>Chest pain &amp; cough</p><ul><li>2 days</li></ul></div>")
    'Chest pain & cough\n2 days'
    """
    reader = _Text()
    reader.feed(written.replace("<![CDATA[", "").replace("]]>", "").replace("<![", "&lt;!["))
    reader.close()
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _Text(HTMLParser):
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
