"""FHIR R4 `Condition` -> `Entry`: a diagnosis, problem or finding.

`start` is the onset, else when it was recorded (then the detail "recorded" is given too); `end` the
abatement. `status` is the clinical status. Details: "onset" and "abated" when they are an age or words,
"severity", "stage", "body site", "recorded", "verification", "note". Counts: "age at onset" in completed years.
"""

from typing import Any

from tools.entries.concepts import also, code_of, concept, first_concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import NO_TIMES, Times, day, period_words, span_of, times
from tools.entries.quantities import in_words, quantity
from tools.entries.references import links
from tools.entries.shape import obj, objs, text

DOUBTS = frozenset({"unconfirmed", "presumed", "unknown"})
VOID = frozenset({"refuted", "entered-in-error", "provisional", "differential"})


def standing(resource: JSON) -> dict[str, str]:
    """Return status, void and caution of a Condition or AllergyIntolerance from its two statuses."""
    clinical, verified = (
        code_of(resource.get(key)).lower() for key in ("clinicalStatus", "verificationStatus")
    )
    void = verified if verified in VOID else clinical if clinical == "entered-in-error" else ""
    caution = verified if verified in DOUBTS else "unknown" if clinical == "unknown" else ""
    return {"status": clinical, "void": void, "caution": caution}


def onset(resource: JSON) -> tuple[Times, str]:
    """Return when it began, and in words when that is an age, a period or a text."""
    if "onsetDateTime" in resource:
        return span_of(resource["onsetDateTime"]), ""
    if "onsetPeriod" in resource:
        began = span_of(resource["onsetPeriod"])
        return Times(began.start, None, began.odd), period_words(resource["onsetPeriod"])
    words = _words(resource, "onset")
    return times(resource, "recordedDate", "assertedDate"), words


def parse(resource: JSON) -> Entry:
    """Read a Condition."""
    code = first_concept(resource.get("code"), resource.get("stage"))
    began, onset_words = onset(resource)
    ended, ended_words = _abatement(resource)
    guessed = "onsetDateTime" not in resource and "onsetPeriod" not in resource
    shown = standing(resource)
    verified = code_of(resource.get("verificationStatus"))
    return Entry(
        **head(resource, **shown),
        display=code.display or "Condition",
        codings=code.codings,
        category=labels(resource.get("category")),
        start=began.start,
        end=ended.start,
        who=links(resource, resource.get("recorder"), resource.get("asserter")),
        details=also(code)
        + began.odd
        + ended.odd
        + details(
            ("onset", onset_words),
            ("abated", ended_words),
            ("recorded", day(resource.get("recordedDate")) if guessed else ""),
            ("severity", concept(resource.get("severity")).display),
            ("stage", ", ".join(s for stage in objs(resource.get("stage")) if (s := _stage(stage)))),
            ("body site", ", ".join(names(resource.get("bodySite")))),
            ("verification", verified if verified != "confirmed" else ""),
            ("note", notes(resource)),
        ),
        counts=details(("age at onset", _completed_years(resource.get("onsetAge")))),
    )


def _stage(stage: JSON) -> str:
    return concept(stage.get("summary")).display


def _abatement(resource: JSON) -> tuple[Times, str]:
    if "abatementDateTime" in resource:
        return span_of(resource["abatementDateTime"]), ""
    if "abatementPeriod" in resource:
        ended = span_of(resource["abatementPeriod"])
        return Times(ended.end, None, ended.odd), period_words(resource["abatementPeriod"])
    return NO_TIMES, _words(resource, "abatement")


def _words(resource: JSON, stem: str) -> str:
    age, span = resource.get(stem + "Age"), resource.get(stem + "Range")
    if age or span:
        return f"at age {_years(age) or in_words(span)}".removesuffix("at age ")
    return text(resource.get(stem + "String"))


def _years(age: Any) -> str:
    words = in_words(age)
    return words.rpartition(" ")[0] if _in_years(age) else words


def _completed_years(age: Any) -> str:
    """Return an age in whole years; "" if it is in another unit, or only a bound."""
    exact = quantity(obj(age)) if _in_years(age) else None
    return str(int(exact.value)) if exact and not exact.comparator else ""


def _in_years(age: Any) -> bool:
    unit = text(obj(age).get("unit")) or text(obj(age).get("code"))
    return unit in ("a", "yr", "years", "year")
