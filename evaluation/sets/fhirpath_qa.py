"""FHIRPath-QA: questions with the FHIRPath query that answers them -> cases.

The set is that of Frew, Bheda and Tripp (arXiv 2602.23479, github.com/mooshifrew/fhirpath-qa), over the MIMIC-IV demo
on FHIR; the benchmark file is JSON lines. `patient_id_hash` is the FHIR id, `patient_id` the number that the question
names; `perspective` is "clinical" or "patient"; `answer` is the query's result, a JSON list as text (a list, or a
single value, is read as well). Times in it become days, and of `now` only the day is kept. Where the question asks for
one thing (no list), several results are that thing's codes and names: any of them is right. The large file of the
same authors has no answers and is refused. Not read: `query`, the placeholders, the split.
"""

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from evaluation.dataset import Case, Value
from evaluation.sets.published import Published, QuestionSet, as_case, read_as
from evaluation.sets.rows import Row
from evaluation.sets.values import plain
from tools.calls.errors import BadArgument

EXAMPLE = (
    '{"id": "q1", "patient_id": "p1", "question": "How many drugs was I given?", "now": "2026-01-01T09:30:00", '
    '"answer": "[3]"}'
)
_KINDS = {"count": "counts", "has": "yes or no", "list": "lists", "time": "dates"}


class _Row(Published):
    id: str
    patient_id: Annotated[str, Field(min_length=1)]
    patient_id_hash: str = ""
    question: Annotated[str, Field(min_length=1)]
    now: datetime
    answer: Any
    perspective: Literal["clinical", "clinician", "patient"] = "clinical"
    question_template_id: str = ""


def case(row: Row, now: date | None) -> Case:
    """Return the case of a row; every row has its own clock.

    Raises:
        BadArgument: a field is missing or cannot be read.
    """
    given = read_as(_Row, row, EXAMPLE, row.identity("fhirpath-qa"))
    template = given.question_template_id
    kind = _KINDS.get(template.partition("-")[0], "values") if template else "fhirpath-qa"
    return as_case(
        row,
        EXAMPLE,
        id=given.id,
        patient=given.patient_id_hash or given.patient_id,
        question=given.question,
        now=given.now.date(),
        category=kind,
        template=template or "fhirpath-qa",
        view="patient" if given.perspective == "patient" else "clinician",
        family="fhirpath-qa",
        answer=_answer(row, given),
        match="any" if kind in ("values", "dates") else "all",
    )


def _answer(row: Row, given: _Row) -> tuple[Value, ...]:
    values = _listed(given.answer)
    if not all(isinstance(value, bool | int | float | str) for value in values):
        wish = "a JSON list of true or false, numbers and texts"
        raise BadArgument(f"{row.named(given.id)} answer", given.answer, wish, EXAMPLE)
    return plain(values)


def _listed(answer: Any) -> list[Any]:
    if isinstance(answer, str):
        with suppress(orjson.JSONDecodeError):
            answer = orjson.loads(answer)
    return answer if isinstance(answer, list) else [answer]


SET = QuestionSet("fhirpath-qa", frozenset({"patient_id", "question", "now"}), EXAMPLE, case)
