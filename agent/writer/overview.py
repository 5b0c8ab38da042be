"""Evidence of `overview` -> headed groups: problems, medications, allergies, visits, vitals, results."""

import re
from collections.abc import Mapping, Sequence

from agent.check.recorded import safe
from agent.context import Brief
from agent.writer.found import capital
from agent.writer.words import cite, kind_words, period_of
from tools.calls.evidence import Evidence, Fact

_LINES = 28
_HEADINGS = {
    "Problem": "Problems",
    "Medication": "Current medications",
    "Medication at death": "Medications at death",
    "Allergy": "Allergies",
    "Last visit": "Last visit",
    "Vital sign": "Vitals",
    "Result": "Results",
    "Last procedure": "Last procedure",
    "Last immunization": "Last immunization",
    "Diagnosed at the last visit": "Diagnosed at the last visit",
    "New problem since then": "New problems since then",
    "Prescribed then or since": "Prescribed then or since",
    "Done then or since": "Done then or since",
    "Given then or since": "Given then or since",
    # a problem
    "Medication for it": "Medications for it",
    "Prescribed at a visit for it": "Prescribed at visits for it",
    "Visit for it": "Visits for it",
    "Procedure for it": "Procedures for it",
    "Care plan for it": "Care plans for it",
    "Goal for it": "Goals for it",
    "Result at a visit for it": "Results at visits for it",
    "Vital sign at a visit for it": "Vitals at visits for it",
    "Names it": "Named as a reason",
    # a stay
    "Stay": "Stay",
    "Reason": "Reason",
    "Diagnosis": "Diagnoses",
    "Procedure": "Procedures",
    "Drug started": "Drugs started",
    "Drug given": "Drugs given",
    "Part of the stay": "Parts of the stay",
    "Discharge": "Discharge",
    # what is new
    "New problem": "New problems",
    "Resolved problem": "Resolved problems",
    "Started drug": "Started drugs",
    "Stopped drug": "Stopped drugs",
    "New allergy": "New allergies",
    "Visit": "Visits",
    "Immunization": "Immunizations",
    "Abnormal result": "Abnormal results",
    "Vital sign before": "Vitals before",
}
"""The subject that stands before a line, and the heading of all lines of that subject."""
_ACTIVE = {"Problems": "Active problems"}
"""The headings that say more in the summary of the patient or a visit."""
_KIND = re.compile(r"(?P<kind>[A-Z][A-Za-z]+): (?P<count>\d+)(?P<more>.*)")

Group = tuple[str, Sequence[str]]
"""A heading, and its lines; "" for lines without one."""


def found(evidence: Evidence, brief: Brief) -> str:
    """Return what the record holds, or a summary: of the patient, a visit, a problem, a stay, of what is new."""
    about = str(evidence.arguments.get("of", "record"))
    if about == "record" and not evidence.arguments.get("since"):
        return "\n".join(["The record holds:", *(f"- {_kind(fact)}" for fact in evidence.facts)])
    groups = _groups(evidence.facts, _ACTIVE if about in ("patient", "visit") else {})
    lead = [f"{capital(period_of(evidence))}:"] if evidence.arguments.get("since") else []
    joined: set[str] = {"Vitals", *(heading for heading, lines in groups if heading and len(lines) == 1)}
    while _height(groups, joined) > _LINES and len(joined) < len(groups):
        rest = [
            (sum(map(len, lines)), heading) for heading, lines in groups if heading and heading not in joined
        ]
        if not rest:
            break
        joined.add(min(rest)[1])
    return "\n".join([*lead, *(line for group in groups for line in _shown(group, joined))])


def _kind(fact: Fact) -> str:
    text = safe(fact.text)
    match = _KIND.fullmatch(text)
    if not match:
        return f"{text}{cite([fact.reference])}"
    span, comma, names = match["more"].partition(", ")
    more = f"{span}: {names}" if comma else span
    return f"{match['count']} {kind_words(match['kind'], int(match['count']))}{more}{cite([fact.reference])}"


def _groups(facts: Sequence[Fact], fuller: Mapping[str, str]) -> list[Group]:
    groups: dict[str, list[str]] = {}
    for fact in facts:
        label, colon, rest = safe(fact.text).partition(": ")
        heading = _HEADINGS.get(label, "") if colon else ""
        text = rest if heading else safe(fact.text)
        heading = fuller.get(heading, heading)
        groups.setdefault(heading, []).append(f"{capital(text)}{cite([fact.reference])}")
    return list(groups.items())


def _height(groups: Sequence[Group], joined: set[str]) -> int:
    return sum(1 if heading in joined else len(lines) + bool(heading) for heading, lines in groups)


def _shown(group: Group, joined: set[str]) -> list[str]:
    heading, lines = group
    if not heading:
        return list(lines)
    if heading in joined:
        return [f"{heading}: {'; '.join(lines)}"]
    return [f"{heading}:", *(f"- {line}" for line in lines)]
