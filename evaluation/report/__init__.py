"""Scored answers -> reports as one HTML file, Markdown and JSON: of one run, and of two runs compared."""

from evaluation.report.comparison import ComparisonReport, compare
from evaluation.report.run import Report, report

__all__ = ["ComparisonReport", "Report", "compare", "report"]
