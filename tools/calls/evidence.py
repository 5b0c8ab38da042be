"""What a tool returns: the computed result, the facts behind it, and what was searched.

Nothing is cut in silence: `total` tells how many facts there were, `facts` may be fewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from tools.calls.results import Result

Scalar = bool | int | Decimal | str
"""A machine's answer: truth, count, number, or text (a name, or an ISO date "2020-12-04")."""

Outcome = Literal["found", "none recorded", "no value", "unreadable"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line a reader can check in the record.

    Attributes:
        text: the fact in words without its reference, e.g. "Hemoglobin A1c 6.4 % on 2020-12-04".
        reference: the resource it comes from, e.g. "Observation/…".
        display: the record's own name.
        date: ISO day (or month, or year) it carries, "" if none.
        more: what else the record says of it, for whoever reasons over it: "for hypertension; by Dr. Osei"; "" if
            nothing. Answers that no model writes leave it out.
    """

    text: str
    reference: str
    display: str = ""
    date: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at: `searched` entries of `kind` between the days of `span`; problems met on the way.

    Those `beside` were looked through only for what names the thing, as they do not list its like.
    """

    kind: str
    searched: int
    span: tuple[str, str] | None = None
    problems: tuple[str, ...] = ()
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The answer of one tool call.

    Attributes:
        id: of the call in its plan.
        tool: name of the tool.
        arguments: the call in words, as it can be run again.
        outcome: "found"; "none recorded" (looked, nothing there); "no value" (there, but without a value);
            "unreadable" (could not be read, or the reader left it out: never the same as none).
        about: what was looked for, in the record's words if it has it, e.g. "Hemoglobin A1c"; else as asked.
        period: the period as understood, e.g. "in 2015 (2015-01-01 to 2015-12-31)"; "" if any time.
        relation: how things lie in the period: "recorded", "active", "started", "ended"; "" of other tools than find.
        values: the answer for machines; () when the record does not say.
        unit: unit of numeric values as recorded.
        facts: the lines behind it, the telling ones first; at most as many as fit a prompt.
        total: how many facts there were before `facts` was cut.
        behind: what the answer rests on, for whoever reasons over it: the measurements of a series, the first, last,
            lowest and highest before the others; the latest value of what a goal aims at. Some are `facts`, too.
        measured: how many measurements the series has, of which `behind` may be some.
        working: what was reckoned with, in words: "visit in 2003: 21 days; visit in 2002: 1 day"; "" if nothing was.
        references: every resource that carries the answer, no more and no fewer.
        coverage: what was searched.
        against: what notes say against the entries, quoted: “Off warfarin” beside an active order; not in `facts`.
        notes: what must be said with the answer, e.g. "2 entered in error were not counted", other readings.
        readings: names in the record that the words could mean just as well, best first; () if clear.
        result: what another call can build on; None once the plan has run.
    """

    outcome: Outcome
    id: str = ""
    tool: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)
    about: str = ""
    period: str = ""
    relation: str = ""
    values: tuple[Scalar, ...] = ()
    unit: str = ""
    facts: tuple[Fact, ...] = ()
    total: int = 0
    behind: tuple[Fact, ...] = ()
    measured: int = 0
    working: str = ""
    references: tuple[str, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    against: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    result: Result | None = field(default=None, compare=False, repr=False)

    @property
    def told(self) -> tuple[Fact, ...]:
        """Return what whoever reasons over it is told: the facts, then what is behind them."""
        return (*self.facts, *self.behind)


@dataclass(frozen=True, slots=True)
class Operand:
    """What `calculate` reckons with: what a call found, or a constant.

    Attributes:
        name: what it is called, e.g. "insulin" or "2015-03".
        evidence: of a constant only its result and values.
    """

    name: str
    evidence: Evidence


def denies(evidence: Evidence) -> bool:
    """Tell whether a call asked if something is not there, so that True says that there is none of it."""
    arguments = evidence.arguments
    return (
        arguments.get("give") == "absent"
        or arguments.get("how") == "none"
        or arguments.get("operation") == "neither"
    )
