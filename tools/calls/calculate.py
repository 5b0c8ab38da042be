"""What earlier calls found, and constants -> differences, sums, durations, order, what they have in common.

What the record leaves open (dates that overlap, units that differ, a bound in place of a number) stays open: outcome
"no value" with the reason. Which operation takes what is in `operations`. Left out: finding and measuring.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from tools.calls.evidence import Coverage, Evidence, Fact, Operand, Outcome, Scalar
from tools.calls.operations import Operation, Unit, check_operands, gives
from tools.calls.results import Item, Result, Type
from tools.entries.times import When
from tools.finding.gives import elapsed
from tools.finding.undecided import all_of
from tools.measuring.analytes import substance_of
from tools.measuring.rounding import rounded
from tools.record import PatientRecord
from tools.units import converted, same_unit
from tools.wording.facts import cut, fact
from tools.wording.text import normal, plain_name
from tools.wording.words import number, read_unit, shown_value

_DAYS_IN: Mapping[Unit, Decimal] = {
    "weeks": Decimal(7),
    "months": Decimal("30.44"),
    "years": Decimal("365.25"),
}
_FEW = 2
"""Days from which on nobody means a part of one."""
_CLOCKED: tuple[Unit, ...] = ("minutes", "hours", "days")
_ORDINALS = ("First", "Second")
_OPEN = "the recorded dates overlap: the order is open"


def calculate(
    record: PatientRecord, operation: Operation, of: tuple[Operand, ...], *, unit: Unit | None = None
) -> Evidence:
    """Reckon with what other calls found, and with constants.

    Args:
        record: the patient's record.
        operation: "difference" is first minus second, "percent" that in percent of the second, "ratio" first by
            second, "share" first in percent of second; "sum" and "mean" of every number found, "count" of the things
            found, each once. "duration": from the start of the first to that of the second, of one operand from the
            first to the last of what it found; "longest gap" and "shortest gap": of all things of an operand, from
            the end, else the start, of one to the start of the next. "order": whether they came strictly in this
            order; "earliest" and "latest": which came first or last. "higher" and "lower": whether the first is higher
            or lower than every other; "same": whether all say the same. "both", "either", "without" (first but not
            second), "neither": of truths a truth, of things those of the same names; neither of things: whether there
            are none.
        of: ids of calls, numbers, ISO dates or times, "now". Of an operand with several times the first counts.
        unit: of a duration or gap; days between the dates if None. Minutes, hours and days are exact where both have
            a time of day, as "now" has, the first minute of its day. Years have 365.25 days and months 30.44, to one
            decimal place.

    Returns:
        Evidence; "none recorded" when an operand found nothing (a sum or count of nothing is 0, a truth of it
        False), "no value" when the record leaves it open: dates that overlap, units that differ.

    Raises:
        BadArgument: an operand of a type, a number of operands, or a unit that the operation does not take.
    """
    types = [(operand.name, operand.evidence.result.type) for operand in of if operand.evidence.result]
    check_operands(operation, types, unit)
    of = _in_one_zone(of)
    asked = _Reckoning(record, operation, of, gives(operation, [kind for _, kind in types]), unit)
    return replace(_RECKONERS[operation](asked), working="; ".join(map(_operand_words, of)))


def _operand_words(operand: Operand) -> str:
    """Return what an operand is and says: "creatinine on 2024-07-16: 1.93 mg/dL (2024-07-16)"."""
    if _is_constant(operand):
        return operand.name
    truth, items = operand.evidence.result and operand.evidence.result.truth, _items(operand)
    if truth is not None:
        return f"{operand.name}: {'yes' if truth else 'no'}"
    told = "; ".join(map(_with_span, items[:_TOLD])) or _WITHOUT.get(operand.evidence.outcome, "nothing")
    more = f" and {len(items) - _TOLD} more" if len(items) > _TOLD else ""
    return f"{operand.name}: {told}{more}"


_TOLD = 4
"""Things of an operand that are told."""
_PLURAL: tuple[Unit, ...] = (*_CLOCKED, *_DAYS_IN)
_WITHOUT: Mapping[Outcome, str] = {
    "none recorded": "not recorded",
    "no value": "left open",
    "unreadable": "not read",
}


def _with_span(item: Item) -> str:
    """Return a thing as it is reckoned with, and when it was."""
    span = " to ".join(dict.fromkeys(when.day for when in (item.start, item.end) if when))
    said = plain_name(_shown(item)).removesuffix("s" if item.number == 1 and item.unit in _PLURAL else "")
    return span if said == "no value" and span else f"{said} ({span})" if span else said


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """A calculation under way: what is asked, and the evidence that all its outcomes share."""

    record: PatientRecord
    operation: Operation
    of: tuple[Operand, ...]
    type: Type
    unit: Unit | None

    def missing(self) -> Evidence | None:
        """Return the evidence that an operand was not read or not found, or has no value; None if all have one."""
        return self.hidden() or self._lacking()

    def hidden(self) -> Evidence | None:
        """Return the evidence that an operand could not be read; None if all could."""
        unread = [operand.name for operand in self.of if operand.evidence.outcome == "unreadable"]
        return self.evidence("unreadable", notes=_each("could not be read", unread)) if unread else None

    def hiding(self, operands: Sequence[Operand]) -> Evidence | None:
        """Return the evidence that some of what operands stand for was not read, so that nothing is denied of them."""
        kinds = [(operand.name, cover.kind) for operand in operands for cover in operand.evidence.coverage]
        hidden = [name for name, kind in kinds if self.record.may_hide(kind)]
        return self.evidence("unreadable", notes=_each("could not all be read", hidden)) if hidden else None

    def _lacking(self) -> Evidence | None:
        empty = [operand for operand in self.of if _is_empty(operand)]
        if not empty:
            return None
        absent = [operand.name for operand in empty if operand.evidence.outcome == "none recorded"]
        if absent:
            return self.evidence("none recorded", notes=_each("not recorded", absent))
        return self.open(*_each("recorded without a value", [operand.name for operand in empty]))

    def evidence(
        self,
        outcome: Outcome,
        values: Sequence[Scalar] = (),
        facts: Iterable[Fact] = (),
        references: Iterable[str] = (),
        notes: Iterable[str] = (),
        items: tuple[Item, ...] = (),
        truth: bool | None = None,
        unit: str = "",
    ) -> Evidence:
        """Return an outcome with what must be said of the operands, too."""
        lines = tuple(dict.fromkeys(facts))
        said = [note for operand in self.of for note in operand.evidence.notes]
        return Evidence(
            tool="calculate",
            outcome=outcome,
            about=" / ".join(operand.name for operand in self.of),
            values=tuple(values),
            unit=unit,
            facts=cut(lines),
            total=len(lines),
            references=tuple(dict.fromkeys(references)),
            coverage=_coverage(self.of),
            against=tuple(dict.fromkeys(f for operand in self.of for f in operand.evidence.against)),
            notes=tuple(dict.fromkeys([*said, *notes])),
            readings=tuple(dict.fromkeys(name for operand in self.of for name in operand.evidence.readings)),
            result=Result(type=self.type, items=items, truth=truth),
        )

    def open(self, *notes: str) -> Evidence:
        """Return that the record leaves it open, with what is recorded."""
        facts = [line for operand in self.of for line in operand.evidence.facts]
        return self.evidence("no value", facts=facts, references=_all_references(self.of), notes=notes)

    def truth(
        self, truth: bool, picked: Sequence[tuple[Operand, Item]] = (), notes: Iterable[str] = ()
    ) -> Evidence:
        """Return a truth that rests on the picked items, on all of the operands if there are none."""
        facts, references = _carried(picked) if picked else (_all_facts(self.of), _all_references(self.of))
        outcome: Outcome = "found" if references else "none recorded"
        return self.evidence(outcome, (truth,), facts, references, notes, truth=truth)

    def number(
        self,
        value: Decimal,
        unit: str,
        facts: Iterable[Fact],
        references: Iterable[str],
        notes: Iterable[str] = (),
    ) -> Evidence:
        """Return a number, rounded as people do; what builds on it takes it exact."""
        carried = tuple(dict.fromkeys(references))
        item = Item(number=value, unit=unit, references=carried)
        outcome: Outcome = "found" if value or carried or not self.of else "none recorded"
        shown = (_as_people_round(value),)
        return self.evidence(outcome, shown, facts, carried, notes, items=(item,), unit=unit)


def _two_numbers(asked: _Reckoning) -> Evidence:
    """Return a difference, percent, ratio or share."""
    if lacking := asked.missing():
        return lacking
    picked, why, notes = _one_number_each(asked)
    if why:
        return asked.open(*why)
    (_, first), (_, second) = picked
    one, other = first.number or Decimal(0), second.number or Decimal(0)
    if asked.operation != "difference" and other == 0:
        return asked.open(f"{asked.of[1].name} is 0, so there is no {asked.operation} of it")
    facts, references = _carried(picked, _ORDINALS)
    if asked.operation == "ratio":
        return asked.number(one / other, "", facts, references, notes)
    if asked.operation == "share":
        return asked.number(one / other * 100, "%", facts, references, notes)
    if asked.operation == "percent":
        return asked.number((one - other) / other * 100, "%", facts, references, notes)
    return asked.number(one - other, _common_unit(picked), facts, references, notes)


def _sum_or_mean(asked: _Reckoning) -> Evidence:
    """Return the sum or mean of every number found; nothing found adds nothing."""
    lacking = asked.hidden() or (asked.missing() if asked.operation == "mean" else None)
    if lacking:
        return lacking
    picked = [(operand, item) for operand in asked.of for item in _items(operand)]
    picked, why, notes = _in_one_unit(picked)
    if why:
        return asked.open(*why)
    if open_ones := [o.name for o in asked.of if _is_empty(o) and o.evidence.outcome != "none recorded"]:
        return asked.open(*_each("recorded without a value", open_ones))
    absent = [operand.name for operand in asked.of if _is_empty(operand)]
    total = sum((item.number or Decimal(0) for _, item in picked), Decimal(0))
    value = total / len(picked) if asked.operation == "mean" else total
    facts, references = _carried(picked)
    notes = (*notes, *_each("not recorded", absent))
    return asked.number(value, _common_unit(picked), facts, references, notes)


def _count(asked: _Reckoning) -> Evidence:
    """Return how many things the operands found, each once."""
    if lacking := asked.hidden():
        return lacking
    seen: set[str] = set()
    picked = []
    for operand in asked.of:
        for item in _items(operand):
            known = set(item.references) or {normal(item.name) or _day(item)}
            if not known & seen:
                picked.append((operand, item))
            seen |= known
    facts, references = _carried(picked)
    absent = [operand.name for operand in asked.of if _is_empty(operand)]
    notes = _each("not recorded", absent) if len(asked.of) > 1 else ()
    found = asked.number(Decimal(len(picked)), "", facts, references, notes)
    return replace(found, values=(len(picked),))


def _ranked(asked: _Reckoning) -> Evidence:
    """Return whether the first is higher, or lower, than every other."""
    if lacking := asked.missing():
        return lacking
    picked, why, notes = _one_number_each(asked)
    if why:
        return asked.open(*why)
    first, *others = (item.number or Decimal(0) for _, item in picked)
    over = all(first > other if asked.operation == "higher" else first < other for other in others)
    return asked.truth(over, picked, notes)


def _one_number_each(asked: _Reckoning) -> "_InOneUnit":
    """Return the number of each operand, or why there is not one for each."""
    picked = [(operand, item) for operand in asked.of for item in _items(operand)[:1]]
    for operand in asked.of:
        told = list(dict.fromkeys(map(_shown, _items(operand))))
        if len(told) > 1:
            why = f"{operand.name} has {len(told)} values ({', '.join(told[:4])}); one is needed"
            return _InOneUnit(picked, (why,))
    return _in_one_unit(picked)


class _InOneUnit(NamedTuple):
    """Numbers in the unit of the first that has one.

    Attributes:
        picked: each with its operand.
        why: they cannot be reckoned together: one is no exact number, or in a unit that cannot be converted.
        notes: what was converted.
    """

    picked: list[tuple[Operand, Item]]
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _in_one_unit(picked: list[tuple[Operand, Item]]) -> _InOneUnit:
    """Return numbers that can be reckoned together, constants as if they were in the unit of the others."""
    for operand, item in picked:
        if item.number is None:
            return _InOneUnit(picked, (f"{operand.name} is no exact number: {_shown(item)}",))
    first = next((item for operand, item in picked if not _is_constant(operand)), None)
    if first is None:
        return _InOneUnit(picked)
    moved = [
        (operand, item if _is_constant(operand) else _converted(item, first)) for operand, item in picked
    ]
    done = [(operand, item) for operand, item in moved if item is not None]
    if len(done) < len(moved):
        units = dict.fromkeys(item.unit or "none" for operand, item in picked if not _is_constant(operand))
        return _InOneUnit(picked, (f"the units differ ({', '.join(units)})",))
    changed = [(was, now) for (_, was), (_, now) in zip(picked, done, strict=True) if was is not now]
    notes = [f"{_shown(was)} was converted to {_shown(now)}" for was, now in changed]
    return _InOneUnit(done, (), tuple(dict.fromkeys(notes)))


def _converted(item: Item, first: Item) -> Item | None:
    """Return a number in the unit of another, None if it cannot be converted."""
    of, other = (substance_of(each.entry) if each.entry else None for each in (item, first))
    number = converted(item.number or Decimal(0), item.unit, first.unit, of, other)
    if number is None or (number == item.number and same_unit(item.unit, first.unit)):
        return None if number is None else item
    return replace(item, number=number, unit=first.unit)


def _common_unit(picked: Sequence[tuple[Operand, Item]]) -> str:
    return next((item.unit for _, item in picked if item.unit), "")


def _shown(item: Item) -> str:
    if item.number is None:
        return item.entry and shown_value(item.entry) or item.name or "no value"
    return f"{number(item.number)} {read_unit(item.unit)}".strip()


def _as_people_round(value: Decimal) -> Decimal:
    """Return a number with two decimals, with four digits where it is below one, without zeros at the end.

    >>> _as_people_round(Decimal("1.500")), _as_people_round(Decimal("0.0123456")), _as_people_round(Decimal(120))
    (Decimal('1.5'), Decimal('0.01235'), Decimal('120'))
    """
    near = (
        value
        if value == value.to_integral_value()
        else rounded(value, 2 if abs(value) >= 1 else 3 - value.adjusted())
    )
    return rounded(near, 0) if near == near.to_integral_value() else near.normalize()


def _duration(asked: _Reckoning) -> Evidence:
    """Return the time from the first to the second, or from the first to the last of one operand."""
    if lacking := asked.missing():
        return lacking
    if len(asked.of) == 1:
        operand, timed = asked.of[0], _timed(_items(asked.of[0]))
        if len(timed) < 2:
            return asked.open(f"{operand.name} is recorded at one time only" if timed else _undated(operand))
        return _time_between(asked, (operand, timed[0]), (operand, timed[-1]))
    picked, notes = _first_of_each(asked)
    if len(picked) < 2:
        return asked.open(*notes)
    first, second = picked
    if _order(_start(first), _start(second)) == 1:
        notes = (*notes, f"{second[0].name} was before {first[0].name}")
    return _time_between(asked, first, second, notes)


def _gap(asked: _Reckoning) -> Evidence:
    """Return the longest or shortest time from the end of one thing, else its start, to the start of the next."""
    if lacking := asked.missing():
        return lacking
    operand = asked.of[0]
    timed = _timed(_items(operand))
    if len(timed) < 2:
        return asked.open(f"{operand.name} is recorded at one time only" if timed else _undated(operand))
    before = accumulate(timed, _longer)
    gaps = [
        (replace(one, start=min(_end(one), _began(other))), other)
        for one, other in zip(before, timed[1:], strict=False)
    ]
    outer = max if asked.operation == "longest gap" else min
    begin, end = outer(gaps, key=lambda gap: _apart(_began(gap[0]), _began(gap[1]), asked.unit))
    return _time_between(asked, (operand, begin), (operand, end))


def _time_between(
    asked: _Reckoning, first: tuple[Operand, Item], second: tuple[Operand, Item], notes: Sequence[str] = ()
) -> Evidence:
    begin, end = _by_the_clock(asked, first, second)
    value, unit = _passed(begin, end, asked.unit)
    said = [
        f"{operand.name} is dated to a month or year only; its first day was counted"
        for operand, item in (first, second)
        if _start((operand, item)).first != _start((operand, item)).last
    ]
    if asked.unit and unit != asked.unit:
        said.append("not both have a time of day; days were counted")
    days = abs((end.first - begin.first).days)
    said += [f"{days} days are about {_long(days)}"] if unit == "days" and days > 60 else []
    facts, references = _carried((first, second), _ORDINALS)
    found = asked.number(value, unit, facts, references, (*notes, *dict.fromkeys(said)))
    item = Item(
        number=value, unit=unit, start=min(begin, end), end=max(begin, end), references=found.references
    )
    return replace(
        found,
        outcome="found",
        values=(int(value),) if value == value.to_integral_value() else found.values,
        result=Result(type="numbers", items=(item,)),
    )


def _by_the_clock(
    asked: _Reckoning, first: tuple[Operand, Item], second: tuple[Operand, Item]
) -> tuple[When, When]:
    """Return the times of two things; the clock's day is its first minute where the other has a time of day."""
    begin, end = _start(first), _start(second)
    if asked.unit not in _CLOCKED:
        return begin, end
    now = asked.record.now.isoformat()
    if end.text == now and begin.clocked and _is_constant(second[0]):
        return begin, end.begun(begin)
    if begin.text == now and end.clocked and _is_constant(first[0]):
        return begin.begun(end), end
    return begin, end


