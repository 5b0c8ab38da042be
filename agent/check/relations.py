"""A statement and the facts it cites -> the relations it claims, computed again: rose, before, mean, only, ago.

A relation that holds may be said, with the number it comes to ("fell by 21.9 mmHg", "by 13 %"); one that does not hold
is refused, whatever its words. What cannot be computed from the cited facts is left to the words of the evidence.
Relations in languages other than English are left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from agent.check.denials import negated
from agent.check.grounds import Grounds
from agent.check.support import Support, same_number
from agent.check.tokens import TO_TWELVE, Day, stem, tokens
from agent.check.units import unit_of
from agent.check.vocabulary import allowed
from tools.calls.evidence import Fact
from tools.entries.entry import Entry, Quantity
from tools.wording.text import plain_name, words
from tools.wording.words import one_line

_BEFORE = re.compile(r"\b(?:before|earlier than|prior to|preceded|preceding|ahead of)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|later than|followed(?! by)|following)\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:only|sole|single|just one)\b(?!\s+(?:in|of|at|on|after|before|when)\b)", re.IGNORECASE
)
_OF_MEANS = re.compile(r"\b(?:mean|average|averaged|averages)\b", re.IGNORECASE)
_OF_SUMS = re.compile(r"\b(?:sum|altogether|in total|add(?:s|ed)? up)\b", re.IGNORECASE)
_EVERY = re.compile(
    r"\b(?:(?:every|each|once an?)\s+(day|week|month|year)|(daily|weekly|monthly|yearly|annually))\b",
    re.IGNORECASE,
)
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_AGO = re.compile(
    r"\b(?P<near>about|around|nearly|almost|roughly|approximately|some|over|more than)?\s*"
    rf"(?P<count>\d+|{'|'.join(TO_TWELVE[1:])})\s+"
    r"(?P<unit>day|week|month|year)s?\s+ago\b",
    re.IGNORECASE,
)
_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": Decimal("30.4375"), "year": Decimal("365.25")}
_MUCH = Decimal("1.5")
"""How much longer than a year the gap within "every year" may be."""
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BEGAN = re.compile(
    r"\b(?:began|begun|begins|started|starts|commenced)\s+(?:(?:only|back)\s+)?(?:on|in|around|about)?\s*"
    r"(?=\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))",
    re.IGNORECASE,
)
_NEARBY = 20
"""Characters of the day after "began"."""
_PAIRED = re.compile(r"(?<![\d/.-])(\d+(?:\.\d+)?)\s?/\s?(\d+(?:\.\d+)?)(?![\d/-])")


@dataclass(frozen=True, slots=True)
class Point:
    """A cited fact, as relations are computed from it.

    Attributes:
        fact: as it was told.
        name: without tags and brackets.
        number: exact; None of what has none.
        unit: of the number, in normal form.
        day: ISO, on which it was or began; "" if it has none.
    """

    fact: Fact
    name: str
    number: Decimal | None
    unit: str
    day: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What computing the relations of a statement came to.

    Attributes:
        support: the words and numbers of those that hold.
        why: why one does not hold, "" if all do.
    """

    support: Support = Support()
    why: str = ""

    def __or__(self, other: "Settled") -> "Settled":
        """Return both together."""
        return Settled(self.support | other.support, self.why or other.why)


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
    told = Settled()
    for relation in () if denied else (_course, _order, _mean, _sum):
        told |= relation(text, points)
    told |= _only(text, cited, grounds) if not denied else Settled()
    return (
        told
        | _began(text, points)
        | _every(text, points)
        | _ago(text, points, now)
        | _in_other_units(text, points)
    )


def paired(clause: str, cited: Sequence[str], grounds: Sequence[Grounds]) -> bool:
    """Tell whether a clause has two numbers of one moment as one, "143.1/92.2 mmHg", each of another fact."""
    found = _PAIRED.search(clause)
    if not found:
        return False
    points = points_of(cited, grounds)
    first, second = ({p.day for p in points if p.number == Decimal(each)} for each in found.groups())
    return bool(first & second)


def points_of(cited: Sequence[str], grounds: Sequence[Grounds]) -> tuple[Point, ...]:
    """Return the facts behind references, each once."""
    return tuple(_points(cited, grounds))


def _points(cited: Sequence[str], grounds: Sequence[Grounds]) -> Iterator[Point]:
    seen: set[tuple[str, str]] = set()
    for reference in dict.fromkeys(cited):
        for g in grounds:
            for fact in g.facts.get(reference, ()):
                if (reference, fact.display) not in seen:
                    seen.add((reference, fact.display))
                    yield _point(fact, g)


