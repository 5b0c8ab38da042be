"""What could not be read of a resource -> words.

`tools.sources` takes faulty elements out of a resource and leaves a word of each in an extension of its `meta`.
"""

from tools.entries.entry import JSON
from tools.entries.shape import objs, text

UNREAD = "urn:fhir-record-assistant:unread"
"""The URL of that extension."""


def unread(resource: JSON) -> str:
    """Return what could not be read of a resource, "" if all could."""
    meta = resource.get("meta")
    if not isinstance(meta, dict) or "extension" not in meta:
        return ""
    said = (text(each.get("valueString")) for each in objs(meta["extension"]) if each.get("url") == UNREAD)
    return "; ".join(filter(None, said))
