"""EHRQA: multiple-choice questions about one synthetic patient -> cases in both forms.

The set is described in MedGemma's model card and technical report (arXiv 2507.05201): 19 Synthea patients, 200
questions each, ten categories. Of the file only four fields are known: `patient_id`, `question`, `answer_choices` and
`correct_answer`. So it may be a JSON list, JSON lines or CSV; the choices a list, an object from letter to text, or
one text ("A) … B) …", or such a list as JSON or Python writes it); the correct answer a letter or the text itself.
`id`, `now`, `category`, `template` and `question_type` are read where a row has them. Without `id` a question is
named after its row. There is no clock in the set: it must be given.
"""

import ast
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from pydantic import Field

from agent.choices import split
from evaluation.dataset import LETTERS, Case
from evaluation.sets.published import Published, QuestionSet, as_case, needed_clock, read_as
from evaluation.sets.rows import Row
from evaluation.sets.values import typed
from tools.calls.errors import BadArgument
from tools.wording.text import normal

EXAMPLE = (
    '{"patient_id": "p1", "question": "When was she born?", "answer_choices": ["1967-11-01", "1976-01-11"], '
    '"correct_answer": "A"}'
)
_CHOICES = "two to eight different choices: a list, an object from letter to text, or one text 'A) … B) …'"
_LETTER = re.compile(r"\W*([A-Ha-h])\W*")
_LETTERED = re.compile(r"\s*\(?([A-H])[).:]\s+(\S.*)", re.DOTALL)


class _Row(Published):
    id: str
    patient_id: Annotated[str, Field(min_length=1)]
    question: Annotated[str, Field(min_length=1)]
    answer_choices: Any
    correct_answer: Annotated[str, Field(min_length=1)]
    now: datetime | None = None
    category: str = "ehrqa"
    template: str = ""
    question_type: str = ""


def case(row: Row, now: date | None) -> Case:
    """Return the case of a row.

    Raises:
        BadArgument: a field is missing or cannot be read, or there is no clock.
    """
    given = read_as(_Row, row, EXAMPLE, row.identity("ehrqa"))
    texts = _choices(row, given)
    letter = _letter(row, given, texts)
    values, unit, words = typed(texts[LETTERS.index(letter)])
    return as_case(
        row,
        EXAMPLE,
        id=given.id,
        patient=given.patient_id,
        question=given.question,
        now=given.now.date() if given.now else needed_clock(row, given.id, now, "2026-01-01"),
        category=given.category,
        template=given.template or given.question_type or "ehrqa",
        family="ehrqa",
        answer=values,
        unit=unit,
        gold_text=words,
        answer_choices=texts,
        correct_answer=letter,
    )


def _choices(row: Row, given: _Row) -> tuple[str, ...]:
    choices = _parsed(given.answer_choices)
    if isinstance(choices, dict):
        texts = {str(letter).upper(): text for letter, text in choices.items()}
        choices = [texts.get(letter, "") for letter in LETTERS[: len(choices)]]
    found = _unlettered([" ".join(str(c).split()) for c in choices]) if isinstance(choices, list) else ()
    if not 2 <= len(found) <= len(LETTERS) or not all(found) or len(set(map(normal, found))) < len(found):
        raise BadArgument(f"{row.named(given.id)} answer_choices", given.answer_choices, _CHOICES, EXAMPLE)
    return found


def _parsed(choices: Any) -> Any:
    """Return choices that stand in one text as the list or object that is meant."""
    if not isinstance(choices, str):
        return choices
    for reader, failure in (
        (orjson.loads, orjson.JSONDecodeError),
        (ast.literal_eval, (ValueError, SyntaxError)),
    ):
        try:
            return reader(choices.strip())
        except failure:
            continue
    return [choice.text for choice in split(f"? {choices}")[1]]


def _unlettered(texts: Sequence[str]) -> tuple[str, ...]:
    """Return choices without the letters "A) ", "B) " where all have them."""
    marks = [_LETTERED.fullmatch(text) for text in texts]
    letters = "".join(mark[1] for mark in marks if mark)
    found = tuple(mark[2] for mark in marks if mark)
    return found if letters == LETTERS[: len(texts)] else tuple(texts)


def _letter(row: Row, given: _Row, texts: Sequence[str]) -> str:
    """Return the letter of the right choice, which is given as letter, as text, or as both."""
    answer = given.correct_answer
    lettered, both = _LETTER.fullmatch(answer), _LETTERED.fullmatch(answer)
    meant = {
        letter
        for letter, text in zip(LETTERS, texts, strict=False)
        if normal(text) == normal(answer)
        or (lettered and lettered[1].upper() == letter)
        or (both and both[1] == letter and normal(both[2]) == normal(text))
    }
    if len(meant) != 1:
        wish = f"exactly one of the {len(texts)} choices, by its letter or its text"
        raise BadArgument(f"{row.named(given.id)} correct_answer", answer, wish, EXAMPLE)
    return meant.pop()


SET = QuestionSet("ehrqa", frozenset({"patient_id", "answer_choices", "correct_answer"}), EXAMPLE, case)
