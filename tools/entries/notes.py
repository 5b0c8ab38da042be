"""An entry -> the plain text that people wrote in it: notes, reports, conclusions, annotations.

What is attached is read by `attachments`, only when asked for.
"""

from collections.abc import Iterator

from tools.calls.errors import UnreadableRecord
from tools.entries.attachments import Afford, Find, NoContent, anything, attachments_in, strip_markup, text_in
from tools.entries.composition import sections
from tools.entries.entry import JSON, Entry
from tools.entries.shape import obj, objs, text


def _nowhere(reference: str) -> None:
    """Find no entry."""


def text_of(entry: Entry, find: Find = _nowhere) -> str:
    """Return the written text of an entry, its pieces separated by an empty line; "" if it has none.

    Args:
        entry: any entry.
        find: finds an entry of the same record, for attachments that are only named.

    Raises:
        UnreadableRecord: there are attachments, but no text at all.
    """
    pieces, troubles = read_text(entry, find)
    if troubles and not pieces:
        raise UnreadableRecord(f"{entry.reference}: no text in its attachments ({', '.join(troubles)}).")
    return "\n\n".join(pieces)


def read_text(
    entry: Entry, find: Find = _nowhere, afford: Afford = anything
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the pieces of text in an entry, each once, and why attachments gave none; see `attachments.text_in`."""
    pieces, troubles = list[str](), list[str]()
    for attachment in attachments_in(entry.raw):
        try:
            pieces.append(text_in(attachment, find, afford))
        except NoContent as trouble:
            troubles.append(str(trouble))
    pieces += _written(entry.raw)
    return tuple(dict.fromkeys(filter(None, pieces))), tuple(dict.fromkeys(troubles))


def narrative_of(entry: Entry) -> str:
    """Return the narrative of an entry, the text that a person is shown in its place."""
    return _narrative(entry.raw)


def _written(raw: JSON) -> Iterator[str]:
    for section in sections(raw):
        yield "\n".join(part for part in (text(section.get("title")), _narrative(section)) if part)
    yield text(raw.get("conclusion"))
    for note in objs(raw.get("note")):
        yield text(note.get("text"))
    yield text(raw.get("comment"))


def _narrative(section: JSON) -> str:
    return strip_markup(text(obj(section.get("text")).get("div")))
