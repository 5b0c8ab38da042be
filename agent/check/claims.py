"""Claims that a writer declared and the evidence -> each computed again from the facts that it names.

A claim that holds lends its words and its numbers to the statement that cites its facts; one that does not hold
refuses it; one that its facts do not decide ("rose" of one value) lends nothing: the statement stands by its own words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from agent.check.against import TARGET
from agent.check.grounds import Grounds
from agent.check.points import Point, point_of
from agent.check.ranges import side_of
from agent.check.reckoning import in_units
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support, same_number
from agent.check.tokens import LINE_OF_SEVERAL, tokens
from agent.check.vocabulary import allowed
from agent.findings import Claim, Relation
from tools.measuring.rounding import rounded
from tools.wording.words import counted, number, plural, with_unit

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
ENDS: frozenset[Relation] = frozenset(("first", "last", "highest", "lowest"))
_DECIMALS = 4
_OF_TIME = frozenset(("day", "week", "month", "year"))
_FEW_DAYS = 60
"""Days up to which nobody wants to read how many months they are."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a claim comes to.

    Attributes:
        holds: it is so.
        worked: from what it was worked out: "7.1 to 6.4 %".
        numbers: those that may be told because of it.
        counts: the same of counts.
        amount: how much or how many it is, as people read it: "0.7 %", "290 days (9 months)"; "" if nothing.
    """

    holds: bool
    worked: str
    numbers: frozenset[tuple[Decimal, str]] = frozenset()
    counts: frozenset[int] = frozenset()
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A claim that its facts decide, and what it comes to."""

    claim: Claim
    points: tuple[Point, ...]
    result: Result

    @property
    def line(self) -> str:
        """The claim with what it was worked out from."""
        said = self.claim.relation
        return (
            f"{said}: {self.result.worked}"
            if self.result.holds
            else f"“{said}” is not so: {self.result.worked}"
        )


def work_out(claim: Claim, grounds: Sequence[Grounds]) -> Worked | None:
    """Return what a claim comes to; None where its facts do not decide it, or are not in the evidence."""
    points = tuple(point for fact in claim.of if (point := point_of(fact, grounds)))
    result = _RECKON[claim.relation](points, grounds) if points and len(points) == len(claim.of) else None
    if result is None:
        return None
    return Worked(claim, points, result)


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
    if not all(point_of(fact, grounds) for fact in claim.of):
        return Settled(why=f"the claim “{claim.relation}” names what is not in the evidence")
    worked = work_out(claim, grounds)
    if worked is None:
        return NOTHING
    if not worked.result.holds:
        return Settled(why=worked.line)
    if claim.relation in ENDS and (other := _another(worked.points[0], text)):
        return Settled(why=f"“{claim.relation}” is not so of {other}: {worked.line}")
    support = Support(
        allowed(*_WORDS[claim.relation]), counts=worked.result.counts, reckoned=worked.result.numbers
    )
    return Settled(support, recomputed=(worked.line,))


def _another(point: Point, text: str) -> str:
    """Return the first value that a statement tells of a test, where none of them is the one of a point."""
    told = [n for n in tokens(text).numbers if n.unit and n.unit == point.unit]
    same = point.number is None or any(same_number(n, point.number) for n in told)
    return "" if same or not told else told[0].text


