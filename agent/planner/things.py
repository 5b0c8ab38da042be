"""A text -> the names of things in it that the record may hold, whole, each once.

A name is taken with what belongs to it (a test's property, a drug's strength, the other half of "MRI of the knee");
names of visits and supplies come from `called`.
"""

import re
from dataclasses import replace

from agent.planner.acts import of_a_part
from agent.planner.called import clinician, with_called
from agent.planner.cues import cues_in, is_plain
from agent.planner.kinds import FURTHER, types_for
from tools.concepts import Mention, link
from tools.concepts import mentions as names_in
from tools.record import PatientRecord
from tools.wording.text import normal

MENTIONED_TYPES = (
    "Condition", "Observation", "MedicationRequest", "MedicationStatement", "MedicationAdministration", "Procedure",
    "Immunization", "AllergyIntolerance", "DiagnosticReport", "ImagingStudy", "CarePlan", "Device", "Goal", "Coverage",
    "Consent",
)  # fmt: skip

SAID = 0.85
"""The score from which a name is taken for said, whatever else its words may mean."""
_SURE_NAME = 0.95
_PART = re.compile(r"\s*(?:\bin\b|\bof\b|/)\s*|\s+", re.I)
_PROPERTY = re.compile(
    r"[.,]\s?total\b(?!\s*\[)|(?:[.,]\s?\w+)?\s*\[[^][]+\]"
    r"(?:\s+(?:in|of|by|on|from|or|and)\s+[A-Z][\w./]*(?:\s+(?:count|method|blood|fluid|specimen)\b)*)*"
)
"""What a LOINC name says after its component: ", total", ".total [Mass/volume] in Serum or Plasma"."""
_BEFORE = re.compile(r"(?<![\w-])([^\W\d_][\w-]+)[\s-]$")
_STRENGTH = (
    r"(?<!\d)\d+(?:[.,]\d+)?[\s-]?(?:mg|mcg|ug|g|ml|units?|unt|iu|meq)"
    r"(?:\s?/\s?(?:ml|mg|g|actuat|hr|h))?(?![\w/])"
)
_STRENGTH_AFTER = re.compile(rf"[\s,(]*{_STRENGTH}\)?", re.IGNORECASE)
_STRENGTH_BEFORE = re.compile(
    rf"{_STRENGTH}\s+(?:(?:tablets?|capsules?|pills?|doses?)\s+)?(?:of\s+)?$", re.IGNORECASE
)
_BOTH_PRESSURES = ("systolic", "diastolic")


def things_in(text: str, record: PatientRecord) -> tuple[list[Mention], list[Mention]]:
    """Return the names, and what stands in the text beside them that says the same once more.

    Args:
        text: the question without what was read from it before.
        record: tells which names there are.
    """
    cues = cues_in(text)
    settings = [c for c in cues if c.table in ("category", "discharge") and " " in c.text]
    nouns = {(c.start, c.end): types_for(c.meaning) for c in cues if c.table == "kind"}
    named = names_in(text, record, MENTIONED_TYPES)
    if not named:
        named = names_in(text, record, record.once(_further))
    found = [
        mention
        for mention in named
        if mention.score >= _SURE_NAME or not any(c.start <= mention.start < c.end for c in settings)
        if mention.score >= SAID or not all(is_plain(word) for word in mention.text.split())
        if set(nouns.get((mention.start, mention.end), mention.kinds)) & set(mention.kinds)
        if mention.kinds != ("Coverage",)
        or not any(c.start < mention.end and mention.start < c.end for c in cues)
    ]
    found = [_qualified(m, text) if (m.start, m.end) in nouns else m for m in found]
    found = _whole_names(_joined(found, text, record), text)
    halves = _halves(found)
    found = [mention for mention in found if mention not in halves]
    found = with_called(found, text, record)
    seen = clinician(text)
    found = [m for m in found if not (seen and seen.start("name") <= m.start < seen.end("name"))]
    return found, halves


def _further(record: PatientRecord) -> tuple[str, ...]:
    return tuple(name for name in FURTHER if record.counts.get(name))


def _qualified(mention: Mention, text: str) -> Mention:
    """Return the noun of a kind with an unknown word before it, which makes it narrower: "gallium scan"."""
    before = _BEFORE.search(text, 0, mention.start)
    if not before or is_plain(before[1]) or cues_in(before[1]):
        return mention
    return replace(mention, text=text[before.start(1) : mention.end], start=before.start(1), recorded=False)


def _joined(found: list[Mention], text: str, record: PatientRecord) -> list[Mention]:
    """Return names, two of which that are parts of one ("Cholesterol in HDL") as that one."""
    joined: list[Mention] = []
    for mention in sorted(found, key=lambda mention: mention.start):
        before = joined[-1] if joined else None
        if before and _PART.fullmatch(text, before.end, mention.start):
            whole = text[before.start : mention.end]
            readings = link(whole, record, before.kinds[:1])
            if readings and normal(readings[0].label).startswith(normal(whole)):
                joined[-1] = replace(before, text=whole, end=mention.end)
                continue
            kinds = of_a_part(before, mention, whole, record)
            if kinds:
                joined[-1] = replace(mention, text=whole, start=before.start, kinds=kinds, recorded=True)
                continue
        joined.append(mention)
    return joined


def _whole_names(found: list[Mention], text: str) -> list[Mention]:
    """Return names with the property of a test, or the strength of a drug, that stands beside them."""
    whole: list[Mention] = []
    for mention in found:
        if whole and mention.start < whole[-1].end:
            continue
        drug = mention.kinds[0].startswith("Medication")
        tail = (_STRENGTH_AFTER if drug else _PROPERTY).match(text, mention.end)
        lead = _STRENGTH_BEFORE.search(text, 0, mention.start) if drug and not tail else None
        start, end = lead.start() if lead else mention.start, tail.end() if tail else mention.end
        whole.append(replace(mention, text=text[start:end], start=start, end=end))
    return whole


def _halves(found: list[Mention]) -> list[Mention]:
    """Return the two numbers of a blood pressure that is named too: "the BP, systolic and diastolic" is one thing."""
    halves = [mention for mention in found if mention.text.casefold() in _BOTH_PRESSURES]
    whole = any(mention.text.casefold() in ("bp", "blood pressure") for mention in found)
    return halves if whole and len(halves) == 2 else []
