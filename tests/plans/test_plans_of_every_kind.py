"""Each plan of the table gives the right values: the tools and `reckoning.py` agree on every kind of question.

The table is in `kinds/`, one file for each group of kinds; `table.py` says what an entry holds.
Numbers may differ by 0.5 %. SNOMED tags, titles of people and case do not count in names, nor does the order of
names and days. The order of numbers counts, but not where the question is for a list of values.
"""

import re
from collections import Counter
from collections.abc import Sequence

import pytest

import fhir_fixtures
from tests.plans.reckoning import Value
from tests.plans.table import PLANS, PlannedQuestion
from tools.calls.catalogue import Call
from tools.calls.program import run_plan
from tools.sources import OpenedRecords, open_location

KINDS = (
    "value before an event",
    "value nearest a day",
    "second last or third value",
    "last few values",
    "values in a window",
    "first and last value",
    "two measurements at once",
    "highest or lowest value with its day",
    "day of the highest or lowest value",
    "range of the values",
    "median of the values",
    "mean of the last few values",
    "change in percent",
    "direction of a course",
    "compared with years ago",
    "count of values beyond a limit",
    "first day beyond a limit",
    "last day above or below a limit",
    "normal or not",
    "in another unit",
    "kidney function",
    "before and after a drug",
    "longest gap between visits",
    "visits per year",
    "year with the most visits",
    "who saw the patient",
    "drugs started during the last stay or visit",
    "reason of the last stay or visit",
    "all visits of a class with their reasons",
    "when and why",
    "where",
    "total days in hospital",
    "longest stay",
    "seen for a reason",
    "last and first visit",
    "emergency visits and admissions together",
    "what was done at the last visit",
    "which conditions resolved",
    "how long a condition has lasted",
    "diagnoses by age",
    "active conditions by date",
    "conditions of a class",
    "which of three came first or last",
    "both or either",
    "in a decade",
    "number of different drugs",
    "who prescribed",
    "drug for a condition",
    "drugs stopped",
    "drugs of a class",
    "dose and instructions",
    "since an event",
    "new of late",
    "vaccines by age",
    "age at an event",
    "interval between two events",
    "most frequent",
    "number of entries",
    "anything within the last months",
    "time since an event",
    "whether, and when",
    "checking a claim",
    "never, right?",
    "the patient sheet",
    "what no record holds",
)
LISTS = ("last few values", "values in a window")
TAG = re.compile(
    r" \((disorder|finding|situation|procedure|regime/therapy|person|substance|organism"
    r"|morphologic abnormality|observable entity|physical object)\)$"
)
IN_WORDS = {"1": "1|one|once|a|every|daily", "2": "2|two|twice"}
TITLE = re.compile(r"^(Dr|Mr|Mrs|Ms)\. ")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> OpenedRecords:
    return open_location(str(fhir_fixtures.records()), cache=tmp_path_factory.mktemp("plans"), workers=0)


def name(value: str) -> str:
    return TITLE.sub("", TAG.sub("", value)).casefold()


def names(values: Sequence[object]) -> set[str]:
    return {name(value) for value in values if isinstance(value, str)}


def truths(values: Sequence[object]) -> list[bool]:
    return [value for value in values if isinstance(value, bool)]


def numbers(values: Sequence[object], kind: str) -> list[float]:
    found = [float(v) for v in values if not isinstance(v, str | bool)]  # type: ignore[arg-type]
    return sorted(found) if kind in LISTS else found


def in_words(expected: Sequence[Value], values: Sequence[object]) -> bool:
    """Whether one text holds all numbers and words."""
    wanted = [IN_WORDS.get(f"{v:g}", f"{v:g}") if isinstance(v, int | float) else v for v in expected]
    return any(all(re.search(rf"\b({word})\b", str(text), re.I) for word in wanted) for text in values)


@pytest.mark.parametrize("planned", PLANS, ids=lambda planned: planned.id)
def test_plan(planned: PlannedQuestion, source: OpenedRecords) -> None:
    record = source.open(source.find(planned.patient).reference, fhir_fixtures.REFERENCE_DATE)
    calls = [Call(tool=call["tool"], arguments=call["arguments"], id=call["id"]) for call in planned.calls]
    results = dict(zip((call.id for call in calls), run_plan(calls, record), strict=True))
    answers = [results[id] for id in planned.answering]
    values = [value for evidence in answers for value in evidence.values]
    if planned.in_words and planned.values:
        assert in_words(planned.values, values), values
        return
    assert truths(values) == truths(planned.values), values
    assert names(values) == names(planned.values), values
    assert numbers(values, planned.kind) == pytest.approx(numbers(planned.values, planned.kind), rel=0.005)
    if planned.outcome:
        assert planned.outcome in [evidence.outcome for evidence in answers]


def test_each_kind_has_at_least_three_plans() -> None:
    counted = Counter(planned.kind for planned in PLANS)
    assert set(counted) == set(KINDS)
    assert [kind for kind in KINDS if counted[kind] < 3] == []


def test_there_are_sixty_five_kinds() -> None:
    assert len(set(KINDS)) == len(KINDS) == 65
