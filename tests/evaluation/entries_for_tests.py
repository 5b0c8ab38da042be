"""Entries for tests: one by one, or as many as a full set has."""

import random
from datetime import date
from typing import Any

from evaluation.dataset import Case, Form
from evaluation.entries import Entry
from evaluation.result import Result, Stage
from evaluation.score import Score, Verdict

NOW = date(2026, 1, 1)
CATEGORIES = (
    "demographics and contact", "conditions", "medications", "laboratory results", "vital signs",
    "procedures, imaging and devices", "encounters, providers and costs", "immunizations and allergies",
    "time", "absent and unanswerable",
)  # fmt: skip


def case(id: str = "q1", **fields: Any) -> Case:
    given: dict[str, Any] = {
        "patient": "p1", "question": f"What is {id}?", "now": NOW, "category": "conditions", "template": "latest",
        "answer": (6.4,), "unit": "%", "answer_choices": ("6.3 %", "6.4 %"), "correct_answer": "B",
    }  # fmt: skip
    return Case(id=id, **{**given, **fields})


def result(asked: Case, **fields: Any) -> Result:
    given: dict[str, Any] = {"form": "open", "solver": "agent", "model": "none", "answer": "It was 6.4 %."}
    same = {
        "id": asked.id,
        "patient": asked.patient,
        "question": asked.question,
        "now": asked.now.isoformat(),
    }
    return Result(**{**given, **same, **fields})


def entry(
    id: str = "q1",
    verdict: Verdict = "right",
    form: Form = "open",
    run: int = 1,
    *,
    asked: dict[str, Any] | None = None,
    said: dict[str, Any] | None = None,
    **scored: Any,
) -> Entry:
    question = case(id, **(asked or {}))
    answered = result(question, form=form, run=run, **(said or {}))
    return Entry(question, answered, Score(id=id, form=form, run=run, verdict=verdict, **scored))


def verdicts(**counts: int) -> list[Entry]:
    """As many entries of each verdict, each of another patient."""
    told = [verdict for verdict, count in counts.items() for _ in range(count)]
    return [entry(f"q{n}", verdict, asked={"patient": f"p{n}"}) for n, verdict in enumerate(told)]  # type: ignore[arg-type]


def full_set(questions: int = 3_800, wrong: float = 0.03, seed: int = 1) -> list[Entry]:
    """Questions of 19 patients in ten categories, each in both forms, with plans, evidence and costs."""
    draw = random.Random(seed)
    return [
        _drawn(draw, f"{place % 19:02d}-{place:04d}", place, form, wrong)
        for place in range(questions)
        for form in ("open", "choice")
    ]


def _drawn(draw: random.Random, id: str, place: int, form: str, wrong: float) -> Entry:
    asking = random.Random(place)
    chance = wrong * (0.3 + place % 10 / 5)
    verdict = draw.choices(
        ("right", "wrong", "abstained", "failed"), (1 - chance, chance / 3, chance / 2, chance / 6)
    )[0]
    references = tuple(
        f"Observation/{asking.getrandbits(128):032x}" for _ in range(asking.choice((1, 1, 2, 5, 20)))
    )
    prompt, said, seconds = draw.randint(500, 1900), draw.randint(20, 120), draw.lognormvariate(0.2, 0.5)
    asked = {
        "patient": f"Patient/{place % 19:032x}",
        "question": f"What was the highest systolic blood pressure since {1990 + place % 30}, and when was it?",
        "category": CATEGORIES[place % 10],
        "template": f"kind-{place % 130}",
        "view": asking.choice(("clinician", "patient")),
        "record_size": 400 + 130 * (place % 19),
        "steps": 1 + place % 3,
        "resources": references,
        "answer_choices": ("6.3 %", "6.4 %", "6.5 %", "7.4 %"),
    }
    call = {
        "tool": "measure",
        "arguments": {"concept": "systolic", "statistic": "max", "period": "since 2015"},
    }
    answered = {
        "answer": f"The highest one was {draw.randint(110, 180)} mm[Hg] on 2019-03-0{1 + place % 9} [1].",
        "values": (6.4,),
        "choice": "B" if form == "choice" else "",
        "failed": "no answer within 60 s" if verdict == "failed" else "",
        "abstained": verdict == "abstained",
        "evidence": references,
        "citations": references[:3],
        "grounded": True,
        "unsupported": ("“on Tuesday”: no fact says so",) if draw.random() < 0.08 else (),
        "plan": (call,),
        "model_calls": 2,
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "seconds": seconds,
        "stages": {
            "plan": Stage(model_calls=1, prompt_tokens=prompt // 2, completion_tokens=said // 2, seconds=seconds / 2),
            "write": Stage(model_calls=1, prompt_tokens=prompt // 2, completion_tokens=said // 2, seconds=seconds / 2),
        },
    }  # fmt: skip
    scored = {
        "answer": (6.4,),
        "reason": "6.4 is within 0.05 of 6.4",
        "scorer": "number",
        "retrieval_precision": draw.choice((1.0, 1.0, 0.5)),
        "retrieval_recall": 1.0,
        "citation_precision": 1.0,
        "citation_recall": draw.choice((1.0, 0.15)),
    }
    return entry(id, verdict, form, asked=asked, said=answered, **scored)  # type: ignore[arg-type]
