import pytest

from evaluation.dataset import Case
from evaluation.entries import aligned, first_run
from evaluation.result import Result
from evaluation.score import Score
from tests.evaluation.entries_for_tests import case, entry, result
from tools.calls.errors import BadArgument

ASKED = [case("q1"), case("q2", answer_choices=(), correct_answer="")]


def told(*results: Result) -> list[Score]:
    return [Score(id=each.id, form=each.form, run=each.run, verdict="right") for each in results]


def test_entries_are_in_the_order_of_the_questions_whatever_the_order_of_the_files() -> None:
    given = [result(ASKED[1]), result(ASKED[0], form="choice"), result(ASKED[0])]
    entries = aligned(ASKED, given, reversed(told(*given)))
    assert [each.key for each in entries] == [("q1", "open", 1), ("q1", "choice", 1), ("q2", "open", 1)]
    assert all(each.case.id == each.result.id == each.score.id for each in entries)


ONE, TWO = result(ASKED[0]), result(ASKED[1])
ELSEWHERE = result(ASKED[0], question="How old is she?")
WRONG = [
    ("nothing", [], [], "results []: expected at least one result, e.g. 'a file that `evaluate run` wrote'."),
    ("another id", [result(case("q9"))], [], "result id 'q9': expected an id of the question file, e.g. 'q1'."),
    (
        "another question under the same id", [ELSEWHERE, TWO], told(ONE, TWO),
        "result id 'q1' question 'How old is she?': expected the question, patient and day of 'q1' in the question "
        "file, e.g. 'What is q1?'.",
    ),
    (
        "a result without a score", [ONE, TWO], told(ONE),
        "result 'q2, open, run 1': expected one with a score, e.g. 'evaluate score, once more'.",
    ),
    (
        "a score without a result", [ONE, TWO], told(ONE, TWO, result(ASKED[0], run=2)),
        "score 'q1, open, run 2': expected one of these results, e.g. 'q1, open, run 1'.",
    ),
    (
        "a run that was not finished", [ONE], told(ONE),
        "question 'q2, open, run 1': expected one with a result, e.g. 'evaluate run, which resumes'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "results", "scores", "message"), WRONG, ids=[row[0] for row in WRONG])
def test_what_does_not_belong_together_is_refused(
    name: str, results: list[Result], scores: list[Score], message: str
) -> None:
    with pytest.raises(BadArgument) as refused:
        aligned(ASKED, results, scores)
    assert str(refused.value) == message


def test_a_question_without_choices_is_not_missing_in_the_multiple_choice_form() -> None:
    cases: list[Case] = ASKED
    given = [result(cases[0]), result(cases[1]), result(cases[0], form="choice")]
    assert len(aligned(cases, given, told(*given))) == 3


def test_the_first_run_is_the_lowest_of_each_form() -> None:
    asked = [entry(run=2), entry(run=1), entry(form="choice", run=2), entry(form="choice", run=3)]
    assert [each.key for each in first_run(asked)] == [("q1", "open", 1), ("q1", "choice", 2)]


def test_verdicts_of_a_judge_are_known_by_their_scorer() -> None:
    assert [entry(scorer=scorer).judged for scorer in ("", "number", "judge: medgemma-27b")] == [
        False,
        False,
        True,
    ]
