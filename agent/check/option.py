"""The option that a model chose and the evidence -> what of it nothing supports.

Dates and numbers must be in the evidence; the words are the question's own. Left out: whether it is the right one.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from agent.check.support import Grounds, Support
from agent.check.tokens import Tokens, tokens
from agent.state import Unsupported
from tools.evidence import Evidence
from tools.record import PatientRecord


def check_option(text: str, evidence: Sequence[Evidence], record: PatientRecord) -> tuple[Unsupported, ...]:
    """Return the option with the reason if a date or number of it is not in the evidence, else nothing."""
    supports = [s for e in evidence for s in _supports(Grounds(e, record))]
    said = tokens(text)
    reason = reduce(or_, supports, Support()).objection(Tokens(said.dates, said.numbers))
    return (Unsupported(text, reason),) if reason else ()


def _supports(grounds: Grounds) -> list[Support]:
    return [grounds.frame, grounds.asides.support, *map(grounds.of, grounds.references)]