def _point(fact: Fact, grounds: Grounds) -> Point:
    entry = grounds.record.get(fact.reference)
    value = _value(fact, entry) if entry else None
    number, unit = (value.value, unit_of(value.unit)) if value else (None, "")
    if number is None:
        told = tokens(fact.text.replace(fact.display, " ").replace(plain_name(fact.display), " ")).numbers
        measured = [each for each in told if each.unit and each.unit == unit_of(grounds.evidence.unit)]
        number, unit = (measured[0].value, measured[0].unit) if measured else (None, "")
    day = entry.start.day if entry and entry.start else fact.date
    return Point(fact, plain_name(fact.display), number, unit, day)


def _value(fact: Fact, entry: Entry) -> Quantity | None:
    """Return the quantity of the entry, or of the component, that a fact is of."""
    named = [each for each in (entry, *entry.components) if each.display == fact.display]
    quantities = [
        each.value for each in named if isinstance(each.value, Quantity) and not each.value.comparator
    ]
    return quantities[0] if quantities else None


def _series(points: Iterable[Point]) -> list[list[Point]]:
    """Return the numbers of each test in the order of time, of those that have several."""
    timed = sorted(
        (p for p in points if p.number is not None and p.day), key=lambda p: (p.name, p.unit, p.day)
    )
    return [some for _, each in groupby(timed, key=lambda p: (p.name, p.unit)) if len(some := list(each)) > 1]


def _said(text: str, course: str, points: Sequence[Point]) -> list[str]:
    """Return the words of a text that say a course, and are no part of a name: "fall risk score"."""
    ways = allowed("course", course)
    names = {word for p in points for word in words(p.name)}
    return [word for word in words(text) if (word in ways or stem(word) in ways) and word not in names]


def _course(text: str, points: Sequence[Point]) -> Settled:
    """Rose, fell, stayed the same: from the first to the last of the cited values of each test."""
    series = _series(points)
    if not series:
        return Settled()
    changes = [(each[-1].number or Decimal(0)) - (each[0].number or Decimal(0)) for each in series]
    holds: dict[str, Callable[[Decimal], bool]] = {
        "up": lambda change: change > 0,
        "down": lambda change: change < 0,
        "stable": lambda change: change == 0,
    }
    told = Settled()
    for course, test in holds.items():
        said = _said(text, course, points)
        if not said:
            continue
        if not all(map(test, changes)):
            ends = "; ".join(f"{each[0].number} to {each[-1].number}" for each in series)
            return Settled(why=f"“{said[0]}” is not so: {ends}")
        support = Support(frozenset(said) | frozenset(map(stem, said)), frozenset(_amounts(series)))
        told |= Settled(support)
    return told


def _amounts(series: Iterable[Sequence[Point]]) -> Iterator[tuple[Decimal, str]]:
    """Yield by how much each test changed, and by how many percent."""
    for each in series:
        first, last = each[0].number or Decimal(0), each[-1].number or Decimal(0)
        yield abs(last - first), each[0].unit
        if first:
            percent = abs((last - first) / first * 100)
            yield from ((value, "%") for value in (percent, round(percent, 0), round(percent, 1)))


def _order(text: str, points: Sequence[Point]) -> Settled:
    """What was before or after what: two things that are named in the statement, by the days on which they began."""
    named = [(at, p) for p in points if p.day and (at := _where(p, text, points)) is not None]
    firsts = {p.name: (at, p) for at, p in sorted(named, key=lambda each: -each[0])}
    if len(firsts) != 2:
        return Settled()
    (at, one), (then, other) = sorted(firsts.values(), key=lambda each: each[0])
    for pattern, earlier in ((_BEFORE, True), (_AFTER, False)):
        for found in pattern.finditer(text):
            if found.start() > then:
                continue
            subject, object_ = (one, other) if found.start() > at else (other, one)
            first, second = (subject, object_) if earlier else (object_, subject)
            if not first.day[: len(second.day)] < second.day[: len(first.day)]:
                return Settled(why=f"“{found[0]}” is not so: {subject.day} and {object_.day}")
    return Settled()


def _where(point: Point, text: str, points: Sequence[Point]) -> int | None:
    """Return where a statement names a fact: by a word that no other fact it cites has, else beside where those are."""
    plain = allowed("plain")
    own = {stem(word) for word in words(point.name)} - plain
    others = {stem(word) for p in points if p.name != point.name for word in words(p.name)} - plain
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


def _mean(text: str, points: Sequence[Point]) -> Settled:
    return _reckoned(text, points, _OF_MEANS, lambda some: sum(some, Decimal(0)) / len(some))


def _sum(text: str, points: Sequence[Point]) -> Settled:
    return _reckoned(text, points, _OF_SUMS, lambda some: sum(some, Decimal(0)))


