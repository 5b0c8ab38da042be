"""Entries -> risk against coverage: how often what is claimed is wrong, if only the surest answers are let through.

An answer carries no number for how sure it is, only what the check made of it. That gives four levels, surest first,
and so a curve of at most four points; with a single level it is one point. An answer counts as covered when it was
found right or wrong. "The record does not say" is an answer like any other where it is the right one.
Left out: what is abstained, failed or undecided is not covered at any level.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.entries import Entry
from evaluation.metrics.intervals import Share, share
from evaluation.result import Result

LEVELS = (
    "supported as written",
    "supported after something was taken out or rules stood in",
    "not checked",
    "not supported",
)


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What holds if answers of this level and all surer ones are let through.

    Attributes:
        level: the least sure level that is let through.
        coverage: answers let through, of all questions.
        risk: wrong ones, of the answers let through.
    """

    level: str
    coverage: Share
    risk: Share


def risk_coverage(entries: Sequence[Entry]) -> tuple[RiskPoint, ...]:
    """Return the points, surest first; none if nothing was found right or wrong."""
    covered = [entry for entry in entries if entry.score.verdict in ("right", "wrong")]
    levels = sorted({sureness(entry.result) for entry in covered})
    return tuple(_point(covered, level, len(entries)) for level in levels)


def sureness(result: Result) -> int:
    """Return the level of a result, an index of `LEVELS`."""
    if result.grounded is None:
        return 2
    if not result.grounded:
        return 3
    return int(bool(result.unsupported or result.fallback))


def _point(covered: Sequence[Entry], level: int, asked: int) -> RiskPoint:
    through = [entry for entry in covered if sureness(entry.result) <= level]
    wrong = sum(not entry.right for entry in through)
    return RiskPoint(LEVELS[level], share(len(through), asked), share(wrong, len(through)))