def _passed(begin: When, end: When, unit: Unit | None) -> tuple[Decimal, Unit]:
    """Return the time between two times, never negative, and the unit it is in: days where there are no clock times.

    From two days on, days are those of the calendar, as people count them.
    """
    exact = elapsed(min(begin, end), max(begin, end), unit) if unit in _CLOCKED else None
    if unit and exact is not None and (unit != "days" or exact < _FEW):
        return Decimal(exact), unit
    days = Decimal(abs((end.first - begin.first).days))
    if unit in _DAYS_IN and unit:
        return rounded(days / _DAYS_IN[unit], 1), unit
    return days, "days"


def _apart(begin: When, end: When, unit: Unit | None) -> tuple[int, float]:
    seconds = (end.moment - begin.moment).total_seconds()
    days = (end.first - begin.first).days
    return (0, seconds) if unit in _CLOCKED else (days, seconds)


def _long(days: int) -> str:
    """Return a length in words.

    >>> _long(400), _long(75)
    ('1.1 years', '2.5 months')
    """
    return f"{days / 365.25:.1f} years" if days > 365 else f"{days / 30.44:.1f} months"


def _end(item: Item) -> When:
    """Return when a thing ended, as far as that is recorded, else when it began."""
    return item.end or _began(item)


def _longer(one: Item, other: Item) -> Item:
    """Return that of two things that ended later."""
    return max(one, other, key=_end)


