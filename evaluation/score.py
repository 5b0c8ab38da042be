"""The verdict on one result -> a line of a scores file, and back."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from evaluation.dataset import Form, Value
from evaluation.lines import Line, read, write

Verdict = Literal["right", "wrong", "abstained", "failed", "undecided"]
EXAMPLE = '{"id": "q1", "form": "open", "run": 1, "verdict": "right", "answer": [58], "reason": "58 is 58"}'


class Score(Line):
    """One verdict.

    Attributes:
        id, form, run: of the result.
        verdict: right; wrong: something false is claimed; abstained: nothing is claimed though the record says, or as
            the question was not understood, was asked back or met what could not be read; failed: there is no
            answer; undecided: no rule can judge it and no judge was given.
        answer: the values that were taken from the result.
        reason: one sentence, e.g. "6.4 is within 0.05 of 6.4".
        scorer: which rule decided, e.g. "number", or "judge: NAME".
        precision, recall: of a list of several gold values; null where there is none.
        retrieval_precision, retrieval_recall: `evidence` against the gold resources; null where there are none.
        citation_precision, citation_recall: `citations` against the gold resources, likewise.
    """

    id: str
    form: Form
    run: int = 1
    verdict: Verdict
    answer: tuple[Value, ...] = ()
    reason: str = ""
    scorer: str = ""
    precision: float | None = None
    recall: float | None = None
    retrieval_precision: float | None = None
    retrieval_recall: float | None = None
    citation_precision: float | None = None
    citation_recall: float | None = None

    @property
    def key(self) -> tuple[str, Form, int]:
        """The key of the result."""
        return self.id, self.form, self.run


def load(path: Path) -> list[Score]:
    """Read a scores file.

    Raises:
        BadArgument: it is missing or empty, or a line is wrong; the message names the line.
    """
    return read(path, Score, key=lambda score: score.key, option="SCORES", example=EXAMPLE)


def save(path: Path, scores: Iterable[Score]) -> None:
    """Write a scores file as a whole.

    Raises:
        OSError: it cannot be written.
    """
    write(path, scores)
