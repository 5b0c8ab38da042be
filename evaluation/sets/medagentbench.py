"""MedAgentBench: the tasks that read a record -> cases; those that write are left out, and counted.

The set is that of Jiang et al. (arXiv 2501.14654, github.com/stanfordmlgroup/MedAgentBench), a JSON list of 300 tasks
`task1_1` to `task10_30`. Kinds 1 (find the MRN), 2 (age), 4, 6 and 7 (latest or mean value) ask; 3, 5, 8, 9 and 10
post orders or entries. `eval_MRN` is identifier and FHIR id of the patient. `context` begins with the clock, of which
the day is kept; where it is empty the set's one clock holds, 2023-11-13, or the one that is given. What it says of the
form of the answer is not asked, for ours has one form; the rest (codes) is asked after the instruction. `sol` is the
gold answer; -1 and "Patient not found" say that the record does not have it. The published file gives `sol` for kind 1
alone, the others are computed on the authors' server: tasks without it, or without a patient, are left out.
"""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from evaluation.dataset import Case
from evaluation.sets.published import LeftOut, Published, QuestionSet, as_case, read_as
from evaluation.sets.rows import Row
from evaluation.sets.values import ABSENT, plain
from tools.calls.errors import BadArgument

EXAMPLE = (
    '{"id": "task2_1", "instruction": "How old is S1234567?", "context": "It\'s 2023-11-13T10:15:00+00:00 now.", '
    '"sol": [61], "eval_MRN": "S1234567"}'
)
CLOCK = date(2023, 11, 13)
_READING = {1: "mrn", 2: "age", 4: "magnesium-latest", 6: "glucose-mean", 7: "glucose-latest"}
_WRITING = (3, 5, 8, 9, 10)
_MEASURED = (4, 6, 7)
_TOLERANCE = {6: 0.1}
_TASK = re.compile(r"task([1-9]|10)_\d+")
_NOW = re.compile(r"\bIt(?:'|’| i)s (\d{4}-\d\d-\d\d)T?[\d:+.Z-]* now\b")
_NOT_ASKED = re.compile(rf"{_NOW.pattern}|\banswer should\b")
_SENTENCE = re.compile(r"(?:(?<=[.?!])|(?<=[.?!][\"”]))\s+")
_UNIT = re.compile(r"\b(?:unit of|number in) ([^\s,]+[^\s,.])")


class _Row(Published):
    id: str
    instruction: Annotated[str, Field(min_length=1)]
    context: str | None = None
    eval_MRN: str | None = None
    sol: list[Any] | None = None


def case(row: Row, now: date | None) -> Case | LeftOut:
    """Return the case of a task.

    Raises:
        BadArgument: a field is missing or cannot be read.
    """
    task = _TASK.fullmatch(str(row.fields.get("id")))
    if task is None:
        raise BadArgument(f"{row.where} id", row.fields.get("id"), "task1_1 to task10_30", EXAMPLE)
    given = read_as(_Row, row, EXAMPLE, task[0])
    kind = int(task[1])
    if kind in _WRITING:
        return LeftOut("the task writes to the record")
    if not given.sol:
        return LeftOut("no sol: the answer is computed on the authors' server")
    if not given.eval_MRN:
        return LeftOut("no eval_MRN: the task is about nobody")
    context = given.context or ""
    clock, unit = _NOW.search(context), _UNIT.search(context)
    return as_case(
        row,
        EXAMPLE,
        id=given.id,
        patient=given.eval_MRN,
        question=_asked(given.instruction, context),
        now=clock[1] if clock else now or CLOCK,
        category="measurements" if kind in _MEASURED else "demographics",
        template=_READING[kind],
        family="medagentbench",
        answer=() if _absent(given.sol, kind) else plain(given.sol),
        unit=unit[1] if unit and kind in _MEASURED else "",
        tolerance=_TOLERANCE.get(kind),
    )


def _asked(instruction: str, context: str) -> str:
    sentences = [*_SENTENCE.split(instruction), *_SENTENCE.split(context)]
    return " ".join(sentence for sentence in sentences if sentence and not _NOT_ASKED.search(sentence))


def _absent(sol: list[Any], kind: int) -> bool:
    return all(
        (kind in _MEASURED and value in (-1, "-1")) or (isinstance(value, str) and ABSENT.fullmatch(value))
        for value in sol
    )


SET = QuestionSet("medagentbench", frozenset({"instruction"}), EXAMPLE, case)
