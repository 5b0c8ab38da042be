"""Questions -> milliseconds a question, and the tokens of the evidence that a prompt would carry."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.answer import Answer, calls_of
from agent.assistant import Assistant
from agent.cli.questions import Question
from evaluation.bench.prompt import shown, tokens
from evaluation.bench.row import Row, quantile
from tools import catalogue
from tools.errors import ToolFailure
from tools.record import PatientRecord
from tools.records import StoredRecords


@dataclass(slots=True)
class Answered:
    """Seconds of each question, the first of each patient apart; tokens of each question's evidence.

    `busy` is what the processor worked for `later`: less than the clock says where others work beside it.
    """

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    tokens: list[float] = field(default_factory=list)


def measure(source: StoredRecords, groups: Sequence[tuple[Question, ...]]) -> list[Row]:
    """Ask every question once, without conversation and model.

    Raises:
        RecordError: a patient is unknown or a record cannot be read.
    """
    _imported(source, groups[0][0])
    seen = Answered()
    for group in groups:
        _ask(source, group, seen)

    def busy(share: float) -> str:
        return f"{1000 * quantile(seen.busy, share):.1f} ms of processor time"

    warm = f"{len(seen.later)} questions, {len(groups)} patients; warm: the process, what each record loaded"
    cold = "imports are done; opens the record and loads what this question needs"
    sized = "facts with references, result, notes; characters / 3.5"
    return [
        Row("a question, median", 1000 * quantile(seen.later, 0.5), "ms", 20, f"{warm}; {busy(0.5)}"),
        Row("a question, p95", 1000 * quantile(seen.later, 0.95), "ms", 80, f"the same; {busy(0.95)}"),
        Row("a question, slowest", 1000 * max(seen.later), "ms", None, "the same"),
        Row("first question of a patient, median", 1000 * quantile(seen.first, 0.5), "ms", None, cold),
        Row("first question of a patient, p95", 1000 * quantile(seen.first, 0.95), "ms", None, "the same"),
        Row("evidence of a question, median", quantile(seen.tokens, 0.5), "tokens", None, sized),
        Row("evidence of a question, p95", quantile(seen.tokens, 0.95), "tokens", 600, "the same"),
    ]


def _imported(source: StoredRecords, question: Question) -> None:
    """Answer once on an assistant of its own: imports are part of the start, not of a question."""
    Assistant(source, model="none").ask(question.patient, question.question, now=question.now)


def _ask(source: StoredRecords, group: Sequence[Question], seen: Answered) -> None:
    assistant = Assistant(source, model="none")
    for number, question in enumerate(group):
        begun, worked = time.perf_counter(), time.process_time()
        answer = assistant.ask(question.patient, question.question, now=question.now)
        (seen.later if number else seen.first).append(time.perf_counter() - begun)
        if number:
            seen.busy.append(time.process_time() - worked)
        seen.tokens.append(_evidence(answer, assistant.record(question.patient, question.now)))


def _evidence(answer: Answer, record: PatientRecord) -> int:
    texts = []
    for call in calls_of(answer):
        try:
            texts.append(shown(catalogue.run(call, record)))
        except ToolFailure as failure:
            texts.append(str(failure))
    return tokens("\n".join(texts))
