"""The option that a model chose and the evidence -> what of it nothing supports.

Dates and numbers must be in the evidence; the words are the question's own. Left out: whether it is the right one.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from agent.check.gloss import Gloss
from agent.check.grounds import Grounds
from agent.check.language import Language, spoken
from agent.check.support import Support
from agent.check.tokens import Tokens, tokens
from agent.state import Unsupported
from tools.calls.evidence import Evidence
from tools.record import PatientRecord


def check_option(
    text: str, evidence: Sequence[Evidence], record: PatientRecord, question: str = ""
) -> tuple[Unsupported, ...]:
    """Return the option with the reason if a date or number of it is not in the evidence, else nothing.

    Args:
        text: the option.
        evidence: what the calls of this run gave.
        record: the patient's record.
        question: as asked; "6,4 %" and "04.12.2020" are read in its language.
    """
    supports = [s for e in evidence for s in _supports(Grounds(e, record))]
    support = reduce(or_, supports, Support())
    reasons = [_objection(text, support, language) for language in spoken(text, question) or (None,)]
    return tuple(Unsupported(text, reason) for reason in reasons if reason)[:1]


def _objection(text: str, support: Support, language: Language | None) -> str:
    """Return why a date or number in an option is not supported, "" if all are; None is English."""
    gloss = Gloss(language, frozenset(), frozenset()) if language else None
    said = tokens(gloss.english(text) if gloss else text)
    reason = support.objection(Tokens(said.dates, said.numbers))
    if gloss is None:
        return reason
    unreadable = next((part for part in gloss.unknown if any(map(str.isdigit, part))), "")
    return f"“{unreadable}” can be read in several ways" if unreadable else gloss.as_said(reason)


def _supports(grounds: Grounds) -> list[Support]:
    return [grounds.frame, grounds.asides.support, *map(grounds.of, grounds.references)]
