"""FHIR R4 `AllergyIntolerance` -> `Entry`.

`start` is the onset, else when it was recorded; `category` food, medication, environment, biologic.
Details: "reaction" (one for each: manifestation, severity), "criticality", "type", "severity" (the worst),
"last reaction", "onset", "verification", "recorded", "note". Several codings: the first names it, "also"
the others.
"""

from tools.entries.concepts import Concept, also, code_of, concept, first_concept, labels, names
from tools.entries.condition import onset, standing
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import day
from tools.entries.references import links
from tools.entries.shape import objs, text

_SEVERITIES = ("severe", "moderate", "mild")


def parse(resource: JSON) -> Entry:
    """Read an AllergyIntolerance."""
    reactions = objs(resource.get("reaction"))
    code = first_concept(resource.get("code"), *(reaction.get("substance") for reaction in reactions))
    began, onset_words = onset(resource)
    return Entry(
        **head(resource, **standing(resource)),
        display=code.display or "Allergy",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=began.start,
        who=links(resource, resource.get("recorder"), resource.get("asserter")),
        details=also(code)
        + began.odd
        + details(
            ("onset", onset_words),
            *(("reaction", _reaction(reaction, code)) for reaction in reactions),
            ("severity", _worst(reactions)),
            ("criticality", text(resource.get("criticality"))),
            ("type", code_of(resource.get("type"))),
            ("last reaction", day(resource.get("lastOccurrence"))),
            ("verification", _doubt(resource)),
            ("recorded", day(resource.get("recordedDate")) if "onsetDateTime" not in resource else ""),
            ("note", notes(resource)),
        ),
    )


def _reaction(reaction: JSON, code: Concept) -> str:
    signs = names(_unwrapped(reaction)) or [text(reaction.get("description"))]
    severity, substance = text(reaction.get("severity")), concept(reaction.get("substance")).display
    shown = " and ".join(sign for sign in signs if sign)
    if substance and substance != code.display:
        shown = f"{shown} to {substance}".strip()
    return f"{shown} ({severity})" if shown and severity else shown or severity


def _unwrapped(reaction: JSON) -> object:
    """Return the manifestations; R5 wraps each concept once more."""
    signs = reaction.get("manifestation")
    return [sign.get("concept", sign) for sign in objs(signs)] if isinstance(signs, list) else signs


def _worst(reactions: object) -> str:
    seen = {text(reaction.get("severity")) for reaction in objs(reactions)}
    return next((severity for severity in _SEVERITIES if severity in seen), "")


def _doubt(resource: JSON) -> str:
    verified = code_of(resource.get("verificationStatus"))
    return verified if verified != "confirmed" else ""
