"""Questions that were answered without a model -> what a model reads for each when it plans and writes.

The real state machine, planner, writer and check run, with a chat model behind them that counts its prompts. It
says what the rules planned and the built-in writer wrote, so each question costs what it costs where the model is
right at once; dearer ways are rows of their own. Left out: what a real model says, the tokens of answers.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from agent.answer import Answer
from agent.assistant import Assistant
from agent.cli.bars import Row, quantile
from agent.planner.model import ModelPlanner
from agent.reading import Reader
from agent.writer.model import ModelWriter
from evaluation.bench.answering import Answers
from evaluation.bench.counting import counting
from evaluation.bench.tokens import Tokens
from tools.sources.source import RecordSource

_SAMPLED = 4
"""Every fourth question is asked the dearer ways."""


def prompted(
    source: RecordSource, answers: Answers, tokens: Tokens, *, always: bool = False, stumbles: bool = False
) -> list[Answer]:
    """Ask every question again with a model; the `usage` of the answers tells calls and tokens.

    Args:
        source: whose patients the answers are about.
        answers: what the model says, patient by patient.
        tokens: the count.
        always: the model plans every question, not only those that the rules are not sure of.
        stumbles: the first draft of each answer is refused.

    Raises:
        RecordError: a patient is unknown or a record cannot be read.
    """
    model, chat = counting(tokens, stumbles)
    planner, writer = ModelPlanner(lambda: model, Reader(), always=always), ModelWriter(lambda: model)
    again: list[Answer] = []
    for group in answers:
        assistant = Assistant(source, model="none", planner=planner, writer=writer)
        for answer in group:
            chat.will_say(answer)
            again.append(assistant.ask(answer.patient, answer.question, now=date.fromisoformat(answer.now)))
    return again


def measure(source: RecordSource, answers: Answers, tokens: Tokens, where: str = "") -> list[Row]:
    """Return what a question makes a model read, all its calls together.

    Raises:
        RecordError: as `prompted`.
    """
    again = prompted(source, answers, tokens)
    prompts, calls = _prompts(again), [answer.usage.model_calls for answer in again]
    told = f"{_told(again)}; the model writes, and plans what the rules are not sure of; {tokens.how}"
    return [
        Row(f"prompts of a question, median{where}", quantile(prompts, 0.5), "tokens", 900, told),
        Row(f"prompts of a question, p95{where}", quantile(prompts, 0.95), "tokens", 2000, "the same"),
        Row(f"model calls of a question, median{where}", quantile(calls, 0.5), "", 2, "the same"),
    ]


def measure_dearer(source: RecordSource, answers: Answers, tokens: Tokens) -> list[Row]:
    """Return the same where the model has more to do, of every fourth question.

    Raises:
        RecordError: as `prompted`.
    """
    some = [group[::_SAMPLED] for group in answers]
    return [
        *_pair(prompted(source, some, tokens, always=True), "the model planning all", tokens),
        *_pair(prompted(source, some, tokens, stumbles=True), "first draft refused", tokens),
    ]


def _pair(again: Sequence[Answer], what: str, tokens: Tokens) -> list[Row]:
    prompts, told = _prompts(again), f"{_told(again)}; {tokens.how}"
    return [
        Row(f"prompts of a question, {what}, median", quantile(prompts, 0.5), "tokens", None, told),
        Row(f"prompts of a question, {what}, p95", quantile(prompts, 0.95), "tokens", None, "the same"),
    ]


def _prompts(again: Sequence[Answer]) -> list[int]:
    return [answer.usage.prompt_tokens for answer in again]


def _told(again: Sequence[Answer]) -> str:
    """Say how many questions took how many calls, and whether the model was left out of some."""
    calls = Counter(answer.usage.model_calls for answer in again)
    fell = sum(bool(answer.fallback) for answer in again)
    told = [
        f"{len(again)} questions",
        ", ".join(f"{calls[n]} with {n} call{'s' * (n != 1)}" for n in sorted(calls)),
    ]
    return "; ".join([*told, *([f"{fell} fell back on the rules"] if fell else [])])
