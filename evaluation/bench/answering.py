"""Questions -> answers without a model, and milliseconds a question."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.answer import Answer
from agent.assistant import Assistant
from agent.cli.bars import Row, quantile
from agent.cli.questions import Question
from tools.sources.source import RecordSource

Answers = Sequence[Sequence[Answer]]
"""Answers patient by patient."""


@dataclass(slots=True)
class Answered:
    """Answers, and seconds of each question, the first of each patient apart.

    `busy` is what the processor worked for `later`: less than the clock says where others work beside it.
    """

    answers: list[list[Answer]] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def ask(source: RecordSource, groups: Sequence[tuple[Question, ...]]) -> Answered:
    """Ask every question once, without conversation and model.

    Raises:
        RecordError: a patient is unknown or a record cannot be read.
    """
    _imported(source, groups[0][0])
    seen = Answered()
    for group in groups:
        seen.answers.append(_ask(source, group, seen))
    return seen


def rows(seen: Answered) -> list[Row]:
    """Return how long the questions took."""

    def busy(share: float) -> str:
        return f"{1000 * quantile(seen.busy, share):.1f} ms of processor time"

    warm = (
        f"{len(seen.later)} questions, {len(seen.first)} patients; warm: the process, what each record loaded"
    )
    cold = "imports are done; opens the record and loads what this question needs"
    return [
        Row("a question, median", 1000 * quantile(seen.later, 0.5), "ms", 20, f"{warm}; {busy(0.5)}"),
        Row("a question, p95", 1000 * quantile(seen.later, 0.95), "ms", 80, f"the same; {busy(0.95)}"),
        Row("a question, slowest", 1000 * max(seen.later), "ms", None, "the same"),
        Row("first question of a patient, median", 1000 * quantile(seen.first, 0.5), "ms", None, cold),
        Row("first question of a patient, p95", 1000 * quantile(seen.first, 0.95), "ms", None, "the same"),
    ]


def _imported(source: RecordSource, question: Question) -> None:
    """Answer once on an assistant of its own: imports are part of the start, not of a question."""
    Assistant(source, model="none").ask(question.patient, question.question, now=question.now)


def _ask(source: RecordSource, group: Sequence[Question], seen: Answered) -> list[Answer]:
    assistant = Assistant(source, model="none")
    answers = []
    for number, question in enumerate(group):
        begun, worked = time.perf_counter(), time.process_time()
        answers.append(assistant.ask(question.patient, question.question, now=question.now))
        (seen.later if number else seen.first).append(time.perf_counter() - begun)
        if number:
            seen.busy.append(time.process_time() - worked)
    return answers
