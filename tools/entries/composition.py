"""FHIR R4 `Composition` -> `Entry`: a structured document.

`display` is its title, else its type; `parts` are the sections and what they list. Its text is
`tools.entries.text_of`. Details: "type" (when it has a title).
"""

from collections.abc import Iterator

from tools.entries.concepts import also, concept, labels
from tools.entries.entry import JSON, Entry, Link
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.references import links
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read a Composition."""
    code = concept(resource.get("type"))
    title = text(resource.get("title"))
    when = times(resource, "date")
    found = list(sections(resource))
    titles = tuple(Link("", name) for section in found if (name := text(section.get("title"))))
    return Entry(
        **head(resource),
        display=title or code.display or "Composition",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        who=links(resource, resource.get("author")),
        where=links(resource, resource.get("custodian")),
        parts=titles + links(resource, *(section.get("entry") for section in found)),
        details=also(code) + when.odd + details(("type", code.display if title else "")),
    )


def sections(resource: JSON) -> Iterator[JSON]:
    """Yield the sections of a Composition and their subsections, in reading order."""
    for section in objs(resource.get("section")):
        yield section
        yield from sections(section)
