"""FHIR R4 Reference -> `Link`; absolute and versioned references become "Type/id".

A reference to a contained resource becomes that resource's name: nothing else can be done with it outside.
"""

from functools import lru_cache
from typing import Any

from tools.entries.concepts import first_concept, names
from tools.entries.entry import JSON, Link
from tools.entries.people import human_name
from tools.entries.shape import obj, objs, text


def literal(value: Any) -> str:
    """Return the reference "Type/id" that a reference string means.

    >>> literal("http://example.org/fhir/Patient/1/_history/2"), literal("Patient/1"), literal("urn:uuid:7")
    ('Patient/1', 'Patient/1', 'urn:uuid:7')
    """
    read = text(value)
    if ":" not in read and "_history" not in read:
        return read
    return _relative(read)


@lru_cache(maxsize=4096)
def _relative(read: str) -> str:
    parts = read.partition("/_history/")[0].split("/")
    absolute = read.startswith(("http://", "https://")) and "?" not in read
    if len(parts) >= 2 and parts[-2][:1].isupper() and (absolute or len(parts) == 2):
        return "/".join(parts[-2:])
    return read


def reference(value: Any) -> str:
    """Return where a Reference points, "" if nowhere."""
    return literal(value.get("reference")) if isinstance(value, dict) else ""


def contained(resource: JSON, local: str) -> JSON:
    """Return the contained resource "#id", {} if there is none."""
    return next(
        (inner for inner in objs(resource.get("contained")) if "#" + text(inner.get("id")) == local), {}
    )


def link(resource: JSON, value: Any) -> Link | None:
    """Read a Reference of `resource`. None if it says nothing."""
    read = obj(value)
    target, display = reference(read), text(read.get("display"))
    if target.startswith("#"):
        target, display = "", display or name_of(contained(resource, target))
    if not target and not display:
        display = text(obj(read.get("identifier")).get("value"))
    return Link(target, display) if target or display else None


def links(resource: JSON, *values: Any) -> tuple[Link, ...]:
    """Read References and lists of them, in order, once each."""
    found = [each for value in values if value for member in objs(value) if (each := link(resource, member))]
    if len(found) < 2:
        return tuple(found)
    return tuple({(each.reference, each.display): each for each in found}.values())


def reasons(resource: JSON) -> tuple[Link, ...]:
    """Return why: reasonCode in words, reasonReference as links."""
    if "reasonCode" not in resource and "reasonReference" not in resource and "reason" not in resource:
        return ()
    said = [Link("", name) for name in names(resource.get("reasonCode"))]
    return (*said, *links(resource, resource.get("reasonReference"), resource.get("reason")))


def named(value: Any) -> str:
    """Return how to call what a Reference points to: its display, else where it points."""
    read = obj(value)
    return text(read.get("display")) or reference(read)


def name_of(resource: JSON) -> str:
    """Return the name of any resource: what it is called, else what it is, else ""."""
    called = resource.get("name")
    return (
        text(called)
        or human_name(called)
        or first_concept(resource.get("code"), resource.get("type")).display
    )
