"""Questions about entries of a kind: diagnoses, prescriptions, procedures, visits, vaccines and the rest."""

import re
from dataclasses import replace
from typing import get_args

from agent.planner.called import clinician
from agent.planner.cues import Cue
from agent.planner.frame import Frame, Give
from agent.planner.kinds import kind_of, types_for
from agent.planner.naming import VISIT_ASKED, ahead, anchored_period, main_mention, plainly_named, unnamed
from agent.planner.parts import AND_WHICH, left_open, part_asked
from agent.planner.sentence import Sentence
from tools.calls.operations import Unit
from tools.concepts import Mention
from tools.finding.filters import WithinStays, within_stays_said
from tools.finding.gives import attribute_said

_WITH_STATUS = ("condition", "medication", "care plan", "allergy", "goal", "care team", "device")
_VERBS = ("prescrib", "taking", "take", "under", "diagnosed", "suffer", "started", "put", "dose", "seen")
_EVENTS = ("procedure", "immunization", "imaging")
_NAMED_BY_THINGS = ("supply", "order", "referral", "flag", "questionnaire", "adverse event")
"""Kinds whose entries go by the name of a thing of any kind: an order of a test."""
_OF_ANYTHING = ("encounter", *_NAMED_BY_THINGS)
"""Kinds that are for a thing of any kind: a visit for a test, supplies for an operation."""
_FORMERLY = {
    "no longer", "stopped", "discontinued", "past", "previous", "previously", "former", "formerly", "old", "used to",
    "completed", "historical",
}  # fmt: skip
_CURRENT = {"active", "current", "currently", "ongoing", "still"}
_PRESENT = {"is", "are", "am", "does", "do", "has", "have", "currently", "current"}
_PAST = {
    "was", "were", "had", "ever", "been", "received", "history", "past", "previously", "historical", "got", "gotten",
    "did", "took",
}  # fmt: skip
_ALLERGENS = re.compile(r"\b(foods?|drugs?|medication|environment)(?:al)?\s+(?:allerg|intoleran)", re.I)
_MEASURED = re.compile(r"\b(?:measured|checked|tested|tests?|levels?|values?|readings?|results?)\b", re.I)
_GIVEN_FOR = re.compile(
    r"\b(?:ordered|gives?|gave|given|got|gotten|get|tried|used?)\b[^?]*\bfor\s+(?:(?:my|his|her|the|their|\u00b7+)\s+)?¤",
    re.I,
)
_PERFORMED = re.compile(r"\b(?:performed|done|carried out|under(?:go\w*|went))\b", re.I)
_VACCINATED = re.compile(r"\b(?:vaccin|immuni[sz]|inoculat)", re.I)
_HAD = re.compile(
    r"\b(?:ha(?:s|ve|d)|suffer\w*(?:\s+from)?|got|get)\s+(?:an?\s+|any\s+|ever\s+|had\s+)*¤", re.IGNORECASE
)
_IMAGING = re.compile(r"imaging(?: (?:study|studies|exams?|tests?))?", re.IGNORECASE)
_FOR_CONDITIONS = ("medication", "administration", "procedure", "imaging")
_CONDITION_ASKED = re.compile(
    r"\b(?:what|which|an?|any)\s+(?:medical\s+)?(?:condition|diagnos[ie]s|disease|illness|disorder|problem|complaint|indication)s?\b",
    re.IGNORECASE,
)
_ORDINALS = (
    "second",
    "2nd",
    "third",
    "3rd",
    "fourth",
    "4th",
    "fifth",
    "5th",
    "sixth",
    "6th",
    "seventh",
    "7th",
)
ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)})\b(?! (?:last|latest|most|highest|lowest|half|degree|opinion))", re.I
)
_VACCINE = re.compile(r"\b(?:shots?|vaccin\w+|jabs?|immuni[sz]ations?)\b", re.IGNORECASE)
_THE_MOST = re.compile(r"\bthe most\W*$", re.IGNORECASE)
_DESPITE = re.compile(
    r"\bprescri\w+\b.*\b(?:despite|in spite|although|(?:even )?though|notwithstanding|all the same|anyway|to which)\b",
    re.IGNORECASE,
)
_ALL_THE_SAME = re.compile(
    r"\ballerg\w+\b.*\bprescri\w+\b.*\b(?:all the same|anyway|nonetheless)\b", re.IGNORECASE
)
_BEGINS = re.compile(r"\b(?:start|started|starts|begin|began|begun)\b", re.I)
_ALONE = re.compile(r"\W*(?:an?\s+)?¤+\s*·+\s*\?+")
"""A thing and a time, nothing else: "colonoscopy in 2015?" asks whether."""
_LAST_ALONE = re.compile(
    r"\W*(?:the\s+|my\s+|·+\s*)?(?:first|last|latest|most recent)\s+"
    r"(?:¤+(?:\s+(?:supply|delivery))?\W*$|(?:visit|encounter|appointment)\s+(?:with|to)\b)",
    re.IGNORECASE,
)
"""Its name is said, so that its day is asked: "last colonoscopy?", "last visit with Dr. Lee?"."""
_OF_CARE = re.compile(
    r"\b(?:she|he|they|her|him|his|their|them|i|me|my|patient|s[ae]w|see[ns]?|seeing|met|treat\w*|attend\w*|examin\w*"
    r"|visit\w*|consult\w*|admit\w*|discharg\w*|refer\w*|cared?|caring|looks? after|looked after|there|it|that"
    r"|(?:doctor|physician|clinician|practitioner|provider|attending|prescriber)s?)\b",
    re.IGNORECASE,
)
"""Who it was is told by a visit only where the patient or an act of care is spoken of: "who did she see?"."""
_TOKEN = re.compile(r"[a-z']+")