def _in_one_zone(of: tuple[Operand, ...]) -> tuple[Operand, ...]:
    """Return operands of which constants without a zone have that of the record's times."""
    recorded = (item.start for operand in of if not _is_constant(operand) for item in _items(operand))
    zoned = next((start for start in recorded if start and start.zone), None)
    return tuple(_zoned(each, zoned) if zoned and _is_constant(each) else each for each in of)


def _zoned(constant: Operand, zoned: When) -> Operand:
    items = tuple(replace(item, start=item.start and item.start.beside(zoned)) for item in _items(constant))
    result = constant.evidence.result
    return replace(
        constant, evidence=replace(constant.evidence, result=result and replace(result, items=items))
    )


def _in_order(asked: _Reckoning) -> Evidence:
    """Return whether the operands came strictly in this order."""
    if lacking := asked.missing():
        return lacking
    picked, notes = _first_of_each(asked)
    if len(picked) < len(asked.of):
        return asked.open(*notes)
    orders = [_order(_start(one), _start(other)) for one, other in pairwise(picked)]
    if all(order in (-1, None) for order in orders) and None in orders:
        return asked.open(*notes, _OPEN)
    together = [pair for pair, order in zip(pairwise(picked), orders, strict=True) if order == 0]
    return asked.truth(set(orders) == {-1}, picked, (*notes, *_together(together[:1])))


