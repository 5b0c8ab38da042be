"""FHIR R4 `DocumentReference` -> `Entry`: a note or another document.

`display` is its type; `start` when it was written, else when the care it tells of began. Superseded and
preliminary documents carry a caution. Details: "title", "description", "format", "about" (the period of
care). Its text is `tools.entries.text_of`.
"""

from tools.entries.attachments import pictures_in
from tools.entries.concepts import also, first_concept, labels
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import NO_TIMES, period_words, times
from tools.entries.references import links
from tools.entries.shape import obj, objs, text


def parse(resource: JSON) -> Entry:
    """Read a DocumentReference."""
    context = obj(resource.get("context"))
    code = first_concept(resource.get("type"), *objs(resource.get("category")))
    when = times(resource, "date", "indexed", "created")
    when = times(context, "period") if when == NO_TIMES else when
    base = head(resource)
    draft = text(resource.get("docStatus"))
    base["void"] = base["void"] or ("entered-in-error" if draft == "entered-in-error" else "")
    base["caution"] = base["caution"] or ("preliminary" if draft == "preliminary" else "")
    return Entry(
        **base,
        display=code.display or text(resource.get("description")) or "Document",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=when.start,
        who=links(resource, resource.get("author"), resource.get("authenticator")),
        where=links(resource, resource.get("custodian")),
        parts=links(resource, context.get("related")),
        pictures=pictures_in(resource),
        details=also(code) + when.odd + _details(resource, context),
    )


def _details(resource: JSON, context: JSON) -> tuple[tuple[str, str], ...]:
    files = [obj(content.get("attachment")) for content in objs(resource.get("content"))]
    titles = (text(file.get("title")) for file in files)
    formats = dict.fromkeys(text(file.get("contentType")).partition(";")[0] for file in files)
    return details(
        ("title", ", ".join(title for title in titles if title)),
        ("description", text(resource.get("description"))),
        ("format", ", ".join(name for name in formats if name)),
        ("about", period_words(context.get("period"))),
    )
