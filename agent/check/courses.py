"""A statement and the values that it cites -> whether they went as it says: rose, fell, stayed the same, or did not.

Left out: by how much (`reckoning`, `amounts`), and courses of which no number is cited.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise

from agent.check.denials import denials_in
from agent.check.naming import called
from agent.check.points import Point, series_of
from agent.check.settled import NOTHING, Settled
from agent.check.support import Support, same_number
from agent.check.tokens import Number, stem, tokens
from agent.check.vocabulary import allowed
from tools.measuring.rounding import rounded
from tools.wording.text import words

_PARTS = re.compile(r"[;]\s|,?\s(?:and|while|whereas|but)\s", re.IGNORECASE)
_YEARS = range(1900, 2101)
_ALL_WERE = re.compile(
    r"\ball\b[^.;,]*?\bwere\s+(?P<value>\d[\d.]*\s?[^\s\d.,;]*)(?=\s*(?:[.,;]|$))", re.IGNORECASE
)
_FROM_TO = re.compile(r"\bfrom\s+\d[\d.,]*[^\d;:()]{0,40}?\s+to\s+\d[\d.,]*\s*[^\s\d.,;]*", re.IGNORECASE)
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
_PLAIN_NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?")
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


def went(text: str, points: Sequence[Point]) -> Settled:
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
            told |= went(clause, some)
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
    names = {each[0].name: called(each[0].name) - plain for each in series}
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
