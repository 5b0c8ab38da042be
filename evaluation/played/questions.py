"""Questions with the replies of whoever played the model <-> JSON lines.

Without replies a file is a question set: to be played, and kept with its replies.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from evaluation.dataset import Value
from evaluation.lines import Line, read, write
from tools.calls.errors import BadArgument

EXAMPLE = (
    '{"id": "q1", "patient": "Adelina Maggio", "question": "How old is she?", "now": "2026-01-01", '
    '"kind": "plain", "gold": "58 years", "must": [58]}'
)
SHIPPED = Path(__file__).with_name("questions.jsonl")
"""76 questions about the patients that ship with the project, without replies; their gold is from the JSON."""
KEPT = Path(__file__).with_name("played.jsonl")
"""The same with the replies of people who saw the prompts alone, in the place of a model."""
_Text = Annotated[str, Field(min_length=1)]


class Reply(Line):
    """What was replied to one prompt.

    Attributes:
        form: in which a reply was asked for: "plan", "findings".
        system: digest of the instructions.
        user: digest of what stood after them: the question with what belongs to it, in later tries the talk so far.
        text: the reply, as the model wrote it.
        cut: it ran into the limit of tokens.
    """

    form: _Text
    system: _Text
    user: _Text
    text: str
    cut: bool = False


class PlayedQuestion(Line):
    """One question, what a right answer says, and the replies so far.

    Attributes:
        id: of the question, each once in a file.
        patient: id, reference or name.
        question: as asked, with its options "A) … B) …" if it has any.
        now: the clock; the start of that day.
        kind: as the table counts it, e.g. "several steps", "multiple choice", "plain", "gap".
        gold: the right answer in words.
        must: all that a right answer has: a text is a pattern that is found in answer or assessment, whatever the case;
            a number stands there or among the values; true and false are among the values.
        option: the letter of the right option, "" if there are none.
        wrong: what a wrong answer would say, in words.
        resources: the gold resources, "Type/id".
        model: who replied, by name; "" if nobody did.
        replies: in their order.
    """

    id: _Text
    patient: _Text
    question: _Text
    now: date
    kind: _Text
    gold: _Text
    must: tuple[Value, ...] = ()
    option: str = Field("", pattern="^[A-H]?$")
    wrong: str = ""
    resources: tuple[str, ...] = ()
    model: str = ""
    replies: tuple[Reply, ...] = ()

    @field_validator("must")
    @classmethod
    def _texts_are_patterns(cls, must: tuple[Value, ...]) -> tuple[Value, ...]:
        for each in must:
            try:
                re.compile(each if isinstance(each, str) else "")
            except re.error as error:
                raise ValueError(f"{each!r} is no pattern ({error})") from None
        return must

    @model_validator(mode="after")
    def _something_is_right(self) -> "PlayedQuestion":
        if not self.must and not self.option:
            raise ValueError("expected something in must, or the letter of an option")
        return self


def load(paths: Sequence[Path]) -> list[PlayedQuestion]:
    """Read the questions of some files, with their replies.

    Raises:
        BadArgument: a file is missing or empty, a line is wrong, or an id is there twice; the message names the line.
    """
    found: dict[str, PlayedQuestion] = {}
    for path in paths:
        for each in read(path, PlayedQuestion, key=lambda one: one.id, option="FILE", example=EXAMPLE):
            if each.id in found:
                raise BadArgument(f"{path} id", each.id, "an id that no other file has", f"{path.stem}-1")
            found[each.id] = each
    return list(found.values())


def save(path: Path, questions: Iterable[PlayedQuestion]) -> None:
    """Write a file as a whole: after a kill it is there completely or as it was before.

    Raises:
        OSError: it cannot be written.
    """
    write(path, questions)
