"""A statement and the things it cites -> whether their times are as it says: before, the same day, every year, ago.

Left out: which of several is the first or the last, and how long things took (`spans`).
"""

import re
from collections.abc import Sequence, Set
from datetime import date
from decimal import Decimal
from itertools import pairwise

from agent.check.naming import called
from agent.check.points import Point, day_of
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support
from agent.check.tokens import TO_TWELVE, Day, stem, tokens
from agent.check.units import DAYS_IN
from agent.check.vocabulary import allowed
from tools.wording.text import words

_BEFORE = re.compile(
    r"\b(?:before|earlier than|older than|prior to|preceded|preceding|ahead of)\b", re.IGNORECASE
)
_AFTER = re.compile(
    r"\b(?:after|later than|newer than|more recent than|followed(?! by)|following)\b", re.IGNORECASE
)
_EVERY = re.compile(
    r"\b(?:(?:every|each|once an?)\s+(day|week|month|year)|(daily|weekly|monthly|yearly|annually))\b",
    re.IGNORECASE,
)
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_AGO = re.compile(
    r"\b(?P<near>about|around|nearly|almost|roughly|approximately|some|over|more than|just under|just over)?\s*"
    rf"(?P<count>\d+|{'|'.join(TO_TWELVE[1:])})\s+"
    r"(?P<unit>day|week|month|year)s?\s+ago\b",
    re.IGNORECASE,
)
_MORE_THAN = re.compile(r"more than|over", re.IGNORECASE)
_MUCH = Decimal("1.5")
"""How much longer than a year the gap within "every year" may be."""
_ONE_DAY = re.compile(r"\bsame (?:day|date)\b|\bsimultaneously\b|\bconcurrently\b", re.IGNORECASE)
_BEGAN = re.compile(
    r"\b(?:began|begun|begins|started|starts|commenced)\s+(?:(?:only|back)\s+)?(?:on|in|around|about)?\s*"
    r"(?=\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))",
    re.IGNORECASE,
)
_NEARBY = 20
"""Characters of the day after "began"."""


def ordered(text: str, points: Sequence[Point]) -> Settled:
    """What was before or after what: two things that are named in the statement, by the days on which they began."""
    named = [(at, p) for p in points if p.day and (at := _where(p, text, points)) is not None]
    firsts = {p.name: (at, p) for at, p in sorted(named, key=lambda each: -each[0])}
    if len(firsts) != 2:
        return NOTHING
    (at, one), (then, other) = sorted(firsts.values(), key=lambda each: each[0])
    told = NOTHING
    for pattern, earlier in ((_BEFORE, True), (_AFTER, False)):
        for found in pattern.finditer(text):
            if found.start() > then:
                continue
            subject, object_ = (one, other) if found.start() > at else (other, one)
            first, second = (subject, object_) if earlier else (object_, subject)
            if not first.day[: len(second.day)] < second.day[: len(first.day)]:
                return Settled(why=f"“{found[0]}” is not so: {subject.day} and {object_.day}")
            said = frozenset(words(found[0]))
            told |= Settled(Support(said), recomputed=(f"{found[0]}: {subject.day} and {object_.day}",))
    return told


def _where(point: Point, text: str, points: Sequence[Point]) -> int | None:
    """Return where a statement names a fact: by a word that no other fact it cites has, else beside where those are."""
    plain = allowed("plain")
    own = called(point.name) - plain
    others = {word for p in points if p.name != point.name for word in called(p.name)} - plain
    said = [(m.start(), stem(m[0].casefold())) for m in re.finditer(r"[^\W_]+", text)]
    alone = [at for at, word in said if word in own - others]
    if alone or not own - others:
        return min(alone, default=None) if own - others else _beside(own, others, said)
    return None


def _beside(own: Set[str], others: Set[str], said: Sequence[tuple[int, str]]) -> int | None:
    """Return where a name stands whose words are all in a longer name: before that, else at the end."""
    shared = [at for at, word in said if word in own]
    longer = [at for at, word in said if word in others - own]
    if not shared:
        return None
    return shared[0] if not longer or shared[0] < longer[0] else shared[-1]


def of_one_day(text: str, points: Sequence[Point]) -> Settled:
    """That two things are of one day."""
    found = _ONE_DAY.search(text)
    days = [day for p in points if (day := p.days[:1])]
    if not found or len(points) < 2:
        return NOTHING
    if len(days) == len(set(days)):
        return Settled(why=f"“{found[0]}” is not so: {', '.join(p.day for p in points)}")
    return Settled(Support(frozenset(words(found[0]))), recomputed=(f"{found[0]}: {points[0].day}",))


def begun(text: str, points: Sequence[Point]) -> Settled:
    """That something began on the day on which a cited thing did."""
    found = _BEGAN.search(text)
    days = tokens(text[found.end() : found.end() + _NEARBY]).dates[:1] if found else ()
    if not found or not days or not points:
        return NOTHING
    starts = {day for p in points for day in (p.day, *(d.isoformat() for d in p.days[:1]))}
    if not any(_is(days[0][0], day) for day in starts):
        return Settled(why=f"“{found[0]}{days[0][1]}” is not in the evidence it cites")
    began = words(found[0])[0]
    return Settled(Support(frozenset([began, stem(began)])), recomputed=(f"{found[0]}{days[0][1]}",))


def _is(day: Day, iso: str) -> bool:
    told = [int(part) for part in iso.split("-") if part]
    return len(told) == len(day) and all(part in (None, own) for part, own in zip(day, told, strict=True))


def recurring(text: str, points: Sequence[Point]) -> Settled:
    """That something was so every day, week, month or year, unless it is recorded in these words."""
    for found in _EVERY.finditer(text):
        unit = found[1] or _ADVERBS[found[2].casefold()]
        if any(found[0].casefold() in p.fact.text.casefold() for p in points):
            continue
        days = sorted({day for p in points if (day := day_of(p.day))})
        longest = max((other - one for one, other in pairwise(days)), default=None)
        if longest is None or longest.days > DAYS_IN[unit] * _MUCH:
            return Settled(why=f"“{found[0]}” is not in the evidence it cites")
    return NOTHING


def ago(text: str, points: Sequence[Point], now: date) -> Settled:
    """How long ago a cited day is."""
    told = NOTHING
    for found in _AGO.finditer(text):
        count = (
            int(found["count"]) if found["count"].isdigit() else TO_TWELVE.index(found["count"].casefold())
        )
        unit = found["unit"].casefold()
        elapsed = [Decimal((now - day).days) / DAYS_IN[unit] for p in points if (day := day_of(p.day))]
        slack = Decimal("0.5") if found["near"] else Decimal("0.01")
        most = Decimal(count) / 2 if _MORE_THAN.match(found["near"] or "") else Decimal(1)
        if not any(-slack <= each - count < max(most, Decimal(1)) for each in elapsed):
            return Settled(why=f"“{found[0].strip()}” is not so")
        support = Support(frozenset(["ago"]), frozenset([(Decimal(count), unit), (Decimal(count), "")]))
        told |= Settled(support, recomputed=(found[0].strip(),))
    return told
