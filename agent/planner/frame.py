"""What a question asks for, as slots. It is kept with the conversation, so that "and before that?" works."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Literal

Asks = Literal[
    "value", "name", "yes or no", "count", "distinct", "date", "age", "duration", "reason", "who", "where",
    "dose", "detail", "status", "visit", "unit", "days", "years",
]  # fmt: skip
Topic = Literal[
    "find", "measure", "compare", "profile", "overview", "timeline", "notes", "costs", "read", "nothing"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The slots of one question; "" and None are open.

    Attributes:
        topic: which tool serves it.
        asks: the form of the answer.
        kind: a word of `tools.record.kinds.KINDS`.
        concept: what it is about, in the question's words.
        second: the other event of a comparison, or the event that bounds a period.
        order: "before", "after", "earlier", "days", "around" or "during" for comparisons.
        pick: "first", "last", "nth", "all", "max", "min", a statistic ("mean", "change", "trend") or "".
        status: "active" or "past" or "".
        category: of encounters or observations.
        reason: what it was for.
        period: a time in words.
        above, below: numbers as text.
        flagged: "out of range", "high", "low", "in range", "positive", "negative" or "".
        ended: the end of it is asked for.
        about: the part of a profile or overview.
        by: how costs are grouped.
        nth: which of several, from "1" or from the end, "-2".
        part: of the details which.
        verdict: what decides a yes-or-no question, where it is not that something exists or fits: "absent", "still",
            "still absent", "over", "all", "none", "found", "up", "down", "rising" or "falling".
    """

    topic: Topic = "nothing"
    asks: Asks = "value"
    kind: str = ""
    concept: str = ""
    second: str = ""
    order: str = ""
    pick: str = ""
    status: str = ""
    category: str = ""
    reason: str = ""
    period: str = ""
    above: str = ""
    below: str = ""
    flagged: str = ""
    ended: bool = False
    about: str = ""
    by: str = ""
    nth: str = ""
    part: str = ""
    verdict: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the filled slots."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, slots: Mapping[str, object]) -> "Frame":
        """Return the frame of these slots; unknown ones are ignored, as an older conversation may hold them."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in slots.items() if name in known})  # type: ignore[arg-type]
