"""What tables of questions are made of: expected tool calls, and how what was read is held against them.

What counts is what the record then answers: a plan is right if its values are those of the expected calls. Where the
reader is not sure, it offers readings, of which one should have these values. What was learned from examples is held
against whole tables: so many rows right, so many right or offered, hardly any wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from one_record import ruth

from agent.kept import compared
from agent.plan import Plan
from agent.reading import Reader
from agent.values import Value, values_by
from tools.calls.catalogue import Call
from tools.calls.program import named
from tools.record import PatientRecord

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


def together(operation: str, *calls: Call) -> tuple[Call, ...]:
    """Calls, and what is reckoned of them."""
    told = named(calls)
    return (*told, Call("calculate", {"operation": operation, "of": [call.id for call in told]}, "z"))


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


@cache
def record() -> PatientRecord:
    return ruth()


def plan(question: str, before: Mapping[str, object] | None = None) -> Plan:
    return Reader().plan(question, record(), before or {})


def last_plan(questions: Iterable[str]) -> Plan:
    """The plan of the last of some questions, each asked after the one before it."""
    made = Plan()
    for question in questions:
        made = plan(question, made.frame)
    return made


def in_words(calls: Iterable[Call]) -> list[str]:
    """The calls as a reader of a failed test wants them."""
    return [f"{c.tool}({', '.join(f'{k}={v!r}' for k, v in c.arguments.items())})" for c in calls]


def told(planned: Plan) -> str:
    """What was planned, as a reader of a failed test wants it."""
    if planned.decline:
        return f"declined: {planned.decline}"
    offered = [f"offered {in_words(each.calls)}" for each in planned.readings]
    return (
        f"sure {planned.sure:.2f} {in_words(planned.calls) if planned.calls else offered or 'not understood'}"
    )


def right(planned: Plan, expected: Iterable[Expected]) -> bool:
    """Whether a plan answers with the values of the expected calls."""
    if planned.decline or not planned.calls:
        return False
    return _alike(values_by(planned, record()), tuple(expected))


def served(planned: Plan, expected: Iterable[Expected]) -> bool:
    """Whether a plan answers with the values of the expected calls, or one that is offered does."""
    wanted = tuple(expected)
    return any(right(each, wanted) for each in (planned, *planned.readings))


@dataclass(slots=True)
class Tally:
    """How the rows of a table were read, each as a line.

    Attributes:
        right: with the values of the expected calls.
        offered: one of the readings to choose from has them.
        open: not understood, or only others are offered.
        wrong: answered with other values, or declined.
    """

    right: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def shares(self) -> tuple[float, float, float]:
        """Return the shares of right, of right or offered, and of wrong."""
        right, wrong = len(self.right), len(self.wrong)
        total = right + len(self.offered) + len(self.open) + wrong
        return right / total, (right + len(self.offered)) / total, wrong / total

    def missed(self) -> str:
        """Return the rows that were neither right nor offered."""
        return "\n".join(
            [*(f"wrong: {line}" for line in self.wrong), *(f"open: {line}" for line in self.open)]
        )


def tally(rows: Iterable[Row]) -> Tally:
    """Hold what is read against what rows expect; a row without calls expects that nothing is answered."""
    found = Tally()
    for row in rows:
        questions, expected = parted(row)
        planned = last_plan(questions)
        line = f"{' | '.join(questions)} -> {told(planned)}"
        if right(planned, expected) if expected else not (planned.calls or planned.decline):
            found.right.append(line)
        elif planned.calls or planned.decline:
            found.wrong.append(line)
        elif served(planned, expected):
            found.offered.append(line)
        else:
            found.open.append(line)
    return found


def _alike(values: Sequence[Value], expected: tuple[Expected, ...]) -> bool:
    choices = [choice if isinstance(choice, Either) else (choice,) for choice in expected]
    return any(
        sorted(map(str, values)) == sorted(map(str, values_by(Plan(calls=named(calls)), record())))
        for calls in product(*choices)
    )


def _call(tool: str, **arguments: object) -> Call:
    return Call(tool, {name: value for name, value in arguments.items() if value not in NOTHING})
