"""Entries -> how well the evidence and the citations match the gold resources, and how much of the text is supported.

Precision and recall are means over the questions that have gold resources; a measure that no entry has is null.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluation.entries import Entry
from evaluation.metrics.intervals import Mean, Share, mean, share
from evaluation.score import Score


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the answers rest on.

    Attributes:
        retrieval_precision, retrieval_recall: `evidence` against the gold resources.
        citation_precision, citation_recall: the citations in the text, likewise.
        grounded: every statement was found supported, of the answers that were checked.
        stood_in: the built-in planner or writer stood in for the model.
        cut: the record did not fit the context.
    """

    retrieval_precision: Mean | None
    retrieval_recall: Mean | None
    citation_precision: Mean | None
    citation_recall: Mean | None
    grounded: Share | None
    stood_in: Share
    cut: Share


def evidence(entries: Sequence[Entry]) -> Evidence:
    """Return the measures.

    Raises:
        BadArgument: there are no entries.
    """
    checked = [entry.result.grounded for entry in entries if entry.result.grounded is not None]
    return Evidence(
        _mean(entries, lambda score: score.retrieval_precision),
        _mean(entries, lambda score: score.retrieval_recall),
        _mean(entries, lambda score: score.citation_precision),
        _mean(entries, lambda score: score.citation_recall),
        share(sum(checked), len(checked)) if checked else None,
        share(sum(bool(entry.result.fallback) for entry in entries), len(entries)),
        share(sum(bool(entry.result.left_out) for entry in entries), len(entries)),
    )


def _mean(entries: Sequence[Entry], measure: Callable[[Score], float | None]) -> Mean | None:
    measured = ((entry.case.patient, measure(entry.score)) for entry in entries)
    values = [(patient, value) for patient, value in measured if value is not None]
    return mean(values) if values else None
