"""A result -> whether it says that something was found: the one place that judges it.

The meaning of its code decides, then its words as `[results]` of concepts.toml has them, its interpretation, what grew.
A number says it only by an interpretation, or by being 0; a score of 0 says nothing of it. Left out: words that say it
beside something else.
"""

from collections.abc import Sequence

from tools.concepts import Result, result_of
from tools.entries.entry import Entry, Quantity

_FOUND: dict[str, Result] = {
    **dict.fromkeys(("POS", "DET", "RR", "WR"), "positive"),
    **dict.fromkeys(("NEG", "ND", "NR"), "negative"),
}
"""Codes of http://hl7.org/fhir/R4/valueset-observation-interpretation.html, of which "RR" and "WR" are reactive."""


def polarity(entry: Entry, grown: Sequence[str] | None = None) -> Result | None:
    """Return whether a result is positive or negative, or "some": a trace, what was once; None if it says neither.

    Args:
        entry: an Observation, or a component of one.
        grown: what grew, of a culture; none if nothing did.
    """
    value = entry.value
    said = result_of(entry.detail("result")) if entry.details else None
    if said is None and isinstance(value, str):
        said = result_of(value)
    if said is None:
        said = next((_FOUND[code] for code in entry.interpretation if code in _FOUND), None)
    if said is None and isinstance(value, Quantity) and _is_none(value):
        said = "negative"
    if said is None and grown is not None:
        said = "positive" if grown else "negative"
    return said


def _is_none(value: Quantity) -> bool:
    """Tell whether a number says that nothing was found: a 0 that is no score, "0 {score}"."""
    return not value.value and not value.comparator and not value.unit.startswith("{")
