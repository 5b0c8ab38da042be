"""Evidence of `compare` -> its sentence: which came first, how far apart, what was before and after."""

from agent.context import Brief
from agent.writer.found import capital, truth
from agent.writer.found import found as anything_found
from agent.writer.words import amount, line, shown
from tools.calls.evidence import Evidence


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for two events or tests."""
    give, values = str(evidence.arguments.get("give", "")), evidence.values
    facts = sorted(evidence.facts, key=lambda fact: fact.date) if give == "earlier" else evidence.facts
    told = "; ".join(map(line, facts))
    if values and all(isinstance(value, bool) for value in values):
        return truth(evidence)
    if not told:
        return anything_found(evidence, brief)
    if give == "earlier" and len(values) == 1:
        return f"{capital(shown(values[0]))} was first: {told}."
    if give == "days" and len(values) == 1:
        return f"{_days(evidence)} between: {told}."
    if give == "difference" and len(values) == 1:
        return f"The difference is {amount(values[0], evidence.unit)}: {told}."
    return f"{told}."


def _days(evidence: Evidence) -> str:
    return "1 day" if evidence.values[0] == 1 else amount(evidence.values[0], "days")
