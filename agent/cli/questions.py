"""Question files and result files: JSON lines in, JSON lines out, and which questions are left after a kill."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from agent.assistant import LONGEST_QUESTION
from tools.errors import BadArgument

_EXAMPLE = '{"id": "q1", "patient": "…", "question": "How old is the patient?", "now": "2021-07-01"}'


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file; `now` is the clock of this question."""

    id: str
    patient: str
    question: str
    now: date


def load(path: Path, now: date | None) -> list[Question]:
    """Read a question file: one JSON object a line with id, patient, question and, unless `now` is given, now.

    Raises:
        BadArgument: the file is missing or empty, or a line is not such an object; the message names the line.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadArgument(
            "--questions", str(path), f"a file that can be read ({error.strerror})", "questions.jsonl"
        ) from None
    questions = [_question(path, number, line, now) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise BadArgument("--questions", str(path), "at least one question a line", _EXAMPLE)
    _unique(path, questions)
    return questions


def _question(path: Path, number: int, line: bytes, now: date | None) -> Question:
    where = f"{path} line {number}"
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadArgument(
            where, line.decode(errors="replace"), f"one JSON object ({error})", _EXAMPLE
        ) from None
    missing = [
        name
        for name in ("id", "patient", "question")
        if not isinstance(fields, dict) or not isinstance(fields.get(name), str)
    ]
    if missing:
        raise BadArgument(where, line.decode(errors="replace"), f"text in {', '.join(missing)}", _EXAMPLE)
    if not fields["question"].strip() or len(fields["question"]) > LONGEST_QUESTION:
        raise BadArgument(
            f"{where} question", fields["question"], f"1 to {LONGEST_QUESTION} characters", "How old is she?"
        )
    if now is None and not _is_day(fields.get("now")):
        raise BadArgument(where, fields.get("now"), 'a day in "now", or --now for all', "2021-07-01")
    return Question(
        fields["id"], fields["patient"], fields["question"], now or date.fromisoformat(fields["now"])
    )


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _unique(path: Path, questions: Iterable[Question]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise BadArgument(f"{path} id", question.id, "each id once", _EXAMPLE)
        seen.add(question.id)


def answered(out: Path) -> set[str]:
    """Return the ids a result file holds, after cutting off a last line that a kill left half-written.

    Raises:
        BadArgument: the file is something else than results.
    """
    if not out.exists():
        return set()
    content = out.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        with out.open("r+b") as file:
            file.truncate(len(whole))
    return {_id(out, number, line) for number, line in enumerate(whole.splitlines(), 1)}


def _id(out: Path, number: int, line: bytes) -> str:
    try:
        return str(orjson.loads(line)["id"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise BadArgument(
            "--out",
            f"{out} line {number}",
            "a results file, or a file that does not exist yet",
            "results.jsonl",
        ) from None


def by_patient(questions: Iterable[Question]) -> Iterator[tuple[Question, ...]]:
    """Yield the questions of one patient after the other, in the order in which patients first appear."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.patient, []).append(question)
    yield from (tuple(group) for group in groups.values())