def _extreme(asked: _Reckoning) -> Evidence:
    """Return which of the operands came first, or last."""
    if lacking := asked.missing():
        return lacking
    picked, notes = _first_of_each(asked)
    if len(picked) < len(asked.of):
        return asked.open(*notes)
    wanted = -1 if asked.operation == "earliest" else 1
    left = [one for one in picked if all(_order(_start(one), _start(other)) != -wanted for other in picked)]
    if any(_order(_start(one), _start(other)) is None for one in left for other in left if one is not other):
        return asked.open(*notes, _OPEN)
    facts, references = _carried(picked)
    return asked.evidence(
        "found",
        tuple(dict.fromkeys(item.name or operand.name for operand, item in left)),
        facts,
        references,
        (*notes, *_together(list(pairwise(left))[:1])),
        items=tuple(item for _, item in left),
    )


def _one_of_all(asked: _Reckoning) -> Evidence:
    """Return the first or last of everything that the operands found; several where they came together."""
    if lacking := asked.hidden():
        return lacking
    timed = [(operand, item) for operand in asked.of for item in _items(operand) if item.start]
    if not timed:
        return asked.missing() or asked.open(*map(_undated, asked.of))
    first = asked.operation == "first"
    outer = _start((min if first else max)(timed, key=_start))
    left = [p for p in timed if not (outer.before(_start(p)) if first else _start(p).before(outer))]
    notes = _each("not recorded", [operand.name for operand in asked.of if _is_empty(operand)])
    if any(_order(outer, _start(one)) is None for one in left):
        return asked.open(*notes, _OPEN)
    facts, references = _carried(left)
    values = dict.fromkeys(_said(*one) for one in left)
    return asked.evidence(
        "found", tuple(values), facts, references, notes, items=tuple(item for _, item in left)
    )


