"""Labelled facts of an entry: what does not fit its fields, in the order to show."""

from tools.entries.concepts import Details
from tools.entries.entry import JSON
from tools.entries.shape import objs, text


def details(*pairs: tuple[str, str]) -> Details:
    """Return the labelled facts that say something."""
    return tuple([pair for pair in pairs if pair[1]])


def joined(*words: str) -> str:
    """Return the words that say something, with commas."""
    return ", ".join([word for word in words if word])


def notes(resource: JSON) -> str:
    """Return the annotations of a resource, one after the other."""
    return (
        " ".join(text(note.get("text")) for note in objs(resource.get("note"))).strip()
        if "note" in resource
        else ""
    )
