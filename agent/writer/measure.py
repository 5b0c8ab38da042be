"""Evidence of `measure` -> its sentence: "The latest Hemoglobin A1c was 6.4 % on 2020-12-04 […]."."""

from agent.context import Brief
from agent.writer.found import capital, ends, listed, sources, truth
from agent.writer.words import amount, cite, counted, line, shown, subject
from tools.evidence import Evidence

_ADJECTIVE = {"last": "latest", "first": "first", "max": "highest", "min": "lowest"}
_GOING = {
    "rising": "has been rising",
    "falling": "has been falling",
    "stable": "has been stable",
    "varying": "varies",
}
_WENT = {"rising": "was rising", "falling": "was falling", "stable": "was stable", "varying": "varied"}


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for a test or panel."""
    pick = str(evidence.arguments.get("pick", "last"))
    if evidence.values and all(isinstance(value, bool) for value in evidence.values):
        return truth(evidence)
    single = len(evidence.values) == 1
    if pick == "count" and single:
        return _count(evidence)
    if pick == "mean" and single:
        return f"The mean {_what(evidence)}{_cited(evidence)}."
    if pick in ("change", "trend") and single:
        return _movement(evidence, pick, brief.deceased)
    if pick in _ADJECTIVE and len(evidence.facts) == 1:
        return _one(evidence, _ADJECTIVE[pick])
    lead = f"The {_ADJECTIVE[pick]} {subject(evidence)}" if pick in _ADJECTIVE else capital(subject(evidence))
    return listed(lead, evidence)


def _one(evidence: Evidence, adjective: str) -> str:
    fact, give = evidence.facts[0], evidence.arguments.get("give", "value")
    if give == "value" and len(evidence.values) == 1:
        day = f" on {fact.date}" if fact.date else ""
        detail = _aside(fact.text)
        value = amount(evidence.values[0], evidence.unit)
        comparator = _comparator(fact.text, value)
        return f"The {adjective} {subject(evidence)} was {comparator}{value}{day}{detail}{_cited(evidence)}."
    age = f" at age {shown(evidence.values[0])}" if give == "age" and evidence.values else ""
    day = f" on {fact.date}" if fact.date else ""
    return f"The {adjective} {subject(evidence)} was{day}{age}: {line(fact)}."


def _what(evidence: Evidence) -> str:
    return f"{subject(evidence)} was {amount(evidence.values[0], evidence.unit)}"


def _count(evidence: Evidence) -> str:
    first, last = ends(evidence) if evidence.facts else (None, None)
    n = counted(int(evidence.values[0]), "measurement")
    if first is None or last is None:
        return f"{n} of {subject(evidence)}{sources(evidence)}."
    if first == last:
        return f"{n} of {subject(evidence)}: {line(first)}."
    days = f"first {first.date}{cite([first.reference])}, last {last.date}{cite([last.reference])}"
    return f"{n} of {subject(evidence)}, {days}."


def _movement(evidence: Evidence, pick: str, deceased: bool) -> str:
    value = evidence.values[0]
    told = "; ".join(line(fact) for fact in evidence.facts)
    if pick == "trend":
        going = (_WENT if deceased else _GOING).get(str(value), f"is {shown(value)}")
        return f"{capital(subject(evidence))} {going}: {told}."
    change = amount(value, evidence.unit)
    return f"{capital(subject(evidence))} changed by {change}: {told}."


def _cited(evidence: Evidence) -> str:
    return sources(evidence)


def _aside(text: str) -> str:
    opening = text.rfind(" (")
    return (
        text[opening:]
        if text.endswith(")") and "reference range" in text[opening:] or "flagged" in text[opening:]
        else ""
    )


def _comparator(text: str, value: str) -> str:
    return next((f"{sign} " for sign in ("<=", ">=", "<", ">") if f"{sign} {value}" in text), "")
