"""Question files: JSON lines -> questions, all of them checked before the first is answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from tools.calls.errors import BadArgument, UnknownPatient
from tools.sources.source import RecordSource

_EXAMPLE = '{"id": "q1", "patient": "Adelina Maggio", "question": "How old is she?", "now": "2026-01-01"}'
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file; `now` is the clock of this question."""

    id: str
    patient: str
    question: str
    now: date


def load(path: Path, now: date | None) -> list[Question]:
    """Read a question file: a line has id, patient, question and, unless `now` is given, now.

    Raises:
        BadArgument: the file is missing or empty, or a line is wrong; the message names the line.
    """
    try:
        lines = path.read_bytes().removeprefix(_BOM).splitlines()
    except OSError as error:
        wish = f"a file that can be read ({error.strerror})"
        raise BadArgument("--questions", str(path), wish, "questions.jsonl") from None
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        question = _question(f"{path} line {number}", line, now)
        if question.id in questions:
            raise BadArgument(f"{path} line {number} id", question.id, "each id once", "q1")
        questions[question.id] = question
    if not questions:
        raise BadArgument("--questions", str(path), "at least one question a line", _EXAMPLE)
    return list(questions.values())


def by_patient(questions: Iterable[Question]) -> Iterator[tuple[Question, ...]]:
    """Yield the questions of one patient after the other, in the order in which patients first appear."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.patient, []).append(question)
    yield from (tuple(group) for group in groups.values())


def all_known(source: RecordSource, asked: Iterable[tuple[str, str]]) -> None:
    """Check that each (id of a question, its patient) is about somebody.

    Raises:
        UnknownPatient: one is not; the message names the question.
    """
    known: set[str] = set()
    for id, patient in asked:
        if patient in known:
            continue
        try:
            source.find(patient)
        except UnknownPatient as error:
            raise UnknownPatient(f"question {id!r}: {error}") from None
        known.add(patient)


def _question(where: str, line: bytes, now: date | None) -> Question:
    fields = _fields(where, line)
    texts = {name: fields.get(name) for name in ("id", "patient", "question")}
    missing = [name for name, text in texts.items() if not isinstance(text, str) or not text.strip()]
    if missing:
        raise BadArgument(where, line.decode(errors="replace"), f"text in {', '.join(missing)}", _EXAMPLE)
    _not_too_long(where, fields["question"])
    return Question(
        fields["id"], fields["patient"], fields["question"], now or _day(where, fields.get("now"))
    )


def _fields(where: str, line: bytes) -> dict[str, str]:
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        wish = f"one JSON object ({error})"
        raise BadArgument(where, line.decode(errors="replace"), wish, _EXAMPLE) from None
    if not isinstance(fields, dict):
        raise BadArgument(where, line.decode(errors="replace"), "one JSON object", _EXAMPLE)
    return fields


def _not_too_long(where: str, question: str) -> None:
    from agent.asking import LONGEST_QUESTION

    if len(" ".join(question.split())) > LONGEST_QUESTION:
        raise BadArgument(
            f"{where} question", question, f"at most {LONGEST_QUESTION} characters", "How old is she?"
        )


def _day(where: str, now: object) -> date:
    try:
        return date.fromisoformat(now if isinstance(now, str) else "")
    except ValueError:
        wish = 'a day in "now" as YYYY-MM-DD, or --now for all'
        raise BadArgument(f"{where} now", now, wish, "2026-01-01") from None
