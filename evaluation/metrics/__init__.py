"""Scored answers -> numbers with 95 % intervals. No cases is an error, never 0 %."""

from evaluation.metrics.intervals import Mean, Share, Spread
from evaluation.metrics.rates import VERDICTS, Rates
from evaluation.metrics.summary import Summary, summaries

__all__ = ["VERDICTS", "Mean", "Rates", "Share", "Spread", "Summary", "summaries"]
