"""Other people's question sets, in their published forms; all rows are invented."""

import csv
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import fhir_fixtures
from agent.assistant import Assistant
from evaluation import dataset
from evaluation.dataset import Case
from evaluation.sets import Format, ehrqa, fhir_agentbench, fhirpath_qa, load, medagentbench
from tools.calls.errors import BadArgument
from tools.sources import open_location

Fields = dict[str, Any]
NOW = date(2026, 1, 1)
OWN: Fields = {
    "id": "q1", "patient": "p1", "question": "How old is she?", "now": "2026-01-01", "category": "demographics",
    "template": "age", "answer": [58],
}  # fmt: skip
EHRQA: Fields = {
    "patient_id": "p1",
    "question": "What was her last weight?",
    "answer_choices": ["81.2 kg", "86.4 kg", "Not recorded"],
    "correct_answer": "B",
}
FHIRPATH_QA: Fields = {
    "patient_id": "10000001",
    "question": "How many Potassium tests did I have?",
    "query": "Bundle.entry.resource.where(resourceType='Observation').count()",
    "now": "2180-08-10T22:48:00",
    "perspective": "patient",
    "split": "test",
    "answer": "[15]",
    "patient_id_hash": "ab-12",
    "question_template_id": "count-lab-test-events",
    "id": "0a1b",
}
AGENTBENCH: Fields = {
    "split": "test",
    "question_id": "7bb4",
    "question": "Had patient 10000001 any surgery last year?",
    "sql_query": "SELECT COUNT(*)>0 FROM procedures_icd",
    "true_answer": "[[1]]",
    "assumption": "Assume the current time is 2137-12-31 23:59:00.",
    "patient_fhir_id": "ab-12",
    "template": "Has_verb patient {patient_id} received any procedure [time_filter_global1]?",
    "main_table_name": "procedures_icd",
    "true_fhir_ids": "{'Procedure': ['x1', 'x2'], 'Encounter': ['']}",
}
MEDAGENT: Fields = {
    "id": "task4_1",
    "instruction": "What is the latest magnesium of patient S1234567 within the last 24 hours?",
    "context": 'It\'s 2023-11-13T10:15:00+00:00 now. The code for magnesium is "MG". The answer should be a single'
    " number converted to a unit of mg/dL, and it should be -1 if there is none.",
    "sol": [2.1],
    "eval_MRN": "S1234567",
}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def listed(*rows: Fields) -> Path:
    """A JSON list."""
    path = Path("set.json")
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return path


