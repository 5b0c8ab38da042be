"""A draft whose sentences name no source -> the same with the source that says it, where one fact does.

Models forget citations. Only a fact that supports every number, date and word of a sentence is cited; what no single
fact says stays as it is, for the check to refuse.
"""

from collections.abc import Iterable, Sequence

from agent.check.grounds import Grounds
from agent.check.recorded import QUOTED, quotes
from agent.check.segments import Masks, Statement, statements
from agent.check.tokens import tokens
from agent.check.vocabulary import allowed
from agent.wording import OWN
from tools.calls.evidence import Evidence, Fact
from tools.record import PatientRecord

_ENDS = ".!?"


def with_sources(draft: str, evidence: Sequence[Evidence], record: PatientRecord) -> str:
    """Return a draft with a citation at the end of each sentence that had none and that one fact supports."""
    grounds = [Grounds(e, record) for e in evidence if e.facts]
    for statement in statements(draft, Masks(), _recorded(evidence)):
        if statement.references or statement.text in OWN or statement.text not in draft:
            continue
        if source := _source(statement, grounds):
            text = statement.text.rstrip()
            body, end = (text[:-1], text[-1]) if text.endswith(tuple(_ENDS)) else (text, "")
            draft = draft.replace(statement.text, f"{body} [{source}]{end}", 1)
    return draft


def _source(statement: Statement, grounds: Iterable[Grounds]) -> str:
    said = tokens(statement.text)
    if not (said.numbers or said.dates or any(word not in allowed("plain") for word in said.words)):
        return ""
    facts = ((g, fact) for g in grounds if g.truth for fact in g.evidence.facts)
    return next((fact.reference for g, fact in facts if _says(g, fact, statement.text)), "")


def _says(grounds: Grounds, fact: Fact, text: str) -> bool:
    """Tell whether one fact supports a text, and holds what the text quotes."""
    own = QUOTED.sub(lambda quote: " ; " if quotes(quote[0][1:-1], fact.text) else quote[0], text)
    return not (grounds.of(fact.reference) | grounds.frame).objection(tokens(own))


def _recorded(evidence: Sequence[Evidence]) -> set[str]:
    return {text for e in evidence for fact in e.facts for text in (fact.text, fact.display)}
