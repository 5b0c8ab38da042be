"""Questions -> judged answers, with kept replies alone or with a model whose replies are kept."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from agent.assistant import Assistant
from agent.cli.questions import all_known
from agent.cli.running import Running
from agent.models.model import Model
from agent.nodes import Step
from agent.planner.model import ModelPlanner
from agent.reading import Reader
from agent.writer.model import ModelWriter
from evaluation.played.chat import Play, keeping, kept_model
from evaluation.played.questions import PlayedQuestion, Reply, save
from evaluation.played.verdicts import Judged, judged
from evaluation.running.keeping import Progress, unwatched
from tools.sources import RecordSource

_READER = Reader()


def replayed(
    questions: Sequence[PlayedQuestion],
    source: RecordSource,
    running: Running,
    progress: Progress = unwatched,
) -> list[Judged]:
    """Answer questions with their kept replies; nobody is asked.

    Args:
        questions: with their replies.
        source: the records.
        running: who plans, and how a model is run; its model is not opened.
        progress: hears how many questions are answered.

    Raises:
        UnknownPatient: a question is about nobody; the message names it.
        RecordError: a record cannot be read.
    """
    _check_patients(questions, source)
    answers = []
    for question in questions:
        play = Play(list(question.replies))
        model = kept_model(question, play, running.options)
        answers.append(_answered(question, source, running, play, model, model))
        progress(len(answers), len(questions))
    return answers


def asked(
    questions: Sequence[PlayedQuestion],
    source: RecordSource,
    running: Running,
    models: tuple[Model, Model],
    out: Path,
    *,
    workers: int = 1,
    progress: Progress = unwatched,
) -> list[Judged]:
    """Answer questions with a model, and keep what it replies; prompts to which a reply was kept are not asked again.

    Args:
        questions: with the replies so far.
        source: the records.
        running: who plans, and how a model is run.
        models: the one that plans and the one that writes, which may be the same.
        out: all questions stand in this file, from the beginning on, with each reply as it comes.
        workers: questions at once.
        progress: hears how many questions are answered.

    Raises:
        UnknownPatient: a question is about nobody; the message names it.
        RecordError: a record cannot be read.
        OSError: the file cannot be written.
    """
    _check_patients(questions, source)
    file = _File(out, questions, models[1].name)
    done: list[Judged] = []

    def answer(question: PlayedQuestion) -> Judged:
        play = Play(list(question.replies), keep=partial(file.keep, question.id))
        planning, writing = (keeping(model, play) for model in models)
        told = _answered(question, source, running, play, planning, writing)
        if not play.unanswered:
            file.keep(question.id, play.replies)
        done.append(told)
        progress(len(done), len(questions))
        return told

    pool = ThreadPoolExecutor(workers)
    with ExitStack() as leaving:
        leaving.callback(pool.shutdown, cancel_futures=True)
        return list(pool.map(answer, questions))


class _File:
    """The questions of a play in their file; written anew with each reply."""

    def __init__(self, path: Path, questions: Sequence[PlayedQuestion], model: str) -> None:
        self._path, self._model = path, model
        self._questions = {question.id: question for question in questions}
        self._lock = threading.Lock()
        save(path, questions)

    def keep(self, id: str, replies: Sequence[Reply]) -> None:
        with self._lock:
            before = self._questions[id]
            new = any(reply not in before.replies for reply in replies)
            changed = {"replies": tuple(replies), "model": self._model if new else before.model}
            self._questions[id] = before.model_copy(update=changed)
            save(self._path, self._questions.values())


def _answered(
    question: PlayedQuestion,
    source: RecordSource,
    running: Running,
    play: Play,
    planning: Model,
    writing: Model,
) -> Judged:
    checks: list[dict[str, Any]] = []

    def hear(step: Step) -> None:
        if step.name == "check":
            checks.append(step.data)

    builtin, always = running.planner == "builtin", running.planner == "model"
    planner = _READER if builtin else ModelPlanner(lambda: planning, _READER, always=always)
    writer = ModelWriter(lambda: writing, assess=running.options.assessment)
    # an assistant of its own: its model knows one question
    assistant = Assistant(source, model="none", planner=planner, writer=writer)
    answer = assistant.ask(question.patient, question.question, now=question.now, hear=hear)
    return judged(question, answer, play, checks)


def _check_patients(questions: Sequence[PlayedQuestion], source: RecordSource) -> None:
    all_known(source, ((question.id, question.patient) for question in questions))
