"""The option that a model chose and the evidence -> what of it nothing supports.

Dates and numbers must be in the evidence; the words are the question's own. Left out: whether it is the right one.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from agent.check.foreign import in_another_language
from agent.check.grounds import Grounds
from agent.check.notation import Reading
from agent.check.support import Support, of_texts
from agent.check.tokens import Tokens, tokens
from agent.state import Unsupported
from tools.calls.evidence import Evidence
from tools.record import PatientRecord


def check_option(
    text: str, evidence: Sequence[Evidence], record: PatientRecord, question: str = "", found: str = ""
) -> tuple[Unsupported, ...]:
    """Return the option with the reason if a date or number of it is not in the evidence, else nothing.

    Args:
        text: the option.
        evidence: what the calls of this run gave.
        record: the patient's record.
        question: as asked; "6,4 %" and "04.12.2020" are read in its language.
        found: the findings beside it, if the evidence supports them: what they reckon may be chosen.
    """
    supports = [of_texts(found), *(s for e in evidence for s in _supports(Grounds(e, record)))]
    support = reduce(or_, supports, Support())
    support |= Support(numbers=frozenset((abs(value), unit) for value, unit in support.numbers))
    reason = _objection(text, support, in_another_language(text, question))
    return (Unsupported(text, reason),) if reason else ()


def _objection(text: str, support: Support, foreign: bool) -> str:
    """Return why a date or number in an option is not supported, "" if all are."""
    reading = Reading()
    said = tokens(reading.english(text) if foreign else text)
    numbers = [replace(each, near=bool(each.unit)) for each in said.numbers]  # options are rounded
    reason = support.objection(Tokens(said.dates, tuple(numbers)))
    if reading.unreadable:
        return f"“{reading.unreadable}” can be read in several ways"
    return reading.as_written(reason)


def _supports(grounds: Grounds) -> list[Support]:
    return [grounds.frame, grounds.asides.support, *map(grounds.of, grounds.references)]
