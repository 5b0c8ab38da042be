"""A judge and answers that people labelled -> how often they agree.

Its sentence stands beside every number that the judge made. The labelled answers are invented: paraphrases, other
units, parts of lists, claims too many, negations, silence, orders to the judge.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from evaluation.dataset import Case
from evaluation.lines import Line, read
from evaluation.metrics.intervals import share
from evaluation.score import Verdict
from evaluation.scorers.scoring import Judging
from tools.calls.errors import BadArgument

PATH = Path(__file__).with_name("labelled.jsonl")
EXAMPLE = (
    '{"id": "u1", "question": "How tall is she?", "gold": "170 cm", "answer": "1.7 m", "verdict": "right"}'
)


class Labelled(Line):
    """An answer that people judged.

    Attributes:
        id: what is tricky about it, with a number.
        question: as asked.
        gold: the gold answer in words; "not recorded" if the record does not say.
        answer: the text to judge.
        verdict: people's.
    """

    id: str
    question: str
    gold: str
    answer: str
    verdict: Literal["right", "wrong", "abstained"]

    @property
    def case(self) -> Case:
        """The question as a judge gets it."""
        return Case(
            id=self.id,
            patient="nobody",
            question=self.question,
            now=date(2026, 1, 1),
            category="judge",
            template="labelled",
            answer=(),
            gold_text=self.gold,
        )


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a judge agrees with people.

    Attributes:
        judge: its name.
        count: labelled answers.
        agreed: of them, those with the same verdict.
        low, high: Wilson's 95 % interval of the share.
        kappa: Cohen's: 0 is what chance gives, 1 is always.
    """

    judge: str
    count: int
    agreed: int
    low: float
    high: float
    kappa: float

    @property
    def sentence(self) -> str:
        """What stands beside a number."""
        told, low, high = (round(100 * each) for each in (self.agreed / self.count, self.low, self.high))
        return (
            f"judge {self.judge} agrees with people on {self.agreed} of {self.count} labelled answers "
            f"({told} %, 95 % interval {low}–{high} %, kappa {self.kappa:.2f})"
        )


def labelled(path: Path = PATH) -> list[Labelled]:
    """Read labelled answers, by default those that ship with the project.

    Raises:
        BadArgument: the file is missing or empty, or a line is wrong; the message names the line.
    """
    return read(path, Labelled, key=lambda line: line.id, option="--labelled", example=EXAMPLE)


def agreement(judge: Judging, answers: Sequence[Labelled]) -> Agreement:
    """Return how far a judge agrees with the labels.

    Raises:
        BadArgument: they do not have two different verdicts, so that chance cannot be told from skill.
        ModelFailure: the judge could not be asked.
    """
    people = [line.verdict for line in answers]
    if len(set(people)) < 2:
        raise BadArgument("labelled verdicts", people, "at least two different ones", EXAMPLE)
    verdicts = [(line.verdict, judge(line.case, line.answer)[0]) for line in answers]
    agreed = share(sum(one == other for one, other in verdicts), len(verdicts))
    return Agreement(judge.name, agreed.of, agreed.count, agreed.low, agreed.high, _kappa(verdicts))


def _kappa(verdicts: Sequence[tuple[Verdict, Verdict]]) -> float:
    """Return Cohen's kappa."""
    people, judge = (Counter(given) for given in zip(*verdicts, strict=True))
    agreed = sum(one == other for one, other in verdicts) / len(verdicts)
    by_chance = sum(people[verdict] * judge[verdict] for verdict in people) / len(verdicts) ** 2
    return (agreed - by_chance) / (1 - by_chance)
