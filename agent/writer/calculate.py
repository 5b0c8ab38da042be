"""Evidence of `calculate` -> its sentence: the difference, how long, which came first, what both have."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from agent.check.recorded import as_name, safe, speaks
from agent.context import Brief
from agent.writer.found import capital, listed, sources, truth_word
from agent.writer.found import found as anything_found
from agent.writer.words import (
    SAID,
    amount,
    asked_for,
    joined,
    line,
    noun,
    one_after_another,
    searched,
    shown,
    topic,
)
from tools.calls.evidence import Evidence, Fact
from tools.calls.operations import IN_TIME
from tools.wording.telling_apart import marks
from tools.wording.words import counted, plural

_PAIR = 2
_FEW = 3
"""So many lines stand in a sentence; more are listed."""
_REACHED = {
    "difference": "The difference is",
    "ratio": "The ratio is",
    "share": "The share is",
    "sum": "The sum is",
    "mean": "The mean is",
}
_LABELS = ("First: ", "Second: ")
_TOGETHER = ("both", "either", "without")


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for what was reckoned from earlier calls."""
    operation, values = str(evidence.arguments.get("operation", "")), evidence.values
    if values and all(isinstance(value, bool) for value in values):
        return _truth(evidence, operation, brief)
    if operation in _TOGETHER:
        together = _together(operation, names_of(evidence, brief))
        several = evidence.total > len(values)  # entries of one name
        return listed(f"{counted(len(values), 'name') if several else len(values)} {together}", evidence)
    if operation in ("earliest", "latest"):
        came = "first" if operation == "earliest" else "last"
        return _with_lines(f"{capital(joined([shown(value) for value in values]))} came {came}", evidence)
    if len(values) != 1:
        return anything_found(evidence, brief)
    if operation in IN_TIME:
        return _time(evidence, operation, names_of(evidence, brief))
    if operation == "percent":
        return _with_lines(_percent(evidence, brief), evidence, _numbers(evidence, brief))
    if operation == "count":
        of = (
            ""
            if speaks(evidence.about)
            else f"{capital(joined(list(dict.fromkeys(names_of(evidence, brief)))))}: "
        )
        return _with_lines(f"{of}{shown(values[0])} in all", evidence)
    value = amount(values[0], evidence.unit)
    counts = any(_is_counted(operand) for _, operand in _operands(evidence, brief))
    many = (
        f" ({evidence.total})" if operation in ("sum", "mean") and evidence.total > 1 and not counts else ""
    )
    reached = f"{_REACHED.get(operation, 'The result is')} {value}{many}"
    return _with_lines(reached, evidence, _numbers(evidence, brief))


def missing(evidence: Evidence, brief: Brief) -> str:
    """Return what could not be reckoned, as something to reckon with was not found; a truth or count of nothing."""
    operation, names = str(evidence.arguments.get("operation", "")), names_of(evidence, brief)
    aside = searched(evidence.coverage)
    if evidence.values:
        return _of_nothing(evidence, operation, names)
    if evidence.outcome == "none recorded" and operation in _TOGETHER:
        return f"None{':' if operation == 'without' else ''} {_together(operation, names)}{aside}."
    notes = one_after_another(note for note in evidence.notes if not SAID.fullmatch(note))
    return notes or f"Not recorded: {joined(names)}{aside}."


def _of_nothing(evidence: Evidence, operation: str, names: Sequence[str]) -> str:
    """Return a truth or a count that no resource carries."""
    value, aside = evidence.values[0], searched(evidence.coverage)
    if value is True and operation != "neither":
        return "Yes."
    if value is False and operation == "neither":
        return "No." if speaks(evidence.about) else f"Recorded: {joined(names, 'or')}."
    named = not speaks(evidence.about)
    if operation in ("higher", "lower"):
        of = "" if speaks(evidence.about) else f" for {joined(names, 'or')}"
        return f"No, not {operation}: nothing recorded as asked{of}{aside}."
    if value is False and operation != "either":
        return f"No, not as asked{f': {joined(names)}' if named else ''}{aside}."
    word, of = "No" if value is False else "None", f" for {joined(names, 'or')}" if named else ""
    return f"{word}: nothing recorded as asked{of}{aside}."


def names_of(evidence: Evidence, brief: Brief) -> list[str]:
    """Return what the operands are called: as asked, else as recorded, told apart; a constant as it is."""
    operands = _operands(evidence, brief)
    if not operands or not all(name for name, _ in operands):
        return [as_name(evidence.about)]
    told = zip(operands, marks(operands), strict=True)
    return [
        " ".join(filter(None, (_mark(before), name, _mark(after)))) for (name, _), (before, after) in told
    ]


def _operands(evidence: Evidence, brief: Brief) -> list[tuple[str, Evidence]]:
    """Return what each operand is called, "" if it is not known, and what its call found."""
    known = {each.id: each for each in brief.evidence if each.id}
    of = evidence.arguments.get("of")
    given = of if isinstance(of, Sequence) and not isinstance(of, str) else ()
    clock = evidence.about.rpartition(" / ")[2] if given and given[-1] == "now" else "now"
    return [
        (_name(known[each]), known[each]) if each in known else (_constant(each, clock), _CONSTANT)
        for each in given
    ]


