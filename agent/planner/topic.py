"""The parts of a question -> its frame: which tool, of what, which one, when."""

from dataclasses import replace

from agent.planner.asking import asked, is_yes_no
from agent.planner.frame import Asks, Frame
from agent.planner.sentence import Sentence
from tools.concepts import Mention

_NUMERIC_PICKS = ("max", "min", "mean", "change", "trend")
_KIND_OF_TYPE = {
    "Condition": "condition",
    "Observation": "observation",
    "MedicationRequest": "medication",
    "MedicationStatement": "medication",
    "MedicationAdministration": "administration",
    "Procedure": "procedure",
    "Immunization": "immunization",
    "AllergyIntolerance": "allergy",
    "DiagnosticReport": "report",
    "ImagingStudy": "imaging",
    "CarePlan": "care plan",
    "Device": "device",
    "Goal": "goal",
}
_TYPES_OF_CUE = {
    "condition": ("Condition",),
    "medication": ("MedicationRequest", "MedicationStatement", "MedicationAdministration"),
    "procedure": ("Procedure", "ImagingStudy"),
    "laboratory": ("Observation", "DiagnosticReport"),
    "vital": ("Observation",),
    "imaging": ("ImagingStudy", "Procedure"),
    "immunization": ("Immunization",),
    "allergy": ("AllergyIntolerance",),
    "report": ("DiagnosticReport",),
    "care plan": ("CarePlan",),
    "device": ("Device",),
    "goal": ("Goal",),
}


def frame_of(sentence: Sentence) -> Frame:
    """Return what the question asks for. A frame with topic "nothing" says that it was not understood."""
    base = Frame(asks=asked(sentence), period=_period(sentence))
    for reader in (_summary, _comparison, _profile, _costs, _notes, _timeline, _measurement, _entries):
        frame = reader(sentence, base)
        if frame is not None:
            return frame
    return base


def _period(sentence: Sentence) -> str:
    bounded = [m.text for m in sentence.periods if m.text]
    return bounded[0] if bounded else ""


# Summaries and profiles


def _summary(sentence: Sentence, base: Frame) -> Frame | None:
    if not sentence.has("summary") or _topic_mentions(sentence):
        return None
    if sentence.has("kind") and not sentence.has("summary", "visit") and not _whole_patient(sentence):
        return None
    return replace(base, topic="overview", about=sentence.meanings("summary")[0])


def _whole_patient(sentence: Sentence) -> bool:
    return sentence.has("kind", "encounter") or "patient" in sentence.free.casefold()


def _profile(sentence: Sentence, base: Frame) -> Frame | None:
    wanted = [
        about
        for about in sentence.meanings("profile")
        if not (about == "city" and base.asks in ("count", "duration"))
    ]
    if base.asks == "age" and not _topic_mentions(sentence) and not sentence.has("kind"):
        return replace(base, topic="profile", about="age", asks="value")
    if not wanted or _topic_mentions(sentence) or sentence.threshold:
        return None
    kinds = set(sentence.meanings("kind")) - {"care team", "costs"}
    if kinds and not _outweighs(wanted[0], kinds):
        return None
    if sentence.has("category") and wanted[0] in ("city", "name", "phone", "summary"):
        return None
    if wanted[0] in ("name", "city") and len(wanted) > 1:
        wanted = wanted[1:] if wanted[0] == "name" else wanted
    return replace(
        base, topic="profile", about=wanted[0], period="" if wanted[0] != "deceased" else base.period
    )


def _outweighs(about: str, kinds: set[str]) -> bool:
    """A birth date is meant also where a word such as "record" or "documented" names a kind."""
    return about in ("birth date", "gender", "practitioner", "care team", "insurance", "deceased", "marital status",
                     "language", "race", "ethnicity", "contacts", "phone", "email", "address") and kinds <= {
        "document", "encounter", "report", "condition"
    }  # fmt: skip


def _costs(sentence: Sentence, base: Frame) -> Frame | None:
    if not sentence.has("kind", "costs"):
        return None
    about = next(iter(sentence.meanings("costs")), "billed")
    text = sentence.free.casefold()
    by = next(
        (
            by
            for by in ("year", "payer", "type")
            if f"by {by}" in text or f"per {by}" in text or f"each {by}" in text
        ),
        "",
    )
    if base.asks == "count":
        about = "count"
    return replace(base, topic="costs", about=about, by=by, concept=_concept(sentence, ()))