def _reckoned(
    text: str, points: Sequence[Point], word: re.Pattern[str], reckon: Callable[[Sequence[Decimal]], Decimal]
) -> Settled:
    """Return what is reckoned of the cited values of one test."""
    found, series = word.search(text), _series(points)
    if not found or len(series) != 1:
        return Settled()
    value = reckon([p.number for p in series[0] if p.number is not None])
    numbers = [each for each in tokens(text).numbers if each.unit == series[0][0].unit]
    if numbers and not any(same_number(each, value) for each in numbers):
        return Settled(why=f"“{found[0]}” is not so: it is {value:.4g}")
    said = frozenset(stem(each) for each in words(found[0])) | frozenset(words(found[0]))
    return Settled(Support(said, frozenset([(value, series[0][0].unit)])))


def _only(text: str, cited: Sequence[str], grounds: Sequence[Grounds]) -> Settled:
    """That there is no other: the call found no more than what is cited."""
    found = _ONLY.search(text)
    if not found:
        return Settled()
    for g in grounds:
        here = g.references.intersection(cited)
        if here and g.evidence.tool == "find" and len(g.references) > len(here):
            return Settled(why=f"“{found[0]}” is not so: {len(g.references)} are recorded")
    return Settled()


def _began(text: str, points: Sequence[Point]) -> Settled:
    """That something began on the day on which a cited thing did."""
    found = _BEGAN.search(text)
    days = tokens(text[found.end() : found.end() + _NEARBY]).dates[:1] if found else ()
    if not found or not days or not points:
        return Settled()
    if not any(_is(days[0][0], p.day) for p in points):
        return Settled(why=f"“{found[0]}{days[0][1]}” is not in the evidence it cites")
    began = words(found[0])[0]
    return Settled(Support(frozenset([began, stem(began)])))


def _is(day: Day, iso: str) -> bool:
    told = [int(part) for part in iso.split("-") if part]
    return len(told) == len(day) and all(part in (None, own) for part, own in zip(day, told, strict=True))


def _every(text: str, points: Sequence[Point]) -> Settled:
    """That something was so every day, week, month or year, unless it is recorded in these words."""
    for found in _EVERY.finditer(text):
        unit = found[1] or _ADVERBS[found[2].casefold()]
        if any(found[0].casefold() in p.fact.text.casefold() for p in points):
            continue
        days = sorted({date.fromisoformat(p.day) for p in points if len(p.day) == len("2020-01-01")})
        longest = max((other - one for one, other in pairwise(days)), default=None)
        if longest is None or longest.days > _DAYS[unit] * _MUCH:
            return Settled(why=f"“{found[0]}” is not in the evidence it cites")
    return Settled()


def _ago(text: str, points: Sequence[Point], now: date) -> Settled:
    """How long ago a cited day is."""
    told = Settled()
    for found in _AGO.finditer(text):
        count = (
            int(found["count"]) if found["count"].isdigit() else TO_TWELVE.index(found["count"].casefold())
        )
        unit = found["unit"].casefold()
        days = [date.fromisoformat(p.day) for p in points if len(p.day) == len("2020-01-01")]
        elapsed = [Decimal((now - day).days) / _DAYS[unit] for day in days]
        slack = Decimal("0.5") if found["near"] else Decimal("0.01")
        if not any(-slack <= each - count < 1 for each in elapsed):
            return Settled(why=f"“{found[0].strip()}” is not so")
        support = Support(frozenset(["ago"]), frozenset([(Decimal(count), unit), (Decimal(count), "")]))
        told |= Settled(support)
    return told


def _in_other_units(text: str, points: Sequence[Point]) -> Settled:
    """A length of time that a fact tells in days, told in weeks."""
    held = [each.value for p in points for each in tokens(p.fact.text).numbers if each.unit == "day"]
    numbers = [(value / 7, unit) for value in held if value % 7 == 0 for unit in ("week", "")]
    weeks = (
        {Decimal(str(n)) for n in range(len(TO_TWELVE))}
        if re.search(r"\bweeks?\b", text, re.IGNORECASE)
        else set()
    )
    fitting = frozenset((value, unit) for value, unit in numbers if unit or value in weeks)
    return Settled(Support(frozenset(["week"]), fitting)) if weeks and fitting else Settled()


def strangers(text: str, points: Sequence[Point]) -> str:
    """Return the name of the only cited thing that a statement names, where a day in it is that of another; else ""."""
    said = {stem(word) for word in words(text)} - allowed("plain")
    named = [p for p in points if not said.isdisjoint(map(stem, words(f"{p.name} {one_line(p.name)}")))]
    if len({p.name for p in named}) != 1 or len(named) == len(points):
        return ""
    own = {p.day for p in named} | {day for p in named for day in _ISO_DAY.findall(p.fact.text)}
    return named[0].name if any(day not in own for day in _ISO_DAY.findall(text)) else ""
