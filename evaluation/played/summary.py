"""Judged answers -> what is counted of them, for each kind of question and for all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evaluation.played.verdicts import Judged
from tools.calls.errors import BadArgument


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Some questions together.

    Attributes:
        questions: how many.
        right, wrong, as_computed, abstained: how many of them, as `Judged.verdict`.
        drafted: for how many the model wrote a draft.
        refused: of how many the check refused something of the first draft.
        model_calls, prompt_tokens: median and most of a question.
    """

    questions: int
    right: int
    wrong: int
    as_computed: int
    abstained: int
    drafted: int
    refused: int
    model_calls: tuple[float, int]
    prompt_tokens: tuple[float, int]


ALL = "all"


def by_kind(answers: Sequence[Judged]) -> dict[str, Summary]:
    """Return what is counted of each kind, in the order of the questions, and at the end of all together.

    Raises:
        BadArgument: there are no answers.
    """
    if not answers:
        raise BadArgument("answers", [], "at least one answer", "a file with a question")
    kinds = dict.fromkeys(answer.kind for answer in answers)
    told = {kind: _summary([answer for answer in answers if answer.kind == kind]) for kind in kinds}
    return {**told, ALL: _summary(answers)}


def _summary(answers: Sequence[Judged]) -> Summary:
    verdicts = Counter(answer.verdict for answer in answers)
    calls = [answer.model_calls for answer in answers]
    tokens = [answer.prompt_tokens for answer in answers]
    return Summary(
        questions=len(answers),
        right=verdicts["right"],
        wrong=verdicts["wrong"],
        as_computed=verdicts["as computed"],
        abstained=verdicts["abstained"],
        drafted=sum(answer.drafted for answer in answers),
        refused=sum(bool(answer.refused) for answer in answers),
        model_calls=(median(calls), max(calls)),
        prompt_tokens=(median(tokens), max(tokens)),
    )
