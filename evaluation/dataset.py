"""Question files -> cases: a question about one patient with its gold answer, open and as multiple choice.

The fields are those of the development sets; `answer` is the gold answer for machines: true or false, numbers, names
as recorded, ISO dates, several for a list, empty when the record does not say.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from evaluation.lines import Line, read, write

Value = StrictBool | StrictInt | StrictFloat | StrictStr
Form = Literal["open", "choice"]
LETTERS = "ABCDEFGH"
EXAMPLE = (
    '{"id": "q1", "patient": "Adelina Maggio", "question": "How old is she?", "now": "2026-01-01", '
    '"category": "demographics", "template": "age", "answer": [58]}'
)
_Text = Annotated[str, Field(min_length=1)]


class Case(Line):
    """One question with its gold answer.

    Attributes:
        id: of the question, each once in a file.
        patient: id, reference or name.
        question: in the user's words, without choices.
        now: the clock; the start of that day.
        category: what it is about, one of ten in our own sets.
        template: the kind of question, e.g. "condition-onset".
        view: whose words: the clinician's or the patient's own.
        family: where the question comes from: "own", or the name of a published set.
        answer: the gold values; empty when the record does not say.
        match: "all" values, or "any" one of them is right.
        unit: of numeric values, as recorded; "" if none.
        tolerance: how far a number may be off; null is half a percent or 0.05, whichever is more.
        resources: the gold resources, "Type/id"; empty where the set gives none.
        steps: look-ups that the answer takes.
        record_size: resources in the patient's record, 0 if not known.
        gold_text: the gold answer in words, of sets that give it so; "" else.
        answer_choices: the choices of the multiple-choice form, first is A; empty if it has none.
        correct_answer: the letter of the right choice; "" if there are none.
    """

    id: _Text
    patient: _Text
    question: _Text
    now: date
    category: _Text
    template: _Text
    view: Literal["clinician", "patient"] = "clinician"
    family: str = "own"
    answer: tuple[Value, ...]
    match: Literal["all", "any"] = "all"
    unit: str = ""
    tolerance: Annotated[float, Field(ge=0)] | None = None
    resources: tuple[str, ...] = ()
    steps: Annotated[int, Field(ge=1)] = 1
    record_size: Annotated[int, Field(ge=0)] = 0
    gold_text: str = ""
    answer_choices: tuple[str, ...] = ()
    correct_answer: str = ""

    @model_validator(mode="after")
    def _choices_and_letter_agree(self) -> "Case":
        letters = LETTERS[: len(self.answer_choices)]
        if len(self.answer_choices) == 1 or len(self.answer_choices) > len(LETTERS):
            raise ValueError(f"expected 2 to {len(LETTERS)} choices, or none")
        if bool(letters) != bool(self.correct_answer) or self.correct_answer not in letters:
            raise ValueError(f"correct_answer {self.correct_answer!r} is none of the {len(letters)} choices")
        return self

    def forms(self, wanted: Iterable[Form]) -> tuple[Form, ...]:
        """Return the wanted forms in which this case can be asked."""
        return tuple(form for form in wanted if form == "open" or self.answer_choices)


def load(path: Path) -> list[Case]:
    """Read a question file.

    Raises:
        BadArgument: it is missing or empty, or a line is wrong; the message names line, id and field.
    """
    return read(path, Case, key=lambda case: case.id, option="--questions", example=EXAMPLE)


def save(path: Path, cases: Iterable[Case]) -> None:
    """Write a question file; equal cases give equal bytes.

    Raises:
        OSError: it cannot be written.
    """
    write(path, cases)
