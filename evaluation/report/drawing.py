"""Numbers -> marks on a figure: dots with intervals, stacked bars, a curve, steps.

Marks, hatches and dashes differ, so that nothing depends on colour. Left out: titles, captions and which numbers.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evaluation.dataset import Form
from evaluation.metrics import Mean, Share, Summary
from evaluation.metrics.intervals import quantiles
from evaluation.report import words
from evaluation.report.svg import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HATCHES = {"wrong": "", "abstained": "////", "failed": "xxxx", "undecided": "...."}
Rows = Mapping[Form, Mapping[str, Share | Mean]]
_MARKS: dict[Form, str] = {"open": "o", "choice": "s"}
_DASHES: dict[Form, str] = {"open": "-", "choice": "--"}
_LEVELS = [step / 100 for step in range(1, 101)]
_APART = 0.17
"""Half of what lies between the marks of two forms in a row."""


def dots(figure: "Figure", names: Sequence[str], rows: Rows, label: str) -> "Axes":
    """Draw a dot with its interval for each name and form."""
    axes = figure.subplots()
    for place, (form, row) in enumerate(rows.items()):
        offset = _APART * (2 * place - len(rows) + 1)
        for number, name in enumerate(names):
            if name in row:
                _dot(axes, number + offset, row[name], form)
    _name_rows(axes, names)
    axes.set_xlabel(label)
    _legend(figure, axes)
    return axes


def bars(figure: "Figure", names: Sequence[str], summaries: Mapping[Form, Summary]) -> None:
    """Draw the verdicts other than right, stacked, a panel for each form."""
    panels = figure.subplots(1, len(summaries), sharey=True, sharex=True, squeeze=False)[0]
    for axes, (form, summary) in zip(panels, summaries.items(), strict=True):
        _stack(axes, names, summary)
        axes.set_title(words.FORM_NAMES[form], loc="left", fontsize="medium")
        axes.set_xlabel("not right, %")
        axes.use_sticky_edges = False
        axes.margins(x=0.04)
        axes.set_xlim(left=0)
        _name_rows(axes, names)
    _legend(figure, panels[0])


def curve(figure: "Figure", summaries: Mapping[Form, Summary]) -> None:
    """Draw risk over coverage, with the intervals of the risk."""
    axes = figure.subplots()
    for form, summary in summaries.items():
        across = [100 * point.coverage.value for point in summary.risk]
        up = [100 * point.risk.value for point in summary.risk]
        lows, highs = zip(*((100 * p.risk.low, 100 * p.risk.high) for p in summary.risk), strict=True)
        axes.vlines(across, lows, highs, color=colour(form), linewidth=1.2)
        axes.plot(across, up, _DASHES[form], color=colour(form), linewidth=1.2)
        axes.plot(across, up, _MARKS[form], **_marker(form))
    axes.grid(True, axis="y")
    axes.set_xlabel("coverage, % of all questions")
    axes.set_ylabel("risk, % wrong")
    axes.set_ylim(bottom=0)
    _legend(figure, axes)


def spreads(figure: "Figure", costs: Mapping[str, Mapping[Form, Sequence[float]]]) -> None:
    """Draw which share of the answers costs at most so much, a panel for each kind of cost."""
    panels = figure.subplots(1, len(costs), sharey=True, squeeze=False)[0]
    for axes, (kind, spent) in zip(panels, costs.items(), strict=True):
        for form, numbers in spent.items():
            style: dict[str, Any] = {"color": colour(form), "label": words.FORM_NAMES[form], "linewidth": 1.6}
            heights = [0.0, *(100 * level for level in _LEVELS)]
            axes.step([0.0, *quantiles(numbers, _LEVELS)], heights, _DASHES[form], where="post", **style)
        axes.set_xlabel(f"{kind} of an answer")
        axes.set_xlim(left=0)
        axes.grid(True, axis="y")
        axes.xaxis.set_major_formatter(lambda value, _: words.number(value))
    panels[0].set_ylabel("answers, %")
    _legend(figure, panels[0])


def _dot(axes: "Axes", height: float, told: Share | Mean, form: Form) -> None:
    if told.low is not None and told.high is not None:
        axes.hlines(height, 100 * told.low, 100 * told.high, color=colour(form), linewidth=1.6)
    axes.plot(100 * told.value, height, _MARKS[form], **_marker(form))


def _marker(form: Form) -> dict[str, Any]:
    face = colour("paper") if form == "choice" else colour(form)
    edge = {"markeredgecolor": colour(form), "markeredgewidth": 1.4}
    return {"markersize": 5.5, "markerfacecolor": face, "label": words.FORM_NAMES[form], **edge}


def _stack(axes: "Axes", names: Sequence[str], summary: Summary) -> None:
    groups = summary.by["category"]
    rows = [number for number, name in enumerate(names) if name in groups]
    done = [0.0] * len(rows)
    for verdict, hatch in HATCHES.items():
        parts = [100 * getattr(groups[names[row]], verdict).value for row in rows]
        style: dict[str, Any] = {"facecolor": colour(verdict), "edgecolor": colour("paper"), "linewidth": 0.8}
        axes.barh(rows, parts, left=done, height=0.62, label=verdict, hatch=hatch, **style)
        done = [before + part for before, part in zip(done, parts, strict=True)]


def _name_rows(axes: "Axes", names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)


def _legend(figure: "Figure", axes: "Axes") -> None:
    handles, labels = axes.get_legend_handles_labels()
    found = dict(zip(labels, handles, strict=True))
    figure.legend(list(found.values()), list(found), loc="outside upper left", ncols=len(found))
