"""`fhir-assistant answer`: a file of questions -> a file of answers, several patients at once, resumable."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.text import Text

from agent.assistant import Assistant
from agent.cli.options import Model, Now, Records, clock, errors, location, source
from agent.cli.progress import Answering
from agent.cli.questions import Question, answered, by_patient, load

_WORTH_WORKERS = 100
"""Fewer questions are answered sooner than a second process starts."""


def answer(
    questions: Annotated[
        Path,
        typer.Option(
            "--questions", "-q", help="JSON lines with id, patient, question and now.", show_default=False
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="Where the answers go, one JSON line each; an unfinished file is gone on with.",
            show_default=False,
        ),
    ],
    records: Records = "",
    now: Now = "",
    model: Model = "auto",
    workers: Annotated[
        int, typer.Option("--workers", "-w", min=1, help="Processes.", show_default="one a core")
    ] = 0,
) -> None:
    """Answer a file of questions."""
    asked = load(questions, clock(now) if now else None)
    done = answered(out)
    left = [question for question in asked if question.id not in done]
    here = source(records)
    groups = list(by_patient(left))
    for group in groups:
        here.find(group[0].patient)
    with out.open("ab") as file, Answering(errors()) as shown:
        for number, line in enumerate(_answers(location(records), model, groups, workers), 1):
            file.write(line)
            file.flush()
            shown.at(number, len(left))
    errors().print(Text(f"{len(left)} answered, {len(asked) - len(left)} were answered before: {out}"))


def _answers(records: str, model: str, groups: list[tuple[Question, ...]], workers: int) -> Iterator[bytes]:
    """Yield one line an answer, patient by patient in order, whatever process answered it."""
    total = sum(len(group) for group in groups)
    count = min(workers or os.cpu_count() or 1, len(groups)) if total >= _WORTH_WORKERS or workers else 1
    if count <= 1:
        for group in groups:
            yield from _answer_all(records, model, group)
        return
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        for lines in pool.map(_answer_all, [records] * len(groups), [model] * len(groups), groups):
            yield from lines


def _answer_all(records: str, model: str, group: tuple[Question, ...]) -> list[bytes]:
    assistant = _assistant(records, model)
    return [_line(assistant, question) for question in group]


def _line(assistant: Assistant, question: Question) -> bytes:
    told = assistant.ask(question.patient, question.question, now=question.now)
    return orjson.dumps({"id": question.id, **told.model_dump(mode="json")}, option=orjson.OPT_APPEND_NEWLINE)


@cache
def _assistant(records: str, model: str) -> Assistant:
    from tools.records import open_location

    return Assistant(open_location(records), model=model)
