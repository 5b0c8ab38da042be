"""Scored answers -> the report of one run: HTML with charts and failures, Markdown with the tables, JSON with all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.dataset import Form
from evaluation.entries import Entry, first_run
from evaluation.metrics import Summary, summaries
from evaluation.metrics.groups import DIMENSIONS
from evaluation.report import pages, tables
from evaluation.report.browsing import failure_browser, failures
from evaluation.report.charts import charts
from evaluation.report.encoding import encoded
from evaluation.report.tables import Table


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one run.

    Attributes:
        title: of the page.
        about: the questions, the solver, the model, the records, the date; as the caller names them.
        agreement: of the judge model with people, "" if none was used.
        entries: each question once in each form.
        summaries: the numbers of each form.
    """

    title: str
    about: Mapping[str, str]
    agreement: str
    entries: tuple[Entry, ...]
    summaries: Mapping[Form, Summary]

    def html(self) -> str:
        """Return one page that opens without a network.

        Raises:
            SetupError: matplotlib or jinja2 is not installed.
        """
        return pages.html(
            "report.html",
            failure_browser(self.entries),
            report=self,
            tables=self._tables(),
            charts=charts(self.summaries, self.entries, self.agreement),
        )

    def markdown(self) -> str:
        """Return the tables, for a paper or a README.

        Raises:
            SetupError: jinja2 is not installed.
        """
        return pages.markdown("report.md", title=self.title, about=self.about, tables=self._tables().values())

    def json(self) -> str:
        """Return every number, and all failures with question, result and score."""
        told = {"title": self.title, "about": dict(self.about), "agreement": self.agreement}
        return encoded({**told, "forms": self.summaries, "failures": failures(self.entries)})

    def _tables(self) -> dict[str, Table]:
        made = (
            tables.overall(self.summaries, self.agreement),
            *(tables.groups(self.summaries, name, self.agreement) for name in DIMENSIONS),
            tables.risk(self.summaries, self.agreement),
            tables.evidence(self.summaries),
            tables.consistency(self.summaries, self.agreement),
            tables.costs(self.summaries),
        )
        return {table.name: table for table in made if table}


def report(entries: Sequence[Entry], *, title: str, about: Mapping[str, str], agreement: str = "") -> Report:
    """Return the report of a run.

    Args:
        entries: as `evaluation.entries.aligned` returns them; with several runs, all of them.
        title: of the page.
        about: what was measured, e.g. {"questions": "ehrqa.jsonl", "model": "none", "date": "2026-01-01"}.
        agreement: the line of a judge model's agreement; it is shown beside every number that rests on it.

    Raises:
        BadArgument: there are no entries.
        SetupError: scipy is not installed.
    """
    return Report(title, about, agreement, tuple(first_run(entries)), summaries(entries))
