"""A statement and the facts it cites -> the relations it claims, computed again: rose, before, mean, only, ago.

A relation that holds may be said, with the number it comes to ("fell by 21.9 mmHg", "by 13 %"); one that does not hold
is refused, whatever its words. What cannot be computed from the cited facts is left to the words of the evidence.
Relations in languages other than English are left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from itertools import pairwise

from agent.check.against import held_against
from agent.check.denials import denials_in, negated
from agent.check.grounds import Grounds
from agent.check.points import Point, day_of, point_of, points_of, series_of
from agent.check.reckoning import reckoned
from agent.check.settled import NOTHING, Settled
from agent.check.spans import in_time
from agent.check.support import Support, same_number
from agent.check.tokens import TO_TWELVE, Day, Number, stem, tokens
from agent.check.units import DAYS_IN
from agent.check.vocabulary import allowed, implied
from tools.measuring.rounding import rounded
from tools.wording.text import words
from tools.wording.words import one_line

_BEFORE = re.compile(
    r"\b(?:before|earlier than|older than|prior to|preceded|preceding|ahead of)\b", re.IGNORECASE
)
_AFTER = re.compile(
    r"\b(?:after|later than|newer than|more recent than|followed(?! by)|following)\b", re.IGNORECASE
)
_DECIMALS = 4
_EXTREMES = {
    "max": re.compile(
        r"\b(?:highest|peak(?:ed|ing|s)?|maximum|(?<!/)max|greatest|largest|heaviest)\b", re.IGNORECASE
    ),
    "min": re.compile(r"\b(?:lowest|minimum|(?<!/)min|smallest|nadir|lightest)\b", re.IGNORECASE),
}
_OF_A_RANGE = r"\s+(?:the|its|her|his)?\s*(?:(?:reference|upper|lower)\s+)*(?:ranges?|limits?)"
_AGAINST_A_RANGE = (
    (re.compile(rf"\b(?:within|inside|in){_OF_A_RANGE}", re.IGNORECASE), "normal"),
    (re.compile(rf"\b(?:above|over|exceeds?){_OF_A_RANGE}", re.IGNORECASE), "high"),
    (re.compile(rf"\b(?:below|under){_OF_A_RANGE}", re.IGNORECASE), "low"),
)
_END = r"-?\d+(?:\.\d+)?"
_FLAGGED = re.compile(
    r"\((?:(?P<flag>high|low); )?reference (?:(?:"
    rf"(?P<low>{_END})(?:\s*[–-]\s*|\s+to\s+)(?P<high>{_END})|at most (?P<most>{_END})|at least (?P<least>{_END}))\))?"
)
"""How the line of a value tells its reference range, and whether it is outside."""
ALL = re.compile(r"\b(?:both|all|each|every)\b", re.IGNORECASE)
_ONLY = re.compile(
    r"\b(?:only|sole|single|just one)\b(?!\s+(?:in|of|at|on|after|before|when)\b)", re.IGNORECASE
)
_OF_MEANS = re.compile(r"\b(?:mean|average|averaged|averages)\b", re.IGNORECASE)
_OF_SUMS = re.compile(
    r"\b(?:sum|altogether|in total|in all|combined|together|add(?:s|ed)? up)\b", re.IGNORECASE
)
_TIMES_AS = re.compile(
    rf"\b(?P<times>twice|double|(?:\d+(?:\.\d+)?|{'|'.join(TO_TWELVE[2:])}) times)\s+(?:as|the)\s+"
    r"(?P<how>long|length|high|much|large|heavy)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[;]\s|,?\s(?:and|while|whereas|but)\s", re.IGNORECASE)
_YEARS = range(1900, 2101)
_ALL_WERE = re.compile(
    r"\ball\b[^.;,]*?\bwere\s+(?P<value>\d[\d.]*\s?[^\s\d.,;]*)(?=\s*(?:[.,;]|$))", re.IGNORECASE
)
_FROM_TO = re.compile(r"\bfrom\s+\d[\d.,]*[^\d;:()]{0,40}?\s+to\s+\d[\d.,]*\s*[^\s\d.,;]*", re.IGNORECASE)
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
_ACTIVE = re.compile(r"\bactive\b", re.IGNORECASE)
_OVER = re.compile(r"\b(?:stopped|completed|cancelled|resolved|inactive|ended|finished)\b", re.IGNORECASE)
_BACK = re.compile(r"\b(?:dat|go)(?:e?s|ing|ed)\s+back\b|\bback\s+(?:to|in)\b", re.IGNORECASE)
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
    "changed": lambda change: change != 0,
}
_RANGED = re.compile(r"\b(?:rang(?:ed|ing)|spann(?:ed|ing)|varied|varying|fluctuated)\b", re.IGNORECASE)
_ONE_DAY = re.compile(r"\bsame (?:day|date)\b|\bsimultaneously\b|\bconcurrently\b", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?")
_FRACTIONS = {
    "doubled": ("1.8", "2.2"), "tripled": ("2.7", "3.3"), "halved": ("0.45", "0.55"), "half": ("0.45", "0.55"),
    "third": ("0.3", "0.37"), "quarter": ("0.22", "0.28"),
}  # fmt: skip
_OF_A_LIMIT = re.compile(
    r"\b(?:upper|lower|higher)\s+(?:reference\s+)?(?:limit|bound|end)|\blower back", re.IGNORECASE
)
_DENIED = 4
"""Words before a course among which its denial stands."""
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
    for relation in () if denied else (_order, _mean, _sum, _extreme, _range, _spread, _same_day, _fraction):
        told |= relation(text, points)
    told |= _only(text, cited, grounds) if not denied else NOTHING
    told |= Settled(Support(frozenset(["back"]))) if _BACK.search(text) else NOTHING
    calls = [g for g in grounds if not g.references.isdisjoint(cited)]
    return (
        told
        | _course(text, points)
        | _ratio(text, points)
        | _status(text, points)
        | in_time(text, points, lambda: _everything(calls))
        | held_against(text, points, calls)
        | _began(text, points)
        | _every(text, points)
        | _ago(text, points, now)
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


def _said(text: str, course: str, points: Sequence[Point]) -> list[tuple[str, bool]]:
    """Return the words of a text that say a course, each with whether it is denied: "has not moved".

    Those that are part of a name ("fall risk score") or of a limit ("the lower limit"), or that compare ("higher
    than"), say none.
    """
    ways = allowed("course", course)
    names = {word for p in points for word in words(p.name)}
    told = words(_OF_A_LIMIT.sub(" ; ", _SAME_TIME.sub(" ; ", text)))
    compared = {n for n in range(len(told)) if told[n + 1 : n + 2] == ("than",)}
    at = [n for n, w in enumerate(told) if (w in ways or stem(w) in ways) and w not in names]
    at = [n for n in at if n not in compared]
    return [(told[n], bool(denials_in(told[max(n - _DENIED, 0) : n]))) for n in at]


def _course(text: str, points: Sequence[Point]) -> Settled:
    """Rose, fell, stayed the same, or did not: between the values that are named, else among all that are cited."""
    series = series_of(points)
    if not series:
        return _unvaried(text, points)
    if strange := _strange_end(text, series):
        return Settled(why=f"“{strange}” is not so: {_ends(series)}")
    if len(series) == 1 and (strange := _wrong_end(text, series[0]) or _wrong_all(text, series[0])):
        return Settled(why=f"“{strange}” is not so: {_ends(series)}")
    if len(series) > 1 and (parts := _apart(text, series)):
        told = NOTHING
        for clause, some in parts:
            told |= _course(clause, some)
        return told
    numbers = tokens(text).numbers
    ways = sum(bool(_said(text, course, points)) for course in ("up", "down"))
    told = NOTHING
    for course, test in _HOLDS.items():
        each_time = _AT_EACH.search(text)
        legs = _legs(text, course, series) if ways > 1 else {}
        for word, denied in _said(text, course, points):
            changes = [_changes(each, numbers, course, bool(each_time), denied) for each in series]
            changes = [[legs[word]]] if word in legs and not (denied or each_time) else changes
            holds = all if each_time or denied else any
            so = all(holds(test(change) != denied for change in some) for some in changes)
            if not so and course == "changed" and not denied:
                continue
            if not so:
                return Settled(why=f"“{word}” is not so: {_ends(series)}")
            said = {word, *(words(each_time[0]) if each_time else ())}
            support = Support(frozenset(said) | frozenset(map(stem, said)))
            line = f"{'not ' if denied else ''}{word}: {_ends(series)}"
            told |= Settled(support, recomputed=(line,), denials=int(denied))
    return told


def _wrong_end(text: str, series: Sequence[Point]) -> str:
    """Return the value that a statement without days gives for the first, the last or the end of a course."""
    numbers = [n for n in tokens(text).numbers if n.unit == series[0].unit and n.unit]
    if tokens(text).dates or len(numbers) != 1:
        return ""
    said, ends = frozenset(words(text)), {"first": series[0], "last": series[-1]}
    named = [ends[end] for end in ends if said & allowed("pick", end) - {"since"}]
    if goes := _goes_to().search(text):
        named = [series[-1]]
        steps = [(series[-1].number or 0) - (series[at].number or 0) for at in (0, -2)]
        up = not allowed("course", "up").isdisjoint(words(goes[0]))
        if not any(step > 0 if up else step < 0 for step in steps):
            return goes[0].strip()
    wrong = [p for p in named if p.number is not None and not same_number(numbers[0], p.number)]
    return numbers[0].text if len(named) == 1 and wrong else ""


@cache
def _goes_to() -> re.Pattern[str]:
    """Return the pattern of a course with its end: "fell to 6", "went up again to 7"; "up to 7" is a bound."""
    ways = (allowed("course", "up") | allowed("course", "down")) - {"up"}
    said = "|".join(way.replace("-", r"\s+") for way in sorted(ways, key=lambda way: (-len(way), way)))
    return re.compile(rf"\b(?:{said})\s+(?:again\s+)?to\s+\d", re.IGNORECASE)


def _wrong_all(text: str, series: Sequence[Point]) -> str:
    """Return the one value that a statement gives for all of several that differ."""
    found = _ALL_WERE.search(text)
    numbers = tokens(found["value"]).numbers[:1] if found else ()
    values = [p.number for p in series if p.number is not None]
    return found[0] if found and numbers and not all(same_number(numbers[0], v) for v in values) else ""


def _apart(text: str, series: Sequence[Sequence[Point]]) -> list[tuple[str, list[Point]]]:
    """Return each part of a statement that tells a course with the values of the only test that it names.

    Nothing where a part that tells one names no test, or several: the course is then that of all.
    """
    plain = allowed("plain")
    names = {each[0].name: _called(each[0].name) - plain for each in series}
    parts: list[tuple[str, list[Point]]] = []
    for clause in _PARTS.split(text):
        said = frozenset(map(stem, words(clause)))
        if not any(said & allowed("course", course) for course in ("up", "down", "stable")):
            continue
        named = [name for name, own in names.items() if (own - _others(name, names)) & said]
        if len(named) != 1:
            return []
        parts.append((clause, [p for each in series for p in each if p.name == named[0]]))
    return parts


def _others(name: str, names: Mapping[str, Set[str]]) -> frozenset[str]:
    return frozenset().union(*(words for other, words in names.items() if other != name))


def _strange_end(text: str, series: Sequence[Sequence[Point]]) -> str:
    """Return where a statement lets a course begin or end that no cited value is."""
    values = [(p.number, p.unit) for each in series for p in each if p.number is not None]
    units = {unit for _, unit in values}
    for found in _FROM_TO.finditer(text):
        for number in tokens(found[0]).numbers:
            year = not number.unit and not number.decimals and number.value in _YEARS
            own = number.unit in units and not year
            if own and not any(same_number(number, v) for v, unit in values if unit == number.unit):
                return found[0]
    return ""


def _legs(text: str, course: str, series: Sequence[Sequence[Point]]) -> dict[str, Decimal]:
    """Return for each word of a course that goes up and down by how much the values beside it differ."""
    for _, day in tokens(text).dates:
        text = text.replace(day, " " * len(day))
    values = [p.number for each in series for p in each if p.number is not None]
    told = [
        (found.start(), value)
        for found in _PLAIN_NUMBER.finditer(text)
        for value in values
        if rounded(value, len(found[1] or ".") - 1, ROUND_HALF_UP) == Decimal(found[0])
    ]
    legs: dict[str, Decimal] = {}
    for found in re.finditer(r"[^\W\d_]+", text):
        word, after = found[0].casefold(), [(at, value) for at, value in told if at > found.start()]
        before = [value for at, value in told if at < found.start()]
        if word not in allowed("course", course) or not after:
            continue
        if re.search(r"\bfrom\b", text[found.end() : after[0][0]]) and len(after) > 1:
            legs[word] = after[1][1] - after[0][1]
        elif before:
            legs[word] = after[0][1] - before[-1]
    return legs


def _unvaried(text: str, points: Sequence[Point]) -> Settled:
    """That what has no numbers stayed the same: every fact has one name, and so one strength."""
    said = [word for word, denied in _said(text, "stable", points) if not denied]
    if not said or len(points) < 2 or any(p.number is not None for p in points):
        return NOTHING
    names = sorted({p.name for p in points})
    if len(names) > 1:
        return NOTHING
    support = Support(frozenset(said) | frozenset(map(stem, said)))
    return Settled(support, recomputed=(f"{said[0]}: {names[0]}",))


def _changes(
    series: Sequence[Point], numbers: Sequence[Number], course: str, each_time: bool, denied: bool
) -> list[Decimal]:
    """Return by how much a test changed: between the named values, else over all and from each to the next.

    Where it is said of each time, from the first value on that is named.
    """
    values = [p.number for p in series if p.number is not None]
    named = [value for value in values if any(same_number(each, value) for each in numbers)]
    if each_time:
        first = next((value for each in numbers for value in values if same_number(each, value)), values[0])
        values = values[values.index(first) :] if values.index(first) < len(values) - 1 else values
    elif len(named) > 1:
        return [named[-1] - named[0]]
    if denied:
        return [values[-1] - values[0]]
    steps = [other - one for one, other in pairwise(values)] if course != "stable" else []
    return steps if each_time and steps else [values[-1] - values[0], *steps]


def _ends(series: Sequence[Sequence[Point]]) -> str:
    return "; ".join(f"{each[0].number} to {each[-1].number} {each[0].unit}".strip() for each in series)


def _order(text: str, points: Sequence[Point]) -> Settled:
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
    own = _called(point.name) - plain
    others = {word for p in points if p.name != point.name for word in _called(p.name)} - plain
    said = [(m.start(), stem(m[0].casefold())) for m in re.finditer(r"[^\W_]+", text)]
    alone = [at for at, word in said if word in own - others]
    if alone or not own - others:
        return min(alone, default=None) if own - others else _beside(own, others, said)
    return None


@lru_cache(maxsize=4096)
def _called(name: str) -> frozenset[str]:
    """Return the words of a name, and those for the same."""
    said = frozenset(map(stem, words(name)))
    return said.union(*(implied().get(word, ()) for word in said))


def _beside(own: Set[str], others: Set[str], said: Sequence[tuple[int, str]]) -> int | None:
    """Return where a name stands whose words are all in a longer name: before that, else at the end."""
    shared = [at for at, word in said if word in own]
    longer = [at for at, word in said if word in others - own]
    if not shared:
        return None
    return shared[0] if not longer or shared[0] < longer[0] else shared[-1]


def _extreme(text: str, points: Sequence[Point]) -> Settled:
    """The highest or lowest of the cited values of a test, which is told."""
    told = NOTHING
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


def _spread(text: str, points: Sequence[Point]) -> Settled:
    """Between which values a test was: the lowest and the highest of the cited ones, both of which are told."""
    found, numbers = _RANGED.search(text), tokens(text).numbers
    if not found:
        return NOTHING
    for values in _values(points):
        ends = (min(values), max(values))
        if all(any(same_number(each, end) for each in numbers) for end in ends):
            said = words(found[0])
            line = f"{found[0]}: {ends[0]} to {ends[1]}"
            return Settled(Support(frozenset([*said, *map(stem, said)])), recomputed=(line,))
    return NOTHING


def _same_day(text: str, points: Sequence[Point]) -> Settled:
    """That two things are of one day."""
    found = _ONE_DAY.search(text)
    days = [day for p in points if (day := p.days[:1])]
    if not found or len(points) < 2:
        return NOTHING
    if len(days) == len(set(days)):
        return Settled(why=f"“{found[0]}” is not so: {', '.join(p.day for p in points)}")
    return Settled(Support(frozenset(words(found[0]))), recomputed=(f"{found[0]}: {points[0].day}",))


def _fraction(text: str, points: Sequence[Point]) -> Settled:
    """By which part a test changed from its first to its last cited value: "by about a third", "doubled"."""
    settled, series = NOTHING, series_of(points)
    for word, (low, high) in _FRACTIONS.items():
        before = "" if word.endswith("ed") else r"by (?:\w+ ){0,2}"
        if len(series) != 1 or not re.search(rf"\b{before}{word}\b", text, re.IGNORECASE):
            continue
        first, last = series[0][0].number or Decimal(0), series[0][-1].number or Decimal(0)
        ratio = last / first if first else Decimal(0)
        share = ratio if word in ("doubled", "tripled", "halved") else abs(1 - ratio)
        if not Decimal(low) <= share <= Decimal(high):
            return Settled(why=f"“{word}” is not so: {first} to {last}")
        settled |= Settled(Support(frozenset([word])), recomputed=(f"{word}: {first} to {last}",))
    return settled


def _values(points: Sequence[Point]) -> list[list[Decimal]]:
    return [[p.number for p in series if p.number is not None] for series in series_of(points)]


def _range(text: str, points: Sequence[Point]) -> Settled:
    """That all cited values lie within, above or below their own reference ranges."""
    told, sides = NOTHING, {side_of(p) for p in points}
    if sides == {"normal"} and re.search(r"\bnormal\b", text, re.IGNORECASE):
        told |= Settled(Support(frozenset(["normal"])), recomputed=("normal: by the reference range",))
    for pattern, word in _AGAINST_A_RANGE:
        found = pattern.search(text)
        if found and len(sides) > 1 and "" not in sides and ALL.search(text[: found.start()]):
            return Settled(why=f"“{found[0]}” is not so of all: {', '.join(sorted(sides))}")
        if pattern.search(text) and points and all(side_of(p) == word for p in points):
            told |= Settled(Support(frozenset([word])), recomputed=(f"{word}: by the reference range",))
    return told


def side_of(point: Point) -> str:
    """Return "high", "normal" or "low", as the line of a value tells it, else by its reference range; "" without one.

    A range in another unit than the value's, or in words, decides nothing.
    """
    told = _FLAGGED.search(point.fact.text)
    if told is None or told["flag"] or point.number is None:
        return told["flag"] or "" if told else ""
    low, high = told["low"] or told["least"], told["high"] or told["most"]
    if low and point.number < Decimal(low):
        return "low"
    if high and point.number > Decimal(high):
        return "high"
    return "normal" if low or high else ""


def _mean(text: str, points: Sequence[Point]) -> Settled:
    return _reckoned(text, points, _OF_MEANS, lambda some: sum(some, Decimal(0)) / len(some))


def _sum(text: str, points: Sequence[Point]) -> Settled:
    return _reckoned(text, points, _OF_SUMS, lambda some: sum(some, Decimal(0)))


def _reckoned(
    text: str, points: Sequence[Point], word: re.Pattern[str], reckon: Callable[[Sequence[Decimal]], Decimal]
) -> Settled:
    """Return what is reckoned of the cited values of one test."""
    found, series = word.search(text), series_of(points)
    lengths = [p for p in points if p.number is not None and p.unit == "day"]
    series = [lengths] if len(lengths) == len(points) > 1 else series
    if not found or len(series) != 1:
        return NOTHING
    value = reckon([p.number for p in series[0] if p.number is not None])
    numbers = [each for each in tokens(text).numbers if each.unit == series[0][0].unit]
    if word is _OF_SUMS and not numbers:
        return NOTHING
    if numbers and not any(each.value == rounded(value, each.decimals, ROUND_HALF_UP) for each in numbers):
        return Settled(why=f"“{found[0]}” is not so: it is {value:.4g}")
    said = frozenset(stem(each) for each in words(found[0])) | frozenset(words(found[0]))
    shown = frozenset((rounded(value, n, ROUND_HALF_UP), series[0][0].unit) for n in range(_DECIMALS))
    held = Support(said, reckoned=shown) if series[0][0].unit else Support(said, numbers=shown)
    return Settled(held, recomputed=(f"{found[0]}: {value:.4g}",))


def _status(text: str, points: Sequence[Point]) -> Settled:
    """That something is still active, which no line may be that says that it is over."""
    found = _ACTIVE.search(text)
    over = [
        said[0] for p in points if (said := _OVER.search(p.fact.text)) and not _ACTIVE.search(p.fact.text)
    ]
    if not found or negated(text) or not points or len(over) < len(points):
        return NOTHING
    return Settled(why=f"“{found[0]}” is not so: {over[0]}")


def _ratio(text: str, points: Sequence[Point]) -> Settled:
    """How many times as much one of two values is as the other."""
    found = _TIMES_AS.search(text)
    values = sorted(p.number for p in points if p.number)
    if not found or len(values) != 2 or len({p.unit for p in points}) != 1:
        return NOTHING
    said, ratio = found["times"].split()[0].casefold(), values[1] / values[0]
    times = (
        Decimal(2)
        if said in ("twice", "double")
        else Decimal(TO_TWELVE.index(said) if said in TO_TWELVE else said)
    )
    if rounded(ratio, max(-int(times.as_tuple().exponent), 0), ROUND_HALF_UP) != times:
        return Settled(why=f"“{found[0]}” is not so: {ratio:.3g}")
    words_of = frozenset([found["how"].casefold(), "double"])
    counts = frozenset([int(times)]) if times == int(times) else frozenset[int]()
    held = Support(words_of, frozenset([(times, "")]), counts=counts)
    return Settled(held, recomputed=(f"{found[0]}: {ratio:.3g}",))


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


def _began(text: str, points: Sequence[Point]) -> Settled:
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


def _every(text: str, points: Sequence[Point]) -> Settled:
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


def _ago(text: str, points: Sequence[Point], now: date) -> Settled:
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


def unshared(text: str, sources: Sequence[Support], names: Set[str]) -> str:
    """Return a word that a statement says of both or all of what it cites, and that one of them does not support."""
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
