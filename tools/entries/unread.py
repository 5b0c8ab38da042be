"""What could not be read of a resource -> words.

`tools.sources` takes faulty elements out of a resource and leaves a word of each in an extension of its `meta`.
"""

import re
from collections.abc import Iterable

from tools.entries.entry import JSON
from tools.entries.shape import objs, text

_WHAT_STOOD_THERE = re.compile(r" “[^”]*”")
UNREAD = "urn:fhir-record-assistant:unread"
"""The URL of that extension."""


def unread(resource: JSON) -> str:
    """Return what could not be read of a resource, "" if all could."""
    meta = resource.get("meta")
    if not isinstance(meta, dict) or "extension" not in meta:
        return ""
    said = (text(each.get("valueString")) for each in objs(meta["extension"]) if each.get("url") == UNREAD)
    return "; ".join(filter(None, said))


def by_kind(said: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return what is said of entries, and of how many; of several alike without what stood in each.

    >>> by_kind(["value “high” is not a number", "", "value “low” is not a number", "preliminary"])
    (('value is not a number', 2), ('preliminary', 1))
    """
    found: dict[str, list[str]] = {}
    for words in filter(None, said):
        found.setdefault(_WHAT_STOOD_THERE.sub("", words), []).append(words)
    return tuple((kind if len(alike) > 1 else alike[0], len(alike)) for kind, alike in found.items())
