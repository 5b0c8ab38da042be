"""A draft whose sentences name no source -> the same with the source that says it, where one fact or one call does.

Models forget citations, and cannot give those of a computed line whose facts had no room. A fact is cited that supports
every number, date and word of a sentence, else those facts of one call that it speaks of; what no call says stays as it
is, for the check to refuse.
"""

from collections.abc import Sequence

from agent.check.denials import negated
from agent.check.grounds import Grounds
from agent.check.recorded import QUOTED, quotes
from agent.check.segments import Masks, Statement, statements
from agent.check.support import Support, union
from agent.check.tokens import Tokens, tokens
from agent.check.vocabulary import allowed
from agent.wording import OWN
from tools.calls.evidence import Evidence, Fact
from tools.record import PatientRecord

_ENDS = ".!?"
_MOST = 4
"""Facts that are cited for one sentence, at most."""


def with_sources(draft: str, evidence: Sequence[Evidence], record: PatientRecord) -> str:
    """Return a draft with a citation at the end of each sentence that had none and that one fact supports."""
    grounds = [Grounds(e, record) for e in evidence if e.facts]
    for statement in statements(draft, Masks(), _recorded(evidence)):
        if statement.references or statement.text in OWN or statement.text not in draft:
            continue
        if sources := _sources(statement, grounds):
            text = statement.text.rstrip()
            body, end = (text[:-1], text[-1]) if text.endswith(tuple(_ENDS)) else (text, "")
            cited = "".join(f" [{source}]" for source in sources)
            draft = draft.replace(statement.text, f"{body}{cited}{end}", 1)
    return draft


def _sources(statement: Statement, grounds: Sequence[Grounds]) -> Sequence[str]:
    said = tokens(statement.text)
    if not (said.numbers or said.dates or any(word not in allowed("plain") for word in said.words)):
        return ()
    affirming = [g for g in grounds if g.truth]
    facts = ((g, fact) for g in affirming for fact in g.evidence.facts)
    one = next((fact.reference for g, fact in facts if _says(g, fact, statement.text)), "")
    if one or negated(statement.text) or not said.numbers:
        return [one] if one else ()
    return next(filter(None, (_together(g, said) for g in affirming)), ())


def _together(grounds: Grounds, said: Tokens) -> Sequence[str]:
    """Return the facts of a call that a sentence speaks of, where they support it together; () where they do not."""
    facts = dict.fromkeys(fact.reference for fact in grounds.evidence.told)
    if union([grounds.frame, *map(grounds.of, facts)]).objection(said):
        return ()
    alone = Tokens(said.dates, said.numbers)
    own = [each for each in facts if _of_one(grounds.of(each), alone)]
    return own[:_MOST]


def _of_one(support: Support, said: Tokens) -> bool:
    dates = any(not support.objection(Tokens((each,))) for each in said.dates)
    return dates or any(not support.objection(Tokens((), (each,))) for each in said.numbers)


def _says(grounds: Grounds, fact: Fact, text: str) -> bool:
    """Tell whether one fact supports a text, and holds what the text quotes."""
    own = QUOTED.sub(lambda quote: " ; " if quotes(quote[0][1:-1], fact.text) else quote[0], text)
    return not (grounds.of(fact.reference) | grounds.frame).objection(tokens(own))


def _recorded(evidence: Sequence[Evidence]) -> set[str]:
    return {text for e in evidence for fact in e.facts for text in (fact.text, fact.display)}
