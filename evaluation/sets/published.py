"""What the loaders of other people's sets share: the shape of a loader, and what it makes of a row."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from pydantic import ConfigDict

from evaluation.dataset import Case
from evaluation.lines import Line, parsed
from evaluation.sets.rows import OPTION, Row
from tools.calls.errors import BadArgument


class Published(Line):
    """The fields of a row that are read; others are passed over, numbers may stand where text is meant."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


P = TypeVar("P", bound=Published)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no question for us, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A question file.

    Attributes:
        form: which published form it has.
        cases: in the order of the file.
        left_out: how many rows were left out, by reason.
    """

    form: str
    cases: tuple[Case, ...]
    left_out: Counter[str]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """How one published set is loaded.

    Attributes:
        name: the form, and the family of its cases.
        fields: those that tell it from the other sets.
        example: a row that is right.
        case: makes a case of a row, given the clock for rows that name none.
    """

    name: str
    fields: frozenset[str]
    example: str
    case: Callable[[Row, date | None], Case | LeftOut]

    def load(self, path: str, rows: list[Row], now: date | None) -> Loaded:
        """Return the cases of all rows.

        Raises:
            BadArgument: a row is wrong or there twice, a clock is missing, or no row is a question for us.
        """
        cases: dict[str, Case] = {}
        left_out: Counter[str] = Counter()
        for row in rows:
            made = self.case(row, now)
            if isinstance(made, LeftOut):
                left_out[made.reason] += 1
            elif made.id in cases:
                raise BadArgument(f"{row.where} id", made.id, "each id once", self.example)
            else:
                cases[made.id] = made
        if not cases:
            reasons = "; ".join(f"{count} left out: {reason}" for reason, count in left_out.items())
            raise BadArgument(
                OPTION, path, f"at least one question that can be asked ({reasons})", self.example
            )
        return Loaded(self.name, tuple(cases.values()), left_out)


def read_as(kind: type[P], row: Row, example: str, identity: str) -> P:
    """Return the fields of a row that a set reads.

    Args:
        kind: the fields.
        row: as published.
        example: a row that is right.
        identity: the id of the question, which the row may have under another name, or not at all.

    Raises:
        BadArgument: a field is missing or of the wrong type.
    """
    return parsed(kind, {**row.fields, "id": identity}, row.where, example)


def as_case(row: Row, example: str, **fields: Any) -> Case:
    """Return the case of a row.

    Raises:
        BadArgument: the fields make no case.
    """
    return parsed(Case, fields, row.where, example)


def needed_clock(row: Row, identity: str, now: date | None, example: str) -> date:
    """Return the clock that was given for a row that names none.

    Raises:
        BadArgument: none was given.
    """
    if now is None:
        raise BadArgument("--now", None, f"the clock, for {row.named(identity)} names none", example)
    return now
