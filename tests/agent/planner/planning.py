"""What tables of questions are made of: expected tool calls, and how the planner's calls are held against them.

Two calls are the same when they ask the same thing: an argument that is left out stands for its default, a name
need only hold the telling word, and times are compared by the days they mean for the patient.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from inspect import signature

import pytest
from _pytest.mark import ParameterSet
from gaps import GAPS
from one_record import ruth

from agent.kept import compared
from agent.plan import Plan
from agent.planner import BuiltinPlanner
from tools.calls.catalogue import Call, tool_function
from tools.calls.errors import BadArgument
from tools.periods import resolve
from tools.record import PatientRecord

NAMES = ("concept", "reason", "text")
"""Arguments whose wording may vary."""
NOTHING = ("", None)


class Either(tuple[Call, ...]):
    """Calls of which each is a good one."""


Expected = Call | Either
Row = tuple[str | Expected, ...]
"""A question and the calls it should become."""


def find(kind: str, concept: str = "", *, relation: str = "", **more: str | int) -> Call:
    """What is in a period is there by its date, insurance while it is in force, unless the row says otherwise."""
    usual = "active" if kind == "coverage" else "recorded"
    placed = relation or (usual if more.get("period") else "")
    return _call("find", kind=kind, concept=concept, relation=placed, **more)


def measure(concept: str, **more: str | float | list[float]) -> Call:
    """The last value, unless the row says otherwise."""
    chosen = more if {"pick", "statistic", "how"} & more.keys() else {"pick": "last", **more}
    return _call("measure", concept=concept, **chosen)


def compare(first: str, give: str, second: str) -> tuple[Call, ...]:
    """The calls for two events or tests: one for each, and what is reckoned of them."""
    return compared(first, second, give)


def profile(about: str, said: str = "") -> Call:
    return _call("profile", about=about, said=said)


def overview(about: str) -> Call:
    return _call("overview", of=about)


def notes(text: str = "", **more: str) -> Call:
    return _call("notes", text=text, **more)


def timeline(period: str = "") -> Call:
    return _call("timeline", period=period)


def costs(give: str = "", **more: str) -> Call:
    return _call("costs", give=give, **more)


def either(*calls: Call) -> Either:
    """Any of these calls will do."""
    return Either(calls)


def parted(row: Row) -> tuple[list[str], list[Expected]]:
    """The questions of a row, and the calls that the last of them should become."""
    return [p for p in row if isinstance(p, str)], [p for p in row if not isinstance(p, str)]


def marked(rows: Iterable[Row]) -> list[ParameterSet]:
    """The rows as pytest takes them; those that are not served yet are expected to fail, with the reason."""
    return [marked_as(" | ".join(parted(row)[0]), row) for row in rows]


def marked_as(question: str, *values: object) -> ParameterSet:
    """One row under the name of its question."""
    marks = [pytest.mark.xfail(strict=True, reason=GAPS[question])] if question in GAPS else []
    return pytest.param(*values, marks=marks, id=question)


@cache
def record() -> PatientRecord:
    return ruth()


def plan(question: str, before: Mapping[str, object] | None = None) -> Plan:
    return BuiltinPlanner().plan(question, record(), before or {})


def last_plan(questions: Iterable[str]) -> Plan:
    """The plan of the last of some questions, each asked after the one before it."""
    made = Plan()
    for question in questions:
        made = plan(question, made.frame)
    return made


def in_words(calls: Iterable[Call]) -> list[str]:
    """The calls as a reader of a failed test wants them."""
    return [f"{c.tool}({', '.join(f'{k}={v!r}' for k, v in _told(c).items())})" for c in calls]


def alike(calls: Iterable[Call], expected: Iterable[Expected]) -> bool:
    """Whether the calls are the expected ones, in the same order."""
    got, wanted = list(calls), list(expected)
    return len(got) == len(wanted) and all(
        any(_same(call, wish) for wish in (choice if isinstance(choice, Either) else (choice,)))
        for call, choice in zip(got, wanted, strict=True)
    )


def _same(call: Call, wish: Call) -> bool:
    told, wished = _told(call), _told(wish)
    return (
        call.tool == wish.tool
        and told.keys() == wished.keys()
        and all(_same_argument(name, told[name], wished[name]) for name in told)
    )


def _same_argument(name: str, told: object, wished: object) -> bool:
    if name in NAMES:
        return str(wished).casefold() in str(told).casefold()
    if name == "kind" and wished == "any":
        return True
    if name == "period":
        return _days(str(told)) == _days(str(wished))
    return told == wished


def _days(period: str) -> object:
    try:
        found = resolve(period, record())
    except BadArgument:
        return period
    return found and (found.span, found.encounter)


def _told(call: Call) -> dict[str, object]:
    defaults = {name: p.default for name, p in signature(tool_function(call.tool)).parameters.items()}
    return {
        name: value
        for name, value in call.arguments.items()
        if value not in NOTHING and value != defaults.get(name)
    }


def _call(tool: str, **arguments: object) -> Call:
    return Call(tool, {name: value for name, value in arguments.items() if value not in NOTHING})
