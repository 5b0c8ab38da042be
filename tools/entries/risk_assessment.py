"""FHIR R4 `RiskAssessment` -> `Entry`: what may happen to the patient, and how likely it is.

Each prediction is a component: its outcome is the name, how likely the value. Details:
"method", "mitigation", "note".
"""

from typing import Any

from tools.entries.concepts import also, concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, joined, notes
from tools.entries.moments import times
from tools.entries.quantities import count, in_words
from tools.entries.references import links, reasons
from tools.entries.shape import objs, text


def parse(resource: JSON) -> Entry:
    """Read a RiskAssessment."""
    code = concept(resource.get("code"))
    when = times(resource, "occurrenceDateTime", "occurrencePeriod")
    base = head(resource) | {"start": when.start}
    return Entry(
        **base,
        display=code.display or "Risk assessment",
        codings=code.codings,
        end=when.end,
        components=tuple(_prediction(each, base) for each in objs(resource.get("prediction"))),
        who=links(resource, resource.get("performer")),
        reasons=reasons(resource),
        details=also(code)
        + when.odd
        + details(
            ("method", concept(resource.get("method")).display),
            ("mitigation", text(resource.get("mitigation"))),
            ("note", notes(resource)),
        ),
    )


def _prediction(predicted: JSON, base: dict[str, Any]) -> Entry:
    outcome = concept(predicted.get("outcome"))
    likely = count(predicted.get("probabilityDecimal")) or in_words(predicted.get("probabilityRange"))
    risk = concept(predicted.get("qualitativeRisk")).display
    return Entry(
        **base,
        display=outcome.display or "Outcome",
        codings=outcome.codings,
        value=joined(risk, f"probability {likely}" if likely else "") or None,
        details=details(("rationale", text(predicted.get("rationale")))),
    )