def _notes(sentence: Sentence, base: Frame) -> Frame | None:
    if not sentence.has("kind", "document") or set(sentence.meanings("kind")) - {"document", "encounter"}:
        return None
    words = [
        cue.text.casefold() for cue in sentence.cues if cue.table == "kind" and cue.meaning == "document"
    ]
    noun = any(
        w.startswith(("note", "clinical note", "progress", "document", "letter", "discharge", "chart", "h&p"))
        for w in words
    )
    concept = _concept(sentence, ())
    if not noun or (words == ["documentation"] and concept):
        return None
    if base.asks in ("count", "date") and not concept:
        return replace(base, topic="find", kind="document", pick=_pick(sentence, base.asks, "document"))
    return replace(base, topic="notes", concept=concept, pick=_pick(sentence, base.asks, "document"))


def _timeline(sentence: Sentence, base: Frame) -> Frame | None:
    if not sentence.has("timeline") or _topic_mentions(sentence) or sentence.has("kind", "costs"):
        return None
    if base.asks not in ("value", "name", "date"):
        return None
    kinds = [k for k in sentence.meanings("kind") if k not in ("encounter",)]
    if kinds and not _timeline_words(sentence):
        return None
    anchored = sentence.anchored[0].text if sentence.anchored else ""
    return replace(base, topic="timeline", period=base.period or anchored)


def _timeline_words(sentence: Sentence) -> bool:
    return any(
        c.table == "timeline" and c.text.casefold() not in ("course", "events", "happened")
        for c in sentence.cues
    )


# Two events


def _comparison(sentence: Sentence, base: Frame) -> Frame | None:
    """Order, distance or overlap of two events."""
    inside = [m for m in sentence.mentions if any(a.start <= m.start < a.end for a in sentence.anchored)]
    outside = [m for m in sentence.mentions if m not in inside]
    if sentence.anchored:
        return _anchored(sentence, base, outside)
    if len(outside) < 2 or not sentence.has("order") or sentence.threshold:
        return None
    order = sentence.meanings("order")
    first, second = _event(outside[0]), _event(outside[1])
    kind = {"topic": "compare", "concept": first, "second": second}
    if "which" in order or (
        base.asks in ("value", "name") and sentence.has("pick", "first") and "or" in sentence.free.split()
    ):
        return replace(base, **kind, order="earlier")  # type: ignore[arg-type]
    if "between" in order or base.asks == "duration":
        return replace(base, **kind, order="days")  # type: ignore[arg-type]
    if is_yes_no(sentence) and "before" in order:
        return replace(base, **kind, order="before")  # type: ignore[arg-type]
    if is_yes_no(sentence) and "after" in order:
        return replace(base, topic="compare", concept=second, second=first, order="before")
    if is_yes_no(sentence) and "during" in order:
        return replace(base, **kind, order="during")  # type: ignore[arg-type]
    if "around" in order:
        return replace(base, **kind, order="around")  # type: ignore[arg-type]
    return None


def _anchored(sentence: Sentence, base: Frame, outside: list[Mention]) -> Frame | None:
    """A clause such as "before the diabetes was diagnosed": a comparison, or the period of something else."""
    clause = sentence.anchored[0]
    lead = clause.text.casefold()
    event = _anchor_event(clause.text)
    if outside and base.asks == "yes or no" and not sentence.has("any") and not sentence.threshold:
        topic = _event(outside[0])
        if lead.startswith(("before", "prior to", "earlier than")):
            return replace(base, topic="compare", concept=topic, second=event, order="before")
        if lead.startswith(("after", "following", "later than", "subsequent")):
            return replace(base, topic="compare", concept=event, second=topic, order="before")
        if lead.startswith(("when", "while", "during", "at the time")):
            return replace(base, topic="compare", concept=topic, second=event, order="during")
    if outside and lead.startswith(("before and after", "around")):
        return replace(base, topic="compare", concept=_event(outside[0]), second=event, order="around")
    if outside and base.asks == "duration" and lead.startswith(("before", "after")):
        return replace(base, topic="compare", concept=event, second=_event(outside[0]), order="days")
    return None


def _anchor_event(clause: str) -> str:
    for lead in ("before and after", "prior to", "at the time of", "earlier than", "later than", "subsequent to", "before", "after",
                 "following", "when", "while on", "while", "during", "since", "until", "around"):  # fmt: skip
        if clause.casefold().startswith(lead):
            return clause[len(lead) :].strip(" ,?.")
    return clause


def _event(mention: Mention) -> str:
    return f"{_KIND_OF_TYPE[mention.kinds[0]]}: {mention.text}" if len(mention.kinds) == 1 else mention.text


# Measurements and entries


