"""Evidence of `find` -> its sentence, by what was asked: names, days, how many, whether any."""

from agent.context import Brief
from agent.writer.found import capital, ends, listed, one, sources, truth
from agent.writer.words import cite, joined, plural, shown, subject
from tools.evidence import Evidence

_PICKED = {"first": "First", "last": "Latest"}


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for entries of a kind."""
    give = str(evidence.arguments.get("give", "name"))
    if evidence.values and all(isinstance(value, bool) for value in evidence.values):
        return truth(evidence)
    if give == "count":
        return _count(evidence)
    yes = brief.plan.yes_no and give == "name"
    if len(evidence.facts) == 1 and evidence.total <= 1:
        lead = "Yes: " if yes else _lead(evidence, give)
        return f"{lead}{one(evidence)}"
    return f"{'Yes. ' if yes else ''}{listed(_heading(evidence), evidence)}"


def _lead(evidence: Evidence, give: str) -> str:
    picked = _PICKED.get(str(evidence.arguments.get("pick", "all")), "")
    day = shown(evidence.values[0]) if len(evidence.values) == 1 else ""
    if give == "end" and day:
        return f"Ended on {day}: "
    if give == "date" and day:
        return f"{picked or 'Recorded'} on {day}: "
    return f"{picked} {_noun(evidence)}: " if picked else ""


def _noun(evidence: Evidence) -> str:
    return "recorded" if evidence.arguments.get("concept") else subject(evidence)


def _heading(evidence: Evidence) -> str:
    picked = _PICKED.get(str(evidence.arguments.get("pick", "all")), "")
    if evidence.arguments.get("concept"):
        return f"{picked} {subject(evidence)}" if picked else capital(subject(evidence))
    noun = f"{plural(evidence.about)} {evidence.period}".strip()
    return f"{picked} {noun}" if picked else capital(noun)


def _count(evidence: Evidence) -> str:
    n = shown(evidence.values[0])
    if not evidence.facts:
        return f"{n} recorded: {subject(evidence)}{sources(evidence)}."
    first, last = ends(evidence)
    if first == last:
        return f"{n} recorded: {one(evidence)}"
    days = joined(
        [f"first {first.date}{cite([first.reference])}", f"last {last.date}{cite([last.reference])}"]
    )
    return f"{n} recorded: {subject(evidence)}, {days}."
