"""What is outside the state machine and fixed for a run: patient, clock, and who plans and writes.

It reaches the nodes through `runtime.context`, so no model can name another patient or another day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from agent.choices import Choice
from agent.findings import Draft
from agent.plan import Plan, Planner
from agent.state import Unsupported
from agent.usage import Meter
from tools.calls.evidence import Evidence
from tools.pictures import Picture
from tools.record import PatientRecord
from tools.record.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All that a writer sees.

    Attributes:
        question: as asked.
        plan: what was decided.
        evidence: one per call that succeeded.
        failures: one sentence per call that failed.
        holds: the FHIR resource types that the record has.
        deceased: the patient has died: past tense.
        said: the writer's own last draft as it gave it, "" the first time.
        unsupported: what of that draft the evidence does not support.
        choices: the options of a multiple-choice question.
        scope: what the reader narrowed the record to.
        askable: questions that this record answers, where the one that was asked was not understood.
        pictures: those of the record that the question may be about, not yet looked at.
    """

    question: str
    plan: Plan
    evidence: Sequence[Evidence] = ()
    failures: Sequence[str] = ()
    holds: Sequence[str] = ()
    deceased: bool = False
    said: str = ""
    unsupported: Sequence[Unsupported] = ()
    choices: Sequence[Choice] = ()
    scope: Scope = EVERYTHING
    askable: Sequence[str] = ()
    pictures: Sequence[Picture] = ()


Hear = Callable[[str], None]
"""Hears a text piece by piece."""


def unheard(text: str) -> None:
    """Hear nothing."""


class Writer(Protocol):
    """Words the answer from the evidence, citing each source as "[Observation/…]"."""

    def write(self, brief: Brief, hear: Hear = unheard, think: Hear = unheard) -> Draft:
        """Return the answer: findings and, where they were asked for, what they mean.

        Args:
            brief: all that the writer may know.
            hear: hears the draft while it is written, before its sources are named and it is checked.
            think: hears what the writer thought.

        Raises:
            ModelFailure: the model could not word it.
        """
        ...


@runtime_checkable
class Replanner(Protocol):
    """A planner that can look at what the calls gave and ask for more."""

    def replan(
        self,
        question: str,
        record: PatientRecord,
        before: Mapping[str, object],
        evidence: Sequence[Evidence],
        failures: Sequence[str],
        lacking: str = "",
    ) -> Plan:
        """Return a plan whose calls come on top of `evidence`; a plan without calls ends the search.

        `lacking` is what the writer would need to answer, "" before it was asked.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of one run.

    Attributes:
        record: the patient's record as of the clock's day, within the reader's scope: the only one that tools
            can reach.
        planner: turns the question into calls.
        writer: words the answer; None is the built-in writer, whose wording is the evidence's own.
        can_reply: a clarifying question will reach someone; else the best reading is answered.
        meter: counts what this run costs.
        hear: hears each `Step` as it happens, in the thread of the run, where it is not streamed; what it raises
            ends the run, also in the middle of a draft.
    """

    record: PatientRecord
    planner: Planner
    writer: Writer | None = None
    can_reply: bool = False
    meter: Meter = field(default_factory=Meter)
    hear: Callable[[Any], None] | None = None
