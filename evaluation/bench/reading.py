"""How well questions are read that nobody here had seen when they were first asked: the sets of `evaluation/unseen`.

Each was written by somebody who saw neither program nor corpus, with answers computed from the records alone. The
shares are of misses, so that a bar is the most there may be. A set that faults were looked for in is no first sight
any more; README tells what each was at first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from agent.answer import Answer
from agent.assistant import Assistant
from agent.cli.bars import Row
from evaluation import dataset
from evaluation.dataset import Case
from evaluation.metrics.intervals import share
from evaluation.scorers.values import compared
from tools.calls.errors import BadArgument
from tools.sources import RecordSource

SETS = Path(__file__).parents[1] / "unseen"
Verdict = Literal["right", "offered", "open", "wrong"]
_NOT_RIGHT, _NOT_OFFERED, _WRONG = 12, 5, 2
"""Bars, in percent of the questions."""


def sets(folder: Path = SETS) -> dict[str, list[Case]]:
    """Return the question sets of a folder by their names.

    Raises:
        BadArgument: there is none.
    """
    found = {file.stem: dataset.load(file) for file in sorted(folder.glob("*.jsonl"))}
    if not found:
        raise BadArgument("sets", str(folder), "a folder of question files", str(SETS))
    return found


def verdict(case: Case, answer: Answer) -> Verdict:
    """Tell whether an answer is right, offers the right one to choose, leaves it open, or is wrong."""

    def right(values: Sequence[dataset.Value]) -> bool:
        return compared(case.answer, values, case.match, case.tolerance).right

    if answer.values:
        return "right" if right(answer.values) else "wrong"
    if not case.answer:
        return "right" if answer.outcome in ("not recorded", "declined") else "open"
    return "offered" if any(right(reading.values) for reading in answer.readings) else "open"


def verdicts(source: RecordSource, cases: Iterable[Case]) -> Counter[Verdict]:
    """Ask questions without a model, and count how they are answered."""
    assistant = Assistant(source, model="none")
    return Counter(verdict(case, assistant.ask(case.patient, case.question, now=case.now)) for case in cases)


def measure(source: RecordSource) -> list[Row]:
    """Return the shares of each set; the source holds the patients of the fixtures."""
    return [row for name, cases in sets().items() for row in _rows(name, verdicts(source, cases))]


def _rows(name: str, counts: Counter[Verdict]) -> Iterator[Row]:
    missed = counts.total() - counts["right"]
    for what, count, bar in (
        ("not right", missed, _NOT_RIGHT),
        ("neither right nor offered", missed - counts["offered"], _NOT_OFFERED),
        ("wrong", counts["wrong"], _WRONG),
    ):
        told = share(count, counts.total())
        how = f"{counts.total()} questions, 95 % interval {100 * told.low:.0f} to {100 * told.high:.0f} %"
        yield Row(f"unseen {name}: {what}", 100 * told.value, "%", bar, how)
