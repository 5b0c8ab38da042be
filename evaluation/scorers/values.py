"""Gold values and given values -> whether they are the same: booleans, counts, numbers, dates, names, lists.

Booleans and whole numbers must be equal; other numbers may be off by half a percent or 0.05; a day answers a gold
month that it lies in, never the other way round (a year is a number); names count without case, blanks and the
terminology's tag.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.dataset import Value

_TAG = re.compile(
    r"\s*\((?:assessment scale|body structure|cell|context-dependent category|disorder|environment|event|finding"
    r"|geographic location|medicinal product|morphologic abnormality|observable entity|occupation|organism|person"
    r"|physical force|physical object|procedure|product|qualifier value|record artifact|regime/therapy"
    r"|situation|social concept|specimen|staging scale|substance|tumor staging)\)$"
)
_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_DATE_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[t ]\d\d:")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_WORDS = {"yes": True, "true": True, "no": False, "false": False}
_SHARE, _LEAST, _WHOLE, _LARGE = 0.005, 0.05, 0.051, 0.5


@dataclass(frozen=True, slots=True)
class Match:
    """How given values compare with gold values.

    Attributes:
        right: they say the same.
        precision: the share of given values that are gold.
        recall: the share of gold values that are given.
    """

    right: bool
    precision: float
    recall: float


def compared(
    gold: Sequence[Value], given: Sequence[Value], match: str, tolerance: float | None = None
) -> Match:
    """Compare given values with the gold ones; an empty gold is met by nothing only."""
    good = [value for value in given if any(same(each, value, tolerance) for each in gold)]
    met = [each for each in gold if any(same(each, value, tolerance) for value in given)]
    precision = len(good) / len(given) if given else float(not gold)
    recall = len(met) / len(gold) if gold else float(not given)
    if match == "any" and gold:
        return Match(bool(given) and len(good) == len(given), precision, float(bool(met)))
    return Match(len(gold) == len(given) == len(good) == len(met), precision, recall)


def same(gold: Value, given: Value, tolerance: float | None = None) -> bool:
    """Whether one given value says the same as a gold one.

    >>> same(6.4, 6.43), same(6.4, 6.5), same("Asthma (disorder)", "asthma"), same("2020-03", "2020-03-04")
    (True, False, True, True)
    """
    one, other = plain(gold), plain(given)
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float):
        return _close(one, other) if tolerance is None else abs(one - other) <= tolerance
    if isinstance(one, str) and isinstance(other, str) and _DATE.fullmatch(one) and _DATE.fullmatch(other):
        return other == one or other.startswith(f"{one}-")
    return one == other


def _close(gold: float, given: float) -> bool:
    """Whether a number is the gold one as people round: half a percent or 0.05, a whole one nearly exactly."""
    off = abs(gold - given)
    if gold != int(gold):
        return off <= max(_LEAST, _SHARE * abs(gold))
    return off < (_LARGE if abs(gold) > 1000 else _WHOLE)


def plain(value: Value) -> bool | float | str:
    """Return a value for comparison: true or false, a number, an ISO date, or a name without case and tag."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    text = " ".join(value.split()).lower()
    if text in _WORDS:
        return _WORDS[text]
    if _DATE.fullmatch(text):
        return text
    if moment := _DATE_AND_TIME.match(text):
        return moment[1]
    return float(text) if _NUMBER.fullmatch(text) else _TAG.sub("", text)
