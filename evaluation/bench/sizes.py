"""Tools and evidence -> how many tokens of a prompt they take."""

from datetime import date
from sys import maxsize

import orjson

from agent.answer import Answer, plan_of
from agent.assistant import Assistant
from agent.cli.bars import Row, quantile
from agent.prompts.facts import show
from evaluation.bench.answering import Answers
from evaluation.bench.tokens import Tokens
from tools.calls import catalogue
from tools.calls.errors import ToolFailure
from tools.calls.evidence import Evidence
from tools.calls.program import run
from tools.record import PatientRecord
from tools.sources.source import RecordSource


def evidence_rows(source: RecordSource, answers: Answers, tokens: Tokens) -> list[Row]:
    """Return how long the lines are that prompts show of the evidence.

    Raises:
        RecordError: as `prompted`.
    """
    sizes: list[int] = []
    for group in answers:
        assistant = Assistant(source, model="none")
        for answer in group:
            record = assistant.record(answer.patient, date.fromisoformat(answer.now))
            sizes.append(tokens.count(_lines(answer, record, tokens)))
    told = f"result, numbered facts, notes; {tokens.how}"
    return [
        Row("evidence of a question, median", quantile(sizes, 0.5), "tokens", None, told),
        Row("evidence of a question, p95", quantile(sizes, 0.95), "tokens", 600, "the same"),
    ]


def tool_rows(tokens: Tokens) -> list[Row]:
    """Return how long the ten tools are: their schemas, or their signatures, which every planning prompt has."""
    schemas = orjson.dumps(catalogue.schemas()).decode()
    signed = catalogue.signatures()
    told = f"JSON without blanks; {tokens.how}"
    return [
        Row("schemas of the ten tools", tokens.count(schemas), "tokens", 1500, told),
        Row("signatures of the ten tools", tokens.count(signed), "tokens", 900, "the same as text"),
    ]


def _lines(answer: Answer, record: PatientRecord, tokens: Tokens) -> str:
    found: list[Evidence] = []
    failures: list[str] = []
    for call in plan_of(answer).calls:
        try:
            found.append(run(call, record))
        except ToolFailure as failure:
            failures.append(str(failure))
    return "\n".join([show(found, maxsize, tokens.count).text, *failures])