def _measurement(sentence: Sentence, base: Frame) -> Frame | None:
    mention = _main_mention(sentence, _wanted_types(sentence))
    kinds = sentence.meanings("kind")
    numeric = sentence.threshold is not None or any(p in _NUMERIC_PICKS for p in sentence.meanings("pick"))
    if mention is None:
        return _unknown_measurement(sentence, base, kinds, numeric)
    if "Observation" not in mention.kinds and not (
        mention.kinds == ("DiagnosticReport",) and base.asks == "value"
    ):
        return None
    if (
        mention.kinds[0] != "Observation"
        and not numeric
        and not {"laboratory", "vital"} & set(kinds)
        and _other_kind(mention, kinds, base)
    ):
        return None
    return _with_value(sentence, replace(base, topic="measure", kind="observation", concept=mention.text))


def _other_kind(mention: Mention, kinds: list[str], base: Frame) -> bool:
    return base.asks != "value" or bool(kinds) or "DiagnosticReport" not in mention.kinds


def _unknown_measurement(sentence: Sentence, base: Frame, kinds: list[str], numeric: bool) -> Frame | None:
    """A test or vital sign that neither the record nor the lexicon knows, or all of a category."""
    concept = _unnamed(sentence)
    if "vital" in kinds and not concept and base.asks in ("value", "name"):
        return _with_value(
            sentence, replace(base, topic="measure", kind="observation", concept="vital signs")
        )
    if ("laboratory" in kinds and concept) or (numeric and concept):
        return _with_value(sentence, replace(base, topic="measure", kind="observation", concept=concept))
    return None


def _with_value(sentence: Sentence, frame: Frame) -> Frame:
    flagged = next(iter(sentence.meanings("flagged")), "") if not sentence.threshold else ""
    threshold = sentence.threshold
    anchored = sentence.anchored[0].text if sentence.anchored else ""
    return replace(
        frame,
        pick=_measure_pick(sentence, frame.asks),
        above=str(threshold.above) if threshold and threshold.above is not None else "",
        below=str(threshold.below) if threshold and threshold.below is not None else "",
        flagged=flagged,
        period=frame.period or anchored,
    )


def _measure_pick(sentence: Sentence, asks: Asks) -> str:
    picks = sentence.meanings("pick")
    for pick in ("change", "trend", "mean", "max", "min"):
        if pick in picks:
            return pick
    if "first" in picks and "last" in picks:
        return "first and last"
    return next((pick for pick in picks if pick in ("first", "last", "all")), "")


def _entries(sentence: Sentence, base: Frame) -> Frame | None:
    kind = _kind(sentence)
    mention = _main_mention(sentence, _wanted_types(sentence))
    if not kind and mention is not None:
        kind = _KIND_OF_TYPE[mention.kinds[0]]
    if not kind:
        concept = _unnamed(sentence)
        if not concept:
            return None
        return replace(base, topic="measure" if base.asks == "value" else "find", kind="", concept=concept)
    concept, reason = _concept_and_reason(sentence, kind, mention)
    anchored = sentence.anchored[0].text if sentence.anchored else ""
    frame = replace(
        base,
        topic="find",
        kind=kind,
        concept=concept,
        reason=reason,
        category=_category(sentence, kind),
        ended=_ended(sentence, kind, base.asks),
        period=base.period or anchored,
    )
    frame = replace(frame, status=_status(sentence, frame))
    return replace(frame, pick=_pick(sentence, frame.asks, kind))


def _kind(sentence: Sentence) -> str:
    kinds = [k for k in sentence.meanings("kind") if k != "costs"]
    strong = [k for k in kinds if k not in ("document", "encounter")]
    if sentence.has("discharge") or (sentence.has("category") and not (set(strong) - {"vital", "goal"})):
        return "encounter"
    if strong:
        return {"laboratory": "observation", "vital": "observation"}.get(
            _strongest(sentence, strong), _strongest(sentence, strong)
        )
    return kinds[0] if kinds else ""


def _strongest(sentence: Sentence, kinds: list[str]) -> str:
    """The kind whose nouns are named wins over one that only a verb suggests ("tests … prescribed")."""
    nouns = [
        cue.meaning for cue in sentence.cues
        if cue.table == "kind" and cue.meaning in kinds
        and not cue.text.casefold().startswith(("prescrib", "taking", "take", "under", "diagnosed", "suffer", "started", "put"))
    ]  # fmt: skip
    return nouns[0] if nouns else kinds[0]


def _category(sentence: Sentence, kind: str) -> str:
    if kind == "encounter":
        if sentence.has("category"):
            return sentence.meanings("category")[0]
        return "inpatient" if sentence.has("discharge") else ""
    if kind == "observation":
        return "vital-signs" if sentence.has("kind", "vital") else "laboratory"
    return ""


