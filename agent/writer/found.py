"""Evidence of any tool -> its sentence: a truth with its facts, one fact, a value, or a list."""

from collections.abc import Sequence

from agent.check.recorded import safe
from agent.context import Brief
from agent.writer.words import (
    FEW,
    amount,
    aside,
    cite,
    line,
    period_of,
    shown,
    subject,
    topic,
    window,
)
from tools.calls.evidence import Evidence, Fact, denies
from tools.wording.text import plain_name
from tools.wording.words import plural, short_name

_MOST_CITED = 3


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for evidence that carries an answer."""
    values = evidence.values
    if values and all(isinstance(value, bool) for value in values):
        return truth(evidence)
    if len(evidence.facts) == 1 and evidence.total <= 1:
        return one(evidence)
    if len(values) == 1 and not isinstance(values[0], str):
        return f"{capital(subject(evidence))}: {amount(values[0], evidence.unit)}{sources(evidence)}."
    return listed(_heading(evidence), evidence)


def _heading(evidence: Evidence) -> str:
    if evidence.tool == "notes":
        about = f"{capital(topic(evidence))} in the notes" if evidence.arguments.get("text") else "Notes"
        return aside(f"{about} {period_of(evidence)}".strip(), evidence.total, evidence)
    if evidence.tool == "profile":
        return capital(plural(topic(evidence)))
    about = capital(subject(evidence))
    return about if evidence.tool == "read" else aside(about, evidence.total, evidence)


def truth(evidence: Evidence, how: str = "") -> str:
    """Return "Yes: …" or "No: …" with the facts that tell.

    Args:
        evidence: of the call.
        how: what holds or does not, "above 7 %"; the window if nothing is said.
    """
    word = truth_word(evidence)
    if not evidence.facts:
        return f"{word}: {subject(evidence)}{sources(evidence)}."
    how = how or window(evidence)
    period = f", {how}" if how else ""
    grouped = evidence.total != len(evidence.references)
    facts = evidence.facts[:3] if grouped else telling(evidence, 3)
    lead, said = f"{word}{period}", [line(fact) for fact in facts]
    recorded = "times" if denies(evidence) else "recorded"
    if evidence.total > len(facts) and grouped:
        different = "different " if evidence.tool == "find" else ""
        lead += f", {evidence.total} {different}recorded, among them"
    elif evidence.total > len(facts) and ("n" in evidence.arguments or not all(fact.date for fact in facts)):
        lead += f", {evidence.total} recorded, among them"
    elif evidence.total > len(facts):
        lead, said = f"{lead}, {evidence.total} {recorded}", [f"first {said[0]}", f"last {said[-1]}"]
    return f"{lead}: {'; '.join(said)}."


def truth_word(evidence: Evidence) -> str:
    """Return "Yes" or "No"; of what is denied "Recorded", as a yes to "is she not on it?" can be taken both ways."""
    if denies(evidence):
        return "Recorded"
    return "Yes" if all(evidence.values) else "No"


def one(evidence: Evidence) -> str:
    """Return the only fact as a sentence."""
    references = evidence.references
    told = references if len(references) <= _MOST_CITED else (references[0], references[-1])
    return f"{capital(line(evidence.facts[0]))}{cite(r for r in told if r != evidence.facts[0].reference)}."


def listed(heading: str, evidence: Evidence, name: str = "") -> str:
    """Return a heading and the facts as a list below it, without the name that the heading says already."""
    if not evidence.facts:
        values = "; ".join(shown(value) for value in evidence.values)
        return f"{heading}: {values}{sources(evidence)}."
    lines = (without_name(fact, name) if name else safe(fact.text) for fact in evidence.facts)
    cited = zip(lines, evidence.facts, strict=True)
    told = [f"- {text}{cite([fact.reference])}" for text, fact in cited]
    return "\n".join([f"{heading}:", *told, *rest(evidence)])


def rest(evidence: Evidence) -> list[str]:
    """Return the line that says how many more there are than a list shows, none if it is whole."""
    more = evidence.total - len(evidence.facts)
    return [f"- and {more} more"] if evidence.facts and more > 0 else []


def only_name(evidence: Evidence) -> str:
    """Return the name that all facts of a list of measurements begin with, "" if they differ."""
    names = {name_of(fact) for fact in evidence.facts}
    return names.pop() if len(names) == 1 and len(evidence.facts) > 1 else ""


def name_of(fact: Fact) -> str:
    """Return the name with which a fact begins, "" if it begins with another word."""
    name = safe(plain_name(fact.display))
    names = (short_name(name), name) if fact.reference.startswith("Observation/") else (name,)
    return next((each for each in names if each and safe(fact.text).startswith(each)), "")


def without_name(fact: Fact, name: str) -> str:
    """Return a fact's text after its name."""
    return safe(fact.text).removeprefix(name).lstrip(" :,")


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
    """Return the text with a capital first letter; quotes and names stay as they are.

    >>> capital("omeprazole"), capital("amLODIPine")
    ('Omeprazole', 'amLODIPine')
    """
    first = text.split(" ", 1)[0]
    return f"{text[:1].upper()}{text[1:]}" if first.islower() else text


def lowered(text: str) -> str:
    """Return a name as it stands inside a sentence: "Heart rate" is lowered, "Body Weight" and "BMI" are not.

    >>> lowered("Heart rate"), lowered("Hemoglobin A1c"), lowered("HDL")
    ('heart rate', 'Hemoglobin A1c', 'HDL')
    """
    return text[:1].lower() + text[1:] if text[1:].islower() and text.isascii() else text
