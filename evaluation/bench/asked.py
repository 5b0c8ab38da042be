"""What to ask: a question file, or wordings of many kinds asked of every patient -> questions by patient."""

from datetime import date
from pathlib import Path

from agent.cli.questions import Question, by_patient, load
from tools.sources import RecordSource

WORDINGS = (
    "How old is the patient?",
    "What is the phone number on file?",
    "Who is the primary care doctor?",
    "Summarise this patient.",
    "What are the active problems?",
    "When was diabetes diagnosed, and at what age?",
    "Has there ever been a stroke?",
    "How many different diagnoses are recorded?",
    "Did the diabetes come before the high blood pressure?",
    "Which medications is the patient taking at the moment?",
    "When was metformin first prescribed?",
    "How many prescriptions for lisinopril were written since 2015?",
    "Is the patient on a blood thinner?",
    "Was the patient on metformin when admitted?",
    "What was the last A1c?",
    "What was the highest systolic blood pressure last year?",
    "Mean body weight in the past five years?",
    "How has the BMI changed since 2012?",
    "Was the glucose ever above 200?",
    "How often was cholesterol measured?",
    "What are the latest vital signs?",
    "Last metabolic panel please",
    "Which lab results were out of the reference range?",
    "Show the trend of creatinine.",
    "What was the A1c before and after starting insulin?",
    "List all procedures in the past two years.",
    "When was the last colonoscopy?",
    "Has the patient had any imaging?",
    "How many emergency visits were there?",
    "Why was the patient admitted to the hospital the last time?",
    "How long did the longest hospital stay last?",
    "What happened during the last admission?",
    "Which vaccines were given?",
    "When was the last flu shot?",
    "What is the patient allergic to?",
    "Is there a care plan?",
    "What are the goals?",
    "Are there any implanted devices?",
    "Do the notes mention chest pain?",
    "How much was billed last year?",
    "Who insures the patient?",
    "What happened in 2019?",
    "What has been going on lately?",
    "Should the patient take more insulin?",
)
"""Every kind of question that the assistant answers, and one that it declines."""


def questions(source: RecordSource, file: Path | None, now: date) -> list[tuple[Question, ...]]:
    """Return the questions patient by patient.

    Args:
        source: whose patients are asked about where there is no file.
        file: JSON lines as for `fhir-assistant answer`, each with its clock; None for the wordings above.
        now: the clock of the wordings above.

    Raises:
        BadArgument: the file is missing or wrong.
    """
    if file:
        return list(by_patient(load(file, None)))
    return [
        tuple(Question(f"{n}-{i}", person.reference, text, now) for i, text in enumerate(_turned(n)))
        for n, person in enumerate(source.patients())
    ]


def _turned(number: int) -> tuple[str, ...]:
    """Begin elsewhere for every patient, so that no one kind of question pays for what is loaded first."""
    start = number * 7 % len(WORDINGS)
    return WORDINGS[start:] + WORDINGS[:start]
