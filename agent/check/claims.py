"""Claims that a writer declared and the evidence -> each computed again from the facts that it names.

A claim that holds lends its words and its numbers to the statement that cites its facts; one that does not hold
refuses it; one that its facts do not decide ("rose" of one value) lends nothing: the statement stands by its own words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from agent.check.grounds import Grounds
from agent.check.points import Point, point_of
from agent.check.reckoning import in_units
from agent.check.relations import side_of
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support, same_number
from agent.check.tokens import tokens
from agent.check.vocabulary import allowed
from agent.findings import Claim, Relation
from tools.measuring.rounding import rounded

_WORDS: Mapping[Relation, tuple[str, str]] = {
    "rose": ("course", "up"), "fell": ("course", "down"), "same": ("course", "stable"),
    "before": ("claim", "before"), "after": ("claim", "after"), "during": ("claim", "during"),
    "first": ("pick", "first"), "last": ("pick", "last"), "highest": ("pick", "max"), "lowest": ("pick", "min"),
    "above": ("test", "above"), "below": ("test", "below"), "within": ("test", "in range"),
    "count": ("statistic", "count"), "sum": ("statistic", "sum"), "mean": ("statistic", "mean"),
    "difference": ("operation", "difference"), "percent": ("operation", "percent"),
    "all": ("claim", "all"), "only": ("claim", "only"), "none": ("claim", "none"),
}  # fmt: skip
"""Where vocabulary.toml lists the words that say a relation."""
_ENDS: frozenset[Relation] = frozenset(("first", "last", "highest", "lowest"))
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class _Result:
    """What a claim comes to: whether it holds, from what, and the numbers that may be told because of it."""

    holds: bool
    worked: str
    numbers: frozenset[tuple[Decimal, str]] = frozenset()
    counts: frozenset[int] = frozenset()


def settled_claims(
    claims: Sequence[Claim], cited: Sequence[str], grounds: Sequence[Grounds], text: str = ""
) -> Settled:
    """Return what the claims come to whose facts are all among the cited resources.

    Args:
        claims: as declared with the draft.
        cited: the resources that one statement cites.
        grounds: the evidence of the run.
        text: that statement; what is said to be the highest is the value that it tells.
    """
    settled = NOTHING
    for claim in claims:
        if claim.of and {fact.reference for fact in claim.of} <= set(cited):
            settled |= _settled(claim, grounds, text)
    return settled


def _settled(claim: Claim, grounds: Sequence[Grounds], text: str) -> Settled:
    points = [point for fact in claim.of if (point := point_of(fact, grounds))]
    if len(points) < len(claim.of):
        return Settled(why=f"the claim “{claim.relation}” names what is not in the evidence")
    result = _RECKON[claim.relation](points, grounds)
    if result is None:
        return NOTHING
    if not result.holds:
        return Settled(why=f"“{claim.relation}” is not so: {result.worked}")
    if claim.relation in _ENDS and (other := _another(points[0], text)):
        return Settled(why=f"“{claim.relation}” is not so of {other}: {result.worked}")
    support = Support(allowed(*_WORDS[claim.relation]), counts=result.counts, reckoned=result.numbers)
    return Settled(support, recomputed=(f"{claim.relation}: {result.worked}",))


def _another(point: Point, text: str) -> str:
    """Return the first value that a statement tells of a test, where none of them is the one of a point."""
    told = [n for n in tokens(text).numbers if n.unit and n.unit == point.unit]
    same = point.number is None or any(same_number(n, point.number) for n in told)
    return "" if same or not told else told[0].text


def _course(holds: Callable[[Decimal], bool]) -> Callable[..., _Result | None]:
    def reckon(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
        numbers = _numbers(sorted(points, key=lambda p: p.day))
        if len(numbers) < 2:
            return None
        changes = [numbers[-1] - numbers[0]] if not holds(Decimal(0)) else [n - numbers[0] for n in numbers]
        return _Result(all(map(holds, changes)), f"{numbers[0]} to {numbers[-1]} {points[0].unit}".strip())

    return reckon


def _order(holds: Callable[[Point, Point], bool]) -> Callable[..., _Result | None]:
    def reckon(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
        if len(points) != 2 or not all(p.day for p in points):
            return None
        return _Result(holds(*points), f"{points[0].day} and {points[1].day}")

    return reckon


def _earlier(one: Point, other: Point) -> bool:
    return one.day[: len(other.day)] < other.day[: len(one.day)]


def _within_span(one: Point, other: Point) -> bool:
    return bool(one.days and other.days) and other.days[0] <= one.days[0] <= other.days[-1]


def _end(of_days: bool, greatest: bool) -> Callable[..., _Result | None]:
    """Return how to tell whether the first fact is at one end of the others, or else of all of its name."""

    def reckon(points: Sequence[Point], grounds: Sequence[Grounds]) -> _Result | None:
        some = points if len(points) > 1 else _its_series(points[0], grounds)
        if of_days:
            days = [p.day for p in some if p.day]
            end = (max(days) if greatest else min(days)) if len(days) == len(some) else ""
            return _Result(points[0].day == end, f"{end}") if end else None
        numbers = _numbers(some)
        if not numbers or points[0].number is None:
            return None
        extreme = max(numbers) if greatest else min(numbers)
        return _Result(points[0].number == extreme, f"{extreme} {points[0].unit}".strip())

    return reckon


def _its_series(point: Point, grounds: Sequence[Grounds]) -> list[Point]:
    """Return everything of a fact's name that its call found; () where not all of it is shown."""
    for g in grounds:
        if point.fact in g.evidence.told and g.evidence.total == len(g.evidence.facts):
            found = (point_of(fact, [g]) for fact in g.evidence.facts)
            return [p for p in found if p and p.name == point.name]
    return []


