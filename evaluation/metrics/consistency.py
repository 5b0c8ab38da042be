"""Entries of several runs -> how often a question gets the same answer, and a right one, every time.

Same values: the same set of values (or the same letter), or the same absence of an answer. The text may differ.
Left out: questions that were not asked in every run.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from evaluation.entries import Entry
from evaluation.metrics.intervals import Share, share


@dataclass(frozen=True, slots=True)
class Consistency:
    """What holds over all runs.

    Attributes:
        runs: how often each question was asked.
        all_right: questions that were right in every run.
        any_right: questions that were right in at least one.
        same_values: questions with the same values in every run.
        accuracy: of each run.
        changing: ids of the questions that were right in some runs only.
    """

    runs: int
    all_right: Share
    any_right: Share
    same_values: Share
    accuracy: tuple[Share, ...]
    changing: tuple[str, ...]


def consistency(entries: Sequence[Entry]) -> Consistency | None:
    """Return the consistency of entries of one form; None if no question was asked in several runs."""
    runs = sorted({entry.result.run for entry in entries})
    asked = [group for group in _by_question(entries) if len(group) == len(runs)]
    if len(runs) < 2 or not asked:
        return None
    right = [[entry.right for entry in group] for group in asked]
    same = [len({_said(entry) for entry in group}) == 1 for group in asked]
    return Consistency(
        runs=len(runs),
        all_right=share(sum(map(all, right)), len(asked)),
        any_right=share(sum(map(any, right)), len(asked)),
        same_values=share(sum(same), len(asked)),
        accuracy=tuple(share(sum(run), len(asked)) for run in zip(*right, strict=True)),
        changing=tuple(g[0].case.id for g, told in zip(asked, right, strict=True) if any(told) > all(told)),
    )


def _by_question(entries: Sequence[Entry]) -> list[list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.result.run):
        found[entry.case.id].append(entry)
    return list(found.values())


def _said(entry: Entry) -> Hashable:
    result = entry.result
    return frozenset(entry.score.answer), result.choice, result.abstained, bool(result.failed)
