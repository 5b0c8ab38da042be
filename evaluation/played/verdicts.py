"""An answer and what a right one says -> the verdict, what is missing, and how the answer came about.

An answer that is not right is wrong only if it is the model's: facts that stand in the place of refused words, or an
answer that claims nothing, say nothing false.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.answer import Answer, Outcome
from agent.findings import without_sources
from agent.wording import FALLEN_BACK
from evaluation.dataset import Value
from evaluation.played.chat import Change, Play
from evaluation.played.questions import PlayedQuestion
from evaluation.scorers.extracting import numbers
from evaluation.scorers.values import same

PlayedVerdict = Literal["right", "wrong", "as computed", "abstained"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The answer to one question.

    Attributes:
        id, kind: of the question.
        verdict: "right": it says all that it must. Else "as computed": the built-in writer's facts stand in for the
            model's words, or for some of them; "abstained": it claims nothing, or none of the options; "wrong".
        missing: what it must say and does not.
        gold: the right answer in words.
        answer, assessment: as given, with their sources; "" for no assessment.
        choice: the letter that was chosen, "" if none.
        outcome: how the question ended.
        fallback: why the built-in planner or writer stood in, "" if none did.
        drafted: the model wrote a draft.
        refused: what the check refused of its first draft, with the reason.
        model_calls: how often the model was asked.
        prompt_tokens: of all prompts together, estimated as Gemma counts them.
        changes: prompts that are others than those that the kept replies answered.
        unanswered: the form of the prompt to which nobody replied, "" if none.
    """

    id: str
    kind: str
    verdict: PlayedVerdict
    missing: tuple[str, ...]
    gold: str
    answer: str
    assessment: str
    choice: str
    outcome: Outcome
    fallback: str
    drafted: bool
    refused: tuple[str, ...]
    model_calls: int
    prompt_tokens: int
    changes: tuple[Change, ...]
    unanswered: str


def judged(question: PlayedQuestion, answer: Answer, play: Play, checks: Sequence[dict[str, Any]]) -> Judged:
    """Return what became of a question.

    Args:
        question: with what a right answer says.
        answer: the one that was given.
        play: of this question, at its end.
        checks: the data of the "check" steps of its run, in their order.
    """
    drafted = any(reply.form == "findings" for reply in play.replies)
    missing = _missing(question, answer)
    refused = checks[0]["unsupported"] if drafted and checks else ()
    return Judged(
        id=question.id,
        kind=question.kind,
        verdict=_verdict(question, answer, missing),
        missing=tuple(missing),
        gold=question.gold,
        answer=answer.answer,
        assessment=_assessment(answer),
        choice=answer.choice,
        outcome=answer.outcome,
        fallback=answer.fallback,
        drafted=drafted,
        refused=tuple(f"{each['text']} ({each['reason']})" for each in refused),
        model_calls=answer.usage.model_calls,
        prompt_tokens=play.prompt_tokens,
        changes=tuple(play.changes),
        unanswered=play.unanswered,
    )


def _verdict(question: PlayedQuestion, answer: Answer, missing: Sequence[str]) -> PlayedVerdict:
    if not missing:
        return "right"
    if answer.fallback or FALLEN_BACK in answer.answer:
        return "as computed"
    nothing = answer.abstained or (question.option and not answer.choice)
    return "abstained" if nothing else "wrong"


def _missing(question: PlayedQuestion, answer: Answer) -> list[str]:
    """Return what a right answer says and this one does not; of a wrong option its letter."""
    text = without_sources(f"{answer.answer} {_assessment(answer)}")
    missing = [str(each) for each in question.must if not _says(text, answer.values, each)]
    right_option = question.option in ("", answer.choice)
    return missing if right_option else [question.option, *missing]


def _says(text: str, values: Sequence[Value], wanted: Value) -> bool:
    if isinstance(wanted, bool):
        return wanted in [value for value in values if isinstance(value, bool)]
    if isinstance(wanted, str):
        return bool(re.search(wanted, " ".join([text, *map(str, values)]), re.IGNORECASE))
    return any(same(wanted, given) for given in [*numbers(text), *values])


def _assessment(answer: Answer) -> str:
    return answer.assessment.text if answer.assessment else ""
