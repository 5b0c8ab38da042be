"""The operations of `calculate`: which types of results each takes, how many of them, and the type that comes of it.

A plan is checked by these tables before anything runs. Left out: the reckoning itself (`calculate`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.calls.errors import BadArgument
from tools.calls.results import TIMED, Type

Operation = Literal[
    "difference", "percent", "ratio", "share", "sum", "mean", "count", "duration", "longest gap", "shortest gap",
    "order", "earliest", "latest", "first", "last", "higher", "lower", "same", "both", "either", "neither", "without",
]  # fmt: skip
Unit = Literal["minutes", "hours", "days", "weeks", "months", "years"]
IN_TIME: tuple[Operation, ...] = ("duration", "longest gap", "shortest gap")
"""Operations that give a time that passed, so that they have a unit of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operands:
    """What an operation takes, and what comes of it.

    Attributes:
        types: any of these.
        least: at least so many operands.
        most: at most so many; None if any number.
        alike: the operands are all numbers, all times, all truths, or all things with names.
        gives: the type that comes of it; None: that of the operands, where they may be truths truth, else entries, or
            names if an operand is names.
        example: of what to give it.
    """

    types: tuple[Type, ...]
    least: int = 1
    most: int | None = None
    alike: bool = False
    gives: Type | None = "numbers"
    example: str

    @property
    def count_in_words(self) -> str:
        """How many operands there may be, in words.

        >>> OPERATIONS["duration"].count_in_words, OPERATIONS["order"].count_in_words
        ('one or two operands', 'at least two operands')
        """
        least, most = _WORDS[self.least], _WORDS.get(self.most or 0, "")
        if self.least == self.most:
            return f"{least} operand{'s' * (self.least > 1)}"
        return f"{least} or {most} operands" if most else f"at least {least} operand{'s' * (self.least > 1)}"


_WORDS = {1: "one", 2: "two"}
_NUMERIC: tuple[Type, ...] = ("numbers", "quantities")
_NAMED: tuple[Type, ...] = ("entries", "names")
_ANYTHING: tuple[Type, ...] = ("entries", "quantities", "times", "numbers", "truth", "names")
_PAIR = Operands(types=_NUMERIC, least=2, most=2, example="two calls of measure")
_ALL = Operands(types=_NUMERIC, example="measure with pick all")
_IN_ORDER = Operands(types=TIMED, least=2, example="two calls of find")
_RANKED = Operands(types=_NUMERIC, least=2, gives="truth", example="two calls of measure")
_JOINED = Operands(types=("truth", *_NAMED), least=2, alike=True, gives=None, example="two calls of find")
OPERATIONS: Mapping[Operation, Operands] = {
    **dict.fromkeys(("difference", "percent", "ratio", "share"), _PAIR),
    **dict.fromkeys(("sum", "mean"), _ALL),
    "count": Operands(types=(*TIMED, "names"), example="find with give entry"),
    "duration": Operands(types=TIMED, most=2, example="two calls of find"),
    **dict.fromkeys(
        ("longest gap", "shortest gap"), Operands(types=TIMED, most=1, example="find with give entry")
    ),
    "order": Operands(types=TIMED, least=2, gives="truth", example="two calls of find"),
    **dict.fromkeys(
        ("earliest", "latest"), Operands(types=TIMED, least=2, gives="entries", example="two calls of find")
    ),
    **dict.fromkeys(
        ("first", "last"), Operands(types=TIMED, alike=True, gives=None, example="two calls of find")
    ),
    **dict.fromkeys(("higher", "lower"), _RANKED),
    "same": Operands(types=_ANYTHING, least=2, alike=True, gives="truth", example="two calls of measure"),
    **dict.fromkeys(("both", "either", "without"), _JOINED),
    "neither": Operands(
        types=("truth", *TIMED, "names"), gives="truth", least=2, example="two calls of find"
    ),
}
_FAMILIES: Mapping[Type, str] = {
    **dict.fromkeys(_NUMERIC, "numbers"),
    **dict.fromkeys(_NAMED, "names"),
    "times": "times",
    "truth": "truth",
}


def gives(operation: Operation, types: Sequence[Type]) -> Type:
    """Return the type that comes of an operation on operands of these types.

    >>> gives("both", ("truth", "truth")), gives("either", ("entries", "names")), gives("sum", ("quantities",))
    ('truth', 'names', 'numbers')
    """
    settled = OPERATIONS[operation].gives
    if settled:
        return settled
    if operation in ("first", "last"):
        return types[0]
    return "truth" if "truth" in types else "names" if "names" in types else "entries"


def check_operands(
    operation: Operation, operands: Sequence[tuple[str, Type]], unit: str | None = None
) -> None:
    """Refuse operands, or a unit, that an operation cannot take.

    Args:
        operation: of `calculate`.
        operands: the name and the type of each.
        unit: of time, if one is wanted.

    Raises:
        BadArgument: names the operand, its type, and what was expected.
    """
    if unit and operation not in IN_TIME:
        wish = f"no unit for {operation}, as only {', '.join(IN_TIME)} have one"
        raise BadArgument("calculate: unit", unit, wish, IN_TIME[0])
    takes = OPERATIONS[operation]
    if len(operands) < takes.least or (takes.most is not None and len(operands) > takes.most):
        names = ", ".join(name for name, _ in operands)
        raise BadArgument("calculate: of", names, f"{takes.count_in_words} for {operation}", takes.example)
    for name, kind in operands:
        if kind not in takes.types:
            wish = f"{' or '.join(takes.types)} for {operation}, not {kind}"
            raise BadArgument("calculate: of", name, wish, takes.example)
        if takes.alike and _FAMILIES.get(kind) != _FAMILIES.get(operands[0][1]):
            wish = f"{operands[0][1]} as {operands[0][0]} is, for {operation}, not {kind}"
            raise BadArgument("calculate: of", name, wish, takes.example)