def _said(operand: Operand, item: Item) -> Scalar:
    """Return a thing as its call says it: a time to the day or to the minute, a number, a name."""
    result = operand.evidence.result
    if result and result.type == "times" and item.start:
        return item.start.minute if item.start.minute in operand.evidence.values else item.start.day
    return item.number if item.number is not None else item.name


def _together(pairs: Iterable[tuple[tuple[Operand, Item], tuple[Operand, Item]]]) -> tuple[str, ...]:
    """Return what to say of two that came together."""
    clocked = [_start(one).clocked and _start(other).clocked for one, other in pairs]
    return tuple("both at the same time" if known else "both on the same day" for known in clocked)


def _first_of_each(asked: _Reckoning) -> tuple[list[tuple[Operand, Item]], tuple[str, ...]]:
    """Return the earliest thing of each operand that has a time, and what must be said of it."""
    picked: list[tuple[Operand, Item]] = []
    notes = []
    for operand in asked.of:
        timed = _timed(_items(operand))
        if not timed:
            notes.append(_undated(operand))
            continue
        picked.append((operand, timed[0]))
        if len(timed) > 1:
            notes.append(
                f"{operand.name} is recorded at {len(timed)} times; the first ({_day(timed[0])}) was counted"
            )
    return picked, tuple(notes)


