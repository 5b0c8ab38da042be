"""What a planner decides: which tools to call, whom to ask back, or what to decline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence
from tools.calls.program import answering
from tools.record import PatientRecord

Decline = Literal["advice", "opinion", "another patient", "not in a record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A planner's decision for one question.

    Attributes:
        calls: the tool calls; one may build on what another found.
        answer: the ids of those whose results are the answer; () for those on which no other builds.
        sure: 0..1, how sure reading is that these calls answer the question; None where a model planned.
        yes_no: the question wants yes or no.
        ask_back: a question to the user when two readings are equally good, else "".
        options: the readings to choose from, as the user would type them.
        readings: the plans of these, where a plan is not sure of what was asked.
        doubts: why reading is not sure of this plan, each in a few words.
        decline: why no tool can answer, or None.
        frame: what a follow-up question may refer to; JSON-able; kept with the conversation.
        left_out: what of the question is not taken into account, in its words: with calls what only stands beside it,
            without what was not understood.
        more: its results must be seen before the rest can be asked for.
        thought: what a model thought before it, "" if nothing; told as a step, kept nowhere.
        by: who made it; a model may look at the results and ask for more.
    """

    calls: tuple[Call, ...] = ()
    answer: tuple[str, ...] = ()
    sure: float | None = 0.0
    yes_no: bool = False
    ask_back: str = ""
    options: tuple[str, ...] = ()
    readings: tuple["Plan", ...] = ()
    doubts: tuple[str, ...] = ()
    decline: Decline | None = None
    frame: Mapping[str, object] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    more: bool = False
    thought: str = ""
    by: Literal["reader", "model"] = "reader"

    @property
    def meant(self) -> tuple[str, ...]:
        """The ids of the calls whose results are the answer."""
        return self.answer or answering(self.calls)

    def answers(self, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
        """Return the evidence that is the answer, without that on which only other calls build."""
        if not self.calls:
            return tuple(evidence)
        meant = self.meant
        return tuple(each for each in evidence if each.id in meant)


class Planner(Protocol):
    """Turns a question into a plan. Reads the record's names to choose, never its values to answer."""

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        """Return the plan for `question`.

        `before` is what the question stands beside: the frame of the question before it; `turns`, the last questions
        and answers; `options`, the texts of a multiple choice. {} where there is nothing.
        """
        ...
