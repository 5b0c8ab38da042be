"""What a solver gave for one case in one form -> a line of a results file, and back."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from agent.answer import Outcome
from evaluation.dataset import Case, Form, Value
from evaluation.lines import Line, read, write

EXAMPLE = '{"id": "q1", "form": "open", "question": "How old is she?", "patient": "Adelina Maggio", …}'
Key = tuple[str, Form, int]


class Stage(Line):
    """What one stage of a solver cost: plan, retrieve, write, check; select, summarise, answer."""

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


class Result(Line):
    """One answer.

    Attributes:
        id: of the case.
        form: in which it was asked.
        run: from 1; the same question may be asked several times, to see whether the answer is the same.
        solver: "agent", "navigator" or "whole-record".
        model: as the solver reports it, "none" for the built-in planner and writer.
        question: as asked, without choices; with `patient` and `now` it tells results of other questions.
        answer: the text for people.
        assessment: what the model concludes apart from the answer, "" if nothing.
        values: the answer for machines; null if the solver gave only text.
        choice: the letter it chose, "" if none.
        evidence: every resource that the answer is said to rest on.
        citations: those that the text shows.
        outcome: how the question ended; null if the solver does not tell.
        not_understood: what of the question, in its words.
        abstained: nothing is claimed.
        grounded: the check found every statement supported; null if nothing was checked.
        unsupported: what the check took out, with the reason.
        failed: why there is no answer, "" if there is one.
        fallback: why the built-in planner or writer stood in for the model, "" if none did.
        plan: the tool calls, of the agent.
        left_out: tokens of the record that did not fit the context.
        stages: what each stage cost.
    """

    id: str
    form: Form
    run: Annotated[int, Field(ge=1)] = 1
    solver: str
    model: str
    patient: str
    question: str
    now: str
    answer: str = ""
    assessment: str = ""
    values: tuple[Value, ...] | None = None
    unit: str = ""
    choice: str = ""
    evidence: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    outcome: Outcome | None = None
    not_understood: tuple[str, ...] = ()
    abstained: bool = False
    grounded: bool | None = None
    unsupported: tuple[str, ...] = ()
    failed: str = ""
    fallback: str = ""
    plan: tuple[dict[str, Any], ...] = ()
    left_out: int = 0
    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    stages: dict[str, Stage] = Field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What no two lines of a results file share."""
        return self.id, self.form, self.run

    def answers(self, case: Case) -> bool:
        """Whether it is an answer to this very question, about this patient, on this day."""
        asked = self.id, self.patient, " ".join(self.question.split()), self.now
        return asked == (case.id, case.patient, " ".join(case.question.split()), case.now.isoformat())


def load(path: Path) -> list[Result]:
    """Read a results file.

    Raises:
        BadArgument: it is missing or empty, or a line is wrong; the message names the line.
    """
    return read(path, Result, key=lambda result: result.key, option="RESULTS", example=EXAMPLE)


def save(path: Path, results: Iterable[Result]) -> None:
    """Write a results file as a whole.

    Raises:
        OSError: it cannot be written.
    """
    write(path, results)
