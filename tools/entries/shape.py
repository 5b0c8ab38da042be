"""Reading JSON that may not have the shape that FHIR gives it.

A list where an object is due, a number where text is due, a missing element: each reads as empty, never as an
error. A single object stands for a list of one (STU3 and R5 differ from R4 in cardinality).
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tools.entries.entry import JSON

_NOTHING: JSON = {}
_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?")
_DIGITS = 20


def text(value: Any) -> str:
    """Return text without outer white space, "" if it is none.

    >>> text("  mg/dL "), text(["mg/dL"]), text(None)
    ('mg/dL', '', '')
    """
    return value.strip() if isinstance(value, str) else ""


def obj(value: Any) -> JSON:
    """Return an object, {} if it is none; the first object of a list.

    >>> obj({"a": 1}), obj("a"), obj([{"a": 1}, {"b": 2}])
    ({'a': 1}, {}, {'a': 1})
    """
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return next((member for member in value if isinstance(member, dict)), _NOTHING)
    return _NOTHING


def objs(value: Any) -> Sequence[JSON]:
    """Return the objects of a list; a single object is a list of one.

    >>> objs([{"a": 1}, "b", None]), objs({"a": 1}), objs("a")
    ([{'a': 1}], [{'a': 1}], ())
    """
    if isinstance(value, list):
        return [member for member in value if isinstance(member, dict)]
    return [value] if isinstance(value, dict) else ()


def texts(value: Any) -> list[str]:
    """Return the non-empty texts of a list; a single text is a list of one.

    >>> texts(["Ann", 3, ""]), texts("Ann"), texts(None)
    (['Ann'], ['Ann'], [])
    """
    members = value if isinstance(value, list) else [value]
    return [found for found in map(text, members) if found]


def number(value: Any) -> Decimal | None:
    """Return a finite number exactly as it was written (also within quotes), None if it is none.

    >>> number(6.4), number("7"), number("abc"), number(True), number(float("nan"))
    (Decimal('6.4'), Decimal('7'), None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return value if isinstance(value, Decimal) and value.is_finite() else None
    return _number(value)


@lru_cache(maxsize=16384, typed=True)
def _number(value: int | float | str) -> Decimal | None:
    written = repr(value) if isinstance(value, float) else str(value)
    return Decimal(written) if _NUMBER.fullmatch(written) else None


def plain(value: Decimal) -> str:
    """Return a number as people write it; the very large and the very small with an exponent.

    >>> plain(Decimal("1.0")), plain(Decimal("0.50")), plain(Decimal("1E+3")), plain(Decimal("1E+300"))
    ('1', '0.5', '1000', '1E+300')
    """
    if abs(value.adjusted()) > _DIGITS:
        return str(value)
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
