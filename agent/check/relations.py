"""A statement and the facts it cites -> the relations it claims, computed again: rose, before, mean, only, ago.

A relation that holds may be said, with the number it comes to ("fell by 21.9 mmHg", "by 13 %"); one that does not hold
is refused, whatever its words. What cannot be computed from the cited facts is left to the words of the evidence.
Relations in languages other than English are left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from agent.check.denials import negated
from agent.check.grounds import Grounds
from agent.check.points import Point, day_of, points_of, series_of
from agent.check.reckoning import reckoned
from agent.check.support import Support, same_number
from agent.check.tokens import TO_TWELVE, Day, Number, stem, tokens
from agent.check.vocabulary import allowed
from tools.measuring.rounding import rounded
from tools.wording.text import words

_BEFORE = re.compile(r"\b(?:before|earlier than|prior to|preceded|preceding|ahead of)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|later than|followed(?! by)|following)\b", re.IGNORECASE)
_DECIMALS = 4
_EXTREMES = {
    "max": re.compile(
        r"\b(?:highest|peak(?:ed|ing|s)?|maximum|max|greatest|largest|heaviest)\b", re.IGNORECASE
    ),
    "min": re.compile(r"\b(?:lowest|minimum|min|smallest|nadir|lightest)\b", re.IGNORECASE),
}
_OF_A_RANGE = r"\s+(?:the|its|her|his)?\s*(?:(?:reference|upper|lower)\s+)*(?:ranges?|limits?)"
_AGAINST_A_RANGE = (
    (re.compile(rf"\b(?:within|inside|in){_OF_A_RANGE}", re.IGNORECASE), "normal"),
    (re.compile(rf"\b(?:above|over|exceeds?){_OF_A_RANGE}", re.IGNORECASE), "high"),
    (re.compile(rf"\b(?:below|under){_OF_A_RANGE}", re.IGNORECASE), "low"),
)
_FLAGGED = re.compile(r"\((?:(high|low); )?reference ")
"""How the line of a value tells its reference range, and whether it is outside."""
ALL = re.compile(r"\b(?:both|all|each|every)\b", re.IGNORECASE)
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
    r"\b(?P<near>about|around|nearly|almost|roughly|approximately|some|over|more than|just under|just over)?\s*"
    rf"(?P<count>\d+|{'|'.join(TO_TWELVE[1:])})\s+"
    r"(?P<unit>day|week|month|year)s?\s+ago\b",
    re.IGNORECASE,
)
_DAYS = {"day": Decimal(1), "week": Decimal(7), "month": Decimal("30.4375"), "year": Decimal("365.25")}
_MUCH = Decimal("1.5")
"""How much longer than a year the gap within "every year" may be."""
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SAME_TIME = re.compile(
    r"\bsame\b(?!\s*(?:[,.;:]|$|at\b|as\b|values?\b|levels?\b|results?\b|readings?\b))", re.IGNORECASE
)
"""Not of values: "over the same six years"."""
_HOLDS: Mapping[str, Callable[[Decimal], bool]] = {
    "up": lambda change: change > 0,
    "down": lambda change: change < 0,
    "stable": lambda change: change == 0,
}
_AT_EACH = re.compile(
    r"\b(?:(?:every|each)(?: new| single)? (?:reading|measurement|value|check|visit|step|time|result)s?|steadily"
    r"|consistently|continuously)\b",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    r"\b(?:began|begun|begins|started|starts|commenced)\s+(?:(?:only|back)\s+)?(?:on|in|around|about)?\s*"
    r"(?=\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))",
    re.IGNORECASE,
)
_NEARBY = 20
"""Characters of the day after "began"."""
_PAIRED = re.compile(r"(?<![\d/.-])(\d+(?:\.\d+)?)\s?/\s?(\d+(?:\.\d+)?)(?![\d/-])")


@dataclass(frozen=True, slots=True)
class Settled:
    """What computing the relations of a statement came to.

    Attributes:
        support: the words and numbers of those that hold.
        why: why one does not hold, "" if all do.
        recomputed: those that hold, each with the values it was computed from: "fell: 7.1 to 6.4".
        undecided: those that the cited facts do not decide.
    """

    support: Support = Support()
    why: str = ""
    recomputed: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    def __or__(self, other: "Settled") -> "Settled":
        """Return both together."""
        return Settled(
            self.support | other.support,
            self.why or other.why,
            (*self.recomputed, *other.recomputed),
            (*self.undecided, *other.undecided),
        )


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
    for relation in () if denied else (_course, _order, _mean, _sum, _extreme, _range):
        told |= relation(text, points)
    told |= _only(text, cited, grounds) if not denied else Settled()
    return (
        told
        | _began(text, points)
        | _every(text, points)
        | _ago(text, points, now)
        | Settled(reckoned(text, points, now))
    )


def paired(clause: str, cited: Sequence[str], grounds: Sequence[Grounds]) -> bool:
    """Tell whether a clause has two numbers of one moment as one, "143.1/92.2 mmHg", each of another fact."""
    found = _PAIRED.search(clause)
    if not found:
        return False
    points = points_of(cited, grounds)
    first, second = ({p.day for p in points if p.number == Decimal(each)} for each in found.groups())
    return bool(first & second)


def _said(text: str, course: str, points: Sequence[Point]) -> list[str]:
    """Return the words of a text that say a course, and are no part of a name: "fall risk score"."""
    ways = allowed("course", course)
    names = {word for p in points for word in words(p.name)}
    told = words(_SAME_TIME.sub(" ; ", text))
    return [word for word in told if (word in ways or stem(word) in ways) and word not in names]


def _course(text: str, points: Sequence[Point]) -> Settled:
    """Rose, fell, stayed the same: between the values that are named, else anywhere among the cited."""
    series = series_of(points)
    if not series:
        return Settled()
    numbers = tokens(text).numbers
    told = Settled()
    for course, test in _HOLDS.items():
        said = _said(text, course, points)
        if not said:
            continue
        holds = all if _AT_EACH.search(text) else any
        if not all(holds(map(test, _changes(each, numbers, course, holds is all))) for each in series):
            return Settled(why=f"“{said[0]}” is not so: {_ends(series)}")
        support = Support(frozenset(said) | frozenset(map(stem, said)))
        told |= Settled(support, recomputed=(f"{said[0]}: {_ends(series)}",))
    return told


def _changes(
    series: Sequence[Point], numbers: Sequence[Number], course: str, steps_too: bool
) -> list[Decimal]:
    """Return by how much a test changed: between the named values, else over all and from each to the next."""
    values = [p.number for p in series if p.number is not None]
    named = [value for value in values if any(same_number(each, value) for each in numbers)]
    steps = [other - one for one, other in pairwise(values)] if course != "stable" else []
    if len(named) > 1 and not steps_too:
        return [named[-1] - named[0]]
    return [values[-1] - values[0], *steps]


def _ends(series: Sequence[Sequence[Point]]) -> str:
    return "; ".join(f"{each[0].number} to {each[-1].number} {each[0].unit}".strip() for each in series)


def _order(text: str, points: Sequence[Point]) -> Settled:
    """What was before or after what: two things that are named in the statement, by the days on which they began."""
    named = [(at, p) for p in points if p.day and (at := _where(p, text, points)) is not None]
    firsts = {p.name: (at, p) for at, p in sorted(named, key=lambda each: -each[0])}
    if len(firsts) != 2:
        return Settled()
    (at, one), (then, other) = sorted(firsts.values(), key=lambda each: each[0])
    told = Settled()
    for pattern, earlier in ((_BEFORE, True), (_AFTER, False)):
        for found in pattern.finditer(text):
            if found.start() > then:
                continue
            subject, object_ = (one, other) if found.start() > at else (other, one)
            first, second = (subject, object_) if earlier else (object_, subject)
            if not first.day[: len(second.day)] < second.day[: len(first.day)]:
                return Settled(why=f"“{found[0]}” is not so: {subject.day} and {object_.day}")
            told |= Settled(recomputed=(f"{found[0]}: {subject.day} and {object_.day}",))
    return told


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


def _extreme(text: str, points: Sequence[Point]) -> Settled:
    """The highest or lowest of the cited values of a test, which is told."""
    told = Settled()
    numbers = tokens(text).numbers
    for which, pattern in _EXTREMES.items():
        found = pattern.search(text)
        ends = [max(v) if which == "max" else min(v) for v in _values(points)]
        if found and ends and any(same_number(each, end) for each in numbers for end in ends):
            said = words(found[0])
            told |= Settled(
                Support(frozenset([*said, *map(stem, said)])), recomputed=(f"{found[0]}: {ends[0]}",)
            )
    return told


def _values(points: Sequence[Point]) -> list[list[Decimal]]:
    return [[p.number for p in series if p.number is not None] for series in series_of(points)]


def _range(text: str, points: Sequence[Point]) -> Settled:
    """That all cited values lie within, above or below their own reference ranges."""
    told = Settled()
    for pattern, word in _AGAINST_A_RANGE:
        if pattern.search(text) and points and all(side_of(p) == word for p in points):
            told |= Settled(Support(frozenset([word])), recomputed=(f"{word}: by the reference range",))
    return told


def side_of(point: Point) -> str:
    """Return "high", "normal" or "low", as the line of a value tells it of its reference range; "" without one."""
    told = _FLAGGED.search(point.fact.text)
    return (told[1] or "normal") if told else ""


def _mean(text: str, points: Sequence[Point]) -> Settled:
    return _reckoned(text, points, _OF_MEANS, lambda some: sum(some, Decimal(0)) / len(some))


def _sum(text: str, points: Sequence[Point]) -> Settled:
    return _reckoned(text, points, _OF_SUMS, lambda some: sum(some, Decimal(0)))


def _reckoned(
    text: str, points: Sequence[Point], word: re.Pattern[str], reckon: Callable[[Sequence[Decimal]], Decimal]
) -> Settled:
    """Return what is reckoned of the cited values of one test."""
    found, series = word.search(text), series_of(points)
    if not found or len(series) != 1:
        return Settled()
    value = reckon([p.number for p in series[0] if p.number is not None])
    numbers = [each for each in tokens(text).numbers if each.unit == series[0][0].unit]
    if numbers and not any(each.value == rounded(value, each.decimals, ROUND_HALF_UP) for each in numbers):
        return Settled(why=f"“{found[0]}” is not so: it is {value:.4g}")
    said = frozenset(stem(each) for each in words(found[0])) | frozenset(words(found[0]))
    shown = frozenset((rounded(value, n, ROUND_HALF_UP), series[0][0].unit) for n in range(_DECIMALS))
    return Settled(Support(said, reckoned=shown), recomputed=(f"{found[0]}: {value:.4g}",))


def _only(text: str, cited: Sequence[str], grounds: Sequence[Grounds]) -> Settled:
    """That there is no other: the call found nothing of another name than what is cited."""
    found = _ONLY.search(text)
    if not found:
        return Settled()
    for g in grounds:
        here = g.references.intersection(cited)
        names = {fact.display for reference in here for fact in g.facts.get(reference, ())}
        others = {entry.display for r in g.references - here if (entry := g.record.get(r))} - names
        if len(here) > 1 and g.evidence.tool == "measure":
            return Settled(why=f"“{found[0]}” is not in the evidence it cites")
        if here and g.evidence.tool == "find" and others:
            return Settled(why=f"“{found[0]}” is not so: {len(names | others)} are recorded")
    return Settled(Support(frozenset(words(found[0]))))


def _began(text: str, points: Sequence[Point]) -> Settled:
    """That something began on the day on which a cited thing did."""
    found = _BEGAN.search(text)
    days = tokens(text[found.end() : found.end() + _NEARBY]).dates[:1] if found else ()
    if not found or not days or not points:
        return Settled()
    if not any(_is(days[0][0], p.day) for p in points):
        return Settled(why=f"“{found[0]}{days[0][1]}” is not in the evidence it cites")
    began = words(found[0])[0]
    return Settled(Support(frozenset([began, stem(began)])), recomputed=(f"{found[0]}{days[0][1]}",))


def _is(day: Day, iso: str) -> bool:
    told = [int(part) for part in iso.split("-") if part]
    return len(told) == len(day) and all(part in (None, own) for part, own in zip(day, told, strict=True))


def _every(text: str, points: Sequence[Point]) -> Settled:
    """That something was so every day, week, month or year, unless it is recorded in these words."""
    for found in _EVERY.finditer(text):
        unit = found[1] or _ADVERBS[found[2].casefold()]
        if any(found[0].casefold() in p.fact.text.casefold() for p in points):
            continue
        days = sorted({day for p in points if (day := day_of(p.day))})
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
        elapsed = [Decimal((now - day).days) / _DAYS[unit] for p in points if (day := day_of(p.day))]
        slack = Decimal("0.5") if found["near"] else Decimal("0.01")
        if not any(-slack <= each - count < 1 for each in elapsed):
            return Settled(why=f"“{found[0].strip()}” is not so")
        support = Support(frozenset(["ago"]), frozenset([(Decimal(count), unit), (Decimal(count), "")]))
        told |= Settled(support, recomputed=(found[0].strip(),))
    return told


def unshared(text: str, sources: Sequence[Support], names: Set[str]) -> str:
    """Return a word that a statement says of both or all of what it cites, and that one of them does not support."""
    said = [word for word in tokens(text).words if word not in names and word not in allowed("plain")]
    somewhere = [word for word in said if any(word in source.words for source in sources)]
    return next((word for word in somewhere if not all(word in source.words for source in sources)), "")


def strangers(text: str, points: Sequence[Point]) -> str:
    """Return the name of the only cited thing that a statement names, where a day in it is that of another; else ""."""
    said = {stem(word) for word in words(text)} - allowed("plain")
    named = [p for p in points if not said.isdisjoint(map(stem, words(p.name)))]
    if len({p.name for p in named}) != 1 or len(named) == len(points):
        return ""
    own = {p.day for p in named} | {day for p in named for day in _ISO_DAY.findall(p.fact.text)}
    return named[0].name if any(day not in own for day in _ISO_DAY.findall(text)) else ""
