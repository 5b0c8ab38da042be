"""A statement that holds values against a limit -> whether it is so: above the goal of 7, 1.3 below the upper limit.

Limits are those that the cited facts tell: reference ranges, the target of a goal, and other cited values. "Never"
is decided only where a call looked at every value. Left out: limits that no fact tells.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from agent.check.denials import denials_in
from agent.check.grounds import Grounds
from agent.check.points import Point
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support, same_number
from agent.check.tokens import tokens
from agent.check.vocabulary import allowed
from tools.calls.evidence import Fact
from tools.wording.text import words

_HOW = re.compile(
    r"\b(?:(?P<above>above|over|exceed(?:s|ed|ing)?|greater than|higher than|more than)"
    r"|below|under|less than|lower than)\b"
    r"(?=\s+(?P<rest>(?:(?!\s(?:and|but|while|was|were|is|are)\s)[^,;:()])*))",
    re.IGNORECASE,
)
_SIDE = re.compile(r"\b(upper|lower)\s+(?:reference\s+|normal\s+)?(?:limit|bound|end)", re.IGNORECASE)
_GOAL = re.compile(r"\b(?:goal|target)\b", re.IGNORECASE)
_NUMBER = r"(\d+(?:\.\d+)?)"
_RANGE = re.compile(rf"\breference {_NUMBER}–{_NUMBER}")
TARGET = re.compile(rf"[<>≤≥]=?\s*{_NUMBER}")
"""The target of a goal, as its line tells it."""
_DENIED = 5
"""Words before the comparison among which its denial stands: "has never been above", "none of them was under"."""


def held_against(text: str, points: Sequence[Point], cited: Sequence[Grounds]) -> Settled:
    """Return whether values are on the side of a limit on which a statement has them.

    Args:
        text: the statement, without its citations.
        points: the cited facts.
        cited: the calls that found them.
    """
    settled = NOTHING
    valued = [p for p in points if p.number is not None]
    for found in _HOW.finditer(text) if valued else ():
        for limit, source in _limits(found["rest"], points):
            held = [p for p in valued if p.fact != source] or valued
            settled |= _compared(text[: found.start()], found, limit, held, cited)
            break
    ends = frozenset((end, p.unit) for p in points for end in _range(p) if p.unit)
    return settled | Settled(Support(reckoned=ends))


def _compared(
    before: str, found: re.Match[str], limit: Decimal, points: Sequence[Point], cited: Sequence[Grounds]
) -> Settled:
    """Return whether the values named before a comparison, else all of them, are on its side of the limit."""
    numbers, above = tokens(before).numbers, bool(found["above"])
    values = [p.number for p in points if p.number is not None]
    values = [v for v in values if any(same_number(n, v) for n in numbers)] or values
    beside = words(before)[-_DENIED:]
    denials = [beside[n] for n in denials_in(beside)]
    if "never" in denials and not _complete(cited, above):
        return NOTHING
    so = [value > limit if above else value < limit for value in values]
    claimed, shown = f"{found[0]} {found['rest'].strip()}", ", ".join(map(str, dict.fromkeys(values)))
    if any(so) if denials else not all(so):
        return Settled(why=f"“{claimed}” is not so: {shown}, and the limit is {limit}")
    apart = frozenset((abs(v - limit), unit) for v in values for unit in (points[0].unit, "score"))
    support = Support(allowed("claim", "limit").intersection(words(found.string)), reckoned=apart)
    return Settled(support, recomputed=(f"{claimed}: {shown}",), denials=len(denials))


def _limits(rest: str, points: Sequence[Point]) -> Iterator[tuple[Decimal, Fact | None]]:
    """Yield what a statement holds values against, with the fact that tells it; nothing where none tells it."""
    side = _SIDE.search(rest)
    said = [n for n in tokens(rest).numbers if not n.counts or _GOAL.search(rest)]
    for point in points:
        told = [end for end in _range(point)]
        targets = [Decimal(each) for each in TARGET.findall(point.fact.text)] if point.number is None else []
        ends = [(told[0] if side[1].casefold() == "lower" else told[1])] if side and told else []
        ends += targets if _GOAL.search(rest) else []
        yield from ((end, point.fact) for end in ends if not said or any(same_number(n, end) for n in said))
        if said and not ends and not re.search(r"\branges?\b", rest):
            others = [*told, *targets, *([point.number] if point.number is not None else [])]
            yield from (
                (each, None if each in told else point.fact) for each in others if said[0].value == each
            )


def _complete(cited: Sequence[Grounds], above: bool) -> bool:
    """Tell whether a call looked at every value, or for the one at this end."""
    end = "max" if above else "min"
    measured = (g for g in cited if g.evidence.tool == "measure")
    return any(g.gave_all or g.evidence.arguments.get("pick") == end for g in measured)


def _range(point: Point) -> tuple[Decimal, ...]:
    found = _RANGE.search(point.fact.text)
    return (Decimal(found[1]), Decimal(found[2])) if found else ()
