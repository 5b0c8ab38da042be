"""Entries -> how many were right, wrong, abstained, failed and undecided.

What is undecided counts as not right: accuracy is then a lower bound.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from evaluation.entries import Entry
from evaluation.metrics.intervals import Share, share
from evaluation.score import Verdict

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Rates:
    """The share of each verdict.

    Attributes:
        right: the accuracy.
        wrong: something false is claimed.
        abstained: nothing is claimed though the record says.
        failed: there is no answer.
        undecided: no rule could judge it.
        judged: how many verdicts a judge model gave; where it is not 0, all shares rest on its agreement.
    """

    right: Share
    wrong: Share
    abstained: Share
    failed: Share
    undecided: Share
    judged: int


def rates(entries: Sequence[Entry]) -> Rates:
    """Return the rates.

    Raises:
        BadArgument: there are no entries.
    """
    counts = Counter(entry.score.verdict for entry in entries)
    shares = {verdict: share(counts[verdict], len(entries)) for verdict in VERDICTS}
    return Rates(**shares, judged=sum(entry.judged for entry in entries))
