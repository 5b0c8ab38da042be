"""Evidence of `costs` -> its sentence: "500 USD were billed in 2020 (4 claims, …)"."""

from dataclasses import replace

from agent.check.recorded import safe
from agent.context import Brief
from agent.writer.found import found as anything_found
from agent.writer.found import listed, sources
from agent.writer.words import period_of
from tools.calls.evidence import Evidence
from tools.wording.words import counted

_WERE = {"billed": "were billed", "paid": "were paid", "out of pocket": "were out of pocket"}


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for sums of money, or how many claims there are."""
    give, period = str(evidence.arguments.get("give", "billed")), f" {period_of(evidence)}".rstrip()
    if evidence.arguments.get("by"):
        in_order = replace(evidence, facts=tuple(sorted(evidence.facts, key=lambda fact: fact.date)))
        what = "Claims" if give == "count" else give.capitalize()
        return listed(f"{what}{period} by {evidence.arguments['by']}", in_order)
    if give == "count" and len(evidence.values) == 1:
        return f"{counted(int(str(evidence.values[0])), 'claim')}{period}{sources(evidence)}."
    text = safe(evidence.facts[0].text) if len(evidence.facts) == 1 else ""
    sum_, said, claims = text.partition(f" {give} (")
    if give not in _WERE or not said:
        return anything_found(evidence, brief)
    return f"{sum_} {_WERE[give]}{period} ({claims}{sources(evidence)}."