def _ended(sentence: Sentence, kind: str, asks: Asks) -> bool:
    if sentence.has("discharge") and kind == "encounter":
        return asks in ("date", "value")
    return (
        asks == "date"
        and kind in ("condition", "care plan", "encounter", "medication")
        and sentence.has("ended")
    )


def _status(sentence: Sentence, frame: Frame) -> str:
    if frame.kind not in ("condition", "medication", "care plan", "allergy", "goal", "care team", "device"):
        return ""
    if frame.kind == "medication" and _cue_words(sentence, "status", "inactive") & {
        "no longer",
        "stopped",
        "discontinued",
        "past",
        "previously",
        "former",
        "formerly",
        "old",
        "used",
        "completed",
        "historical",
    }:
        return "" if frame.asks == "date" else "inactive"
    if frame.period or frame.asks in ("count", "date", "age") or sentence.has("pick", "first"):
        return (
            "active"
            if sentence.has("status", "active") and _explicitly_current(sentence) and not frame.period
            else ""
        )
    if frame.kind == "condition" and sentence.has("status", "inactive"):
        return "inactive"
    if sentence.has("status", "active") and (_explicitly_current(sentence) or _present_tense(sentence)):
        return "active"
    if (
        frame.kind in ("condition", "medication")
        and not frame.concept
        and frame.asks in ("value", "name")
        and _present_tense(sentence)
    ):
        return "active"
    return ""


def _cue_words(sentence: Sentence, table: str, meaning: str) -> set[str]:
    return {c.text.casefold() for c in sentence.cues if c.table == table and c.meaning == meaning} | (
        {"used"} if "used to" in sentence.free.casefold() and meaning == "inactive" else set()
    )


def _explicitly_current(sentence: Sentence) -> bool:
    return bool(_cue_words(sentence, "status", "active") - {"taking", "present", "chronic", "today"}) or (
        bool(_cue_words(sentence, "status", "active") & {"taking"}) and _present_tense(sentence)
    )


def _present_tense(sentence: Sentence) -> bool:
    tokens = set(sentence.free.casefold().replace("?", " ").split())
    past = {
        "was",
        "were",
        "had",
        "did",
        "ever",
        "been",
        "received",
        "history",
        "past",
        "previously",
        "historical",
    }
    return (
        bool(tokens & {"is", "are", "am", "does", "do", "has", "have", "currently", "current"})
        and not tokens & past
    )


def _pick(sentence: Sentence, asks: Asks, kind: str) -> str:
    picks = [p for p in sentence.meanings("pick") if p in ("first", "last", "all")]
    if "all" in picks:
        return "all"
    return picks[0] if picks else ""


def _concept_and_reason(sentence: Sentence, kind: str, mention: Mention | None) -> tuple[str, str]:
    """What is meant, and what it was for: in "medications for hypertension" the mention is the reason."""
    wanted = _types_for(kind)
    if mention is None:
        concept = _unnamed(sentence)
        return (concept, "") if not _reason_only(sentence, kind) else ("", concept)
    if kind == "encounter":
        return "", mention.text
    if wanted and not set(wanted) & set(mention.kinds) and mention.kinds[0] == "Condition":
        return "", mention.text
    return mention.text, ""


def _reason_only(sentence: Sentence, kind: str) -> bool:
    return kind == "encounter" and sentence.has("category")


def _types_for(kind: str) -> tuple[str, ...]:
    return _TYPES_OF_CUE.get(kind, ("Observation",) if kind == "observation" else ())


def _wanted_types(sentence: Sentence) -> tuple[str, ...]:
    types: list[str] = []
    for kind in sentence.meanings("kind"):
        types += _TYPES_OF_CUE.get(kind, ())
    return tuple(types)


def _topic_mentions(sentence: Sentence) -> list[Mention]:
    return [m for m in sentence.mentions if not any(a.start <= m.start < a.end for a in sentence.anchored)]


def _main_mention(sentence: Sentence, types: tuple[str, ...]) -> Mention | None:
    """The mention the question is about: of the kind that is named, recorded before merely known, longest first."""
    candidates = _topic_mentions(sentence)
    if not candidates:
        return None
    return max(candidates, key=lambda m: (bool(set(m.kinds) & set(types)), m.recorded, len(m.text)))


def _concept(sentence: Sentence, types: tuple[str, ...]) -> str:
    mention = _main_mention(sentence, types)
    return mention.text if mention else _unnamed(sentence)


def _unnamed(sentence: Sentence) -> str:
    """The words that nothing explains: the name of something the record and the lexicon do not know."""
    return max(sentence.rest, key=len, default="")