def _timed(items: Iterable[Item]) -> list[Item]:
    """Return the items that have a time, the earliest first, one of each moment."""
    moments: dict[tuple[str, bool], Item] = {}
    dated = sorted(
        ((item.start.moment, item.start.clocked, item) for item in items if item.start),
        key=lambda each: each[:2],
    )
    for when, clocked, item in dated:
        moments.setdefault((when.isoformat(), clocked), item)
    return list(moments.values())


def _start(picked: tuple[Operand, Item]) -> When:
    return _began(picked[1])


def _began(item: Item) -> When:
    assert item.start is not None
    return item.start


def _order(one: When, other: When) -> int | None:
    """Return -1, 0 or 1; None if the recorded dates leave the order open."""
    if one.before(other) or other.before(one):
        return -1 if one.before(other) else 1
    if one.clocked and other.clocked:
        return 0
    alike = (one.first, one.last, one.clocked) == (other.last, other.first, other.clocked)
    return 0 if alike else None


def _undated(operand: Operand) -> str:
    return f"recorded without a date: {operand.name}"


def _same(asked: _Reckoning) -> Evidence:
    """Return whether all operands say the same."""
    if lacking := asked.missing():
        return lacking
    kinds = {operand.evidence.result.type for operand in asked.of if operand.evidence.result}
    if kinds == {"truth"}:
        return asked.truth(len({_truth(operand) for operand in asked.of}) == 1)
    if kinds <= {"numbers", "quantities"}:
        picked = [(operand, item) for operand in asked.of for item in _items(operand)]
        if all(item.number is not None for _, item in picked):
            found, why, notes = _in_one_unit(picked)
            numbers = [{item.number for of, item in found if of is operand} for operand in asked.of]
            if why:
                return asked.open(*why)
            return asked.truth(all(each == numbers[0] for each in numbers), notes=notes)
        return asked.truth(_alike(frozenset(normal(_shown(i)) for i in _items(o)) for o in asked.of))
    if kinds == {"times"}:
        return _same_times(asked)
    return asked.truth(_alike(frozenset(normal(item.name) for item in _items(o)) for o in asked.of))


