"""Whom a question names: this patient in whatever way, or somebody else, of whom nothing is answered."""

import pytest
from one_record import ruth

from agent.reading.whose import asks_of_a_relative, own_names, strange_number, stranger
from tests.builders import patient, patient_record

OWN = [
    ("What is Ruth Adler's blood pressure?", ["Ruth Adler"]),
    ("Mrs. Adler on metformin?", ["Mrs. Adler"]),
    ("ruth: last A1c", ["ruth"]),
    ("RÜTH ÀDLER, dob?", ["RÜTH ÀDLER"]),
    ("Is the rutherford score recorded?", []),
]
NUMBERS = [
    ("What is the last HbA1c of patient 4740592?", "4740592"),
    ("MRN: 89e14e0de8f53e8f, diabetes?", "89e14e0de8f53e8f"),
    ("What problems does 999-62-2508 have?", "999-62-2508"),
    ("Does Patient/8d993d27 have diabetes?", "8d993d27"),
    ("Records of 2019?", ""),
    ("Is her A1c above 7?", ""),
]
STRANGERS = [
    ("When was Maria Gonzalez last admitted?", "Maria Gonzalez"),
    ("What medications is Mr. Brown on?", "Mr. Brown"),
    ("Last blood pressure?", ""),
    ("What was given on Tuesday?", ""),
]


@pytest.mark.parametrize(("question", "names"), OWN)
def test_this_patient_is_known_by_name(question: str, names: list[str]) -> None:
    spans = own_names(question, ruth())
    assert [question[start:end] for start, end in spans] == names


@pytest.mark.parametrize(("question", "number"), NUMBERS)
def test_a_number_of_another_patient_is_found(question: str, number: str) -> None:
    assert strange_number(question, ruth()) == number


@pytest.mark.parametrize(("question", "name"), STRANGERS)
def test_somebody_of_whom_nothing_was_made_is_found(question: str, name: str) -> None:
    known = {"when", "what", "last", "blood", "pressure", "tuesday"}
    assert stranger(question, [], lambda words: words.lower() in known) == name


RELATIVES = [
    ("How tall is my son?", "male", "2012-05-01", False),
    ("How tall is my son?", "male", "1960-05-01", True),
    ("How tall is my son?", "female", "2012-05-01", True),
    ("When did my husband have his appendix out?", "male", "1960-05-01", False),
    ("When did my husband have his appendix out?", "female", "1960-05-01", True),
    ("Does her husband have diabetes?", "male", "1960-05-01", True),
    ("What is my mother's blood pressure?", "female", "1960-05-01", True),
    ("My son asks: any allergies?", "female", "1960-05-01", False),
]


@pytest.mark.parametrize(("question", "gender", "born", "another"), RELATIVES)
def test_a_relative_of_who_asks_may_be_the_patient(
    question: str, gender: str, born: str, another: bool
) -> None:
    record = patient_record(patient(gender=gender, birthDate=born), now="2026-01-01")
    assert asks_of_a_relative(question, record) is another
