"""Evidence of `overview` -> headed groups: problems, medications, allergies, visits, vitals, results."""

import re
from collections.abc import Sequence

from agent.check.recorded import safe
from agent.context import Brief
from agent.writer.found import capital
from agent.writer.words import cite, kind_words
from tools.calls.evidence import Evidence, Fact

_LINES = 28
_HEADINGS = {
    "Problem": "Active problems",
    "Medication": "Current medications",
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
}
_KIND = re.compile(r"(?P<kind>[A-Z][A-Za-z]+): (?P<count>\d+)(?P<more>.*)")

Group = tuple[str, Sequence[str]]
"""A heading, and its lines; "" for lines without one."""


def found(evidence: Evidence, brief: Brief) -> str:
    """Return what the record holds, or a summary of at most thirty lines."""
    if evidence.arguments.get("about", "record") == "record":
        return "\n".join(["The record holds:", *(f"- {_kind(fact)}" for fact in evidence.facts)])
    groups = _groups(evidence.facts)
    joined: set[str] = {"Vitals", *(heading for heading, lines in groups if heading and len(lines) == 1)}
    while _height(groups, joined) > _LINES and len(joined) < len(groups):
        rest = [
            (sum(map(len, lines)), heading) for heading, lines in groups if heading and heading not in joined
        ]
        if not rest:
            break
        joined.add(min(rest)[1])
    return "\n".join(line for group in groups for line in _shown(group, joined))


def _kind(fact: Fact) -> str:
    text = safe(fact.text)
    match = _KIND.fullmatch(text)
    if not match:
        return f"{text}{cite([fact.reference])}"
    span, comma, names = match["more"].partition(", ")
    more = f"{span}: {names}" if comma else span
    return f"{match['count']} {kind_words(match['kind'])}{more}{cite([fact.reference])}"


def _groups(facts: Sequence[Fact]) -> list[Group]:
    groups: dict[str, list[str]] = {}
    for fact in facts:
        label, colon, rest = safe(fact.text).partition(": ")
        heading = _HEADINGS.get(label, "") if colon else ""
        text = rest if heading else safe(fact.text)
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
