"""A drawing -> inline SVG that takes its colours and its font from the page, with a title and a description.

The same drawing gives the same bytes: no date, fixed ids. Left out: what is drawn.
"""

import re
from collections.abc import Callable
from importlib.resources import files
from io import StringIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

from evaluation.extra import needed

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

ROLES = (
    "ink", "muted", "rule", "paper", "open", "choice", "right", "wrong", "abstained", "failed", "undecided"
)  # fmt: skip
_COLOURS = {role: f"#0101{place:02x}" for place, role in enumerate(ROLES, 1)}
_FONT = "DejaVu Sans"
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": _FONT,
    "font.size": 9.0,
    "text.parse_math": False,
    "hatch.linewidth": 1.1,
    "text.color": _COLOURS["ink"],
    "axes.edgecolor": _COLOURS["muted"],
    "axes.labelcolor": _COLOURS["ink"],
    "xtick.color": _COLOURS["ink"],
    "ytick.color": _COLOURS["ink"],
    "grid.color": _COLOURS["rule"],
    "axes.grid.axis": "x",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.major.size": 0,
    "legend.frameon": False,
}
_UNWANTED = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
_GROUP_ID = re.compile(r'<g id="[^"]*"')
_OPENING = re.compile(r'<svg[^>]*?viewBox="(?P<box>[^"]*)"[^>]*>')


def colour(role: str) -> str:
    """Return the colour that stands for a role until the page gives it its own."""
    return _COLOURS[role]


def drawn(
    name: str, size: tuple[float, float], draw: Callable[["Figure"], None], title: str, description: str
) -> "Markup":
    """Return a drawing as inline SVG.

    Args:
        name: of the chart, no two of a page share it.
        size: width and height in inches.
        draw: draws on an empty figure.
        title: what it shows; for screen readers.
        description: the main numbers in words; for screen readers.

    Raises:
        SetupError: matplotlib or jinja2 is not installed.
    """
    with needed():
        from markupsafe import Markup, escape
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    written = StringIO()
    with rc_context({**_SETTINGS, "svg.hashsalt": name}), catch_warnings():
        filterwarnings("ignore", "Glyph")  # the page draws the text with fonts of its own
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        figure.savefig(written, format="svg", transparent=True, metadata=_NO_METADATA)
    told = (
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-told">{escape(description)}</desc>'
    )
    box, inner = _parts(written.getvalue())
    labelled = f'class="chart" role="img" aria-labelledby="{name}-title {name}-told" viewBox="{box}"'
    return Markup(f"<svg {labelled}>{told}{_themed(inner)}</svg>")


def _parts(svg: str) -> tuple[str, str]:
    opening = _OPENING.search(svg)
    if opening is None:
        raise ValueError("no <svg> with a viewBox: expected what matplotlib writes.")
    return opening["box"], svg[opening.end() : svg.rindex("</svg>")]


def _themed(svg: str) -> str:
    svg = _GROUP_ID.sub("<g", _UNWANTED.sub("", svg))
    svg = svg.replace("xlink:href", "href").replace(f"'{_FONT}'", "var(--sans)")
    for role, stand_in in _COLOURS.items():
        svg = svg.replace(stand_in, f"var(--{role})")
    return re.sub(r"\s*\n\s*", "\n", svg).strip()


def standalone(svg: str) -> str:
    """Return an inline drawing as a file of its own, with the page's colours, by light and by dark."""
    style = files(__package__).joinpath("templates", "style.css").read_text(encoding="utf-8")
    roles = style[: style.index("* {")]
    opening, inner = svg.split(">", 1)
    paper = '<rect width="100%" height="100%" fill="var(--paper)"/>'
    return f'{opening} xmlns="http://www.w3.org/2000/svg"><style>{roles}</style>{paper}{inner}\n'
