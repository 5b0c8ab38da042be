"""A request that is not as described -> where it is wrong and how, for a sentence."""

import re

from fastapi.exceptions import RequestValidationError

_FORM = re.compile(r"^[A-Z]|\[")
"""As the classes are called that a body may have the form of: "NewQuestion", "list[Part]"."""


def misread(wrong: RequestValidationError) -> tuple[str, str]:
    """Return the place of the first thing that is wrong, "" for the body as a whole, and what is wrong with it.

    The place is as callers know it: of a body that may have one of several forms, not the name of a form.

    >>> union = {"loc": ("body", "NewQuestion", "question"), "type": "missing", "msg": "Field required"}
    >>> misread(RequestValidationError([union]))
    ('question', 'Field required')
    >>> misread(RequestValidationError([{"loc": ("body", 3), "type": "json_invalid", "msg": "JSON decode error"}]))
    ('', 'it is no JSON')
    """
    first = wrong.errors()[0]
    if first["type"] == "json_invalid":
        return "", "it is no JSON"
    within = [str(part) for part in first["loc"][1:] if isinstance(part, int) or not _FORM.search(part)]
    return ".".join(within), first["msg"]
