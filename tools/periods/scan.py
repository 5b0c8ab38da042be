"""A question -> where it names periods. Pure text: no clock, no record.

Calendar phrases and ages first, then, in what they leave, clauses that hang on an event (`clauses`). What looks like
a time and is none stays out: amounts ("above 2000", "28 Day Pack"), ordinals ("last glucose", "the last 3 visits").
"""

import re
from functools import lru_cache

from tools.periods.clauses import event_clauses
from tools.periods.period import Mention
from tools.periods.relations import BARE_TIME, RANGES, RELATION, SUFFIX, TIME, WITHIN
from tools.periods.words import YEAR, compiled, plain, without_groups

_START = r"(?<![\w$#])(?<![0-9][-/.,])"
_JOINED = rf"(?:(?:{RELATION})(?: |(?<=[-=~]))(?:the )?)+{TIME}"
_PHRASE = rf"{_START}(?:(?:{WITHIN}) {TIME}|{'|'.join(without_groups(r) for r in RANGES)}|{_JOINED}|{BARE_TIME})(?:,? {SUFFIX}(?!\w))?"
_AMOUNT_BEFORE = re.compile(
    r"(?:than|above|below|over|under|exceed\w*|reach\w*|equals?(?: to)?|exactly|at least|at most|is|was|of|[<>=]|#|\bno\.?|number"
    r"|room|id|code|level|value|score|count)\s*$",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"\s*(?:%|/|(?:mg|mcg|ug|µg|g|kg|ng|pg|ml|dl|l|iu|units?|u|meq|mmol|mm|cm|x|kcal|cal|calories|steps?|tablets?|tabs?"
    r"|cells?|copies|times|patients?|people|dollars|usd|novel|international|mm\[hg\]|mmhg)\b)|[.,][0-9]|-[a-z]",
    re.IGNORECASE,
)
_NUMBER_ALONE = re.compile(rf"(?:.*\s)?{YEAR}", re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=1024)
def mentions(question: str) -> tuple[Mention, ...]:
    """Return where the question names a period, in order, not overlapping.

    >>> [m.text for m in mentions("Highest glucose since 03/2012, and last year?")]
    ['since 03/2012', 'last year']
    """
    text = plain(question)
    found = [
        Mention(question[m.start() : m.end()], m.start(), m.end())
        for m in compiled(_PHRASE).finditer(text)
        if not _amount(text, m.start(), m.end())
    ]
    clauses = event_clauses(question, text, found)
    apart = [m for m in found if not any(c.start <= m.start and m.end <= c.end for c in clauses)]
    return tuple(sorted([*apart, *clauses], key=lambda mention: mention.start))


def _amount(text: str, start: int, end: int) -> bool:
    """Tell whether a phrase that ends in a four-digit number means an amount, not a year."""
    if not _NUMBER_ALONE.fullmatch(text[start:end]):
        return False
    alone = text[start:end].isdigit()
    return bool(_AMOUNT_AFTER.match(text[end:])) or (alone and bool(_AMOUNT_BEFORE.search(text[:start])))
