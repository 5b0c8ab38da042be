"""A scorer that cannot fail is a defect: corrupt the gold or the answer, and right turns into wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from evaluation.dataset import Case, Value, load
from evaluation.scorers import score
from tests.evaluation.corruptions import Values, changed, letters, longer, names, shorter
from tests.evaluation.entries_for_tests import case, result

COMMITTED = Path(__file__).parents[2] / "fhir_fixtures" / "ehrqa.jsonl"
ANY: dict[str, Any] = {"match": "any"}
HAND: list[tuple[str, str, list[Value], dict[str, Any]]] = [
    ("demographics", "How old is she?", [58], {"unit": "a"}),
    ("demographics", "When was he born?", ["1967-11-30"], {}),
    ("demographics", "What is her phone number?", ["555-212-7743"], {}),
    ("demographics", "Is he deceased?", [False], {}),
    ("demographics", "Which languages does she speak?", ["English", "Spanish"], {}),
    ("conditions", "Has she ever had a stroke?", [True], {}),
    ("conditions", "When did the hypertension begin?", ["2009-12-31"], {}),
    ("conditions", "What are the active problems?", ["Hypertension (disorder)", "Gout", "Obesity (finding)"], {}),
    ("conditions", "How many conditions have resolved?", [12], {}),
    ("conditions", "Which diagnosis was made last?", ["Viral sinusitis (disorder)", "Anemia"], ANY),
    ("medications", "What is she taking?", ["Metformin 500 MG Oral Tablet", "Simvistatin 10 MG"], {}),
    ("medications", "How often was amoxicillin prescribed?", [1], {}),
    ("medications", "Is he on a blood thinner?", [True], {}),
    ("medications", "When was lisinopril started?", ["2016-02-29"], {}),
    ("medications", "What dose of naproxen is it?", [220], {"unit": "mg"}),
    ("labs", "What is the latest HbA1c?", [6.4], {"unit": "%"}),
    ("labs", "What was the highest glucose?", [138.72], {"unit": "mg/dL"}),
    ("labs", "What is the latest potassium?", [4.05], {"unit": "mmol/L", "tolerance": 0.01}),
    ("labs", "When was the lowest platelet count?", ["2020-01-01", "2021-01-01"], ANY),
    ("labs", "Was the LDL above 130?", [False], {}),
    ("vitals", "What was the blood pressure?", [120, 80], {"unit": "mm[Hg]"}),
    ("vitals", "What does she weigh?", [71.55292033780322], {"unit": "kg"}),
    ("vitals", "By how much did the weight change?", [-3.5], {"unit": "kg"}),
    ("vitals", "How many readings were above 140?", [1001], {}),
    ("vitals", "What is his pain score?", [0], {}),
    ("procedures", "When was the appendectomy?", ["2020-03-01"], {}),
    ("procedures", "Which procedures were done in 2019?", ["Colonoscopy", "Spirometry (procedure)"], {}),
    ("procedures", "Has he had a chest X-ray?", [False], {}),
    ("procedures", "How many devices are implanted?", [2], {}),
    ("procedures", "Which procedure came first?", ["Suture open wound"], {}),
    ("encounters", "How long was the last stay?", [14], {"unit": "d"}),
    ("encounters", "Who saw her last?", ["Dr. Ana María Ortiz186"], {}),
    ("encounters", "What did he pay in all?", [12345.67], {"unit": "USD"}),
    ("encounters", "When was the last visit?", ["2025-12-31T09:30:00+01:00"], {}),
    ("encounters", "Was she ever admitted?", [True], {}),
    ("prevention", "Which vaccines has she had?", ["Influenza", "Td", "Hepatitis B (Hep B)"], {}),
    ("prevention", "When was the last flu shot?", ["2021-10-05"], {}),
    ("prevention", "Is he allergic to penicillin?", [True], {}),
    ("prevention", "How many doses of the COVID-19 vaccine?", [3], {}),
    ("prevention", "Which allergies are recorded?", ["Latex (substance)"], {}),
    ("time", "Which came first, asthma or eczema?", ["Eczema"], {}),
    ("time", "How old was he when the asthma began?", [9], {"unit": "a"}),
    ("time", "How many days lie between them?", [1826], {"unit": "d"}),
    ("time", "In which month did it begin?", ["2009-12"], {}),
    ("time", "Was it before the operation?", [True], {}),
    ("absent", "What is the blood group?", [], {}),
    ("absent", "When was the heart transplant?", [], {}),
    ("absent", "How often was she dialysed?", [0], {}),
    ("absent", "Has she ever had malaria?", [False], {}),
    ("absent", "Which antivirals did he take?", [], {}),
]  # fmt: skip
BY_HAND = [
    case(
        f"{category}-{place}",
        category=category,
        question=question,
        answer=tuple(gold),
        answer_choices=("w", "x", "y", "z"),
        correct_answer="ABCD"[place % 4],
        **{"unit": "", **more},
    )
    for place, (category, question, gold, more) in enumerate(HAND)
]


def verdict(asked: Case, values: Values) -> str:
    return score(asked, result(asked, values=values)).verdict


def corrupted_gold(asked: Case, others: Sequence[Value]) -> Iterator[tuple[str, Case]]:
    """The case with other gold; one value more in a gold of which any is right takes nothing from an answer."""
    more = () if asked.match == "any" else longer(asked, others)
    for what, gold in (*changed(asked, others), *shorter(asked), *more):
        yield what, asked.model_copy(update={"answer": gold})


def corrupted_answers(asked: Case, others: Sequence[Value]) -> Iterator[tuple[str, Values]]:
    """Other answers; one value less where any is right is right all the same."""
    less = () if asked.match == "any" and len(asked.answer) > 1 else shorter(asked)
    yield from (*changed(asked, others), *longer(asked, others), *less)


def survivors(cases: Sequence[Case]) -> tuple[list[Any], Counter[str]]:
    """What was corrupted and not found out, and how much was corrupted, by category."""
    found: list[Any] = []
    tried: Counter[str] = Counter()
    pool = names(cases)
    for asked in cases:
        others = pool.get(asked.category, ())
        silent = "wrong" if asked.answer else "abstained"
        for what, other in corrupted_gold(asked, others):
            tried[asked.category] += 1
            if verdict(other, asked.answer) != silent:
                found.append((asked.id, what, asked.answer, other.answer))
        for what, values in corrupted_answers(asked, others):
            tried[asked.category] += 1
            if verdict(asked, values) != ("wrong" if values else "abstained"):
                found.append((asked.id, what, asked.answer, values))
    return found, tried


def wrong_letters(cases: Sequence[Case]) -> list[str]:
    """Ids of the cases in which another letter is not wrong."""
    return [
        asked.id
        for asked in cases
        for letter in letters(asked)
        if score(asked, result(asked, form="choice", choice=letter)).verdict != "wrong"
    ]


def not_right(cases: Sequence[Case]) -> list[str]:
    """Ids of the cases in which the gold answer, or the right letter, is not right."""
    lettered = [asked for asked in cases if asked.answer_choices]
    return [asked.id for asked in cases if verdict(asked, asked.answer) != "right"] + [
        asked.id
        for asked in lettered
        if score(asked, result(asked, form="choice", choice=asked.correct_answer)).verdict != "right"
    ]


def test_there_are_five_cases_of_each_category() -> None:
    assert Counter(asked.category for asked in BY_HAND) == dict.fromkeys(
        ("demographics", "conditions", "medications", "labs", "vitals", "procedures", "encounters", "prevention",
         "time", "absent"), 5,
    )  # fmt: skip


def test_gold_answers_are_right() -> None:
    assert not_right(BY_HAND) == []


def test_whatever_is_corrupted_by_hand_is_wrong() -> None:
    found, tried = survivors(BY_HAND)
    assert found == []
    assert min(tried.values()) >= 20
    assert wrong_letters(BY_HAND) == []


@pytest.mark.skipif(
    not COMMITTED.exists(), reason="the committed set is not built yet: fhir_fixtures/ehrqa.jsonl"
)
def test_whatever_is_corrupted_in_the_committed_set_is_wrong() -> None:
    cases = load(COMMITTED)
    assert not_right(cases) == []
    found, tried = survivors(cases)
    assert found == []
    assert set(tried) == {asked.category for asked in cases}
    assert wrong_letters(cases) == []
