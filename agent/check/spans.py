"""A statement and its facts -> which of them was first, last or longest, and how many are of a time that it tells."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from agent.check.points import Point
from agent.check.reckoning import in_units
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support, same_number
from agent.check.tokens import LINE_OF_SEVERAL, TO_TWELVE, Day, stem, tokens
from agent.check.vocabulary import allowed
from tools.wording.text import words

_WORD = re.compile(r"[^\W\d_]+")
_NEARBY = 40
"""Characters after "the earliest" within which its day stands."""
_LATEST = ("latest", "recent", "newest")
_PREVIOUS = re.compile(r"\b(?:previous|prior|preceding)\b(?!\s+to\b)", re.IGNORECASE)
_LENGTHS = {
    re.compile(r"\b(?:longest|longer)\b", re.IGNORECASE): True,
    re.compile(r"\b(?:shortest|shorter)\b", re.IGNORECASE): False,
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_SMALL = "|".join(TO_TWELVE[2:])
_IN_A_TIME = re.compile(
    rf"\b(?P<count>once|twice|thrice|(?:\d+|{_SMALL})\s+times)\s+(?:in|during)\s+(?P<time>[^,;:()]*)",
    re.IGNORECASE,
)
_OFTEN = {"once": 1, "twice": 2, "thrice": 3}
_IN_ALL = re.compile(r"\b(?:in all|in total|altogether|together|all told|combined)\b", re.IGNORECASE)


def in_time(text: str, points: Sequence[Point], everything: Callable[[], Sequence[Point]]) -> Settled:
    """Return what a statement says of the times of its facts, where that is so or is not.

    Args:
        text: the statement, without its citations.
        points: the cited facts.
        everything: gives what their calls gave, of those that gave all there is.
    """
    settled = _ends(text, points, everything) | _nth(text, everything)
    for relation in (_length, _within_a_time, _counted, _previous):
        settled |= relation(text, points)
    return settled


def _ends(text: str, points: Sequence[Point], everything: Callable[[], Sequence[Point]]) -> Settled:
    """First and last, each with the day that stands beside it."""
    settled, ends = NOTHING, {"first": min, "last": max}
    for found in _WORD.finditer(text):
        word = found[0].casefold()
        which = next((end for end in ends if word in allowed("pick", end) and word != "since"), "")
        told = tokens(re.split(r"[,;:]\s|\band\b|\bto\b", _beside(text, found.end()))[0])
        alone = tokens(text[found.end() :]).dates if len(tokens(text).dates) == 1 else ()
        dates = told.dates[:1] if not told.numbers else ()
        days = [(day, p) for day, _ in dates or alone for p in points if _in(day, p)] if which else []
        if not days:
            continue
        day, named = days[0][0], {p.name for _, p in days}
        cited = [each for p in points if p.name in named for each in p.days]
        known = [each for p in everything() if p.name in named for each in _starts(p)]
        if known and _matches(day, ends[which](known).isoformat()):
            settled |= Settled(Support(_said(word)), recomputed=(f"{word}: {ends[which](known)}",))
        elif word in _LATEST and len(named) == 1 and not _matches(day, max(cited).isoformat()):
            return Settled(why=f"“{word}” is not so: {max(cited)}")
    return settled


def _starts(point: Point) -> tuple[date, ...]:
    """Return the days on which something began: of a line that stands for several the first and the last of them."""
    return point.days if LINE_OF_SEVERAL.search(point.fact.text) else point.days[:1]


def _beside(text: str, at: int) -> str:
    """Return the words that stand after a place."""
    return text[at : at + _NEARBY].rsplit(" ", 1)[0] if len(text) > at + _NEARBY else text[at:]


def _previous(text: str, points: Sequence[Point]) -> Settled:
    """The one before the last, where two of one name are cited and no day or value of its own is told."""
    found = _PREVIOUS.search(text)
    names = [p.name for p in points if p.day]
    told = tokens(_beside(text, found.end())) if found else tokens("")
    if not found or told.dates or told.numbers or len(names) == len(set(names)):
        return NOTHING
    return Settled(Support(_said(found[0].casefold())))


def _nth(text: str, everything: Callable[[], Sequence[Point]]) -> Settled:
    """The second, the third, with the day that stands beside it."""
    settled = NOTHING
    for found in _WORD.finditer(text):
        word = found[0].casefold()
        told = tokens(_beside(text, found.end())).dates[:1] if word in _ORDINALS else ()
        if not told or not (n := _ORDINALS.index(word)):
            continue
        points = everything()
        for name in {p.name for p in points}:
            own = [p for p in points if p.name == name and p.days]
            days = sorted({p.days[0] for p in own} if len(own) > 1 else {day for p in own for day in p.days})
            if n < len(days) and _matches(told[0][0], days[n].isoformat()):
                settled |= Settled(Support(_said(word)), recomputed=(f"{word}: {days[n]}",))
    return settled


def _length(text: str, points: Sequence[Point]) -> Settled:
    """The longest and the shortest of several stays: its length, its day or its place in their order is told."""
    timed = sorted((p for p in points if p.unit == "day" and p.number is not None), key=lambda p: p.day)
    settled = NOTHING
    for pattern, longest in _LENGTHS.items():
        found = pattern.search(text)
        if not found or len(timed) < 2:
            continue
        end = (max if longest else min)(timed, key=lambda p: p.number or Decimal(0))
        told = tokens(text)
        lengths = [(value, unit) for value, unit in in_units(int(end.number or 0))]
        known = any(n.unit == unit and same_number(n, value) for n in told.numbers for value, unit in lengths)
        known = known or any(_in(day, end) for day, _ in told.dates)
        ordinals = [word for word in words(text[found.end() :])[:6] if word in _ORDINALS]
        if ordinals:
            known = timed.index(end) == _ORDINALS.index(ordinals[0])
        if not known:
            return Settled(why=f"“{found[0]}” is not so: {end.number} days, from {end.day}")
        said = _said(found[0].casefold()).union(*map(_said, ordinals[:1]))
        settled |= Settled(Support(said), recomputed=(f"{found[0]}: {end.number} days",))
    return settled


def _within_a_time(text: str, points: Sequence[Point]) -> Settled:
    """How many of the facts are of a time: "twice in 2002"."""
    for found in _IN_A_TIME.finditer(text):
        dates, said = tokens(found["time"]).dates, found["count"].split()[0].casefold()
        year = re.match(r"\s*(?:the\s+)?(?:year\s+)?(\d{4})\b", found["time"])
        day: Day | None = dates[0][0] if dates else (int(year[1]), None, None) if year else None
        count = _OFTEN.get(said) or (int(said) if said.isdigit() else TO_TWELVE.index(said))
        if day and all(p.day and not LINE_OF_SEVERAL.search(p.fact.text) for p in points):
            held = len({p.fact.reference for p in points if _matches(day, p.day)})
            if held != count:
                return Settled(why=f"“{found[0].strip()}” is not so: {held} of them are")
    return NOTHING


def _counted(text: str, points: Sequence[Point]) -> Settled:
    """How many facts are of a day that is told, and how many there are where a line stands for several."""
    counts = {len({p.fact.reference for p in points if _in(day, p)}) for day, _ in tokens(text).dates}
    times = [int(found[1]) for p in points if (found := LINE_OF_SEVERAL.search(p.fact.text))]
    if _IN_ALL.search(text) and len(times) > 1:
        counts.add(sum(times))
    return Settled(Support(counts=frozenset(counts - {0})))


def _in(day: Day, point: Point) -> bool:
    return any(_matches(day, each.isoformat()) for each in point.days)


def _matches(day: Day, iso: str) -> bool:
    told: Iterator[int] = (int(part) for part in iso.split("-") if part)
    return all(part in (None, own) for part, own in zip(day, told, strict=False))


def _said(word: str) -> frozenset[str]:
    return frozenset([word, stem(word)])