def _same_times(asked: _Reckoning) -> Evidence:
    """Return whether times are the same as far as they were asked for; a day in a month leaves it open."""
    said = [frozenset(map(str, operand.evidence.values)) for operand in asked.of]
    if _alike(said):
        return asked.truth(True)
    first, rest = said[0], said[1:]
    could_be = all(any(_within(a, b) for a in first for b in other) for other in rest)
    return (
        asked.open("the recorded dates overlap: whether they are the same is open")
        if could_be
        else asked.truth(False)
    )


def _within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _alike(sets: Iterable[frozenset[str]]) -> bool:
    return len(set(sets)) == 1


def _joined(asked: _Reckoning) -> Evidence:
    """Return what holds of truths, or the things that both, either, or the first without the second has."""
    if asked.type == "truth":
        return _truths(asked)
    if lacking := asked.hidden():
        return lacking
    names = [{normal(item.name) for item in _items(operand)} for operand in asked.of]
    first, others = names[0], names[1:]
    kept = {
        "both": first.intersection(*others),
        "either": first.union(*others),
        "without": first.difference(*others),
    }[asked.operation]
    denied = asked.of[1:] if asked.operation == "without" else () if kept else asked.of
    if hiding := asked.hiding(denied):
        return hiding
    carriers = asked.of[:1] if asked.operation == "without" else asked.of
    picked = [
        (operand, item) for operand in carriers for item in _items(operand) if normal(item.name) in kept
    ]
    once = {normal(item.name): item.name for _, item in reversed(picked)}
    shown = [once[name] for name in dict.fromkeys(normal(item.name) for _, item in picked)]
    facts, references = _carried(picked)
    notes = _each("not recorded", [operand.name for operand in asked.of if _is_empty(operand)])
    told = [item for operand, item in picked if asked.operation == "either" or operand is asked.of[0]]
    outcome: Outcome = "found" if picked else "none recorded"
    return asked.evidence(outcome, shown, facts, references, notes, items=tuple(told))


