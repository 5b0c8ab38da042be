"""A statement and the facts it cites -> the relations it claims, computed again: rose, before, mean, only, ago.

A relation that holds may be said, with the number it comes to ("fell by 21.9 mmHg", "by 13 %"); one that does not hold
is refused, whatever its words. What cannot be computed from the cited facts is left to the words of the evidence.
Relations in languages other than English are left out.
"""

import re
from collections.abc import Sequence, Set
from datetime import date
from decimal import Decimal

from agent.check.against import held_against
from agent.check.amounts import mean, part_of, times_as, total
from agent.check.courses import went
from agent.check.denials import negated
from agent.check.grounds import Grounds
from agent.check.points import Point, point_of, points_of
from agent.check.ranges import extreme, in_range, spread
from agent.check.reckoning import reckoned
from agent.check.settled import NOTHING, Settled
from agent.check.spans import in_time
from agent.check.support import Support
from agent.check.timing import ago, begun, of_one_day, ordered, recurring
from agent.check.tokens import Tokens, stem, tokens
from agent.check.vocabulary import allowed
from tools.wording.text import words
from tools.wording.words import one_line

_ONLY = re.compile(
    r"\b(?:only|sole|single|just one)\b(?!\s+(?:in|of|at|on|after|before|when)\b)", re.IGNORECASE
)
_ACTIVE = re.compile(r"\bactive\b", re.IGNORECASE)
_OVER = re.compile(r"\b(?:stopped|completed|cancelled|resolved|inactive|ended|finished)\b", re.IGNORECASE)
_BACK = re.compile(r"\b(?:dat|go)(?:e?s|ing|ed)\s+back\b|\bback\s+(?:to|in)\b", re.IGNORECASE)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PAIRED = re.compile(r"(?<![\d/.-])(\d+(?:\.\d+)?)\s?/\s?(\d+(?:\.\d+)?)(?![\d/-])")


def settle(
    text: str, cited: Sequence[str], points: Sequence[Point], grounds: Sequence[Grounds], now: date
) -> Settled:
    """Return which relations of a statement hold.

    Args:
        text: the statement, without its citations.
        cited: the references of its citations, in their order.
        points: the facts behind them.
        grounds: the evidence.
        now: the clock.
    """
    denied = negated(text)
    told = NOTHING
    for relation in () if denied else (ordered, mean, total, extreme, in_range, spread, of_one_day, part_of):
        told |= relation(text, points)
    told |= _only(text, cited, grounds) if not denied else NOTHING
    told |= Settled(Support(frozenset(["back"]))) if _BACK.search(text) else NOTHING
    calls = [g for g in grounds if not g.references.isdisjoint(cited)]
    return (
        told
        | went(text, points)
        | times_as(text, points)
        | _status(text, points)
        | in_time(text, points, lambda: _everything(calls))
        | held_against(text, points, calls)
        | begun(text, points)
        | recurring(text, points)
        | ago(text, points, now)
        | Settled(reckoned(text, points, now))
    )


def _everything(calls: Sequence[Grounds]) -> list[Point]:
    """Return what calls gave, of those that gave all there is."""
    return [p for g in calls if g.gave_all for f in g.evidence.facts if (p := point_of(f, [g]))]


def paired(clause: str, cited: Sequence[str], grounds: Sequence[Grounds]) -> bool:
    """Tell whether a clause has two numbers of one moment as one, "143.1/92.2 mmHg", each of another fact."""
    found = _PAIRED.search(clause)
    if not found:
        return False
    points = points_of(cited, grounds)
    first, second = ({p.day for p in points if p.number == Decimal(each)} for each in found.groups())
    return bool(first & second)


def _status(text: str, points: Sequence[Point]) -> Settled:
    """That something is still active, which no line may be that says that it is over."""
    found = _ACTIVE.search(text)
    over = [
        said[0] for p in points if (said := _OVER.search(p.fact.text)) and not _ACTIVE.search(p.fact.text)
    ]
    if not found or negated(text) or not points or len(over) < len(points):
        return NOTHING
    return Settled(why=f"“{found[0]}” is not so: {over[0]}")


def _only(text: str, cited: Sequence[str], grounds: Sequence[Grounds]) -> Settled:
    """That there is no other: the call found nothing of another name than what is cited."""
    found = _ONLY.search(text)
    if not found:
        return NOTHING
    for g in grounds:
        here = g.references.intersection(cited)
        names = {fact.display for reference in here for fact in g.facts.get(reference, ())}
        others = {entry.display for r in g.references - here if (entry := g.record.get(r))} - names
        many = max(g.evidence.total, g.evidence.measured) > 1
        if here and many and g.evidence.tool == "measure":
            return Settled(why=f"“{found[0]}” is not in the evidence it cites")
        if here and g.evidence.tool == "find" and others:
            return Settled(why=f"“{found[0]}” is not so: {len(names | others)} are recorded")
    return Settled(Support(frozenset(words(found[0]))))


def unshared(text: str, sources: Sequence[Support], names: Set[str]) -> str:
    """Return what a statement says of both or all of what it cites, and one of them does not support."""
    for day in tokens(text).dates:
        if any(source.objection(Tokens((day,))) for source in sources):
            return day[1]
    said = [word for word in tokens(text).words if word not in names and word not in allowed("plain")]
    somewhere = [word for word in said if any(word in source.words for source in sources)]
    return next((word for word in somewhere if not all(word in source.words for source in sources)), "")


def strangers(text: str, points: Sequence[Point]) -> str:
    """Return the name of the only cited thing that a statement names, where a day in it is that of another; else ""."""
    said = {stem(word) for word in words(text)} - allowed("plain")
    named = [p for p in points if not said.isdisjoint(map(stem, words(f"{p.name} {one_line(p.name)}")))]
    if len({p.name for p in named}) != 1 or len(named) == len(points):
        return ""
    own = {p.day for p in named} | {day for p in named for day in _ISO_DAY.findall(p.fact.text)}
    return named[0].name if any(day not in own for day in _ISO_DAY.findall(text)) else ""
