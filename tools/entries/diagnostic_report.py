"""FHIR R4 `DiagnosticReport` -> `Entry`: a panel of results, an imaging or pathology report, a note.

`parts` are its results, its imaging studies, its pictures (Media). Void: registered, cancelled, entered in error.
Without an effective time it starts when it was issued. Details: "dated by" (then), "conclusion", "coded conclusion".
The text of the report is `tools.entries.text_of`.
"""

from typing import Any

from tools.entries.attachments import pictures_in
from tools.entries.concepts import also, concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.references import links
from tools.entries.shape import objs, text

_PARTS = ("result", "imagingStudy", "study")


def parse(resource: JSON) -> Entry:
    """Read a DiagnosticReport."""
    code = concept(resource.get("code"))
    category = labels(resource.get("category"))
    when = times(resource, "effectiveDateTime", "effectivePeriod")
    issued = None if when.start or when.end else times(resource, "issued").start
    concluded = names(resource.get("conclusionCode"))
    return Entry(
        **head(resource),
        display=code.display or (category[-1] + " report" if category else "Report"),
        codings=code.codings,
        category=category,
        start=when.start or issued,
        end=when.end,
        who=links(resource, resource.get("performer"), resource.get("resultsInterpreter")),
        parts=links(resource, *(resource.get(key) for key in _PARTS), *_media(resource)),
        pictures=pictures_in(resource),
        details=also(code)
        + when.odd
        + details(
            ("dated by", "when it was issued" if issued else ""),
            ("conclusion", text(resource.get("conclusion"))),
            ("coded conclusion", ", ".join(concluded)),
        ),
        counts=tuple(("coded conclusion", name) for name in concluded),
    )


def _media(resource: JSON) -> list[Any]:
    return [each.get("link") for each in objs(resource.get("media"))]
