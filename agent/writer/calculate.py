"""Evidence of `calculate` -> its sentence: the difference, how long, which came first, what both have."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from agent.check.recorded import as_name, speaks
from agent.context import Brief
from agent.writer.found import capital, listed, sources, truth_word
from agent.writer.found import found as anything_found
from agent.writer.words import (
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
from tools.wording.words import plural

_FEW = 3
"""So many lines stand in a sentence; more are listed."""
_REACHED = {
    "difference": "The difference is",
    "ratio": "The ratio is",
    "sum": "The sum is",
    "mean": "The mean is",
}
_LABELS = ("First: ", "Second: ")
_TOGETHER = ("both", "either", "without")


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for what was reckoned from earlier calls."""
    operation, values = str(evidence.arguments.get("operation", "")), evidence.values
    if values and all(isinstance(value, bool) for value in values):
        return _truth(evidence, operation, _names(evidence, brief))
    if operation in _TOGETHER:
        return listed(f"{len(values)} {_together(operation, _names(evidence, brief))}", evidence)
    if operation in ("earliest", "latest"):
        came = "first" if operation == "earliest" else "last"
        return _with_lines(f"{capital(joined([shown(value) for value in values]))} came {came}", evidence)
    if len(values) != 1:
        return anything_found(evidence, brief)
    if operation in ("duration", "longest gap"):
        return _time(evidence, operation, _names(evidence, brief))
    if operation == "percent":
        return _with_lines(_percent(evidence, _names(evidence, brief)), evidence)
    if operation == "count":
        of = (
            ""
            if speaks(evidence.about)
            else f"{capital(joined(list(dict.fromkeys(_names(evidence, brief)))))}: "
        )
        return _with_lines(f"{of}{shown(values[0])} in all", evidence)
    value = amount(values[0], evidence.unit)
    many = f" ({evidence.total})" if operation in ("sum", "mean") and evidence.total > 1 else ""
    return _with_lines(f"{_REACHED.get(operation, 'The result is')} {value}{many}", evidence)


def missing(evidence: Evidence, brief: Brief) -> str:
    """Return what could not be reckoned, as something to reckon with was not found; a truth or count of nothing."""
    operation, names = str(evidence.arguments.get("operation", "")), _names(evidence, brief)
    aside = searched(evidence.coverage)
    if evidence.values:
        return _of_nothing(evidence, operation, names)
    if evidence.outcome == "none recorded" and operation in _TOGETHER:
        return f"None: {_together(operation, names)}{aside}."
    notes = one_after_another(evidence.notes)
    return notes or f"Not recorded: {joined(names)}{aside}."


def _of_nothing(evidence: Evidence, operation: str, names: Sequence[str]) -> str:
    """Return a truth or a count that no resource carries."""
    value, aside = evidence.values[0], searched(evidence.coverage)
    if value is True and operation != "neither":
        return "Yes."
    if value is False and operation == "neither":
        return "No." if speaks(evidence.about) else f"Recorded: {joined(names, 'or')}."
    named = not speaks(evidence.about)
    if value is False and operation != "either":
        return f"No, not as asked{f': {joined(names)}' if named else ''}{aside}."
    word, of = "No" if value is False else "None", f" for {joined(names, 'or')}" if named else ""
    return f"{word}: nothing recorded as asked{of}{aside}."


def _names(evidence: Evidence, brief: Brief) -> list[str]:
    """Return what the operands are called: as asked, else as recorded; a constant as it is."""
    known = {each.id: _name(each) for each in brief.evidence if each.id}
    of = evidence.arguments.get("of")
    operands = of if isinstance(of, Sequence) and not isinstance(of, str) else ()
    names = [known.get(each, "") if isinstance(each, str) else shown(Decimal(str(each))) for each in operands]
    return names if names and all(names) else [as_name(evidence.about)]


def _name(evidence: Evidence) -> str:
    kind = evidence.tool == "find" and not asked_for(evidence)
    return plural(noun(evidence)) if kind else asked_for(evidence) or topic(evidence)


def _together(operation: str, names: Sequence[str]) -> str:
    if operation == "without":
        others = f", compared with {joined(names[1:])}" if len(names) > 1 else ""
        return f"only in {names[0]}{others}"
    return (
        f"in {'both ' if operation == 'both' else ''}{joined(names, 'and' if operation == 'both' else 'or')}"
    )


def _truth(evidence: Evidence, operation: str, names: Sequence[str]) -> str:
    yes = all(evidence.values)
    word = "Neither" if yes and operation == "neither" else truth_word(evidence)
    told = {
        "order": "in this order",
        "same": "the same",
        "both": "both",
        "higher": f"higher than {joined(names[1:])}" if names[1:] else "higher",
        "lower": f"lower than {joined(names[1:])}" if names[1:] else "lower",
    }.get(operation, "")
    how = f", {'' if yes else 'not '}{told}" if told else ""
    return _with_lines(f"{word}{how}", evidence)


def _percent(evidence: Evidence, names: Sequence[str]) -> str:
    value = evidence.values[0]
    if isinstance(value, str):
        return f"The difference is {shown(value)}"
    one, other = names if len(names) == 2 and names[0] != names[1] else ("the first", "the second")
    if not value:
        return f"{capital(one)} and {other} are the same"
    way = "higher" if value > 0 else "lower"
    return f"{capital(one)} is {amount(max(value, -value), '%')} {way} than {other}"


def _time(evidence: Evidence, operation: str, names: Sequence[str]) -> str:
    value = amount(evidence.values[0], evidence.unit)
    passed = value.removesuffix("s") if evidence.values[0] == 1 else value
    gap = operation == "longest gap"
    lead = f"The longest gap was {passed}" if gap else passed
    if len(evidence.facts) == 2:
        begin, end = map(_told, evidence.facts)
        return f"{lead}, from {begin} to {end}."
    return _with_lines(f"{lead}, of {joined(names)}" if gap else f"{lead} between {joined(names)}", evidence)


def _with_lines(lead: str, evidence: Evidence) -> str:
    """Return what was reckoned with what it rests on: in the sentence where that is little, else below it."""
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
