"""Two scored runs -> the report of their comparison: HTML with what changed sides, Markdown, JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation import comparing
from evaluation.comparing import Comparison, Paired
from evaluation.dataset import Form
from evaluation.entries import Entry
from evaluation.report import pages, words
from evaluation.report.browsing import change_browser
from evaluation.report.charts import differences
from evaluation.report.encoding import encoded
from evaluation.report.tables import Cell, Table, judge_notes, share

_NOTE = (
    "Difference in percentage points, with the 95 % interval from drawing patients; p is McNemar’s, exact."
)
_NO_TEST = "No test for each category: among many, one would find something by chance."


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """The report of a comparison; `names` are those of the two runs."""

    title: str
    names: tuple[str, str]
    about: Mapping[str, str]
    agreement: str
    forms: Mapping[Form, Comparison]

    def html(self) -> str:
        """Return one page that opens without a network.

        Raises:
            SetupError: matplotlib or jinja2 is not installed.
        """
        changed = [pair for told in self.forms.values() for pair in told.changed]
        by_category = {f: {n: p.difference for n, p in c.by_category.items()} for f, c in self.forms.items()}
        return pages.html(
            "comparison.html",
            change_browser(changed, self.names),
            report=self,
            tables=self._tables(),
            chart=differences(by_category, self.names, self._judged()),
        )

    def markdown(self) -> str:
        """Return the tables.

        Raises:
            SetupError: jinja2 is not installed.
        """
        return pages.markdown("report.md", title=self.title, about=self.about, tables=self._tables().values())

    def json(self) -> str:
        """Return every number, and both entries of all that changed sides."""
        told = {
            "title": self.title,
            "names": self.names,
            "about": dict(self.about),
            "agreement": self.agreement,
        }
        return encoded({**told, "forms": self.forms})

    def _tables(self) -> dict[str, Table]:
        made = (self._right(), self._wrong(), self._by_category())
        return {table.name: table for table in made}

    def _right(self) -> Table:
        rows = tuple(
            (Cell(words.FORM_NAMES[form]), *_cells(told.overall), Cell(words.chance(told.p)))
            for form, told in self.forms.items()
        )
        caption = "Right, in % with 95 % intervals"
        return Table(
            "overall", caption, ("form", *self._headings(), "p"), rows, notes=(_NOTE, *self._judged())
        )

    def _wrong(self) -> Table:
        rows = tuple(
            (Cell(words.FORM_NAMES[form]), *(share(wrong, told.overall.judged) for wrong in both))
            for form, told in self.forms.items()
            for both in [(told.overall.first_wrong, told.overall.second_wrong)]
        )
        caption = "Wrong, in % with 95 % intervals"
        return Table("wrong", caption, ("form", *self.names), rows, notes=self._judged())

    def _by_category(self) -> Table:
        found = {(n, f): paired for f, c in self.forms.items() for n, paired in c.by_category.items()}
        names = sorted({name for name, _ in found})
        keys = [(name, form) for name in names for form in self.forms if (name, form) in found]
        rows = tuple((Cell(n), Cell(words.FORM_NAMES[f]), *_cells(found[n, f])) for n, f in keys)
        headings = ("category", "form", *self._headings())
        caption = "Right by category, in % with 95 % intervals"
        return Table("category", caption, headings, rows, 2, (_NO_TEST, *self._judged()))

    def _headings(self) -> tuple[str, ...]:
        first, second = self.names
        return ("questions", first, second, "difference", f"only {first}", f"only {second}")

    def _judged(self) -> tuple[str, ...]:
        return judge_notes([told.overall.judged for told in self.forms.values()], self.agreement)


def compare(
    first: Sequence[Entry],
    second: Sequence[Entry],
    *,
    names: tuple[str, str],
    title: str,
    about: Mapping[str, str],
    agreement: str = "",
) -> ComparisonReport:
    """Return the comparison of two runs on the same questions.

    Args:
        first: the entries of one run.
        second: the entries of the other; differences are second minus first.
        names: of the runs, e.g. ("navigator", "agent").
        title: of the page.
        about: what was compared, e.g. {"questions": "ehrqa.jsonl", "date": "2026-01-01"}.
        agreement: the line of a judge model's agreement.

    Raises:
        BadArgument: a run is empty, or the runs are not about the same questions.
        SetupError: scipy is not installed.
    """
    return ComparisonReport(title, names, about, agreement, comparing.compare(first, second))


def _cells(told: Paired) -> tuple[Cell, ...]:
    accuracies = share(told.first, told.judged), share(told.second, told.judged)
    moved = words.points(told.difference)
    difference = Cell(moved, words.point_bounds(told.difference), accuracies[0].mark)
    counts = (Cell(words.number(count)) for count in (told.only_first, told.only_second))
    return (Cell(words.number(told.first.of)), *accuracies, difference, *counts)
