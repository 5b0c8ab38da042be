from typing import Any

import pytest

from evaluation.comparing import compare
from evaluation.entries import Entry
from evaluation.score import Verdict
from tests.evaluation.entries_for_tests import entry
from tools.calls.errors import BadArgument

SIDES: list[tuple[str, Verdict, Verdict]] = [
    ("q1", "right", "right"),
    ("q2", "wrong", "right"),
    ("q3", "abstained", "right"),
    ("q4", "right", "wrong"),
    ("q5", "failed", "wrong"),
    ("q6", "wrong", "right"),
]


def run(place: int, **fields: Any) -> list[Entry]:
    """The first or the second run; two questions a patient, the last patient's about time."""
    return [
        entry(
            row[0],
            row[place],
            asked={"patient": f"p{n // 2}", "category": "time" if n > 3 else "labs"},
            **fields,
        )  # type: ignore[arg-type]
        for n, row in enumerate(SIDES)
    ]


def test_two_runs_are_paired_question_by_question() -> None:
    told = compare(run(1), list(reversed(run(2))))["open"].overall
    assert (told.both, told.only_first, told.only_second, told.neither) == (1, 1, 3, 1)
    assert (told.first.count, told.second.count, told.first.of) == (2, 4, 6)
    assert (told.first_wrong.count, told.second_wrong.count) == (2, 2)


def test_the_difference_is_second_minus_first_and_draws_patients() -> None:
    difference = compare(run(1), run(2))["open"].overall.difference
    assert (difference.value, difference.of, difference.patients) == (pytest.approx(2 / 6), 6, 3)
    assert (difference.low, difference.high) == (0.0, 0.5)


def test_the_test_is_of_the_pairs_that_differ() -> None:
    assert compare(run(1), run(2))["open"].p == pytest.approx(10 / 16)


def test_categories_are_compared_each_by_itself() -> None:
    told = compare(run(1), run(2))["open"].by_category
    assert {name: (each.only_first, each.only_second) for name, each in told.items()} == {
        "labs": (1, 2),
        "time": (0, 1),
    }


def test_what_changed_sides_is_listed_with_both_entries_the_lost_ones_first() -> None:
    changed = compare(run(1), run(2))["open"].changed
    assert [(one.case.id, one.score.verdict, other.score.verdict) for one, other in changed] == [
        ("q4", "right", "wrong"),
        ("q2", "wrong", "right"),
        ("q3", "abstained", "right"),
        ("q6", "wrong", "right"),
    ]


def test_each_form_is_compared_by_itself() -> None:
    told = compare([*run(1), *run(1, form="choice")], [*run(2), *run(1, form="choice")])
    assert {form: each.p for form, each in told.items()} == {"open": pytest.approx(10 / 16), "choice": 1.0}


def test_of_several_runs_the_first_is_compared() -> None:
    assert compare([*run(2, run=2), *run(1)], run(2)) == compare(run(1), run(2))


UNLIKE = [
    (
        "missing in the second", run(1), run(2)[:1],
        "question 'q2, open': expected one that is in both runs, e.g. 'q1, open'.",
    ),
    (
        "missing in the first", run(1)[:1], run(2),
        "question 'q2, open': expected one that is in both runs, e.g. 'q1, open'.",
    ),
    (
        "in another form", run(1), run(2, form="choice"),
        "question 'q1, open': expected one that is in both runs, e.g. 'q1, open'.",
    ),
    (
        "another gold answer", run(1)[:1], [entry("q1", asked={"answer": (6.5,)})],
        "question id 'q1' 'What is q1?': expected the same question and gold answer in both runs, e.g. 'What is q1?'.",
    ),
    (
        "no entries", [], run(2),
        "entries []: expected at least one scored answer, e.g. 'aligned(cases, results, scores)'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "first", "second", "message"), UNLIKE, ids=[row[0] for row in UNLIKE])
def test_runs_of_other_questions_are_refused(
    name: str, first: list[Entry], second: list[Entry], message: str
) -> None:
    with pytest.raises(BadArgument) as refused:
        compare(first, second)
    assert str(refused.value) == message
