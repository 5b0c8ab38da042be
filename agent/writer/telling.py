"""A finding -> the sentences in which code says it: what its claims come to, then the facts that none of them tells.

What a model's own words say beyond what can be followed is lost; nothing is said that was not worked out. A fact is
told whole once, and by name and day from then on.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.check.claims import Worked, work_out
from agent.check.grounds import Grounds
from agent.check.points import Point
from agent.check.recorded import safe, speaks
from agent.check.vocabulary import allowed
from agent.findings import Finding, Relation, citing
from tools.calls.evidence import Fact
from tools.wording.text import plain_name, words
from tools.wording.words import on_day, one_line, short_name

_FEW = 4
"""Values between the first and the last, or beside the highest, that are told one by one."""
_TOLD_WITH: Mapping[Relation, Sequence[Relation]] = {
    "rose": ("difference", "percent"),
    "fell": ("difference", "percent"),
    "before": ("difference",),
    "after": ("difference",),
    "all": ("count", "only"),
    "only": ("count",),
}
"""What is told with another relation of the same facts."""
_RANGE = re.compile(r" \((?:(high|low); )?reference [^)]*\)")
_VALUE = re.compile(r"[<>≤≥−-]?=?\s?\d")


def tell(finding: Finding, grounds: Sequence[Grounds]) -> Finding:
    """Return a finding in the words of its claims that hold and of its facts; one without facts as it is.

    >>> tell(Finding("It seems fine."), ())
    Finding(text='It seems fine.', facts=(), claims=())
    """
    worked = [each for claim in finding.claims if (each := work_out(claim, grounds)) and each.result.holds]
    telling, lines = _Telling(frozenset(words(finding.text))), []
    for each in worked:
        said = any(_covers(other, each) for other in worked if other is not each)
        if not said:
            line = _SAY[each.claim.relation](each, telling)
            lines.append(citing(f"{line}.", _sources(each.points)))
    left = [fact for fact in finding.facts if fact not in telling.told]
    lines += (citing(f"{telling.line(fact, _name(fact))}.", [fact.reference]) for fact in left)
    claims = tuple(each.claim for each in worked)
    return replace(finding, text=" ".join(lines) or finding.text, claims=claims)


def _covers(one: Worked, other: Worked) -> bool:
    """Tell whether what one claim says tells another as well: by how much a value that rose differs."""
    if frozenset(one.claim.of) != frozenset(other.claim.of):
        return False
    relations = one.claim.relation, other.claim.relation
    return relations[1] in _TOLD_WITH.get(relations[0], ())


@dataclass
class _Telling:
    """The facts that were told so far, and the tests whose reference range was told.

    Attributes:
        said: the words of the finding; of what more is known of a fact is told what they speak of.
    """

    said: frozenset[str]
    told: set[Fact] = field(default_factory=set)
    ranged: set[str] = field(default_factory=set)

    def whole(self, point: Point) -> str:
        """Return a fact as it is recorded; by name and day if it was told before."""
        if point.fact in self.told:
            return " ".join(filter(None, (_name(point.fact), on_day(point.day) if point.day else "")))
        self.told.add(point.fact)
        return self.line(point.fact, _name(point.fact))

    def value(self, point: Point) -> str:
        """Return a fact without the name of its test, which stands before it."""
        self.told.add(point.fact)
        line = self.line(point.fact, _name(point.fact))
        value = line.removeprefix(f"{_name(point.fact)} ")
        return value if _is_value(value) else line

    def line(self, fact: Fact, name: str) -> str:
        """Return the line of a fact with its name, of a test with its reference range the first time."""
        line = safe(fact.text)
        label, _, labelled = line.partition(": ")
        line = labelled if label and name and labelled.startswith(name) else line
        if name in self.ranged:
            line = _RANGE.sub(lambda found: f" ({found[1]})" if found[1] else "", line)
        self.ranged.add(name)
        named = f"{name} {line}" if name and _is_value(line) else line
        return "; ".join([named, *(part for part in fact.more.split("; ") if self._is_spoken_of(part))])

    def _is_spoken_of(self, part: str) -> bool:
        own = frozenset(words(part)) - allowed("plain")
        return bool(own) and own <= self.said and not speaks(part)

    def every(self, points: Iterable[Point], how: Callable[["_Telling", Point], str]) -> str:
        """Return facts one after the other."""
        return "; ".join(how(self, point) for point in points)


def _is_value(line: str) -> bool:
    return bool(_VALUE.match(line))


def _name(fact: Fact) -> str:
    return safe(short_name(one_line(plain_name(fact.display))))


def _sources(points: Iterable[Point]) -> list[str]:
    return list(dict.fromkeys(point.fact.reference for point in points))


def _course(verb: str) -> Callable[[Worked, _Telling], str]:
    def say(worked: Worked, telling: _Telling) -> str:
        points = sorted(worked.points, key=lambda p: p.day)
        first, last, between = points[0], points[-1], points[1:-1]
        name, begin, end = _name(first.fact), telling.value(first), telling.value(last)
        over = telling.every(between, _Telling.value) if len(between) <= _FEW else ""
        telling.told.update(p.fact for p in between)
        amount = f", by {worked.result.amount}" if worked.result.amount else ""
        between_them = f"; in between {over}" if over else f", over {len(points)} values" if between else ""
        return f"{name} {verb} from {begin} to {end}{amount}{between_them}"

    return say


def _same(worked: Worked, telling: _Telling) -> str:
    values = telling.every(sorted(worked.points, key=lambda p: p.day), _Telling.value)
    return f"{_name(worked.points[0].fact)} was the same: {values}"


def _order(word: str) -> Callable[[Worked, _Telling], str]:
    def say(worked: Worked, telling: _Telling) -> str:
        first, *others = worked.points
        long = f"{worked.result.amount} " if worked.result.amount else ""
        return ", ".join([telling.whole(first), *(f"{long}{word} {telling.whole(each)}" for each in others)])

    return say


def _end(word: str) -> Callable[[Worked, _Telling], str]:
    def say(worked: Worked, telling: _Telling) -> str:
        end, others = worked.points[0], worked.points[1:]
        among = f" of {worked.result.amount}" if worked.result.amount != "1" else ""
        said = f"The {word}{among}: {telling.whole(end)}"
        beside = telling.every(others, _Telling.whole) if len(others) <= _FEW else ""
        telling.told.update(p.fact for p in others)
        return f"{said}; beside it {beside}" if beside else said

    return say


def _side(word: str) -> Callable[[Worked, _Telling], str]:
    def say(worked: Worked, telling: _Telling) -> str:
        if worked.result.amount:
            one, other = worked.points
            return f"{telling.whole(one)}: {worked.result.amount} {word} {telling.whole(other)}"
        return f"{word.capitalize()} the reference range: {telling.every(worked.points, _Telling.whole)}"

    return say


def _within(worked: Worked, telling: _Telling) -> str:
    return f"Within the reference range: {telling.every(worked.points, _Telling.whole)}"


def _count(worked: Worked, telling: _Telling) -> str:
    return f"{worked.result.amount} in all: {telling.every(worked.points, _Telling.whole)}"


def _total(word: str) -> Callable[[Worked, _Telling], str]:
    def say(worked: Worked, telling: _Telling) -> str:
        values, many = telling.every(worked.points, _Telling.value), len(worked.points)
        return f"The {word} of {many} values of {_name(worked.points[0].fact)} is {worked.result.amount}: {values}"

    return say


def _difference(worked: Worked, telling: _Telling) -> str:
    one, other = worked.points
    return f"{telling.whole(one)}, and {telling.whole(other)}: {worked.result.amount} apart"


def _percent(worked: Worked, telling: _Telling) -> str:
    one, other = worked.points
    name = _name(one.fact)
    return f"{name} changed by {worked.result.amount}: {telling.value(one)}, then {telling.value(other)}"


def _all(worked: Worked, telling: _Telling) -> str:
    many = len(worked.points)
    lead = f"All {many} that were found" if many > 1 else "The only one found"
    return f"{lead}: {telling.every(worked.points, _Telling.whole)}"


def _none(worked: Worked, telling: _Telling) -> str:
    return f"Looked for and not found; beside it {telling.every(worked.points, _Telling.whole)}"


_SAY: Mapping[Relation, Callable[[Worked, _Telling], str]] = {
    "rose": _course("rose"),
    "fell": _course("fell"),
    "same": _same,
    "before": _order("before"),
    "after": _order("after"),
    "during": _order("during"),
    "first": _end("first"),
    "last": _end("latest"),
    "highest": _end("highest"),
    "lowest": _end("lowest"),
    "above": _side("above"),
    "below": _side("below"),
    "within": _within,
    "count": _count,
    "sum": _total("sum"),
    "mean": _total("mean"),
    "difference": _difference,
    "percent": _percent,
    "all": _all,
    "only": _all,
    "none": _none,
}
