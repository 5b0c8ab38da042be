"""Evidence of any tool -> its sentence: a truth with its facts, one fact, a value, or a list."""

from collections.abc import Sequence

from agent.context import Brief
from agent.writer.words import FEW, amount, cite, line, shown, subject
from tools.evidence import Evidence, Fact


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for evidence that carries an answer."""
    values = evidence.values
    if values and all(isinstance(value, bool) for value in values):
        return truth(evidence)
    if len(evidence.facts) == 1 and evidence.total <= 1:
        return one(evidence)
    if len(values) == 1 and not isinstance(values[0], str):
        return f"{capital(subject(evidence))}: {amount(values[0], evidence.unit)}{sources(evidence)}."
    return listed(capital(subject(evidence)), evidence)


def truth(evidence: Evidence) -> str:
    """Return "Yes: …" or "No: …" with the facts that tell."""
    word = "Yes" if all(evidence.values) else "No"
    if not evidence.facts:
        return f"{word}: {subject(evidence)}{sources(evidence)}."
    shown_facts = telling(evidence, 3)
    more = f" ({evidence.total} in all)" if evidence.total > len(shown_facts) else ""
    period = f", {evidence.period}" if evidence.period else ""
    return f"{word}{period}{more}: {'; '.join(line(fact) for fact in shown_facts)}."


def one(evidence: Evidence) -> str:
    """Return the only fact as a sentence."""
    references = evidence.references
    told = references if len(references) <= FEW else (references[0], references[-1])
    return f"{capital(line(evidence.facts[0]))}{cite(r for r in told if r != evidence.facts[0].reference)}."


def listed(lead: str, evidence: Evidence) -> str:
    """Return a lead with how many there are, and the facts as a list; few ones in full."""
    facts = evidence.facts
    if not facts:
        values = "; ".join(shown(value) for value in evidence.values)
        return f"{lead}: {values}{sources(evidence)}."
    cut = evidence.total > len(facts)
    count = f" ({evidence.total}, {len(facts)} shown)" if cut else f" ({evidence.total})"
    summary = evidence.tool in ("overview", "profile", "read") and not cut
    return "\n".join([f"{lead}{'' if summary else count}:", *(f"- {line(fact)}" for fact in facts)])


def sources(evidence: Evidence) -> str:
    """Return the citations of a computed result: all when few, else the telling ones."""
    if len(evidence.references) <= FEW:
        return cite(evidence.references)
    carrying = set(evidence.references)
    shown_facts = [fact.reference for fact in telling(evidence, 2) if fact.reference in carrying]
    return cite(shown_facts or evidence.references[:2])


def telling(evidence: Evidence, most: int) -> Sequence[Fact]:
    """Return at most `most` facts: all when few, else the first in time and the newest."""
    if len(evidence.facts) <= most:
        return evidence.facts
    first, last = ends(evidence)
    return (first, last) if first != last else evidence.facts[:most]


def ends(evidence: Evidence) -> tuple[Fact, Fact]:
    """Return the earliest and the latest fact."""
    dated = [fact for fact in evidence.facts if fact.date] or list(evidence.facts)
    return min(dated, key=lambda fact: fact.date), max(dated, key=lambda fact: fact.date)


def capital(text: str) -> str:
    """Return the text with a capital first letter; quotes and names stay as they are."""
    return f"{text[:1].upper()}{text[1:]}" if text[:1].islower() else text
