"""Numbers and values -> words, as all tables, charts and lists of a report write them."""

from collections.abc import Sequence
from typing import Any

import orjson

from evaluation.dataset import LETTERS, Case, Form, Value
from evaluation.metrics import Mean, Share
from evaluation.result import Result

FORM_NAMES: dict[Form, str] = {"open": "open", "choice": "multiple choice"}
SHOWN = 8
"""References and values of one answer that are shown; how many more there are is said."""


def percent(value: float) -> str:
    """Return a share as per cent; neither all nor nothing is claimed where it is not so.

    >>> percent(0.973), percent(0.9999), percent(1), percent(0.0001)
    ('97.3', '>99.9', '100.0', '<0.1')
    """
    if 0 < value < 0.0005:
        return "<0.1"
    if 0.9995 <= value < 1:
        return ">99.9"
    return f"{100 * value:.1f}"


def bounds(told: Share | Mean) -> str:
    """Return the 95 % interval in per cent, "" if there is none."""
    if told.low is None or told.high is None:
        return ""
    return f"{100 * told.low:.1f}–{100 * told.high:.1f}"


def points(difference: Mean) -> str:
    """Return a difference in percentage points."""
    return _signed(difference.value)


def point_bounds(difference: Mean) -> str:
    """Return the interval of a difference in percentage points, "" if there is none."""
    if difference.low is None or difference.high is None:
        return ""
    return f"{_signed(difference.low)} to {_signed(difference.high)}"


def number(value: float) -> str:
    r"""Return a number with three digits that count, and blanks between thousands.

    >>> number(370000), number(0.012345), number(2)
    ('370\u202f000', '0.0123', '2')
    """
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{value:.3g}"


def chance(p: float) -> str:
    """Return a p value."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def listed(items: Sequence[str], limit: int = SHOWN) -> list[str]:
    """Return the first items, and how many more there are.

    >>> listed(["a", "b", "c"], limit=2)
    ['a', 'b', 'and 1 more']
    """
    more = [f"and {len(items) - limit} more"] if len(items) > limit else []
    return [*items[:limit], *more]


def values(given: Sequence[Value], unit: str = "") -> str:
    """Return values for machines in one line, "not recorded" if there are none."""
    told = "; ".join(
        listed([str(value).lower() if isinstance(value, bool) else str(value) for value in given])
    )
    return f"{told} {unit}".rstrip() or "not recorded"


def ended(result: Result) -> str:
    """Return how a question ended, "" if it was answered or that is not told."""
    if result.outcome in (None, "answered"):
        return ""
    quoted = ", ".join(f"“{word}”" for word in result.not_understood)
    return f"{result.outcome}: {quoted}" if quoted else str(result.outcome)


def gold(case: Case, form: Form) -> str:
    """Return the gold answer of a form."""
    if form == "choice":
        return choices(case)[LETTERS.index(case.correct_answer)]
    return case.gold_text or values(case.answer, case.unit)


def choices(case: Case) -> list[str]:
    """Return the choices with their letters."""
    return [f"{letter}: {text}" for letter, text in zip(LETTERS, case.answer_choices, strict=False)]


def call(step: dict[str, Any]) -> str:
    """Return a tool call in one line.

    >>> call({"tool": "measure", "arguments": {"concept": "HbA1c"}})
    'measure {"concept":"HbA1c"}'
    """
    return f"{step.get('tool', '')} {orjson.dumps(step.get('arguments', step)).decode()}".strip()


def _signed(share: float) -> str:
    told = round(100 * share, 1)
    return f"{told:+.1f}".replace("-", "−") if told else "0.0"