def entries(sentence: Sentence, base: Frame) -> Frame | None:
    """Return what is asked of a kind of entries; None if neither a kind nor a name was found."""
    sentence = _without_its_kind(sentence)
    mention = main_mention(sentence)
    kind = _kind(sentence, mention)
    base = ahead(sentence, base)
    seen = clinician(sentence.free) and not set(sentence.meanings("kind")) - {"encounter"}
    if seen or (not kind and mention is None and base.give == "who" and _OF_CARE.search(sentence.free)):
        kind = "encounter"
    if not (kind or mention or sentence.rest or base.give == "who") and within_stays_said(sentence.free):
        kind = "encounter"
    if not kind:
        concept = unnamed(sentence) or plainly_named(sentence)
        if concept and _PERFORMED.search(sentence.free):
            return with_choice(sentence, replace(base, topic="find", kind="procedure", concept=concept))
        topic = "measure" if not base.give or _MEASURED.search(sentence.free) else "find"
        return replace(base, topic=topic, concept=concept) if concept else None  # type: ignore[arg-type]
    concept, reason = _concept_and_reason(sentence, kind, mention)
    named = replace(
        base,
        topic="find",
        kind=kind,
        concept=concept,
        reason=reason,
        category=_category(sentence, kind, concept),
    )
    if left_open(sentence, named) or (kind == "encounter" and mention and _is_drug(mention)):
        return Frame()
    return with_choice(sentence, named)


def _is_drug(mention: Mention) -> bool:
    """Whether a name can only be a drug's, for which there are no visits: "was ibuprofen given in the ER?"."""
    return {*mention.kinds} <= {*types_for("medication"), "AllergyIntolerance"}


def _without_its_kind(sentence: Sentence) -> Sentence:
    """Read "imaging study" as the kind that is asked for, not as the name of a procedure."""
    named = [m for m in sentence.mentions if not _IMAGING.fullmatch(m.text)]
    if len(named) == len(sentence.mentions):
        return sentence
    cue = Cue("kind", "imaging", "imaging", 0, 0)
    return replace(sentence, mentions=named, cues=(*sentence.cues, cue))


def with_choice(sentence: Sentence, frame: Frame) -> Frame:
    """Return the frame of a kind with which of its entries, and what of them, the question chooses."""
    frame = replace(frame, give=_form(sentence, frame), nth=_nth(sentence))
    part = part_asked(sentence, frame)
    if frame.kind == "encounter" and frame.give in ("", "entry"):
        part = part or attribute_said(sentence.free)
    frame = replace(frame, give="detail", part=part) if part else frame
    frame = replace(frame, part=_clock_unit(sentence, frame)) if frame.give == "duration" else frame
    pick = _pick(sentence, frame.kind) or ("first" if _still_lasting(sentence, frame, frame.kind) else "")
    frame = replace(
        frame.picking(pick),
        ended=_ended(sentence, frame.kind, frame.give),
        period=anchored_period(sentence, frame),
    )
    if frame.kind == "allergy" and not (frame.concept or frame.period) and frame.give == "exists":
        frame = replace(frame, give="entry")
    return replace(frame, status=_status(sentence, frame))


def _form(sentence: Sentence, frame: Frame) -> Give:
    """Return the form of answer: the kind of visit, or the reason, where that is named beside something else."""
    if frame.give == "reason" and frame.reason:
        return ""
    if frame.concept and frame.kind != "encounter":
        if VISIT_ASKED.search(sentence.free):
            return "visit"
        if (
            frame.kind in _FOR_CONDITIONS
            and _open(sentence, frame)
            and _CONDITION_ASKED.search(sentence.free)
        ):
            return "reason"
    return _alone(sentence, frame) if frame.concept and not frame.give else frame.give


