"""`answer`: a question file in, a result file out; it resumes, never asks twice, checks every line first."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.agent.cli.calling import Ran, call

NOW = "2021-07-01"
EXAMPLE = '{"id": "q1", "patient": "Adelina Maggio", "question": "How old is she?", "now": "2026-01-01"}'


def line(id: str = "q1", patient: str = "Ada", question: str = "How old is she?", **more: object) -> str:
    return json.dumps({"id": id, "patient": patient, "question": question, "now": NOW, **more})


def answer(*lines: str, out: str = "out.jsonl", more: tuple[str, ...] = ()) -> Ran:
    Path("questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return call("answer", "-q", "questions.jsonl", "-o", out, "-r", "records", *more)


def ids(out: str = "out.jsonl") -> list[str]:
    return [json.loads(row)["id"] for row in Path(out).read_text().splitlines()]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_answers_come_patient_by_patient_whatever_process_gave_them(workers: str, records: str) -> None:
    asked = [line("a"), line("b", "Carla"), line("c"), line("d", "Patient/p2")]
    ran = answer(*asked, more=("--workers", workers))
    assert (ran.status, ran.err) == (0, "4 answered: out.jsonl\n")
    assert ids() == ["a", "c", "b", "d"]


def test_how_the_questions_ended_is_counted(records: str) -> None:
    asked = [line("a"), line("b", question="thanks"), line("c", question="Latest ferritin?"), line("d")]
    ran = answer(*asked)
    assert (ran.status, ran.err) == (0, "2 answered, 1 not understood, 1 not recorded: out.jsonl\n")
    outcomes = [json.loads(row)["outcome"] for row in Path("out.jsonl").read_text().splitlines()]
    assert outcomes == ["answered", "not understood", "not recorded", "answered"]


def test_what_is_answered_is_not_asked_again(records: str) -> None:
    answer(line("a"))
    before = Path("out.jsonl").read_bytes()
    ran = answer(line("a"), line("b"))
    assert ran.err == "1 answered; 1 were answered before: out.jsonl\n"
    assert Path("out.jsonl").read_bytes().startswith(before)
    assert ids() == ["a", "b"]


def test_a_line_cut_by_a_kill_is_answered_again(records: str) -> None:
    answer(line("a"), line("b"))
    whole = Path("out.jsonl").read_bytes()
    Path("out.jsonl").write_bytes(whole[:-40])
    answer(line("a"), line("b"))
    rows = [json.loads(row) for row in Path("out.jsonl").read_bytes().splitlines()]
    assert [(row["id"], row["values"]) for row in rows] == [("a", [41]), ("b", [41])]


@dataclass(frozen=True)
class Case:
    id: str
    lines: tuple[str, ...]
    err: str


CASES = [
    Case(
        "not JSON",
        (line(), "{"),
        "Error: questions.jsonl line 2 '{': expected one JSON object (unexpected end of data: line 1 column "
        f"2 (char 1)), e.g. {EXAMPLE!r}.\n",
    ),
    Case(
        "a list",
        (line(), "[1]"),
        f"Error: questions.jsonl line 2 '[1]': expected one JSON object, e.g. {EXAMPLE!r}.\n",
    ),
    Case(
        "no question",
        ('{"id": "x", "patient": "Ada"}',),
        'Error: questions.jsonl line 1 \'{"id": "x", "patient": "Ada"}\': expected text in question, '
        f"e.g. {EXAMPLE!r}.\n",
    ),
    Case(
        "a day that is none",
        (line(now="2021-02-30"),),
        "Error: questions.jsonl line 1 now '2021-02-30': expected a day in \"now\" as YYYY-MM-DD, "
        "or --now for all, e.g. '2026-01-01'.\n",
    ),
    Case(
        "the same id twice",
        (line(), "", line()),
        "Error: questions.jsonl line 3 id 'q1': expected each id once, e.g. 'q1'.\n",
    ),
    Case(
        "an unknown patient",
        (line(), line("q2", "Zoltan")),
        "Error: question 'q2': No patient answers to 'Zoltan'. There are 3 to choose from.\n",
    ),
    Case(
        "nothing at all",
        ("", " "),
        f"Error: --questions 'questions.jsonl': expected at least one question a line, e.g. {EXAMPLE!r}.\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_wrong_line_is_named_before_anything_is_answered(case: Case, records: str) -> None:
    ran = answer(*case.lines)
    assert (ran.status, ran.err) == (2, case.err)
    assert not Path("out.jsonl").exists()


def test_the_clock_of_the_call_serves_lines_without_one(records: str) -> None:
    asked = '{"id": "a", "patient": "Ada", "question": "How old is she?"}'
    answer(asked, more=("--now", "2000-03-01"))
    assert json.loads(Path("out.jsonl").read_text())["values"] == [20]


def test_results_of_other_questions_are_not_mistaken_for_these(records: str) -> None:
    answer(line("a"))
    ran = answer(line("a", question="What allergies does she have?"))
    assert (ran.status, ran.err) == (
        2,
        "Error: --out out.jsonl id 'a': expected results of these questions "
        "(another question has this id there), e.g. 'results.jsonl'.\n",
    )


@pytest.mark.parametrize("content", ["Dear colleague", "Dear colleague\n", '{"a": 1}\n'])
def test_a_file_that_is_no_result_is_left_as_it_is(content: str, records: str) -> None:
    Path("letter.txt").write_text(content)
    ran = answer(line(), out="letter.txt")
    assert ran.status == 2
    assert "a results file, or a file that does not exist yet" in ran.err
    assert Path("letter.txt").read_text() == content


@pytest.mark.parametrize(
    ("out", "why", "status"),
    [
        (".", "--out '.': expected a file that can be written (Is a directory), e.g. 'results.jsonl'.", 2),
        (
            "no/where.jsonl",
            "--out 'no/where.jsonl': expected a file that can be written (No such file or directory), "
            "e.g. 'results.jsonl'.",
            2,
        ),
        (
            "/dev/full",
            "/dev/full: No space left on device. What was finished is kept: mend it and run the same command "
            "again.",
            1,
        ),
    ],
)
def test_a_place_that_takes_no_results_is_named(out: str, why: str, status: int, records: str) -> None:
    ran = answer(line(), out=out)
    assert (ran.status, ran.err) == (status, f"Error: {why}\n")
