"""What a run knows, field by field. Each field names the node that writes it.

Everything here is small, serialisable and may be kept with a conversation; the record itself never is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import TypedDict

from agent.choices import Choice
from agent.findings import Assessment, Finding
from agent.plan import Plan
from tools.calls.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A statement that the evidence does not support: the sentence as drafted, and why it was refused."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a draft came to; each line in a few plain words.

    Attributes:
        unsupported: what nothing supports.
        recomputed: relations that were computed from the cited facts and hold: "fell: 7.1 to 6.4 %".
        quoted: passages that stand word for word in what they cite.
        undecided: statements in other languages, of which only numbers, days, units and names are checked.
        reworded: what of a model's wording code tells from claims and facts, as its words could not be followed.
    """

    unsupported: tuple[Unsupported, ...] = ()
    recomputed: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    reworded: tuple[Unsupported, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation and what it was answered."""

    question: str
    answer: str


class Asked(TypedDict):
    """All that a caller may put into a run; patient and clock come from the context."""

    question: str


class State(TypedDict, total=False):
    """The state of one run; with a conversation, also what is left of the turn before.

    `total=False` because a node returns only what it changes: see `Update`.
    """

    question: str  # the caller
    reply: str  # ask_back: what the user answered to the clarifying question, "" if not asked
    patient: str  # scope: "Patient/…"; a conversation stays with its first patient
    now: str  # scope: ISO day
    narrowed: Mapping[str, Any] | None  # scope: what the reader narrowed the record to, as `Scope.as_json`
    asked: str  # scope: the question without the options of a multiple choice
    choices: tuple[Choice, ...]  # scope: those options
    turns: tuple[Turn, ...]  # scope: the last questions and answers before this one
    decision: Plan  # plan
    frame: Mapping[str, Any]  # plan: what a follow-up may refer to
    rounds: int  # plan: how often it planned for this question
    evidence: tuple[Evidence, ...]  # retrieve: one per call that succeeded, in the order of the calls
    failures: tuple[str, ...]  # retrieve: one sentence per call that failed
    draft: str  # write; check: the text
    asides: tuple[str, ...]  # write: what the assistant says beside a model's findings
    said: str  # write: the draft as the model gave it, "" of the built-in wording
    findings: tuple[
        Finding, ...
    ]  # write; check: the sentences of a model's draft with what they claim of facts
    assessment: tuple[Assessment, ...] | None  # write, check: what the model concludes, less what was refused
    seen: tuple[str, ...]  # write: the resources whose pictures the model was shown
    lacking: str  # write: what would have to be looked up, "" if nothing
    drafts: int  # write: how often it wrote for this question
    built_in: bool  # write: the draft is the built-in wording
    choice: str  # write: the letter of the option that the draft gives, "" if none
    trouble: str  # plan, write: why the built-in planner or writer stood in for the model, "" if none did
    refused: tuple[Unsupported, ...]  # write, check: what of the writer's wording was replaced, and why
    unsupported: tuple[Unsupported, ...]  # check: what the draft says without support
    checked: Checked  # check: what was recomputed, quoted, undecided
    dropped: tuple[Unsupported, ...]  # check: what the assessment says without support; it is left out


Update = State
"""What a node changes. LangGraph drops a misspelt key in silence: a test compares keys with `State`."""
