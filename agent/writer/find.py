"""Evidence of `find` -> its sentence, by what was asked of the entries: names, days, how many, whether any."""

from agent.context import Brief
from agent.writer.found import capital, ends, listed, one, sources, truth
from agent.writer.words import cite, joined, line, shown, subject
from tools.evidence import Evidence

_WHEN = {"date": "was on", "end": "ended on"}


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for entries of a kind."""
    give, pick = str(evidence.arguments.get("give", "name")), str(evidence.arguments.get("pick", "all"))
    if evidence.values and all(isinstance(value, bool) for value in evidence.values):
        return truth(evidence)
    if brief.plan.yes_no and give in ("name", "exists"):
        return (
            f"Yes, {_lower(_list_or_one(evidence, pick))}"
            if len(evidence.facts) == 1
            else f"Yes. {listed(capital(subject(evidence)), evidence)}"
        )
    if give == "count":
        return _count(evidence)
    if give in _WHEN and len(evidence.values) == 1 and len(evidence.facts) == 1:
        picked = f"The {pick} {subject(evidence)}" if pick != "all" else capital(subject(evidence))
        return f"{picked} {_WHEN[give]} {shown(evidence.values[0])}: {line(evidence.facts[0])}."
    return _list_or_one(evidence, pick)


def _list_or_one(evidence: Evidence, pick: str) -> str:
    if len(evidence.facts) == 1 and evidence.total <= 1:
        lead = f"The {'latest' if pick == 'last' else pick} {subject(evidence)}: " if pick != "all" else ""
        return f"{lead}{one(evidence)}"
    lead = (
        f"The {'latest' if pick == 'last' else pick} {subject(evidence)}"
        if pick != "all"
        else capital(subject(evidence))
    )
    return listed(lead, evidence)


def _lower(text: str) -> str:
    return text


def _count(evidence: Evidence) -> str:
    n = shown(evidence.values[0])
    if not evidence.facts:
        return f"{n} recorded: {subject(evidence)}{sources(evidence)}."
    first, last = ends(evidence)
    if first == last:
        return f"{n} recorded: {line(first)}."
    days = joined(
        [f"first {first.date}{cite([first.reference])}", f"last {last.date}{cite([last.reference])}"]
    )
    return f"{n} recorded: {subject(evidence)}, {days}."
