"""A question -> where it names periods. Pure text: no clock, no record.

Calendar phrases and ages first, then, in what they leave, clauses that hang on an event (`clauses`). What
looks like a time and is none stays out: amounts ("above 2000", "28 Day Pack"), ordinals ("last glucose",
"the last 3 visits").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from tools.periods.clauses import event_clauses
from tools.periods.period import Mention
from tools.periods.relations import AND, BETWEEN, BOUND, FORMS, RELATION, SUFFIX, TO, WITHIN
from tools.periods.words import YEAR, compiled, plain, without_groups

_BEGIN = r"(?<![\w$#])(?<![0-9][/.,])(?:(?<![0-9]-)|(?<=[0-9]{4}-)|(?=[a-z]))"
_END = rf"(?!\w|[/.][0-9]|-(?!{YEAR}\b)[0-9])"
_TIME = "|".join(
    without_groups(form.pattern) if form.bare else f"(?P<leans{n}>{without_groups(form.pattern)})"
    for n, form in enumerate(FORMS)
)
_TIME = rf"{_BEGIN}(?:{_TIME}){_END}"
_CHAIN = rf"(?<![\w$#])(?:(?:{BOUND}|during|throughout|from) )*(?:{RELATION})(?:\s+|(?<=[-=~]))"
_WITHIN = rf"(?<!\w)(?:{WITHIN}) (?:the )?"
_BETWEEN = rf"(?<!\w){BETWEEN}"

_AMOUNT_BEFORE = re.compile(
    r"(?:than|above|below|over|under|exceed\w*|reach\w*|equals?(?: to)?|exactly|at least|at most|is|was|of"
    r"|[<>=]|#|\bno\.?|number"
    r"|room|id|code|level|value|score|count)\s*$",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"\s*(?:%|/|(?:mg|mcg|ug|µg|g|kg|ng|pg|ml|dl|l|iu|units?|u|meq|mmol|mm|cm|x|kcal|cal|calories|steps?"
    r"|tablets?|tabs?"
    r"|cells?|copies|times|patients?|people|dollars|usd|novel|international|mm\[hg\]|mmhg)\b)|[.,][0-9]"
    r"|-[a-z]",
    re.IGNORECASE,
)
_TENS = re.compile(r"in the [1-9]0s", re.IGNORECASE)
_VITAL = re.compile(
    r"\b(?:systolic|diastolic|pressure|bp|pulse|heart rate|sat(?:uration)?s?|spo2|oxygen|glucose|sugars?|hdl"
    r"|ldl|weight)\b",
    re.IGNORECASE,
)
_NUMBER_ALONE = re.compile(rf"(?:.*\s)?{YEAR}", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Found:
    """A time in the text: where its phrase starts, where the time itself starts, where it ends."""

    start: int
    time: int
    end: int
    alone: bool


@lru_cache(maxsize=1024)
def mentions(question: str) -> tuple[Mention, ...]:
    """Return where the question names a period, in order, not overlapping.

    >>> [m.text for m in mentions("Highest glucose since 03/2012, and last year?")]
    ['since 03/2012', 'last year']
    """
    text = plain(question)
    calendar = [Mention(question[f.start : f.end], f.start, f.end) for f in _joined(text)]
    clauses = event_clauses(question, text, calendar)
    apart = [m for m in calendar if not any(c.start <= m.start and m.end <= c.end for c in clauses)]
    return tuple(sorted([*apart, *clauses], key=lambda mention: mention.start))


def _joined(text: str) -> list[_Found]:
    """Return the times with their prepositions, two ends of a range as one, without those that need one."""
    found: list[_Found] = []
    for new in _times(text):
        before = found[-1] if found else None
        start = _range_start(text, before, new) if before else None
        if start is not None:
            found[-1] = replace(new, start=start, alone=True)
        else:
            found.append(new)
    return [f for f in found if f.alone and not _amount(text, f)]


def _times(text: str) -> Iterator[_Found]:
    chains = {_end_of_article(text, m.end()): m.start() for m in compiled(_CHAIN).finditer(text)}
    chains |= {m.end(): m.start() for m in compiled(_CHAIN).finditer(text)}
    chains |= {m.end(): m.start() for m in compiled(_WITHIN).finditer(text)}
    at = 0
    for match in compiled(_TIME).finditer(text):
        if match.start() < at:
            continue
        start = max(chains.get(match.start(), match.start()), at)
        suffix = compiled(rf",? {SUFFIX}(?!\w)").match(text, match.end())
        at = suffix.end() if suffix else match.end()
        yield _Found(start, match.start(), at, start < match.start() or match.lastgroup is None)


def _end_of_article(text: str, end: int) -> int:
    article = compiled(r"the ").match(text, end)
    return article.end() if article else end


def _range_start(text: str, first: _Found, last: _Found) -> int | None:
    """Return where the range starts of which these are the ends, None if they are not."""
    gap = text[first.end : last.time]
    if compiled(TO).fullmatch(gap):
        return first.start
    if compiled(AND).fullmatch(gap):
        between = [m for m in compiled(_BETWEEN).finditer(text, 0, first.time) if m.end() == first.time]
        return between[0].start() if between else None
    return None


def _amount(text: str, found: _Found) -> bool:
    """Tell whether a phrase that ends in a four-digit number means an amount, not a year."""
    phrase = text[found.start : found.end]
    if not _NUMBER_ALONE.fullmatch(phrase):
        return bool(_TENS.fullmatch(phrase) and _VITAL.search(text))
    return bool(_AMOUNT_AFTER.match(text, found.end)) or (
        phrase.isdigit() and bool(_AMOUNT_BEFORE.search(text[: found.start]))
    )