_CONSTANT = Evidence(outcome="found")


def _constant(each: object, clock: str) -> str:
    """Return a number or a day as it is, the clock's day for now; "" of what is no constant."""
    if isinstance(each, str):
        return clock if each == "now" else each if each[:1].isdigit() else ""
    return shown(Decimal(str(each)))


def _mark(words: str) -> str:
    return "" if speaks(words) else safe(words)


def _name(evidence: Evidence) -> str:
    kind = evidence.tool == "find" and not asked_for(evidence)
    return plural(noun(evidence)) if kind else asked_for(evidence) or topic(evidence)


def _together(operation: str, names: Sequence[str]) -> str:
    if operation == "without":
        others = f", compared with {joined(names[1:])}" if len(names) > 1 else ""
        return f"only in {names[0]}{others}"
    if operation == "both":
        return f"in {'both' if len(names) <= _PAIR else 'all of'} {joined(names)}"
    return f"in {joined(names, 'or')}"


def _truth(evidence: Evidence, operation: str, brief: Brief) -> str:
    yes, numbers = all(evidence.values), _numbers(evidence, brief)
    names = [] if numbers else names_of(evidence, brief)
    word = "Neither" if yes and operation == "neither" else truth_word(evidence)
    told = {
        "order": "in this order",
        "same": "the same",
        "both": "both",
        "higher": f"higher than {joined(names[1:])}" if names[1:] else "higher",
        "lower": f"lower than {joined(names[1:])}" if names[1:] else "lower",
    }.get(operation, "")
    how = f", {'' if yes else 'not '}{told}" if told else ""
    return _with_lines(f"{word}{how}", evidence, numbers)


def _percent(evidence: Evidence, brief: Brief) -> str:
    value, names = evidence.values[0], names_of(evidence, brief)
    if isinstance(value, str):
        return f"The difference is {shown(value)}"
    if _numbers(evidence, brief):
        names = []
    one, other = names if len(names) == 2 and names[0] != names[1] else ("the first", "the second")
    if not value:
        return f"{capital(one)} and {other} are the same"
    way = "higher" if value > 0 else "lower"
    return f"{capital(one)} is {amount(max(value, -value), '%')} {way} than {other}"


def _numbers(evidence: Evidence, brief: Brief) -> str:
    """Return the two counts or statistics that were reckoned with, which no line says: "statins 3, visits 2"."""
    operands = _operands(evidence, brief)
    told = [(e.values[0], e.unit) for _, e in operands if _is_counted(e)]
    if len(operands) != _PAIR or len(told) != _PAIR or not evidence.facts:
        return ""
    names = zip(names_of(evidence, brief), told, strict=True)
    return ", ".join(f"{name} {amount(value, unit)}" for name, (value, unit) in names)


def _is_counted(evidence: Evidence) -> bool:
    """Tell whether a call found one number that stands on several resources."""
    arguments = evidence.arguments
    counts = arguments.get("give") in ("count", "distinct") or arguments.get("how") == "count"
    number = len(evidence.values) == 1 and not isinstance(evidence.values[0], bool | str)
    return number and bool(evidence.references) and (counts or bool(arguments.get("statistic")))


def _time(evidence: Evidence, operation: str, names: Sequence[str]) -> str:
    value = amount(evidence.values[0], evidence.unit)
    passed = value.removesuffix("s") if evidence.values[0] == 1 else value
    gap = operation != "duration"
    lead = f"The {operation} was {passed}" if gap else passed
    if len(evidence.facts) == 2:
        begin, end = map(_told, evidence.facts)
        return f"{lead}, from {begin} to {end}."
    return _with_lines(f"{lead}, of {joined(names)}" if gap else f"{lead} between {joined(names)}", evidence)


def _with_lines(lead: str, evidence: Evidence, numbers: str = "") -> str:
    """Return what was reckoned with what it rests on: in the sentence where that is little, else below it.

    Args:
        lead: what was reckoned.
        evidence: of the calculation.
        numbers: of which it was reckoned; they stand on all lines.
    """
    if numbers:
        return listed(f"{lead} ({numbers})", replace(evidence, facts=tuple(map(_unlabelled, evidence.facts))))
    if not evidence.facts:
        return f"{lead}{sources(evidence)}."
    if len(evidence.facts) <= _FEW and evidence.total <= len(evidence.facts):
        return f"{lead}: {'; '.join(map(_told, evidence.facts))}."
    return listed(lead, replace(evidence, facts=tuple(map(_unlabelled, evidence.facts))))


def _told(fact: Fact) -> str:
    return line(_unlabelled(fact))


def _unlabelled(fact: Fact) -> Fact:
    """Return a fact without the label that says whose it is."""
    text = fact.text
    for label in _LABELS:
        text = text.removeprefix(label)
    return replace(fact, text=text)