def _open(sentence: Sentence, frame: Frame) -> bool:
    """Whether a name is asked for: "what …", "was there any …, and which?"."""
    whether = frame.give == "exists"
    return frame.give in ("", "reason") or (whether and bool(AND_WHICH.search(sentence.text)))


def _alone(sentence: Sentence, frame: Frame) -> Give:
    """Return what a name asks that stands alone: "colonoscopy 2015?" whether, "last colonoscopy?" when."""
    if frame.kind in _EVENTS and _ALONE.fullmatch(sentence.free):
        return "exists"
    dated = frame.kind in ("procedure", "encounter", "supply") and _LAST_ALONE.match(sentence.free)
    return "date" if dated else frame.give


def _clock_unit(sentence: Sentence, frame: Frame) -> str:
    """Return the unit of a length that is told to the hour: what is asked for, else of time in a ward days; else ""."""
    said = " ".join(c.text.casefold() for c in sentence.cues if (c.table, c.meaning) == ("give", "duration"))
    told = next((unit for unit in get_args(Unit)[:2] if unit in said.split()), "")
    return told or ("days" if frame.category in get_args(WithinStays) else "")


def _nth(sentence: Sentence) -> str:
    found = ORDINAL.search(sentence.free)
    return str(_ORDINALS.index(found[1].casefold()) // 2 + 2) if found else ""


def _kind(sentence: Sentence, mention: Mention | None) -> str:
    """The kind that words name, unless the name itself is of another kind that it cannot be the reason for."""
    kind = _kind_by_words(sentence)
    own = _own_kind(sentence, mention) if mention else ""
    if not kind and own == "condition" and _GIVEN_FOR.search(sentence.free):
        return "medication"
    if own == "administration" or (kind == "administration" and own and not _administered(sentence, mention)):
        return own
    if not mention or not kind or set(types_for(kind)) & set(mention.kinds):
        return kind or own
    if kind == "encounter" and own != "condition" and not sentence.has("category"):
        return own
    if kind == "immunization" and _VACCINATED.search(sentence.free):
        return kind
    if own in ("condition", "allergy", "observation") or kind in _OF_ANYTHING or not types_for(kind):
        return kind
    return own


def _administered(sentence: Sentence, mention: Mention | None) -> bool:
    """Whether administrations are meant: they are counted as such, and dated where the record has any of the drug."""
    known = mention is not None and "MedicationAdministration" in mention.kinds
    return known or sentence.has("give", "count")


def _own_kind(sentence: Sentence, mention: Mention) -> str:
    """The kind of a name; what one can have is no vaccine or test against it that the record names after it."""
    if _VACCINE.search(mention.text) and "Immunization" in mention.kinds:
        return "immunization"
    if _PERFORMED.search(sentence.free) and "Procedure" in mention.kinds:
        return "procedure"
    own = kind_of(mention.kinds)
    had = _HAD.search(sentence.free) and "Condition" in mention.kinds and own != "directive"
    return "condition" if had else own


def _kind_by_words(sentence: Sentence) -> str:
    kinds = [kind for kind in sentence.meanings("kind") if kind != "costs"]
    strong = [kind for kind in kinds if kind not in ("document", "encounter")]
    if sentence.has("discharge") or (sentence.has("category") and not set(strong) - {"vital", "goal"}):
        return "encounter"
    if not strong:
        return kinds[0] if kinds else "medication" if sentence.has("on") else ""
    if "allergy" in strong:
        despite = _DESPITE.search(sentence.text) or _ALL_THE_SAME.search(sentence.text)
        return "medication" if despite else "allergy"
    nouns = [
        c.meaning
        for c in sentence.cues
        if c.table == "kind" and c.meaning in strong and not c.text.casefold().startswith(_VERBS)
    ]
    kind = (nouns or strong)[0]
    return "observation" if kind in ("laboratory", "vital") else kind


def _concept_and_reason(sentence: Sentence, kind: str, mention: Mention | None) -> tuple[str, str]:
    """What is meant, and what it was for: in "medications for hypertension" the name is the reason."""
    if kind == "allergy" and _ALLERGENS.search(sentence.text):
        return "", ""
    if kind == "encounter" and within_stays_said(mention.text if mention else unnamed(sentence)):
        return "", ""
    if kind == "encounter" and (seen := clinician(sentence.free)):
        return seen["name"], mention.text if mention else ""
    if mention is None:
        words = unnamed(sentence) or plainly_named(sentence)
        return ("", words) if kind == "encounter" and sentence.has("category") else (words, "")
    if kind == "medication" and "Observation" in mention.kinds and "Condition" not in mention.kinds:
        return f"{mention.text} medication", ""
    if kind == "immunization" and "Condition" not in mention.kinds:
        return mention.text, ""
    if kind not in _NAMED_BY_THINGS and types_for(kind) and not set(types_for(kind)) & set(mention.kinds):
        return "", mention.text
    return mention.text, ""


def _category(sentence: Sentence, kind: str, concept: str) -> str:
    if kind == "encounter":
        visits = (mention.text for mention in sentence.mentions if "Encounter" in mention.kinds)
        named = within_stays_said(" ".join([sentence.free, *visits])) or next(
            iter(sentence.meanings("category")), ""
        )
        if named == "any of them":
            return ""
        return named or ("inpatient" if sentence.has("discharge") else "")
    if kind == "allergy":
        allergens = _ALLERGENS.search(sentence.text)
        named = allergens[1].casefold() if allergens else ""
        return "medication" if named.startswith("drug") else named
    if kind == "observation" and not concept:
        return "vital-signs" if sentence.has("kind", "vital") else "laboratory"
    return ""


def _ended(sentence: Sentence, kind: str, give: Give) -> bool:
    if kind == "encounter" and sentence.has("discharge"):
        return give in ("date", "")
    return (
        give == "date"
        and kind in ("condition", "care plan", "encounter", "medication")
        and sentence.has("ended")
    )


def _pick(sentence: Sentence, kind: str) -> str:
    picks = [pick for pick in sentence.meanings("pick") if pick in ("first", "last", "all")]
    if sentence.has("pick", "most often") or _THE_MOST.search(sentence.free):
        return "most often"
    if kind == "encounter" and not picks and _said(sentence, "status", "past") & {"previous", "prior"}:
        return "last"
    if not picks and sentence.has("give", "date") and _BEGINS.search(sentence.free):
        return "first"
    return next((pick for pick in picks if pick != "all"), next(iter(picks), ""))


def _still_lasting(sentence: Sentence, base: Frame, kind: str) -> bool:
    """Tell "how long has she had diabetes?", which counts from the first time on."""
    perfect = re.search(r"\b(?:has|have|had been|been)\b", sentence.free, re.I)
    return base.give == "duration" and kind in ("condition", "medication", "care plan") and bool(perfect)


def _status(sentence: Sentence, frame: Frame) -> str:
    """Return "active" for now, "past" for what is over, else ""."""
    if frame.kind == "observation":
        return next(iter(sentence.meanings("test")), "")
    if frame.kind not in _WITH_STATUS:
        return ""
    formerly = bool(_said(sentence, "status", "past") & _FORMERLY)
    if frame.kind in ("condition", "medication") and formerly and frame.give not in ("date", "age", "count"):
        return "past"
    lists = {"problem list", "problems list", "med list", "medication list"} if frame.concept else set()
    if (
        frame.give == "exists"
        and frame.concept
        and frame.kind in ("condition", "medication")
        and sentence.has("ended")
    ):
        return "past"
    if frame.kind == "condition" and any("history" in word for word in _said(sentence, "kind", "condition")):
        return ""
    current = _said(sentence, "status", "active") - {"present", "chronic", "today", "taking"} - lists
    if frame.give in ("detail", "reason") and frame.concept:
        return "active" if current & _CURRENT else ""
    if frame.kind == "medication" and frame.give == "count" and not (frame.concept or frame.period):
        current = current or (_said(sentence, "status", "active") if _present_tense(sentence) else set())
    if frame.period or frame.give in ("count", "date", "age") or sentence.has("pick", "first"):
        return "active" if current and not frame.period else ""
    if frame.kind == "condition" and sentence.has("status", "past"):
        return "past"
    if (
        current
        or (sentence.has("status", "active") and _present_tense(sentence))
        or (frame.kind == "medication" and sentence.has("on") and _present_tense(sentence))
    ):
        return "active"
    listing = not frame.concept and not frame.give and not sentence.has("pick", "last")
    return (
        "active" if frame.kind in ("condition", "medication") and listing and _present_tense(sentence) else ""
    )


def _said(sentence: Sentence, table: str, meaning: str) -> set[str]:
    return {c.text.casefold() for c in sentence.cues if c.table == table and c.meaning == meaning}


def _present_tense(sentence: Sentence) -> bool:
    prefaces = [(cue.start, cue.end) for cue in sentence.cues if cue.table == "preface"]
    words = (
        m
        for m in _TOKEN.finditer(sentence.free.casefold())
        if not any(a <= m.start() < b for a, b in prefaces)
    )
    tokens = {match.group() for match in words}
    return bool(tokens & _PRESENT) and not tokens & _PAST
