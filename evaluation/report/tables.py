"""Numbers -> tables: captions, headings, rows and notes, the same for HTML and Markdown.

Left out: how they look.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from evaluation.dataset import Form
from evaluation.metrics import VERDICTS, Mean, Rates, Share, Summary
from evaluation.metrics.cost import Cost
from evaluation.report import words

Summaries = Mapping[Form, Summary]
ROWS = 150
"""Groups of one dimension that a table shows; how many more there are is said."""
JUDGED = "†"
_CAPTIONS = {
    "category": "Verdicts by category",
    "view": "Verdicts by voice",
    "record_size": "Verdicts by size of the record (number of resources)",
    "steps": "Verdicts by number of look-ups",
    "outcome": "Verdicts by outcome, how the solver says that the question ended",
    "template": "Verdicts by kind of question (least accurate first)",
}
_HEADS = {
    "category": "category",
    "view": "voice",
    "record_size": "resources",
    "steps": "steps",
    "outcome": "outcome",
    "template": "kind",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it says, its interval or other small print, and a mark that leads to a note."""

    text: str
    small: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: of the anchor.
        caption: what it shows.
        headings: of the columns.
        rows: the first `heads` cells of a row name it, the others are numbers.
        notes: what stands below it.
    """

    name: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heads: int = 1
    notes: tuple[str, ...] = ()

    @property
    def spans(self) -> tuple[int, ...]:
        """How many rows the first cell of each row stands for; 0 if one above stands for it."""
        if self.heads == 1:
            return (1,) * len(self.rows)
        groups = [len(list(rows)) for _, rows in groupby(self.rows, key=lambda row: row[0].text)]
        return tuple(span for size in groups for span in (size, *[0] * (size - 1)))


def overall(summaries: Summaries, agreement: str) -> Table:
    """Return the headline numbers."""
    rows = tuple(_overall_row(form, summary) for form, summary in summaries.items())
    headings = ("form", "questions", "patients", "right", "patients drawn", "guessing", *VERDICTS[1:])
    told = "Patients drawn: accuracy again, with the interval from drawing whole patients."
    notes = (told, *judge_notes([summary.rates.judged for summary in summaries.values()], agreement))
    return Table("overall", "Verdicts, in % with 95 % intervals", headings, rows, notes=notes)


def groups(summaries: Summaries, dimension: str, agreement: str) -> Table | None:
    """Return the rates of the groups of one dimension; None if there are no groups."""
    found = {(name, form): r for form, s in summaries.items() for name, r in s.by.get(dimension, {}).items()}
    names = group_names(summaries, dimension)
    shown = [(name, form) for name in names[:ROWS] for form in summaries if (name, form) in found]
    if not shown:
        return None
    rows = tuple(_group_row(name, form, found[name, form]) for name, form in shown)
    left = len(names) - ROWS
    told = f"{left} more are left out here; they are in the JSON under forms, by, {dimension}."
    judged = judge_notes([found[key].judged for key in shown], agreement)
    headings = (_HEADS[dimension], "form", "questions", *VERDICTS)
    caption = f"{_CAPTIONS[dimension]}, in % with 95 % intervals"
    return Table(dimension, caption, headings, rows, 2, (*([told] if left > 0 else []), *judged))


def group_names(summaries: Summaries, dimension: str) -> list[str]:
    """Return the names of the groups in their order; kinds of question with the least accurate first."""
    found: dict[str, float] = {}
    for summary in summaries.values():
        for name, rates in summary.by.get(dimension, {}).items():
            found[name] = min(rates.right.value, found.get(name, 1.0))
    return sorted(found, key=lambda name: found[name]) if dimension == "template" else list(found)


def evidence(summaries: Summaries) -> Table:
    """Return retrieval, citations and support."""
    kinds: dict[str, Callable[[Summary], Share | Mean | None]] = {
        "retrieval precision": lambda s: s.evidence.retrieval_precision,
        "retrieval recall": lambda s: s.evidence.retrieval_recall,
        "citation precision": lambda s: s.evidence.citation_precision,
        "citation recall": lambda s: s.evidence.citation_recall,
        "every statement supported": lambda s: s.evidence.grounded,
        "built-in rules stood in for the model": lambda s: s.evidence.stood_in,
        "record did not fit the context": lambda s: s.evidence.cut,
    }
    rows = [
        (Cell(name), Cell(words.FORM_NAMES[form]), Cell(words.number(told.of)), share(told))
        for name, kind in kinds.items()
        for form, summary in summaries.items()
        if (told := kind(summary)) is not None
    ]
    note = (
        "Precision and recall: means over the questions with gold resources, intervals from drawing patients."
    )
    caption = "Evidence, citations and support, in % with 95 % intervals"
    return Table("evidence", caption, ("measure", "form", "questions", "value"), tuple(rows), 2, (note,))


def risk(summaries: Summaries, agreement: str) -> Table | None:
    """Return risk against coverage; None if nothing was found right or wrong."""
    rows = [
        (Cell(words.FORM_NAMES[form]), Cell(point.level), *(share(s, summary.rates.judged) for s in told))
        for form, summary in summaries.items()
        for point in summary.risk
        for told in [(point.coverage, point.risk)]
    ]
    if not rows:
        return None
    note = "Each row lets through the answers of its level and of those above; risk is the wrong ones among them."
    judged = judge_notes([summary.rates.judged for summary in summaries.values()], agreement)
    headings = ("form", "let through", "coverage", "risk")
    caption = "Risk against coverage, in % with 95 % intervals"
    return Table("risk", caption, headings, tuple(rows), 2, (note, *judged))


def consistency(summaries: Summaries, agreement: str) -> Table | None:
    """Return what holds over several runs; None if there was one."""
    told = {form: (s, s.consistency) for form, s in summaries.items() if s.consistency}
    rows = [
        (
            Cell(words.FORM_NAMES[form]),
            Cell(words.number(held.runs)),
            Cell(words.number(held.all_right.of)),
            *(share(each, s.rates.judged) for each in (held.all_right, held.any_right)),
            share(held.same_values),
            Cell(", ".join(words.percent(run.value) for run in held.accuracy), mark=_mark(s.rates.judged)),
        )
        for form, (s, held) in told.items()
    ]
    if not rows:
        return None
    judged = judge_notes([s.rates.judged for s, _ in told.values()], agreement)
    headings = ("form", "runs", "questions", "right in all", "right in any", "same values", "right, by run")
    caption = "Consistency over the runs, in % with 95 % intervals"
    return Table("consistency", caption, headings, tuple(rows), notes=judged)


def costs(summaries: Summaries) -> Table:
    """Return tokens, model calls and seconds of an answer, in all and by stage."""
    rows = [
        (Cell(words.FORM_NAMES[form]), Cell(stage), *_cost_cells(spent))
        for form, summary in summaries.items()
        for stage, spent in {"whole answer": summary.cost, **summary.stages}.items()
    ]
    headings = ("form", "stage", "answers", "prompt tokens", "completion tokens", "model calls", "seconds")
    note = "The median, and in brackets the 95th percentile. A stage counts the answers that went through it."
    return Table("cost", "Cost of an answer", headings, tuple(rows), 2, (note,))


def share(told: Share | Mean, judged: int = 0) -> Cell:
    """Return a share in per cent with its interval, marked if it rests on a judge."""
    return Cell(words.percent(told.value), words.bounds(told), _mark(judged))


def judge_notes(judged: Sequence[int], agreement: str) -> tuple[str, ...]:
    """Return the note that belongs beside numbers that rest on a judge; none if no judge decided anything."""
    if not any(judged):
        return ()
    agreed = agreement or "its agreement with people was not given"
    return (f"{JUDGED} A judge model gave some of the verdicts behind this number; {agreed}.",)


def _mark(judged: int) -> str:
    return JUDGED if judged else ""


def _overall_row(form: Form, summary: Summary) -> tuple[Cell, ...]:
    judged = summary.rates.judged
    drawn = Cell(words.bounds(summary.accuracy_by_patient) or "one patient", mark=_mark(judged))
    guess = Cell("–" if summary.chance is None else words.percent(summary.chance))
    counts = (Cell(words.number(summary.questions)), Cell(words.number(summary.patients)))
    right, *rest = _verdicts(summary.rates)
    return (Cell(words.FORM_NAMES[form]), *counts, right, drawn, guess, *rest)


def _group_row(name: str, form: Form, rates: Rates) -> tuple[Cell, ...]:
    return (Cell(name), Cell(words.FORM_NAMES[form]), Cell(words.number(rates.right.of)), *_verdicts(rates))


def _verdicts(rates: Rates) -> Iterator[Cell]:
    return (share(getattr(rates, verdict), rates.judged) for verdict in VERDICTS)


def _cost_cells(cost: Cost) -> tuple[Cell, ...]:
    spreads = (cost.prompt_tokens, cost.completion_tokens, cost.model_calls, cost.seconds)
    told = (Cell(words.number(spread.p50), words.number(spread.p95)) for spread in spreads)
    return (Cell(words.number(cost.tokens.of)), *told)