def _course(holds: Callable[[Decimal], bool]) -> Callable[..., Result | None]:
    def reckon(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
        numbers = _numbers(sorted(points, key=lambda p: p.day))
        if len(numbers) < 2:
            return None
        changes = [numbers[-1] - numbers[0]] if not holds(Decimal(0)) else [n - numbers[0] for n in numbers]
        worked = f"{numbers[0]} to {numbers[-1]} {points[0].unit}".strip()
        return Result(all(map(holds, changes)), worked, amount=_how_much(numbers[0], numbers[-1], points[0]))

    return reckon


def _order(earlier: bool) -> Callable[..., Result | None]:
    """Return how to tell whether facts follow one another; of several under one line both the first and the last do."""

    def reckon(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
        if len(points) < 2 or not all(p.day for p in points):
            return None
        pairs = [pair if earlier else pair[::-1] for pair in pairwise(points)]
        firsts, lasts = ([_before(one, other, end) for one, other in pairs] for end in (0, 1))
        if all(firsts) != all(lasts):
            return None
        alone = len(points) == 2 and not any(LINE_OF_SEVERAL.search(p.fact.text) for p in points)
        long = how_long(*points) if alone else ""
        return Result(all(firsts), " and ".join(p.day for p in points), amount=long)

    return reckon


def _before(one: Point, other: Point, end: int) -> bool:
    first, second = one.extent[end], other.extent[end]
    return first[: len(second)] < second[: len(first)]


def _during(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
    if len(points) != 2 or not all(p.start for p in points):
        return None
    one, other = points
    if any(LINE_OF_SEVERAL.search(p.fact.text) for p in points):
        return None
    within = one.start is not None and other.start is not None and other.start <= one.start <= other.days[-1]
    return Result(within, f"{one.day} and {other.day}")


def _end(of_days: bool, greatest: bool) -> Callable[..., Result | None]:
    """Return how to tell whether the first fact is at one end of the others, or else of all of its name."""

    def reckon(points: Sequence[Point], grounds: Sequence[Grounds]) -> Result | None:
        some = points if len(points) > 1 else _its_series(points[0], grounds)
        if of_days:
            days = [p.extent[greatest] for p in some if p.day]
            end = (max(days) if greatest else min(days)) if len(days) == len(some) else ""
            return Result(points[0].extent[greatest] == end, f"{end}", amount=str(len(some))) if end else None
        numbers, own = _numbers(some), points[0].number
        if not numbers and (numbers := _times(some)):
            own = _times(points[:1])[0]
        if not numbers or own is None:
            return None
        extreme = max(numbers) if greatest else min(numbers)
        worked = f"{extreme} {points[0].unit}".strip()
        return Result(own == extreme, worked, amount=str(len(some)))

    return reckon


def _its_series(point: Point, grounds: Sequence[Grounds]) -> list[Point]:
    """Return everything of a fact's name that its call found; () where not all of it is shown."""
    for g in grounds:
        if point.fact in g.evidence.told and g.shows_all:
            found = (point_of(fact, [g]) for fact in g.evidence.facts)
            return [p for p in found if p and _are_of_one((p, point))]
    return []


def _compared(side: str, holds: Callable[[Decimal, Decimal], bool]) -> Callable[..., Result | None]:
    """Return how to hold the first fact against the second, or each against its own reference range."""

    def reckon(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
        sides = [side_of(p) for p in points]
        numbers = _numbers(points, same_name=False) or _with_target(points)
        alike = _are_of_one(points)
        so = len(numbers) == 2 and holds(*numbers)
        if len(numbers) == 2 and (
            not all(sides) or (alike and (so or not all(each == side for each in sides)))
        ):
            apart = _amount(abs(numbers[0] - numbers[1]), points[0])
            worked = f"{numbers[0]} and {numbers[1]} {points[0].unit}".strip()
            return Result(so, worked, amount=apart)
        if not all(sides):
            return None
        return Result(all(each == side for each in sides), "by the reference range")

    return reckon


def _with_target(points: Sequence[Point]) -> list[Decimal]:
    """Return a value and the target of a goal that is cited after it; [] where it is anything else."""
    if len(points) != 2 or points[0].number is None or points[1].number is not None:
        return []
    targets = TARGET.findall(points[1].fact.text)
    return [points[0].number, Decimal(targets[0])] if len(targets) == 1 else []


def _within(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
    sides = [side_of(p) for p in points]
    return Result(all(each == "normal" for each in sides), "by the reference range") if all(sides) else None


def _count(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
    if any(LINE_OF_SEVERAL.search(p.fact.text) for p in points):
        return None
    so_many = len({(p.fact.reference, p.fact.display) for p in points})
    return Result(True, str(so_many), counts=frozenset([so_many]), amount=str(so_many))


def _total(reckon: Callable[[Sequence[Decimal]], Decimal]) -> Callable[..., Result | None]:
    def reckoned(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
        numbers = _numbers(points)
        if len(numbers) < 2:
            return None
        value = reckon(numbers)
        shown = frozenset((rounded(value, n, ROUND_HALF_UP), points[0].unit) for n in range(_DECIMALS))
        return Result(True, f"{value:.4g} {points[0].unit}".strip(), shown, amount=_amount(value, points[0]))

    return reckoned


def _difference(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
    if len(points) != 2:
        return None
    numbers = _numbers(points)
    if len(numbers) == 2:
        apart = abs(numbers[1] - numbers[0])
        both = frozenset([(apart, points[0].unit), (apart, "score")])
        worked = f"{apart} {points[0].unit}".strip()
        return Result(True, worked, both, amount=_amount(apart, points[0]))
    one, other = points[0].start, points[1].start
    if not (one and other) or any(LINE_OF_SEVERAL.search(p.fact.text) for p in points):
        return None
    days = abs((other - one).days)
    return Result(True, f"{days} days", frozenset(in_units(days)), amount=how_long(*points))


def _percent(points: Sequence[Point], _: Sequence[Grounds]) -> Result | None:
    numbers = _numbers(points)
    if len(numbers) != 2 or not numbers[0]:
        return None
    percent = (numbers[1] - numbers[0]) / numbers[0] * 100
    shown = frozenset((abs(rounded(percent, n, ROUND_HALF_UP)), "%") for n in range(_DECIMALS))
    return Result(True, f"{percent:.4g} %", shown, amount=f"{number(rounded(percent, 1))} %")


def _all(points: Sequence[Point], grounds: Sequence[Grounds]) -> Result | None:
    """All, and so the only ones, that a call found."""
    facts = {p.fact for p in points}
    for g in grounds:
        if facts & set(g.evidence.told):
            named = len(facts & set(g.evidence.told))
            return Result(named == g.evidence.total, f"{named} of {g.evidence.total}")
    return None


def _none(points: Sequence[Point], grounds: Sequence[Grounds]) -> Result | None:
    """What is cited comes from calls that found nothing of what they looked for."""
    facts = {p.fact for p in points}
    calls = [g for g in grounds if facts & set(g.evidence.told)]
    return Result(True, "looked for and not found") if calls and not any(g.truth for g in calls) else None


def _amount(value: Decimal, point: Point) -> str:
    """Return a number in the unit of a fact, as people read it."""
    if point.unit in _OF_TIME:
        return f"{number(rounded(value))} {plural(point.unit)}"
    return with_unit(number(rounded(value)), point.read_unit)


def _how_much(first: Decimal, last: Decimal, point: Point) -> str:
    """Return by how much two values differ, and by how many percent of the first; "" where they do not."""
    if first == last:
        return ""
    percent = f" ({number(abs(rounded((last - first) / first * 100, 1)))} %)" if first > 0 else ""
    return f"{_amount(abs(last - first), point)}{percent}"


def how_long(one: Point, other: Point) -> str:
    """Return how long the days of two facts are apart, long times in years and months too; "" where one has none.

    Of a fact that lasts it is its first day.
    """
    if not (one.start and other.start):
        return ""
    first, last = sorted((one.start, other.start))
    days = (last - first).days
    if days <= _FEW_DAYS:
        return counted(days, "day")
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    years = [counted(months // 12, "year")] if months >= 12 else []
    whole = [*years, *([counted(months % 12, "month")] if months % 12 else [])]
    return f"{counted(days, 'day')} ({' and '.join(whole)})"


def _times(points: Sequence[Point]) -> list[Decimal]:
    """Return how many entries each line stands for; [] where none stands for several."""
    found = [LINE_OF_SEVERAL.search(p.fact.text) for p in points]
    return [Decimal(each[1]) if each else Decimal(1) for each in found] if any(found) else []


def _are_of_one(points: Sequence[Point]) -> bool:
    """Tell whether facts are all of one name, in whatever case it was recorded."""
    return len({p.name.casefold() for p in points}) == 1


def _numbers(points: Sequence[Point], same_name: bool = True) -> list[Decimal]:
    """Return the numbers of facts, [] where one has none or their units, or names, differ."""
    numbers = [p.number for p in points if p.number is not None]
    alike = len({p.unit for p in points}) == 1 and (not same_name or _are_of_one(points))
    return numbers if len(numbers) == len(points) and alike else []


_RECKON: Mapping[Relation, Callable[[Sequence[Point], Sequence[Grounds]], Result | None]] = {
    "rose": _course(lambda change: change > 0),
    "fell": _course(lambda change: change < 0),
    "same": _course(lambda change: change == 0),
    "before": _order(earlier=True),
    "after": _order(earlier=False),
    "during": _during,
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
