"""Evidence and tools -> the text that a prompt would carry, and its length in tokens.

Left out: the wording around it. Until the model's own tokenizer is there, a token is 3.5 characters.
"""

import math

import orjson

from evaluation.bench.row import Row
from tools import catalogue
from tools.evidence import Evidence, Scalar

_CHARACTERS = 3.5
_VALUES = 12
"""Values that are shown beside the facts; of the rest the number is told."""


def tokens(text: str) -> int:
    """Return about how many tokens a text has.

    >>> tokens(""), tokens("HbA1c 6.4 %")
    (0, 4)
    """
    return math.ceil(len(text) / _CHARACTERS)


def shown(evidence: Evidence) -> str:
    """Return one call's evidence as lines: result, facts with their references, what must be said with it."""
    asked = ", ".join(f"{name}={value}" for name, value in evidence.arguments.items())
    about = ", ".join(part for part in (evidence.about, evidence.period) if part)
    lines = [": ".join(filter(None, [f"{evidence.tool}({asked})", about, _result(evidence)]))]
    lines += [f"- {fact.text} [{fact.reference}]" for fact in evidence.facts]
    if evidence.total > len(evidence.facts):
        lines.append(f"({len(evidence.facts)} of {evidence.total} shown)")
    if evidence.readings:
        lines.append(f"other readings: {'; '.join(evidence.readings)}")
    return "\n".join([*lines, *evidence.notes, *_searched(evidence)])


def sizes() -> list[Row]:
    """Measure what every prompt carries of the ten tools: their schemas, or their signatures."""
    schemas = tokens(orjson.dumps(catalogue.schemas()).decode())
    return [
        Row("schemas of the ten tools", schemas, "tokens", 700, "JSON without blanks; characters / 3.5"),
        Row("signatures of the ten tools", tokens(catalogue.signatures()), "tokens", 700, "the same as text"),
    ]


def _result(evidence: Evidence) -> str:
    """Return the values, less the names that the facts show anyway."""
    if not evidence.values:
        return evidence.outcome
    named = {fact.display for fact in evidence.facts}
    untold = [value for value in evidence.values if value not in named]
    kept = "; ".join(_plain(value) for value in untold[:_VALUES])
    more = len(untold) - _VALUES
    return f"{kept} {evidence.unit}".strip() + (f"; and {more} more" if more > 0 else "")


def _plain(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _searched(evidence: Evidence) -> list[str]:
    lines = []
    for cover in evidence.coverage:
        span = f" {cover.span[0]} to {cover.span[1]}" if cover.span else ""
        aside = f" ({'; '.join(cover.problems)})" if cover.problems else ""
        lines.append(f"searched {cover.searched} {cover.kind}{span}{aside}")
    return lines
