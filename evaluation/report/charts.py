"""Numbers -> the charts of a report: title, words for screen readers, drawing, caption.

Left out: a chart that would show nothing. Every number of a chart is in a table, too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.dataset import Form
from evaluation.entries import Entry, by_form
from evaluation.metrics import Mean
from evaluation.metrics.intervals import spread
from evaluation.report import drawing, words
from evaluation.report.svg import colour, drawn
from evaluation.report.tables import Summaries, judge_notes

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

WIDTH = 8.6
GROUPS = 24
"""Categories that a chart shows; where there are more, the caption says so."""
_COSTS: dict[str, Callable[[Entry], float]] = {
    "tokens": lambda entry: entry.result.prompt_tokens + entry.result.completion_tokens,
    "seconds": lambda entry: entry.result.seconds,
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: the drawing, and what stands below it."""

    name: str
    svg: "Markup"
    caption: str
    notes: tuple[str, ...] = ()


def charts(summaries: Summaries, entries: Sequence[Entry], agreement: str) -> dict[str, Chart]:
    """Return the charts of a run by name; `entries` are those that the summaries count."""
    judged = judge_notes([summary.rates.judged for summary in summaries.values()], agreement)
    made = (accuracy(summaries, judged), faults(summaries, judged), risk(summaries, judged), costs(entries))
    return {chart.name: chart for chart in made if chart}


def accuracy(summaries: Summaries, notes: tuple[str, ...]) -> Chart:
    """Return the accuracy of each category."""
    rows = {f: {n: rates.right for n, rates in s.by["category"].items()} for f, s in summaries.items()}
    names, more = _shown(summaries)
    told = "; ".join(
        f"{name}, {words.FORM_NAMES[form]}: {words.percent(row[name].value)} % ({words.bounds(row[name])})"
        for name in names
        for form, row in rows.items()
        if name in row
    )

    def draw(figure: "Figure") -> None:
        drawing.dots(figure, names, rows, "right, %").set_xlim(right=100.8)

    svg = drawn("accuracy", _size(names), draw, "Accuracy by category", told)
    caption = f"Accuracy by category with 95 % intervals; the axis shows only where they lie.{more}"
    return Chart("accuracy", svg, caption, notes)


def faults(summaries: Summaries, notes: tuple[str, ...]) -> Chart | None:
    """Return what was not right in each category; None if everything was."""
    if all(summary.rates.right.count == summary.questions for summary in summaries.values()):
        return None
    names, more = _shown(summaries)
    told = "; ".join(
        f"{words.FORM_NAMES[form]}: " + ", ".join(f"{v} {getattr(s.rates, v).count}" for v in drawing.HATCHES)
        for form, s in summaries.items()
    )
    title = "Answers that were not right, by category"
    svg = drawn("faults", _size(names), lambda figure: drawing.bars(figure, names, summaries), title, told)
    return Chart("faults", svg, f"{title}; the rest to 100 % was right.{more}", notes)


def risk(summaries: Summaries, notes: tuple[str, ...]) -> Chart | None:
    """Return risk against coverage; None unless some form has several levels."""
    told = {form: summary for form, summary in summaries.items() if len(summary.risk) > 1}
    if not told:
        return None
    described = "; ".join(
        f"{words.FORM_NAMES[form]}: coverage {words.percent(point.coverage.value)} %,"
        f" risk {words.percent(point.risk.value)} %"
        for form, summary in told.items()
        for point in summary.risk
    )
    svg = drawn("levels", (WIDTH, 3.1), lambda f: drawing.curve(f, told), "Risk against coverage", described)
    caption = "Risk against coverage with 95 % intervals: left the surest answers only, right all answers."
    return Chart("risk", svg, caption, notes)


def costs(entries: Sequence[Entry]) -> Chart:
    """Return how tokens and seconds are spread; tokens only if there are any."""
    spent = {
        kind: {form: [cost(entry) for entry in group] for form, group in by_form(entries).items()}
        for kind, cost in _COSTS.items()
        if kind == "seconds" or any(map(cost, entries))
    }
    told = "; ".join(
        f"{kind}, {words.FORM_NAMES[form]}: half of the answers at most {words.number(cost.p50)},"
        f" 95 % at most {words.number(cost.p95)}"
        for kind, forms in spent.items()
        for form, cost in ((form, spread(numbers)) for form, numbers in forms.items())
    )
    svg = drawn("costs", (WIDTH, 2.9), lambda f: drawing.spreads(f, spent), "Cost of an answer", told)
    return Chart("costs", svg, f"Share of the answers that cost at most so many {' or '.join(spent)}.")


def differences(
    by_category: Mapping[Form, Mapping[str, Mean]], names: tuple[str, str], notes: tuple[str, ...]
) -> Chart:
    """Return the difference of two runs in each category."""
    far: dict[str, float] = {}
    for row in by_category.values():
        far.update({name: max(abs(told.value), far.get(name, 0.0)) for name, told in row.items()})
    shown = sorted(sorted(far, key=lambda name: -far[name])[:GROUPS])
    told = "; ".join(
        f"{name}, {words.FORM_NAMES[form]}: {words.points(row[name])} ({words.point_bounds(row[name])})"
        for name in shown
        for form, row in by_category.items()
        if name in row
    )

    def draw(figure: "Figure") -> None:
        axes = drawing.dots(figure, shown, by_category, "difference, percentage points")
        axes.axvline(0, color=colour("muted"), linewidth=1, zorder=0.9)

    more = f" The {GROUPS} largest of {len(far)} categories." if len(far) > GROUPS else ""
    caption = f"Difference by category with 95 % intervals; to the right {names[1]} is better.{more}"
    svg = drawn("differences", _size(shown), draw, "Difference by category", told)
    return Chart("differences", svg, caption, notes)


def _shown(summaries: Summaries) -> tuple[list[str], str]:
    worst: dict[str, float] = {}
    for summary in summaries.values():
        for name, rates in summary.by["category"].items():
            worst[name] = min(rates.right.value, worst.get(name, 1.0))
    names = sorted(sorted(worst, key=lambda name: worst[name])[:GROUPS])
    more = f" The {GROUPS} least accurate of {len(worst)} categories." if len(worst) > GROUPS else ""
    return names, more


def _size(names: Sequence[str]) -> tuple[float, float]:
    return WIDTH, 1.1 + 0.36 * len(names)
