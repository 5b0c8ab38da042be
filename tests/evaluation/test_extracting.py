import pytest

from evaluation.dataset import Value
from evaluation.scorers.extracting import days, extracted, letter, numbers

Told = tuple[Value, ...] | None
READ: list[tuple[str, list[Value], str, Told]] = [
    ("yes at the beginning", [False], "Yes, since 2015.", (True,)),
    ("no at the beginning", [True], "**No.** He never smoked.", (False,)),
    ("no before a noun may be no answer", [True], "No information is available.", None),
    ("no record may be a no or a silence", [False], "No record of a colonoscopy.", None),
    ("yes later on", [True], "As far as one can see, yes.", None),
    ("a number", [6.4], "The latest HbA1c was 6.4 %.", (6.4,)),
    ("another number", [6.4], "The latest HbA1c was 7.1 % [Observation/7].", (7.1,)),
    ("thousands", [1234.5], "$1,234.50", (1234.5,)),
    ("below zero", [-3], "It changed by -3 kg.", (-3.0,)),
    ("a number with its day", [6.4], "6.4 % on 2020-12-04", (6.4,)),
    ("the right number beside another", [6.4], "6.4 %, after 7.1 % before.", None),
    ("several numbers, none right", [6.4], "7.1 %, after 8.2 % before.", (7.1, 8.2)),
    ("all of several numbers", [120, 80], "120/80 mmHg", (120.0, 80.0)),
    ("some of several numbers", [120, 80], "120 mmHg", (120.0,)),
    ("a number that is denied", [6.4], "It was not 6.4 %.", None),
    ("a number in words", [3], "Three times between 2015 and 2019.", None),
    ("no number", [3], "Quite often.", None),
    ("a day", ["2020-03-04"], "On March 4, 2020.", ("2020-03-04",)),
    ("another day", ["2020-03-04"], "On 5 March 2020.", ("2020-03-05",)),
    ("the right day beside another", ["2020-03-04"], "2020-03-04, and again 2021-03-04.", None),
    ("a day that is denied", ["2020-03-04"], "Not on 2020-03-04.", None),
    ("a month for a day", ["2020-03-04"], "In March 2020.", None),
    ("the name alone", ["Asthma (disorder)"], "Asthma.", ("Asthma (disorder)",)),
    ("the name with its tag", ["Asthma (disorder)"], "asthma (disorder)", ("Asthma (disorder)",)),
    ("the name at the end", ["Asthma"], "Her first diagnosis was asthma, on 2020-03-04.", ("Asthma",)),
    ("the name after a colon", ["Asthma"], "Diagnosis: **Asthma**", ("Asthma",)),
    ("more than the name", ["Asthma"], "It was asthma and gout.", None),
    ("a longer name", ["Asthma"], "It was childhood asthma.", None),
    ("the name is denied", ["Asthma"], "It never was asthma.", None),
    ("another name", ["Asthma"], "It was gout.", None),
    ("a list of names", ["Asthma", "Gout"], "Asthma, Gout", None),
    ("values of several kinds", ["Asthma", 3], "Asthma, 3", None),
    ("nothing, rightly", [], "The blood group is not recorded.", ()),
    ("nothing, where the record says", [6.4], "The record does not contain any HbA1c. It cannot be determined.", ()),
    ("a claim where the record does not say", [], "A positive.", None),
    ("nothing about one thing, something about another", [], "No HbA1c is recorded. No data. Glucose was 5.1.", None),
    ("a value, and nothing about it", [6.4], "It was 6.4 %; the method is not recorded.", None),
    ("a wrong value, and nothing about it", [6.4], "It was 7.1 % and the method is not recorded.", None),
    ("the name, and nothing about it", ["Asthma"], "Asthma, of which the onset is not recorded.", None),
    ("a last line for programs", [6.4], "It rose from 5.9 % to\nANSWER: [6.4]", (6.4,)),
    ("the last of such lines", ["a"], 'ANSWER: ["a", "b"]\n**ANSWER**: ["b"]\n', ("b",)),
    ("a last line that claims nothing", [6.4], "6.4?\nANSWER: []", ()),
    ("a last line that is no JSON", [6.4], "ANSWER: [6.4 %]", (6.4,)),
    ("a last line with what is no value", [6.4], "ANSWER: [[6.4]]", (6.4,)),
    ("a last line with what is no number", [6.4], "ANSWER: [NaN]", None),
    ("no text", [6.4], "", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "gold", "text", "told"), READ, ids=[row[0] for row in READ])
def test_only_what_is_plain_is_taken_from_a_text(name: str, gold: list[Value], text: str, told: Told) -> None:
    assert extracted(text, gold) == told


LETTERS = [
    ("B", "B"),
    ("(B)", "B"),
    ("**B**", "B"),
    ("B) 6.4 %", "B"),
    ("B. 6.4 %", "B"),
    ("B\n\nThe HbA1c was 6.4 %.", "B"),
    ("The answer is B.", "B"),
    ("The correct answer is **(B)** 6.4 %", "B"),
    ("Option A is too low. Answer: B", "B"),
    ('It was 6.4 %.\nANSWER: ["b"]', "B"),
    ('A) would be too low.\nANSWER: ["B"]', "B"),
    ("A cold was the reason.", ""),
    ("The answer is a cold.", ""),
    ("Basophils", ""),
    ("I cannot tell.", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "chosen"), LETTERS, ids=[row[0] for row in LETTERS])
def test_a_letter_is_read_where_it_is_chosen(text: str, chosen: str) -> None:
    assert letter(text) == chosen


DAYS = [
    ("2020-03-04T09:00:00Z", ["2020-03-04"]),
    ("03/04/2020", ["2020-03-04"]),
    ("Mar. 4, 2020", ["2020-03-04"]),
    ("March 4th 2020", ["2020-03-04"]),
    ("4th of March 2020", ["2020-03-04"]),
    ("4 Sep 2020, then 2020-09-04, then 2019-01-01", ["2020-09-04", "2019-01-01"]),
    ("2020-02-30", []),
    ("March 2020", []),
]


@pytest.mark.parametrize(("text", "found"), DAYS, ids=[row[0] for row in DAYS])
def test_days_are_read_however_they_are_written(text: str, found: list[str]) -> None:
    assert days(text) == found


def test_numbers_are_no_parts_of_dates_or_names() -> None:
    assert numbers("HbA1c 6.4 % on 2020-12-04, then 1,200 on March 4, 2021, and 6.4") == [6.4, 1200]
