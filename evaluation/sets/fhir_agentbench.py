r"""FHIR-AgentBench: EHRSQL's questions over MIMIC-IV on FHIR, with gold answers and gold resources -> cases.

The set is that of Lee et al. (arXiv 2509.19319, github.com/glee4810/FHIR-AgentBench), the CSV file
`questions_answers_sql_fhir.csv`. `true_answer` is the array that a SQL query gave, as numpy prints it: `[[1]]`,
`[['Ward A']\n ['Ward B']]`, `[]`; rows and columns are read as one list. Where the template asks "Has …" or "Is …",
1 and 0 are yes and no; "M" and "F" are spelt out where it asks for the gender. `true_fhir_ids` maps types to ids.
`assumption` belongs to the question: it is asked after it, but for the sentence on letter case, which is for SQL, and
for the one that names the clock ("the current time is …"). Only rows whose query depends on the time have it; the
others need a clock after the patient's last entry: MIMIC's dates are shifted by a century and more.
Not read: the SQL, `val_dict`, the split. An answer that numpy cut ("...") is left out.
"""

import ast
import re
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from evaluation.dataset import Case, Value
from evaluation.sets.published import LeftOut, Published, QuestionSet, as_case, needed_clock, read_as
from evaluation.sets.rows import Row
from evaluation.sets.values import plain, typed
from tools.calls.errors import BadArgument

EXAMPLE = (
    '{"question_id": "q1", "question": "How old is he?", "true_answer": "[[61]]", "assumption": "Assume the current '
    'time is 2150-12-31 23:59:00.", "patient_fhir_id": "p1", "true_fhir_ids": "{\'Patient\': [\'p1\']}"}'
)
_CLOCK = re.compile(r"\bcurrent time is (\d{4}-\d\d-\d\d)", re.IGNORECASE)
_NOT_ASKED = re.compile(r"\bcurrent time is\b|\bletter case\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_TOKEN = re.compile(
    r"""\s*(?:[\[\],]|(?:None|nan|NaT)\b|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)
    |(?P<literal>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|True\b|False\b|\.\.\.))\s*""",
    re.VERBOSE,
)
_YES_NO = ("has_verb ", "is ")
_GENDER = {"M": "male", "F": "female"}


class _Row(Published):
    id: str
    question: Annotated[str, Field(min_length=1)]
    true_answer: Any
    patient_fhir_id: Annotated[str, Field(min_length=1)]
    true_fhir_ids: Any = None
    assumption: str = ""
    template: str = ""
    main_table_name: str = ""


def case(row: Row, now: date | None) -> Case | LeftOut:
    """Return the case of a row.

    Raises:
        BadArgument: a field is missing or cannot be read, or there is no clock.
    """
    if "question_id" not in row.fields:
        raise BadArgument(f"{row.where} question_id", None, "an id", EXAMPLE)
    given = read_as(_Row, row, EXAMPLE, str(row.fields["question_id"]))
    text = str(given.true_answer).strip()
    printed = _printed(row, given, text) if text.startswith("[") else None
    if printed and ... in printed:
        return LeftOut("true_answer is cut ('...')")
    answer, unit, words = typed(text) if printed is None else (_values(printed, given.template), "", "")
    clock = _CLOCK.search(given.assumption)
    return as_case(
        row,
        EXAMPLE,
        id=given.id,
        patient=given.patient_fhir_id,
        question=_asked(given),
        now=clock[1] if clock else needed_clock(row, given.id, now, "2300-01-01"),
        category=given.main_table_name or "fhir-agentbench",
        template=given.template or "fhir-agentbench",
        family="fhir-agentbench",
        answer=answer,
        unit=unit,
        gold_text=words,
        resources=_resources(row, given),
    )


def _asked(given: _Row) -> str:
    more = [s for s in _SENTENCE.split(given.assumption) if s and not _NOT_ASKED.search(s)]
    return " ".join([given.question, *more])


def _printed(row: Row, given: _Row, text: str) -> list[Any]:
    """Return what a printed array holds, `...` where it was cut; numpy prints no commas, so it is no literal."""
    items: list[Any] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise BadArgument(
                f"{row.named(given.id)} true_answer", text, "an array as numpy prints it", EXAMPLE
            )
        if number := token["number"]:
            items.append(int(number) if number.lstrip("-").isdigit() else float(number))
        elif token["literal"]:
            items.append(ast.literal_eval(token["literal"]))
        at = token.end()
    return items


def _values(items: list[Any], template: str) -> tuple[Value, ...]:
    values = plain(items)
    if template.casefold().startswith(_YES_NO) and set(values) <= {0, 1}:
        return tuple(bool(value) for value in values)
    if "gender" in template.casefold():
        return tuple(_GENDER.get(str(value), value) for value in values)
    return values


def _resources(row: Row, given: _Row) -> tuple[str, ...]:
    held = given.true_fhir_ids or {}
    if isinstance(held, str):
        try:
            held = ast.literal_eval(held)
        except (ValueError, SyntaxError):
            held = None
    if not isinstance(held, dict) or not all(isinstance(ids, list) for ids in held.values()):
        wish = "an object from type to list of ids"
        raise BadArgument(f"{row.named(given.id)} true_fhir_ids", given.true_fhir_ids, wish, EXAMPLE)
    return tuple(f"{kind}/{each}" for kind, ids in held.items() for each in ids if each)


SET = QuestionSet("fhir-agentbench", frozenset({"true_answer", "patient_fhir_id"}), EXAMPLE, case)