def _truths(asked: _Reckoning) -> Evidence:
    """Return what follows from truths; what could not be read, or is open, need not decide it."""
    truths = [_truth(operand) for operand in asked.of]
    if asked.operation in ("either", "neither"):
        held = True if True in truths else None if None in truths else False
        held = held if held is None or asked.operation == "either" else not held
    else:
        wanted = (
            truths[:1] + [None if t is None else not t for t in truths[1:]]
            if asked.operation == "without"
            else truths
        )
        held = all_of(*wanted)
    if held is not None:
        return asked.truth(held)
    undecided = [operand.name for operand in asked.of if _truth(operand) is None]
    return asked.hidden() or asked.open(*_each("the record leaves open", undecided))


def _truth(operand: Operand) -> bool | None:
    """Return what an operand says: a truth, or whether it found anything; None if that is open or was not read."""
    result = operand.evidence.result
    if result and result.truth is not None:
        return result.truth
    if result and result.items:
        return True
    return False if operand.evidence.outcome == "none recorded" else None


def _items(operand: Operand) -> tuple[Item, ...]:
    return operand.evidence.result.items if operand.evidence.result else ()


def _is_empty(operand: Operand) -> bool:
    return operand.evidence.result is None or operand.evidence.result.empty


def _is_constant(operand: Operand) -> bool:
    return not operand.evidence.tool


def _day(item: Item) -> str:
    return item.start.day if item.start else ""


def _each(what: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{what}: {name}" for name in dict.fromkeys(names))


def _all_facts(of: Sequence[Operand]) -> list[Fact]:
    return [line for operand in of for line in operand.evidence.facts]


def _all_references(of: Sequence[Operand]) -> list[str]:
    return [reference for operand in of for reference in operand.evidence.references]


def _carried(
    picked: Iterable[tuple[Operand, Item]], labels: Sequence[str] = ()
) -> tuple[list[Fact], list[str]]:
    """Return the lines of picked items, labelled if there are labels, and the resources that carry them."""
    facts: list[Fact] = []
    references: list[str] = []
    for place, (operand, item) in enumerate(picked):
        label = f"{labels[place]}: " if place < len(labels) else ""
        facts += [replace(line, text=f"{label}{line.text}") for line in _lines(operand, item)]
        references += item.references or operand.evidence.references
    return facts, references


def _lines(operand: Operand, item: Item) -> Iterator[Fact]:
    """Yield the lines of an item: as its call has them, else from its entry."""
    own = [line for line in operand.evidence.facts if line.reference in item.references]
    if own or not item.references:
        yield from own or operand.evidence.facts
    elif item.entry:
        yield fact(item.entry)


def _coverage(of: Sequence[Operand]) -> tuple[Coverage, ...]:
    kinds = {cover.kind: cover for operand in of for cover in operand.evidence.coverage}
    return tuple(kinds.values())


_RECKONERS: Mapping[Operation, Callable[[_Reckoning], Evidence]] = {
    **dict.fromkeys(("difference", "percent", "ratio", "share"), _two_numbers),
    **dict.fromkeys(("sum", "mean"), _sum_or_mean),
    "count": _count,
    **dict.fromkeys(("higher", "lower"), _ranked),
    "duration": _duration,
    **dict.fromkeys(("longest gap", "shortest gap"), _gap),
    "order": _in_order,
    **dict.fromkeys(("earliest", "latest"), _extreme),
    **dict.fromkeys(("first", "last"), _one_of_all),
    "same": _same,
    **dict.fromkeys(("both", "either", "without"), _joined),
    "neither": _truths,
}