def lined(*rows: Fields) -> Path:
    """JSON lines, with a blank one."""
    path = Path("set.jsonl")
    path.write_text("\n" + "".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def celled(*rows: Fields) -> Path:
    """CSV with the fields of the first row."""
    path = Path("set.csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def loaded(row: Fields, now: date | None = NOW) -> Case:
    return load(listed(row), now=now).cases[0]


def shown(case: Case, fields: Mapping[str, Any]) -> Fields:
    return {name: getattr(case, name) for name in fields}


class Whole(NamedTuple):
    """A row of each set, and the whole case that it makes."""

    id: Format
    row: Fields
    case: Fields


WHOLE = [
    Whole("own", OWN, {**OWN, "now": NOW, "answer": (58,)}),
    Whole("ehrqa", EHRQA, {
        "id": "ehrqa-00001", "patient": "p1", "question": "What was her last weight?", "now": NOW,
        "category": "ehrqa", "template": "ehrqa", "family": "ehrqa", "answer": (86.4,), "unit": "kg",
        "answer_choices": ("81.2 kg", "86.4 kg", "Not recorded"), "correct_answer": "B",
    }),
    Whole("fhirpath-qa", FHIRPATH_QA, {
        "id": "0a1b", "patient": "ab-12", "question": "How many Potassium tests did I have?",
        "now": date(2180, 8, 10), "category": "counts", "template": "count-lab-test-events", "view": "patient",
        "family": "fhirpath-qa", "answer": (15,),
    }),
    Whole("fhir-agentbench", AGENTBENCH, {
        "id": "7bb4", "patient": "ab-12", "question": "Had patient 10000001 any surgery last year?",
        "now": date(2137, 12, 31), "category": "procedures_icd", "template": AGENTBENCH["template"],
        "family": "fhir-agentbench", "answer": (True,), "resources": ("Procedure/x1", "Procedure/x2"),
    }),
    Whole("medagentbench", MEDAGENT, {
        "id": "task4_1", "patient": "S1234567", "now": date(2023, 11, 13), "category": "measurements",
        "question": f'{MEDAGENT["instruction"]} The code for magnesium is "MG".', "template": "magnesium-latest",
        "family": "medagentbench", "answer": (2.1,), "unit": "mg/dL",
    }),
]  # fmt: skip


@pytest.mark.parametrize("whole", WHOLE, ids=lambda whole: whole.id)
def test_each_set_is_recognised_and_loads_whole(whole: Whole) -> None:
    made = load(lined(whole.row), now=NOW)
    assert (made.form, dict(made.left_out)) == (whole.id, {})
    assert repr(made.cases) == repr((Case.model_validate(whole.case),))  # 1 equals True


@pytest.mark.parametrize("whole", WHOLE, ids=lambda whole: whole.id)
def test_a_form_that_is_named_gives_the_same_as_one_that_is_recognised(whole: Whole) -> None:
    path = lined(whole.row)
    assert load(path, now=NOW, fmt=whole.id) == load(path, now=NOW)


CHOICES: dict[str, object] = {
    "a list": ["81.2 kg", "86.4 kg", "Not recorded"],
    "a list with letters": ["A) 81.2 kg", "B) 86.4 kg", "C) Not recorded"],
    "an object": {"A": "81.2 kg", "B": "86.4 kg", "C": "Not recorded"},
    "an object in another order, in small letters": {"c": "Not recorded", "a": "81.2 kg", "b": "86.4 kg"},
    "a text": "A) 81.2 kg B) 86.4 kg C) Not recorded",
    "a text of several lines": "A. 81.2 kg\nB. 86.4 kg\nC. Not recorded",
    "a list as JSON writes it": '["81.2 kg", "86.4 kg", "Not recorded"]',
    "a list as Python writes it": "['81.2 kg', '86.4 kg', 'Not recorded']",
    "an object as Python writes it": "{'A': '81.2 kg', 'B': '86.4 kg', 'C': 'Not recorded'}",
}


@pytest.mark.parametrize("container", [listed, lined, celled])
@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_choices_are_read_however_they_are_written(container: Any, choices: object) -> None:
    case = load(container({**EHRQA, "answer_choices": choices}), now=NOW).cases[0]
    assert (case.answer_choices, case.correct_answer) == (("81.2 kg", "86.4 kg", "Not recorded"), "B")


@pytest.mark.parametrize("answer", ["B", "b", "(B)", "B)", "B.", "86.4 kg", "86.4 KG", "B) 86.4 kg"])
def test_the_right_choice_is_named_by_letter_or_text(answer: str) -> None:
    assert loaded({**EHRQA, "correct_answer": answer}).correct_answer == "B"


GOLD = [
    ("6.4 %", (6.4,), "%", ""),
    ("1,250", (1250,), "", ""),
    ("-0.5", (-0.5,), "", ""),
    ("4.5 10*3/uL", (4.5,), "10*3/uL", ""),
    ("$1,234.50", (1234.5,), "USD", ""),
    ("58 years", (58,), "years", ""),
    ("2019-04-02", ("2019-04-02",), "", ""),
    ("2019-04-02T10:15:00-05:00", ("2019-04-02",), "", ""),
    ("2019-04", ("2019-04",), "", ""),
    ("April 2, 2019", ("2019-04-02",), "", ""),
    ("2 April 2019", ("2019-04-02",), "", ""),
    ("Yes", (True,), "", ""),
    ("No.", (False,), "", ""),
    ("Not recorded", (), "", ""),
    ("None", (), "", ""),
    ("2019", (), "", "2019"),
    ("2019-13-02", (), "", "2019-13-02"),
    ("04/02/2019", (), "", "04/02/2019"),
    ("120/80 mmHg", (), "", "120/80 mmHg"),
    ("5 Fluorouracil", (), "", "5 Fluorouracil"),
    ("Yes, twice", (), "", "Yes, twice"),
    ("Simvastatin 10 MG", (), "", "Simvastatin 10 MG"),
]


@pytest.mark.parametrize(("text", "answer", "unit", "words"), GOLD, ids=[text for text, *_ in GOLD])
def test_the_open_form_has_a_value_where_the_choice_is_one_and_words_else(
    text: str, answer: tuple[object, ...], unit: str, words: str
) -> None:
    case = loaded({**EHRQA, "answer_choices": [text, "another"], "correct_answer": "A"})
    assert repr((case.answer, case.unit, case.gold_text)) == repr((answer, unit, words))  # 1 equals True


class Read(NamedTuple):
    """What a changed row of a set is read as."""

    id: str
    row: Fields
    case: Fields


READ = [
    Read("ehrqa: what a row has besides", {
        **EHRQA, "id": 17, "category": "vital signs", "question_type": "latest", "now": "2025-06-30",
    }, {"id": "17", "category": "vital signs", "template": "latest", "now": date(2025, 6, 30)}),
    Read("ehrqa: a choice may be a single letter", {
        **EHRQA, "answer_choices": ["AB", "O", "B"], "correct_answer": "AB"
    }, {"answer_choices": ("AB", "O", "B"), "correct_answer": "A", "gold_text": "AB"}),
    Read("fhirpath-qa: a truth", {**FHIRPATH_QA, "answer": "[true]"}, {"answer": (True,), "match": "all"}),
    Read("fhirpath-qa: a time is a day, as written", {
        **FHIRPATH_QA, "answer": '["2180-05-07T23:15:00-04:00"]', "question_template_id": "time-lab-test",
    }, {"answer": ("2180-05-07",), "category": "dates"}),
    Read("fhirpath-qa: several names of one thing", {
        **FHIRPATH_QA, "answer": '["54868416700", "METO10I", "Metoclopramide"]', "question_template_id": "drug-name",
    }, {"answer": ("54868416700", "METO10I", "Metoclopramide"), "match": "any", "category": "values"}),
    Read("fhirpath-qa: a list", {
        **FHIRPATH_QA, "answer": '["2180-05-06", "2180-06-26"]', "question_template_id": "list-admission-times",
    }, {"answer": ("2180-05-06", "2180-06-26"), "match": "all", "category": "lists"}),
    Read("fhirpath-qa: nothing", {**FHIRPATH_QA, "answer": "[]"}, {"answer": ()}),
    Read("fhirpath-qa: an answer that is no text", {**FHIRPATH_QA, "answer": [2.5]}, {"answer": (2.5,)}),
    Read("fhirpath-qa: an answer in plain words", {**FHIRPATH_QA, "answer": "Void"}, {"answer": ("Void",)}),
    Read("fhirpath-qa: only the fields that it needs", {
        "patient_id": "p1", "question": "Is he dead?", "now": "2180-08-10", "answer": "[false]",
    }, {
        "id": "fhirpath-qa-00001", "patient": "p1", "now": date(2180, 8, 10), "answer": (False,),
        "view": "clinician", "category": "fhirpath-qa", "template": "fhirpath-qa",
    }),
    Read("fhir-agentbench: 1 is a number where the template counts", {
        **AGENTBENCH, "template": "Count the number of drugs patient {patient_id} were prescribed"
    }, {"answer": (1,)}),
    Read("fhir-agentbench: no", {**AGENTBENCH, "true_answer": "[[0]]"}, {"answer": (False,)}),
    Read("fhir-agentbench: rows, columns and quotes as numpy prints them", {
        **AGENTBENCH, "true_answer": "[['Ward A' 201.]\n [\"St. John's\" -38]\n [None True]\n [nan 1.5e-03]]"
    }, {"answer": ("Ward A", 201.0, "St. John's", -38, True, 0.0015)}),
    Read("fhir-agentbench: a time is a day", {
        **AGENTBENCH, "true_answer": "[['2111-01-16 07:02:00']]"
    }, {"answer": ("2111-01-16",)}),
    Read("fhir-agentbench: the gender is spelt out", {
        **AGENTBENCH, "true_answer": "[['F']]", "template": "What is the gender of patient {patient_id}?"
    }, {"answer": ("female",)}),
    Read("fhir-agentbench: nothing", {**AGENTBENCH, "true_answer": "[]"}, {"answer": ()}),
    Read("fhir-agentbench: no answer", {**AGENTBENCH, "true_answer": "no answer"}, {"answer": ()}),
    Read("fhir-agentbench: nothing but nulls", {**AGENTBENCH, "true_answer": "[[None]]"}, {"answer": ()}),
    Read("fhir-agentbench: an answer that is no array", {**AGENTBENCH, "true_answer": 12}, {"answer": (12,)}),
    Read("fhir-agentbench: assumptions are asked, but for the clock and letter case", {
        **AGENTBENCH,
        "assumption": "Assume the current time is 2137-12-31 23:59:00. When searching for values in the database,"
        " account for all variations in letter case. I want the sum of the results.",
    }, {
        "question": "Had patient 10000001 any surgery last year? I want the sum of the results.",
        "now": date(2137, 12, 31),
    }),
    Read("fhir-agentbench: without assumption the given clock", {**AGENTBENCH, "assumption": ""}, {"now": NOW}),
    Read("fhir-agentbench: resources as an object", {
        **AGENTBENCH, "true_fhir_ids": {"Patient": ["ab-12"]}
    }, {"resources": ("Patient/ab-12",)}),
    Read("fhir-agentbench: no resources", {**AGENTBENCH, "true_fhir_ids": ""}, {"resources": ()}),
    Read("medagentbench: -1 is a measurement that is not there", {**MEDAGENT, "sol": [-1]}, {"answer": ()}),
    Read("medagentbench: a mean has the tolerance of the set", {
        **MEDAGENT, "id": "task6_30", "sol": [89.888]
    }, {"answer": (89.888,), "tolerance": 0.1, "template": "glucose-mean"}),
    Read("medagentbench: an age", {
        **MEDAGENT, "id": "task2_3", "sol": [61], "instruction": "How old is S1234567?",
        "context": "It's 2023-11-13T10:15:00+00:00 now, and the answer should be rounded down to an integer.",
    }, {"question": "How old is S1234567?", "answer": (61,), "unit": "", "now": date(2023, 11, 13)}),
    Read("medagentbench: without context the given clock", {
        **MEDAGENT, "id": "task1_1", "context": "", "sol": ["S1234567"],
        "instruction": 'What’s the MRN of Ada Moser? If there is none, the answer should be "Patient not found"',
    }, {"question": "What’s the MRN of Ada Moser?", "answer": ("S1234567",), "now": NOW}),
]  # fmt: skip


@pytest.mark.parametrize("read", READ, ids=lambda read: read.id)
def test_a_row_is_read_as_its_set_means_it(read: Read) -> None:
    assert repr(shown(loaded(read.row), read.case)) == repr(read.case)  # 1 equals True


def test_the_csv_of_fhir_agentbench_may_hold_thousands_of_gold_resources() -> None:
    ids = {"Observation": [f"{n:036d}" for n in range(9000)]}
    case = load(celled({**AGENTBENCH, "true_fhir_ids": str(ids)})).cases[0]
    assert len(case.resources) == 9000


def test_medagentbench_has_its_own_clock() -> None:
    assert loaded({**MEDAGENT, "context": ""}, now=None).now == medagentbench.CLOCK


def test_what_is_no_question_for_us_is_left_out_and_counted() -> None:
    without_gold = {name: value for name, value in MEDAGENT.items() if name != "sol"}
    writing = [{**MEDAGENT, "id": f"task{kind}_1"} for kind in (3, 5, 8, 9, 10)]
    nobody = {**MEDAGENT, "id": "task1_30", "sol": ["Patient not found"], "eval_MRN": None}
    made = load(listed(*writing, MEDAGENT, {**without_gold, "id": "task4_2"}, nobody))
    assert [case.id for case in made.cases] == ["task4_1"]
    assert made.left_out == {
        "the task writes to the record": 5,
        "no sol: the answer is computed on the authors' server": 1,
        "no eval_MRN: the task is about nobody": 1,
    }


def test_an_answer_that_its_publisher_cut_is_left_out_and_counted() -> None:
    cut = {**AGENTBENCH, "question_id": "cut", "true_answer": "[['a']\n ...\n ['z']]"}
    spelt = {**AGENTBENCH, "question_id": "spelt", "true_answer": "[['to be continued ...']]"}
    made = load(celled(cut, spelt))
    assert made.left_out == {"true_answer is cut ('...')": 1}
    assert [case.answer for case in made.cases] == [("to be continued ...",)]


class Bad(NamedTuple):
    """A file that does not load, and the whole message."""

    id: str
    rows: list[Fields]
    message: str
    container: Any = listed
    now: date | None = NOW


def without(row: Fields, field: str) -> Fields:
    return {name: value for name, value in row.items() if name != field}


BAD = [
    Bad("ehrqa: a missing field", [EHRQA, without(EHRQA, "question")],
        f"set.json row 2 id 'ehrqa-00002' question None: expected field required, e.g. {ehrqa.EXAMPLE!r}."),
    Bad("ehrqa: an empty cell", [EHRQA, {**EHRQA, "correct_answer": ""}],
        f"set.csv row 2 id 'ehrqa-00002' correct_answer None: expected field required, e.g. {ehrqa.EXAMPLE!r}.",
        container=celled),
    Bad("ehrqa: an id twice", [{**EHRQA, "id": "q1"}, {**EHRQA, "id": "q1"}],
        f"set.json row 2 id 'q1': expected each id once, e.g. {ehrqa.EXAMPLE!r}."),
    Bad("ehrqa: no clock", [EHRQA],
        "--now None: expected the clock, for set.json row 1 id 'ehrqa-00001' names none, e.g. '2026-01-01'.", now=None),
    Bad("ehrqa: one choice", [{**EHRQA, "answer_choices": ["81.2 kg"]}],
        "set.json row 1 id 'ehrqa-00001' answer_choices ['81.2 kg']: expected two to eight different choices: a list,"
        f" an object from letter to text, or one text 'A) … B) …', e.g. {ehrqa.EXAMPLE!r}."),
    Bad("ehrqa: two choices that are one", [{**EHRQA, "answer_choices": ["Asthma", "asthma"]}],
        "set.json row 1 id 'ehrqa-00001' answer_choices ['Asthma', 'asthma']: expected two to eight different choices:"
        f" a list, an object from letter to text, or one text 'A) … B) …', e.g. {ehrqa.EXAMPLE!r}."),
    Bad("ehrqa: choices with other letters", [{**EHRQA, "answer_choices": {"A": "yes", "C": "no"}}],
        "set.json row 1 id 'ehrqa-00001' answer_choices {'A': 'yes', 'C': 'no'}: expected two to eight different"
        f" choices: a list, an object from letter to text, or one text 'A) … B) …', e.g. {ehrqa.EXAMPLE!r}."),
    Bad("ehrqa: choices that are no list", [{**EHRQA, "answer_choices": "yes or no"}],
        "set.json row 1 id 'ehrqa-00001' answer_choices 'yes or no': expected two to eight different choices: a list,"
        f" an object from letter to text, or one text 'A) … B) …', e.g. {ehrqa.EXAMPLE!r}."),
    Bad("ehrqa: an answer that is no choice", [{**EHRQA, "correct_answer": "D"}],
        "set.json row 1 id 'ehrqa-00001' correct_answer 'D': expected exactly one of the 3 choices, by its letter or"
        f" its text, e.g. {ehrqa.EXAMPLE!r}."),
    Bad("ehrqa: a letter that is a text, too", [{**EHRQA, "answer_choices": ["O", "A"], "correct_answer": "A"}],
        "set.json row 1 id 'ehrqa-00001' correct_answer 'A': expected exactly one of the 2 choices, by its letter or"
        f" its text, e.g. {ehrqa.EXAMPLE!r}."),
    Bad("fhirpath-qa: the large file has no answers", [without(FHIRPATH_QA, "answer")],
        f"set.jsonl line 2 id '0a1b' answer None: expected field required, e.g. {fhirpath_qa.EXAMPLE!r}.",
        container=lined),
    Bad("fhirpath-qa: an answer of objects", [{**FHIRPATH_QA, "answer": '[{"value": 2}]'}],
        "set.json row 1 id '0a1b' answer '[{\"value\": 2}]': expected a JSON list of true or false, numbers and"
        f" texts, e.g. {fhirpath_qa.EXAMPLE!r}."),
    Bad("fhirpath-qa: null", [{**FHIRPATH_QA, "answer": None}],
        "set.json row 1 id '0a1b' answer None: expected a JSON list of true or false, numbers and texts, e.g."
        f" {fhirpath_qa.EXAMPLE!r}."),
    Bad("fhir-agentbench: no id", [without(AGENTBENCH, "question_id")],
        f"set.json row 1 question_id None: expected an id, e.g. {fhir_agentbench.EXAMPLE!r}."),
    Bad("fhir-agentbench: no clock", [{**AGENTBENCH, "assumption": ""}],
        "--now None: expected the clock, for set.csv row 1 id '7bb4' names none, e.g. '2300-01-01'.",
        container=celled, now=None),
    Bad("fhir-agentbench: an answer that numpy does not print", [{**AGENTBENCH, "true_answer": "[[Ward A]]"}],
        "set.json row 1 id '7bb4' true_answer '[[Ward A]]': expected an array as numpy prints it, e.g."
        f" {fhir_agentbench.EXAMPLE!r}."),
    Bad("fhir-agentbench: resources without types", [{**AGENTBENCH, "true_fhir_ids": "['x1']"}],
        "set.json row 1 id '7bb4' true_fhir_ids \"['x1']\": expected an object from type to list of ids, e.g."
        f" {fhir_agentbench.EXAMPLE!r}."),
    Bad("fhir-agentbench: resources cut off", [{**AGENTBENCH, "true_fhir_ids": "{'Patient': ['x"}],
        "set.json row 1 id '7bb4' true_fhir_ids \"{'Patient': ['x\": expected an object from type to list of ids, e.g."
        f" {fhir_agentbench.EXAMPLE!r}."),
    Bad("medagentbench: another task", [{**MEDAGENT, "id": "task11_1"}],
        f"set.json row 1 id 'task11_1': expected task1_1 to task10_30, e.g. {medagentbench.EXAMPLE!r}."),
    Bad("medagentbench: nothing that asks", [{**MEDAGENT, "id": "task3_1"}, {**MEDAGENT, "id": "task8_1"}],
        "--questions 'set.json': expected at least one question that can be asked (2 left out: the task writes to the"
        f" record), e.g. {medagentbench.EXAMPLE!r}."),
    Bad("own: an id twice", [OWN, OWN],
        f"set.jsonl line 3 id 'q1': expected each id once, e.g. {dataset.EXAMPLE!r}.", container=lined),
    Bad("no known form", [{"text": "How old is she?", "label": "58"}],
        "set.json fields ['label', 'text']: expected the fields of a known set (own: patient, question; ehrqa:"
        " answer_choices, correct_answer, patient_id; fhir-agentbench: patient_fhir_id, true_answer; medagentbench:"
        f" instruction; fhirpath-qa: now, patient_id, question), e.g. {dataset.EXAMPLE!r}."),
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_a_row_that_is_wrong_is_named_by_place_id_and_field(bad: Bad) -> None:
    path = bad.container(*bad.rows)
    with pytest.raises(BadArgument) as raised:
        load(path, now=bad.now)
    assert str(raised.value) == bad.message


FILES = [
    ("nothing", b"", "--questions 'set': expected at least one question"),
    ("an empty list", b"[]", "--questions 'set': expected at least one question"),
    ("a header alone", b"patient_id,question\n", "--questions 'set': expected at least one question"),
    ("half a list", b'[{"id": "q1"},', "--questions 'set': expected a JSON list (unexpected end of data: line 1"
     " column 15 (char 14))"),
    ("a list of texts", b'["q1"]', "set row 1 'q1': expected one JSON object"),
    ("a line that is no JSON", b'{"id": "q1"}\n{', "set line 2 '{': expected one JSON object (unexpected end of"
     " data: line 1 column 2 (char 1))"),
    ("a row that is too long", b"a,b\n1,2,3\n", "set row 1 ['1', '2', ['3']]: expected as many cells as the header"
     " has"),
    ("a row that is too short", b"a,b\n1,2\n3\n", "set row 2 ['3']: expected as many cells as the header has"),
    ("a quote that is left open", b'a,b\n1,"2\n', "--questions 'set': expected CSV in UTF-8 (unexpected end of"
     " data)"),
    ("another encoding", b"a,b\n1,\xe9\n", "--questions 'set': expected CSV in UTF-8 ('utf-8' codec can't decode"
     " byte 0xe9 in position 6: invalid continuation byte)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"), [case[1:] for case in FILES], ids=[case[0] for case in FILES]
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, message: str) -> None:
    path = Path("set")
    path.write_bytes(content)
    with pytest.raises(BadArgument) as raised:
        load(path)
    assert str(raised.value) == f"{message}, e.g. {dataset.EXAMPLE!r}."


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(BadArgument) as raised:
        load(Path("set.csv"))
    assert str(raised.value) == (
        "--questions 'set.csv': expected a file that can be read (No such file or directory), e.g."
        f" {dataset.EXAMPLE!r}."
    )


def test_a_format_that_is_unknown_is_named() -> None:
    with pytest.raises(BadArgument) as raised:
        load(listed(EHRQA), fmt="medqa")  # type: ignore[arg-type]
    assert str(raised.value) == (
        "--format 'medqa': expected one of auto, own, ehrqa, fhirpath-qa, fhir-agentbench, medagentbench,"
        " e.g. 'ehrqa'."
    )


FIXTURES = [
    ("Adelina Maggio", "When was she born?", "A) 1976-11-01 B) 1967-11-01 C) 1967-01-11 D) 1966-11-01", "B"),
    (
        "Adelina Maggio",
        "What was her latest hemoglobin A1c?",
        "A) 7.3 % B) 6.3 % C) 8.1 % D) Not recorded",
        "7.3 %",
    ),
    ("Adelina Maggio", "How many vaccinations has she had?", "A) 80 B) 79 C) 81 D) 82", "C"),
    ("Maria Cristina Paz", "Which allergies are on record?", "A) Latex B) Penicillin C) None recorded", "C"),
    ("Maria Cristina Paz", "When did she last get a flu shot?", "A) 2022-11-28 B) 2024-08-19", "2024-08-19"),
    ("Ty Olson", "Does the patient have epilepsy?", "A) No B) Yes", "B"),
]


def test_a_set_about_the_fixtures_is_answered_with_the_right_letters(tmp_path: Path) -> None:
    fields = ("patient_id", "question", "answer_choices", "correct_answer")
    path = celled(*(dict(zip(fields, row, strict=True)) for row in FIXTURES))
    cases = load(path, now=fhir_fixtures.REFERENCE_DATE).cases
    source = open_location(str(fhir_fixtures.records()), cache=tmp_path / "cache")
    assistant = Assistant(source, model="none")
    chosen = [assistant.ask(c.patient, c.question, now=c.now, choices=c.answer_choices).choice for c in cases]
    assert chosen == [case.correct_answer for case in cases] == ["B", "A", "C", "C", "B", "B"]
