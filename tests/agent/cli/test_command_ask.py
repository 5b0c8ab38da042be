"""`ask`, `patients`, `show` and `graph`: what they print for people and for programs."""

import json
from pathlib import Path

import pytest

from tests.agent.cli.calling import call
from tests.builders import bundle, condition, patient

ADA = ("-r", "records", "-p", "Ada", "--now", "2021-07-01")
A1C = "Hemoglobin A1c"
ESC = "\x1b[31mred\x1b[0m"
HOSTILE = f"[bold]Pain[/bold] :smile: {ESC} \u202etxet \r\nof {'very ' * 60}long standing"


def test_the_answer_comes_with_its_sources_as_a_numbered_table(records: str) -> None:
    ran = call("ask", "What was the last HbA1c?", *ADA)
    assert ran.status == 0
    assert ran.out == (
        f"The latest {A1C} was 6.4 % on 2020-12-04 [1].\n\n[1]  Observation/a1  2020-12-04  {A1C}\n"
    )
    assert ran.err == ""


def test_not_recorded_is_an_answer_and_no_failure(records: str) -> None:
    ran = call("ask", "What was the last ferritin?", *ADA)
    assert ran.status == 0
    assert ran.out.startswith("[not recorded] Not recorded: ferritin")
    assert "[1]" not in ran.out


def test_what_was_not_understood_is_no_answer_and_its_status_says_so(records: str) -> None:
    ran = call("ask", "asdf qwer zxcv", *ADA)
    assert ran.status == 5
    assert ran.out.startswith("[not understood] I could not tell what this asks about the record")
    assert "ot recorded" not in ran.out


def test_json_is_the_whole_answer(records: str) -> None:
    ran = call("ask", "What was the last HbA1c?", *ADA, "--json")
    answer = json.loads(ran.out)
    assert (answer["patient"], answer["now"], answer["values"]) == ("Patient/p1", "2021-07-01", [6.4])
    assert answer["evidence"] == ["Observation/a1"]


def test_the_only_patient_need_not_be_named(records: str) -> None:
    ran = call("ask", "How old is she?", "-r", "records/carla.json", "--now", "2021-07-01")
    assert ran.out.startswith("41 years old")


@pytest.mark.parametrize(
    ("narrowed", "values", "says"),
    [
        ((), [6.4], ""),
        (("--since", "2020-12-04", "--kinds", "observation, allergy"), [6.4], "since 2020-12-04"),
        (("--until", "2020-12-03"), [7.1], "until 2020-12-03"),
        (("--kinds", "condition"), [], "(Condition)"),
    ],
)
def test_a_question_may_be_of_a_part_of_the_record(
    narrowed: tuple[str, ...], values: list[float], says: str, records: str
) -> None:
    answer = json.loads(call("ask", "What was the last HbA1c?", *ADA, *narrowed, "--json").out)
    assert answer["values"] == values
    assert ("narrowed to" in answer["answer"], says in answer["answer"]) == (bool(says), True)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ["Ada Moser", "Ben Moser", "Carla Wood"]),
        (("moser",), ["Ada Moser", "Ben Moser"]),
        (("p3",), ["Carla Wood"]),
        (("wood 1980-02",), ["Carla Wood"]),
    ],
    ids=["everyone", "by name", "by id", "by name and birth date"],
)
def test_patients_are_listed_or_found(arguments: tuple[str, ...], names: list[str], records: str) -> None:
    ran = call("patients", *arguments, "-r", "records", "--json")
    assert [patient["name"] for patient in json.loads(ran.out)] == names


def test_patients_for_people_are_a_table_without_trailing_blanks(records: str) -> None:
    assert call("patients", "wood", "-r", "records").out == (
        "name        sex     born        died  resources  id\n"
        "Carla Wood  female  1980-02-29        1          p3\n"
    )


def test_nobody_found_is_an_answer(records: str) -> None:
    ran = call("patients", "zzz", "-r", "records")
    assert (ran.status, ran.out) == (0, "Nobody answers to 'zzz'.\n")


def test_show_names_what_a_resource_says(records: str) -> None:
    assert call("show", "Observation/a1", "-r", "records").out == (
        f"{A1C} 6.4 % on 2020-12-04\n"
        "reference  Observation/a1\n"
        "patient    Ada Moser\n"
        "status     final\n"
        "began      2020-12-04\n"
        "value      6.4 %\n"
        f"code       4548-4 {A1C} (http://loinc.org)\n"
    )


def test_show_json_is_the_resource(records: str) -> None:
    ran = call("show", "Condition/c1", "-r", "records", "-p", "Ada", "--json")
    assert json.loads(ran.out)["resourceType"] == "Condition"


def test_the_graph_is_mermaid() -> None:
    assert "graph TD;" in call("graph").out


def test_hostile_text_from_a_record_is_shown_as_data(tmp_path: Path) -> None:
    content = bundle(patient("p1", given="Eve[red]"), condition("c1", HOSTILE))
    (tmp_path / "eve.json").write_text(json.dumps(content))
    ask = call("ask", "Which conditions are active?", "-r", "eve.json", "--now", "2021-07-01")
    shown = call("show", "Condition/c1", "-r", "eve.json")
    listed = call("patients", "-r", "eve.json")
    for ran in (ask, shown):
        assert ran.status == 0
        assert "[bold]Pain[/bold] :smile:" in ran.out
        assert not set(ran.out) & set("\x1b\u202e\r")
    assert "Eve[red] Moser" in listed.out


def test_hostile_text_in_a_question_is_shown_as_data(records: str) -> None:
    ran = call("ask", f"What was the last {HOSTILE}?", *ADA)
    assert ran.status in (0, 5)
    assert not set(ran.out + ran.err) & set("\x1b\u202e\r")


def test_hostile_text_in_an_error_is_shown_as_data(records: str) -> None:
    ran = call("ask", "How old?", "-r", "records", "-p", HOSTILE)
    assert ran.status == 2
    assert "[bold]Pain[/bold] :smile:" in ran.err
    assert not set(ran.err) & set("\x1b\u202e\r")