def _compared(side: str, holds: Callable[[Decimal, Decimal], bool]) -> Callable[..., _Result | None]:
    """Return how to hold the first fact against the second, or each against its own reference range."""

    def reckon(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
        sides = [side_of(p) for p in points]
        numbers = _numbers(points, same_name=False)
        if len(numbers) == 2 and (len({p.name for p in points}) == 1 or not all(sides)):
            return _Result(holds(*numbers), f"{numbers[0]} and {numbers[1]} {points[0].unit}".strip())
        if not all(sides):
            return None
        return _Result(all(each == side for each in sides), "by the reference range")

    return reckon


def _within(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
    sides = [side_of(p) for p in points]
    return _Result(all(each == "normal" for each in sides), "by the reference range") if all(sides) else None


def _count(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
    number = len({(p.fact.reference, p.fact.display) for p in points})
    return _Result(True, str(number), counts=frozenset([number]))


def _total(reckon: Callable[[Sequence[Decimal]], Decimal]) -> Callable[..., _Result | None]:
    def reckoned(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
        numbers = _numbers(points)
        if len(numbers) < 2:
            return None
        value = reckon(numbers)
        shown = frozenset((rounded(value, n, ROUND_HALF_UP), points[0].unit) for n in range(_DECIMALS))
        return _Result(True, f"{value:.4g} {points[0].unit}".strip(), shown)

    return reckoned


def _difference(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
    if len(points) != 2:
        return None
    numbers = _numbers(points)
    if len(numbers) == 2:
        apart = abs(numbers[1] - numbers[0])
        both = frozenset([(apart, points[0].unit), (apart, "score")])
        return _Result(True, f"{apart} {points[0].unit}".strip(), both)
    if not all(p.days for p in points):
        return None
    days = abs((points[1].days[0] - points[0].days[0]).days)
    return _Result(True, f"{days} days", frozenset(in_units(days)))


def _percent(points: Sequence[Point], _: Sequence[Grounds]) -> _Result | None:
    numbers = _numbers(points)
    if len(numbers) != 2 or not numbers[0]:
        return None
    percent = (numbers[1] - numbers[0]) / numbers[0] * 100
    shown = frozenset((abs(rounded(percent, n, ROUND_HALF_UP)), "%") for n in range(_DECIMALS))
    return _Result(True, f"{percent:.4g} %", shown)


def _all(points: Sequence[Point], grounds: Sequence[Grounds]) -> _Result | None:
    """All, and so the only ones, that a call found."""
    facts = {p.fact for p in points}
    for g in grounds:
        if facts & set(g.evidence.told):
            named = len(facts & set(g.evidence.told))
            return _Result(named == g.evidence.total, f"{named} of {g.evidence.total}")
    return None


def _none(points: Sequence[Point], grounds: Sequence[Grounds]) -> _Result | None:
    """What is cited comes from calls that found nothing of what they looked for."""
    facts = {p.fact for p in points}
    calls = [g for g in grounds if facts & set(g.evidence.told)]
    return _Result(True, "looked for and not found") if calls and not any(g.truth for g in calls) else None


def _numbers(points: Sequence[Point], same_name: bool = True) -> list[Decimal]:
    """Return the numbers of facts, [] where one has none or their units, or names, differ."""
    numbers = [p.number for p in points if p.number is not None]
    alike = len({p.unit for p in points}) == 1 and (not same_name or len({p.name for p in points}) == 1)
    return numbers if len(numbers) == len(points) and alike else []


_RECKON: Mapping[Relation, Callable[[Sequence[Point], Sequence[Grounds]], _Result | None]] = {
    "rose": _course(lambda change: change > 0),
    "fell": _course(lambda change: change < 0),
    "same": _course(lambda change: change == 0),
    "before": _order(_earlier),
    "after": _order(lambda one, other: _earlier(other, one)),
    "during": _order(_within_span),
    "first": _end(of_days=True, greatest=False),
    "last": _end(of_days=True, greatest=True),
    "highest": _end(of_days=False, greatest=True),
    "lowest": _end(of_days=False, greatest=False),
    "above": _compared("high", lambda one, other: one > other),
    "below": _compared("low", lambda one, other: one < other),
    "within": _within,
    "count": _count,
    "sum": _total(lambda some: sum(some, Decimal(0))),
    "mean": _total(lambda some: sum(some, Decimal(0)) / len(some)),
    "difference": _difference,
    "percent": _percent,
    "all": _all,
    "only": _all,
    "none": _none,
}
