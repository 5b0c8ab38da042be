"""What a question asks for, as slots. It is kept with the conversation, so that "and before that?" works.

The words are those of the tools; what the tools have no word for is said with its slot.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Literal

from agent.kept import slots_of_today
from tools.finding.gives import Give as OfEntries
from tools.measuring.picks import Give as OfTests

Part = Literal["reason", "who", "where", "dose", "detail", "status", "visit"]
Give = OfEntries | OfTests | Part | Literal["", "days", "years"]
Topic = Literal[
    "find", "measure", "compare", "profile", "overview", "timeline", "notes", "costs", "read", "nothing"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The slots of one question; "" and None are open.

    Attributes:
        topic: which tool serves it; "compare" is `calculate` of two finds or measures.
        give: of `find` or `measure`; "exists" is yes or no of any topic. An attribute is said by its part, "dose". Not
            of the tools: "days", on how many days something was measured; "years", a duration in full years.
        kind: a word of `tools.record.kinds.KINDS`.
        concept: what it is about, in the question's words.
        second: the other event of a comparison, or the event that bounds a period.
        order: "before", "after", "earlier", "days", "around" or "during" for comparisons.
        pick: of `find` or `measure`.
        statistic: of `measure`.
        both_ends: the first and the last are asked for, which are two calls.
        status: "active", "past", or of an observation a `test`.
        category: of encounters or observations.
        reason: what it was for.
        period: a time in words.
        above, below: numbers as text, with a unit if one is said: "180 mg/dL".
        test: of `measure`, without limits.
        ended: the end of it is asked for.
        about: the part of a profile or overview.
        by: how costs are grouped.
        nth: which of several, from "1" or from the end, "-2".
        part: of an attribute, where it is none of `Part`; of a duration the unit, where that is none of days.
        verdict: arguments of the tool that decide a yes or no, where it is not that something exists or meets a test:
            {"how": "all"}.
    """

    topic: Topic = "nothing"
    give: Give = ""
    kind: str = ""
    concept: str = ""
    second: str = ""
    order: str = ""
    pick: str = ""
    statistic: str = ""
    both_ends: bool = False
    status: str = ""
    category: str = ""
    reason: str = ""
    period: str = ""
    above: str = ""
    below: str = ""
    test: str = ""
    ended: bool = False
    about: str = ""
    by: str = ""
    nth: str = ""
    part: str = ""
    verdict: Mapping[str, object] = field(default_factory=dict)

    @property
    def chooses(self) -> bool:
        """Whether some of what is found is meant, or something is computed of it."""
        return bool(self.pick or self.statistic or self.both_ends)

    def picking(self, pick: str) -> "Frame":
        """Return the frame with this pick, "" for none, and nothing computed."""
        return replace(self, pick=pick, statistic="", both_ends=False)

    def to_json(self) -> dict[str, object]:
        """Return the filled slots."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, slots: Mapping[str, object]) -> "Frame":
        """Return the frame of these slots; unknown ones are ignored, as an older conversation may hold them."""
        known = {field.name for field in fields(cls)}
        today = slots_of_today(slots)
        return cls(**{name: value for name, value in today.items() if name in known})
